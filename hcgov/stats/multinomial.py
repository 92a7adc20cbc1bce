"""Shares of several groups at once: intervals that hold for all of them together."""

import math
from collections.abc import Sequence

from hcgov.stats.chi_square import log_poisson
from hcgov.stats.effective import check_counts, check_level
from hcgov.stats.proportions import wilson_lower, wilson_upper

Interval = tuple[float, float]


def goodman_intervals(counts: Sequence[float], level: float) -> tuple[Interval, ...]:
    """Return two-sided intervals that hold for all shares together.

    Parameters
    ----------
    counts
        Effective observations of each group, at least two groups, finite and not negative, not necessarily
        whole.
    level
        Joint confidence in [0.5, 1).

    Returns
    -------
    tuple of pairs
        Bounds in [0, 1] in the order given; (0, 1) without observations.

    Raises
    ------
    ValueError
        Counts or level are out of range.

    Notes
    -----
    Goodman 1965 (Technometrics 7:247): the score interval of each share at 1 - (1 - level) / k.
    """
    n = _total(counts)
    check_level(level)
    each = 1.0 - (1.0 - level) / (2 * len(counts))
    return tuple((wilson_lower(x, n, each), wilson_upper(x, n, each)) for x in _within(counts, n))


def sison_glaz_intervals(counts: Sequence[int], level: float) -> tuple[Interval, ...]:
    """Return two-sided intervals of equal reach that hold for all shares together.

    Parameters
    ----------
    counts
        Observations of each group, whole numbers, at least two groups. Where people repeat, take
        :func:`goodman_intervals` with effective counts.
    level
        Joint confidence in [0.5, 1).

    Returns
    -------
    tuple of pairs
        As for :func:`goodman_intervals`. Good from seven groups of similar size on; work grows with the
        square root of the total.

    Raises
    ------
    ValueError
        Counts or level are out of range.

    Notes
    -----
    Sison and Glaz 1995 (JASA 90:366): p - c / n to p + (c + 2 gamma) / n with the smallest whole c that
    covers, interpolated. Coverage by Levin 1981 (Annals of Statistics 9:1123) from truncated Poisson
    variables, the density of their sum by an Edgeworth series.
    """
    if not all(float(x).is_integer() for x in counts):
        raise ValueError("the intervals of Sison and Glaz are for whole counts")
    n = int(_total(counts))
    check_level(level)
    if n == 0:
        return ((0.0, 1.0),) * len(counts)
    whole = [int(x) for x in counts]
    reach, gamma = _reach(whole, n, level)
    return tuple((max(0.0, (x - reach) / n), min(1.0, (x + reach + 2.0 * gamma) / n)) for x in whole)


def _total(counts: Sequence[float]) -> float:
    if len(counts) < 2 or not all(0.0 <= x < math.inf for x in counts):
        raise ValueError("shares need two groups or more, with counts that are finite and not negative")
    total = math.fsum(counts)
    check_counts(total, total)
    return total


def _within(counts: Sequence[float], n: float) -> list[float]:
    return [min(x, n) for x in counts]  # a sum may round below its only term


def _reach(counts: Sequence[int], n: int, level: float) -> tuple[int, float]:
    """Return the largest c whose windows cover less than ``level``, and how far the next step has to be gone."""
    below, above = 0, 1
    covered = {0: _coverage(counts, n, 0)}
    if covered[0] >= level:  # only where all are in one group of a small total
        return 0, 0.0
    while above < n and (found := _coverage(counts, n, above)) < level:
        covered[above] = found
        below, above = above, min(2 * above, n)
    covered[above] = 1.0 if above == n else found
    while above - below > 1:
        middle = (below + above) // 2
        covered[middle] = _coverage(counts, n, middle)
        below, above = (middle, above) if covered[middle] < level else (below, middle)
    low, high = covered[below], covered[above]
    return below, (level - low) / (high - low)


def _coverage(counts: Sequence[int], n: int, reach: int) -> float:
    """Return the probability that every count falls within ``reach`` of what was observed."""
    log_all = 0.0
    sums = [0.0, 0.0, 0.0, 0.0]  # mean, variance, third central moment and excess of the fourth
    for x in counts:
        log_inside, moments = _truncated(x, max(0, x - reach), x + reach)
        log_all += log_inside
        sums = [total + moment for total, moment in zip(sums, moments, strict=True)]
    mean, variance, third, fourth = sums
    density = 1.0
    if variance > 0.0:
        z = (n - mean) / math.sqrt(variance)
        skew, excess = third / variance**1.5, fourth / variance**2
        series = (
            1.0
            + skew * (z**3 - 3 * z) / 6
            + excess * (z**4 - 6 * z**2 + 3) / 24
            + skew**2 * (z**6 - 15 * z**4 + 45 * z**2 - 15) / 72
        )
        density = max(series, 0.0) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi * variance)
    return min(math.exp(log_all - log_poisson(n, float(n))) * density, 1.0)


def _truncated(mean: int, low: int, high: int) -> tuple[float, tuple[float, float, float, float]]:
    """Return ln P(low <= X <= high) of a Poisson variable, and moments of X given that."""
    weights = [math.exp(log_poisson(k, float(mean))) for k in range(low, high + 1)]
    inside = math.fsum(weights)
    first = math.fsum(w * (low + i - mean) for i, w in enumerate(weights)) / inside
    central = [
        math.fsum(w * (low + i - mean - first) ** power for i, w in enumerate(weights)) / inside
        for power in (2, 3, 4)
    ]
    spread = central[0]
    return math.log(inside), (mean + first, spread, central[1], central[2] - 3 * spread * spread)
