"""What became of controls and values from one record to another."""

from itertools import product

import pytest

from hcgov.core.record import ControlV1, EstimateV1, FindingV1, PackV1, ReportV1, StageV1
from hcgov.core.relation import Relation
from hcgov.core.status import Verdict
from hcgov.io.plugins import load_registry
from hcgov.judgement.run_difference import ASIDE, UNDECIDED, WORSE, Became, RunDifference, run_difference
from hcgov.judgement.value_difference import Delta
from tests.io.render.sample_parts import control, evidence, report, statement

CHECKS = load_registry(["evaluation.rate_gap"]).checks
STAGES = (StageV1(id="design", title="Design", ran=True), StageV1(id="data", title="Data", ran=True))


def recorded(*controls: ControlV1, **more: object) -> ReportV1:
    return report(controls, (), reason="r").model_copy(update={"stages": STAGES, **more})


def one(verdict: str, id_: str = "A-1", **more: object) -> ControlV1:
    made = control(id_, "A rule", "design", verdict, "said", findings=(statement("part", verdict, "said"),))
    return made.model_copy(update=more)


def difference(before: ReportV1, after: ReportV1) -> RunDifference:
    return run_difference(before, after, CHECKS)


def became(before: str, after: str) -> Became:
    (turned,) = difference(recorded(one(before)), recorded(one(after))).controls
    return turned.became


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("pass", "fail", Became.NEWLY_FAILING),
        ("inconclusive", "fail", Became.NEWLY_FAILING),
        ("not_evaluated", "fail", Became.NEWLY_FAILING),
        ("fail", "pass", Became.FIXED),
        ("pass", "missing", Became.NEWLY_UNDECIDED),
        ("fail", "inconclusive", Became.NEWLY_UNDECIDED),
        ("pending", "error", Became.SAME),
        ("missing", "pass", Became.NEWLY_PASSING),
        ("pass", "not_applicable", Became.NO_LONGER_JUDGED),
        ("fail", "not_evaluated", Became.NO_LONGER_JUDGED),
        ("not_applicable", "not_evaluated", Became.SAME),
    ],
)
def test_what_became_of_a_control(before: str, after: str, what: Became):
    assert became(before, after) is what


def test_only_what_fails_or_cannot_be_told_is_worse():
    for before, after in product(Verdict, Verdict):
        worse = became(before.value, after.value) in WORSE
        fails = after is Verdict.FAIL and before is not Verdict.FAIL
        assert worse is (fails or (after in UNDECIDED and before not in UNDECIDED))
        if before is after:
            assert became(before.value, after.value) is Became.SAME
        if after in ASIDE:
            assert not worse


def test_new_and_removed_controls_and_stages_that_did_not_run():
    before = recorded(one("pass"), one("fail", "B-1"))
    found = difference(before, recorded(one("pass"), one("fail", "C-1"), one("pass", "D-1")))
    told = {each.control: (each.became, each.new) for each in found.controls}
    assert told == {
        "A-1": (Became.SAME, False),
        "C-1": (Became.NEWLY_FAILING, True),
        "D-1": (Became.NEW, True),
        "B-1": (Became.REMOVED, False),
    }
    assert found.worsened
    stage = STAGES[0].model_copy(update={"ran": False})
    left = difference(before, recorded(stages=(stage, STAGES[1])))
    assert {each.became for each in left.controls} == {Became.NOT_RUN}
    assert not left.worsened


def rate(x: float, n: int, people: int | None, fingerprint: str = "f", about: str = "sex=F") -> FindingV1:
    estimate = EstimateV1(
        value=x / n, n=n, n_eff=n, people=people, method="clopper_pearson", statistics={"x": x, "n": n}
    )
    return statement(about, "pass", "said").model_copy(
        update={"metric": "rate", "estimate": estimate, "fingerprint": fingerprint, "slice": {"sex": "F"}}
    )


def values(
    *pairs: tuple[FindingV1, FindingV1], digests: tuple[str, str] = ("a" * 64, "b" * 64)
) -> tuple[Delta, ...]:
    sides = []
    for findings, sha in zip(zip(*pairs, strict=True), digests, strict=True):
        read = evidence("EV-1", "predictions", "table", "p.csv").model_copy(update={"sha256": sha})
        sides.append(recorded(one("pass", findings=findings, evidence=("EV-1",)), evidence=(read,)))
    return difference(*sides).deltas


