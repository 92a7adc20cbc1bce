"""The algebra of verdicts, dispositions and decisions, as laws."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.status import EXIT_CODES, Decision, Disposition, Enforcement, Verdict, decide, dispose, worst

PAIRS = st.tuples(st.sampled_from(Verdict), st.sampled_from(Disposition))
BETTER = [Decision.PASSED, Decision.PASSED_WITH_CONDITIONS, Decision.INCOMPLETE, Decision.FAILED]

TABLE = {
    # verdict: (advisory, overridable, mandatory), as the policy language lays down
    Verdict.PASS: ("clear", "clear", "clear"),
    Verdict.FAIL: ("warned", "blocked", "blocked"),
    Verdict.INCONCLUSIVE: ("warned", "undetermined", "undetermined"),
    Verdict.MISSING: ("warned", "undetermined", "undetermined"),
    Verdict.PENDING: ("warned", "undetermined", "undetermined"),
    Verdict.ERROR: ("undetermined", "undetermined", "undetermined"),
    Verdict.NOT_APPLICABLE: ("clear", "clear", "clear"),
    Verdict.NOT_EVALUATED: ("listed", "listed", "listed"),
}


@pytest.mark.parametrize("verdict", Verdict)
def test_the_table_of_dispositions_is_the_published_one(verdict: Verdict) -> None:
    assert tuple(dispose(verdict, enforcement).word for enforcement in Enforcement) == TABLE[verdict]


@pytest.mark.parametrize("enforcement", Enforcement)
def test_a_narrow_pass_warns(enforcement: Enforcement) -> None:
    assert dispose(Verdict.PASS, enforcement, narrow=True) is Disposition.WARNED


def test_disabling_a_mandatory_control_blocks() -> None:
    assert dispose(Verdict.NOT_EVALUATED, Enforcement.MANDATORY, disabled=True) is Disposition.BLOCKED
    assert dispose(Verdict.NOT_EVALUATED, Enforcement.OVERRIDABLE, disabled=True) is Disposition.LISTED


def test_nothing_at_all_never_passes() -> None:
    assert worst([]) is Disposition.UNDETERMINED
    assert decide([]) is Decision.INCOMPLETE


@given(st.lists(PAIRS))
def test_a_passed_decision_saw_something_that_passed(controls: list[tuple[Verdict, Disposition]]) -> None:
    if decide(controls) in (Decision.PASSED, Decision.PASSED_WITH_CONDITIONS):
        assert any(verdict in (Verdict.PASS, Verdict.FAIL) for verdict, _ in controls)
        assert all(d < Disposition.UNDETERMINED for _, d in controls)


@given(st.lists(st.sampled_from(Disposition), min_size=1), st.lists(st.sampled_from(Disposition), min_size=1))
def test_the_join_is_associative_commutative_and_idempotent(
    one: list[Disposition], other: list[Disposition]
) -> None:
    assert worst([*one, *other]) is worst([*other, *one]) is worst([worst(one), worst(other)])
    assert worst([*one, *one]) is worst(one)


@given(st.lists(PAIRS, min_size=1), PAIRS)
def test_adding_a_finding_never_improves_a_decision(
    controls: list[tuple[Verdict, Disposition]], more: tuple[Verdict, Disposition]
) -> None:
    # The one way up is out of vacuity: a first real verdict among controls that said nothing.
    decisive = any(verdict in (Verdict.PASS, Verdict.FAIL) for verdict, _ in controls)
    if decisive:
        assert BETTER.index(decide([*controls, more])) >= BETTER.index(decide(controls))


@given(st.lists(PAIRS), st.randoms())
def test_the_order_of_controls_does_not_matter(
    controls: list[tuple[Verdict, Disposition]], random: Random
) -> None:
    shuffled = list(controls)
    random.shuffle(shuffled)
    assert decide(shuffled) is decide(controls)


def test_only_passing_decisions_leave_with_zero() -> None:
    assert {d for d, code in EXIT_CODES.items() if code == 0} == {
        Decision.PASSED,
        Decision.PASSED_WITH_CONDITIONS,
    }
    assert EXIT_CODES[Decision.FAILED] == 1
    assert EXIT_CODES[Decision.INCOMPLETE] == 3
