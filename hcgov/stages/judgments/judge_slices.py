"""Measurements of judges: for everyone, for each group, and why some cannot be told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Codes, Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import as_array
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import MOST_LOST, Ints, Mask, Ratings, Refused, ratings
from hcgov.stages.judgments.judging import Matched, match
from hcgov.stages.lacking import IN_A_SLICE
from hcgov.stats.crossed import distinct
from hcgov.stats.judges.gaps import has_interval

UNRECORDED = 0.05
"""Of more of the rows the group may not be unrecorded: those people may be of any group."""

Value = Callable[[Mask], "Mapping[str, Estimate] | Refused"]
"""From some of the rows to estimates by metric, or why there are none."""


@frozen
class Judged:
    """A judge's matched rows, or why there are none, with its part of the scope."""

    name: str
    prefix: tuple[tuple[str, str], ...]
    found: Matched | Refused


@frozen
class Part:
    """Rows of a group."""

    slice: Slice
    mask: Mask
    reported: bool


def each_judge(long: Long, params: JudgeParams) -> Iterator[Judged]:
    """Yield every judge that a check is about; one that the table does not have is refused by name."""
    found = ratings(long, params.positive)
    for name, prefix in named(found, params):
        yield Judged(name=name, prefix=prefix, found=matched(found, name, params))


Told = Callable[[Matched, Mask], "Mapping[str, Estimate] | Refused"]
"""From a judge's matched rows, and which of them, to estimates by metric, or why there are none."""


def beside_people(
    long: Long, params: JudgeParams, metrics: tuple[str, ...], value: Told, *, numeric: bool = True
) -> Iterator[Measurement]:
    """Yield the metrics of each judge over what people scored, too: for everyone and for every group.

    ``numeric`` is whether scores have to be numbers.
    """
    for one in each_judge(long, params):
        found = one.found
        if isinstance(found, Matched) and numeric and not found.numeric:
            found = NO_NUMBERS
        if isinstance(found, Refused):
            yield refusal(metrics[0], found, Slice(values=one.prefix))
            continue
        yield from sliced(long, found.at, found.rows.people, metrics, partial(value, found), one.prefix)


NO_NUMBERS = Refused(
    reason=Reason.MISSING_OUTCOMES,
    text=text("scores are names: `positive` has to say which of them count as 1"),
)