def test_rates_of_two_runs_have_an_interval_of_their_difference():
    # Newcombe 1998, Statistics in Medicine 17:873, Table II, case (a), method 6.
    (delta,) = values((rate(48, 80, 80), rate(56, 70, 70)))
    assert delta.delta == pytest.approx(0.2)
    assert delta.interval == pytest.approx((0.0528, 0.3382), abs=5e-5)
    assert (delta.method, delta.people, delta.apart) == ("miettinen_nurminen", "unknown", True)


def test_the_same_data_have_no_interval_and_equal_numbers_are_marked():
    (same,) = values((rate(48, 80, 80), rate(56, 80, 80)), digests=("a" * 64, "a" * 64))
    assert (same.interval, same.people, same.why) == (None, "same", "both runs read the same data")
    (perhaps,) = values((rate(48, 80, 80), rate(56, 80, 80)))
    assert (perhaps.people, perhaps.interval is None) == ("perhaps", False)


def test_a_method_without_an_interval_says_so():
    shown = rate(48, 80, 80)
    assert shown.estimate is not None
    point = shown.model_copy(update={"estimate": shown.estimate.model_copy(update={"method": "point"})})
    (delta,) = values((point, point))
    assert (delta.interval, delta.why) == (None, "no interval of such a difference is known")
    odd = shown.model_copy(update={"estimate": shown.estimate.model_copy(update={"method": "of tomorrow"})})
    assert values((odd, odd))[0].interval is None


def test_findings_are_matched_by_fingerprint_then_by_name():
    old = (rate(10, 80, 80, "f1", "sex=F"), rate(20, 80, 80, "f2", "sex=M"), rate(30, 80, 80, "", "age=1"))
    new = (rate(20, 70, 70, "f2", "sex=M"), rate(10, 70, 70, "f9", "sex=F"), rate(30, 70, 70, "", "age=1"))
    before = recorded(one("pass", findings=old))
    found = difference(before, recorded(one("pass", findings=new))).deltas
    assert sorted((each.about, each.before) for each in found) == [
        ("age=1", 0.375),
        ("sex=F", 0.125),
        ("sex=M", 0.25),
    ]
    only = difference(before, recorded(one("pass", findings=(rate(1, 9, 9, "x", "sex=X"),)))).deltas
    assert only == ()


def test_limits_and_parameters_that_moved_are_told_with_what_they_do():
    limit = {"side": "at_most", "value": "0.10", "confidence": "0.95"}
    made = one("pass").model_dump() | {"check": "evaluation.rate_gap@1", "source": "paper", "why": "people"}
    made |= {"fix": "mend", "params": {"table": "p", "outcome": "o", "max_missing": 0.05}}
    old = ControlV1.model_validate(made | {"limit": limit})
    changed = {"limit": limit | {"value": "0.12"}, "params": made["params"] | {"max_missing": 0.01}}
    new = ControlV1.model_validate(made | changed)
    found = difference(recorded(old), recorded(new)).moved
    assert {(each.change.field, each.change.relation) for each in found} == {
        ("limit.at_most", Relation.LOOSEN),
        ("with.max_missing", Relation.TIGHTEN),
    }
    off = new.model_copy(update={"disabled": True})
    assert [each.change.relation for each in difference(recorded(old), recorded(off)).moved] == [
        Relation.LOOSEN
    ]


def test_what_can_hardly_be_compared_is_noted():
    before = recorded(one("pass"))
    system = before.system.model_copy(update={"name": "Other"})
    packs = (PackV1(id="own", version="1.0.0", title="t", file="f", sha256="a" * 64),)
    old = before.model_copy(update={"packs": packs})
    later = tuple(pack.model_copy(update={"sha256": "b" * 64, "version": "1.1.0"}) for pack in packs)
    after = before.model_copy(update={"system": system, "packs": later, "created": "2001-01-01T00:00:00Z"})
    told = [str(note) for note in difference(old, after).notes]
    assert told == [
        f"the records are of two systems, {before.system.name} and Other",
        "the first record is the later one",
        "the policy own is another: version 1.0.0 then, 1.1.0 now",
    ]


def test_a_record_compared_with_itself_differs_in_nothing():
    from tests.io.render.sample_reports import failing

    found = difference(failing(), failing())
    assert {each.became for each in found.controls} == {Became.SAME}
    assert found.moved == ()
    assert all(each.delta == 0 and not each.turned for each in found.deltas)
    assert found.notes == ()
