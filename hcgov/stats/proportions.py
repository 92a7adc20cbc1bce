"""One rate, and one share against its target."""

import math

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Side
from hcgov.stats.effective import check_counts, check_level, critical_value, effective_counts
from hcgov.stats.special import beta_cdf, beta_quantile, normal_cdf

_EXACT = Method.CLOPPER_PEARSON


def rate(positives: float, n: int, *, n_eff: float | None = None, people: int | None = None) -> Estimate:
    """Return the estimate of one rate; Clopper-Pearson decides.

    Parameters
    ----------
    positives, n
        Events and rows, 0 <= positives <= n. Without rows the value is ``None`` and the bounds are 0 and 1.
    n_eff
        Independent observations the rows are worth; ``None`` means ``n``.
    people
        Distinct people behind the rows, where known.

    Raises
    ------
    ValueError
        The counts are impossible.

    Notes
    -----
    Bounds on a scaled, not whole count follow Korn and Graubard 1998 (Survey Methodology 24:193).
    """
    x, size = effective_counts(positives, n, n_eff)
    value = positives / n if n else None
    return Estimate.of(value, n, size, people, _EXACT, (("x", x), ("n", size)))


def share_ratio(
    positives: float, n: int, target: float, *, n_eff: float | None = None, people: int | None = None
) -> Estimate:
    """Return the estimate of a share divided by a known target share, such as a group's in the population.

    Parameters
    ----------
    positives, n, n_eff, people
        As for :func:`rate`.
    target
        The share aimed at, in (0, 1], taken as known without error. The value lies in [0, 1 / target].

    Raises
    ------
    ValueError
        The counts are impossible or the target is not in (0, 1].
    """
    if not 0.0 < target <= 1.0:
        raise ValueError(f"a target share lies in (0, 1], not {target}")
    x, size = effective_counts(positives, n, n_eff)
    return Estimate(
        value=positives / n / target if n else None,
        n=n,
        n_eff=size,
        people=people,
        method=Method.SHARE_RATIO,
        statistics=(("x", x), ("n", size), ("target", float(target))),
    )


def clopper_pearson_lower(x: float, n: float, level: float) -> float:
    """Return the exact lower bound of a rate.

    Parameters
    ----------
    x, n
        Effective events and size, 0 <= x <= n, not necessarily whole.
    level
        One-sided confidence in [0.5, 1).

    Returns
    -------
    float
        In [0, 1]; 0 without events.

    Raises
    ------
    ValueError
        Counts or level are out of range.

    Notes
    -----
    Clopper and Pearson 1934 (Biometrika 26:404): the 1 - level quantile of Beta(x, n - x + 1).
    """
    check_counts(x, n)
    check_level(level)
    return beta_quantile(1.0 - level, x, n - x + 1.0) if x > 0.0 else 0.0


def clopper_pearson_upper(x: float, n: float, level: float) -> float:
    """Return the exact upper bound of a rate, 1 where nothing but events were seen.

    Parameters, errors and source are those of :func:`clopper_pearson_lower`; the bound is the level quantile
    of Beta(x + 1, n - x).
    """
    check_counts(x, n)
    check_level(level)
    return beta_quantile(level, x + 1.0, n - x) if x < n else 1.0


def clopper_pearson_p_value(x: float, n: float, limit: float, side: Side) -> float:
    """Return the exact binomial p-value of "the rate is on the right side of the limit".

    Parameters
    ----------
    x, n
        Effective events and size, 0 <= x <= n.
    limit
        Any number; outside [0, 1] the answer is 0 or 1.
    side
        ``at_most``: P(X >= x) at the limit; ``at_least``: P(X <= x).

    Raises
    ------
    ValueError
        Counts are out of range.
    """
    check_counts(x, n)
    if side is Side.AT_MOST:
        if x == 0.0:
            return 0.0 if limit < 0.0 else 1.0
        return beta_cdf(x, n - x + 1.0, limit)
    if x == n:
        return 0.0 if limit > 1.0 else 1.0
    return beta_cdf(n - x, x + 1.0, 1.0 - limit)


def wilson_lower(x: float, n: float, level: float) -> float:
    """Return the score lower bound of a rate.

    Parameters
    ----------
    x, n
        Effective events and size, 0 <= x <= n.
    level
        One-sided confidence in [0.5, 1).

    Returns
    -------
    float
        In [0, 1]; 0 without events.

    Raises
    ------
    ValueError
        Counts or level are out of range.

    Notes
    -----
    Wilson 1927 (JASA 22:209). For display: its one-sided error exceeds the nominal one at small sizes.
    """
    check_counts(x, n)
    z = critical_value(level)
    if x == 0.0:
        return 0.0
    # The product of both roots is known; dividing by the larger one keeps the digits of a small bound.
    root = x + z * z / 2.0 + z * math.sqrt(x * (n - x) / n + z * z / 4.0)
    return min(x / root * (x / n), 1.0)


def wilson_upper(x: float, n: float, level: float) -> float:
    """Return the score upper bound of a rate; see :func:`wilson_lower`."""
    check_counts(x, n)
    z = critical_value(level)
    if x == n:
        return 1.0
    root = x + z * z / 2.0 + z * math.sqrt(x * (n - x) / n + z * z / 4.0)
    return min(root / (n + z * z), 1.0)


def wilson_p_value(x: float, n: float, limit: float, side: Side) -> float:
    """Return the p-value of the score test of "the rate is on the right side of the limit".

    Arguments are those of :func:`clopper_pearson_p_value`; the normal tail of
    (x / n - limit) / sqrt(limit (1 - limit) / n), which the Wilson bounds invert.
    """
    check_counts(x, n)
    excess = x - n * limit
    variance = n * limit * (1.0 - limit)
    if limit < 0.0 or limit > 1.0:
        z = math.copysign(math.inf, 0.5 - limit)
    elif variance > 0.0:
        z = excess / math.sqrt(variance)
    else:
        z = math.copysign(math.inf, excess) if excess else 0.0
    return normal_cdf(-z if side is Side.AT_MOST else z)
