"""The engine is total: whatever a check or its evidence does, every control ends with a finding, never green by gap."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from hcgov.core.check import Check, Judged, Params
from hcgov.core.control import ControlSpec
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Cell, Counts, CountsOf, Rate
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import Answered, Measurement, Observation, Statement
from hcgov.core.occasion import Occasion
from hcgov.core.policy import Pack, PackSpec
from hcgov.core.slices import SliceRules
from hcgov.core.status import Disposition, Enforcement, Reason, Verdict
from hcgov.core.text import text
from hcgov.judgement.decision import release
from hcgov.judgement.engine import Assessed, assess, assess_one, joined
from hcgov.judgement.plan import Plan, Planned
from hcgov.stages.evaluation.rate_gap import RateGap, rate_gap
from hcgov.stages.worked import SOURCE
from hcgov.stats.differences import miettinen_nurminen

TODAY = Occasion(date="2026-11-21")
SPEC = {
    "id": "X-1",
    "title": "A control",
    "stage": "evaluation",
    "check": "evaluation.made_up@1",
    "severity": "high",
    "enforcement": "overridable",
    "why": "people",
    "fix": "mend",
    "source": "convention",
}
REQUEST = RecordOf(artifact="thing")


def _planned(
    observations: list[Observation] | Exception,
    *,
    limit: Limit | None = None,
    pending: bool = False,
    spec: dict[str, object] | None = None,
) -> Planned:
    def measure(**_: object) -> Iterator[Observation]:
        if isinstance(observations, Exception):
            raise observations
        yield from observations

    made = Check[Params](
        id="evaluation.made_up",
        stage="evaluation",
        major=1,
        title="t",
        about="a",
        params=Params,
        asks=lambda _: {"thing": REQUEST},
        measure=measure,
        examples=tuple,
        supports=(),
        judged=Judged.BY_LIMIT if limit else Judged.BY_STATEMENT,
        absent_is_pending=pending,
    )
    pack_spec = PackSpec.model_validate(
        {
            "hcgov": 1,
            "kind": "PolicyPack",
            "metadata": {"id": "p", "version": "1.0.0", "title": "Pack", "owner": "me"},
            "controls": [SPEC],
        }
    )
    pack = Pack(spec=pack_spec, name="p", file="p.yaml", sha256="0" * 64)
    return Planned(
        spec=ControlSpec.model_validate(SPEC | (spec or {})),
        pack=pack,
        index=0,
        enforcement=Enforcement.OVERRIDABLE,
        limit=limit,
        check=made,
        params=Params(),
        requests={"thing": REQUEST},
    )


def _assessed(planned: Planned, evidence: object = None) -> Assessed:
    given = evidence if evidence is not None else Record(data={}, source=SOURCE)
    return assess_one(planned, {REQUEST: given}, TODAY)  # type: ignore[dict-item]  # what a check is given is its own affair


def _said(answer: Answered) -> Statement:
    return Statement(about=answer.value, answer=answer, text=text("said"))


def test_a_check_that_crashes_is_an_error_of_its_control_alone() -> None:
    assessed = _assessed(_planned(ZeroDivisionError("secret value 42")))
    assert assessed.verdict is Verdict.ERROR
    assert "ZeroDivisionError" in str(assessed.findings[0].text)
    assert "secret" not in str(assessed.findings[0].text)
    assert isinstance(assessed.crash, ZeroDivisionError)


def test_a_check_that_says_nothing_is_an_error() -> None:
    assert _assessed(_planned([])).verdict is Verdict.ERROR


def test_absent_evidence_is_missing_and_the_check_is_not_called() -> None:
    absent = Absent(reason=Absence.NO_FILE, artifact="thing", detail=text("no file"))
    assessed = _assessed(_planned(AssertionError("called")), absent)
    assert (assessed.verdict, str(assessed.findings[0].text)) == (Verdict.MISSING, "no file")
    assert _assessed(_planned([], pending=True), absent).verdict is Verdict.PENDING
    unreadable = replace(absent, reason=Absence.UNREADABLE)
    assert _assessed(_planned([], pending=True), unreadable).verdict is Verdict.MISSING


def test_evidence_that_nobody_gathered_is_missing() -> None:
    assert assess_one(_planned([]), {}, TODAY).verdict is Verdict.MISSING


def test_a_measurement_without_a_limit_is_an_error() -> None:
    assert _assessed(_planned([Measurement(metric="m")])).verdict is Verdict.ERROR


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        (("met",), "pass"),
        (("met", "not_met", "error", "missing", "pending", "cannot_tell"), "fail"),
        (("met", "error", "missing"), "error"),
        (("met", "missing", "pending"), "missing"),
        (("met", "pending", "cannot_tell"), "pending"),
        (("met", "cannot_tell"), "inconclusive"),
    ],
)
def test_the_verdict_of_a_control_is_its_worst_statement(answers: tuple[str, ...], verdict: str) -> None:
    assert _assessed(_planned([_said(Answered(a)) for a in answers])).verdict == verdict


def test_no_verdicts_join_to_inconclusive() -> None:
    assert joined([]) is Verdict.INCONCLUSIVE


def _rates(cells: dict[tuple[str, str], tuple[int, int]], **spec: object) -> Assessed:
    made = tuple(
        Cell(groups=groups, flags=(flag,), n=n)
        for groups, (people, chosen) in cells.items()
        for flag, n in ((1, chosen), (0, people - chosen))
        if n
    )
    counts = Counts(
        table="t",
        columns=("sex", "region"),
        outcomes=("chosen",),
        cells=made,
        people_known=True,
        rules=SliceRules(by=("sex", "region")),
        source=SOURCE,
        adverse={"chosen": False},
    )
    params = RateGap(table="t", outcome="chosen")
    request = CountsOf(table="t", rates=(Rate(outcome="chosen"),), directed=("chosen",))
    planned = _planned([], limit=Limit(side=Side.AT_MOST, value=Decimal("0.10")), spec=spec)
    assert planned.check is not None
    planned = replace(
        planned,
        params=params,
        requests={"counts": request},
        check=replace(planned.check, measure=rate_gap.measure),
    )
    return assess_one(planned, {request: counts}, TODAY)


EVEN = {
    ("F", "a"): (2000, 1000),
    ("M", "a"): (2000, 1000),
    ("F", "b"): (2000, 1000),
    ("M", "b"): (2000, 1000),
}


def test_equal_slices_pass_with_every_crossing_conclusive() -> None:
    assessed = _rates(EVEN)
    assert (assessed.verdict, assessed.coverage) == (Verdict.PASS, 1.0)


def test_a_small_primary_slice_keeps_a_control_from_passing() -> None:
    assessed = _rates(EVEN | {("F", "c"): (6, 3), ("M", "c"): (6, 3)})
    assert assessed.verdict is Verdict.INCONCLUSIVE
    assert {f.about for f in assessed.findings if f.verdict is Verdict.INCONCLUSIVE and not f.listed} == {
        "region=c"
    }


def test_a_policy_may_list_small_primary_slices() -> None:
    assessed = _rates(
        EVEN | {("F", "c"): (6, 3), ("M", "c"): (6, 3)}, small_slices="list", small_slices_reason="pilot"
    )
    assert assessed.verdict is Verdict.PASS
    assert any(f.listed and f.about == "region=c" for f in assessed.findings)


def test_too_many_people_in_undecided_crossings_keep_a_control_from_passing() -> None:
    # Every declared group is large; a third of the people stand in crossings of fewer than thirty.
    cells = dict(EVEN)
    for number in range(60):
        cells[f"s{number}", f"r{number}"] = (29, 14)
        cells[f"s{number}", "a"] = (29, 15)
        cells["F", f"r{number}"] = (29, 15)
    assessed = _rates(cells)
    assert assessed.coverage is not None
    assert assessed.coverage < 0.80
    assert any(f.reason is Reason.COVERAGE for f in assessed.findings)
    assert assessed.verdict is not Verdict.PASS


def test_a_constant_outcome_is_never_a_pass() -> None:
    assessed = _rates({key: (n, n) for key, (n, _) in EVEN.items()})
    assert (assessed.verdict, assessed.findings[0].reason) == (Verdict.INCONCLUSIVE, Reason.CONSTANT_OUTCOME)


def test_a_listed_finding_never_clears_a_control() -> None:
    assessed = _rates(
        {("F", "a"): (5, 2), ("M", "a"): (5, 3)}, small_slices="list", small_slices_reason="pilot"
    )
    plan = Plan(controls=(assessed.control,), stages=(), not_run=())
    (decided,) = release(plan, [assessed]).controls
    assert assessed.verdict is Verdict.INCONCLUSIVE
    assert decided.disposition is Disposition.UNDETERMINED


def test_zero_controls_are_incomplete() -> None:
    decided = release(Plan(controls=(), stages=(), not_run=()), [])
    assert decided.decision == "incomplete"
    assert "nothing is known" in str(decided.reason)


def test_a_column_of_which_no_slice_could_be_judged_is_not_waved_through_as_small() -> None:
    cells = {("F", "a"): (2000, 1000), ("F", "b"): (2000, 1000), ("M", "a"): (8, 4), ("M", "b"): (8, 4)}
    assessed = _rates(cells, small_slices="list", small_slices_reason="pilot")
    assert assessed.verdict is Verdict.INCONCLUSIVE
    assert {f.scope.columns for f in assessed.findings if f.primary and not f.listed and f.scope} == {
        ("sex",),
        ("region",),
    }


def test_a_control_whose_values_have_no_bounds_is_an_error_and_those_beside_it_are_judged() -> None:
    limit = Limit(side=Side.AT_MOST, value=Decimal("0.10"))
    fair = Measurement(metric="m", depth=1, estimate=miettinen_nurminen(300, 1000, 300, 1000))
    broken = replace(
        fair, estimate=replace(fair.estimate, statistics=(("x1", 9.0), ("n1", 3.0), ("x2", 1.0), ("n2", 3.0)))
    )
    controls = [
        _planned([one], limit=limit, spec={"id": f"X-{place}"})
        for place, one in enumerate((fair, broken, fair))
    ]
    record = Record(data={}, source=SOURCE)
    found = assess(
        Plan(controls=tuple(controls), not_run=(), stages=("evaluation",)), {REQUEST: record}, TODAY
    )
    assert [one.verdict for one in found] == [Verdict.PASS, Verdict.ERROR, Verdict.PASS]
    assert isinstance(found[1].crash, ValueError)
    assert found[0].findings == found[2].findings
    assert found[0] == assess_one(controls[0], {REQUEST: record}, TODAY)
