"""Metrics of slices that have an error of their own, such as an AUC: what can be judged, and why some cannot.

The rules are those of rates: where too few people or too much unrecorded stand behind a slice, it is named and
not judged.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Extreme, GroupCount, Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.lacking import IN_A_SLICE, Gaps, lack


@frozen
class Unknown:
    """What is not recorded about a slice, and what its metric would be at the extremes of it.

    Parameters
    ----------
    groups
        Whether anybody may belong to it whose group is not recorded.
    outcomes
        Whether the metric cannot read some of its rows.
    both
        Whether it cannot read some of its rows, or of those who may belong to it.
    ends
        From whether groups, and whether outcomes, are taken to be anything, to the metric at the extremes.
    """

    groups: bool
    outcomes: bool
    both: bool
    ends: Callable[[bool, bool], tuple[Estimate, ...]]


@frozen
class Valued:
    """A slice with its metric.

    Parameters
    ----------
    group
        Its rows (``positives``: those whose label is 1) and people.
    missing
        Rows in which something that the metric reads is not recorded.
    fewest
        Distinct people in the smallest part that the metric needs, such as the positives of an AUC.
    estimate
        The metric; ``None`` where it has none, then ``reason`` and ``note`` say why.
    unknown
        What is not recorded about it; ``None`` where all is, or no worst case can be computed.
    """

    group: GroupCount
    missing: int
    fewest: int
    estimate: Estimate | None
    reason: Reason | None = None
    note: Text | None = None
    unknown: Unknown | None = None


@frozen
class Found:
    """A metric of everyone and of every slice.

    Parameters
    ----------
    metric
        Name under which it is measured.
    of
        What must be recorded in a row, for people.
    nobody
        Rows that name no person, where people repeat.
    by
        From a slicing to its slices.
    rest
        From a slice to everyone else.
    """

    metric: str
    table: str
    of: str
    people_known: bool
    nobody: int
    rules: SliceRules
    source: Source
    gaps: Gaps
    overall: Valued
    by: Callable[[tuple[str, ...]], Sequence[Valued]]
    rest: Callable[[Valued], Valued]


def shown(found: Found, metric: str, value: Callable[[Valued], Estimate | None]) -> Iterator[Measurement]:
    """Yield a value of everyone and of every slice, to be shown and not judged."""
    everyone = [found.overall, *(one for by in found.rules.slicings() for one in found.by(by))]
    for one in everyone:
        yield _shown(one, metric, value(one))
    for column in found.rules.report:
        for one in found.by((column,)):
            beside = _shown(one, metric, value(one))
            yield replace(beside, reason=beside.reason or Reason.REPORTED)


def _shown(one: Valued, metric: str, estimate: Estimate | None) -> Measurement:
    return Measurement(
        metric=metric,
        scope=one.group.slice,
        depth=one.group.slice.depth,
        estimate=estimate,
        groups=(one.group,) if one.group.n else (),
        reason=one.reason,
        note=one.note,
        shown=True,
    )


def extremes(one: Valued) -> tuple[Extreme, ...]:
    """Return a slice's own metric at the extremes of what is not recorded; empty where everything is."""
    if one.unknown is None:
        return ()
    return tuple(
        Extreme(estimate=estimate, reason=reason)
        for reason, *kind in _kinds(one)
        for estimate in one.unknown.ends(*kind)
    )


def extremes_of_pair(
    one: Valued, other: Valued, compare: Callable[[Valued, Valued], Estimate]
) -> tuple[Extreme, ...]:
    """Return a comparison at the extremes of what is not recorded on either side; empty where everything is."""
    return tuple(
        Extreme(
            estimate=compare(replace(one, estimate=first), replace(other, estimate=second)), reason=reason
        )
        for reason, *kind in _kinds(one, other)
        for first in _ends(one, *kind)
        for second in _ends(other, *kind)
    )


def _ends(one: Valued, groups: bool, outcomes: bool) -> tuple[Estimate | None, ...]:
    return (one.estimate,) if one.unknown is None else one.unknown.ends(groups, outcomes)


def _kinds(*sides: Valued) -> Iterator[tuple[Reason, bool, bool]]:
    """Yield what may be missing: groups, outcomes, and both where there is more of that than of the two."""
    unknown = [one.unknown for one in sides if one.unknown is not None]
    groups = any(one.groups for one in unknown)
    if groups:
        yield Reason.MISSING_DEMOGRAPHICS, True, False
    if any(one.outcomes for one in unknown):
        yield Reason.MISSING_OUTCOMES, False, True
    if groups and any(one.both or one.outcomes for one in unknown):
        yield Reason.MISSING_OUTCOMES, True, True


def obstacle(found: Found) -> Measurement | None:
    """Return why nothing about a metric can be judged, or ``None``: unknown people, or too little recorded."""
    group = found.overall.group
    told = lack(
        table=found.table,
        outcome=found.of,
        n=group.n,
        missing=found.overall.missing,
        people_known=found.people_known,
        nobody=found.nobody,
        gaps=found.gaps,
    )
    if told is None:
        return None
    return Measurement(metric=found.metric, reason=told[0], note=told[1], groups=(group,))


def unresolved(one: Valued, found: Found) -> Measurement | None:
    """Return why a slice cannot be judged, or ``None``: too few people, too little recorded, or no value.

    Where people would be enough if everything were recorded, it is not small but unknown.
    """
    group, gaps, least = one.group, found.gaps, found.rules.min_people
    small = one.fewest < least
    lacking = small or one.missing > IN_A_SLICE * gaps.outcomes * (group.n + one.missing)
    if lacking and one.fewest + one.missing >= least:
        note = text(
            "{slice}: {missing} of {rows} {rows|row|rows} {missing|has|have} no recorded outcome",
            slice=group.slice,
            missing=one.missing,
            rows=group.n + one.missing,
        )
        return because(one, found, Reason.MISSING_OUTCOMES, note)
    if small:
        return _too_few(one, found)
    if one.estimate is None:
        note = one.note or text("{metric} is undefined for {slice}", metric=found.metric, slice=group.slice)
        return because(one, found, one.reason or Reason.NO_INTERVAL, note)
    return None


def _too_few(one: Valued, found: Found) -> Measurement:
    """Name a slice with too few people: its counts, and what it would need."""
    group, least = one.group, found.rules.min_people
    note = text(
        "{slice}: {people} {people|person|people} in the smallest part that {metric} needs ({n} {n|row|rows}, "
        "{positives} of them "
        "positive); {min_people} {min_people|is|are} needed",
        slice=group.slice,
        people=one.fewest,
        metric=found.metric,
        n=group.n,
        positives=int(group.positives),
        min_people=least,
    )
    rows = group.n if group.people is None else group.people
    reason = Reason.SMALL_N if rows >= group.n or group.n < least else Reason.FEW_PEOPLE
    needed = math.ceil(group.n * (least / one.fewest - 1.0)) if one.fewest else None
    return replace(because(one, found, reason, note), labels_needed=needed)


def because(one: Valued, found: Found, reason: Reason, note: Text) -> Measurement:
    """Return a measurement of a slice of which nothing can be said, with the reason."""
    group = one.group
    return Measurement(
        metric=found.metric,
        scope=group.slice,
        depth=group.slice.depth,
        groups=(group,),
        reason=reason,
        note=note,
    )
