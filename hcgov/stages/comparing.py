"""Who is compared with whom.

The rules are those of the family judge: up to eight resolvable groups of a column are compared in all ordered
pairs, more of them with everyone else; crossings are always compared with everyone else. A slice with too few
people enters no pair; it is named with its counts and what it would need.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import permutations

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Counts, Rate, SliceSums
from hcgov.core.measurement import Extreme, GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.accounting import absent, accounted, accounted_beside, identifying, reported, slicings
from hcgov.stages.lacking import Gaps
from hcgov.stages.missing import NOBODY, Compare, Counted, PartlyRecorded, of_pair, of_rate
from hcgov.stages.rates import (
    REST,
    complement,
    count,
    count_rest,
    counted,
    enough,
    few_clusters,
    obstacle,
    show,
    too_few,
    unrecorded,
    unresolved,
)
from hcgov.stats.proportions import rate as rate_estimate

ALL_PAIRS = 8
TOO_FEW = (Reason.SMALL_N, Reason.FEW_PEOPLE)
"""Why a slice is not judged although its counts say something."""


def comparisons(
    counts: Counts, rate: Rate, *, metric: str, compare: Compare, gaps: Gaps
) -> Iterator[Measurement]:
    """Yield every comparison of a rate between slices, and every slice too small to be compared.

    Parameters
    ----------
    compare
        From the counts of a slice and of those it is compared with to an estimate that is worse for the
        slice the further it lies beyond the control's limit.
    """
    yield from _by_slicing(counts, rate, metric, gaps, compare, pairs=True)


def with_everyone_else(
    counts: Counts, rate: Rate, *, metric: str, compare: Compare, gaps: Gaps
) -> Iterator[Measurement]:
    """Yield the comparison of every slice with everyone else, and every slice too small to be compared."""
    yield from _by_slicing(counts, rate, metric, gaps, compare, pairs=False)


def against_the_rest(
    counts: Counts, rate: Rate, scope: Slice, *, metric: str, compare: Compare, gaps: Gaps
) -> Iterator[Measurement]:
    """Yield the comparison of one slice with everyone else, or why there is none.

    It stands in the family of primary slices, whatever its depth: somebody chose it.
    """
    overall, everyone = counts.overall(rate), counted(counts, rate, scope.columns)
    own = tuple(one for one in everyone if one[0].slice == scope)
    if not own:
        yield absent(counts.table, scope, metric)
    for sums, group in own:
        told = unresolved(sums, group, metric, counts, gaps)
        if told is not None:
            yield replace(told, depth=1)
        else:
            yield from _with_the_rest(
                counts, overall, ((sums, group),), PartlyRecorded(everyone), metric, 1, compare
            )


def each_alone(counts: Counts, rate: Rate, *, metric: str, gaps: Gaps) -> Iterator[Measurement]:
    """Yield every slice's own rate, to be judged, and every slice too small for it."""
    overall = counts.overall(rate)
    stopped = obstacle(counts, rate, metric, gaps)
    if stopped is not None:
        yield stopped
        return
    yield show(count(overall, overall), metric)
    yield from identifying(counts, rate, metric)
    for columns in slicings(counts, rate):
        yield from accounted(counts, rate, columns, metric)
        slices = counts.by(rate, columns)
        yield from unrecorded(slices, columns, metric, gaps)
        everyone = counted(counts, rate, columns)
        partly = PartlyRecorded(everyone)
        for sums, group in everyone:
            if (told := unresolved(sums, group, metric, counts, gaps)) is not None:
                small = told.reason in TOO_FEW and group.n
                yield replace(told, estimate=_rate(group)) if small else told
                continue
            if len(slices) == 1 and sums.slice.values == ((columns[0], NOT_RECORDED),):
                yield _nobodys(group, metric)
                continue
            yield Measurement(
                metric=metric,
                scope=sums.slice,
                depth=len(columns),
                estimate=_rate(group),
                groups=(group,),
                extremes=of_rate((sums, group), partly.may_belong(sums.slice)),
            )
    for column in reported(counts, rate):
        yield from accounted_beside(counts, rate, column, metric)
        for _, group in counted(counts, rate, (column,)):
            yield replace(show(group, metric), reason=Reason.REPORTED, shown=False)


def _by_slicing(
    counts: Counts, rate: Rate, metric: str, gaps: Gaps, compare: Compare, *, pairs: bool
) -> Iterator[Measurement]:
    stopped = obstacle(counts, rate, metric, gaps)
    if stopped is not None:
        yield stopped
        return
    overall = counts.overall(rate)
    yield from identifying(counts, rate, metric)
    for columns in slicings(counts, rate):
        depth = len(columns)
        yield from accounted(counts, rate, columns, metric)
        yield from unrecorded(counts.by(rate, columns), columns, metric, gaps)
        everyone = counted(counts, rate, columns)
        told = tuple(unresolved(sums, group, metric, counts, gaps) for sums, group in everyone)
        for (sums, group), few in zip(everyone, told, strict=True):
            if few is not None:
                yield _with_what_is_known(few, sums, group, overall, compare)
        partly = PartlyRecorded(everyone)
        large = tuple(one for one, obstacle_ in zip(everyone, told, strict=True) if obstacle_ is None)
        if len(everyone) == 1 or (depth == 1 and _recorded(everyone) < 2):
            for _, group in large:
                yield _alone(group, metric, depth, everyone=len(everyone) == 1)
        elif pairs and depth == 1 and 1 < len(large) <= ALL_PAIRS:
            for one, other in permutations(large, 2):
                yield _pair(one, other, partly, metric, compare)
        else:
            yield from _with_the_rest(counts, overall, large, partly, metric, depth, compare)
    for column in reported(counts, rate):
        yield from accounted_beside(counts, rate, column, metric)
        yield from _reported(counts, rate, column, metric, compare)


