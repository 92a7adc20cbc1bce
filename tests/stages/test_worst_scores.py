"""AUC and calibration decide what would be decided whoever is not recorded, and whatever their scores, or nothing."""

import random
from collections.abc import Sequence
from typing import TypeAlias

import pytest

from hcgov.core.evidence.scores import UNIT, Histogram, ScoreCell, Scores
from hcgov.core.finding import Finding
from hcgov.core.limit import Limit
from hcgov.core.measurement import Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.stages.evaluation.auc import Auc, auc
from hcgov.stages.evaluation.auc_gap import AucGap, auc_gap
from hcgov.stages.evaluation.calibration_gap import CalibrationGap, calibration_gap
from hcgov.stages.scoring import auc_of_slice, calibration_of_slice
from hcgov.stages.worked import SOURCE, at_least, at_most
from hcgov.stages.worst_scores import area_ends, gap_ends
from hcgov.stats.bounds import lower, upper
from tests.judgement import judging

BINS = 20
Row: TypeAlias = tuple[str | None, float, int]


def histogram(rows: Sequence[Row]) -> Histogram:
    counts = [[0] * BINS for _ in range(4)]
    for _, score, label in rows:
        at = min(int(score * BINS), BINS - 1)
        counts[1 - label][at] += 1
        counts[3 - label][at] += round(score * UNIT)
    one, zero, ones, zeros = (tuple(side) for side in counts)
    return Histogram(positives=one, negatives=zero, positive_totals=ones, negative_totals=zeros)


def scores(
    rows: Sequence[Row], missing: dict[str | None, int] | None = None, *, repeated: bool = False
) -> Scores:
    """Return scores; where people repeat, a row's score says whose it is."""
    cells = []
    for group in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == group]
        buckets = range(32) if repeated else [None]
        for bucket in buckets:
            part = [row for row in own if bucket is None or round(row[1] * UNIT) % 32 == bucket]
            lacking = (missing or {}).get(group, 0) if bucket in (None, 0) else 0
            cells.append(ScoreCell(groups=(group,), rows=histogram(part), missing=lacking, bucket=bucket))
    return Scores(
        table="predictions",
        score="score",
        label="label",
        columns=("sex",),
        bins=BINS,
        low=0.0,
        high=1.0,
        exact=(False,) * BINS,
        outside=0,
        cells=tuple(cells),
        people_known=True,
        rules=SliceRules(by=("sex",), min_people=30),
        source=SOURCE,
    )


def drawn(seed: int, group: str | None, n: int, better: float = 2.0) -> list[Row]:
    draw = random.Random(seed)
    rows: list[Row] = []
    for _ in range(n):
        label = draw.randrange(2)
        score = draw.betavariate(better, 1) if label else draw.betavariate(1, better)
        rows.append((group, score, label))
    return rows


def judged(measured: Sequence[Measurement], limit: Limit) -> dict[str, Finding]:
    return {f.about: f for f in judging.judged([m for m in measured if not m.shown], limit)}


def areas(found: Scores, limit: str, **options: float) -> dict[str, Finding]:
    return judged(list(auc(found, Auc(table="predictions", **options))), at_least(limit))  # type: ignore[arg-type]  # caps


BOTH = [*drawn(1, "F", 800), *drawn(2, "M", 800)]


def test_where_all_is_recorded_there_is_no_worst_case() -> None:
    found = areas(scores(BOTH), "0.70")
    assert {f.verdict for f in found.values()} == {Verdict.PASS}
    assert {f.worst_case for f in found.values()} == {None}


def test_a_pass_survives_the_worst_people_only() -> None:
    bad: list[Row] = [(None, 0.01, 1), (None, 0.99, 0)]
    few, many = areas(scores([*BOTH, *bad * 5]), "0.70"), areas(scores([*BOTH, *bad * 150]), "0.70")
    assert few["sex=F"].verdict is Verdict.PASS
    assert few["sex=F"].worst_case is not None
    assert many["sex=F"].verdict is Verdict.INCONCLUSIVE
    assert many["sex=F"].reason is Reason.MISSING_DEMOGRAPHICS
    # People who fit in can change nothing, however many they are.
    alike = areas(scores([*BOTH, *drawn(3, None, 60)]), "0.70")
    assert alike["sex=F"].verdict is Verdict.PASS


def test_a_fail_survives_the_best_people_only() -> None:
    rows = [*drawn(1, "F", 400, better=1.2), *drawn(2, "M", 400)]
    good: list[Row] = [(None, 0.99, 1), (None, 0.01, 0)]
    assert areas(scores(rows), "0.70")["sex=F"].verdict is Verdict.FAIL
    few, many = areas(scores([*rows, *good * 2]), "0.70"), areas(scores([*rows, *good * 80]), "0.70")
    assert few["sex=F"].verdict is Verdict.FAIL
    assert (many["sex=F"].verdict, many["sex=F"].reason) == (
        Verdict.INCONCLUSIVE,
        Reason.MISSING_DEMOGRAPHICS,
    )


def test_scores_that_are_missing_may_be_anything() -> None:
    few, many = areas(scores(BOTH, {"F": 10}), "0.70"), areas(scores(BOTH, {"F": 75}), "0.78")
    assert few["sex=F"].verdict is Verdict.PASS
    assert areas(scores(BOTH), "0.78")["sex=F"].verdict is Verdict.PASS
    assert (many["sex=F"].verdict, many["sex=F"].reason) == (Verdict.INCONCLUSIVE, Reason.MISSING_OUTCOMES)
    assert many["sex=M"].verdict is Verdict.PASS


