import re

import pytest

from hcgov.core.record import ReportV1
from hcgov.core.status import Verdict
from hcgov.io.render.catalogue import VERDICTS
from hcgov.io.render.html import render_html
from hcgov.io.render.json_report import read_report, render_json, report_digest
from tests.io.render.markup import Page, faults
from tests.io.render.sample_reports import (
    HOSTILE,
    all_met,
    crowded,
    empty,
    everything_missing,
    failing,
    hostile,
)


def test_a_page_keeps_every_rule_of_structure_and_policy(page: str) -> None:
    assert faults(page) == []


def test_the_rules_find_planted_faults() -> None:
    page = render_html(all_met())
    planted = {
        '<p onclick="x()">': "attribute onclick",
        '<p style="color:red">': "attribute style",
        "<script></script><p>": "<script>",
        '<p id="main"><span id="main"></span>': "id twice",
        '<p><a href="#nowhere">x</a>': "link to #nowhere",
        "<h1>x</h1><p>": "2 h1",
    }
    for markup, fault in planted.items():
        broken = page.replace("<p>", markup, 1)
        assert any(fault in found for found in faults(broken)), markup
    assert any("policy" in found for found in faults(page.replace("--page:", "--pagE:", 1)))


def test_nothing_outside_the_page_is_named_as_an_address(page: str) -> None:
    for element in Page(page).elements:
        for name in ("href", "src", "action", "srcset"):
            assert element.attrs.get(name, "#").startswith("#")
    sheet = Page(page).all("style")[0].text
    assert "url(" not in sheet
    assert "@import" not in sheet


def test_counts_on_the_first_screen_are_those_of_the_record(sample: ReportV1, page: str) -> None:
    shown = {
        e.attrs["data-verdict"]: int(e.attrs["data-count"])
        for e in Page(page).all("li")
        if "data-count" in e.attrs
    }
    assert shown == {verdict.value: sample.decision.counts[verdict.value] for verdict in Verdict}
    (word,) = [e for e in Page(page).elements if "data-decision" in e.attrs]
    assert word.attrs["data-decision"] == sample.decision.value


def test_every_control_stands_in_the_matrix_with_its_verdict(sample: ReportV1, page: str) -> None:
    rows = {
        e.attrs["data-control"]: e.attrs["data-verdict"]
        for e in Page(page).all("tr")
        if "data-control" in e.attrs
    }
    assert list(rows.values()) == sorted(rows.values(), key=["fail", "inconclusive", "missing", "error", "pending",
        "not_evaluated", "not_applicable", "pass"].index)  # fmt: skip
    assert len(rows) == len(sample.controls)
    assert sorted(rows.values()) == sorted(control.verdict for control in sample.controls)


def test_the_same_record_gives_the_same_bytes(sample: ReportV1, page: str) -> None:
    again = read_report(render_json(sample).encode())
    assert render_html(again) == page


def test_the_digest_on_the_page_is_that_of_report_json(sample: ReportV1, page: str) -> None:
    assert page.count(report_digest(sample)) >= 2


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_stays_text(text: str) -> None:
    page = render_html(hostile())
    assert "<script" not in page
    assert "49" not in Page(page).all("h1")[0].text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", page)
    if len(text) < 100 and text.isprintable():
        assert any(text in cell.text for cell in Page(page).all("th"))


def test_a_report_is_small_and_a_crowded_one_is_cut_with_a_count() -> None:
    assert len(render_html(failing()).encode()) < 150_000
    page = render_html(crowded())
    assert len(page.encode()) < 500_000
    assert "330 more in report.json." in page  # 380 findings of one control, 50 of them shown
    assert "51 more in report.json." in page  # 101 findings, 50 cards


def test_failing_first_screen_says_what_blocks_and_what_was_not_seen() -> None:
    page = render_html(failing())
    first = Page(page.split('<nav class="contents"')[0] + "</main></body></html>").all("main")[0].text
    assert "Not ready for release" in first
    blocks = first.split("What blocks release")[1]
    assert blocks.index("False alarms are alike") < blocks.index("The training run is documented")
    assert "no further Asian or Native American defendants can be added" in first
    assert "Controls that were not evaluated: HC-EVL-009" in " ".join(first.split())
    assert "training_run" in first
    assert "Not independent assurance" in first
    assert failing().subject.sha256 in first


def test_groups_too_small_to_judge_are_named_in_words_in_plot_and_table() -> None:
    page = render_html(failing())
    assert "n = 23, too few to tell" in page
    assert "n = 8, too few to tell" in page
    hollow = page.count('<g class="hollow">')
    assert hollow == 4  # Asian and Native American, among the rates and among the comparisons


def test_a_part_of_the_lifecycle_is_never_called_a_release() -> None:
    page = render_html(everything_missing())
    assert "The stages that ran cannot be decided yet" in page
    part = all_met().model_copy(
        update={"stages": (*all_met().stages[:2], all_met().stages[2].model_copy(update={"ran": False}))}
    )
    assert "Ready for release" not in render_html(part)
    assert "Ready for release" in render_html(all_met())


def test_nothing_checked_is_not_called_met() -> None:
    page = render_html(empty())
    assert "Cannot be decided yet" in page
    assert "Nothing was checked, so nothing is met." in page
    assert "Ready for release" not in page


def test_status_is_never_colour_alone(page: str) -> None:
    for element in Page(page).all("span"):
        if element.attrs.get("class", "").startswith("pill"):
            assert element.text.strip()
    assert {label for label in VERDICTS.values() if label in page} == set(VERDICTS.values())


def test_an_interrupted_run_and_a_forced_exit_code_are_told_first() -> None:
    report = all_met()
    told = report.model_copy(
        update={"decision": report.decision.model_copy(update={"interrupted": True, "exit_zero": True})}
    )
    page = render_html(told)
    assert "this record is not complete" in page
    assert "--exit-zero" in page
    assert "this record is not complete" not in render_html(report)
