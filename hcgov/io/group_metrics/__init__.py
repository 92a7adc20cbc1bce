"""Metrics that are not functions of a few counts, by slice: point values of fairlearn's MetricFrame."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.metrics import GroupMetric, GroupMetricOf
from hcgov.core.evidence.source import Source
from hcgov.core.mistake import did_you_mean
from hcgov.core.slices import SliceRules
from hcgov.core.text import Text, text
from hcgov.io.group_metrics.catalogue import Metric, Reads, find, known_metrics, suggestion

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["group_metric", "known_metrics"]

SCORE = "score"
COUNT = "count"
"""Roles that a request does not name: scores, and how often a row counts in a table of counts."""


def group_metric(
    request: GroupMetricOf,
    frame: "pd.DataFrame",
    *,
    columns: Mapping[str, str],
    groups: Mapping[str, str],
    rules: SliceRules,
    source: Source,
) -> GroupMetric | Absent:
    """Compute a metric for everyone and for every slice.

    Parameters
    ----------
    request
        The metric by name, and the outcomes that are its label and prediction.
    frame
        The table. Labels and predictions are 0, 1 or null; groups are text, as the slices of counts name
        them, or null.
    columns
        Outcome or role -> column of ``frame``: the request's label and prediction; ``score`` for metrics of
        scores; ``count``, if the table is aggregated, for how often a row counts.
    groups
        Name of a group -> column of ``frame``.
    rules
        The slices to form: every slicing of ``rules.slicings()``.
    source
        Where the table came from.

    Returns
    -------
    GroupMetric or Absent
        Every slice with any row, ordered by slicing and slice, with the rows in which all that the metric
        reads is recorded, and the value there: ``None`` where the metric is undefined, never a default.
        People whose group is not recorded are a group of their own. Absent if the metric is not known, a
        column is missing, or its values do not suit the metric.
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
    roles = _roles(metric, request) | ({COUNT: COUNT} if COUNT in columns else {})
    missing = _missing(roles, columns, groups, rules, {str(column) for column in frame.columns})
    if missing is not None:
        return _absent(request, Absence.NO_RESULT, missing)
    if frame.empty:
        return _absent(
            request, Absence.EMPTY_TABLE, text("the table {table} has no rows", table=request.table)
        )
    from hcgov.io.group_metrics.measured import Refused, measured

    try:
        overall, values = measured(
            metric,
            frame,
            read={part: columns[role] for part, role in roles.items()},
            groups={name: groups[name] for name in rules.by},
            slicings=rules.slicings(),
        )
    except Refused as refused:
        return _absent(request, refused.reason, refused.detail)
    return GroupMetric(metric=metric.name, overall=overall, values=values, source=source)


def _roles(metric: Metric, request: GroupMetricOf) -> dict[str, str]:
    """Return what a metric reads: part it plays -> outcome or role."""
    if metric.reads is Reads.PREDICTION:
        return {"prediction": request.prediction}
    if metric.reads is Reads.LABEL_AND_SCORE:
        return {"label": request.label, "score": SCORE}
    return {"label": request.label, "prediction": request.prediction}


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
    for group in rules.by:
        if group not in groups:
            return text(
                "the table has no group `{group}`; {nearest}",
                group=group,
                nearest=did_you_mean(group, groups),
            )
    for column in (*(columns[role] for role in roles.values()), *(groups[group] for group in rules.by)):
        if column not in held:
            return text(
                "the table has no column `{column}`; {nearest}",
                column=column,
                nearest=did_you_mean(column, held),
            )
    return None


def _absent(request: GroupMetricOf, reason: Absence, detail: Text) -> Absent:
    return Absent(reason=reason, artifact=request.table, detail=detail)
