"""What stands for a control is what holds it back, also where another finding is worst by its bound."""

from hcgov.io.render.reading import worst_finding
from tests.io.render.sample_parts import control, statement


def test_a_finding_that_passed_does_not_stand_for_a_control_that_could_not_be_decided() -> None:
    passed = statement("region=b", "pass", "b holds")
    small = statement("region=a", "inconclusive", "a is too small")
    listed = small.model_copy(update={"about": "region=c", "listed": True})
    undecided = control(
        "X-1",
        "t",
        "data",
        "inconclusive",
        "a is too small",
        findings=(listed, passed, small),
        worst="region=b",
    )
    assert worst_finding(undecided) == small
    met = undecided.model_copy(update={"verdict": "pass"})
    assert worst_finding(met) == passed
