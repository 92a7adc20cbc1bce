"""How many people to ask of each stratum."""

import math
from collections.abc import Sequence

from hcgov.stats.effective import critical_value


def people_for_margin(
    margin: float,
    *,
    level: float = 0.95,
    share: float = 0.5,
    deff: float = 1.0,
    population: int | None = None,
) -> int:
    """Return how many people a share needs so that its interval reaches no further than ``margin`` to each side.

    Parameters
    ----------
    margin
        Half width of the interval, in (0, 0.5]; 0.05 is five percentage points.
    level
        Two-sided confidence in [0.5, 1).
    share
        The share to be told, in (0, 1); 0.5 is the worst case.
    deff
        Design effect of the plan, at least 1.
    population
        People in the stratum, where it is so small that asking all of them is near.

    Raises
    ------
    ValueError
        A number is out of range.

    Notes
    -----
    n = z^2 p (1 - p) deff / margin^2, and n / (1 + (n - 1) / N) of a finite population: Cochran 1977, Sampling
    Techniques, 3rd edition, equations 4.1 and 4.4.

    >>> people_for_margin(0.05), people_for_margin(0.10)
    (385, 97)
    """
    if not 0.0 < margin <= 0.5 or not 0.5 <= level < 1.0 or not 0.0 < share < 1.0:
        raise ValueError("a margin lies in (0, 0.5], a level in [0.5, 1) and a share in (0, 1)")
    if not 1.0 <= deff < math.inf or (population is not None and population < 1):
        raise ValueError("a design effect is at least 1 and finite, and a population has somebody in it")
    z = critical_value((1.0 + level) / 2.0)
    n = z * z * share * (1.0 - share) * deff / margin**2
    if population is not None:
        n = min(n / (1.0 + max(n - 1.0, 0.0) / population), float(population))
    return math.ceil(n - 1e-9)


def largest_remainder(shares: Sequence[float], total: int) -> tuple[int, ...]:
    """Round shares of a total to whole numbers that add up to it.

    Parameters
    ----------
    shares
        Finite and not negative, with a positive sum; only their ratios matter.
    total
        What is given out, at least 0.

    Raises
    ------
    ValueError
        Shares or total are impossible.

    Notes
    -----
    Method of Hamilton: the whole parts, then one more each to the largest remainders, equal ones in the order
    given. Balinski and Young 1982, Fair Representation, chapter 2.

    >>> largest_remainder([0.5, 0.3, 0.2], 7)
    (4, 2, 1)
    """
    whole = math.fsum(_checked(shares, "a share"))
    if whole <= 0.0 or total < 0:
        raise ValueError("shares have a positive sum, and a total is not negative")
    exact = [share / whole * total for share in shares]
    given = [math.floor(part + 1e-9) for part in exact]
    order = sorted(range(len(exact)), key=lambda place: (-round(exact[place] - given[place], 9), place))
    for place in order[: total - sum(given)]:
        given[place] += 1
    return tuple(given)


def proportional(shares: Sequence[float], total: int, *, least: Sequence[int] = ()) -> tuple[int, ...]:
    """Return quotas in proportion to the strata's shares of the population.

    Parameters
    ----------
    shares, total
        As for :func:`largest_remainder`.
    least
        Fewest people of each stratum; where they add up to more than ``total``, they are the quotas.
    """
    return _at_least(list(_checked(shares, "a share")), total, least)


def neyman(
    shares: Sequence[float],
    sds: Sequence[float],
    total: int,
    *,
    costs: Sequence[float] = (),
    least: Sequence[int] = (),
) -> tuple[int, ...]:
    """Return quotas that make the variance of the whole population's mean smallest at a given total (or cost).

    Parameters
    ----------
    shares, total, least
        As for :func:`proportional`.
    sds
        Standard deviation of the answer within each stratum, not negative and not all 0.
    costs
        Cost of one answer of each stratum, above 0; alike where left out.

    Notes
    -----
    n_h in proportion to W_h S_h / sqrt(c_h): Neyman 1934, Journal of the Royal Statistical Society 97:558;
    with costs Cochran 1977, equation 5.23.
    """
    prices = tuple(costs) or (1.0,) * len(shares)
    if not len(shares) == len(sds) == len(prices) or any(not 0.0 < cost < math.inf for cost in prices):
        raise ValueError("every stratum has a share, a standard deviation and a cost above 0")
    _checked(sds, "a standard deviation")
    wanted = [w * s / math.sqrt(c) for w, s, c in zip(_checked(shares, "a share"), sds, prices, strict=True)]
    return _at_least(wanted, total, least)


def planned_deff(shares: Sequence[float], quotas: Sequence[int]) -> float:
    """Return the design effect of weighting strata back to their shares, n sum W_h^2 / n_h.

    Infinite where a stratum that people belong to has no quota: nothing can weight it back.

    Notes
    -----
    Kish 1965, Survey Sampling, section 11.7.
    """
    whole = math.fsum(_checked(shares, "a share"))
    if any(share > 0.0 and quota <= 0 for share, quota in zip(shares, quotas, strict=True)):
        return math.inf
    parts = [(share / whole) ** 2 / quota for share, quota in zip(shares, quotas, strict=True) if share > 0.0]
    return sum(quotas) * math.fsum(parts)


def _at_least(wanted: list[float], total: int, least: Sequence[int]) -> tuple[int, ...]:
    """Give out a total in proportion, but nobody less than their least: those who fall short leave the rest."""
    floors = tuple(least) or (0,) * len(wanted)
    if len(floors) != len(wanted) or any(floor < 0 for floor in floors):
        raise ValueError("every stratum has a least quota, and none is negative")
    if sum(floors) >= total:
        return floors
    fixed: set[int] = set()
    while True:
        free = [place for place in range(len(wanted)) if place not in fixed]
        left = total - sum(floors[place] for place in fixed)
        if not free or math.fsum(wanted[place] for place in free) <= 0.0:
            spread = largest_remainder([max(floor, 1) for floor in floors], total)
            return tuple(max(a, b) for a, b in zip(spread, floors, strict=True))
        part = dict(zip(free, largest_remainder([wanted[place] for place in free], left), strict=True))
        short = {place for place in free if part[place] < floors[place]}
        if not short:
            return tuple(part.get(place, floors[place]) for place in range(len(wanted)))
        fixed |= short


def _checked(values: Sequence[float], what: str) -> Sequence[float]:
    if not values or any(not 0.0 <= value < math.inf for value in values):
        raise ValueError(f"{what} is finite and not negative, and there is at least one")
    return values
