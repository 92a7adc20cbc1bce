"""Closed-form intervals of two rates: beside the score bounds that decide, for many cells or as a sanity view.

Arguments are effective events and sizes, 0 <= x <= n, and a one-sided confidence in [0.5, 1). Impossible ones
raise ``ValueError``. None of these decides a verdict.
"""

import math

from hcgov.stats.effective import NONE, check_counts, critical_value
from hcgov.stats.proportions import wilson_lower, wilson_upper


def newcombe_lower(x1: float, n1: float, x2: float, n2: float, level: float) -> float:
    """Return the lower bound of the first rate minus the second by Newcombe's hybrid of Wilson bounds.

    Returns
    -------
    float
        In [-1, 1]; -1 where a group is empty.

    Notes
    -----
    Newcombe 1998 (Statistics in Medicine 17:873, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I),
    method 10.
    """
    check_counts(x1, n1)
    check_counts(x2, n2)
    if min(n1, n2) < NONE:
        return -1.0
    p1, p2 = x1 / n1, x2 / n2
    down = p1 - wilson_lower(x1, n1, level)
    up = wilson_upper(x2, n2, level) - p2
    return max(p1 - p2 - math.sqrt(down * down + up * up), -1.0)


def newcombe_upper(x1: float, n1: float, x2: float, n2: float, level: float) -> float:
    """Return the upper bound of the first rate minus the second; see :func:`newcombe_lower`."""
    return -newcombe_lower(x2, n2, x1, n1, level)


def agresti_caffo(x1: float, n1: float, x2: float, n2: float, level: float) -> tuple[float, float]:
    """Return both bounds of the first rate minus the second, each at the level given.

    Notes
    -----
    Agresti and Caffo 2000 (The American Statistician 54:280, doi:10.1080/00031305.2000.10474560): Wald's
    interval after adding an event and a non-event to each group. Clipped to [-1, 1].
    """
    check_counts(x1, n1)
    check_counts(x2, n2)
    return _wald(x1 + 1.0, n1 + 2.0, x2 + 1.0, n2 + 2.0, level)


def wald(x1: float, n1: float, x2: float, n2: float, level: float) -> tuple[float, float]:
    """Return both bounds of the first rate minus the second by the normal approximation.

    For comparison with other software only: without events on either side it has no width. (-1, 1) where a
    group is empty.
    """
    check_counts(x1, n1)
    check_counts(x2, n2)
    return _wald(x1, n1, x2, n2, level) if min(n1, n2) >= NONE else (-1.0, 1.0)


def katz(x1: float, n1: float, x2: float, n2: float, level: float) -> tuple[float, float]:
    """Return both bounds of the first rate divided by the second by the normal approximation of its logarithm.

    Returns
    -------
    tuple of float
        (0, infinity) where a group has no events: this interval says nothing there.

    Notes
    -----
    Katz, Baptista, Azen and Pike 1978 (Biometrics 34:469, doi:10.2307/2530610).
    """
    check_counts(x1, n1)
    check_counts(x2, n2)
    z = critical_value(level)
    if min(x1, x2) < NONE:
        return 0.0, math.inf
    centre = math.log(x1 / n1) - math.log(x2 / n2)
    reach = z * math.sqrt((n1 - x1) / (n1 * x1) + (n2 - x2) / (n2 * x2))
    return math.exp(centre - reach), math.exp(min(centre + reach, 709.0))


def _wald(x1: float, n1: float, x2: float, n2: float, level: float) -> tuple[float, float]:
    p1, p2 = x1 / n1, x2 / n2
    reach = critical_value(level) * math.sqrt(p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2)
    return max(p1 - p2 - reach, -1.0), min(p1 - p2 + reach, 1.0)
