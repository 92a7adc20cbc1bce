"""A metric of one stage for everyone, for every rater that is held against people, and for every slice of people."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE, NOT_RECORDED, Slice
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.contrasting import each_alone
from hcgov.stages.judgments.arrays import as_array
from hcgov.stages.judgments.personal_rows import Bools, Ints, StageRows, Why
from hcgov.stages.lacking import Gaps
from hcgov.stages.measuring import Found, Valued, unresolved


@frozen
class Told:
    """What is known of a metric over some rows.

    Parameters
    ----------
    n, positives, people
        Rows, those with the outcome, and distinct people behind the smallest part that is needed.
    estimate, reason, note
        The metric, or why there is none.
    """

    n: int
    people: int
    estimate: Estimate | None
    positives: float = 0.0
    reason: Reason | None = None
    note: Text | None = None


def lacking(n: int, people: int, why: Why) -> Told:
    """Return that there is no metric, and why."""
    return Told(n=n, people=people, estimate=None, reason=why[0], note=why[1])


def nothing(metric: str, why: Why, scope: Slice = EVERYONE) -> Measurement:
    """Return a measurement of which nothing can be said."""
    return Measurement(metric=metric, scope=scope, depth=scope.depth, reason=why[0], note=why[1])


def measured(
    rows: StageRows, metric: str, of: str, told: Callable[[Bools], Told], gaps: Gaps, *, rater: str = ""
) -> Iterator[Measurement]:
    """Yield the metric of everyone, to be judged, and of every slice of people.

    Parameters
    ----------
    rows
        The rows that it is about.
    of
        What has to be recorded in a row, for people.
    told
        From some of the rows to the metric.
    rater
        The rater that is held against people, where there are several; it becomes part of every scope.
    """
    found = _found(rows, metric, of, told, gaps)
    yield _of_rater(unresolved(found.overall, found) or _judged(found.overall, metric), rater)
    for column in rows.long.rules.by:
        if column not in rows.long.groups:
            note = text("`{table}` does not tell the `{column}` of people", table=found.table, column=column)
            scope = Slice(values=((column, NOT_RECORDED),))
            yield _of_rater(nothing(metric, (Reason.MISSING_DEMOGRAPHICS, note), scope), rater)
    if found.rules.columns:
        yield from (_of_rater(one, rater) for one in each_alone(found) if one.scope != EVERYONE)


def _judged(one: Valued, metric: str) -> Measurement:
    return Measurement(metric=metric, estimate=one.estimate, groups=(one.group,))


def _of_rater(one: Measurement, rater: str) -> Measurement:
    """Return a measurement whose scope and counts name the rater; without one, the measurement as it is."""
    if not rater:
        return one

    def named(slice_: Slice) -> Slice:
        return slice_ if slice_.rest_of else Slice(values=(("rater", rater), *slice_.values))

    return replace(
        one,
        scope=named(one.scope),
        depth=max(one.depth, 1),
        groups=tuple(replace(group, slice=named(group.slice)) for group in one.groups),
    )


def _found(rows: StageRows, metric: str, of: str, told: Callable[[Bools], Told], gaps: Gaps) -> Found:
    long = rows.long
    known = [column for column in long.rules.by if column in long.groups]
    beside = [column for column in long.rules.report if column in long.groups]
    rules = long.rules.model_copy(update={"by": tuple(known), "report": tuple(beside)})

    def valued(mask: Bools, scope: Slice) -> Valued:
        one = told(mask)
        n_eff = float(one.n) if one.estimate is None else one.estimate.n_eff
        group = GroupCount(slice=scope, positives=one.positives, n=one.n, n_eff=n_eff, people=one.people)
        return Valued(
            group=group,
            missing=0 if scope.values else rows.unread,
            fewest=one.people,
            estimate=one.estimate,
            reason=one.reason,
            note=one.note,
        )

    @cache
    def by(columns: tuple[str, ...]) -> tuple[Valued, ...]:
        return tuple(valued(mask, scope) for scope, mask in _slices(rows, columns))

    def rest(one: Valued) -> Valued:
        mask = np.ones(rows.index.size, dtype=np.bool_)
        for scope, own in _slices(rows, one.group.slice.columns):
            if scope == one.group.slice:
                mask &= ~own
        return valued(mask, Slice(rest_of=True))

    return Found(
        metric=metric,
        table=long.table,
        of=of,
        people_known=True,
        nobody=int((rows.people < 0).sum()),
        rules=rules,
        source=long.source,
        gaps=gaps,
        overall=valued(np.ones(rows.index.size, dtype=np.bool_), EVERYONE),
        by=by,
        rest=rest,
    )


def _slices(rows: StageRows, columns: tuple[str, ...]) -> Iterator[tuple[Slice, Bools]]:
    """Yield every slice of a slicing that has any row, in the order of their names."""
    names = [(*rows.long.groups[column].names, NOT_RECORDED) for column in columns]
    coded = [_groups(rows, column) for column in columns]
    if not rows.index.size:
        return
    stacked, place = np.unique(np.stack(coded, axis=1), axis=0, return_inverse=True)
    found = []
    for at, combination in enumerate(stacked.tolist()):
        values = tuple((c, n[k]) for c, n, k in zip(columns, names, combination, strict=True))
        found.append((Slice(values=values), np.asarray(place.reshape(-1) == at)))
    yield from sorted(found, key=lambda one: one[0])


def _groups(rows: StageRows, column: str) -> Ints:
    group = rows.long.groups[column]
    own = as_array(group)[rows.index].astype(np.int64)
    return np.where(own < 0, len(group.names), own)
