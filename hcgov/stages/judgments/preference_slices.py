"""Groups of the people who judged: who is there, who is too few, and whose group nobody wrote down."""

from collections.abc import Callable, Iterator

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Rate, SliceSums
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import NOT_RECORDED, Slice, SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.accounting import accounted
from hcgov.stages.judgments.arrays import Bools, as_array
from hcgov.stats.preferences.contests import Codes

MOST_UNRECORDED = 0.20
"""With more rows whose person's group is not recorded, those people may be anyone, and the column cannot be told."""


@frozen
class Group:
    """People who share a value.

    Parameters
    ----------
    rows
        Places of their rows in the table.
    people
        How many they are.
    """

    slice: Slice
    rows: Codes
    people: int


def groups_of(long: Long, column: str, people: Codes, used: Bools) -> tuple[Group, ...]:
    """Return the groups of a column that have any of the rows ``used``; those not recorded are none of them."""
    return groups_at(long, column, people, np.flatnonzero(used)) if column in long.groups else ()


def groups_at(long: Long, column: str, people: Codes, rows: Codes) -> tuple[Group, ...]:
    """Return the groups of a column among the rows in these places."""
    names = long.groups[column].names
    group = as_array(long.groups[column])[rows]
    made = []
    for code in np.unique(group[group >= 0]):
        own = rows[group == code]
        persons = people[own]
        distinct = int(np.unique(persons[persons >= 0]).size)
        made.append(Group(slice=Slice(values=((column, names[int(code)]),)), rows=own, people=distinct))
    return tuple(made)


def group_codes(long: Long, column: str) -> Codes:
    """Return the group of each row's person, -1 where it is not recorded."""
    return as_array(long.groups[column])


def unknown_groups(long: Long, metric: str, used: Bools) -> Iterator[Measurement]:
    """Yield what is not known of people's groups: all of it, too much of it, or groups that nobody is in."""
    if not long.rules.by:
        yield Measurement(
            metric=metric,
            depth=1,
            reason=Reason.MISSING_DEMOGRAPHICS,
            note=text("no groups of people are declared, so that an average could hide any of them"),
        )
    for column in long.rules.by:
        if column not in long.groups:
            note = text("`{table}` does not say the {column} of anyone", table=long.table, column=column)
            yield _unknown(metric, column, note)
            continue
        rows = int(used.sum())
        lacking = int((used & (as_array(long.groups[column]) < 0)).sum())
        if lacking > MOST_UNRECORDED * rows:
            note = text(
                "{n} of {total} {total|row|rows} {n|does|do} not record {column}; at most {share} may not",
                n=lacking,
                total=rows,
                column=column,
                share=f"{MOST_UNRECORDED:.0%}",
            )
            yield _unknown(metric, column, note)
        yield from accounted(_Rows(long=long, used=used), _RATE, (column,), metric)


def each_group(
    long: Long, metric: str, people: Codes, used: Bools, value: Callable[[Group], Estimate]
) -> Iterator[Measurement]:
    """Yield a value of every group of every column that decides, and what is not known of groups."""
    yield from unknown_groups(long, metric, used)
    for column in long.rules.by:
        for group in groups_of(long, column, people, used):
            yield few(group, metric, long) or judged(group, metric, value(group))


def few(group: Group, metric: str, long: Long) -> Measurement | None:
    """Return that a group has too few people, or ``None``."""
    least = long.rules.min_people
    if group.people >= least:
        return None
    rows = int(group.rows.size)
    return Measurement(
        metric=metric,
        scope=group.slice,
        depth=1,
        groups=(GroupCount(slice=group.slice, positives=0.0, n=rows, n_eff=0.0, people=group.people),),
        reason=Reason.FEW_PEOPLE,
        note=text(
            "{slice}: {people} {people|person|people}; at least {least} are needed",
            slice=group.slice,
            people=group.people,
            least=least,
        ),
        labels_needed=max(int(rows * (least / max(group.people, 1) - 1.0)), 1),
    )


def judged(group: Group, metric: str, estimate: Estimate) -> Measurement:
    """Return the measurement of one group."""
    return Measurement(
        metric=metric, scope=group.slice, depth=1, estimate=estimate, groups=(count(group, estimate),)
    )


def count(group: Group, estimate: Estimate) -> GroupCount:
    """Return the counts behind a share of one group."""
    return GroupCount(
        slice=group.slice,
        positives=(estimate.value or 0.0) * estimate.n,
        n=estimate.n,
        n_eff=estimate.n_eff,
        people=group.people,
    )


def _unknown(metric: str, column: str, note: Text) -> Measurement:
    return Measurement(
        metric=metric,
        scope=Slice(values=((column, NOT_RECORDED),)),
        depth=1,
        reason=Reason.MISSING_DEMOGRAPHICS,
        note=note,
    )


_RATE = Rate(outcome="rows")


@frozen
class _Rows:
    """The rows of every group, as the rules about groups want them."""

    long: Long
    used: Bools

    @property
    def table(self) -> str:
        return self.long.table

    @property
    def rules(self) -> SliceRules:
        return self.long.rules

    def by(self, rate: Rate, columns: tuple[str, ...]) -> tuple[SliceSums, ...]:
        column = self.long.groups[columns[0]]
        n = np.bincount(as_array(column)[self.used & (as_array(column) >= 0)], minlength=len(column.names))
        return tuple(
            SliceSums(
                slice=Slice(values=((columns[0], name),)),
                n=int(rows),
                positives=int(rows),
                missing=0,
                people=None,
            )
            for name, rows in zip(column.names, n, strict=True)
            if rows
        )
