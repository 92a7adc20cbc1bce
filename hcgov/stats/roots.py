"""Zeros of functions inside a bracket, without their slope and with it."""

import math
from collections.abc import Callable

NEWTON_STEPS = 200


def bracketed_root(
    function: Callable[[float], float], low: float, high: float, *, relative: float = 4e-16
) -> float:
    """Return a zero of a continuous function between ``low`` and ``high``.

    Parameters
    ----------
    function
        Has opposite signs (or a zero) at the ends of the bracket, and is nowhere NaN.
    low, high
        The bracket, finite.
    relative
        Wanted width of the final bracket, as a share of its position.

    Returns
    -------
    float
        The zero. Where rounding left the same sign at both ends, the end nearer to zero.

    Notes
    -----
    Chandrupatla 1997 (Advances in Engineering Software 28:145, doi:10.1016/S0965-9978(96)00051-8): inverse
    quadratic steps where they are safe, bisection elsewhere; 6 to 9 evaluations on the functions of this
    package.
    """
    near, near_f = high, function(high)
    far, far_f = low, function(low)
    old, old_f = far, far_f
    if near_f * far_f > 0.0:
        return far if abs(far_f) < abs(near_f) else near
    share = 0.5
    for _ in range(200):
        best, best_f = (near, near_f) if abs(near_f) < abs(far_f) else (far, far_f)
        width = abs(far - near)
        reach = relative * abs(best) + 1e-300
        if best_f == 0.0 or width <= 2.0 * reach:
            return best
        safe = reach / width
        share = min(max(share, safe), 1.0 - safe)
        now = near + share * (far - near)
        now_f = function(now)
        if math.copysign(1.0, now_f) == math.copysign(1.0, near_f):
            old, old_f = near, near_f
        else:
            old, old_f, far, far_f = far, far_f, near, near_f
        near, near_f = now, now_f
        share = _share((near, near_f), (far, far_f), (old, old_f))
    return best


def newton_root(function: Callable[[float], tuple[float, float]], low: float, high: float) -> float:
    """Return the zero of a rising function between ``low`` and ``high``.

    Parameters
    ----------
    function
        Gives its value and its slope; rising, not necessarily smooth, and nowhere NaN.
    low, high
        The bracket, finite and positive; the end itself is the answer where rounding put the zero outside.

    Notes
    -----
    Newton's method; a step ends at the bracket, and where the value was not halved a bisection follows. After
    a step below 1e-13 of the place the next would be below rounding. :mod:`hcgov.stats.vector.roots` does
    the same for many functions at once, operation by operation, so that both give equal bits.
    """
    at = 0.5 * (low + high)
    before = math.inf
    for _ in range(NEWTON_STEPS):
        value, slope = function(at)
        if value < 0.0:
            low = at
        else:
            high = at
        size = abs(value)
        if slope > 0.0:
            now = at - value / slope
            now = low if now < low else now  # as min(max(now, low), high), without two calls
            now = high if now > high else now
        else:
            now = 0.5 * (low + high)
        if abs(now - at) <= 1e-13 * at:
            return now
        if size > 0.5 * before:
            now = 0.5 * (low + high)
        before = size
        at = now
    return at


def _share(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Return where to look next, as a share of the way from ``a`` to ``b``; points and their values."""
    (near, near_f), (far, far_f), (old, old_f) = a, b, c
    if old_f in (near_f, far_f):
        return 0.5
    place = (near - far) / (old - far)
    height = (near_f - far_f) / (old_f - far_f)
    if not (height * height < place and (1.0 - height) ** 2 < 1.0 - place):
        return 0.5
    first = near_f / (far_f - near_f) * old_f / (far_f - old_f)
    second = (old - near) / (far - near) * near_f / (old_f - near_f) * far_f / (old_f - far_f)
    return first + second
