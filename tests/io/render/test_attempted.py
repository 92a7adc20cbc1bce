"""Which attempt a control was judged at, in the words of every page."""

from hcgov.core.record import LimitV1
from hcgov.io.render.attempted import attempt_text
from hcgov.io.render.html import render_html
from hcgov.io.render.numbers import percent
from tests.io.render.sample_reports import failing

LIMIT = LimitV1(side="at_most", value="0.10", confidence="0.95")


def test_an_attempt_says_what_it_takes_to_pass() -> None:
    control = next(c for c in failing().controls if c.limit is not None)
    assert attempt_text(control.model_copy(update={"limit": LIMIT})) == ""
    counted = control.model_copy(update={"limit": LIMIT, "attempt": 4})
    assert attempt_text(counted) == "4 at these labels; only counted"
    spent = counted.model_copy(update={"limit": LIMIT.model_copy(update={"spent": 0.9981})})
    assert attempt_text(spent).replace("\u00a0", " ") == (
        "4 at these labels; passing takes 99.81 % confidence, for all attempts share one error of 5 %"
    )
    assert attempt_text(control.model_copy(update={"limit": None, "attempt": 4})) == ""


def test_the_page_names_the_attempt_and_the_confidence_that_it_takes() -> None:
    report = failing()
    tried = tuple(
        c.model_copy(update={"attempt": 7, "limit": c.limit.model_copy(update={"spent": 0.99938})})
        if c.limit is not None
        else c
        for c in report.controls
    )
    page = render_html(report.model_copy(update={"controls": tried}))
    assert "attempt 7" in page
    assert "99.94\u00a0%" in page


def test_what_falls_short_of_certain_is_never_told_as_certain() -> None:
    assert percent(1 - 3e-9).replace("\u00a0", "") == "99.9999997%"
    assert percent(1.0).replace("\u00a0", "") == "100%"
