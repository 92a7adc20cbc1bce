"""Who is compared with whom.

The rules are those of the family judge: up to eight resolvable groups of a column are compared in all ordered
pairs, more of them with everyone else; crossings are always compared with everyone else. A slice with too few
people enters no pair; it is named with its counts and what it would need.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import permutations

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Counts, Rate, SliceSums
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.rates import (
    REST,
    Gaps,
    complement,
    count,
    enough,
    obstacle,
    show,
    too_few,
    unrecorded,
    unresolved,
)
from hcgov.stats.proportions import rate as rate_estimate

ALL_PAIRS = 8
Compare = Callable[[GroupCount, GroupCount], Estimate]


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


def each_alone(counts: Counts, rate: Rate, *, metric: str, gaps: Gaps) -> Iterator[Measurement]:
    """Yield every slice's own rate, to be judged, and every slice too small for it."""
    overall = counts.overall(rate)
    stopped = obstacle(counts, rate, metric, gaps)
    if stopped is not None:
        yield stopped
        return
    yield show(overall, overall, metric)
    for columns in counts.rules.slicings():
        slices = counts.by(rate, columns)
        yield from unrecorded(slices, columns, metric, gaps)
        for sums in slices:
            group = count(sums, overall)
            if (told := unresolved(sums, group, metric, counts, gaps)) is not None:
                yield told
                continue
            if len(slices) == 1 and sums.slice.values == ((columns[0], NOT_RECORDED),):
                yield _nobodys(group, metric)
                continue
            estimate = rate_estimate(group.positives, group.n, n_eff=group.n_eff, people=group.people)
            yield Measurement(
                metric=metric, scope=sums.slice, depth=len(columns), estimate=estimate, groups=(group,)
            )


def _by_slicing(
    counts: Counts, rate: Rate, metric: str, gaps: Gaps, compare: Compare, *, pairs: bool
) -> Iterator[Measurement]:
    stopped = obstacle(counts, rate, metric, gaps)
    if stopped is not None:
        yield stopped
        return
    overall = counts.overall(rate)
    for columns in counts.rules.slicings():
        depth = len(columns)
        everyone = tuple((sums, count(sums, overall)) for sums in counts.by(rate, columns))
        yield from unrecorded(tuple(sums for sums, _ in everyone), columns, metric, gaps)
        told = tuple(unresolved(sums, group, metric, counts, gaps) for sums, group in everyone)
        yield from (one for one in told if one is not None)
        large = tuple(one for one, obstacle_ in zip(everyone, told, strict=True) if obstacle_ is None)
        if len(everyone) == 1 or (depth == 1 and _recorded(everyone) < 2):
            for _, group in large:
                yield _alone(group, metric, depth, everyone=len(everyone) == 1)
        elif pairs and depth == 1 and 1 < len(large) <= ALL_PAIRS:
            for (_, one), (_, other) in permutations(large, 2):
                yield _compared(one, other, metric, depth, compare)
        else:
            yield from _with_the_rest(counts, overall, large, metric, depth, compare)


def _with_the_rest(
    counts: Counts,
    overall: SliceSums,
    large: tuple[tuple[SliceSums, GroupCount], ...],
    metric: str,
    depth: int,
    compare: Compare,
) -> Iterator[Measurement]:
    for sums, group in large:
        rest = count(complement(sums, overall), overall)
        if enough(rest, counts):
            yield _compared(group, rest, metric, depth, compare)
        else:
            yield replace(
                too_few(rest, metric, depth, counts.rules.min_people),
                scope=group.slice,
                against=REST,
                groups=(group, rest),
            )


def _compared(one: GroupCount, other: GroupCount, metric: str, depth: int, compare: Compare) -> Measurement:
    return Measurement(
        metric=metric,
        scope=one.slice,
        against=other.slice,
        depth=depth,
        estimate=compare(one, other),
        groups=(one, other),
    )


def _recorded(slices: Iterable[tuple[SliceSums, GroupCount]]) -> int:
    """Count the groups that are recorded: those whose group nobody wrote down are no group to compare with."""
    return sum(sums.slice.values[0][1] != NOT_RECORDED for sums, _ in slices)


def _alone(group: GroupCount, metric: str, depth: int, *, everyone: bool) -> Measurement:
    """Say that a column knows one group only; ``everyone`` where all are in it, else others have no record."""
    reason = Reason.UNMATCHED_PAIRS if everyone else Reason.MISSING_DEMOGRAPHICS
    template = (
        "everyone is {slice}: there is nobody to compare with"
        if everyone
        else "fewer than two groups are recorded: there is nobody to compare {slice} with"
    )
    return Measurement(
        metric=metric,
        scope=group.slice,
        depth=depth,
        groups=(group,),
        reason=reason,
        note=text(template, slice=group.slice),
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
