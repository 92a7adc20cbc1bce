"""The lower tail of the beta distribution, to full relative accuracy for shapes from 0.01 to 1e9.

Each tail is its density, computed by deviances, times a factor of moderate size (the Mills ratio): a
continued fraction for small shapes, a quadrature for large ones, where the fraction would need thousands of
terms.
"""

import math
from functools import cache

LOG_TWO_PI = math.log(2.0 * math.pi)
# From this size of the smaller shape on, quadrature is both faster and as accurate as the fraction.
LARGE = 60.0
NODES = 32
TINY = 1e-300
_LEAST = 5e-324  # the least double: what is below has vanished, its logarithm must not


def log_beta_cdf(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """Return the logarithm of I_x(a, b) and its derivative with respect to logit(x).

    Parameters
    ----------
    a, b
        Shapes, positive and finite.
    x, y
        The argument in (0, 1) and its complement; both, since 1 - x would lose the digits of a small y.
    """
    # Neither routine loses accuracy in the tail that it sums; beyond the mean that is the upper tail.
    left = x * (a + b) <= a
    density = log_density(a, b, x, y)
    mills = _mills(a, b, x, y) if left else _mills(b, a, y, x)
    if left:
        return density + math.log(mills), 1.0 / mills
    upper = min(math.exp(density) * mills, 1.0)
    if upper == 1.0:
        return -math.inf, math.inf
    return math.log1p(-upper), math.exp(density) / (1.0 - upper)


def _mills(a: float, b: float, x: float, y: float) -> float:
    """Return the lower tail divided by the density in logit(x), for x not beyond the mean."""
    if min(a, b) >= LARGE:
        return _mills_by_quadrature(b, a, y, x)
    return _mills_by_fraction(a, b, x, y)


def _mills_by_fraction(a: float, b: float, x: float, y: float) -> float:
    """Sum the even part of the continued fraction of I_x(a, b) by Lentz's method (Thompson and Barnett 1986).

    DiDonato and Morris 1992 (ACM TOMS 18:360), equation 9: half the terms of DLMF 8.17.22, and ``distance``
    keeps the digits of whichever of x and y is small.
    """
    distance = a * y - b * x
    c = total = a / (a + 1.0) * (distance + 1.0)
    d = 0.0
    n = 0.0
    for _ in range(100_000):
        n += 1.0
        place = a + 2.0 * n
        part = n * (b - n) * x / (place - 1.0)
        alpha = (a + n - 1.0) * (a + b + n - 1.0) * part * x / (place - 1.0)
        beta = n + part + (a + n) / (place + 1.0) * (distance + 1.0 + n * (1.0 + y))
        d = 1.0 / ((beta + alpha * d) or TINY)
        c = (beta + alpha / c) or TINY
        change = c * d
        total *= change
        if abs(change - 1.0) < 4e-16:
            break
    return 1.0 / total


def _mills_by_quadrature(a: float, b: float, x: float, y: float) -> float:
    """Return the upper tail divided by the density in logit(x), for x not below the mean and large shapes.

    A step s in the logit multiplies the density by exp(a s - (a + b) ln(1 + x (e^s - 1))), nearly a Gaussian;
    it is integrated from 0 to where it is negligible. For x near 1 the same is written with y, to keep its
    digits.
    """
    n = a + b
    slope = max(b * x - a * y, 0.0)
    half = 42.0 / (slope + math.sqrt(slope * slope + 84.0 * n * x * y))
    linear, part, sign = (a, x, 1.0) if x < 0.5 else (b, y, -1.0)
    total = 0.0
    for node, weight in legendre(NODES):
        s = sign * half * (1.0 + node)
        total += weight * math.exp(linear * s - n * math.log1p(part * math.expm1(s)))
    return half * total


@cache
def legendre(count: int) -> tuple[tuple[float, float], ...]:
    """Return nodes and weights of Gauss-Legendre quadrature on [-1, 1], by Newton's method on P_count."""
    pairs = []
    for k in range(count):
        x = math.cos(math.pi * (k + 0.75) / (count + 0.5))
        slope = 1.0
        for _ in range(8):
            before, now = 1.0, x
            for j in range(2, count + 1):
                before, now = now, ((2 * j - 1) * x * now - (j - 1) * before) / j
            slope = count * (x * now - before) / (x * x - 1.0)
            x -= now / slope
        pairs.append((x, 2.0 / ((1.0 - x * x) * slope * slope)))
    return tuple(pairs)


def log_density(a: float, b: float, x: float, y: float) -> float:
    """Return ln(x^a y^b / B(a, b)) by deviances (Loader 2000), exact where ln Gamma would cancel."""
    n = a + b
    shift = b * x - a * y
    stirling = stirling_error(n) - stirling_error(a) - stirling_error(b)
    spread = 0.5 * (math.log(a) + math.log(b / n) - LOG_TWO_PI)
    return stirling + spread - _deviance(a, n * x, shift) - _deviance(b, n * y, -shift)


def _deviance(a: float, mean: float, shift: float) -> float:
    """Return a ln(a / mean) + mean - a >= 0, given also ``shift`` = mean - a without its cancellation."""
    t = shift / a
    if abs(t) > 0.1:
        return a * (t - math.log(max(mean / a, _LEAST)))
    v = t / (2.0 + t)  # t - ln(1 + t) = t v - 2 (v^3/3 + v^5/5 + ...)
    square = v * v
    power, total, odd = v, 0.0, 1.0
    while True:
        power *= square
        odd += 2.0
        term = power / odd
        total += term
        if abs(term) <= 1e-18 * abs(v):
            return a * (t * v - 2.0 * total)


def stirling_error(a: float) -> float:
    """Return ln Gamma(a + 1) minus Stirling's approximation of it."""
    if a < 16.0:
        return math.lgamma(a + 1.0) - (a + 0.5) * math.log(a) + a - 0.5 * LOG_TWO_PI
    r = 1.0 / (a * a)
    return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / a
