import re

import pytest
from huggingface_hub import ModelCard
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.mistake import AuthoringError
from hcgov.core.record import ReportV1
from hcgov.io.render.json_report import report_digest
from hcgov.io.render.model_card import UnreadableCard, render_model_card, render_model_card_html
from hcgov.io.render.model_card.body import _open_code, gaps
from tests.io.render.markup import Page, faults
from tests.io.render.sample_reports import SAMPLES, all_met, failing, hostile

HUB_HEADINGS = (
    "Model Details", "Model Description", "Model Sources", "Uses", "Direct Use", "Downstream Use", "Out-of-Scope Use",
    "Bias, Risks, and Limitations", "Recommendations", "How to Get Started with the Model", "Training Details",
    "Training Data", "Training Procedure", "Evaluation", "Testing Data, Factors & Metrics", "Testing Data", "Factors",
    "Metrics", "Results", "Environmental Impact", "Technical Specifications", "Citation", "Model Card Authors",
    "Model Card Contact",
)  # fmt: skip
BLOCK = re.compile(r"\n*<!-- hcgov:begin ([a-z-]+) -->.*?<!-- hcgov:end \1 -->\n*", re.DOTALL)


def outside(card: str) -> str:
    """What people wrote: everything but the front matter and our blocks, without blank lines."""
    body = re.sub(r"\A---\n.*?\n---\n", "", card, flags=re.DOTALL)
    return "\n".join(line for line in BLOCK.sub("\n", body).split("\n") if line.strip())


def test_the_hub_reads_the_card_and_its_numbers() -> None:
    card = ModelCard(render_model_card(failing()))
    assert card.data.tags == ["hcgov"]
    assert card.data.model_name == "Recidivism risk score"
    by_metric = {result.metric_type: result for result in card.data.eval_results}
    gap = by_metric["false_positive_gap"]
    assert (gap.metric_value, gap.task_type, gap.dataset_name) == (
        0.3009,
        "tabular-classification",
        "predictions",
    )
    assert gap.metric_args == {
        "hcgov_control": "HC-EVL-003",
        "hcgov_metric": "false_positive_gap",
        "hcgov_slice": "race=African-American",
        "hcgov_against": "race=Other",
    }
    assert by_metric["representation_ratio"].metric_args["hcgov_slice"] == "race=Hispanic"
    assert card.data.to_dict()["model-index"][0]["results"]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_hub_reads_every_card(name: str) -> None:
    card = ModelCard(render_model_card(SAMPLES[name]()))
    assert "hcgov" in card.data.tags
    assert "Model Card for" in card.text


def test_headings_are_those_of_the_hub() -> None:
    headings = re.findall(r"^#{2,6} (.+)$", render_model_card(failing()), re.MULTILINE)
    assert set(HUB_HEADINGS) <= set(headings)
    order = [heading for heading in headings if heading in HUB_HEADINGS]
    assert order == list(HUB_HEADINGS)


def test_numbers_are_printed_with_four_decimals() -> None:
    control = failing().controls[4]
    estimate = control.findings[2].estimate.model_copy(update={"value": 0.3})
    findings = (*control.findings[:2], control.findings[2].model_copy(update={"estimate": estimate}))
    report = failing().model_copy(update={"controls": (control.model_copy(update={"findings": findings}),)})
    assert "      value: 0.3000\n" in render_model_card(report)


def test_nothing_is_invented_and_gaps_are_named() -> None:
    card = render_model_card(failing())
    assert "More Information Needed" not in card
    assert card.count("Not provided") > 20
    banner = card.split("hcgov:end summary")[0]
    for gap in ("Direct Use", "Out-of-Scope Use", "Bias, Risks, and Limitations", "front matter `license`"):
        assert gap in banner
    assert "license:" not in card.split("\n---\n")[0]
    assert report_digest(failing()) in banner
    assert "Not ready for release" in banner
    assert "12 of 34 parts are filled" in banner


def test_filled_parts_are_no_gaps() -> None:
    card = render_model_card(failing()).replace(
        "### Direct Use\n\nNot provided.", "### Direct Use\n\nFor judges."
    )
    again = render_model_card(failing(), prose=card)
    assert "13 of 34 parts are filled" in again
    assert "Direct Use" not in again.split("hcgov:end summary")[0]


def test_facts_of_the_system_fill_the_front_matter() -> None:
    card = ModelCard(render_model_card(all_met()))
    assert card.data.license == "apache-2.0"
    assert card.data.language == "en"


