"""Slices of a metric that has an error of its own: who is judged alone, and who is compared with whom.

The rules are those of rates: up to eight groups of a column are compared in all ordered pairs, more of them, and
crossings, with everyone else; every declared group, and every crossing of them, is accounted for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.counts import Rate, SliceSums
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Measurement
from hcgov.core.slices import NOT_RECORDED, SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.accounting import accounted, accounted_beside, identifying, reported, slicings
from hcgov.stages.comparing import ALL_PAIRS, TOO_FEW
from hcgov.stages.measuring import (
    Found,
    Valued,
    because,
    extremes,
    extremes_of_pair,
    obstacle,
    unresolved,
)
from hcgov.stages.rates import REST

Compare = Callable[[Valued, Valued], Estimate]
"""From a slice and those it is compared with to an estimate that is worse for the slice the larger it is."""

ERROR_KNOWN = 30
"""People from which on a metric's own error says something, however many more a project or a control asks for."""


def each_alone(found: Found) -> Iterator[Measurement]:
    """Yield every slice's own value, to be judged, and every slice of which nothing can be said."""
    stopped = obstacle(found)
    if stopped is not None:
        yield stopped
        return
    rows = _Rows(found=found)
    if not found.rules.by:
        yield unresolved(found.overall, found) or _judged(found.overall, found)
    yield from identifying(rows, _ROWS, found.metric)
    for columns in slicings(rows, _ROWS):
        yield from accounted(rows, _ROWS, columns, found.metric)
        slices = tuple(found.by(columns))
        yield from _unrecorded(slices, columns, found)
        for one in slices:
            told = unresolved(one, found)
            if told is None and len(slices) == 1 and _nameless(one):
                told = _nobodys(one, found)
            yield _judged(one, found) if told is None else _with_what_is_known(told, one, one.estimate)
    for column in reported(rows, _ROWS):
        yield from accounted_beside(rows, _ROWS, column, found.metric)
        for one in found.by((column,)):
            yield replace(unresolved(one, found) or _judged(one, found), reason=Reason.REPORTED)


def comparisons(found: Found, compare: Compare, *, pairs: bool = True) -> Iterator[Measurement]:
    """Yield every comparison between slices, and every slice of which nothing can be said.

    ``pairs`` compares the groups of a column with one another where they are few; else with everyone else.
    """
    stopped = obstacle(found)
    if stopped is not None:
        yield stopped
        return
    rows = _Rows(found=found)
    yield from identifying(rows, _ROWS, found.metric)
    for columns in slicings(rows, _ROWS):
        yield from accounted(rows, _ROWS, columns, found.metric)
        slices = tuple(found.by(columns))
        yield from _unrecorded(slices, columns, found)
        told = tuple(unresolved(one, found) for one in slices)
        for one, obstacle_ in zip(slices, told, strict=True):
            if obstacle_ is not None:
                yield _with_what_is_known(obstacle_, one, _beside_the_rest(one, found, compare))
        large = tuple(one for one, obstacle_ in zip(slices, told, strict=True) if obstacle_ is None)
        recorded = sum(not _nameless(one) for one in slices)
        if len(slices) == 1 or (len(columns) == 1 and recorded < 2):
            yield from (_alone(one, found, everyone=len(slices) == 1) for one in large)
        elif pairs and len(columns) == 1 and 1 < len(large) <= ALL_PAIRS:
            for one, other in permutations(large, 2):
                yield _compared(one, other, found, compare)
        else:
            for one in large:
                yield _with_the_rest(one, found, compare)
    for column in reported(rows, _ROWS):
        yield from accounted_beside(rows, _ROWS, column, found.metric)
        for one in found.by((column,)):
            told_one = unresolved(one, found) or _with_the_rest(one, found, compare)
            yield replace(told_one, reason=Reason.REPORTED)


@frozen
class _Rows:
    """The rows of every slice, as the rules about groups want them."""

    found: Found

    @property
    def table(self) -> str:
        return self.found.table

    @property
    def rules(self) -> SliceRules:
        return self.found.rules

    def by(self, rate: Rate, columns: tuple[str, ...]) -> tuple[SliceSums, ...]:
        return tuple(
            SliceSums(
                slice=one.group.slice,
                n=one.group.n,
                positives=one.group.n,
                missing=one.missing,
                people=one.group.people,
            )
            for one in self.found.by(columns)
        )


_ROWS = Rate(outcome="rows")
"""All rows in which a metric's parts are recorded, as a rate that is always 1."""


def _judged(one: Valued, found: Found) -> Measurement:
    group = one.group
    return Measurement(
        metric=found.metric,
        scope=group.slice,
        depth=group.slice.depth,
        estimate=one.estimate,
        groups=(group,),
        extremes=extremes(one),
    )


def _compared(one: Valued, other: Valued, found: Found, compare: Compare) -> Measurement:
    return Measurement(
        metric=found.metric,
        scope=one.group.slice,
        against=other.group.slice,
        depth=one.group.slice.depth,
        estimate=compare(one, other),
        groups=(one.group, other.group),
        extremes=extremes_of_pair(one, other, compare),
    )


def _with_the_rest(one: Valued, found: Found, compare: Compare) -> Measurement:
    rest = found.rest(one)
    told = unresolved(rest, found)
    if told is None:
        return _compared(one, rest, found, compare)
    return replace(
        told,
        scope=one.group.slice,
        against=REST,
        depth=one.group.slice.depth,
        groups=(one.group, rest.group),
    )


def _beside_the_rest(one: Valued, found: Found, compare: Compare) -> Estimate | None:
    rest = found.rest(one)
    known = one.estimate is not None and rest.estimate is not None and rest.fewest >= ERROR_KNOWN
    return compare(one, rest) if known and one.fewest >= ERROR_KNOWN else None


def _with_what_is_known(told: Measurement, one: Valued, estimate: Estimate | None) -> Measurement:
    """Let a slice of too few people carry what is known of it: it is not judged, and may not be passed over blindly."""
    known = estimate is not None and estimate.method is not Method.POINT and one.fewest >= ERROR_KNOWN
    return replace(told, estimate=estimate) if known and told.reason in TOO_FEW else told


def _unrecorded(slices: Sequence[Valued], columns: tuple[str, ...], found: Found) -> Iterator[Measurement]:
    """Say that too many rows have no record of who they are about; those people may be in any group."""
    total = sum(one.group.n for one in slices)
    for one in slices:
        if _nameless(one) and one.group.n > found.gaps.groups * total:
            note = text(
                "{n} of {total} {total|row|rows} {n|does|do} not record {column}; at most {share} may not",
                n=one.group.n,
                total=total,
                column=columns[0],
                share=f"{found.gaps.groups:.0%}",
            )
            yield replace(because(one, found, Reason.MISSING_DEMOGRAPHICS, note), groups=())


def _nameless(one: Valued) -> bool:
    values = one.group.slice.values
    return len(values) == 1 and values[0][1] == NOT_RECORDED


def _alone(one: Valued, found: Found, *, everyone: bool) -> Measurement:
    if everyone:
        note = text("everyone is {slice}: there is nobody to compare with", slice=one.group.slice)
        return because(one, found, Reason.UNMATCHED_PAIRS, note)
    note = text(
        "fewer than two groups are recorded: there is nobody to compare {slice} with", slice=one.group.slice
    )
    return because(one, found, Reason.MISSING_DEMOGRAPHICS, note)


def _nobodys(one: Valued, found: Found) -> Measurement:
    note = text("everyone is {slice}: it is not known who belongs to which group", slice=one.group.slice)
    return because(one, found, Reason.MISSING_DEMOGRAPHICS, note)
