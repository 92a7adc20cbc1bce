"""The rules of waivers, each with what it keeps out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hcgov.core.acceptance import Refusal, State, acceptance, flaws, problems, standing_of
from hcgov.core.limit import Limit, Side
from hcgov.core.status import Enforcement, Severity, Verdict
from hcgov.core.terms import LONGEST, shortest
from hcgov.core.waiver import LongestTerms, WaiverSetSpec, WaiverSpec
from tests.core.waivers import DAY, WRITTEN, control, finding, occasion, scope, waiver


def refusals(written, *findings, on=DAY, of=None):
    return acceptance(written, of or control(), findings, occasion(on)).refusals


def test_a_waiver_in_force_accepts_what_it_names():
    assert refusals(waiver(), finding()) == (None,)


@pytest.mark.parametrize(
    "key", ["owner", "reason", "scope", "expires", "starts", "requested_by", "approvals"]
)
def test_what_a_waiver_needs_cannot_be_left_out(key):
    with pytest.raises(ValidationError):
        WaiverSpec.model_validate({k: v for k, v in WRITTEN.items() if k != key})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("owner", "   "),
        ("reason", ""),
        ("approvals", []),
        ("accepts", []),
        ("accepts", ["error"]),
        ("accepts", ["pass"]),
        ("control", "ACME-*"),
        ("scope", {"subject": "*"}),
        ("scope", {"subject": "sha256:*"}),
        ("scope", {"subject": "a" * 64}),
        ("scope", {"subject": f"sha256:{'a' * 64}", "observed": {"at_most": "1", "at_least": "0"}}),
        ("scope", {"subject": f"sha256:{'a' * 64}", "observed": {}}),
        ("scope", {"subject": f"sha256:{'a' * 64}", "slices": {"age": []}}),
        ("expires", "2026-12-20T10:00:00"),
        ("expires", 20261220),
        ("expires", "2026-02-30"),
        ("id", "W 1"),
        ("expire", "2026-12-20"),
    ],
)
def test_what_is_written_wrongly_is_refused(key, value):
    with pytest.raises(ValidationError):
        WaiverSpec.model_validate(WRITTEN | {key: value})


def test_the_last_day_is_included_whole_and_the_next_is_not():
    last = date(2026, 12, 20)
    assert refusals(waiver(), finding(), on=last) == (None,)
    ended = acceptance(waiver(), control(), [finding()], occasion(last + timedelta(days=1)))
    assert (ended.standing.state, ended.refusals) == (State.EXPIRED, (Refusal.NOT_IN_FORCE,))


def test_a_waiver_that_has_not_started_accepts_nothing():
    assert refusals(waiver(), finding(), on=date(2026, 12, 1)) == (None,)
    early = acceptance(waiver(), control(), [finding()], occasion(date(2026, 11, 30)))
    assert (early.standing.state, early.refusals) == (State.NOT_STARTED, (Refusal.NOT_IN_FORCE,))


@pytest.mark.parametrize("severity", Severity)
def test_the_longest_term_depends_on_the_severity(severity):
    most = LONGEST[severity]
    first = date(2026, 12, 1)
    exact = waiver(expires=str(first + timedelta(days=most - 1)))
    beyond = waiver(expires=str(first + timedelta(days=most)))
    assert problems(exact, control(severity=severity)) == ()
    assert [p.code for p in problems(beyond, control(severity=severity))] == ["HCG-W005"]
    assert standing_of(beyond, control(severity=severity), occasion()).state is State.INVALID


@pytest.mark.parametrize("verdict", ["missing", "pending"])
def test_absent_evidence_is_accepted_for_thirty_days_at_most(verdict):
    low = control(severity=Severity.LOW)
    assert problems(waiver(accepts=["fail", verdict], expires="2026-12-30"), low) == ()
    assert [p.code for p in problems(waiver(accepts=["fail", verdict], expires="2026-12-31"), low)] == [
        "HCG-W005"
    ]


def test_terms_are_shortened_and_never_lengthened():
    assert shortest((LongestTerms(high=10), LongestTerms(high=20, low=60)))[Severity.HIGH] == 10
    assert shortest((LongestTerms(high=10), LongestTerms(high=20, low=60)))[Severity.LOW] == 60
    assert shortest(()) == LONGEST
    with pytest.raises(ValidationError):
        WaiverSetSpec.model_validate({"kind": "WaiverSet", "longest_days": {"high": 31}})


def test_a_mandatory_control_cannot_be_waived():
    mandatory = control(enforcement=Enforcement.MANDATORY)
    assert [p.code for p in problems(waiver(), mandatory)] == ["HCG-W004"]
    assert refusals(waiver(), finding(), of=mandatory) == (Refusal.NOT_IN_FORCE,)


@pytest.mark.parametrize(
    ("subject", "why"), [("b" * 64, "this is bbbbbbbbbbbb"), ("", "what is released is not known")]
)
def test_a_waiver_for_another_subject_does_not_apply_and_says_so(subject, why):
    told = standing_of(waiver(), control(), occasion(subject=subject))
    assert told.state is State.OTHER_SUBJECT
    assert why in str(told.why)


def test_a_waiver_of_another_control_or_check_accepts_nothing():
    assert refusals(waiver(control="X-2"), finding()) == (Refusal.NOT_IN_FORCE,)
    other = acceptance(waiver(check="evaluation.rate_gap@2"), control(), [finding()], occasion())
    assert (other.standing.state, other.refusals) == (State.OTHER_CHECK, (Refusal.NOT_IN_FORCE,))
    assert refusals(waiver(check="evaluation.rate_gap@1"), finding()) == (None,)


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.CRITICAL])
def test_grave_controls_are_waived_by_a_verified_signature_only(severity):
    grave = control(severity=severity)
    short = {"starts": "2026-12-09", "expires": "2026-12-20"}
    assert standing_of(waiver(**short), grave, occasion()).state is State.UNSIGNED
    assert standing_of(waiver(signed=True, **short), grave, occasion()).state is State.IN_FORCE


def test_a_signature_that_is_asked_for_and_not_there_is_no_approval():
    assert standing_of(waiver(unsigned=("cro",)), control(), occasion()).state is State.UNSIGNED


def test_only_the_verdicts_it_names_are_accepted():
    found = [finding(v) for v in Verdict]
    accepted = [
        f.verdict
        for f, refusal in zip(found, refusals(waiver(accepts=["fail", "missing"]), *found), strict=True)
        if refusal is None
    ]
    assert accepted == [Verdict.FAIL, Verdict.MISSING]


def test_only_the_groups_it_names_are_accepted_on_exactly_their_columns():
    old = waiver(scope=scope(slices={"age": ["75+", 80, True]}))
    assert refusals(
        old,
        finding(age="75+"),
        finding(age="80"),
        finding(age="true"),
        finding(age="18-29"),
        finding(),
        finding(age="75+", sex="F"),
        finding(region="75+"),
    ) == (None, None, None, *(Refusal.OTHER_SLICE,) * 4)
    crossed = waiver(scope=scope(slices={"age": ["75+"], "sex": ["F"]}))
    assert refusals(crossed, finding(sex="F", age="75+"), finding(age="75+")) == (None, Refusal.OTHER_SLICE)


def test_a_value_beyond_the_ceiling_is_not_accepted_and_at_it_is():
    bounded = waiver(accepts=["fail", "inconclusive", "missing"], scope=scope(observed={"at_most": "0.11"}))
    assert refusals(
        bounded,
        finding(value=0.11),
        finding(value=0.1101),
        finding(Verdict.INCONCLUSIVE, value=0.2),
        finding(Verdict.INCONCLUSIVE, value=None),
        finding(Verdict.MISSING, value=None),
    ) == (None, Refusal.WORSE, Refusal.WORSE, Refusal.NO_VALUE, None)


def test_a_floor_bounds_the_other_way_and_the_wrong_side_is_a_mistake():
    share = control(limit=Limit(side=Side.AT_LEAST, value=control().limit.value))
    floor = waiver(scope=scope(observed={"at_least": "0.05"}))
    assert refusals(floor, finding(value=0.06), finding(value=0.04), of=share) == (None, Refusal.WORSE)
    assert [p.code for p in problems(floor, control())] == ["HCG-W006"]
    assert [p.code for p in problems(floor, control(limit=None))] == ["HCG-W006"]


@pytest.mark.parametrize(
    "approver",
    [
        "dev@acme.example",
        "Dev@ACME.example",
        "dev+approvals@acme.example",
        "Dev Eloper <dev@acme.example>",
        "dеv@acme.example",
        "dév@acme.example",
        "d\u200bev@acme.example",
        "mailto:dev@acme.example",
        "DЕV@acme.example",
    ],
)
def test_who_asks_cannot_approve_under_any_spelling(approver):
    own = waiver(approvals=[{"by": "cro@acme.example", "role": "r-o"}, {"by": approver, "role": "r-o"}])
    (flaw,) = flaws(own.spec)
    assert (flaw.code, flaw.at) == ("HCG-W003", ("approvals", 1, "by"))
    assert refusals(own, finding()) == (Refusal.NOT_IN_FORCE,)


def test_a_waiver_that_ends_before_it_starts_is_a_mistake():
    assert [f.code for f in flaws(waiver(expires="2026-11-30").spec)] == ["HCG-W007"]


@given(
    st.dates(date(2026, 11, 1), date(2027, 1, 31)), st.sampled_from(Severity), st.sampled_from(Enforcement)
)
def test_outside_its_days_no_waiver_accepts_anything(on, severity, enforcement):
    given_ = waiver(signed=True, expires="2026-12-14")
    held = acceptance(given_, control(severity=severity, enforcement=enforcement), [finding()], occasion(on))
    inside = date(2026, 12, 1) <= on <= date(2026, 12, 14)
    assert (held.refusals == (None,)) == (inside and enforcement is not Enforcement.MANDATORY)