PERSON = """---
license: mit  # agreed with the works council
library_name: sklearn
tags: [tabular, justice]
model-index:
- name: mine
  results:
  - task: {type: tabular-classification}
    dataset: {type: mine, name: Mine}
    metrics:
    - {type: accuracy, value: 0.68}
  - task: {type: old}
    dataset: {type: old, name: Old}
    metrics:
    - {type: gap, value: 0.9, args: {hcgov_control: OLD-001}}
---
# My own title

Words of mine, with `code` and **stress**.

## Uses

Only with a person who decides.

```markdown
<!-- hcgov:begin results -->
shown, not meant
```

## Results [optional]

See the paper.
"""


def test_what_a_person_wrote_is_kept_and_ours_is_put_beside_it() -> None:
    card = render_model_card(failing(), prose=PERSON)
    for line in outside(PERSON).split("\n"):
        assert line in card
    assert card.count("# My own title") == 1
    assert "license: mit  # agreed with the works council" in card
    data = ModelCard(card).data
    assert data.library_name == "sklearn"
    assert data.tags == ["tabular", "justice", "hcgov"]
    (entry,) = data.to_dict()["model-index"]
    assert entry["name"] == "mine"
    types = [metric["type"] for result in entry["results"] for metric in result["metrics"]]
    assert types == ["accuracy", "representation_ratio", "false_positive_gap"]
    assert "OLD-001" not in card
    assert (
        card.index("## Results [optional]")
        < card.index("<!-- hcgov:begin results -->\n\n")
        < card.index("See the paper.")
    )
    assert card.index("# My own title") < card.index("hcgov:begin summary") < card.index("Words of mine")


def test_a_card_of_another_system_starts_from_its_words_and_another_record() -> None:
    first = render_model_card(failing(), prose=PERSON)
    second = render_model_card(all_met(), prose=first)
    assert outside(second) == outside(first)
    assert "False alarms" not in second
    assert "Ready for release" in second


@pytest.mark.parametrize("name", SAMPLES)
def test_making_a_card_again_changes_nothing(name: str) -> None:
    report = SAMPLES[name]()
    for card in (render_model_card(report), render_model_card(report, prose=PERSON)):
        assert render_model_card(report, prose=card) == card


