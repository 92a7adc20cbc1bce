"""Errors fall alike on every slice: the gaps in true-positive and in false-positive rates."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.stages.comparing import comparisons
from hcgov.stages.evaluation.rate_gap import gap
from hcgov.stages.rates import CountedRateParams, shown
from hcgov.stages.worked import at_most, confusion_table, verdicts


class EqualisedOdds(CountedRateParams):
    """Parameters of equalised odds."""

    label: str = Field(default="label", description="Outcome that holds what was true.")
    prediction: str = Field(
        default="prediction",
        description="Outcome that holds what was predicted; its adverse direction is declared.",
    )

    @property
    def rates(self) -> tuple[tuple[str, Rate], ...]:
        """The two rates, by the name of what is measured."""
        return (
            ("true_positive", Rate(outcome=self.prediction, given=((self.label, 1),))),
            ("false_positive", Rate(outcome=self.prediction, given=((self.label, 0),))),
        )


def asks(params: EqualisedOdds) -> Mapping[str, Request]:
    """Ask for both rates by slice."""
    rates = tuple(rate for _, rate in params.rates)
    return {
        "counts": CountsOf(
            table=params.table,
            rates=rates,
            slices=params.slices,
            max_rows_per_person=params.max_rows_per_person,
            directed=(params.prediction,),
        )
    }


def examples() -> tuple[Example[EqualisedOdds], ...]:
    """Two regions, counted as true and false positives and negatives."""
    alike = {"north": (400, 100, 50, 450), "south": (395, 105, 52, 448)}
    apart = {"north": (400, 100, 50, 450), "south": (250, 250, 50, 450)}
    few = {"north": (400, 100, 50, 450), "south": (4, 1, 60, 400)}
    return verdicts(
        EqualisedOdds(table="predictions"),
        passes=confusion_table(alike),
        fails=confusion_table(apart),
        cannot_tell=confusion_table(few),
        limit=at_most("0.10"),
    )


@check(
    asks=asks,
    params=EqualisedOdds,
    examples=examples,
    limit=limits("true_positive_gap", "false_positive_gap", at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.13(3)(b)", "eu-ai-act:Art.15(1),(3)-(5)"),
)
def equalised_odds(counts: Counts, params: EqualisedOdds) -> Iterator[Measurement]:
    """Gaps in true-positive and false-positive rates, in [-1, 1], each with Miettinen and Nurminen's interval.

    The denominators are the slice's positives and negatives, not its rows. Both gaps must hold, so passing
    needs no correction (intersection-union test, Berger 1982); accusing a slice does.
    """
    higher = bool((counts.adverse or {}).get(params.prediction))
    for name, rate in params.rates:
        yield from shown(counts, rate, f"{name}_rate")
        yield from comparisons(
            counts,
            rate,
            metric=f"{name}_gap",
            gaps=params.gaps,
            compare=lambda one, other: gap(one, other, adverse_higher=higher),
        )
