"""Metrics of slices that have an error of their own, such as an AUC: what can be judged, and why some cannot.

The rules are those of rates: where too few people or too much unrecorded stand behind a slice, it is named and
not judged.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.source import Source
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.rates import IN_A_SLICE, Gaps


@dataclass(frozen=True, kw_only=True)
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
    """

    group: GroupCount
    missing: int
    fewest: int
    estimate: Estimate | None
    reason: Reason | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
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
        yield Measurement(
            metric=metric,
            scope=one.group.slice,
            depth=one.group.slice.depth,
            estimate=value(one),
            groups=(one.group,) if one.group.n else (),
            reason=one.reason,
            note=one.note,
            shown=True,
        )


def obstacle(found: Found) -> Measurement | None:
    """Return why nothing about a metric can be judged, or ``None``: unknown people, or too little recorded."""
    group, gaps = found.overall.group, found.gaps
    rows = group.n + found.overall.missing
    reason, note = Reason.MISSING_OUTCOMES, None
    if group.n == 0:
        note = text("no row of `{table}` has a recorded {outcome}", table=found.table, outcome=found.of)
    elif found.overall.missing > gaps.outcomes * rows:
        note = text(
            "{missing} of {rows} rows have no recorded {outcome}; at most {share} may be missing",
            missing=found.overall.missing,
            rows=rows,
            outcome=found.of,
            share=f"{gaps.outcomes:.0%}",
        )
    elif not found.people_known:
        reason = Reason.FEW_PEOPLE
        note = text(
            "it is not known which rows of `{table}` are the same person; name a `person` column, "
            "or say `unit: person` where each row is a different person",
            table=found.table,
        )
    elif found.nobody > gaps.outcomes * group.n:
        reason = Reason.FEW_PEOPLE
        note = text(
            "{nobody} of {rows} rows name no person; at most {share} may not",
            nobody=found.nobody,
            rows=group.n,
            share=f"{gaps.outcomes:.0%}",
        )
    if note is None:
        return None
    return Measurement(metric=found.metric, reason=reason, note=note, groups=(group,))


def unresolved(one: Valued, found: Found) -> Measurement | None:
    """Return why a slice cannot be judged, or ``None``: too few people, too little recorded, or no value."""
    group, gaps = one.group, found.gaps
    if one.fewest < found.rules.min_people:
        return _too_few(one, found)
    if one.missing > IN_A_SLICE * gaps.outcomes * (group.n + one.missing):
        note = text(
            "{slice}: {missing} of {rows} rows have no recorded outcome",
            slice=group.slice,
            missing=one.missing,
            rows=group.n + one.missing,
        )
        return because(one, found, Reason.MISSING_OUTCOMES, note)
    if one.estimate is None:
        note = one.note or text("{metric} is undefined for {slice}", metric=found.metric, slice=group.slice)
        return because(one, found, one.reason or Reason.NO_INTERVAL, note)
    return None


def _too_few(one: Valued, found: Found) -> Measurement:
    """Name a slice with too few people: its counts, and what it would need."""
    group, least = one.group, found.rules.min_people
    note = text(
        "{slice}: {people} people in the smallest part that {metric} needs ({n} rows, {positives} of them "
        "positive); {min_people} are needed",
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
