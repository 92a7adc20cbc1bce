"""Bounds and p-values of means: Student's t, and the empirical Bernstein inequality.

They take the statistics of an estimate by name; :mod:`hcgov.stats.means` makes such estimates.
"""

import math
from collections.abc import Mapping

from hcgov.core.limit import Side
from hcgov.stats.effective import check_level
from hcgov.stats.student import critical_t, student_cdf


def student_lower(statistics: Mapping[str, float], level: float) -> float:
    """Return the lower bound; the low end of the range (or minus infinity) where there is no interval.

    Parameters
    ----------
    statistics
        ``estimate``, ``se``, ``df``, and ``low`` and ``high`` where the value has a range.
    level
        One-sided confidence in [0.5, 1).

    Raises
    ------
    ValueError
        The level lies elsewhere.
    """
    check_level(level)
    low = statistics.get("low", -math.inf)
    if not _known(statistics):
        return low
    reach = critical_t(level, statistics["df"]) * statistics["se"] if level > 0.5 else 0.0
    return max(statistics["estimate"] - reach, low)


def student_upper(statistics: Mapping[str, float], level: float) -> float:
    """Return the upper bound; see :func:`student_lower`."""
    return -student_lower(_mirrored(statistics), level)


def student_p_value(statistics: Mapping[str, float], limit: float, side: Side) -> float:
    """Return the one-sided p-value of "the value is on the right side of the limit"; 1 without an interval.

    A limit beyond the range is broken for certain (0) or kept for certain (1).
    """
    if side is Side.AT_LEAST:
        return student_p_value(_mirrored(statistics), -limit, Side.AT_MOST)
    if limit < statistics.get("low", -math.inf):
        return 0.0
    if not _known(statistics) or limit >= statistics.get("high", math.inf):
        return 1.0
    return student_cdf((limit - statistics["estimate"]) / statistics["se"], statistics["df"])


def bernstein_lower(statistics: Mapping[str, float], level: float) -> float:
    """Return the lower bound of a mean of bounded observations; the low end of the range below two of them.

    Parameters
    ----------
    statistics
        ``mean``, ``variance`` (with n - 1), ``n``, ``low`` and ``high``.
    level
        One-sided confidence in [0.5, 1).

    Raises
    ------
    ValueError
        The level lies elsewhere.

    Notes
    -----
    Maurer and Pontil 2009 (arXiv:0907.3740), theorem 4: the mean lies above m - R (sqrt(2 V ln(2 / d) / n) +
    7 ln(2 / d) / (3 (n - 1))) with probability 1 - d, for observations in a range R with variance V R^2.
    """
    check_level(level)
    if statistics["n"] <= 1.0:
        return statistics["low"]
    size = math.log(2.0 / (1.0 - level))
    root, linear = _bernstein_terms(statistics)
    return max(statistics["mean"] - root * math.sqrt(size) - linear * size, statistics["low"])


def bernstein_upper(statistics: Mapping[str, float], level: float) -> float:
    """Return the upper bound; see :func:`bernstein_lower`."""
    return -bernstein_lower(_mirrored(statistics), level)


def bernstein_p_value(statistics: Mapping[str, float], limit: float, side: Side) -> float:
    """Return the least error probability at which the bound lies beyond the limit, at most 1."""
    if side is Side.AT_LEAST:
        return bernstein_p_value(_mirrored(statistics), -limit, Side.AT_MOST)
    if limit < statistics["low"]:
        return 0.0
    excess = statistics["mean"] - limit
    if excess <= 0.0 or statistics["n"] <= 1.0:
        return 1.0
    root, linear = _bernstein_terms(statistics)
    side_length = 2.0 * excess / (root + math.sqrt(root * root + 4.0 * linear * excess))
    return min(1.0, 2.0 * math.exp(-side_length * side_length))


def _bernstein_terms(statistics: Mapping[str, float]) -> tuple[float, float]:
    n = statistics["n"]
    width = statistics["high"] - statistics["low"]
    return math.sqrt(2.0 * statistics["variance"] / n), 7.0 * width / (3.0 * (n - 1.0))


def _known(statistics: Mapping[str, float]) -> bool:
    return statistics.get("se", 0.0) > 0.0 and statistics.get("df", 0.0) > 0.0 and "estimate" in statistics


def _mirrored(statistics: Mapping[str, float]) -> dict[str, float]:
    """Return the statistics of minus the value."""
    turned = {"low": "high", "high": "low"}
    same = ("se", "df", "n", "variance")
    return {turned.get(name, name): x if name in same else -x for name, x in statistics.items()}
