"""Ratio of two independent rates by the score method of Koopman.

The constrained maximum likelihood of both rates at a ratio is reached through its multiplier m on the
logarithmic scale: p1 = (x1 - m) / (n1 - m) and p2 = (x2 + m) / (n2 + m). The squared score, m^2 ((n1 - x1) /
(n1 (x1 - m)) + (n2 - x2) / (n2 (x2 + m))), grows with m while the ratio p1 / p2 falls, so the lower bound is
unique; the upper one is the reciprocal of the lower one of the exchanged groups.
"""

import math

from hcgov.core.estimate import Estimate, Method
from hcgov.stats.effective import NONE, critical_value, effective_counts, settled_count
from hcgov.stats.roots import newton_root

_METHOD = Method.KOOPMAN

LARGEST = 1e120
"""A ratio above this is infinite, so that its square is finite."""


def koopman(
    x1: float,
    n1: int,
    x2: float,
    n2: int,
    *,
    n_eff1: float | None = None,
    n_eff2: float | None = None,
    people: int | None = None,
) -> Estimate:
    """Return the estimate of the first rate divided by the second.

    Parameters
    ----------
    x1, n1, x2, n2
        Events and rows of both groups. The value is ``None`` where the second group has no events or the
        first no rows: an infinite ratio is no value, though its lower bound says much.
    n_eff1, n_eff2
        Independent observations the rows of each group are worth; ``None`` means the rows.
    people
        Distinct people behind both groups, where known.

    Raises
    ------
    ValueError
        The counts are impossible.
    """
    e1, size1 = effective_counts(x1, n1, n_eff1)
    e2, size2 = effective_counts(x2, n2, n_eff2)
    value = (x1 / n1) / (x2 / n2) if n1 and x2 else None
    statistics = (("x1", e1), ("n1", size1), ("x2", e2), ("n2", size2))
    return Estimate.of(value, n1 + n2, size1 + size2, people, _METHOD, statistics)


def koopman_lower(x1: float, n1: float, x2: float, n2: float, level: float) -> float:
    """Return the lower bound of the first rate divided by the second.

    Parameters
    ----------
    x1, n1, x2, n2
        Effective events and sizes, 0 <= x <= n, not necessarily whole.
    level
        One-sided confidence in [0.5, 1); at 0.5 the observed ratio itself.

    Returns
    -------
    float
        At least 0 (which it is without events in the first group); infinite only at level 0.5.

    Raises
    ------
    ValueError
        Counts or level are out of range.

    Notes
    -----
    Koopman 1984 (Biometrics 40:513, doi:10.2307/2531405).
    """
    x1, x2 = settled_count(x1, n1), settled_count(x2, n2)
    z = critical_value(level)
    square = z * z
    if x1 == 0.0 or n2 < NONE:
        return 0.0
    observed = (x1 / n1) / (x2 / n2) if x2 > 0.0 else math.inf
    if square == 0.0:
        return observed
    y1, y2 = n1 - x1, n2 - x2
    low = min(_first_multiplier(x1, n1, square / 2.0), _second_multiplier(x2, n2, square / 2.0))
    high = min(_first_multiplier(x1, n1, square), _second_multiplier(x2, n2, square))
    m = newton_root(lambda at: _excess_score(at, x1, n1, x2, n2, z), low, high)
    # The odds against the first rate follow from m, or from what the second group leaves of the squared score.
    # The latter holds where m comes so near to x1 that their difference has no digits, or is 0 / 0.
    left = max(square - m * m * y2 / (n2 * (x2 + m)), 0.0)
    odds = n1 * left / (m * m) if m > x1 / 2.0 else y1 / (x1 - m)
    return min((n2 + m) / (x2 + m) / (1.0 + odds), observed)


def koopman_upper(x1: float, n1: float, x2: float, n2: float, level: float) -> float:
    """Return the upper bound of the first rate divided by the second.

    Arguments and errors are those of :func:`koopman_lower`; infinite without events in the second group.
    """
    reciprocal = koopman_lower(x2, n2, x1, n1, level)
    return 1.0 / reciprocal if reciprocal > 0.0 else math.inf


def koopman_score(x1: float, n1: float, x2: float, n2: float, ratio: float) -> float:
    """Return the score statistic of "the ratio of the rates is ``ratio``".

    Parameters
    ----------
    x1, n1, x2, n2
        Effective events and sizes, 0 <= x <= n.
    ratio
        The hypothesis; below 0 the answer is infinite.

    Returns
    -------
    float
        Positive where the observed ratio is larger; the normal quantile of the level at which the bound meets
        ``ratio``. 0 where a group is empty or neither has events.

    Raises
    ------
    ValueError
        Counts are out of range.
    """
    x1, x2 = settled_count(x1, n1), settled_count(x2, n2)
    if ratio < 0.0:
        return math.inf
    if min(n1, n2) < NONE or (x1 == 0.0 and x2 == 0.0):
        return -math.inf if ratio == math.inf else 0.0
    if ratio > LARGEST:
        return -math.inf if x2 > 0.0 else 0.0
    excess = x1 * n2 - ratio * n1 * x2
    if excess == 0.0:
        return 0.0
    if excess < 0.0:
        return -koopman_score(x2, n2, x1, n1, 1.0 / ratio)
    if ratio < 1.0 / LARGEST:
        return math.inf
    m = _multiplier_at_ratio(x1, n1, x2, n2, ratio=ratio, excess=excess)
    p2 = (x2 + m) / (n2 + m)
    q2 = (n2 - x2) / (n2 + m)
    p1 = min(ratio * p2, 1.0)
    variance = p1 * ((1.0 - p1) / n1 + ratio * q2 / n2)
    return excess / (n1 * n2) / math.sqrt(variance) if variance > 0.0 else math.inf


def _excess_score(m: float, x1: float, n1: float, x2: float, n2: float, z: float) -> tuple[float, float]:
    """Return the score at a multiplier minus its goal, and its slope."""
    left, right = max(x1 - m, NONE), x2 + m
    first = (n1 - x1) / (n1 * left) if x1 < n1 else 0.0
    second = (n2 - x2) / (n2 * right)
    spread = math.sqrt(first + second)
    if spread == 0.0:
        return -z, 0.0
    bend = first / left - second / right
    return m * spread - z, spread + m * bend / (2.0 * spread)


def _first_multiplier(x: float, n: float, square: float) -> float:
    """Return the multiplier at which the first group alone reaches a squared score, at most x."""
    return 2.0 * square * x / (square + math.sqrt(square * (square + 4.0 * x * ((n - x) / n))))


def _second_multiplier(x: float, n: float, square: float) -> float:
    """Return the multiplier at which the second group alone reaches a squared score, or infinity."""
    share = (n - x) / n
    if share == 0.0:
        return math.inf
    return (square + math.sqrt(square * (square + 4.0 * x * share))) / (2.0 * share)


def _multiplier_at_ratio(x1: float, n1: float, x2: float, n2: float, *, ratio: float, excess: float) -> float:
    """Return the smaller positive root m of (x1 - m)(n2 + m) = ratio (n1 - m)(x2 + m), at most x1."""
    square = ratio - 1.0
    linear = x1 - n2 - ratio * (n1 - x2)
    root = math.sqrt(max(linear * linear - 4.0 * square * excess, 0.0))
    if linear > 0.0:
        return min(-(linear + root) / (2.0 * square), x1) if square < 0.0 else x1
    return min(2.0 * excess / (root - linear), x1) if root > linear else x1