def _reported(
    counts: Counts, rate: Rate, column: str, metric: str, compare: Compare
) -> Iterator[Measurement]:
    """Compare the groups of a secondary column with everyone else, to be shown with their intervals and not judged."""
    overall = counts.overall(rate)
    for sums, group in counted(counts, rate, (column,)):
        rest = count_rest(sums, overall)
        if enough(group, counts) and enough(rest, counts):
            yield replace(_compared(group, rest, metric, 1, compare), reason=Reason.REPORTED)
        else:
            yield replace(too_few(group, metric, 1, counts.rules.min_people), reason=Reason.REPORTED)


def _with_what_is_known(
    told: Measurement, sums: SliceSums, group: GroupCount, overall: SliceSums, compare: Compare
) -> Measurement:
    """Let a slice of too few people carry its comparison: it is not judged, and may not be passed over blindly."""
    rest = count_rest(sums, overall)
    if told.reason not in TOO_FEW or not group.n or not rest.n:
        return told
    return replace(told, estimate=compare(group, rest))


def _with_the_rest(
    counts: Counts,
    overall: SliceSums,
    large: tuple[Counted, ...],
    partly: PartlyRecorded,
    metric: str,
    depth: int,
    compare: Compare,
) -> Iterator[Measurement]:
    for sums, group in large:
        unknown = partly.may_belong(group.slice)
        if sums.crowd is None and unknown is NOBODY and not overall.missing:
            rest = count_rest(sums, overall)
            if enough(
                rest, counts
            ):  # nearly everyone's case: all is recorded, and each row is another person
                yield _compared(group, rest, metric, depth, compare)
                continue
        others = complement(sums, overall)
        rest = count(others, overall)
        told = few_clusters(others, rest, metric)
        if enough(rest, counts) and told is None:
            extremes = of_pair((sums, group), (others, rest), unknown, compare, elsewhere=False)
            yield _compared(group, rest, metric, depth, compare, extremes)
        else:
            yield replace(
                told or too_few(rest, metric, depth, counts.rules.min_people),
                depth=depth,
                scope=group.slice,
                against=REST,
                groups=(group, rest),
            )


def _pair(one: Counted, other: Counted, partly: PartlyRecorded, metric: str, compare: Compare) -> Measurement:
    """Compare two groups of a column; whoever is not recorded may belong to either of them."""
    known = NOT_RECORDED not in (one[1].slice.values[0][1], other[1].slice.values[0][1])
    unknown = partly.may_belong(one[1].slice) if known else NOBODY
    extremes = of_pair(one, other, unknown, compare, elsewhere=True)
    return _compared(one[1], other[1], metric, 1, compare, extremes)


def _compared(
    one: GroupCount,
    other: GroupCount,
    metric: str,
    depth: int,
    compare: Compare,
    extremes: tuple[Extreme, ...] = (),
) -> Measurement:
    estimate = compare(one, other)
    return Measurement.of(
        metric, one.slice, other.slice, estimate, (one, other), depth, None, None, None, False, extremes
    )


def _recorded(slices: Iterable[Counted]) -> int:
    """Count the groups that are recorded: those whose group nobody wrote down are no group to compare with."""
    return sum(sums.slice.values[0][1] != NOT_RECORDED for sums, _ in slices)


def _alone(group: GroupCount, metric: str, depth: int, *, everyone: bool) -> Measurement:
    """Say that a column knows one group only; ``everyone`` where all are in it, else others have no record."""
    reason = Reason.UNMATCHED_PAIRS if everyone else Reason.MISSING_DEMOGRAPHICS
    note = (
        text("everyone is {slice}: there is nobody to compare with", slice=group.slice)
        if everyone
        else text(
            "fewer than two groups are recorded: there is nobody to compare {slice} with", slice=group.slice
        )
    )
    return Measurement(
        metric=metric, scope=group.slice, depth=depth, groups=(group,), reason=reason, note=note
    )


def _nobodys(group: GroupCount, metric: str) -> Measurement:
    """Say that a column of groups holds nothing: a rate of everyone would pass for that of every group."""
    return Measurement(
        metric=metric,
        scope=group.slice,
        depth=1,
        groups=(group,),
        reason=Reason.MISSING_DEMOGRAPHICS,
        note=text("everyone is {slice}: it is not known who belongs to which group", slice=group.slice),
    )


def _rate(group: GroupCount) -> Estimate:
    return rate_estimate(group.positives, group.n, n_eff=group.n_eff, people=group.people)
