"""Metrics of other libraries by slice, with what their values without each bucket of people say about chance."""

import math
from collections.abc import Sequence

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.metrics import GroupMetric, GroupValue
from hcgov.core.measurement import GroupCount
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.lacking import Gaps
from hcgov.stages.measuring import Found, Valued
from hcgov.stats.jackknife import Jackknifed, delete_a_group
from hcgov.stats.means import student
from hcgov.stats.shares import difference, share, worth


def found_of(metric: GroupMetric, name: str, gaps: Gaps) -> Found:
    """Return a metric of everyone and of every slice, to be judged under a name."""
    slices = {value.slice: _valued(metric, value) for value in metric.values}
    rest = {
        value.slice: _valued(metric, other)
        for value, other in zip(metric.values, metric.rest, strict=bool(metric.rest))
    }
    return Found(
        metric=name,
        table=metric.table,
        of=metric.metric,
        people_known=metric.people_known,
        nobody=metric.nobody,
        rules=metric.rules,
        source=metric.source,
        gaps=gaps,
        overall=_valued(metric, metric.overall),
        by=lambda columns: tuple(one for who, one in slices.items() if who.columns == columns),
        rest=lambda one: rest[one.group.slice],
    )


def gap_of(metric: GroupMetric, one: GroupValue, other: GroupValue, *, higher_is_better: bool) -> Estimate:
    """Return how much worse a metric is for ``one`` than for ``other``, both of which have a value.

    A metric between 0 and 1 is compared as rates are; another by the jackknife of the difference itself, in
    which a bucket of people is left out on both sides at once.
    """
    if one.value is None or other.value is None:
        raise ValueError("only slices whose value is known are compared")
    worse, better = (other, one) if higher_is_better else (one, other)
    if _is_share(metric):
        first, second = (_valued(metric, value).estimate for value in (worse, better))
        if first is None or second is None:
            raise ValueError("only slices whose value has an interval are compared")
        return difference(first, second)
    gap = _known(worse) - _known(better)
    without = [a - b for a, b in _pairs(worse, better)]
    found = delete_a_group(gap, without)
    people = None if one.people is None or other.people is None else one.people + other.people
    width = None if metric.high is None else metric.high - metric.low
    return student(
        gap,
        None if found is None else math.sqrt(found.variance),
        0 if found is None else found.df,
        n=one.n + other.n,
        people=people,
        low=None if width is None else -width,
        high=width,
        aim=0.0,
    )


def _valued(metric: GroupMetric, one: GroupValue) -> Valued:
    estimate, reason, note = None, None, None
    without = [value for _, value in one.replicates if value is not None]
    if one.value is None:
        reason, note = _undefined(metric, one)
    elif one.people is not None:
        found = delete_a_group(one.value, without) if len(without) == len(one.replicates) else None
        if found is None:
            reason = Reason.FEW_PEOPLE
            note = text(
                "{slice}: without some of its people {metric} is undefined, so no interval can be given",
                slice=one.slice,
                metric=metric.metric,
            )
        else:
            estimate = _estimate(metric, one, one.value, found)
    group = GroupCount(
        slice=one.slice,
        positives=one.positives,
        n=one.n,
        n_eff=float(one.n) if estimate is None else estimate.n_eff,
        people=one.people,
    )
    return Valued(
        group=group,
        missing=one.missing,
        fewest=one.fewest or 0,
        estimate=estimate,
        reason=reason,
        note=note,
    )


def _undefined(metric: GroupMetric, one: GroupValue) -> tuple[Reason, Text]:
    note = text("{metric} is undefined for {slice}", metric=metric.metric, slice=one.slice)
    return Reason.NO_INTERVAL, note


def _estimate(metric: GroupMetric, one: GroupValue, value: float, found: Jackknifed) -> Estimate:
    if _is_share(metric):
        size = worth(value, found.variance, fewest=max(one.fewest or 0, 1), df=found.df)
        return share(value, size, n=one.n, people=one.people)
    return student(
        value,
        math.sqrt(found.variance),
        found.df,
        n=one.n,
        people=one.people,
        low=metric.low,
        high=metric.high,
        aim=metric.low if metric.higher_is_better is False else metric.high,
    )


def _pairs(one: GroupValue, other: GroupValue) -> Sequence[tuple[float, float]]:
    """Return both values without each bucket of people that is in either."""
    first, second = dict(one.replicates), dict(other.replicates)
    found = []
    for bucket in sorted({*first, *second}):
        a, b = first.get(bucket, one.value), second.get(bucket, other.value)
        if a is None or b is None:
            return ()
        found.append((a, b))
    return found


def _known(one: GroupValue) -> float:
    if one.value is None:
        raise ValueError("a slice whose value is undefined is compared with nobody")
    return one.value


def _is_share(metric: GroupMetric) -> bool:
    return (metric.low, metric.high) == (0.0, 1.0)
