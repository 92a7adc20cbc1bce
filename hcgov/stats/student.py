"""Student's t distribution, from the incomplete beta function."""

import math
from functools import lru_cache

from hcgov.stats.beta_tail import log_beta_cdf
from hcgov.stats.effective import check_level
from hcgov.stats.special import normal_cdf, normal_quantile

_NORMAL = 1e9  # with so many degrees of freedom t is normal to ten digits


def student_cdf(t: float, df: float) -> float:
    """Return P(T <= t), with full relative accuracy in the lower tail.

    Parameters
    ----------
    t
        Any number, also infinite.
    df
        Degrees of freedom, positive, not necessarily whole; infinite gives the normal distribution.

    Raises
    ------
    ValueError
        ``df`` is not positive, or an argument is not a number.

    Notes
    -----
    For t <= 0, P(T <= t) = I_x(df / 2, 1 / 2) / 2 at x = df / (df + t^2): Abramowitz and Stegun 26.7.1.
    """
    _check_df(df)
    if math.isnan(t):
        raise ValueError("the argument of a distribution function is a number")
    if t == 0.0 or math.isinf(t):
        return 0.5 + 0.5 * (math.copysign(1.0, t) if t else 0.0)
    if df >= _NORMAL:
        return normal_cdf(t)
    tail = 0.5 * math.exp(_log_both_tails(abs(t), df)[0])
    return tail if t < 0.0 else 1.0 - tail


def student_quantile(p: float, df: float) -> float:
    """Return the t with P(T <= t) = p.

    Parameters
    ----------
    p
        A probability in [0, 1]; 0 and 1 give minus and plus infinity.
    df
        Degrees of freedom, positive, not necessarily whole.

    Returns
    -------
    float
        Infinite where the quantile exceeds 1e150 (below one degree of freedom, far out).

    Raises
    ------
    ValueError
        ``p`` is not in [0, 1] or ``df`` is not positive.

    Notes
    -----
    Newton's method on the logarithm of the tail, which is concave in ln t, from the larger of a normal and a
    power-law start.
    """
    _check_df(df)
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a probability lies in [0, 1], not {p}")
    if p in (0.0, 1.0):
        return math.copysign(math.inf, p - 0.5)
    if p == 0.5:
        return 0.0
    if df >= _NORMAL:
        return normal_quantile(p)
    return math.copysign(_solve(min(p, 1.0 - p), df), p - 0.5)


@lru_cache(maxsize=1024)
def critical_t(level: float, df: float) -> float:
    """Return the Student quantile of a one-sided confidence in [0.5, 1).

    Raises
    ------
    ValueError
        The level lies elsewhere or ``df`` is not positive.
    """
    check_level(level)
    return student_quantile(level, df)


def _check_df(df: float) -> None:
    if not df > 0.0:
        raise ValueError(f"degrees of freedom are positive, not {df}")


def _log_both_tails(t: float, df: float) -> tuple[float, float]:
    """Return ln P(|T| > t) for t > 0, and its derivative with respect to ln t, which is negative."""
    size = t * t
    if size == math.inf:
        return -math.inf, -math.inf
    x, y = df / (df + size), size / (df + size)
    if x == 0.0 or y == 0.0:
        return (0.0, 0.0) if y == 0.0 else (-math.inf, -math.inf)
    log_tail, hazard = log_beta_cdf(0.5 * df, 0.5, x, y)
    return log_tail, -2.0 * hazard


def _solve(p: float, df: float) -> float:
    """Return the t > 0 beyond which a share p < 0.5 of the distribution lies."""
    aim = math.log(2.0 * p)
    centre = max(-normal_quantile(p), 1e-300)
    # Beyond its last degree of freedom the tail is a power law: p ~ density(1) scaled by t^-df.
    log_norm = math.lgamma(0.5 * (df + 1.0)) - math.lgamma(0.5 * df) - 0.5 * math.log(math.pi)
    far = (log_norm + (0.5 * df - 1.0) * math.log(df) - math.log(p)) / df
    u = math.log(centre) if far < math.log(centre) else min(far, 345.0)
    for _ in range(200):
        log_tail, slope = _log_both_tails(math.exp(u), df)
        gap = log_tail - aim
        step = gap / slope if slope < 0.0 and math.isfinite(gap) else math.copysign(1.0, -gap)
        u -= min(max(step, -4.0), 4.0)
        if u > 345.0:
            return math.inf
        if abs(step) <= 1e-15 * max(1.0, abs(u)):
            break
    return math.exp(u)
