"""Who is stronger than whom, and in which place, all said at once at one error probability."""

import math

import numpy as np
from scipy.special import stdtr

from hcgov.core.frozen import frozen
from hcgov.stats.multiplicity import holm_adjusted
from hcgov.stats.preferences.contests import Floats
from hcgov.stats.preferences.strengths import Strengths
from hcgov.stats.student import critical_t


@frozen
class Difference:
    """One strength minus another, on the logit scale.

    Parameters
    ----------
    one, other
        Codes of the competitors.
    low, high
        Ends of the interval that holds together with those of all other pairs.
    p
        Error probability, over all pairs, at which Holm's procedure says that they differ.
    """

    one: int
    other: int
    value: float
    se: float
    low: float
    high: float
    p: float

    @property
    def settled(self) -> int:
        """1 where ``one`` is stronger, -1 where ``other`` is, 0 where it is open."""
        return int(self.low > 0.0) - int(self.high < 0.0)


@frozen
class Rank:
    """Places that a competitor may have, 1 for the strongest: those that no settled difference excludes."""

    best: int
    worst: int


@frozen
class Standing:
    """All differences of strengths, and the places that follow.

    Parameters
    ----------
    differences
        One for each two competitors, the one with the smaller code first.
    ranks
        One for each competitor.
    level
        Probability that all intervals hold.
    """

    differences: tuple[Difference, ...]
    ranks: tuple[Rank, ...]
    level: float

    def between(self, one: int, other: int) -> Difference:
        """Return the difference of two competitors, in the order asked.

        Raises
        ------
        KeyError
            There is no such pair.
        """
        for found in self.differences:
            if (found.one, found.other) == (one, other):
                return found
            if (found.one, found.other) == (other, one):
                return Difference(
                    one=one,
                    other=other,
                    value=-found.value,
                    se=found.se,
                    low=-found.high,
                    high=-found.low,
                    p=found.p,
                )
        raise KeyError((one, other))


def standing(strengths: Strengths, *, level: float = 0.95) -> Standing | None:
    """Return every difference with simultaneous intervals; ``None`` where strengths have no clustered covariance.

    Parameters
    ----------
    strengths
        Fitted without a penalty.
    level
        Probability that all intervals hold, in [0.5, 1).

    Notes
    -----
    Bonferroni over all K (K - 1) / 2 pairs, Student's t with one degree of freedom less than there are clusters.
    Rows of one person are never worth more than rows of different people: a variance below that of independent rows
    counts as that. Places by counting settled pairs: Mogstad, Romano, Shaikh and Wilhelm 2024 (Review of Economic
    Studies 91:476, doi:10.1093/restud/rdad006).

    Raises
    ------
    ValueError
        The level is out of range, or strengths were shrunken.
    """
    if not 0.5 <= level < 1.0:
        raise ValueError(f"a level lies in [0.5, 1), not {level}")
    if strengths.ridge:
        raise ValueError("shrunken strengths have no interval")
    if strengths.covariance is None:
        return None
    k = strengths.theta.size
    one, other = np.triu_indices(k, 1)
    value = strengths.theta[one] - strengths.theta[other]
    se = np.sqrt(np.maximum(_spread(strengths.covariance), _spread(strengths.fisher))[one, other])
    critical = critical_t(1.0 - (1.0 - level) / (2.0 * one.size), float(strengths.df))
    p = np.minimum(2.0 * stdtr(float(strengths.df), -np.abs(value) / se), 1.0)
    adjusted = holm_adjusted([float(one_p) for one_p in p])
    found = tuple(
        Difference(
            one=int(i),
            other=int(j),
            value=float(v),
            se=float(s),
            low=float(v - critical * s),
            high=float(v + critical * s),
            p=q,
        )
        for i, j, v, s, q in zip(one, other, value, se, adjusted, strict=True)
    )
    better, worse = np.zeros(k, dtype=int), np.zeros(k, dtype=int)
    for d in found:
        if d.settled:
            winner, loser = (d.one, d.other) if d.settled > 0 else (d.other, d.one)
            better[loser] += 1
            worse[winner] += 1
    ranks = tuple(Rank(best=1 + int(b), worst=k - int(w)) for b, w in zip(better, worse, strict=True))
    return Standing(differences=found, ranks=ranks, level=level)


def errors(strengths: Strengths) -> Floats | None:
    """Return the standard error of each strength against the mean of all, clustered; ``None`` without clusters."""
    if strengths.covariance is None:
        return None
    return np.sqrt(np.maximum(np.diag(strengths.covariance), np.diag(strengths.fisher)))


def chance(difference: float) -> float:
    """Return how often the first is preferred to the second where neither ties nor order count."""
    return 1.0 / (1.0 + math.exp(-difference)) if difference > -700.0 else 0.0


def _spread(covariance: Floats) -> Floats:
    own = np.diag(covariance)
    return np.asarray(own[:, None] + own[None, :] - 2.0 * covariance, dtype=np.float64)