def named(found: Ratings, params: JudgeParams) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the judges that a check is about, with what tells their findings apart where there are several."""
    names = (params.judge,) if params.judge else found.judges or ("",)
    for name in names:
        yield name, (("judge", name),) if len(names) > 1 else ()


def matched(found: Ratings, judge: str, params: JudgeParams) -> Matched | Refused:
    """Return a judge's scores beside people's, or why they are refused."""
    if not found.of(judge).any():
        who = f"`{judge}`" if judge else "a judge"
        return Refused(
            reason=Reason.UNMATCHED_PAIRS,
            text=text("`{table}` holds no judgment by {who}", table=found.long.table, who=who),
        )
    return match(found, judge, most_unmatched=params.max_unmatched)


def refusal(
    metric: str, refused: Refused, scope: Slice, *, depth: int = 0, n: int = 0, people: int | None = 0
) -> Measurement:
    """Return a measurement without a value, with its reason."""
    group = GroupCount(slice=scope, positives=0.0, n=n, n_eff=float(n), people=people)
    return Measurement(
        metric=metric, scope=scope, depth=depth, reason=refused.reason, note=refused.text, groups=(group,)
    )


def sliced(
    long: Long,
    at: Ints,
    people: Ints,
    metrics: tuple[str, ...],
    value: Value,
    prefix: tuple[tuple[str, str], ...] = (),
    *,
    known: bool = True,
) -> Iterator[Measurement]:
    """Yield the metrics of everyone and of every group.

    Parameters
    ----------
    long
        The table, whose rules say which groups count.
    at, people
        Row of the table and person of each row that counts, shape (n,).
    metrics
        Names; the first carries what cannot be told.
    value
        Estimates of some rows.
    prefix
        What tells these findings apart from those of other judges.
    known
        Whether ``people`` are people. Where no user is recorded they are items: a group needs as many of these, and
        how many people stand behind it is not known.
    """
    everyone, count = Slice(values=prefix), _count(people) if known else None
    yield from _of(value(np.ones(at.size, dtype=np.bool_)), metrics, everyone, 0, at.size, count)
    for part in parts(long, at, prefix):
        n, who = int(part.mask.sum()), _count(people[part.mask])
        found = (
            few(part.slice, who, long.rules.min_people, known=known)
            or _lost(long, part.slice)
            or value(part.mask)
        )
        for one in _of(found, metrics, part.slice, 1, n, who if known else None):
            yield _as_reported(one) if part.reported else one
    yield from unrecorded(long, at, metrics[0], prefix)


def parts(long: Long, at: Ints, prefix: tuple[tuple[str, str], ...] = ()) -> Iterator[Part]:
    """Yield the rows of every recorded group of every column, those that decide first."""
    for column in long.rules.columns:
        if column not in long.groups:
            continue
        names, group = long.groups[column].names, as_array(long.groups[column])[at]
        for code in np.unique(group[group >= 0]):
            yield Part(
                slice=Slice(values=(*prefix, (column, names[int(code)]))),
                mask=group == code,
                reported=column in long.rules.report,
            )


def unrecorded(
    long: Long, at: Ints, metric: str, prefix: tuple[tuple[str, str], ...] = ()
) -> Iterator[Measurement]:
    """Yield the columns that decide and of which too little, or nothing, is recorded."""
    for column in long.rules.by:
        scope = Slice(values=(*prefix, (column, "…")))
        groups: Codes | None = long.groups.get(column)
        if groups is None:
            told = text("`{table}` has no column `{column}`", table=long.table, column=column)
            yield refusal(metric, Refused(reason=Reason.MISSING_DEMOGRAPHICS, text=told), scope, depth=1)
            continue
        missing = int((as_array(groups)[at] < 0).sum())
        if missing > UNRECORDED * at.size:
            told = text(
                "{n} of {total} {total|row|rows} {n|does|do} not record {column}; at most {share} may not",
                n=missing,
                total=at.size,
                column=column,
                share=f"{UNRECORDED:.0%}",
            )
            yield refusal(
                metric, Refused(reason=Reason.MISSING_DEMOGRAPHICS, text=told), scope, depth=1, n=missing
            )


def few(scope: Slice, people: int, needed: int, *, known: bool = True) -> Refused | None:
    """Refuse a group of too few people, or of too few items where no people are recorded."""
    if people >= needed:
        return None
    told = "{slice}: {n} {n|person|people}, and {needed} are needed"
    if not known:
        told = "{slice}: {n} {n|item|items}, and {needed} are needed; whose they are is not recorded"
    return Refused(reason=Reason.FEW_PEOPLE, text=text(told, slice=scope, n=people, needed=needed))


def _lost(long: Long, scope: Slice) -> Refused | None:
    """Refuse a group of whose judgments too many have no score."""
    if not long.has("score"):
        return None
    column, name = scope.values[-1]
    own = as_array(long.groups[column]) == long.groups[column].names.index(name)
    lost, all_ = int((own & (as_array(long.codes("score")) < 0)).sum()), int(own.sum())
    if lost <= IN_A_SLICE * MOST_LOST * all_:
        return None
    return Refused(
        reason=Reason.MISSING_OUTCOMES,
        text=text("{slice}: {n} of {all} judgments have no score", slice=scope, n=lost, all=all_),
    )


def unknown_of(column: str, known: Mask, mask: Mask) -> Refused | None:
    """Refuse rows of which too many do not record a column that tells them apart."""
    without, all_ = int((mask & ~known).sum()), int(mask.sum())
    if without <= UNRECORDED * all_:
        return None
    return Refused(
        reason=Reason.MISSING_OUTCOMES,
        text=text(
            "{n} of {all} {all|row|rows} {n|does|do} not record `{column}`; at most {share} may not",
            n=without,
            all=all_,
            column=column,
            share=f"{UNRECORDED:.0%}",
        ),
    )


def _of(
    found: "Mapping[str, Estimate] | Refused",
    metrics: tuple[str, ...],
    scope: Slice,
    depth: int,
    n: int,
    people: int | None,
) -> Iterator[Measurement]:
    if isinstance(found, Refused):
        yield refusal(metrics[0], found, scope, depth=depth, n=n, people=people)
        return
    group = GroupCount(slice=scope, positives=float(n), n=n, n_eff=float(n), people=people)
    for metric, estimate in found.items():
        told = None if has_interval(estimate) else _no_interval(scope)
        told_of = estimate if people is not None else replace(estimate, people=None)
        yield (
            Measurement(metric=metric, scope=scope, depth=depth, estimate=told_of, groups=(group,))
            if told is None
            else refusal(metric, told, scope, depth=depth, n=n, people=people)
        )


def _no_interval(scope: Slice) -> Refused:
    return Refused(
        reason=Reason.NO_INTERVAL,
        text=text(
            "{slice}: the judgments do not vary enough between people or items to say how sure a value is",
            slice=scope,
        ),
    )


def _as_reported(one: Measurement) -> Measurement:
    return replace(one, reason=Reason.REPORTED)


def _count(people: Ints) -> int:
    return distinct(people[people >= 0])
