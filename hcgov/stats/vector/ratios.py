"""Ratios of two rates, many at once: :mod:`hcgov.stats.ratios`, operation by operation and bit for bit."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hcgov.stats.effective import NONE
from hcgov.stats.ratios import LARGEST
from hcgov.stats.vector.effective import Floats, cells, critical_values, quiet, settled_counts
from hcgov.stats.vector.roots import newton_root


def koopman_lower(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: ArrayLike) -> Floats:
    """Return the lower bounds of first rates divided by second ones.

    Parameters
    ----------
    x1, n1, x2, n2
        Effective events and sizes, 0 <= x <= n, not necessarily whole; arrays of one shape, or numbers.
    level
        One-sided confidence in [0.5, 1): one, or one a cell.

    Returns
    -------
    array of float
        At least 0, of the common shape; equal to the scalar form bit for bit.

    Raises
    ------
    ValueError
        Counts or a level are out of range.
    """
    shape, (x1, n1, x2, n2, level) = cells(x1, n1, x2, n2, level)
    x1, x2, z = settled_counts(x1, n1), settled_counts(x2, n2), critical_values(level)
    with quiet():
        return _lower(x1, n1, x2, n2, z).reshape(shape)


def koopman_upper(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: ArrayLike) -> Floats:
    """Return the upper bounds of first rates divided by second ones, infinite without events in the second.

    Arguments and errors are those of :func:`koopman_lower`.
    """
    reciprocal = koopman_lower(x2, n2, x1, n1, level)
    with quiet():
        return np.where(reciprocal > 0.0, 1.0 / reciprocal, np.inf)


def koopman_score(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, ratio: ArrayLike) -> Floats:
    """Return the score statistics of "the ratio of the rates is ``ratio``".

    Parameters
    ----------
    x1, n1, x2, n2
        As for :func:`koopman_lower`.
    ratio
        The hypotheses: one, or one a cell.

    Raises
    ------
    ValueError
        Counts are out of range.
    """
    shape, (x1, n1, x2, n2, r) = cells(x1, n1, x2, n2, ratio)
    x1, x2 = settled_counts(x1, n1), settled_counts(x2, n2)
    with quiet():
        excess = x1 * n2 - r * n1 * x2
        turned = excess < 0.0
        first, second = np.where(turned, (x2, n2), (x1, n1)), np.where(turned, (x1, n1), (x2, n2))
        inverse = 1.0 / r
        size = _score(first, second, np.where(turned, inverse, r), excess, turned)
        score = np.where(turned, -size, size)
        score[excess == 0.0] = 0.0
        nothing = (np.minimum(n1, n2) < NONE) | ((x1 == 0.0) & (x2 == 0.0))
        far = r > LARGEST
        score[far] = np.where(x2 > 0.0, -np.inf, 0.0)[far]
        score[nothing] = np.where(r == np.inf, -np.inf, 0.0)[nothing]
        score[r < 0.0] = np.inf
    return score.reshape(shape)


def _lower(x1: Floats, n1: Floats, x2: Floats, n2: Floats, z: Floats) -> Floats:
    square = z * z
    observed = np.where(x2 > 0.0, (x1 / n1) / (x2 / n2), np.inf)
    nothing = (x1 == 0.0) | (n2 < NONE)
    bound = np.where(nothing, 0.0, observed)
    hard = ~nothing & (square != 0.0)
    x1, n1, x2, n2, z, square = (one[hard] for one in (x1, n1, x2, n2, z, square))
    half = square / 2.0
    low = np.minimum(_first_multiplier(x1, n1, half), _second_multiplier(x2, n2, half))
    high = np.minimum(_first_multiplier(x1, n1, square), _second_multiplier(x2, n2, square))
    m = newton_root(_excess_score, low, high, x1, n1, x2, n2, z)
    y1, y2 = n1 - x1, n2 - x2
    left = np.maximum(square - m * m * y2 / (n2 * (x2 + m)), 0.0)
    odds = np.where(m > x1 / 2.0, n1 * left / (m * m), y1 / (x1 - m))
    bound[hard] = np.minimum((n2 + m) / (x2 + m) / (1.0 + odds), observed[hard])
    return bound


def _score(first: Floats, second: Floats, ratio: Floats, given: Floats, turned: NDArray[np.bool_]) -> Floats:
    """Return the score where the observed ratio exceeds the hypothesis."""
    (x1, n1), (x2, n2) = first, second
    # The excess of exchanged groups is worked out anew, with the reciprocal as it was rounded.
    excess = np.where(turned, x1 * n2 - ratio * n1 * x2, given)
    m = _multiplier_at_ratio(x1, n1, x2, n2, ratio, excess)
    p2, q2 = (x2 + m) / (n2 + m), (n2 - x2) / (n2 + m)
    p1 = np.minimum(ratio * p2, 1.0)
    variance = p1 * ((1.0 - p1) / n1 + ratio * q2 / n2)
    size = np.where(variance > 0.0, excess / (n1 * n2) / np.sqrt(variance), np.inf)
    size[ratio < 1.0 / LARGEST] = np.inf
    size[(excess == 0.0) | ((ratio > LARGEST) & (x2 == 0.0))] = 0.0
    return size


def _excess_score(
    m: Floats, x1: Floats, n1: Floats, x2: Floats, n2: Floats, z: Floats
) -> tuple[Floats, Floats]:
    left, right = np.maximum(x1 - m, NONE), x2 + m
    first = np.where(x1 < n1, (n1 - x1) / (n1 * left), 0.0)
    second = (n2 - x2) / (n2 * right)
    spread = np.sqrt(first + second)
    bend = first / left - second / right
    slope = np.where(spread == 0.0, 0.0, spread + m * bend / (2.0 * spread))
    return m * spread - z, slope


def _first_multiplier(x: Floats, n: Floats, square: Floats) -> Floats:
    return 2.0 * square * x / (square + np.sqrt(square * (square + 4.0 * x * ((n - x) / n))))


def _second_multiplier(x: Floats, n: Floats, square: Floats) -> Floats:
    share = (n - x) / n
    reached = (square + np.sqrt(square * (square + 4.0 * x * share))) / (2.0 * share)
    return np.where(share == 0.0, np.inf, reached)


def _multiplier_at_ratio(
    x1: Floats, n1: Floats, x2: Floats, n2: Floats, ratio: Floats, excess: Floats
) -> Floats:
    square = ratio - 1.0
    linear = x1 - n2 - ratio * (n1 - x2)
    root = np.sqrt(np.maximum(linear * linear - 4.0 * square * excess, 0.0))
    above = np.where(square < 0.0, np.minimum(-(linear + root) / (2.0 * square), x1), x1)
    below = np.where(root > linear, np.minimum(2.0 * excess / (root - linear), x1), x1)
    return np.where(linear > 0.0, above, below)
