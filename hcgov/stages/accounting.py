"""Every declared slice and group is accounted for: scored, too small to tell, or absent; and no name is two groups."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from hcgov.core.evidence.counts import Rate, SliceSums
from hcgov.core.groups import look_alikes
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.mistake import did_you_mean
from hcgov.core.slices import NOT_RECORDED, Slice, SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import text

MOST_GROUPS = 50
"""From this many groups on, a column whose groups are hardly more than single people identifies them."""

PEOPLE_EACH = 2
"""People (or rows, where people are unknown) that a group has on average in a column that groups them."""


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


def accounted(counts: Sliced, rate: Rate, column: str, metric: str) -> Iterator[Measurement]:
    """Yield what is odd about the groups of a column: declared ones without a row, others, and look-alikes.

    Groups that differ only by case, blanks, invisible marks or Unicode form split people into smaller slices. Had
    they been judged as one, they might have failed; so the column cannot be told, until the data are mended or both
    names are declared.
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
    for one in accounted(counts, rate, column, metric):
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
    return len(groups) >= MOST_GROUPS and people < PEOPLE_EACH * len(groups)


def absent(table: str, scope: Slice, metric: str) -> Measurement:
    """Name a slice that was expected and has no row."""
    return Measurement(
        metric=metric,
        scope=scope,
        depth=1,
        groups=(GroupCount(slice=scope, positives=0, n=0, n_eff=0.0, people=0),),
        reason=Reason.ABSENT_GROUP,
        note=text(
            "{slice}: expected, and no row of `{table}` is in it (n = 0)",
            slice=scope,
            table=table,
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
            "{slice}: {rows} rows are in a group that is not declared for {column}; it is judged as any other{near}",
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
            "{column}: {names} differ only by case, blanks or Unicode form, and divide people into smaller groups; "
            "write them alike, or declare them all under `slices: groups:` if they are different groups",
            column=column,
            names=" and ".join(map(repr, names)),
        ),
    )
