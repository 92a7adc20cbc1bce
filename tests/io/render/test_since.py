"""What became of the controls since an earlier record, and who signed the evidence, stand in every rendering."""

from hcgov.core.record import ComparedV1
from hcgov.io.render.html import render_html
from hcgov.io.render.signed import signed_text
from hcgov.io.render.since import HEADINGS, since
from hcgov.io.render.terminal import render_full
from tests.io.render.sample_reports import excepted, failing


def test_everything_that_a_comparison_tells_of_controls_has_a_heading() -> None:
    told = {name for name, field in ComparedV1.model_fields.items() if field.annotation is not str}
    assert set(HEADINGS) == told
    assert list(since(None)) == []


def test_the_page_says_what_is_not_as_it_was() -> None:
    page = render_html(excepted())
    assert "20261114T090000Z-0badcafe" in page
    assert "<li>Newly undecided: HC-TRN-001</li>" in page
    assert "<li>Asking for less, or not comparable: HC-EVL-003</li>" in page
    assert "Since the earlier record" not in render_html(failing())


def test_signatures_stand_where_the_evidence_does() -> None:
    report = excepted()
    (signed,) = (control for control in report.controls if control.signed)
    told = "by role:eval-runner on 2026-11-19 with the key 4f4f4f4f4f4f"
    assert signed_text(signed) == f"predictions {told}"
    assert f"signed   predictions {told}" in " ".join(render_full(report, color=False, width=200).split("\n"))
    page = render_html(report)
    assert page.count("Signed by role:eval-runner on 2026-11-19 with the key 4f4f4f4f4f4f") == 2
    assert "Signed by" not in render_html(failing())