@pytest.mark.parametrize("repeated", [False, True])
def test_a_gap_counts_what_is_missing_on_both_sides(repeated: bool) -> None:
    bad: list[Row] = [(None, 0.01, 1), (None, 0.99, 0)]
    params, limit = AucGap(table="predictions"), at_most("0.10")
    rows = [*drawn(1, "F", 1600), *drawn(2, "M", 1600)]
    few = judged(list(auc_gap(scores([*rows, *bad * 2], repeated=repeated), params)), limit)
    many = judged(list(auc_gap(scores([*rows, *bad * 200], repeated=repeated), params)), limit)
    about = "sex=F against sex=M"
    assert (few[about].verdict, few[about].worst_case is None) == (Verdict.PASS, False)
    assert (many[about].verdict, many[about].reason) == (Verdict.INCONCLUSIVE, Reason.MISSING_DEMOGRAPHICS)


def test_calibration_holds_at_the_extremes_or_not_at_all() -> None:
    draw = random.Random(5)

    def honest(group: str | None, n: int) -> list[Row]:
        values = [draw.random() for _ in range(n)]
        return [(group, score, int(draw.random() < score)) for score in values]

    rows, limit = [*honest("F", 1500), *honest("M", 1500)], at_most("0.08")
    promised: list[Row] = [(None, 0.98, 0)]

    def told(found: Scores) -> Finding:
        return judged(list(calibration_gap(found, CalibrationGap(table="predictions"))), limit)["sex=F"]

    assert told(scores(rows)).verdict is Verdict.PASS
    assert told(scores([*rows, *promised * 5])).verdict is Verdict.PASS
    assert told(scores([*rows, *promised * 300])).reason is Reason.MISSING_DEMOGRAPHICS
    assert told(scores(rows, {"F": 150})).reason is Reason.MISSING_OUTCOMES
    # A gap that those who are missing could close is none that anybody can be accused of.
    apart: list[Row] = [(g, min(1.0, s + 0.2) if g == "F" else s, y) for g, s, y in rows]
    assert told(scores(apart)).verdict is Verdict.FAIL
    closing: list[Row] = [(None, 0.01, 1)]
    assert told(scores([*apart, *closing * 300])).reason is Reason.MISSING_DEMOGRAPHICS


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_bounds_of_random_assignments_lie_within_the_extremes(seed: int, repeated: bool) -> None:
    """The extremes are those of the value; its error may be largest elsewhere, by next to nothing."""
    draw = random.Random(seed)
    own, may = drawn(seed, "F", 300), drawn(seed + 9, None, 40, better=1.0)
    (one,) = [
        m for m in auc(scores([*own, *may], repeated=repeated), Auc(table="t")) if str(m.scope) == "sex=F"
    ]
    ends = [e.estimate for e in one.extremes]
    least, most = min(lower(e, 0.95) for e in ends), max(upper(e, 0.95) for e in ends)
    for _ in range(40):
        a, b, c = draw.random(), draw.random(), draw.random()
        chosen = [
            ("F", s, y)
            for _, s, y in may
            if draw.random() < c and ((s <= a if y else s >= b) if draw.random() < 0.7 else c > 0.5)
        ]
        (other,) = [
            m
            for m in auc(scores([*own, *chosen], repeated=repeated), Auc(table="t"))
            if str(m.scope) == "sex=F" and not m.shown
        ]
        assert other.estimate is not None
        assert lower(other.estimate, 0.95) >= least - 1e-3
        assert upper(other.estimate, 0.95) <= most + 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_bounds_at_the_extremes_of_many_tables(seed: int) -> None:
    """Slices of 60 to 800 with 1 to 20 % unrecorded beside them: what the page on binned scores says of bounds."""
    draw = random.Random(seed)
    n, better, repeated = draw.choice((60, 200, 800)), draw.choice((1.5, 2.0, 4.0)), bool(seed % 2)
    own = drawn(seed, "F", n, better)
    may = drawn(
        seed + 999, None, max(1, int(n * draw.choice((0.01, 0.05, 0.2)))), draw.choice((0.5, 1.0, better))
    )
    none, some = scores([*own, *may], repeated=repeated).by(("sex",))
    for ends, value in (
        (area_ends(()), lambda one: auc_of_slice(one, ())),
        (gap_ends(1 / BINS), lambda one: calibration_of_slice(one, 1 / BINS)),
    ):
        known = value(some).estimate
        told = (known, *ends(some, none, known, 0))
        least, most = min(lower(e, 0.95) for e in told), max(upper(e, 0.95) for e in told)
        beyond = []
        for _ in range(250):
            a, b, c = draw.random(), draw.random(), draw.random()
            way = draw.randrange(4)
            by_excess = sorted(may, key=lambda row: (row[1] - row[2]) * (1 if way else -1))
            chosen = (
                by_excess[: int(c * len(may))]
                if way < 2
                else [
                    r for r in may if ((r[1] <= a if r[2] else r[1] >= b) if way == 2 else draw.random() < c)
                ]
            )
            joined = [*own, *(("F", score, label) for _, score, label in chosen)]
            (one,) = scores(joined, repeated=repeated).by(("sex",))
            estimate = value(one).estimate
            assert estimate is not None
            beyond.append(max(least - lower(estimate, 0.95), upper(estimate, 0.95) - most))
        assert max(beyond) <= 5e-4
