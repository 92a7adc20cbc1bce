"""How far two independent estimates of the same thing lie apart, such as those of two runs on different people."""

import math

from hcgov.core.estimate import Estimate, Method
from hcgov.stats.bounds import systematic_error, two_sided
from hcgov.stats.differences import miettinen_nurminen_lower, miettinen_nurminen_upper

RATES = (Method.CLOPPER_PEARSON, Method.WILSON)
RECOVERED = (*RATES, Method.MIETTINEN_NURMINEN, Method.STUDENT_T, Method.SHARE_RATIO)
"""Methods from whose own intervals that of a difference is recovered; nothing is known of the others."""

MOVER = "mover"

Interval = tuple[float, float]


def between(later: Estimate, earlier: Estimate, level: float) -> tuple[Interval, str] | None:
    """Return an interval of the later value minus the earlier one, and its method.

    Parameters
    ----------
    later, earlier
        Estimates from different people.
    level
        Two-sided confidence in [0, 1).

    Returns
    -------
    tuple or None
        ``None`` where the methods differ, a value is missing, or no interval of such a difference is known. Two
        rates are compared by the score method of Miettinen and Nurminen, others by :func:`mover`.
    """
    if later.method is not earlier.method or later.value is None or earlier.value is None:
        return None
    if later.method in RATES and not systematic_error(later) and not systematic_error(earlier):
        counts = tuple(one.statistic(name) for one in (later, earlier) for name in ("x", "n"))
        x1, n1, x2, n2 = counts
        if min(n1, n2) <= 0.0:
            return None
        one_sided = (1.0 + level) / 2.0
        low = miettinen_nurminen_lower(x1, n1, x2, n2, one_sided)
        return (low, miettinen_nurminen_upper(x1, n1, x2, n2, one_sided)), Method.MIETTINEN_NURMINEN.value
    if later.method not in RECOVERED:
        return None
    found = mover(later.value, two_sided(later, level), earlier.value, two_sided(earlier, level))
    return (found, MOVER) if all(map(math.isfinite, found)) else None


def mover(value1: float, interval1: Interval, value2: float, interval2: Interval) -> Interval:
    """Return the interval of the first value minus the second, recovered from the interval of each.

    Parameters
    ----------
    value1, interval1, value2, interval2
        Independent estimates with two-sided intervals of one level, which is that of the answer.

    Notes
    -----
    Method of variance estimates recovery: Zou and Donner 2008 (Statistics in Medicine 27:1693,
    doi:10.1002/sim.3095), equations 9 and 10. With Wilson's intervals of two rates it is Newcombe's method 10.
    """
    difference = value1 - value2
    down = math.hypot(value1 - interval1[0], interval2[1] - value2)
    up = math.hypot(interval1[1] - value1, value2 - interval2[0])
    return difference - down, difference + up
