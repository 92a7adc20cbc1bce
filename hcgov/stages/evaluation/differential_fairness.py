"""No outcome, wanted or not, is much more frequent in one slice than in another (differential fairness)."""

import math
from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.text import Text, text
from hcgov.stages.comparing import comparisons
from hcgov.stages.rates import CountedRateParams, count, enough, shown
from hcgov.stages.worked import at_most, people_table, verdicts
from hcgov.stats.heterogeneity import Count, Fairness, Spread, between_slice_variance
from hcgov.stats.heterogeneity import differential_fairness as fairness
from hcgov.stats.ratios import koopman


class DifferentialFairness(CountedRateParams):
    """Parameters of differential fairness. The limit is a ratio, e^epsilon: 1.25 for epsilon = 0.223."""

    outcome: str = Field(description="Outcome; its absence is compared just as its presence is.")


def asks(params: DifferentialFairness) -> Mapping[str, Request]:
    """Ask for one rate by slice."""
    return {
        "counts": CountsOf(
            table=params.table,
            rates=(Rate(outcome=params.outcome),),
            slices=params.slices,
            max_rows_per_person=params.max_rows_per_person,
        )
    }


def examples() -> tuple[Example[DifferentialFairness], ...]:
    """Two regions: alike, apart, and too few people."""
    return verdicts(
        DifferentialFairness(table="predictions", outcome="prediction"),
        passes=people_table({"north": (1900, 950), "south": (1900, 940)}),
        fails=people_table({"north": (900, 810), "south": (900, 630)}),
        cannot_tell=people_table({"north": (900, 450), "south": (12, 5)}),
        limit=at_most("1.25"),
    )


def _people(one: GroupCount, other: GroupCount) -> int | None:
    return None if one.people is None or other.people is None else one.people + other.people


def _with(one: GroupCount, other: GroupCount) -> Estimate:
    return koopman(
        one.positives,
        one.n,
        other.positives,
        other.n,
        n_eff1=one.n_eff,
        n_eff2=other.n_eff,
        people=_people(one, other),
    )


def _without(one: GroupCount, other: GroupCount) -> Estimate:
    return koopman(
        one.n - one.positives,
        one.n,
        other.n - other.positives,
        other.n,
        n_eff1=one.n_eff,
        n_eff2=other.n_eff,
        people=_people(one, other),
    )


@check(
    asks=asks,
    params=DifferentialFairness,
    examples=examples,
    limit=limits("ratio_with_outcome", "ratio_without_outcome", at_most="[1, inf)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(a)-(h)", "iso-42001:A.5.4"),
)
def differential_fairness(counts: Counts, params: DifferentialFairness) -> Iterator[Measurement]:
    """Ratio of two slices' shares with the outcome, and of their shares without it, from 0 upwards.

    Nobody should be able to tell a person's group from what the system decided: the largest of these ratios
    is e^epsilon. A rule on the wanted outcome alone overlooks that one group may be refused three times as
    often as another while both are mostly accepted. Each ratio has Koopman's score interval; the control
    passes where every one of them does, which bounds epsilon itself and needs no posterior draws. Crossings are
    compared with everyone else. Beside it stand epsilon over all slices of a column, smoothed, and the
    variance between slices that chance does not explain; neither is judged. Source: Foulds, Islam, Keya & Pan
    2020, ICDE 1918-1921; Koopman 1984, Biometrics 40:513-517; Lum, Zhang & Bower 2022, FAccT 379-389.
    """
    rate = Rate(outcome=params.outcome)
    yield from shown(counts, rate, "rate")
    yield from comparisons(counts, rate, metric="ratio_with_outcome", gaps=params.gaps, compare=_with)
    yield from comparisons(counts, rate, metric="ratio_without_outcome", gaps=params.gaps, compare=_without)
    overall = counts.overall(rate)
    for columns in counts.rules.slicings():
        groups = [count(sums, overall) for sums in counts.by(rate, columns)]
        slices = [(g.positives * (g.n_eff / g.n), g.n_eff) for g in groups if enough(g, counts) and g.n]
        yield from _beside(columns, [(min(x, n), n) for x, n in slices])


def _beside(columns: tuple[str, ...], slices: list[Count]) -> Iterator[Measurement]:
    """Show how far apart the slices of a slicing are, and how much of that is not chance."""
    by = " × ".join(columns)
    told, spread = fairness(slices), between_slice_variance(slices)
    if told is not None:
        yield _shown("differential_fairness", columns, told.epsilon, slices, _epsilon(by, told))
    if spread is not None:
        yield _shown("variance_between_slices", columns, spread.value, slices, _variance(by, spread))


def _epsilon(by: str, told: Fairness) -> Text:
    if told.high is None:
        return text(
            "{by}: epsilon is {epsilon} (smoothed) and has no upper bound: some slice never has the outcome, "
            "or always",
            by=by,
            epsilon=f"{told.epsilon:.3f}",
        )
    return text(
        "{by}: epsilon is {epsilon} (smoothed), with 95 % confidence at most {high}",
        by=by,
        epsilon=f"{told.epsilon:.3f}",
        high=f"{told.high:.3f}",
    )


def _variance(by: str, spread: Spread) -> Text:
    if spread.below_chance:
        return text(
            "{by}: the rates of {slices} slices differ no more than chance makes them differ",
            by=by,
            slices=spread.slices,
        )
    return text(
        "{by}: beyond chance, the rates of {slices} slices have a standard deviation of {deviation}",
        by=by,
        slices=spread.slices,
        deviation=f"{math.sqrt(spread.value):.3f}",
    )


def _shown(
    metric: str, columns: tuple[str, ...], value: float, slices: list[Count], note: Text
) -> Measurement:
    size = math.fsum(n for _, n in slices)
    estimate = Estimate(value=value, n=round(size), n_eff=size, people=None, method=Method.POINT)
    name = f"{metric}_by_{'_and_'.join(columns)}"
    return Measurement(metric=name, depth=len(columns), estimate=estimate, note=note, shown=True)
