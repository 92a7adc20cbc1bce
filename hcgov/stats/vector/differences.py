"""Differences of two rates, many at once: :mod:`hcgov.stats.differences`, operation by operation.

Bounds and scores equal those of one cell bit for bit: both forms use only arithmetic and square roots, which
are rounded the same way everywhere.
"""

import numpy as np
from numpy.typing import ArrayLike

from hcgov.stats.effective import NONE
from hcgov.stats.vector.effective import Floats, cells, check_counts, critical_values, quiet, settled_counts
from hcgov.stats.vector.proportions import wilson_lower, wilson_upper
from hcgov.stats.vector.roots import newton_root


def miettinen_nurminen_lower(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: ArrayLike
) -> Floats:
    """Return the lower bounds of first rates minus second ones.

    Parameters
    ----------
    x1, n1, x2, n2
        Effective events and sizes, 0 <= x <= n, not necessarily whole; arrays of one shape, or numbers.
    level
        One-sided confidence in [0.5, 1): one, or one a cell.

    Returns
    -------
    array of float
        In [-1, 1], of the common shape; equal to the scalar form bit for bit.

    Raises
    ------
    ValueError
        Counts or a level are out of range.
    """
    shape, (x1, n1, x2, n2, level) = cells(x1, n1, x2, n2, level)
    x1, x2, z = settled_counts(x1, n1), settled_counts(x2, n2), critical_values(level)
    with quiet():
        return _lower(x1, n1, x2, n2, z).reshape(shape)


def miettinen_nurminen_upper(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: ArrayLike
) -> Floats:
    """Return the upper bounds of first rates minus second ones; see :func:`miettinen_nurminen_lower`."""
    return -miettinen_nurminen_lower(x2, n2, x1, n1, level)


def miettinen_nurminen_score(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, difference: ArrayLike
) -> Floats:
    """Return the score statistics of "the difference of the rates is ``difference``".

    Parameters
    ----------
    x1, n1, x2, n2
        As for :func:`miettinen_nurminen_lower`.
    difference
        The hypotheses: one, or one a cell.

    Raises
    ------
    ValueError
        Counts are out of range.
    """
    shape, (x1, n1, x2, n2, d) = cells(x1, n1, x2, n2, difference)
    x1, x2 = settled_counts(x1, n1), settled_counts(x2, n2)
    with quiet():
        excess = x1 / n1 - x2 / n2 - d
        turned = excess < 0.0
        first, second = np.where(turned, (x2, n2), (x1, n1)), np.where(turned, (x1, n1), (x2, n2))
        size = _score(first, second, np.where(turned, -d, d), np.abs(excess))
        score = np.where(turned, -size, size)
        score[(np.minimum(n1, n2) < NONE) | (n1 + n2 <= 1.0) | (np.abs(excess) < NONE)] = 0.0
        score[d < -1.0], score[d > 1.0] = np.inf, -np.inf
    return score.reshape(shape)


def newcombe_lower(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: ArrayLike) -> Floats:
    """Return the lower bounds of first rates minus second ones by Newcombe's hybrid of Wilson bounds.

    Arguments and errors are those of :func:`miettinen_nurminen_lower`; see
    :func:`hcgov.stats.closed_forms.newcombe_lower`.
    """
    shape, (x1, n1, x2, n2, level) = cells(x1, n1, x2, n2, level)
    check_counts(x1, n1)
    check_counts(x2, n2)
    with quiet():
        p1, p2 = x1 / n1, x2 / n2
        down = p1 - wilson_lower(x1, n1, level)
        up = wilson_upper(x2, n2, level) - p2
        bound = np.maximum(p1 - p2 - np.sqrt(down * down + up * up), -1.0)
    return np.where(np.minimum(n1, n2) < NONE, -1.0, bound).reshape(shape)


def newcombe_upper(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: ArrayLike) -> Floats:
    """Return the upper bounds of first rates minus second ones; see :func:`newcombe_lower`."""
    return -newcombe_lower(x2, n2, x1, n1, level)


