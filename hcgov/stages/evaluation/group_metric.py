"""A metric of fairlearn or scikit-learn, shown for every slice.

Point values have no interval, so they inform and do not decide.
"""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.metrics import GroupMetric, GroupMetricOf
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE, Slice, SliceChoice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.worked import SOURCE


class ShownMetric(Params):
    """Parameters of a shown metric."""

    table: str = Field(description="Table artifact with one row per decision.")
    metric: str = Field(description="Metric by name, such as `f1_score` or `fairlearn.selection_rate`.")
    label: str = Field(default="label", description="Outcome that holds what was true.")
    prediction: str = Field(default="prediction", description="Outcome that holds what was predicted.")
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Narrows the project's slices for this control."
    )


def asks(params: ShownMetric) -> Mapping[str, Request]:
    """Ask for the metric by slice."""
    return {
        "metric": GroupMetricOf(
            table=params.table,
            metric=params.metric,
            label=params.label,
            prediction=params.prediction,
            slices=params.slices,
        )
    }


def examples() -> tuple[Example[ShownMetric], ...]:
    """Values are shown, never judged."""
    north = Slice(values=(("region", "north"),))
    evidence = GroupMetric(metric="f1_score", overall=0.8, values=((north, 900, 0.81),), source=SOURCE)
    params = ShownMetric(table="predictions", metric="f1_score")
    return (
        Example(
            title="values by slice are shown",
            params=params,
            evidence={"metric": evidence},
            expect=Verdict.NOT_EVALUATED,
        ),
    )


@check(
    asks=asks,
    params=ShownMetric,
    examples=examples,
    judged=Judged.SHOWN,
    supports=("nist-ai-rmf:MEASURE 2.1", "nist-ai-rmf:MEASURE 2.11"),
)
def group_metric(metric: GroupMetric, params: ShownMetric) -> Iterator[Measurement]:
    """Point value of the metric for everyone and for every slice; a value that is undefined is said to be.

    Source: the metric's own documentation in fairlearn or scikit-learn.
    """
    rows = ((EVERYONE, 0, metric.overall), *metric.values)
    for scope, n, value in rows:
        estimate = (
            None
            if value is None
            else Estimate(value=value, n=n, n_eff=float(n), people=None, method=Method.POINT)
        )
        group = GroupCount(slice=scope, positives=0, n=n, n_eff=float(n), people=None)
        note = (
            None
            if value is not None
            else text("{metric} is undefined for {slice}", metric=params.metric, slice=scope)
        )
        yield Measurement(
            metric=metric.metric,
            scope=scope,
            depth=scope.depth,
            estimate=estimate,
            groups=(group,) if n else (),
            note=note,
            reason=Reason.NO_INTERVAL if value is None else None,
            shown=True,
        )
