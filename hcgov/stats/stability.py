"""Bounds and p-values of the population stability index, from the statistics of its estimate.

:mod:`hcgov.stats.drift` makes such estimates.
"""

import math
from collections.abc import Mapping

from hcgov.core.limit import Side
from hcgov.stats.effective import critical_value
from hcgov.stats.special import normal_cdf


def stability_lower(statistics: Mapping[str, float], level: float) -> float:
    """Return the lower bound of the population stability index.

    Parameters
    ----------
    statistics
        ``psi``; ``spread``, its variance by the delta method; ``unit``, the sum of 1 / n_eff over the
        samples; and ``bins``, at least 2.
    level
        One-sided confidence in [0.5, 1).

    Raises
    ------
    ValueError
        The level lies elsewhere.

    Notes
    -----
    Normal on the scale of the square root, whose variance hardly depends on the index. Where nothing moved
    the index is ``unit`` times a chi-square variable with bins - 1 degrees of freedom (Yurdakul 2018,
    Statistical Properties of Population Stability Index); the lower bound takes its mean off first, and both
    count its variance. Simulated one-sided error at nominal 5 %, for indices of 0.05 to 0.25, 2 to 20 bins
    and samples of 50 to 5,000: at most 5.2 % (upper) and 5.8 % (lower).
    """
    z = critical_value(level)
    rest = statistics["psi"] - _bias(statistics)
    if rest <= 0.0:
        return 0.0
    root = math.sqrt(rest)
    return max(root - z * _error(statistics) / (2.0 * root), 0.0) ** 2


def stability_upper(statistics: Mapping[str, float], level: float) -> float:
    """Return the upper bound of the population stability index; see :func:`stability_lower`.

    An index below what chance alone makes of no move at all counts as that.
    """
    z = critical_value(level)
    root = math.sqrt(max(statistics["psi"], _bias(statistics)))
    return (root + z * _error(statistics) / (2.0 * root)) ** 2 if root > 0.0 else 0.0


def stability_p_value(statistics: Mapping[str, float], limit: float, side: Side) -> float:
    """Return the one-sided p-value of "the index is on the right side of the limit", which the bounds invert."""
    if limit < 0.0:
        return 0.0 if side is Side.AT_MOST else 1.0
    accused = side is Side.AT_MOST
    centre = statistics["psi"] - _bias(statistics) if accused else max(statistics["psi"], _bias(statistics))
    if centre <= 0.0:
        return 1.0 if accused or limit == 0.0 else 0.0
    root, error = math.sqrt(centre), _error(statistics)
    apart = (root - math.sqrt(limit)) if accused else (math.sqrt(limit) - root)
    if error == 0.0:
        return 0.0 if apart > 0.0 else 1.0
    return normal_cdf(-apart * 2.0 * root / error)


def _bias(statistics: Mapping[str, float]) -> float:
    return (statistics["bins"] - 1.0) * statistics["unit"]


def _error(statistics: Mapping[str, float]) -> float:
    return math.sqrt(statistics["spread"] + 2.0 * _bias(statistics) * statistics["unit"])
