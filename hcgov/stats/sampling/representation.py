"""Who is in a sample, held against who is in the population."""

import math
from collections.abc import Mapping

from hcgov.core.frozen import frozen
from hcgov.stats.multinomial import goodman_intervals


@frozen
class Represented:
    """A group's share of the people over its share of the population, with joint bounds."""

    group: str
    people: int
    share: float
    target: float
    ratio: float
    low: float
    high: float


@frozen
class Mix:
    """The mix of a sample.

    Parameters
    ----------
    groups
        Each group that the target names.
    distance
        Total variation distance between the sample's shares and the target's, in [0, 1]; groups that the target
        does not name count as far from it.
    effective_groups
        Hill's effective number of groups, exp of the entropy of the sample's shares.
    """

    groups: tuple[Represented, ...]
    distance: float
    effective_groups: float


def mix_of(people: Mapping[str, int], target: Mapping[str, float], *, level: float = 0.95) -> Mix | None:
    """Return how the people of a sample compare with a population, or ``None`` without anybody.

    Parameters
    ----------
    people
        Distinct people of each group; those whose group is not recorded are left out by the caller, who says so.
    target
        Share of the population of each group, above 0; divided by their sum.
    level
        Joint confidence of all bounds. They are for people drawn by chance: quotas that were set by design have no
        sampling error, and no interval.

    Notes
    -----
    Goodman 1965 (Technometrics 7:247); Hill 1973 (Ecology 54:427).
    """
    names = tuple(dict.fromkeys((*target, *sorted(people))))
    n, whole = sum(people.values()), math.fsum(target.values())
    if n == 0 or whole <= 0.0:
        return None
    counts = [people.get(name, 0) for name in names]
    bounds = goodman_intervals([float(c) for c in counts], level) if len(names) > 1 else ((1.0, 1.0),)
    shares = {name: count / n for name, count in zip(names, counts, strict=True)}
    wanted = {name: target.get(name, 0.0) / whole for name in names}
    return Mix(
        groups=tuple(
            Represented(
                group=name,
                people=people.get(name, 0),
                share=shares[name],
                target=wanted[name],
                ratio=shares[name] / wanted[name],
                low=low / wanted[name],
                high=high / wanted[name],
            )
            for name, (low, high) in zip(names, bounds, strict=True)
            if wanted[name] > 0.0
        ),
        distance=math.fsum(abs(shares[name] - wanted[name]) for name in names) / 2.0,
        effective_groups=math.exp(-math.fsum(p * math.log(p) for p in shares.values() if p > 0.0)),
    )


def covered_share(
    people: Mapping[tuple[str, ...], int], target: Mapping[tuple[str, ...], float], k: int
) -> float:
    """Return the share of the population that stands in cells of which the sample has at least ``k`` people.

    It describes the sample and has no interval.
    """
    whole = math.fsum(target.values())
    if whole <= 0.0:
        raise ValueError("a target has a positive sum")
    return math.fsum(share for cell, share in target.items() if people.get(cell, 0) >= k) / whole
