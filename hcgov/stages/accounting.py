"""Every declared slice and group is accounted for: scored, too small to tell, or absent; and no name is two groups."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from hcgov.core.confusables import foreign, named
from hcgov.core.evidence.counts import Rate, SliceSums
from hcgov.core.groups import identify_people, look_alikes
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.mistake import did_you_mean
from hcgov.core.slices import NOT_RECORDED, Slice, SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import text

MOST_ABSENT = 20
"""So many crossings of declared groups without a row are named for each slicing; of more the number is told."""


class Sliced(Protocol):
    """Rows by slice, such as counts, or the slices of a metric that is computed from something else."""

    @property
    def table(self) -> str:
        """Name of the table."""

    @property
    def rules(self) -> SliceRules:
        """The slices of this control."""

    def by(self, rate: Rate, columns: tuple[str, ...]) -> tuple[SliceSums, ...]:
        """Return every slice of a slicing that has any row, ordered by slice."""


def accounted(counts: Sliced, rate: Rate, columns: tuple[str, ...], metric: str) -> Iterator[Measurement]:
    """Yield what is odd about the groups of a column, or which crossings of declared groups no row is in."""
    if len(columns) == 1:
        yield from _groups(counts, rate, columns[0], metric)
    elif all(counts.rules.declared(column) for column in columns):
        yield from _absent_crossings(counts, rate, columns, metric)


def _groups(counts: Sliced, rate: Rate, column: str, metric: str) -> Iterator[Measurement]:
    """Yield what is odd about the groups of a column: declared ones without a row, others, and look-alikes.

    Groups that differ only by case, blanks, invisible marks, Unicode form or letters drawn alike split people into
    smaller slices. Had they been judged as one, they might have failed; so the column cannot be told, until the data
    are mended or both names are declared.
    """
    slices = {sums.slice.values[0][1]: sums for sums in counts.by(rate, (column,))}
    declared = counts.rules.declared(column)
    for name in declared:
        if name not in slices:
            yield absent(counts.table, Slice(values=((column, name),)), metric)
    present = [name for name in slices if name != NOT_RECORDED]
    if declared:
        for name in present:
            if name not in declared:
                yield _undeclared(column, slices[name], declared, metric)
    for alike in look_alikes((*present, *declared)):
        if not set(alike) <= set(declared):
            yield _alike(column, alike, slices, metric)


def _absent_crossings(
    counts: Sliced, rate: Rate, columns: tuple[str, ...], metric: str
) -> Iterator[Measurement]:
    """Yield the crossings of declared groups that have no row, though all that they cross has.

    Where a group, or a crossing of fewer columns, has no row itself, it is named and what it would be crossed with
    is not: that cannot have one either.
    """
    present = _last(counts, rate, columns)
    parts = {
        left: _last(counts, rate, columns[:left] + columns[left + 1 :]) for left in range(len(columns) - 1)
    }
    named = more = 0
    for crossed in _declared_crossings(counts, rate, columns[:-1]):
        known = [part.get(crossed[:left] + crossed[left + 1 :], set()) for left, part in parts.items()]
        for last in sorted(set.intersection(*known) - present.get(crossed, set())):
            if named < MOST_ABSENT:
                scope = Slice(values=tuple(zip(columns, (*crossed, last), strict=True)))
                yield absent(counts.table, scope, metric, depth=len(columns))
                named += 1
            else:
                more += 1
    if more:
        yield _further(columns, named, more, metric)


def _declared_crossings(counts: Sliced, rate: Rate, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the groups of every slice of a slicing that has a row and consists of declared groups."""
    declared = [set(counts.rules.declared(column)) for column in columns]
    for sums in counts.by(rate, columns):
        groups = tuple(value for _, value in sums.slice.values)
        if all(group in names for group, names in zip(groups, declared, strict=True)):
            yield groups


def _last(counts: Sliced, rate: Rate, columns: tuple[str, ...]) -> dict[tuple[str, ...], set[str]]:
    """Return, by the groups of all columns but the last, those of the last that they are crossed with."""
    found: dict[tuple[str, ...], set[str]] = {}
    for *crossed, last in _declared_crossings(counts, rate, columns):
        found.setdefault(tuple(crossed), set()).add(last)
    return found


def identifiers(counts: Sliced, rate: Rate) -> tuple[str, ...]:
    """Return the slice columns that identify people instead of grouping them: nearly every value is another person."""
    return tuple(column for column in counts.rules.columns if _identifies(counts.by(rate, (column,))))


