"""Metrics of fairlearn and scikit-learn by slice: no functions of a few counts, so with a jackknife over people."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.metrics import GroupMetric, GroupMetricOf
from hcgov.core.evidence.source import Source
from hcgov.core.limit import LimitRange, limits
from hcgov.core.mistake import did_you_mean
from hcgov.core.slices import SliceRules
from hcgov.core.text import Text, text
from hcgov.io.group_metrics.catalogue import SCORE, find, known_metrics, reads, suggestion

if TYPE_CHECKING:
    import pandas as pd

    from hcgov.io.group_metrics.measured import Job

__all__ = ["PERSON", "SCORE", "group_metric", "known_metrics", "metric_limits", "metric_reads", "suggestion"]

COUNT = "count"
PERSON = "person"
"""Roles that a request does not name: how often a row counts in a table of counts, and who it is about."""


def metric_reads(request: GroupMetricOf) -> tuple[str, ...] | None:
    """Return the outcomes and roles that a request reads; ``None`` where nobody knows the metric."""
    metric = find(request.metric)
    if metric is None:
        return None
    return tuple(reads(metric, label=request.label, prediction=request.prediction).values())


def metric_limits(request: GroupMetricOf) -> LimitRange | None:
    """Return which limits can decide anything about a metric; ``None`` where nobody knows it.

    What is compared with everyone else lies between 0 and the width of the metric's range.
    """
    metric = find(request.metric)
    if metric is None:
        return None
    low, high = f"{metric.low:g}", "inf" if metric.high is None else f"{metric.high:g}"
    if request.rest:
        width = "inf" if metric.high is None else f"{metric.high - metric.low:g}"
        return limits(f"{metric.name}_gap", at_most=f"[0, {width})")
    return limits(metric.name, at_most=f"[{low}, {high})", at_least=f"({low}, {high}]")


def group_metric(
    request: GroupMetricOf,
    frame: "pd.DataFrame",
    *,
    columns: Mapping[str, str],
    groups: Mapping[str, str],
    rules: SliceRules,
    source: Source,
    each_row: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> GroupMetric | Absent:
    """Compute a metric for everyone and for every slice, also without each bucket of people.

    Parameters
    ----------
    request
        The metric by name, and the outcomes that are its label and prediction.
    frame
        The table. Labels and predictions are 0, 1 or null; groups are text, as the slices of counts name
        them, or null.
    columns
        Outcome or role -> column of ``frame``: the request's label and prediction; ``score`` for metrics of
        scores; ``count``, if the table is aggregated, for how often a row counts; ``person``, where rows name
        the person they are about.
    groups
        Name of a group -> column of ``frame``.
    rules
        The slices to form: every slicing of ``rules.every_slicing()``.
    source
        Where the table came from.
    each_row
        Without a column of persons, whether each row (or each unit that it counts) is a different person.
    progress
        Told which slicing is being computed.

    Returns
    -------
    GroupMetric or Absent
        Every slice with any row, ordered by slicing and slice, with the rows in which all that the metric
        reads is recorded, and the value there: ``None`` where the metric is undefined, never a default.
        People whose group is not recorded are a group of their own. Absent if the metric is not known, a
        column is missing, its values do not suit the metric, or the work is more than is allowed.
    """
    metric = find(request.metric)
    if metric is None:
        return _absent(
            request,
            Absence.NO_RESULT,
            text(
                "no metric is called `{metric}`; {nearest}",
                metric=request.metric,
                nearest=suggestion(request.metric),
            ),
        )
    roles = reads(metric, label=request.label, prediction=request.prediction)
    roles |= {role: role for role in (COUNT, PERSON) if role in columns}
    missing = _missing(roles, columns, groups, rules, {str(column) for column in frame.columns})
    if missing is not None:
        return _absent(request, Absence.NO_RESULT, missing)
    if frame.empty:
        return _absent(
            request, Absence.EMPTY_TABLE, text("the table {table} has no rows", table=request.table)
        )
    from hcgov.io.group_metrics.cells import Refused
    from hcgov.io.group_metrics.measured import Job

    job = Job(
        metric=metric,
        people_known=each_row or PERSON in columns,
        rest=request.rest,
        max_work=request.max_work,
        progress=progress,
    )
    read = {part: columns[role] for part, role in roles.items()}
    by = frame[[groups[name] for name in rules.columns]].set_axis(list(rules.columns), axis=1)
    try:
        return _measured(request, job, frame, read, by, rules=rules, source=source, each_row=each_row)
    except Refused as refused:
        return _absent(request, refused.reason, refused.detail)


def _measured(
    request: GroupMetricOf,
    job: "Job",
    frame: "pd.DataFrame",
    read: Mapping[str, str],
    by: "pd.DataFrame",
    *,
    rules: SliceRules,
    source: Source,
    each_row: bool,
) -> GroupMetric:
    from hcgov.io.group_metrics.cells import NOBODY, cells_of
    from hcgov.io.group_metrics.measured import measured

    metric = job.metric
    cells = cells_of(metric, frame, read, each_row=each_row, most=request.max_work)
    found = measured(job, cells, by, rules.every_slicing())
    nobody = cells["recorded"] & (cells["bucket"] == NOBODY)
    return GroupMetric(
        table=request.table,
        metric=metric.name,
        low=metric.low,
        high=metric.high,
        higher_is_better=metric.higher_is_better,
        overall=found.overall,
        values=found.values,
        rest=found.rest,
        people_known=job.people_known,
        nobody=int(cells["weight"][nobody].sum()) if job.people_known else 0,
        rules=rules,
        source=source,
    )


def _missing(
    roles: Mapping[str, str],
    columns: Mapping[str, str],
    groups: Mapping[str, str],
    rules: SliceRules,
    held: set[str],
) -> Text | None:
    for role in roles.values():
        if role not in columns:
            return text("the table has no outcome or role `{role}`: declare it in hcgov.yaml", role=role)
    for group in rules.columns:
        if group not in groups:
            return text(
                "the table has no group `{group}`; {nearest}",
                group=group,
                nearest=did_you_mean(group, groups),
            )
    for column in (*(columns[role] for role in roles.values()), *(groups[group] for group in rules.columns)):
        if column not in held:
            return text(
                "the table has no column `{column}`; {nearest}",
                column=column,
                nearest=did_you_mean(column, held),
            )
    return None


def _absent(request: GroupMetricOf, reason: Absence, detail: Text) -> Absent:
    return Absent(reason=reason, artifact=request.table, detail=detail)
