"""Measurements of judgments by slice, with what stands in the way of each; on numpy."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE, NOT_RECORDED, Slice
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools, as_array, codes
from hcgov.stages.judgments.oversight import JudgedParams
from hcgov.stages.judgments.oversight_accounting import Groups
from hcgov.stages.judgments.oversight_columns import repeated
from hcgov.stages.lacking import IN_A_SLICE
from hcgov.stats.clusters import FEWEST
from hcgov.stats.crossed import Rows, distinct, ranked


@frozen
class Metric:
    """A value of some rows of a table, for everyone and for every slice.

    Parameters
    ----------
    name
        Name under which it is measured.
    of
        The rows that count, for people: `right suggestions that were shown`.
    rows
        People and items of all rows of the table.
    used
        The rows that count, shape (rows,).
    value
        From the rows of a slice that count to its estimate.
    events
        Rows with the outcome, to be counted; none for a value that is no share.
    units
        What ``rows.people`` are, in the plural: annotators, users, items.
    few
        Fewest of them for everyone.
    lacking
        Rows that would count if everything about them were recorded; none if left out.
    most_lacking
        Largest share of them beside the rows that count; four times as much in a single slice.
    """

    name: str
    of: str
    rows: Rows
    used: Bools
    value: Callable[[Bools], Estimate]
    events: Bools | None = None
    units: str = "annotators"
    few: int = FEWEST
    lacking: Bools | None = None
    most_lacking: float = 1.0


def by_slice(
    long: Long, metric: Metric, params: JudgedParams, *, shown: bool = False
) -> Iterator[Measurement]:
    """Yield a metric of everyone and of every slice; only that of everyone where it cannot be told.

    Slices of fewer people than the project asks for are named and not judged. People whose group is not recorded are
    a slice of their own that is shown, and too many of them leave the whole column undecided. Every declared group, and
    every group of which the table has any row, is accounted for.
    """
    nobody, used = int((metric.rows.people[metric.used] < 0).sum()), int(metric.used.sum())
    if nobody > params.max_missing * used:
        note = text(
            "{nobody} of {used} {used|row|rows} of `{table}` {nobody|says|say} not whose {nobody|it is|they are}",
            nobody=nobody,
            used=used,
            table=long.table,
        )
        yield Measurement(metric=metric.name, reason=Reason.FEW_PEOPLE, note=note, shown=shown)
        return
    everyone = _of(long, metric, EVERYONE, np.ones(long.rows, dtype=np.bool_), shown=shown)
    yield everyone
    if everyone.estimate is None and everyone.reason is not None:
        return
    groups = Groups(long=long, people=metric.rows.people, used=metric.used)
    yield from () if shown else groups.odd(metric.name)
    refused = groups.refused()
    for by in long.rules.slicings():
        if refused & set(by):
            continue
        if all(column in long.groups for column in by):
            found = tuple(_sliced(long, metric, by, params, shown=shown))
            if not shown:
                yield from groups.lacking(by, metric.name, told={one.scope for one in found})
            yield from found
        elif len(by) == 1:
            yield Measurement(
                metric=metric.name,
                scope=Slice(values=((by[0], NOT_RECORDED),)),
                depth=1,
                reason=Reason.MISSING_DEMOGRAPHICS,
                note=text("`{table}` does not say the {column} of anyone", table=long.table, column=by[0]),
                shown=shown,
            )
    for column in long.rules.report:
        if column in long.groups and column not in refused:
            beside = tuple(_sliced(long, metric, (column,), params, shown=True))
            if not shown:
                yield from groups.lacking_beside(column, metric.name, told={one.scope for one in beside})
            for one in beside:
                yield replace(one, reason=one.reason or Reason.REPORTED)


def _sliced(
    long: Long, metric: Metric, by: tuple[str, ...], params: JudgedParams, *, shown: bool
) -> Iterator[Measurement]:
    columns = [as_array(long.groups[column]) for column in by]
    known = np.logical_and.reduce([column >= 0 for column in columns])
    if len(by) == 1:
        yield from _unrecorded(long, metric, by[0], metric.used & ~known, params)
    sizes = [max(len(long.groups[column].names), 1) for column in by]
    joint = np.ravel_multi_index([np.where(known, column, 0) for column in columns], sizes)
    # A group none of whose rows counts is named all the same: nothing is known of it.
    for cell in ranked(joint[known if len(by) == 1 else known & metric.used])[0]:
        place = np.unravel_index(int(cell), sizes)
        scope = Slice(
            values=tuple((name, long.groups[name].names[int(i)]) for name, i in zip(by, place, strict=True))
        )
        yield _of(long, metric, scope, known & (joint == cell), shown=shown)


def _unrecorded(
    long: Long, metric: Metric, column: str, mask: Bools, params: JudgedParams
) -> Iterator[Measurement]:
    rows, used = int(mask.sum()), int(metric.used.sum())
    if not rows:
        return
    scope = Slice(values=((column, NOT_RECORDED),))
    yield Measurement(
        metric=metric.name,
        scope=scope,
        depth=1,
        reason=Reason.MISSING_DEMOGRAPHICS,
        note=text(
            "{rows} of {all} {all|row|rows} {rows|says|say} no {column} of its person; at most {share} may not",
            rows=rows,
            all=used,
            column=column,
            share=f"{params.max_unrecorded:.0%}",
        ),
        shown=rows <= params.max_unrecorded * used,
    )


def _of(long: Long, metric: Metric, scope: Slice, mask: Bools, *, shown: bool) -> Measurement:
    """Return the metric of one slice, or why there is none; ``mask`` is all its rows, whether they count or not."""
    missing = 0 if metric.lacking is None else int((metric.lacking & mask).sum())
    mask = mask & metric.used
    n, rows = int(mask.sum()), metric.rows.where(mask)
    people = rows.distinct_people
    events = float(metric.events[mask].sum()) if metric.events is not None else 0.0
    estimate = metric.value(mask) if n else None
    group = GroupCount(
        slice=scope, positives=events, n=n, n_eff=0.0 if estimate is None else estimate.n_eff, people=people
    )

    def told(
        reason: Reason | None, note: Text | None, *, value: bool = True, more: int | None = None
    ) -> Measurement:
        return Measurement(
            metric=metric.name,
            scope=scope,
            estimate=estimate if value else None,
            groups=(group,) if n else (),
            depth=scope.depth,
            reason=reason,
            note=note,
            labels_needed=more,
            shown=shown,
        )

    few = _too_few(long, metric, scope, people, rows)
    if n == 0 or few is not None:
        none = text("{who}: `{table}` holds no {of}", who=scope, table=long.table, of=metric.of)
        reason, note = few if n and few is not None else (Reason.SMALL_N, none)
        needed = long.rules.min_people if scope.depth else metric.few
        more = max(int(n * (needed / people - 1.0)), 1) if people and people < needed else None
        return told(reason, note, value=bool(scope.depth), more=more)
    if scope.depth and missing > IN_A_SLICE * metric.most_lacking * (n + missing):
        note = text(
            "{who}: {missing} of {rows} {rows|row|rows} lack what the {of} need",
            who=scope,
            missing=missing,
            rows=n + missing,
            of=metric.of,
        )
        return told(Reason.MISSING_OUTCOMES, note, value=False)
    if estimate is None or estimate.value is None or _boundless(estimate):
        note = text(
            "{who}: the {of} do not vary, or hang on one of the {units}: there is no interval",
            who=scope,
            of=metric.of,
            units=metric.units,
        )
        return told(Reason.NO_INTERVAL, note, value=False)
    return told(None, None)


def _too_few(long: Long, metric: Metric, scope: Slice, people: int, rows: Rows) -> tuple[Reason, Text] | None:
    items = None if rows.items is None else distinct(rows.items)
    if scope.depth and people < long.rules.min_people:
        return Reason.FEW_PEOPLE, text(
            "{who}: {people} {units} behind the {of}; {least} are needed",
            who=scope,
            people=people,
            units=metric.units,
            of=metric.of,
            least=long.rules.min_people,
        )
    if people < metric.few:
        return (Reason.FEW_PEOPLE if people < 2 else Reason.FEW_CLUSTERS), text(
            "{people} {units} behind the {of}; with fewer than {least} nothing is known of how they differ",
            people=people,
            units=metric.units,
            of=metric.of,
            least=metric.few,
        )
    if items is not None and items < 2:
        return Reason.SMALL_N, text(
            "{who}: a single item is behind the {of}, and says nothing of others", who=scope, of=metric.of
        )
    return None


def _boundless(estimate: Estimate) -> bool:
    return estimate.method is Method.STUDENT_T and "se" not in dict(estimate.statistics)


def obstacles(
    long: Long, metric: str, params: JudgedParams, judgment: str, *, key: tuple[str, ...]
) -> Iterator[Measurement]:
    """Yield what forbids any number: no rows, one value only, judgments that are missing or stand there twice.

    Parameters
    ----------
    judgment
        Column of the value that was given.
    key
        Columns that tell one judgment from another.
    """

    def because(reason: Reason, note: Text) -> Measurement:
        return Measurement(metric=metric, reason=reason, note=note)

    if not long.rows:
        yield because(Reason.SMALL_N, text("`{table}` holds no judgments", table=long.table))
        return
    if long.unnamed > params.max_missing * (long.rows + long.unnamed):
        yield because(
            Reason.FEW_PEOPLE,
            text(
                "{nobody} of {rows} {rows|row|rows} of `{table}` {nobody|says|say} not who judged",
                nobody=long.unnamed,
                rows=long.rows + long.unnamed,
                table=long.table,
            ),
        )
    given = codes(long, judgment)
    missing = int((given < 0).sum())
    if missing > params.max_missing * long.rows:
        yield because(
            Reason.MISSING_OUTCOMES,
            text(
                "{missing} of {rows} {rows|row|rows} of `{table}` {missing|records|record} no {column}",
                missing=missing,
                rows=long.rows,
                table=long.table,
                column=judgment,
            ),
        )
    elif distinct(given[given >= 0]) < 2:
        yield because(
            Reason.CONSTANT_OUTCOME,
            text("every row of `{table}` has the same {column}", table=long.table, column=judgment),
        )
    again = int(repeated(long, *key).sum())
    if again:
        yield because(
            Reason.REPEATED,
            text(
                "{again} {again|judgment stands|judgments stand} in `{table}` more than once: same {key}",
                again=again,
                table=long.table,
                key=", ".join(key),
            ),
        )
