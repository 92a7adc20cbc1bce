"""Spearman's correlation of few pairs with its exact permutation test."""

import math
from itertools import permutations

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Floats
from hcgov.stats.effective import critical_value
from hcgov.stats.judges.ceiling import midranks
from hcgov.stats.student import student_cdf

EXACT = 9
"""Up to so many pairs every order is tried."""


@frozen
class RankCorrelation:
    """Spearman's correlation.

    Parameters
    ----------
    rho
        In [-1, 1].
    p
        Two-sided p-value of "in no relation".
    one_sided
        p-value of "in no positive relation".
    exact
        Whether every order was tried; else the t approximation.
    n
        Pairs.
    """

    rho: float
    p: float
    one_sided: float
    exact: bool
    n: int

    def upper(self, level: float) -> float:
        """Return the upper bound of the correlation at a one-sided confidence; 1 below four pairs.

        Fisher's z with variance (1 + rho^2 / 2) / (n - 3): Bonett and Wright 2000, Psychometrika 65:23
        (doi:10.1007/BF02294183).
        """
        if self.n < 4 or self.rho >= 1.0:
            return 1.0
        if self.rho <= -1.0:
            return (
                1.0 if self.n < 5 else math.tanh(-1.0 + critical_value(level) * math.sqrt(1.5 / (self.n - 3)))
            )
        reach = critical_value(level) * math.sqrt((1.0 + self.rho**2 / 2.0) / (self.n - 3))
        return math.tanh(math.atanh(self.rho) + reach)


def rank_correlation(x: Floats, y: Floats) -> RankCorrelation | None:
    """Return Spearman's correlation of pairs; ``None`` below three pairs or where a side is constant.

    Parameters
    ----------
    x, y
        Finite, shape (n,).

    Notes
    -----
    Up to :data:`EXACT` pairs the p-value counts all n! orders of one side whose correlation is at least as far from
    0; equal values share ranks, and the same count holds. The t approximation is for large n: of five pairs with a
    correlation of 0.90 it says 0.037, and the truth is 0.083.

    >>> found = rank_correlation(np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 2, 3, 5, 4]))
    >>> round(found.rho, 2), round(found.p, 3), round(found.one_sided, 3)
    (0.9, 0.083, 0.042)
    """
    n = int(x.size)
    if n < 3 or np.ptp(x) == 0.0 or np.ptp(y) == 0.0:
        return None
    a, b = (midranks(one) - (n + 1) / 2.0 for one in (x, y))
    scale = math.sqrt(float(a @ a) * float(b @ b))
    rho = min(max(float(a @ b) / scale, -1.0), 1.0)
    if n <= EXACT:
        orders = np.array(list(permutations(range(n))))
        every = b[orders] @ a / scale
        p = float((np.abs(every) >= abs(rho) - 1e-12).mean())
        return RankCorrelation(rho=rho, p=p, one_sided=float((every >= rho - 1e-12).mean()), exact=True, n=n)
    rest = 1.0 - rho * rho
    t = math.copysign(math.inf, rho) if rest <= 0.0 else rho * math.sqrt((n - 2) / rest)
    tail = 0.0 if math.isinf(t) else student_cdf(-abs(t), n - 2)
    return RankCorrelation(rho=rho, p=2.0 * tail, one_sided=tail if rho > 0 else 1.0 - tail, exact=False, n=n)


def kendall_tau(x: Floats, y: Floats) -> float | None:
    """Return Kendall's tau-b of pairs; ``None`` where a side is constant.

    Notes
    -----
    (concordant - discordant) / sqrt(pairs not tied in x times pairs not tied in y): Kendall 1945, Biometrika 33:239.
    """
    first = np.sign(x[:, None] - x[None, :])
    second = np.sign(y[:, None] - y[None, :])
    scale = math.sqrt(float(np.abs(first).sum()) * float(np.abs(second).sum()))
    return float((first * second).sum()) / scale if scale else None