def _lower(x1: Floats, n1: Floats, x2: Floats, n2: Floats, z: Floats) -> Floats:
    total = n1 + n2
    observed = x1 / n1 - x2 / n2
    target = z * z * total / (total - 1.0)
    x, n = _pair(x1, n1, x2, n2)
    high = _smaller(_multiplier_at_score(x, n, target))
    low = _smaller(_multiplier_at_score(x, n, target / 2.0))
    bound = np.where((target == 0.0) & (total > 1.0), observed, -1.0)
    empty = np.minimum(n1, n2) < NONE
    hard = ~empty & (total > 1.0) & (target != 0.0) & (high < np.inf)
    bound[empty] = -1.0
    x, n = x[:, hard], n[:, hard]
    multiplier = newton_root(_excess_score, low[hard], high[hard], x, n, np.sqrt(target[hard]))
    p, q, _ = _pull(multiplier, x, n)
    bound[hard] = np.minimum(np.maximum(p[0] - q[1], -1.0), observed[hard])
    return bound


def _score(first: Floats, second: Floats, difference: Floats, excess: Floats) -> Floats:
    """Return the score where the observed difference exceeds the hypothesis."""
    x, n = _pair(*first, *second)
    total = n[0] + n[1]
    high = np.minimum(_smaller(_multiplier_at_shift(x, n, excess)), (x[0] + x[1]) / (difference + 1.0))
    low = np.minimum(_smaller(_multiplier_at_shift(x, n, excess / 2.0)), high)
    size = np.full_like(excess, np.inf)
    hard = (difference > -1.0) & (difference < 1.0) & (high < np.inf) & (excess >= NONE)
    multiplier = newton_root(
        _excess_difference, low[hard], high[hard], x[:, hard], n[:, hard], difference[hard]
    )
    size[hard] = np.sqrt(multiplier * excess[hard] * (total[hard] - 1.0) / total[hard])
    return size


def _pair(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> tuple[Floats, Floats]:
    """Return events of the first groups above what did not happen in the second, and the sizes of either.

    The second rate is pulled down where the first is pulled up, so its complement moves as the first rate does: what
    is computed for one row is computed for both.
    """
    return np.stack((x1, n2 - x2)), np.stack((n1, n2))


def _smaller(both: Floats) -> Floats:
    smaller: Floats = np.minimum(both[0], both[1])
    return smaller


def _pull(multiplier: Floats, x: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    y = n - x
    gap = multiplier - n
    root = np.sqrt(gap * gap + 4.0 * multiplier * y)
    p = 2.0 * x / (multiplier + n + root)
    q = np.where(gap < 0.0, 2.0 * y / (root - gap), (gap + root) / (2.0 * multiplier))
    return p, q, np.maximum(root, NONE)


def _excess_score(multiplier: Floats, x: Floats, n: Floats, goal: Floats) -> tuple[Floats, Floats]:
    p, q, root = _pull(multiplier, x, n)
    variance = p * q / n
    spread = np.sqrt(variance[0] + variance[1])
    bends = (q - p) * variance / root
    slope = np.where(spread == 0.0, 0.0, spread - multiplier * (bends[0] + bends[1]) / (2.0 * spread))
    return multiplier * spread - goal, slope


def _excess_difference(multiplier: Floats, x: Floats, n: Floats, goal: Floats) -> tuple[Floats, Floats]:
    p, q, root = _pull(multiplier, x, n)
    slopes = p * q / root
    return goal - (p[0] - q[1]), slopes[0] + slopes[1]


def _multiplier_at_score(x: Floats, n: Floats, target: Floats) -> Floats:
    p, q = x / n, (n - x) / n
    a, b, c = p * q, (p - q) * target, target * (target + n)
    root = np.sqrt(b * b + 4.0 * a * c)
    above = np.where(b + root > 0.0, 2.0 * c / (b + root), np.inf)
    return np.where(b >= 0.0, above, np.where(a > 0.0, (root - b) / (2.0 * a), np.inf))


def _multiplier_at_shift(x: Floats, n: Floats, shift: Floats) -> Floats:
    p, q = x / n, (n - x) / n
    return np.where(p > shift, n * shift / ((p - shift) * (q + shift)), np.inf)