def identifying(counts: Sliced, rate: Rate, metric: str) -> Iterator[Measurement]:
    """Refuse the columns that identify people, each once and by name, instead of a finding for every value.

    One that is only reported is named and holds nothing back.
    """
    for column in identifiers(counts, rate):
        slices = counts.by(rate, (column,))
        refused = Measurement(
            metric=metric,
            scope=Slice(values=((column, "…"),)),
            depth=1,
            reason=Reason.IDENTIFIER,
            note=text(
                "`{column}` has {values} different values in {rows} rows, so it identifies people instead of grouping "
                "them; group its values into fewer, such as bands, or take it out of the slices",
                column=column,
                values=f"{len(slices):,}",
                rows=f"{sum(sums.n + sums.missing for sums in slices):,}",
            ),
        )
        yield refused if column in counts.rules.by else replace(refused, reason=Reason.REPORTED)


def accounted_beside(counts: Sliced, rate: Rate, column: str, metric: str) -> Iterator[Measurement]:
    """Yield what is odd about the groups of a column that is only reported; it is named and holds nothing back."""
    for one in _groups(counts, rate, column, metric):
        yield one if one.shown else replace(one, reason=Reason.REPORTED)


def slicings(counts: Sliced, rate: Rate) -> tuple[tuple[str, ...], ...]:
    """Return the slicings that decide, without those of a column that identifies people."""
    refused = set(identifiers(counts, rate))
    return tuple(columns for columns in counts.rules.slicings() if not refused & set(columns))


def reported(counts: Sliced, rate: Rate) -> tuple[str, ...]:
    """Return the columns that are reported and never decide, without those that identify people."""
    refused = set(identifiers(counts, rate))
    return tuple(column for column in counts.rules.report if column not in refused)


def _identifies(slices: tuple[SliceSums, ...]) -> bool:
    groups = [sums for sums in slices if sums.slice.values[0][1] != NOT_RECORDED]
    people = sum(s.n + s.missing if s.people is None else min(s.people, s.n) + s.missing for s in groups)
    return identify_people(len(groups), people)


def absent(table: str, scope: Slice, metric: str, *, depth: int = 1) -> Measurement:
    """Name a slice that was expected and has no row."""
    return Measurement(
        metric=metric,
        scope=scope,
        depth=depth,
        groups=(GroupCount(slice=scope, positives=0, n=0, n_eff=0.0, people=0),),
        reason=Reason.ABSENT_GROUP,
        note=text(
            "{slice}: expected, and no row of `{table}` is in it (n = 0)",
            slice=scope,
            table=table,
        ),
    )


def _further(columns: tuple[str, ...], named: int, more: int, metric: str) -> Measurement:
    """Tell how many crossings without a row are not named one by one."""
    return Measurement(
        metric=metric,
        scope=Slice(values=tuple((column, "…") for column in columns)),
        depth=len(columns),
        reason=Reason.ABSENT_GROUP,
        note=text(
            "{columns}: beside the {named} that are named, {more} further {more|crossing|crossings} of declared "
            "groups {more|has|have} no row",
            columns=" × ".join(columns),
            named=named,
            more=f"{more:,}",
        ),
    )


def _undeclared(column: str, sums: SliceSums, declared: tuple[str, ...], metric: str) -> Measurement:
    near = did_you_mean(sums.slice.values[0][1], declared)
    return Measurement(
        metric=metric,
        scope=sums.slice,
        depth=1,
        reason=Reason.UNDECLARED_GROUP,
        note=text(
            "{slice}: {rows} {rows|row is|rows are} in a group that is not declared for {column}; the group is "
            "judged as any other{near}",
            slice=sums.slice,
            rows=sums.n + sums.missing,
            column=column,
            near=f" ({near})" if near else "",
        ),
        shown=True,
    )


def _alike(column: str, names: tuple[str, ...], slices: dict[str, SliceSums], metric: str) -> Measurement:
    found = [slices[name] for name in names if name in slices]
    return Measurement(
        metric=metric,
        scope=Slice(values=((column, names[0]),)),
        depth=1,
        groups=tuple(
            GroupCount(slice=s.slice, positives=s.positives, n=s.n, n_eff=float(s.n), people=s.people)
            for s in found
        ),
        reason=Reason.LOOK_ALIKE,
        note=text(
            "{column}: {names} differ only by case, blanks, Unicode form or letters that are drawn alike, and divide "
            "people into smaller groups; write them alike, or declare them all under `slices: groups:` if they are "
            "different groups",
            column=column,
            names=" and ".join(map(_told_apart, names)),
        ),
    )


def _told_apart(name: str) -> str:
    """Return a name in quotes, with the letters that cannot be told from others on paper."""
    letters = ", ".join(map(named, foreign(name)))
    return f"{name!r} (with {letters})" if letters else repr(name)
