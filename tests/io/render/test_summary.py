import re

import pytest
from markdown_it import MarkdownIt

from hcgov.core.record import ReportV1
from hcgov.io.render.json_report import report_digest
from hcgov.io.render.summary import LONGEST_SUMMARY, render_markdown
from tests.io.render.sample_reports import (
    HOSTILE,
    all_met,
    crowded,
    empty,
    everything_missing,
    excepted,
    failing,
    hostile,
)


def test_a_summary_fits_into_a_note_and_names_its_report(sample: ReportV1) -> None:
    text = render_markdown(sample)
    assert len(text) <= LONGEST_SUMMARY
    assert report_digest(sample) in text
    assert render_markdown(sample) == text


def test_a_failing_summary_says_what_and_how_much() -> None:
    text = render_markdown(failing())
    assert text.startswith("**Not ready for release** – Recidivism risk score 2016.1\n")
    assert "Met 3 · Not met 1 · Not enough data to tell 1" in text
    assert (
        r"| ■ Not met | HC-EVL-003 | False alarms are alike across groups | 0.301 \[0.225, 0.340\] | ≤ 0.10 |"
        in text
    )


def test_what_is_left_out_is_counted() -> None:
    text = render_markdown(crowded())
    shown = len(re.findall(r"^\| [■◆□✖○]", text, re.MULTILINE))
    assert 0 < shown <= 20
    assert f"{101 - shown} more in report.json." in text


def test_stages_that_did_not_run_are_named() -> None:
    assert "Stages that did not run: Training, Deployment." in render_markdown(everything_missing())
    assert "did not run" not in render_markdown(all_met())


def test_nothing_checked_reads_so() -> None:
    assert "**Cannot be decided yet**" in render_markdown(empty())
    assert "No control" in render_markdown(empty())


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_text_from_outside_is_no_markup(number: int) -> None:
    report = hostile().model_copy(update={"controls": (hostile().controls[number],)})
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(render_markdown(report))
    tags = set(re.findall(r"</?([a-zA-Z0-9]+)", html))
    assert tags <= {"p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td"}
    assert html.count("<table>") == 1
    assert html.count("<tr>") == 2
    assert html.count("<td>") == 5


def test_a_comparison_with_an_earlier_record_is_told_with_what_became_worse_first() -> None:
    text = render_markdown(excepted())
    assert (
        r"Since 20261114T090000Z-0badcafe (2026-11-14 09:00 UTC, passed with conditions): newly undecided: HC-TRN-001; "
        "asking for less, or not comparable: HC-EVL-003." in text
    )
    assert "Since " not in render_markdown(failing())