lines = st.sampled_from(
    ["", "text", "# Title", "## Uses", "## Results", "### Results ###", "- item", "    code", "```", "~~~", "---",
     "| a |", "Not provided.", "<!-- a comment -->", "Ünïcode 模型", "#not a heading", "> quoted", "  ", "***"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(lines, max_size=14), st.booleans())
def test_any_prose_survives_and_the_second_time_changes_nothing(written: list[str], windows: bool) -> None:
    prose = ("\r\n" if windows else "\n").join(["Mine.", *written])
    if _open_code(["Mine.", *written]) is not None:
        with pytest.raises(UnreadableCard, match="never closed"):
            render_model_card(all_met(), prose=prose)
        return
    card = render_model_card(all_met(), prose=prose)
    assert render_model_card(all_met(), prose=card) == card
    mine = [line for line in prose.replace("\r\n", "\n").split("\n") if line.strip()]
    kept = outside(card.replace("\r\n", "\n")).split("\n")
    # Headings that were not there are added at the end, after everything that was.
    assert kept[: len(mine)] == mine
    assert all(line.startswith("## ") for line in kept[len(mine) :])
    if windows and "\r\n" in prose:
        assert "\n" not in card.replace("\r\n", "")


@pytest.mark.parametrize(
    "broken",
    [
        "<!-- hcgov:begin results -->\nmine\n",
        "<!-- hcgov:end results -->\nmine\n",
        "mine\n\n```python\nprint()\n",
        "<!-- hcgov:begin results -->\n<!-- hcgov:begin metrics -->\n",
        "<!-- hcgov:begin a -->\n<!-- hcgov:end a -->\n<!-- hcgov:begin a -->\n<!-- hcgov:end a -->\n",
    ],
)
def test_fences_that_do_not_pair_are_refused(broken: str) -> None:
    with pytest.raises(UnreadableCard, match="block"):
        render_model_card(all_met(), prose=broken)


@pytest.mark.parametrize("header", ["a: [", "- list", "a: 1\na: 2", "a: &x 1\nb: *x", "text"])
def test_front_matter_that_is_no_mapping_of_ours_is_refused_with_its_place(header: str) -> None:
    with pytest.raises(AuthoringError, match=r"README\.md:[2-4]"):
        render_model_card(all_met(), prose=f"---\n{header}\n---\n# Mine\n")


def test_text_from_outside_cannot_leave_its_block_or_the_front_matter() -> None:
    card = render_model_card(hostile())
    assert len(re.findall(r"^<!-- hcgov:begin", card, re.MULTILINE)) == 9
    assert "\n# Owned" not in card
    assert "<script" not in card.split("\n---\n", 1)[1]
    assert ModelCard(card).data.tags == ["hcgov"]


def test_a_gap_is_a_heading_or_a_label_without_text() -> None:
    found = gaps(
        "# T\n\n## A\n\ntext\n\n## B\n\n### C\n\n- **x:** Not provided\n- **y:** here\n\n## D\n\n<!-- why -->\n"
    )
    assert found.filled == 2
    assert found.open == ("C: x", "D")


def test_the_page_of_a_card_keeps_every_rule(sample: ReportV1) -> None:
    card = render_model_card(sample)
    page = render_model_card_html(sample, card)
    assert faults(page) == []
    assert render_model_card_html(sample, card) == page
    assert (
        "hcgov:begin" not in Page(page).all("main")[0].text.replace("hcgov:begin summary", "")
        or sample == hostile()
    )


def test_the_page_shows_a_persons_words_and_none_of_their_html() -> None:
    prose = "# T\n\n<b onclick='x()'>hi</b> ![pixel](http://spy.example/p.png) [l](javascript:x) [m](https://ok.example)\n"
    page = render_model_card_html(
        failing(), render_model_card(failing(), prose=prose + "\n# Second\n\n##### Deep\n")
    )
    assert faults(page) == []
    main = Page(page).all("main")[0].text
    assert "<b onclick='x()'>hi</b>" in main
    assert "javascript:x" not in [e.attrs.get("href") for e in Page(page).elements]
    out = [e.attrs["href"] for e in Page(page).all("a") if e.attrs.get("href", "#")[0] != "#"]
    assert out == ["https://ok.example"]
    assert "<img" not in page
    assert "hi</b> pixel" in main
    assert "spy.example" not in page


def test_the_page_has_the_plots_after_the_results() -> None:
    page = render_model_card_html(failing(), render_model_card(failing()))
    assert len(Page(page).all("figure")) == 3
    assert page.index(">Results<") < page.index("<figure") < page.index(">Environmental Impact<")


def test_a_card_shows_no_count_of_one_to_ten_people_and_nothing_that_tells_one() -> None:
    card = render_model_card(failing())
    page = render_model_card_html(failing(), card)
    for text in (card, page):
        assert "Native American" not in text.replace("Asian or Native American", "")  # 8 people
        assert "race=Asian" in text  # 23 people, 2 of them with the outcome
        assert "0.268" not in text  # an end of the range of 2 in 23
        assert "0.375" not in text
        assert "0.100" not in text  # Hispanic women: 7 of 70
        assert "0.448" in text
    assert "| race=Asian | – |   | – | – | suppressed to protect people |" in card
    assert "Groups with at most 10 people somewhere in the results: 1." in card
    assert "n = 25" not in page
    assert "suppressed to protect people" in page
    assert "value: 0.3009" in card


def test_a_total_is_shown_only_beside_groups_that_subtraction_cannot_find() -> None:
    control = failing().controls[4]
    races = [finding for finding in control.shown if finding.depth == 1]
    n, x = (sum(f.groups[0].n for f in races), sum(f.groups[0].positives for f in races))
    group = races[0].groups[0].model_copy(update={"slice": "everyone", "n": n, "positives": x, "people": n})
    everyone = races[0].model_copy(update={"slice": {}, "about": "everyone", "groups": (group,)})
    whole = control.model_copy(update={"shown": (everyone, *races)})
    card = render_model_card(failing().model_copy(update={"controls": (whole,)}))
    assert "| everyone | 0.448 " in card
    # Asian and Native American people are few; with both alone the total would tell 5 false positives of them.
    hidden = [f for f in races if f"| {f.about} | –" in card or f"| {f.about} |" not in card]
    assert sum(f.groups[0].positives for f in hidden) > 10
    assert len(hidden) == 3


def test_a_worst_value_that_would_tell_of_few_people_is_not_published() -> None:
    control = failing().controls[4]
    few = control.findings[0].groups[1].model_copy(update={"positives": 3, "n": 40, "people": 40})
    worst = control.findings[0].model_copy(update={"groups": (control.findings[0].groups[0], few)})
    only = control.model_copy(update={"findings": (worst,), "shown": (), "worst": worst.about})
    card = render_model_card(failing().model_copy(update={"controls": (only,)}))
    assert "The numbers are suppressed to protect people." in card
    assert "0.21" not in card
    assert "44.8" not in card
    assert ModelCard(card).data.eval_results is None
    assert "Not met" in card
