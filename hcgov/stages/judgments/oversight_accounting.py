"""The groups behind a metric of judgments: declared ones without a row, look-alikes, and columns that identify people.

On numpy; the rules are those of rates (:mod:`hcgov.stages.accounting`).
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from hcgov.core.evidence.counts import Rate, SliceSums
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Measurement
from hcgov.core.slices import NOT_RECORDED, Slice, SliceRules
from hcgov.stages.accounting import accounted, accounted_beside, identifiers, identifying
from hcgov.stages.judgments.arrays import Bools, as_array
from hcgov.stats.crossed import Codes, ranked

_ROWS = Rate(outcome="rows")
"""All rows that count, as a rate that is always 1."""


@frozen
class Groups:
    """Rows that count, by group of people.

    Parameters
    ----------
    long
        The table, with the groups of every row.
    people
        Person of each row, shape (rows,); negative for nobody.
    used
        The rows that count, shape (rows,).
    """

    long: Long
    people: Codes
    used: Bools

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.long.table

    @property
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

    def by(self, rate: Rate, columns: tuple[str, ...]) -> tuple[SliceSums, ...]:
        """Return every slice of a slicing that has a row which counts."""
        if columns not in self._counted:
            self._counted[columns] = self._sums(columns)
        return self._counted[columns]

    @cached_property
    def _counted(self) -> dict[tuple[str, ...], tuple[SliceSums, ...]]:
        return {}

    def _sums(self, columns: tuple[str, ...]) -> tuple[SliceSums, ...]:
        names = [(*self.long.groups[column].names, NOT_RECORDED) for column in columns]
        joint = np.zeros(int(self.used.sum()), dtype=np.int64)
        for column, known in zip(columns, names, strict=True):
            code = as_array(self.long.groups[column])[self.used]
            joint = joint * len(known) + np.where(code < 0, len(known) - 1, code)
        sizes, people = [len(known) for known in names], self.people[self.used]
        cells, place = ranked(joint)
        rows = np.bincount(place, minlength=cells.size)
        named = people >= 0
        pairs = place[named] * (int(people.max(initial=0)) + 1) + people[named]
        who = np.bincount(ranked(pairs)[0] // (int(people.max(initial=0)) + 1), minlength=cells.size).tolist()
        found = []
        for number, cell in enumerate(cells.tolist()):
            at = np.unravel_index(cell, sizes)
            values = tuple((c, n[int(i)]) for c, n, i in zip(columns, names, at, strict=True))
            found.append(
                SliceSums(
                    slice=Slice(values=values),
                    n=int(rows[number]),
                    positives=int(rows[number]),
                    missing=0,
                    people=int(who[number]),
                )
            )
        return tuple(sorted(found, key=lambda sums: sums.slice.values))

    def refused(self) -> frozenset[str]:
        """Return the slice columns that identify people instead of grouping them."""
        return frozenset(identifiers(self, _ROWS))

    def odd(self, metric: str) -> Iterator[Measurement]:
        """Yield what forbids slices: columns that identify people."""
        yield from identifying(self, _ROWS, metric)

    def lacking(self, columns: tuple[str, ...], metric: str, *, told: set[Slice]) -> Iterator[Measurement]:
        """Yield declared groups and crossings without a row that counts, and names that look alike.

        Absent slices that are ``told`` already are left out.
        """
        yield from _untold(accounted(self, _ROWS, columns, metric), told)

    def lacking_beside(self, column: str, metric: str, *, told: set[Slice]) -> Iterator[Measurement]:
        """Yield the same of a column that is only reported."""
        yield from _untold(accounted_beside(self, _ROWS, column, metric), told)


def _untold(found: Iterator[Measurement], told: set[Slice]) -> Iterator[Measurement]:
    return (one for one in found if one.scope not in told or any(group.n for group in one.groups))
