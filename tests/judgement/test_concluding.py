"""The one decision function, as laws: nothing beside the controls ever improves a decision, and nothing is no pass."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.status import Decision, Disposition, Verdict
from hcgov.core.text import text
from hcgov.judgement.concluding import PASSING, Circumstances, Weighed, concluded, overall

STAGES = ("data", "evaluation")
REASON = text("because")

weighed = st.builds(
    Weighed,
    id=st.sampled_from([f"C-{n}" for n in range(9)]),
    stage=st.sampled_from(STAGES),
    verdict=st.sampled_from(Verdict),
    disposition=st.sampled_from(Disposition),
)
controls = st.lists(weighed, max_size=6)
names = st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple)
beside = st.builds(
    Circumstances,
    unidentified=st.booleans(),
    skipped=names,
    fail_on=st.lists(st.sampled_from(["waived", "warned"]), unique=True).map(tuple),
    interrupted=st.booleans(),
    broken=names,
)


@given(controls, beside)
def test_what_stands_beside_never_lets_pass_what_did_not(found, circumstances):
    plain = concluded(found, STAGES, REASON, Circumstances())
    with_it = concluded(found, STAGES, REASON, circumstances)
    if plain.decision not in PASSING:
        assert with_it.decision not in PASSING
    if plain.decision is Decision.FAILED:
        assert with_it.decision is Decision.FAILED


@given(controls, beside)
def test_only_a_passing_decision_leaves_with_0(found, circumstances):
    result = concluded(found, STAGES, REASON, circumstances)
    assert (result.exit_code == 0) == (
        result.decision in PASSING and not circumstances.broken and not circumstances.interrupted
    )


@given(controls)
def test_each_circumstance_alone_keeps_a_passing_release_back(found):
    for one in ({"unidentified": True}, {"skipped": ("a",)}, {"interrupted": True}, {"broken": ("a",)}):
        assert concluded(found, STAGES, REASON, Circumstances(**one)).decision not in PASSING


@given(controls, weighed)
def test_a_further_control_never_improves_a_decision_that_was_decided(found, further):
    order = [Decision.PASSED, Decision.PASSED_WITH_CONDITIONS, Decision.INCOMPLETE, Decision.FAILED]
    before, after = overall(found, STAGES), overall([*found, further], STAGES)
    if before in (*PASSING, Decision.FAILED):
        assert order.index(after) >= order.index(before)


@given(controls)
def test_a_stage_without_controls_is_incomplete(found):
    only = [replace(one, stage="data") for one in found]
    assert overall(only, STAGES) not in PASSING
