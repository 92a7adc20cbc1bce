"""What exceptions do to a decision, as laws: they reach only their own findings and never turn anything green."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.baseline import EntrySpec
from hcgov.core.control import ControlSpec
from hcgov.core.limit import Limit, Side
from hcgov.core.policy import Pack, PackSpec
from hcgov.core.stage import Stage
from hcgov.core.status import Decision, Disposition, Enforcement, Severity, Verdict
from hcgov.judgement.decision import Release, release
from hcgov.judgement.engine import Assessed, joined
from hcgov.judgement.exceptions import Baselined, Waiving, waivable
from hcgov.judgement.fingerprint import fingerprint
from hcgov.judgement.plan import Plan, Planned
from hcgov.judgement.recording_exceptions import exception_notices, waiver_of
from tests.core.waivers import DAY, control, finding, occasion, scope, waiver

SPEC = {
    "id": "X-1",
    "title": "A control",
    "stage": "design",
    "check": "evaluation.rate_gap@1",
    "severity": "medium",
    "enforcement": "overridable",
    "why": "people",
    "fix": "mend",
    "source": "convention",
}
METADATA = {"id": "p", "version": "1.0.0", "title": "Pack", "owner": "me"}
PACK = Pack(
    spec=PackSpec.model_validate(
        {"hcgov": 1, "kind": "PolicyPack", "metadata": METADATA, "controls": [SPEC]}
    ),
    name="p",
    file="p.yaml",
    sha256="0" * 64,
)
BETTER = [Decision.PASSED, Decision.PASSED_WITH_CONDITIONS, Decision.INCOMPLETE, Decision.FAILED]


def assessed(id_="X-1", *findings, enforcement=Enforcement.OVERRIDABLE, severity="medium") -> Assessed:
    spec = ControlSpec.model_validate(SPEC | {"id": id_, "severity": severity})
    planned = Planned(
        spec=spec,
        pack=PACK,
        index=0,
        enforcement=enforcement,
        requests={},
        limit=Limit(side=Side.AT_MOST, value=control().limit.value),
    )
    found = findings or (finding(),)
    verdict = joined(f.verdict for f in found if not f.listed)
    return Assessed(control=planned, verdict=verdict, narrow=False, findings=tuple(found))


def decided(*controls, waivers=(), entries=None, on=DAY) -> Release:
    plan = Plan(
        controls=tuple(c.control for c in controls), stages=(Stage(id="design", title="Design"),), not_run=()
    )
    waiving = Waiving(
        waivers=tuple(waivers),
        occasion=occasion(on),
        known={c.control.spec.id: waivable(c.control) for c in controls},
    )
    baseline = None if entries is None else Baselined(entries=tuple(entries), on=on, system="s")
    return release(plan, controls, waiving, baseline)


def entry(of: Assessed, number=0, observed: str | None = "0.15", expires="2026-12-31") -> EntrySpec:
    written = {
        "fingerprint": fingerprint(of.findings[number], of.control, "s"),
        "control": of.control.spec.id,
        "about": of.findings[number].about,
        "owner": "cro@acme.example",
        "expires": expires,
    }
    return EntrySpec.model_validate(written | ({} if observed is None else {"observed": observed}))


def notices(found: Release, on: date = DAY) -> dict[str, str]:
    return {code: str(message) for code, message in exception_notices(found, on)}


def test_a_waived_failure_lets_pass_with_conditions_and_keeps_its_verdict():
    found = decided(assessed(), waivers=[waiver()])
    (one,) = found.controls
    assert found.decision is Decision.PASSED_WITH_CONDITIONS
    assert (one.disposition, one.assessed.verdict) == (Disposition.WAIVED, Verdict.FAIL)
    assert one.excepted.waivers == ("W-1",)
    assert waiver_of(one, found).id == "W-1"
    assert found.counts[Verdict.FAIL] == 1
    assert "only by an exception" in str(found.reason)


def test_a_waiver_of_one_group_leaves_the_other_blocked():
    two = assessed("X-1", finding(age="75+"), finding(age="18-29"))
    found = decided(two, waivers=[waiver(scope=scope(slices={"age": ["75+"]}))])
    assert found.decision is Decision.FAILED
    assert found.controls[0].excepted.waivers == ("W-1", "")


def test_a_worse_value_blocks_again_and_the_sentence_says_what_was_compared():
    found = decided(assessed(), waivers=[waiver(scope=scope(observed={"at_most": "0.11"}))])
    assert found.decision is Decision.FAILED
    told = notices(found)["HCG-W107"]
    assert "0.1500" in told
    assert "at most 0.11" in told
    assert "point estimate" in told


def test_an_error_is_never_accepted():
    broken = assessed("X-1", finding(Verdict.ERROR, None), finding())
    found = decided(broken, waivers=[waiver(accepts=["fail", "inconclusive", "missing", "pending"])])
    assert found.controls[0].disposition is Disposition.UNDETERMINED


def test_a_mandatory_control_stays_blocked_by_waiver_and_baseline_alike():
    one = assessed(enforcement=Enforcement.MANDATORY)
    found = decided(one, waivers=[waiver()], entries=[entry(one)])
    assert found.controls[0].disposition is Disposition.BLOCKED
    assert "mandatory" in notices(found)["HCG-W109"]


def test_advice_needs_no_waiver_and_is_not_made_worse_by_one():
    found = decided(assessed(enforcement=Enforcement.ADVISORY), waivers=[waiver()])
    assert found.controls[0].disposition is Disposition.WARNED
    assert "HCG-W101" in notices(found)


def test_a_control_of_which_all_is_listed_is_waived_as_a_whole_only():
    small = assessed("X-1", finding(Verdict.INCONCLUSIVE, None, listed=True, age="75+"))
    whole = waiver(accepts=["inconclusive"])
    part = waiver(accepts=["inconclusive"], scope=scope(slices={"age": ["75+"]}))
    assert decided(small).controls[0].disposition is Disposition.UNDETERMINED
    assert decided(small, waivers=[part]).controls[0].disposition is Disposition.UNDETERMINED
    assert decided(small, waivers=[whole]).controls[0].disposition is Disposition.WAIVED


def test_of_two_waivers_of_one_finding_the_first_by_id_counts_and_it_is_told():
    found = decided(assessed(), waivers=[waiver(id="W-1"), waiver(id="W-2")])
    assert found.controls[0].excepted.waivers == ("W-1",)
    told = notices(found)
    assert "W-1" in told["HCG-W108"]
    assert "W-2" in told["HCG-W108"]
    assert "HCG-W101" not in told


def test_an_idle_waiver_and_one_that_ends_soon_are_told():
    met = assessed("X-1", finding(Verdict.PASS, 0.01))
    assert "not used" in notices(decided(met, waivers=[waiver()]))["HCG-W101"]
    assert "HCG-W101" not in notices(decided(assessed(), waivers=[waiver()]))
    ends = {
        day: "HCG-W102" in notices(decided(assessed(), waivers=[waiver()]), date(2026, 12, day))
        for day in (6, 7)
    }
    assert ends == {6: False, 7: True}


def test_a_waiver_of_a_stage_that_did_not_run_is_not_called_idle():
    other = waiver(control="X-9")
    plan = Plan(controls=(assessed().control,), stages=(Stage(id="design", title="Design"),), not_run=())
    known = {"X-9": control(id="X-9"), "X-1": control()}
    found = release(plan, [assessed()], Waiving(waivers=(other,), occasion=occasion(), known=known))
    assert "HCG-W101" not in notices(found)


def test_a_known_failure_is_accepted_and_stays_in_sight():
    one = assessed()
    found = decided(one, entries=[entry(one)])
    assert found.decision is Decision.PASSED_WITH_CONDITIONS
    assert (found.controls[0].excepted.baseline, found.controls[0].disposition) == (
        "known",
        Disposition.WAIVED,
    )


def test_a_new_failure_in_place_of_a_known_one_blocks_by_name():
    before = assessed("X-1", finding(age="75+"), finding(Verdict.PASS, 0.01, age="18-29"))
    after = assessed("X-1", finding(Verdict.PASS, 0.01, age="75+"), finding(age="18-29"))
    assert decided(before, entries=[entry(before)]).decision is Decision.PASSED_WITH_CONDITIONS
    found = decided(after, entries=[entry(before)])
    assert (found.decision, found.controls[0].excepted.baseline) == (Decision.FAILED, "new")
    told = notices(found)
    assert "age=18-29" in told["HCG-B101"]
    assert "age=75+" in told["HCG-B104"]


def test_a_known_failure_that_got_worse_or_whose_entry_ended_blocks():
    one = assessed()
    worse = decided(one, entries=[entry(one, observed="0.14")])
    assert (worse.decision, worse.controls[0].excepted.baseline) == (Decision.FAILED, "worse")
    assert "0.1500" in notices(worse)["HCG-B102"]
    ended = decided(one, entries=[entry(one, expires="2026-12-09")])
    assert ended.decision is Decision.FAILED
    assert "HCG-B103" in notices(ended)


def test_a_fingerprint_holds_what_is_found_of_whom_and_no_value():
    one = assessed("X-1", finding(age="75+"))
    same = replace(one.findings[0], verdict=Verdict.PASS, text=finding(about="other").text, estimate=None)
    assert fingerprint(same, one.control, "s") == fingerprint(one.findings[0], one.control, "s")
    others = [
        fingerprint(one.findings[0], assessed("X-2").control, "s"),
        fingerprint(one.findings[0], one.control, "t"),
        fingerprint(finding(age="18-29"), one.control, "s"),
        fingerprint(replace(one.findings[0], metric="m"), one.control, "s"),
    ]
    assert len({*others, fingerprint(one.findings[0], one.control, "s")}) == 5


FINDINGS = st.lists(
    st.builds(
        lambda verdict, value, group, listed: finding(verdict, value, listed=listed, age=group),
        st.sampled_from(Verdict),
        st.sampled_from([None, 0.05, 0.11, 0.2]),
        st.sampled_from(["18-29", "75+"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
CONTROLS = st.lists(
    st.tuples(FINDINGS, st.sampled_from(Enforcement), st.sampled_from(Severity)), min_size=1, max_size=3
).map(
    lambda made: [
        assessed(f"X-{n}", *found, enforcement=enforcement, severity=severity.value)
        for n, (found, enforcement, severity) in enumerate(made)
    ]
)
WAIVERS = st.lists(
    st.builds(
        lambda n, control_, accepts, slices, ceiling, signed: waiver(
            id=f"W-{n}",
            control=control_,
            accepts=accepts,
            scope=scope(
                **({"slices": {"age": [slices]}} if slices else {}),
                **({"observed": {"at_most": ceiling}} if ceiling else {}),
            ),
            expires="2026-12-14",
            signed=signed,
        ),
        st.integers(0, 99),
        st.sampled_from(["X-0", "X-1"]),
        st.lists(st.sampled_from(["fail", "inconclusive", "missing", "pending"]), min_size=1, unique=True),
        st.sampled_from(["", "75+"]),
        st.sampled_from(["", "0.11"]),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
).map(lambda made: sorted(made, key=lambda one: one.id))


@given(CONTROLS, WAIVERS)
def test_waivers_never_turn_anything_green_and_reach_no_other_control(controls, waivers):
    plain, held = decided(*controls), decided(*controls, waivers=waivers)
    named = {one.spec.control for one in waivers}
    for before, after in zip(plain.controls, held.controls, strict=True):
        assert after.disposition <= before.disposition
        assert after.disposition is before.disposition or after.disposition >= Disposition.WAIVED
        if before.disposition is not after.disposition:
            assert before.assessed.control.spec.id in named
            assert before.disposition >= Disposition.UNDETERMINED
    if held.decision is Decision.PASSED:
        assert plain.decision is Decision.PASSED
    assert held.counts == plain.counts


@given(CONTROLS, WAIVERS)
def test_more_waivers_never_make_a_decision_worse_and_fewer_never_better(controls, waivers):
    rank = [BETTER.index(decided(*controls, waivers=waivers[:n]).decision) for n in range(len(waivers) + 1)]
    assert rank == sorted(rank, reverse=True)


@given(CONTROLS, WAIVERS, st.lists(st.sampled_from([0, 1, 2]), max_size=3))
def test_adding_a_control_never_improves_a_decision_under_waivers(controls, waivers, leave_out):
    some = [one for n, one in enumerate(controls) if n not in leave_out]
    decisive = any(one.verdict in (Verdict.PASS, Verdict.FAIL) for one in some)
    if some and decisive:
        fewer, more = decided(*some, waivers=waivers), decided(*controls, waivers=waivers)
        assert BETTER.index(more.decision) >= BETTER.index(fewer.decision)


@given(CONTROLS, WAIVERS, st.randoms())
def test_the_order_of_controls_does_not_matter_under_waivers(controls, waivers, random):
    shuffled = list(controls)
    random.shuffle(shuffled)
    one, other = decided(*controls, waivers=waivers), decided(*shuffled, waivers=waivers)
    assert one.decision is other.decision
    assert {d.assessed.control.spec.id: d.disposition for d in one.controls} == {
        d.assessed.control.spec.id: d.disposition for d in other.controls
    }


@given(WAIVERS)
def test_nothing_that_was_checked_never_passes_whatever_is_waived(waivers):
    assert decided(waivers=waivers).decision is Decision.INCOMPLETE


@given(CONTROLS)
def test_a_baseline_accepts_failures_only_and_changes_no_verdict(controls):
    entries = [
        entry(one, n, None if f.estimate is None else repr(f.estimate.value))
        for one in controls
        for n, f in enumerate(one.findings)
    ]
    plain, held = decided(*controls), decided(*controls, entries=entries)
    assert held.counts == plain.counts
    for before, after in zip(plain.controls, held.controls, strict=True):
        assert after.disposition <= before.disposition
        if after.disposition is not before.disposition:
            assert before.disposition is Disposition.BLOCKED
            # What else stands in the way still does: only failures are known ones.
            undecided = any(
                f.verdict not in (Verdict.FAIL, Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.NOT_EVALUATED)
                for f in after.assessed.findings
                if not f.listed
            )
            expected = Disposition.UNDETERMINED if undecided else Disposition.WAIVED
            assert after.disposition is expected
