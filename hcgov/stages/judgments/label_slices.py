"""Slices of people who judge: a value of everyone and of every group, for the rules about groups; on numpy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE, NOT_RECORDED, Slice, SliceRules
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import AnnotationParams
from hcgov.stages.judgments.arrays import as_array
from hcgov.stages.measuring import Found, Valued
from hcgov.stages.rates import REST
from hcgov.stats.agreement.judged import Bools, Ints

Value = Callable[[Bools], Estimate | None]
"""From some of the rows to their value; ``None`` where they give none."""


@dataclass(frozen=True, kw_only=True)
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

    def found(self, *, cross: int | None = None) -> Found:
        """Return the value of everyone and of every slice; ``cross`` lowers how deep columns are crossed."""
        rules = self.rules if cross is None else self.rules.model_copy(update={"cross": cross})
        everyone = np.ones(self.rows.size, dtype=np.bool_)
        known: dict[tuple[str, ...], tuple[Valued, ...]] = {}

        def by(columns: tuple[str, ...]) -> tuple[Valued, ...]:
            if columns not in known:
                known[columns] = tuple(self._valued(*one) for one in self._slices(columns))
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
        if not self.long.rules.by:
            yield Measurement(
                metric=self.metric,
                reason=Reason.MISSING_DEMOGRAPHICS,
                note=text("no column says which groups people belong to, so that there is nobody to compare"),
            )

    def _slices(self, columns: tuple[str, ...]) -> Iterator[tuple[Slice, Bools]]:
        codes = [as_array(self.long.groups[column])[self.rows] for column in columns]
        names = [(*self.long.groups[column].names, NOT_RECORDED) for column in columns]
        sizes = [len(one) for one in names]
        joint = np.ravel_multi_index(
            [np.where(code < 0, size - 1, code) for code, size in zip(codes, sizes, strict=True)], sizes
        )
        present = np.flatnonzero(np.bincount(joint, minlength=int(np.prod(sizes))))
        for cell in sorted(
            present, key=lambda c: [n[int(i)] for n, i in zip(names, np.unravel_index(c, sizes), strict=True)]
        ):
            place = np.unravel_index(int(cell), sizes)
            values = tuple(
                (column, name[int(i)]) for column, name, i in zip(columns, names, place, strict=True)
            )
            yield Slice(values=values), joint == cell

    def _valued(self, scope: Slice, mask: Bools, missing: int = 0) -> Valued:
        self.masks[scope] = mask
        n, people = int(mask.sum()), int(np.unique(self.people[mask]).size)
        estimate = self.value(mask) if n else None
        group = GroupCount(
            slice=scope,
            positives=float(self.positives[mask].sum()),
            n=n,
            n_eff=float(n) if estimate is None else estimate.n_eff,
            people=people,
        )
        return Valued(group=group, missing=missing, fewest=people, estimate=estimate)
