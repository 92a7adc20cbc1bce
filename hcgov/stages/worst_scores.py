"""AUC and calibration of slices at the extremes of what is not recorded: groups of people, scores and labels.

Who is not recorded may move a value and never makes it surer: an extreme is worth the smaller of what the recorded
rows are worth and what they are worth with those who join. Nor is the standard error of a calibration gap ever
smaller there than from what is recorded.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import TypeAlias

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.scores import UNIT, Histogram, SideCount, SliceScores, no_rows, together
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.stages.measuring import Unknown
from hcgov.stages.rates import REST
from hcgov.stats.auc import BinnedAuc, area, binned_auc
from hcgov.stats.calibration import in_the_large
from hcgov.stats.jackknife import delete_a_group
from hcgov.stats.means import student
from hcgov.stats.shares import share, worth
from hcgov.stats.worst_scores import highest_mean, lowest_area

Ends: TypeAlias = Callable[[SliceScores, SliceScores, Estimate, int], tuple[Estimate, ...]]
"""From a slice, who may belong to it, its estimate and the rows that lack a score or a label, to the extremes."""

_Sides: TypeAlias = tuple[Sequence[int], Sequence[int]]


class PartlyScored:
    """The rows of one slicing of which some group is not recorded, by what is recorded of them."""

    def __init__(self, slices: Sequence[SliceScores]) -> None:
        self._by_values = {
            values: one
            for one in slices
            if NOT_RECORDED in (values := tuple(value for _, value in one.slice.values))
        }

    def may_belong(self, slice_: Slice) -> SliceScores | None:
        """Return who may belong to a slice but is not recorded; ``None`` where nobody may."""
        if not self._by_values or any(value == NOT_RECORDED for _, value in slice_.values):
            return None
        agreeing = product(*((value, NOT_RECORDED) for _, value in slice_.values))
        found = [one for values in agreeing if (one := self._by_values.get(values)) is not None]
        return _pooled(found) if found else None


def unknown_of(
    one: SliceScores, may: SliceScores | None, estimate: Estimate | None, ends: Ends
) -> Unknown | None:
    """Return what is not recorded about a slice; ``None`` where all is, or the slice has no value."""
    return _unknown(one, one, may, estimate, ends)


def unknown_of_rest(
    rest: SliceScores, may: SliceScores | None, estimate: Estimate | None, ends: Ends
) -> Unknown | None:
    """Return what is not recorded about everyone outside a slice, among whom those who may belong to it stand."""
    return _unknown(rest, rest if may is None else outside(may, rest), may, estimate, ends)


def _unknown(
    one: SliceScores, certain: SliceScores, may: SliceScores | None, estimate: Estimate | None, ends: Ends
) -> Unknown | None:
    if estimate is None or not (one.missing or may is not None):
        return None
    nobody = SliceScores(slice=one.slice, rows=no_rows(len(one.rows.positives)), missing=0, people=None)

    @cache
    def extremes(groups: bool, outcomes: bool) -> tuple[Estimate, ...]:
        base, others = (certain, may or nobody) if groups else (one, nobody)
        missing = base.missing + others.missing if outcomes else 0
        return ends(base, others, estimate, missing) if missing or others.rows.n else (estimate,)

    return Unknown(
        groups=may is not None,
        outcomes=one.missing > 0,
        both=may is not None and one.missing + may.missing > 0,
        ends=extremes,
    )


def outside(one: SliceScores, overall: SliceScores) -> SliceScores:
    """Return everyone but a slice; people who stand on both sides are left to the slice."""
    inside = dict(one.clusters)
    left = (
        (bucket, rows.minus(inside[bucket]) if bucket in inside else rows)
        for bucket, rows in overall.clusters
    )
    people = None
    if one.people is not None and overall.people is not None:
        people = SideCount(
            people=max(0, overall.people.people - one.people.people),
            positives=max(0, overall.people.positives - one.people.positives),
            negatives=max(0, overall.people.negatives - one.people.negatives),
        )
    return SliceScores(
        slice=REST,
        rows=overall.rows.minus(one.rows),
        missing=overall.missing - one.missing,
        people=people,
        clusters=tuple((bucket, rows) for bucket, rows in left if rows.n),
    )


def area_ends(exact: Sequence[bool]) -> Ends:
    """Return how to find the lowest and the highest AUC of a slice."""

    def ends(base: SliceScores, may: SliceScores, known: Estimate, missing: int) -> tuple[Estimate, ...]:
        return tuple(_furthest_area(base, may, known, missing, exact, flip=flip) for flip in (False, True))

    return ends


def gap_ends(width: float) -> Ends:
    """Return how to find the extremes of how far the mean score of a slice lies from its rate, and 0 between them."""

    def ends(base: SliceScores, may: SliceScores, known: Estimate, missing: int) -> tuple[Estimate, ...]:
        found = [_furthest_mean(base, may, known, missing, width, sign=sign) for sign in (1, -1)]
        (high, *error), (low, *_) = found
        values = [(abs(high), error), (abs(low), found[1][1:])]
        if low < 0.0 < high:
            values.append((0.0, [max(one[1] for one in found), min(one[2] for one in found)]))
        n = base.rows.n + may.rows.n + missing
        return tuple(
            student(value, se or None, df, n=n, people=known.people, low=0.0, high=1.0, aim=0.0)
            for value, (se, df) in values
        )

    return ends


def _furthest_area(
    base: SliceScores, may: SliceScores, known: Estimate, missing: int, exact: Sequence[bool], *, flip: bool
) -> Estimate:
    """Return the lowest AUC; or, with the bins in reverse, the highest."""
    same = (exact or (False,) * len(base.rows.positives))[:: -1 if flip else 1]
    cut = lowest_area(_sides(base.rows, flip), _sides(may.rows, flip), same, missing)

    def joined(own: Histogram, others: Histogram) -> tuple[list[int], list[int]]:
        (p, n), (u, v) = _sides(own, flip), _sides(others, flip)
        return (
            [
                0,
                *(
                    a + (b if at < cut.positives_below else 0)
                    for at, (a, b) in enumerate(zip(p, u, strict=True))
                ),
                0,
            ],
            [
                0,
                *(
                    a + (b if at >= cut.negatives_from else 0)
                    for at, (a, b) in enumerate(zip(n, v, strict=True))
                ),
                0,
            ],
        )

    rows = joined(base.rows, may.rows)
    rows[0][0], rows[1][-1] = cut.ones, missing - cut.ones
    found = binned_auc(*rows, (True, *same, True))
    if found is None:
        raise ValueError("a slice whose area is known has both labels")
    size = min(known.statistic("n"), _size(found, rows, base, may, joined))
    value = 1.0 - found.value if flip else found.value
    return share(value, size, n=sum(map(sum, rows)), people=known.people, error=found.error)


def _size(
    found: BinnedAuc,
    rows: _Sides,
    base: SliceScores,
    may: SliceScores,
    joined: Callable[[Histogram, Histogram], tuple[list[int], list[int]]],
) -> float:
    """Return what an extreme area is worth, by the jackknife where people repeat."""
    people = base.people
    fewest = max(1, 0 if people is None else min(people.positives, people.negatives))
    variance, df = found.variance, None
    if base.clusters:
        own, others, nobody = dict(base.clusters), dict(may.clusters), no_rows(len(base.rows.positives))
        without = []
        for bucket in sorted({*own, *others}):
            gone = joined(own.get(bucket, nobody), others.get(bucket, nobody))
            left = [[a - b for a, b in zip(*pair, strict=True)] for pair in zip(rows, gone, strict=True)]
            without.append(area(*left))
        values = [value for value in without if value is not None]
        jackknifed = delete_a_group(found.value, values) if len(values) == len(without) else None
        if jackknifed is None:
            return 1.0
        variance, df = max(jackknifed.variance, variance or 0.0), jackknifed.df
    return worth(found.value, variance, fewest=fewest, most=float(sum(map(sum, rows))), df=df)


def _furthest_mean(
    base: SliceScores, may: SliceScores, known: Estimate, missing: int, width: float, *, sign: int
) -> tuple[float, float, float]:
    """Return the highest mean of score minus label, or the lowest for a sign of -1, its error and its freedom."""
    own, others = base.rows, may.rows
    total = sign * ((sum(own.positive_totals) + sum(own.negative_totals)) / UNIT - own.events)
    candidates = [
        (n, sign * (sums / UNIT - label * n))
        for label, counts, totals in (
            (1, others.positives, others.positive_totals),
            (0, others.negatives, others.negative_totals),
        )
        for n, sums in zip(counts, totals, strict=True)
    ]
    # A row without a score or a label may be promised everything and have nothing, or the reverse.
    mean, taken = highest_mean(own.n + missing, total + missing, candidates, width)

    def joined(mine: Histogram, more: Histogram) -> Histogram:
        bins = range(len(mine.positives))
        ones, zeros = [at in taken for at in bins], [at + len(bins) in taken for at in bins]
        return mine.plus(
            Histogram(
                positives=_kept(more.positives, ones),
                negatives=_kept(more.negatives, zeros),
                positive_totals=_kept(more.positive_totals, ones),
                negative_totals=_kept(more.negative_totals, zeros),
            )
        )

    mine, more, nobody = dict(base.clusters), dict(may.clusters), no_rows(len(own.positives))
    clusters = [joined(mine.get(b, nobody), more.get(b, nobody)) for b in sorted({*mine, *more})]
    found = in_the_large(joined(own, others), [one for one in clusters if one.n], width)
    statistics = dict(known.statistics)
    if found is None or found.se is None or "se" not in statistics:
        return sign * min(mean, 1.0), 0.0, 0.0
    return sign * min(mean, 1.0), max(found.se, statistics["se"]), min(found.df, statistics["df"])


def _sides(rows: Histogram, flip: bool) -> _Sides:
    step = -1 if flip else 1
    return rows.positives[::step], rows.negatives[::step]


def _kept(counts: Sequence[int], chosen: Sequence[bool]) -> tuple[int, ...]:
    return tuple(count if keep else 0 for count, keep in zip(counts, chosen, strict=True))


def _pooled(found: Sequence[SliceScores]) -> SliceScores:
    if len(found) == 1:
        return found[0]
    bins, buckets = len(found[0].rows.positives), dict[int, Histogram]()
    for one in found:
        for bucket, rows in one.clusters:
            buckets[bucket] = buckets[bucket].plus(rows) if bucket in buckets else rows
    sides = [one.people for one in found if one.people is not None]
    return SliceScores(
        slice=found[0].slice,
        rows=together((one.rows for one in found), bins),
        missing=sum(one.missing for one in found),
        people=SideCount(
            people=sum(side.people for side in sides),
            positives=sum(side.positives for side in sides),
            negatives=sum(side.negatives for side in sides),
        )
        if len(sides) == len(found)
        else None,
        clusters=tuple(sorted(buckets.items(), key=lambda pair: pair[0])),
    )
