"""From counts to comparisons: who is compared with whom, and who is too few to be compared.

The rules are those of the family judge: up to eight resolvable groups of a column are compared in all ordered
pairs, more of them with everyone else; crossings are always compared with everyone else. A slice with too few
people enters no pair; it is named with its counts and what it would need.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import permutations

from pydantic import Field

from hcgov.core.check import Params
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Counts, Rate, SliceSums
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED, Slice, SliceChoice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stats.clusters import design_effect
from hcgov.stats.proportions import rate as rate_estimate

ALL_PAIRS = 8
REST = Slice(rest_of=True)
Compare = Callable[[GroupCount, GroupCount], Estimate]


class RateParams(Params):
    """What every check on rates by slice takes."""

    table: str = Field(description="Table artifact with one row per decision, or aggregated counts.")
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    max_missing: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest share of rows without a recorded outcome.",
        json_schema_extra={"stricter": "lower"},
    )


def count(sums: SliceSums, overall: SliceSums) -> GroupCount:
    """Return the counts of a slice with the independent observations they are worth.

    Where people repeat, rows are deflated by the design effect of people's buckets; where every row of the
    slice has the same outcome its own variance says nothing, and the design effect of everyone is taken.
    """
    n_eff = float(sums.n)
    if sums.clusters and sums.n:
        parent = design_effect((n, y) for _, n, y in overall.clusters).deff
        n_eff = design_effect(((n, y) for _, n, y in sums.clusters), fallback_deff=parent).n_eff
        if sums.people is not None and sums.positives in (0, sums.n):
            # A constant slice shows no spread between people; it is worth its people at most. Rows without a
            # person are one cluster, so that nobody at all is still worth one observation.
            n_eff = min(n_eff, float(max(sums.people, 1)))
    return GroupCount(slice=sums.slice, positives=sums.positives, n=sums.n, n_eff=n_eff, people=sums.people)


def complement(sums: SliceSums, overall: SliceSums) -> SliceSums:
    """Return everyone but a slice; people who stand on both sides are left to the slice."""
    inside = {bucket: (n, y) for bucket, n, y in sums.clusters}
    rest = ((b, n - inside.get(b, (0, 0))[0], y - inside.get(b, (0, 0))[1]) for b, n, y in overall.clusters)
    return SliceSums(
        slice=REST,
        n=overall.n - sums.n,
        positives=overall.positives - sums.positives,
        missing=overall.missing - sums.missing,
        people=None
        if sums.people is None or overall.people is None
        else max(0, overall.people - sums.people),
        clusters=tuple((b, n, y) for b, n, y in rest if n),
    )


def shown(counts: Counts, rate: Rate, metric: str) -> Iterator[Measurement]:
    """Yield the rate of everyone and of every slice, to be shown and not judged."""
    overall = counts.overall(rate)
    yield _shown(overall, overall, metric)
    for columns in counts.rules.slicings():
        for sums in counts.by(rate, columns):
            yield _shown(sums, overall, metric)


def _shown(sums: SliceSums, overall: SliceSums, metric: str) -> Measurement:
    group = count(sums, overall)
    estimate = None
    if group.n:
        estimate = rate_estimate(group.positives, group.n, n_eff=group.n_eff, people=group.people)
    return Measurement(
        metric=metric,
        scope=sums.slice,
        depth=sums.slice.depth,
        estimate=estimate,
        groups=(group,),
        shown=True,
    )


def obstacle(counts: Counts, rate: Rate, metric: str, max_missing: float) -> Measurement | None:
    """Return why nothing about a rate can be judged, or ``None``: unknown people, no outcome, one outcome only."""
    overall = counts.overall(rate)
    recorded = overall.n + overall.missing
    reason, note = None, None
    if overall.n == 0:
        reason = Reason.MISSING_OUTCOMES
        note = text("no row of `{table}` has a recorded {outcome}", table=counts.table, outcome=name(rate))
    elif overall.missing > max_missing * recorded:
        reason = Reason.MISSING_OUTCOMES
        note = text(
            "{missing} of {rows} rows have no recorded {outcome}; at most {share} may be missing",
            missing=overall.missing,
            rows=recorded,
            outcome=name(rate),
            share=f"{max_missing:.0%}",
        )
    elif not counts.people_known:
        reason = Reason.FEW_PEOPLE
        note = text(
            "it is not known which rows of `{table}` are the same person; name a `person` column, "
            "or say `unit: person` where each row is a different person",
            table=counts.table,
        )
    elif overall.positives in (0, overall.n):
        reason = Reason.CONSTANT_OUTCOME
        note = text(
            "all {n} recorded values of {outcome} are the same; that says nothing about people",
            n=overall.n,
            outcome=name(rate),
        )
    if reason is None:
        return None
    return Measurement(metric=metric, reason=reason, note=note, groups=(count(overall, overall),))


def comparisons(
    counts: Counts, rate: Rate, *, metric: str, compare: Compare, max_missing: float
) -> Iterator[Measurement]:
    """Yield every comparison of a rate between slices, and every slice too small to be compared.

    Parameters
    ----------
    compare
        From the counts of a slice and of those it is compared with to an estimate that is worse for the
        slice the further it lies beyond the control's limit.
    """
    yield from _by_slicing(counts, rate, metric, max_missing, compare, pairs=True)


def with_everyone_else(
    counts: Counts, rate: Rate, *, metric: str, compare: Compare, max_missing: float
) -> Iterator[Measurement]:
    """Yield the comparison of every slice with everyone else, and every slice too small to be compared."""
    yield from _by_slicing(counts, rate, metric, max_missing, compare, pairs=False)


def each_alone(counts: Counts, rate: Rate, *, metric: str, max_missing: float) -> Iterator[Measurement]:
    """Yield every slice's own rate, to be judged, and every slice too small for it."""
    overall = counts.overall(rate)
    stopped = obstacle(counts, rate, metric, max_missing)
    if stopped is not None:
        yield stopped
        return
    yield _shown(overall, overall, metric)
    for columns in counts.rules.slicings():
        slices = counts.by(rate, columns)
        for sums in slices:
            group = count(sums, overall)
            if not _enough(group, counts):
                yield too_few(group, metric, len(columns), counts.rules.min_people)
                continue
            if len(slices) == 1 and sums.slice.values == ((columns[0], NOT_RECORDED),):
                yield _nobodys(group, metric)
                continue
            estimate = rate_estimate(group.positives, group.n, n_eff=group.n_eff, people=group.people)
            yield Measurement(
                metric=metric, scope=sums.slice, depth=len(columns), estimate=estimate, groups=(group,)
            )


