"""People of no slice report harm more often than agreed, whenever one looks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Neither
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.comparing import each_alone
from hcgov.stages.rates import CountedRateParams
from hcgov.stages.worked import at_most, people_table, verdicts
from hcgov.stats.sequences import at_all_times

METRIC = "report_rate"


class HarmReports(CountedRateParams):
    """Parameters of harm reports."""

    outcome: str = Field(
        description="Outcome that marks a report of harm; its `adverse` must be `higher` in the manifest."
    )
    tuned_for: Annotated[
        int, Neither("it moves where the bounds are tightest; they widen everywhere else")
    ] = Field(
        default=1000,
        ge=10,
        le=1_000_000_000,
        description="Rows of a slice at which its bounds are tightest; fixed before the first look.",
    )


def asks(params: HarmReports) -> Mapping[str, Request]:
    """Ask for the share of reports by slice."""
    return {
        "counts": CountsOf(
            table=params.table,
            rates=(Rate(outcome=params.outcome),),
            slices=params.slices,
            max_rows_per_person=params.max_rows_per_person,
            directed=(params.outcome,),
        )
    }


def examples() -> tuple[Example[HarmReports], ...]:
    """Two regions: few reports from both, many from one, too few people, and an outcome that people want."""

    def feedback(regions: Mapping[str, tuple[int, int]], *, adverse: bool = True) -> Counts:
        return replace(people_table(regions), adverse={"prediction": adverse})

    params, limit = HarmReports(table="predictions", outcome="prediction"), at_most("0.05")
    fine = feedback({"north": (2000, 40), "south": (2000, 36)})
    return (
        *verdicts(
            params,
            passes=fine,
            fails=feedback({"north": (2000, 40), "south": (2000, 190)}),
            cannot_tell=feedback({"north": (2000, 40), "south": (200, 9)}),
            limit=limit,
        ),
        Example(
            title="not a harm",
            params=params,
            evidence={"counts": replace(fine, adverse={"prediction": False})},
            expect=Verdict.INCONCLUSIVE,
            limit=limit,
        ),
    )


@check(
    asks=asks,
    params=HarmReports,
    examples=examples,
    limit=limits(METRIC, at_most="(0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.4",
        "nist-ai-rmf:MEASURE 3.3",
        "nist-ai-rmf:MANAGE 4.1",
        "eu-ai-act:Art.72",
        "iso-42001:A.6.2.6",
    ),
)
def harm_reports(counts: Counts, params: HarmReports) -> Iterator[Measurement]:
    """Share of a slice's uses that were reported as harmful, in [0, 1], bounded at all times together.

    Who looks every day with an interval made for one look will see an alarm sooner or later, and learn to
    ignore it. A confidence sequence may be read after every row: it is wrong at any time at all with the
    stated probability only, in each slice. Begin a new table with every version of the system, and read what
    is reported as what is reported: many who are harmed say nothing. Source: Howard, Ramdas, McAuliffe &
    Sekhon 2021, Annals of Statistics 49:1055-1080.
    """
    if not (counts.adverse or {}).get(params.outcome, True):
        yield Measurement(
            metric=METRIC,
            reason=Reason.NO_INTERVAL,
            note=text(
                "`{outcome}` harms people when it is lower; a report of harm does when it is higher",
                outcome=params.outcome,
            ),
        )
        return
    for one in each_alone(counts, Rate(outcome=params.outcome), metric=METRIC, gaps=params.gaps):
        yield replace(
            one,
            estimate=None if one.estimate is None else _streamed(one.estimate, params),
            extremes=tuple(replace(end, estimate=_streamed(end.estimate, params)) for end in one.extremes),
        )


def _streamed(estimate: Estimate, params: HarmReports) -> Estimate:
    return at_all_times(estimate, float(params.tuned_for))
