"""Score statistics of many tables at once, in the textbook forms.

These are written apart from the product: Miettinen and Nurminen's cubic and Koopman's quadratic, where the
product searches along a Lagrange multiplier. A bound lies on the right side of a limit exactly where the score at
the limit lies beyond the normal quantile, so no bound has to be searched for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Score = Callable[[Array, Array | float, Array, Array | float], Array]


def quantile(level: float) -> float:
    """Return the standard normal quantile of a one-sided confidence."""
    return NormalDist().inv_cdf(level)


def difference_score(x1: Array, n1: Array | float, x2: Array, n2: Array | float, difference: float) -> Array:
    """Return the score of "the first rate minus the second is ``difference``" (Miettinen & Nurminen 1985)."""
    x1, n1, x2, n2 = np.broadcast_arrays(x1, n1, x2, n2)
    total, events, d = n1 + n2, x1 + x2, difference
    cubic = total
    square = (n1 + 2.0 * n2) * d - total - events
    linear = (n2 * d - total - 2.0 * x2) * d + events
    constant = x2 * d * (1.0 - d)
    third = square / (3.0 * cubic)
    q = third**3 - linear * square / (6.0 * cubic**2) + constant / (2.0 * cubic)
    p = np.where(q >= 0.0, 1.0, -1.0) * np.sqrt(np.maximum(third**2 - linear / (3.0 * cubic), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = (np.pi + np.arccos(np.clip(np.where(p == 0.0, 0.0, q / p**3), -1.0, 1.0))) / 3.0
    p2 = np.clip(2.0 * p * np.cos(angle) - third, max(0.0, -d), min(1.0, 1.0 - d))
    p1 = np.clip(p2 + d, 0.0, 1.0)
    variance = (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2) * total / (total - 1.0)
    return _over_root(x1 / n1 - x2 / n2 - d, variance)


def ratio_score(x1: Array, n1: Array | float, x2: Array, n2: Array | float, ratio: float) -> Array:
    """Return the score of "the first rate over the second is ``ratio``" (Koopman 1984)."""
    x1, n1, x2, n2 = np.broadcast_arrays(x1, n1, x2, n2)
    a = (n1 + n2) * ratio
    b = -(n1 * ratio + x1 + n2 + x2 * ratio)
    c = x1 + x2
    p2 = np.clip((-b - np.sqrt(np.maximum(b * b - 4.0 * a * c, 0.0))) / (2.0 * a), 0.0, 1.0)
    p1 = np.clip(ratio * p2, 0.0, 1.0)
    variance = p1 * (1.0 - p1) / n1 + ratio * ratio * p2 * (1.0 - p2) / n2
    return _over_root(x1 / n1 - ratio * (x2 / n2), variance)


def _over_root(excess: Array, variance: Array) -> Array:
    """Divide by a standard error; where that is nothing, an excess is certain and none is none."""
    tiny = 1e-14
    sure = np.where(np.abs(excess) < tiny, 0.0, np.copysign(np.inf, excess))
    return np.where(variance > tiny, excess / np.sqrt(np.maximum(variance, tiny)), sure)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two rates and a limit, as the scores see them: negative is inside, positive beyond.

    Parameters
    ----------
    limit
        Largest accepted difference, or least accepted ratio.
    ratio
        Whether it is a ratio.
    """

    limit: float
    ratio: bool = False

    def score(self, x1: Array, n1: Array | float, x2: Array, n2: Array | float) -> Array:
        """Return how far the first group lies beyond the limit against the second, in standard errors."""
        if self.ratio:
            return -ratio_score(x1, n1, x2, n2, self.limit)
        return difference_score(x1, n1, x2, n2, self.limit)

    def resolvable(self, x1: Array, n1: Array | float, x2: Array, n2: Array | float, level: float) -> Array:
        """Return whether equal rates at the pooled observed one could pass with these sizes."""
        pooled = (x1 + x2) / (np.asarray(n1) + n2)
        return self.score(pooled * n1, n1, pooled * n2, n2) <= -quantile(level)
