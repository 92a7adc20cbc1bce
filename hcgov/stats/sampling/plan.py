"""A sampling plan: strata, their shares of the population, and how many people of each to ask."""

import math
from collections.abc import Mapping, Sequence

from hcgov.core.frozen import frozen
from hcgov.stats.effective import critical_value
from hcgov.stats.sampling.allocation import neyman, people_for_margin, planned_deff, proportional

Values = tuple[str, ...]
"""What people of a stratum share: a value for each column of the plan."""


@frozen
class Stratum:
    """People who share values, and how many of them to ask.

    Parameters
    ----------
    values
        One for each column of the plan.
    share
        Of the population, in (0, 1].
    quota
        People to ask.
    least
        Fewest people with whom the stratum can be told by itself at its margin of error; 0 where it is not to be.
    """

    values: Values
    share: float
    quota: int
    least: int = 0


@frozen
class SamplingPlan:
    """How many people to ask of each stratum.

    Parameters
    ----------
    columns
        Which columns the strata cross.
    strata
        In the order given.
    method
        ``proportional``, ``neyman``, or ``given`` for quotas that people set.
    level
        Two-sided confidence of the margins.
    margin, stratum_margin
        Margins of error asked for, of the whole and of each stratum; ``None`` where none was.
    """

    columns: tuple[str, ...]
    strata: tuple[Stratum, ...]
    method: str
    level: float = 0.95
    margin: float | None = None
    stratum_margin: float | None = None

    @property
    def total(self) -> int:
        """People to ask."""
        return sum(stratum.quota for stratum in self.strata)

    @property
    def deff(self) -> float:
        """Design effect of weighting the strata back to their shares."""
        return planned_deff([s.share for s in self.strata], [s.quota for s in self.strata])

    @property
    def planned_margin(self) -> float:
        """Margin of error of a share of the whole population that the plan gives, at worst; 1 where it gives none."""
        if not self.total or math.isinf(self.deff):
            return 1.0
        z = critical_value((1.0 + self.level) / 2.0)
        return min(z * math.sqrt(0.25 * self.deff / self.total), 1.0)


@frozen
class Fill:
    """How far a stratum's quota is filled.

    ``fill`` is people over quota, at most 1, and 1 where nobody was to be asked.
    """

    stratum: Stratum
    people: int

    @property
    def fill(self) -> float:
        """Return people over quota, at most 1."""
        return min(self.people / self.stratum.quota, 1.0) if self.stratum.quota else 1.0

    @property
    def short(self) -> int:
        """People still to be asked."""
        return max(self.stratum.quota - self.people, 0)


def sampling_plan(
    columns: Sequence[str],
    shares: Mapping[Values, float],
    *,
    margin: float | None = 0.05,
    stratum_margin: float | None = None,
    total: int | None = None,
    level: float = 0.95,
    sds: Mapping[Values, float] | None = None,
    costs: Mapping[Values, float] | None = None,
) -> SamplingPlan:
    """Return how many people to ask of each stratum.

    Parameters
    ----------
    columns, shares
        What the strata cross, and each stratum's share of the population, above 0; divided by their sum.
    margin
        Margin of error of a share of the whole population; gives the total where ``total`` is left out. The total
        is raised until it holds at the design effect of the quotas.
    stratum_margin
        Margin of error of a share of each stratum by itself; gives the least of every quota.
    total
        People to ask; raised where the least of all strata come to more.
    level
        Two-sided confidence of both margins.
    sds, costs
        Standard deviation of the answer and cost of an answer in each stratum: with either, quotas are Neyman's.

    Raises
    ------
    ValueError
        There is nothing to plan from, or a number is out of range.
    """
    strata = _checked(columns, shares, sds, costs)
    if margin is None and stratum_margin is None and total is None:
        raise ValueError("a plan needs a total or a margin of error")
    whole = math.fsum(shares.values())
    least = 0 if stratum_margin is None else people_for_margin(stratum_margin, level=level)
    people = total if total is not None else 0 if margin is None else people_for_margin(margin, level=level)
    while True:
        quotas = _quotas(strata, shares, people, least, sds, costs)
        plan = SamplingPlan(
            columns=tuple(columns),
            strata=tuple(
                Stratum(values=values, share=shares[values] / whole, quota=quota, least=least)
                for values, quota in zip(strata, quotas, strict=True)
            ),
            method="proportional" if sds is None and costs is None else "neyman",
            level=level,
            margin=margin,
            stratum_margin=stratum_margin,
        )
        if total is not None or margin is None:
            return plan
        if math.isinf(plan.deff):  # so few people that a stratum goes without
            people += len(strata)
        elif plan.planned_margin > margin * (1.0 + 1e-9):
            needed = people_for_margin(margin, level=level, deff=max(plan.deff, 1.0))
            people = max(needed, people + 1)
        else:
            return plan


def shortfall(plan: SamplingPlan, people: Mapping[Values, int]) -> tuple[Fill, ...]:
    """Return how far each stratum of a plan is filled by the people who have answered.

    Parameters
    ----------
    plan
        Its strata.
    people
        Distinct people of each stratum; strata that nobody answered of may be left out. Others than the plan's are
        not counted.
    """
    return tuple(Fill(stratum=stratum, people=people.get(stratum.values, 0)) for stratum in plan.strata)


def _checked(
    columns: Sequence[str],
    shares: Mapping[Values, float],
    sds: Mapping[Values, float] | None,
    costs: Mapping[Values, float] | None,
) -> tuple[Values, ...]:
    strata = tuple(shares)
    if not strata or any(len(values) != len(columns) for values in strata):
        raise ValueError("a plan has strata, each with a value for every column")
    if any(not 0.0 < shares[values] < math.inf for values in strata):
        raise ValueError("a stratum's share is above 0 and finite")
    if any(given is not None and set(given) != set(strata) for given in (sds, costs)):
        raise ValueError("standard deviations and costs are given for every stratum, or for none")
    return strata


def _quotas(
    strata: Sequence[Values],
    shares: Mapping[Values, float],
    people: int,
    least: int,
    sds: Mapping[Values, float] | None,
    costs: Mapping[Values, float] | None,
) -> tuple[int, ...]:
    parts, floors = [shares[values] for values in strata], [least] * len(strata)
    if sds is None and costs is None:
        return proportional(parts, people, least=floors)
    spread = [1.0 if sds is None else sds[values] for values in strata]
    prices = () if costs is None else tuple(costs[values] for values in strata)
    return neyman(parts, spread, people, costs=prices, least=floors)