def _by_slicing(
    counts: Counts, rate: Rate, metric: str, max_missing: float, compare: Compare, *, pairs: bool
) -> Iterator[Measurement]:
    stopped = obstacle(counts, rate, metric, max_missing)
    if stopped is not None:
        yield stopped
        return
    overall = counts.overall(rate)
    for columns in counts.rules.slicings():
        depth = len(columns)
        everyone = tuple((sums, count(sums, overall)) for sums in counts.by(rate, columns))
        large = tuple((sums, group) for sums, group in everyone if _enough(group, counts))
        for _, group in everyone:
            if not _enough(group, counts):
                yield too_few(group, metric, depth, counts.rules.min_people)
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
        if _enough(rest, counts):
            yield _compared(group, rest, metric, depth, compare)
        else:
            yield replace(
                too_few(rest, metric, depth, counts.rules.min_people),
                scope=group.slice,
                against=REST,
                groups=(group, rest),
            )


def _enough(group: GroupCount, counts: Counts) -> bool:
    return group.people is not None and group.people >= counts.rules.min_people


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


def too_few(group: GroupCount, metric: str, depth: int, min_people: int) -> Measurement:
    """Name a slice with too few people: its counts, and what it would need."""
    people = group.people or 0
    per_person = group.n / people if people else 1.0
    note = text(
        "{slice}: {people} people in the denominator ({positives} with the outcome); {min_people} are needed",
        slice=group.slice,
        people=people,
        positives=int(group.positives),
        min_people=min_people,
    )
    return Measurement(
        metric=metric,
        scope=group.slice,
        depth=depth,
        groups=(group,),
        reason=Reason.SMALL_N if group.n < min_people else Reason.FEW_PEOPLE,
        note=note,
        labels_needed=max(1, math.ceil((min_people - people) * per_person)),
    )


def name(rate: Rate) -> str:
    """Return a rate's name for people, for example ``prediction where label = 0``."""
    given = " and ".join(f"{outcome} = {value}" for outcome, value in rate.given)
    return f"`{rate.outcome}` where {given}" if given else f"`{rate.outcome}`"
