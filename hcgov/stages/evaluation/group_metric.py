"""A metric of fairlearn or scikit-learn keeps its limit in every slice."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.metrics import MAX_WORK, GroupMetric, GroupMetricOf, GroupValue
from hcgov.core.limit import LimitRange, limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import NOT_RECORDED, Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.contrasting import comparisons, each_alone
from hcgov.stages.jackknifing import found_of, gap_of
from hcgov.stages.measuring import Found, Valued, shown
from hcgov.stages.rates import RateParams
from hcgov.stages.worked import RULES, SOURCE, at_least


class GroupMetricParams(RateParams):
    """Parameters of a metric by slice."""

    metric: str = Field(description="Metric by name, such as `f1_score` or `fairlearn.selection_rate`.")
    label: str = Field(default="label", description="Outcome that holds what was true.")
    prediction: str = Field(default="prediction", description="Outcome that holds what was predicted.")
    against: Annotated[Literal["nobody", "everyone_else"], Stricter.IDENTITY] = Field(
        default="nobody",
        description="Whether the limit is on each slice's own value, or on how much worse it is than everyone else's.",
    )
    better: Annotated[Literal["higher", "lower"] | None, Stricter.IDENTITY] = Field(
        default=None,
        description="Which values serve people better, where the metric itself does not say.",
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Largest share of rows in which the metric's outcomes are not recorded; four times as much in a "
        "single slice. What they could change is not computed for such metrics, so none unless it is said.",
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Largest share of rows whose group in a slice column is not recorded. What they could change is "
        "not computed for such metrics, so none unless it is said.",
    )
    max_work: Annotated[int, Stricter.LOWER] = Field(
        default=MAX_WORK,
        ge=1,
        le=10**15,
        description="Most rows to compute over, counted each time they are used again; more is refused.",
    )


def _limits(params: GroupMetricParams) -> LimitRange:
    """Return the limits that make sense; where a metric's values end, the catalogue of metrics knows."""
    if params.against == "everyone_else":
        return limits(f"{params.metric}_gap", at_most="[0, inf)")
    return limits(params.metric, at_most="(-inf, inf)", at_least="(-inf, inf)")


def asks(params: GroupMetricParams) -> Mapping[str, Request]:
    """Ask for the metric by slice."""
    return {
        "metric": GroupMetricOf(
            table=params.table,
            metric=params.metric,
            label=params.label,
            prediction=params.prediction,
            slices=params.slices,
            rest=params.against == "everyone_else",
            max_work=params.max_work,
        )
    }


def examples() -> tuple[Example[GroupMetricParams], ...]:
    """Two regions: a good F1 score in both, a bad one in one, and too few people."""
    params = GroupMetricParams(table="predictions", metric="f1_score")
    told = (
        ("alike", _value("south", 0.83, 900), Verdict.PASS),
        ("apart", _value("south", 0.55, 900), Verdict.FAIL),
        ("too few", _value("south", 0.83, 12), Verdict.INCONCLUSIVE),
        ("undefined", _value("south", None, 900), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=params,
            evidence={"metric": _evidence(_value("north", 0.85, 900), south)},
            expect=verdict,
            limit=at_least("0.70"),
        )
        for title, south, verdict in told
    )


def _value(region: str, value: float | None, people: int) -> GroupValue:
    """Return a value whose replicates spread as those of an F1 score of so many people would."""
    step = 0.5 / people
    replicates = () if value is None else tuple((b, value + (step if b % 2 else -step)) for b in range(32))
    return GroupValue(
        slice=Slice(values=(("region", region),)),
        n=people,
        positives=people // 2,
        people=people,
        fewest=people // 2,
        value=value,
        replicates=replicates,
    )


def _evidence(*values: GroupValue) -> GroupMetric:
    return GroupMetric(
        table="predictions",
        metric="sklearn.f1_score",
        low=0.0,
        high=1.0,
        higher_is_better=True,
        overall=GroupValue(slice=Slice(), n=1800, positives=900, value=0.8, people=1800, fewest=900),
        values=values,
        people_known=True,
        rules=RULES,
        source=SOURCE,
    )


@check(
    asks=asks,
    params=GroupMetricParams,
    examples=examples,
    limit=_limits,
    supports=("nist-ai-rmf:MEASURE 2.1", "nist-ai-rmf:MEASURE 2.11"),
)
def group_metric(metric: GroupMetric, params: GroupMetricParams) -> Iterator[Measurement]:
    """Metric of each slice, or how much worse it is there than for everyone else, with a jackknife over people.

    Whatever number a team reports about its model, its average can hide people for whom it is not so; and a
    number without an interval cannot say whether there were enough people to tell. A value that is undefined, or
    is without some of the people, is named and decides nothing. What unrecorded rows could change at worst is not
    computed, so there may be none unless a control says how many it accepts. Source: the metric's own documentation in
    fairlearn or scikit-learn; Kott 2001, Journal of Official Statistics 17:521-526.
    """
    alone = params.against == "nobody"
    found = found_of(metric, metric.metric if alone else f"{metric.metric}_gap", params.gaps)
    yield from _accepted(found)
    everyone = shown(found, metric.metric, lambda one: one.estimate)
    if alone:
        yield next(everyone)
        yield from each_alone(found)
        return
    yield from everyone
    higher = metric.higher_is_better if params.better is None else params.better == "higher"
    if higher is None:
        yield _undirected(found.metric, metric.metric)
        return
    pairs = {one.slice: (one, other) for one, other in zip(metric.values, metric.rest, strict=True)}

    def gap(one: Valued, _: Valued) -> Estimate:
        return gap_of(metric, *pairs[one.group.slice], higher_is_better=higher)

    yield from comparisons(found, gap, pairs=False)


def _accepted(found: Found) -> Iterator[Measurement]:
    """Say what is missing and was accepted: no worst case of it is computed."""
    nameless = {
        column: sum(
            one.group.n + one.missing
            for one in found.by((column,))
            if one.group.slice.values[0][1] == NOT_RECORDED
        )
        for column in found.rules.by
    }
    gone = {"outcomes": found.overall.missing, **nameless}
    if any(gone.values()):
        note = text(
            "not recorded: {gone}; what these rows could change at worst is not computed for {metric}",
            gone=", ".join(
                str(text("{what} in {n} {n|row|rows}", what=what, n=rows))
                for what, rows in gone.items()
                if rows
            ),
            metric=found.metric,
        )
        reason = Reason.MISSING_DEMOGRAPHICS if any(nameless.values()) else Reason.MISSING_OUTCOMES
        yield Measurement(metric=found.metric, reason=reason, note=note, shown=True)


def _undirected(name: str, metric: str) -> Measurement:
    note = text(
        "whether a higher {metric} is better or worse for people is not said; add `better: higher` or "
        "`better: lower`",
        metric=metric,
    )
    return Measurement(metric=name, reason=Reason.UNMATCHED_PAIRS, note=note)
