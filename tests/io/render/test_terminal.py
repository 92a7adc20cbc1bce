import re
import subprocess
import sys

import pytest

from hcgov.core.record import ReportV1
from hcgov.io.render.plain import cells
from hcgov.io.render.terminal import last_line, render_concise, render_full
from tests.io.render.sample_reports import all_met, crowded, empty, everything_missing, failing, hostile

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_colour_changes_no_word(sample: ReportV1) -> None:
    plain = render_full(sample, color=False, width=100)
    coloured = render_full(sample, color=True, width=100)
    assert "\x1b" not in plain
    assert ANSI.sub("", coloured) == plain
    assert len(ANSI.findall(coloured)) % 2 == 0
    assert coloured != plain


def test_user_text_survives_and_cannot_act_on_the_terminal() -> None:
    for text in (render_full(hostile(), color=False, width=80), render_concise(hostile())):
        assert "[email]" in text
        assert "[U+001B][31mred[U+0007]" in text
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("width", [40, 72, 100, 160])
def test_prose_keeps_to_the_width(width: int) -> None:
    text = render_full(failing(), color=False, width=width)
    for line in text.split("\n"):
        if re.match(r"   [├│] *(found|why|fix|too few)?", line) and not re.search("policy|evidence", line):
            assert cells(line) <= width
    assert "policies/hc-core.yaml:50:5" in text


def test_wide_characters_are_counted_as_two_cells() -> None:
    report = failing().model_copy(
        update={"controls": (failing().controls[4].model_copy(update={"why": "模型 " * 60}),)}
    )
    lines = [line for line in render_full(report, color=False, width=60).split("\n") if "模型" in line]
    assert len(lines) > 3
    assert max(map(cells, lines)) <= 60


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (all_met(), "READY  3 met"),
        (
            failing(),
            "NOT READY  1 not met · 1 not enough data · 1 missing evidence · 1 waiting for a person"
            " · 1 not evaluated · 1 not applicable · 3 met",
        ),
        (everything_missing(), "CANNOT BE DECIDED  6 missing evidence  (only design, data, evaluation)"),
        (empty(), "CANNOT BE DECIDED  no control was checked"),
    ],
)
def test_the_last_line_answers(report: ReportV1, line: str) -> None:
    assert last_line(report) == line
    assert render_full(report, color=False, width=100).endswith(f"\n{line}\n")
    assert render_concise(report).endswith(f"{line}\n")


def test_an_exception_is_told_in_the_last_line() -> None:
    controls = (all_met().controls[0].model_copy(update={"disposition": "waived"}), *all_met().controls[1:])
    decision = all_met().decision.model_copy(update={"value": "passed_with_conditions"})
    report = all_met().model_copy(update={"controls": controls, "decision": decision})
    assert last_line(report) == "READY, WITH CONDITIONS  1 exception · 3 met"


def test_a_finding_says_what_why_and_what_to_do() -> None:
    text = render_full(failing(), color=False, width=100)
    assert "■ HC-EVL-003  Not met · critical" in text
    assert "├ value    0.301 [0.225, 0.340]   limit ≤ 0.10   n = 2,039" in text
    assert "├ too few  race=Asian (n = 23), race=Native American (n = 8)" in text
    assert "about 4,100 more rows on race=Hispanic would decide it" in text
    assert "hcgov explain HC-EVL-003" in text


def test_concise_is_one_line_a_finding_with_a_place_to_click() -> None:
    lines = render_concise(failing()).splitlines()
    assert len(lines) == 5
    assert lines[0].startswith(
        "policies/hc-core.yaml:50:5: HC-EVL-003 fail critical African-American: Of people"
    )


def test_many_findings_are_counted_not_flooded() -> None:
    text = render_full(crowded(), color=False, width=100)
    assert "61 more in report.json" in text
    assert text.count("└ more") == 40


def test_nothing_heavy_is_imported_for_a_terminal() -> None:
    code = (
        "import sys; import hcgov.io.render.terminal, hcgov.io.render.summary, hcgov.io.render.json_report\n"
        "heavy = ('rich', 'jinja2', 'ruamel.yaml', 'markdown_it', 'nh3', 'numpy', 'pandas')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_control_that_is_met_names_the_slices_of_which_it_says_nothing() -> None:
    report = failing()
    control = next(
        c for c in report.controls if any(f.verdict == "inconclusive" and f.slice for f in c.findings)
    )
    met = control.model_copy(update={"verdict": "pass"})
    text = render_full(report.model_copy(update={"controls": (met,)}), color=False, width=300)
    open_ = next(f for f in met.findings if f.verdict == "inconclusive" and f.slice)
    assert f"{met.id}  met; undecided, and not held against it: " in text
    assert " × ".join(f"{column}={value}" for column, value in open_.slice.items()) in text
