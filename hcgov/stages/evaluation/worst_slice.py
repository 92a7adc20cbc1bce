"""Every slice, on its own, is served well enough."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.stages.comparing import each_alone
from hcgov.stages.rates import CountedRateParams
from hcgov.stages.worked import at_least, people_table, verdicts


class WorstSlice(CountedRateParams):
    """Parameters of the worst slice."""

    outcome: str = Field(description="Outcome whose share must keep the limit in every slice.")


def asks(params: WorstSlice) -> Mapping[str, Request]:
    """Ask for one rate by slice."""
    return {
        "counts": CountsOf(
            table=params.table,
            rates=(Rate(outcome=params.outcome),),
            slices=params.slices,
            max_rows_per_person=params.max_rows_per_person,
        )
    }


def examples() -> tuple[Example[WorstSlice], ...]:
    """Two regions: both well served, one not, and too few people."""
    return verdicts(
        WorstSlice(table="predictions", outcome="prediction"),
        passes=people_table({"north": (900, 800), "south": (900, 790)}),
        fails=people_table({"north": (900, 800), "south": (900, 500)}),
        cannot_tell=people_table({"north": (900, 800), "south": (12, 11)}),
        limit=at_least("0.80"),
    )


@check(
    asks=asks,
    params=WorstSlice,
    examples=examples,
    limit=limits("rate", at_most="(0, 1)", at_least="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:MEASURE 2.5", "eu-ai-act:Art.13(3)(b)"),
)
def worst_slice(counts: Counts, params: WorstSlice) -> Iterator[Measurement]:
    """Share of a slice, in [0, 1], with the exact interval of Clopper and Pearson.

    An average that is good enough can be made of people for whom it is not. Source: Clopper & Pearson 1934,
    Biometrika 26:404-413.
    """
    yield from each_alone(counts, Rate(outcome=params.outcome), metric="rate", gaps=params.gaps)
