"""A favourable outcome is nearly as frequent in every slice as in the best one (four-fifths rule)."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.comparing import comparisons
from hcgov.stages.rates import CountedRateParams, shown
from hcgov.stages.worked import at_least, people_table, verdicts
from hcgov.stats.ratios import koopman


class ImpactRatio(CountedRateParams):
    """Parameters of the impact ratio."""

    outcome: str = Field(
        description="Favourable outcome, one that people want: its `adverse` must be `lower`."
    )


def asks(params: ImpactRatio) -> Mapping[str, Request]:
    """Ask for one rate by slice."""
    return {
        "counts": CountsOf(
            table=params.table,
            rates=(Rate(outcome=params.outcome),),
            slices=params.slices,
            max_rows_per_person=params.max_rows_per_person,
            directed=(params.outcome,),
        )
    }


def examples() -> tuple[Example[ImpactRatio], ...]:
    """Two regions: alike, apart, and too few people."""
    return verdicts(
        ImpactRatio(table="predictions", outcome="prediction"),
        passes=people_table({"north": (900, 450), "south": (900, 445)}),
        fails=people_table({"north": (900, 450), "south": (900, 270)}),
        cannot_tell=people_table({"north": (900, 450), "south": (12, 5)}),
        limit=at_least("0.80"),
    )


def _ratio(one: GroupCount, other: GroupCount) -> Estimate:
    people = None if one.people is None or other.people is None else one.people + other.people
    return koopman(
        one.positives, one.n, other.positives, other.n, n_eff1=one.n_eff, n_eff2=other.n_eff, people=people
    )


@check(
    asks=asks,
    params=ImpactRatio,
    examples=examples,
    limit=limits("impact_ratio", at_least="(0, 1]"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(a)-(h)"),
)
def impact_ratio(counts: Counts, params: ImpactRatio) -> Iterator[Measurement]:
    """Ratio of two shares of a favourable outcome, from 0 upwards, with Koopman's score interval.

    Below four fifths a group is, by a widely used rule of thumb, selected markedly less often than another.
    Source: Koopman 1984, Biometrics 40:513-517; the rule of thumb is 29 CFR 1607.4(D).
    """
    rate = Rate(outcome=params.outcome)
    yield from shown(counts, rate, "rate")
    if (counts.adverse or {}).get(params.outcome):
        yield Measurement(
            metric="impact_ratio",
            reason=Reason.NO_INTERVAL,
            note=text(
                "`{outcome}` harms people when it is higher; the impact ratio is for outcomes people want",
                outcome=params.outcome,
            ),
        )
        return
    yield from comparisons(counts, rate, metric="impact_ratio", gaps=params.gaps, compare=_ratio)
