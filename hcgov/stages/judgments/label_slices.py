"""Slices of people who judge: a value of everyone and of every group, for the rules about groups; on numpy."""

from collections.abc import Callable, Iterator
from dataclasses import field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.groups import identify_people
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE, NOT_RECORDED, Slice, SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import AnnotationParams
from hcgov.stages.judgments.arrays import as_array
from hcgov.stages.measuring import Found, Valued
from hcgov.stages.rates import REST
from hcgov.stats.agreement.judged import Bools, Ints
from hcgov.stats.crossed import different, distinct

Value = Callable[[Bools], Estimate | None]
"""From some of the rows to their value; ``None`` where they give none."""


@frozen
class LabelSlices:
    """Rows with a person each, sliced by what describes the person.

    Parameters
    ----------
    long, params
        The table and what a check asks of it.
    rows
        Rows of the table that count, shape (n,).
    people
        Person of each of them, from 0.
    positives
        Which of them are counted as positive; all where the value is no share.
    value
        The value of some of them.
    metric, of
        Name of the metric; what must be recorded in a row, for people.
    missing
        Rows of the table in which that is not recorded.
    """

    long: Long
    params: AnnotationParams
    rows: Ints
    people: Ints
    positives: Bools
    value: Value
    metric: str
    of: str
    missing: int = 0
    masks: dict[Slice, Bools] = field(default_factory=dict)

    @cached_property
    def rules(self) -> SliceRules:
        """The slices of which the table has the columns."""
        rules, has = self.long.rules, self.long.groups
        return rules.model_copy(
            update={
                "by": tuple(column for column in rules.by if column in has),
                "report": tuple(column for column in rules.report if column in has),
                "groups": {column: names for column, names in rules.groups.items() if column in has},
            }
        )

    @cached_property
    def identifying(self) -> frozenset[str]:
        """Columns that identify people: they are refused, and no value of their many groups is worked out."""
        found = set()
        for column in self.rules.columns:
            n, _, people = self._sizes(column)
            if identify_people(int(np.count_nonzero(n[:-1])), int(np.minimum(n, people)[:-1].sum())):
                found.add(column)
        return frozenset(found)

    @property
    def grouping(self) -> tuple[str, ...]:
        """Columns that decide and group people."""
        return tuple(column for column in self.rules.by if column not in self.identifying)

    def found(self, *, cross: int | None = None, identifying: bool = True) -> Found:
        """Return the value of everyone and of every slice.

        ``cross`` lowers how deep columns are crossed; without ``identifying`` the columns that identify people are
        left out, which does for values that are only shown.
        """
        rules = self.rules if cross is None else self.rules.model_copy(update={"cross": cross})
        if not identifying:
            report = tuple(column for column in rules.report if column not in self.identifying)
            rules = rules.model_copy(update={"by": self.grouping, "report": report})
        everyone = np.ones(self.rows.size, dtype=np.bool_)
        known: dict[tuple[str, ...], tuple[Valued, ...]] = {}

        def by(columns: tuple[str, ...]) -> tuple[Valued, ...]:
            if columns not in known:
                known[columns] = (
                    tuple(self._counted(columns[0]))
                    if len(columns) == 1 and columns[0] in self.identifying
                    else tuple(self._valued(*one) for one in self._slices(columns))
                )
            return known[columns]

        return Found(
            metric=self.metric,
            table=self.long.table,
            of=self.of,
            people_known=True,
            nobody=0,
            rules=rules,
            source=self.long.source,
            gaps=self.params.gaps,
            overall=self._valued(EVERYONE, everyone, self.missing),
            by=by,
            rest=lambda one: self._valued(REST, ~self.masks[one.group.slice]),
        )

    def lacking(self) -> Iterator[Measurement]:
        """Name the columns of the slices that the table does not have, and say where there are none at all."""
        for column in self.long.rules.by:
            if column not in self.long.groups:
                yield Measurement(
                    metric=self.metric,
                    scope=Slice(values=((column, NOT_RECORDED),)),
                    depth=1,
                    reason=Reason.MISSING_DEMOGRAPHICS,
                    note=text(
                        "`{table}` does not say the {column} of anyone", table=self.long.table, column=column
                    ),
                )
            else:
                yield from self._unheard(column)
        if not self.long.rules.by:
            yield Measurement(
                metric=self.metric,
                reason=Reason.MISSING_DEMOGRAPHICS,
                note=text("no column says which groups people belong to, so that there is nobody to compare"),
            )

    def _unheard(self, column: str) -> Iterator[Measurement]:
        """Name the groups that judged and none of whose judgments counts; declared ones are named elsewhere."""
        found = self.long.groups[column]
        every = as_array(found)
        counted = {int(code) for code in np.unique(every[self.rows])}
        for code in np.unique(every[every >= 0]).tolist():
            name = found.names[code]
            if code not in counted and name not in self.long.rules.declared(column):
                yield Measurement(
                    metric=self.metric,
                    scope=Slice(values=((column, name),)),
                    depth=1,
                    reason=Reason.ABSENT_GROUP,
                    note=text(
                        "{column}={name}: none of the judgments of its people can be compared",
                        column=column,
                        name=name,
                    ),
                )

    def _slices(self, columns: tuple[str, ...]) -> Iterator[tuple[Slice, Bools]]:
        codes = [as_array(self.long.groups[column])[self.rows] for column in columns]
        names = [(*self.long.groups[column].names, NOT_RECORDED) for column in columns]
        sizes = [len(one) for one in names]
        joint = np.ravel_multi_index(
            [np.where(code < 0, size - 1, code) for code, size in zip(codes, sizes, strict=True)], sizes
        )
        present = different(joint)
        for cell in sorted(
            present, key=lambda c: [n[int(i)] for n, i in zip(names, np.unravel_index(c, sizes), strict=True)]
        ):
            place = np.unravel_index(int(cell), sizes)
            values = tuple(
                (column, name[int(i)]) for column, name, i in zip(columns, names, place, strict=True)
            )
            yield Slice(values=values), joint == cell

    def _sizes(self, column: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return rows, positive rows and people of each name of a column, and of those without one."""
        size = len(self.long.groups[column].names) + 1
        codes = as_array(self.long.groups[column])[self.rows].astype(np.int64)
        codes[codes < 0] = size - 1
        base = int(self.people.max(initial=0)) + 1
        people = np.bincount(different(codes * base + self.people) // base, minlength=size)
        positives = np.bincount(codes[self.positives], minlength=size)
        return np.bincount(codes, minlength=size), positives, people

    def _counted(self, column: str) -> Iterator[Valued]:
        """Yield the groups of a column, only counted."""
        names = (*self.long.groups[column].names, NOT_RECORDED)
        n, positives, people = self._sizes(column)
        for code in np.flatnonzero(n).tolist():
            group = GroupCount(
                slice=Slice(values=((column, names[code]),)),
                positives=float(positives[code]),
                n=int(n[code]),
                n_eff=float(n[code]),
                people=int(people[code]),
            )
            yield Valued(group=group, missing=0, fewest=int(people[code]), estimate=None)

    def _valued(self, scope: Slice, mask: Bools, missing: int = 0) -> Valued:
        self.masks[scope] = mask
        n, people = int(mask.sum()), distinct(self.people[mask])
        estimate = self.value(mask) if n else None
        group = GroupCount(
            slice=scope,
            positives=float(self.positives[mask].sum()),
            n=n,
            n_eff=float(n) if estimate is None else estimate.n_eff,
            people=people,
        )
        return Valued(group=group, missing=missing, fewest=people, estimate=estimate)
