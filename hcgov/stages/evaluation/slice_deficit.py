"""No slice is served worse than everyone else."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.stages.comparing import with_everyone_else
from hcgov.stages.evaluation.rate_gap import gap
from hcgov.stages.rates import CountedRateParams, shown
from hcgov.stages.worked import at_most, people_table, verdicts


class SliceDeficit(CountedRateParams):
    """Parameters of the slice deficit."""

    outcome: str = Field(description="Outcome whose share is compared; its adverse direction is declared.")


def asks(params: SliceDeficit) -> Mapping[str, Request]:
    """Ask for one rate by slice."""
    rate = Rate(outcome=params.outcome)
    return {
        "counts": CountsOf(
            table=params.table,
            rates=(rate,),
            slices=params.slices,
            max_rows_per_person=params.max_rows_per_person,
            directed=(params.outcome,),
        )
    }


def examples() -> tuple[Example[SliceDeficit], ...]:
    """Two regions: alike, apart, and too few people."""
    return verdicts(
        SliceDeficit(table="predictions", outcome="prediction"),
        passes=people_table({"north": (2000, 1600), "south": (2000, 1590)}),
        fails=people_table({"north": (2000, 1600), "south": (2000, 1400)}),
        cannot_tell=people_table({"north": (900, 720), "south": (12, 9)}),
        limit=at_most("0.05"),
    )


@check(
    asks=asks,
    params=SliceDeficit,
    examples=examples,
    limit=limits("slice_deficit", at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:MEASURE 2.5"),
)
def slice_deficit(counts: Counts, params: SliceDeficit) -> Iterator[Measurement]:
    """How much worse off a slice is than everyone else, in [-1, 1], with Miettinen and Nurminen's interval.

    The comparison is with everyone else, not with everyone, so that a large slice does not hide in the
    average it makes. Source: Miettinen & Nurminen 1985, Statistics in Medicine 4:213-226.
    """
    rate = Rate(outcome=params.outcome)
    higher = bool((counts.adverse or {}).get(params.outcome))
    yield from shown(counts, rate, "rate")
    yield from with_everyone_else(
        counts,
        rate,
        metric="slice_deficit",
        gaps=params.gaps,
        compare=lambda one, other: gap(one, other, adverse_higher=higher),
    )
