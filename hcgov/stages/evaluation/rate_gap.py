"""An outcome is as frequent in every slice.

The gap is the difference of two shares, taken so that it is positive where the slice is worse off.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.stages.comparing import comparisons
from hcgov.stages.rates import CountedRateParams, shown
from hcgov.stages.worked import at_most, people_table, verdicts
from hcgov.stats.differences import miettinen_nurminen


class RateGap(CountedRateParams):
    """Parameters of the rate gap."""

    outcome: str = Field(
        description="Outcome or role whose share is compared; its adverse direction is declared."
    )
    given: Annotated[dict[str, int], Stricter.IDENTITY] = Field(
        default_factory=dict,
        description="Only rows where these outcomes have these values; `{label: 0}` makes it a false-positive gap.",
    )

    @property
    def rate(self) -> Rate:
        """The rate that is compared."""
        return Rate(outcome=self.outcome, given=tuple(sorted(self.given.items())))


def asks(params: RateGap) -> Mapping[str, Request]:
    """Ask for one rate by slice."""
    return {
        "counts": CountsOf(
            table=params.table,
            rates=(params.rate,),
            slices=params.slices,
            max_rows_per_person=params.max_rows_per_person,
            directed=(params.outcome,),
        )
    }


def examples() -> tuple[Example[RateGap], ...]:
    """Two regions: alike, apart, and too few people."""
    params = RateGap(table="predictions", outcome="prediction")
    return verdicts(
        params,
        passes=people_table({"north": (900, 450), "south": (900, 455)}),
        fails=people_table({"north": (900, 450), "south": (900, 250)}),
        cannot_tell=people_table({"north": (900, 450), "south": (12, 5)}),
        limit=at_most("0.10"),
    )


def gap(one: GroupCount, other: GroupCount, *, adverse_higher: bool) -> Estimate:
    """Return how much worse off ``one`` is than ``other``: a difference of two shares with its interval."""
    worse, better = (one, other) if adverse_higher else (other, one)
    people = None if one.people is None or other.people is None else one.people + other.people
    return miettinen_nurminen(
        worse.positives,
        worse.n,
        better.positives,
        better.n,
        n_eff1=worse.n_eff,
        n_eff2=better.n_eff,
        people=people,
    )


@check(
    asks=asks,
    params=RateGap,
    examples=examples,
    limit=limits("rate_gap", at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(a)-(h)", "eu-ai-act:Art.13(3)(b)"),
)
def rate_gap(counts: Counts, params: RateGap) -> Iterator[Measurement]:
    """Difference of two shares, in [-1, 1], with the score interval of Miettinen and Nurminen.

    A gap means that the same system treats people differently depending on who they are; the slice that is
    worse off is the one that is named. Source: Miettinen & Nurminen 1985, Statistics in Medicine 4:213-226.
    """
    higher = bool((counts.adverse or {}).get(params.outcome))
    yield from shown(counts, params.rate, "rate")
    yield from comparisons(
        counts,
        params.rate,
        metric="rate_gap",
        gaps=params.gaps,
        compare=lambda one, other: gap(one, other, adverse_higher=higher),
    )
