"""The chi-square distribution's upper tail, and the Poisson distribution, on the standard library."""

import math

from hcgov.stats.beta_tail import stirling_error

_TINY = 1e-300


def chi_square_p_value(statistic: float, df: int) -> float:
    """Return P(X >= statistic) of a chi-square variable.

    Parameters
    ----------
    statistic
        Not negative; infinity gives 0.
    df
        Degrees of freedom, at least 1.

    Raises
    ------
    ValueError
        An argument is out of range.
    """
    if df < 1 or not statistic >= 0.0:
        raise ValueError(
            f"a chi-square statistic is not negative and has a degree of freedom: {statistic}, {df}"
        )
    return gamma_tail(df / 2.0, statistic / 2.0)


def gamma_tail(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(a, x).

    Parameters
    ----------
    a
        Shape, positive and finite.
    x
        Not negative. P(X < a) of a Poisson variable with mean ``x``, for whole ``a``.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    The series DLMF 8.7.1 below the mean, the continued fraction DLMF 8.9.2 (Lentz's method) above it.
    """
    if not (0.0 < a < math.inf and x >= 0.0):
        raise ValueError(f"the incomplete gamma function takes a positive shape and no negative x: {a}, {x}")
    if x in (0.0, math.inf):
        return 1.0 if x == 0.0 else 0.0
    density = math.exp(_log_density(a, x))
    if x < a + 1.0:
        return max(1.0 - density * _series(a, x), 0.0)
    return min(density * _fraction(a, x), 1.0)


def log_poisson(k: int, mean: float) -> float:
    """Return ln P(X = k) of a Poisson variable; minus infinity where that is impossible.

    Parameters
    ----------
    k
        A whole number, at least 0.
    mean
        Not negative, finite.
    """
    if k == 0 or mean == 0.0:
        return -mean if k == 0 else -math.inf
    return _log_density(float(k), mean) - math.log(k)


def _log_density(a: float, x: float) -> float:
    """Return ln(x^a e^-x / Gamma(a)), by Loader's deviance so that large shapes keep their digits."""
    t = (x - a) / a
    deviance = a * (t - math.log1p(t)) if t > -0.9 else a * (t - math.log(x) + math.log(a))
    return 0.5 * math.log(a / (2.0 * math.pi)) - stirling_error(a) - deviance


def _series(a: float, x: float) -> float:
    """Return P(a, x) divided by the density."""
    term = total = 1.0 / a
    n = a
    while term > 1e-17 * total:
        n += 1.0
        term *= x / n
        total += term
    return total


def _fraction(a: float, x: float) -> float:
    """Return Q(a, x) divided by the density."""
    b = x + 1.0 - a
    c = 1.0 / _TINY
    d = 1.0 / (b or _TINY)
    total = d
    i = 0
    while True:
        i += 1
        step = -i * (i - a)
        b += 2.0
        d = 1.0 / ((step * d + b) or _TINY)
        c = (b + step / c) or _TINY
        change = c * d
        total *= change
        if abs(change - 1.0) < 4e-16 or i > 100_000:
            return total
