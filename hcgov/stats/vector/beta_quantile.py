"""Quantiles of many beta distributions at once, the method of :mod:`hcgov.stats.special`.

Newton's method in the logit on the logarithm of the distribution function, which is concave there; tails by
:mod:`hcgov.stats.beta_tail`'s continued fraction and quadrature.
"""

import math

import numpy as np
from numpy.typing import NDArray

from hcgov.stats.beta_tail import LARGE, LOG_TWO_PI, NODES, TINY, legendre, stirling_error
from hcgov.stats.special import LOGIT_END, SPLIT, first_logit
from hcgov.stats.vector.effective import Floats


def beta_quantiles(p: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the x with I_x(a, b) = p, and 1 - x with all its digits.

    Parameters
    ----------
    p
        Probabilities in (0, 0.5], one a cell.
    a, b
        Shapes, positive and finite.
    """
    x, y = np.empty_like(p), np.empty_like(p)
    power = (b == 1.0) & (a != 1.0)
    log_x = np.log(p) / a
    x[power], y[power] = np.exp(log_x)[power], -np.expm1(log_x)[power]
    single = a == 1.0
    log_y = np.log1p(-p) / b
    x[single], y[single] = -np.expm1(log_y)[single], np.exp(log_y)[single]
    split = ~power & ~single & (np.minimum(a, b) < SPLIT)
    none = p <= b / (a + b)
    x[split], y[split] = np.where(none, 0.0, 1.0)[split], np.where(none, 1.0, 0.0)[split]
    hard = ~(power | single | split)
    x[hard], y[hard] = _solve(p[hard], a[hard], b[hard])
    return x, y


def _solve(p: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    log_p = np.log(p)
    u = np.array([first_logit(*cell) for cell in zip(p.tolist(), a.tolist(), b.tolist(), strict=True)])
    found = np.empty_like(p)
    constant = _log_norm(a, b)
    open_cells: NDArray[np.intp] = np.arange(p.size)
    for _ in range(100):
        if not open_cells.size:
            break
        x, y = _from_logit(u)
        log_f, hazard = _log_beta_cdf(a, b, x, y, constant)
        gap = log_f - log_p
        step = np.where((hazard > 0.0) & (hazard < np.inf), gap / hazard, np.copysign(np.inf, gap))
        curvature = (a * y - b * x) / hazard - 1.0
        halley = step / np.maximum(0.5, 1.0 - 0.5 * gap * curvature)
        step = np.where(np.abs(gap) < 1.0, halley, step)
        now = np.minimum(np.maximum(u - step, -LOGIT_END), LOGIT_END)
        done = (np.abs(gap) < 1e-5) | (np.abs(now - u) <= 1e-15 * np.abs(now))
        found[open_cells] = now
        left = ~done
        open_cells = open_cells[left]
        u, a, b, log_p, constant = (one[left] for one in (now, a, b, log_p, constant))
    x, y = _from_logit(found)
    vanished = found <= -LOGIT_END
    return np.where(vanished, 0.0, x), np.where(vanished, 1.0, y)


def _from_logit(u: Floats) -> tuple[Floats, Floats]:
    small = np.exp(-np.abs(u))
    near, far = small / (1.0 + small), 1.0 / (1.0 + small)
    return np.where(u > 0.0, far, near), np.where(u > 0.0, near, far)


def _log_norm(a: Floats, b: Floats) -> Floats:
    """Return the part of the log density that does not depend on the place."""
    n = a + b
    stirling = np.array([[stirling_error(value) for value in one.tolist()] for one in (n, a, b)])
    spread = 0.5 * (np.log(a) + np.log(b / n) - LOG_TWO_PI)
    return np.asarray(stirling[0] - stirling[1] - stirling[2] + spread, dtype=np.float64)


def _log_beta_cdf(a: Floats, b: Floats, x: Floats, y: Floats, constant: Floats) -> tuple[Floats, Floats]:
    """Return ln I_x(a, b) and its derivative in logit(x); see :func:`hcgov.stats.beta_tail.log_beta_cdf`."""
    n = a + b
    left = x * n <= a
    shift = b * x - a * y
    log_density = constant - _deviance(a, n * x, shift) - _deviance(b, n * y, -shift)
    mills = _mills(*(np.where(left, one, other) for one, other in ((a, b), (b, a), (x, y), (y, x))))
    density = np.exp(log_density)
    upper = np.minimum(density * mills, 1.0)
    log_f = np.where(left, log_density + np.log(mills), np.log1p(-upper))
    return log_f, np.where(left, 1.0 / mills, density / (1.0 - upper))


def _deviance(a: Floats, mean: Floats, shift: Floats) -> Floats:
    """Return a ln(a / mean) + mean - a, given also ``shift`` = mean - a without its cancellation."""
    t = shift / a
    far = a * (t - np.log(np.maximum(mean / a, math.ulp(0.0))))
    v = t / (2.0 + t)
    square = v * v
    series = np.zeros_like(v)
    for odd in (17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0):
        series = (series + 1.0 / odd) * square
    return np.where(np.abs(t) > 0.1, far, a * (t * v - 2.0 * v * series))


def _mills(a: Floats, b: Floats, x: Floats, y: Floats) -> Floats:
    """Return the lower tail divided by the density in logit(x), for x not beyond the mean."""
    ratio = np.empty_like(a)
    large = np.minimum(a, b) >= LARGE
    if large.any():
        ratio[large] = _mills_by_quadrature(b[large], a[large], y[large], x[large])
    if not large.all():
        small = ~large
        ratio[small] = _mills_by_fraction(a[small], b[small], x[small], y[small])
    return ratio


def _mills_by_fraction(a: Floats, b: Floats, x: Floats, y: Floats) -> Floats:
    distance = a * y - b * x
    c = total = a / (a + 1.0) * (distance + 1.0)
    d = np.zeros_like(a)
    found = np.empty_like(a)
    open_cells: NDArray[np.intp] = np.arange(a.size)
    for count in range(1, 100_000):
        n = float(count)
        place = a + 2.0 * n
        part = n * (b - n) * x / (place - 1.0)
        alpha = (a + n - 1.0) * (a + b + n - 1.0) * part * x / (place - 1.0)
        beta = n + part + (a + n) / (place + 1.0) * (distance + 1.0 + n * (1.0 + y))
        d = beta + alpha * d
        d = 1.0 / np.where(d == 0.0, TINY, d)
        c = beta + alpha / c
        c = np.where(c == 0.0, TINY, c)
        change = c * d
        total = total * change
        found[open_cells] = total
        left = ~(np.abs(change - 1.0) < 4e-16)
        if not left.any():
            break
        if not left.all():
            open_cells = open_cells[left]
            a, b, x, y = (one[left] for one in (a, b, x, y))
            distance, c, d, total = (one[left] for one in (distance, c, d, total))
    return 1.0 / found


def _mills_by_quadrature(a: Floats, b: Floats, x: Floats, y: Floats) -> Floats:
    n = a + b
    slope = np.maximum(b * x - a * y, 0.0)
    half = 42.0 / (slope + np.sqrt(slope * slope + 84.0 * n * x * y))
    low = x < 0.5
    linear, part, sign = np.where(low, a, b), np.where(low, x, y), np.where(low, 1.0, -1.0)
    total = np.zeros_like(a)
    for node, weight in legendre(NODES):
        s = sign * half * (1.0 + node)
        total += weight * np.exp(linear * s - n * np.log1p(part * np.expm1(s)))
    return np.asarray(half * total, dtype=np.float64)
