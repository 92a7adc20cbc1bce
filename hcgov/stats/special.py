"""Normal and beta distribution functions, so that the gate needs no numerical library at start-up."""

import math
from collections.abc import Sequence

from hcgov.stats.beta_tail import log_beta_cdf

# Wichura (1988), algorithm AS 241, PPND16: numerator and denominator, lowest power first.
_CENTRE = (
    (
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
_SHOULDER = (
    (
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
_TAIL = (
    (
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)

LOGIT_END = 700.0
SPLIT = 1e-100  # with a smaller shape all mass sits at 0 and 1, as far as doubles can tell


def normal_cdf(x: float) -> float:
    """Return P(Z <= x) of the standard normal distribution, with full relative accuracy in the lower tail."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def normal_quantile(p: float) -> float:
    """Return the standard normal quantile.

    Parameters
    ----------
    p
        A probability in [0, 1]; 0 and 1 give minus and plus infinity.

    Raises
    ------
    ValueError
        ``p`` is not in [0, 1].

    Notes
    -----
    Algorithm AS 241 (Wichura 1988, Applied Statistics 37:477), about 16 digits.
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a probability lies in [0, 1], not {p}")
    if p in (0.0, 1.0):
        return math.copysign(math.inf, p - 0.5)
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(_CENTRE, 0.180625 - q * q)
    r = math.sqrt(-math.log(min(p, 1.0 - p)))
    size = _ratio(_SHOULDER, r - 1.6) if r <= 5.0 else _ratio(_TAIL, r - 5.0)
    return math.copysign(size, q)


def beta_cdf(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), the cumulative Beta(a, b) distribution.

    Parameters
    ----------
    a, b
        Shapes, positive and finite, not necessarily whole.
    x
        The argument; below 0 counts as 0, above 1 as 1.

    Raises
    ------
    ValueError
        A shape is not positive and finite, or ``x`` is not a number.
    """
    _check_shapes(a, b)
    if math.isnan(x):
        raise ValueError("the argument of a distribution function is a number")
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if min(a, b) < SPLIT:
        return b / (a + b)
    return math.exp(log_beta_cdf(a, b, x, 1.0 - x)[0])


def beta_quantile(p: float, a: float, b: float) -> float:
    """Return the x with I_x(a, b) = p.

    Parameters
    ----------
    p
        A probability in [0, 1].
    a, b
        Shapes, positive and finite, not necessarily whole.

    Raises
    ------
    ValueError
        A shape is not positive and finite, or ``p`` is not in [0, 1].

    Notes
    -----
    In u = logit(x) the density is log-concave, hence so is the distribution function, and Newton's method on
    its logarithm converges from any start. Above the middle the complement is solved, so that quantiles near
    1 keep their distance from 1.
    """
    _check_shapes(a, b)
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a probability lies in [0, 1], not {p}")
    if p in (0.0, 1.0):
        return p
    if p <= 0.5:
        return _solve(p, a, b)[0]
    return _solve(1.0 - p, b, a)[1]


def _check_shapes(a: float, b: float) -> None:
    if not (0.0 < a < math.inf and 0.0 < b < math.inf):
        raise ValueError(f"beta shapes are positive and finite, not ({a}, {b})")


def _polynomial(coefficients: Sequence[float], x: float) -> float:
    total = 0.0
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def _ratio(coefficients: tuple[Sequence[float], Sequence[float]], x: float) -> float:
    return _polynomial(coefficients[0], x) / _polynomial(coefficients[1], x)


def _solve(p: float, a: float, b: float) -> tuple[float, float]:
    """Return the quantile and its complement for p in (0, 0.5]; below e^-700 it is 0."""
    if a == 1.0:
        log_y = math.log1p(-p) / b
        return -math.expm1(log_y), math.exp(log_y)
    if b == 1.0:
        log_x = math.log(p) / a
        return math.exp(log_x), -math.expm1(log_x)
    if min(a, b) < SPLIT:
        return (0.0, 1.0) if p <= b / (a + b) else (1.0, 0.0)
    log_p = math.log(p)
    u = first_logit(p, a, b)
    for _ in range(100):
        x, y = _from_logit(u)
        log_f, hazard = log_beta_cdf(a, b, x, y)
        gap = log_f - log_p
        step = gap / hazard if 0.0 < hazard < math.inf else math.copysign(math.inf, gap)
        if abs(gap) < 1.0:  # Halley's correction costs nothing: the second derivative is known
            curvature = (a * y - b * x) / hazard - 1.0
            step /= max(0.5, 1.0 - 0.5 * gap * curvature)
        before, u = u, min(max(u - step, -LOGIT_END), LOGIT_END)
        if abs(gap) < 1e-5 or abs(u - before) <= 1e-15 * abs(u):
            break
    return _from_logit(u) if u > -LOGIT_END else (0.0, 1.0)


def first_logit(p: float, a: float, b: float) -> float:
    """Return a starting logit: Abramowitz and Stegun 26.5.22, or the tail's power law for small shapes."""
    if a < 1.0 or b < 1.0:
        log_x = (math.log(p * a) + math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)) / a
        return min(max(log_x, -LOGIT_END), 0.0)
    z = normal_quantile(p)
    inverse_a, inverse_b = 1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0)
    h = 2.0 / (inverse_a + inverse_b)
    third = (z * z - 3.0) / 6.0
    w = -z * math.sqrt(max(h + third, 0.0)) / h - (inverse_b - inverse_a) * (
        third + 5.0 / 6.0 - 2.0 / (3.0 * h)
    )
    return min(max(math.log(a / b) - 2.0 * w, -LOGIT_END), LOGIT_END)


def _from_logit(u: float) -> tuple[float, float]:
    small = math.exp(-abs(u))
    near, far = small / (1.0 + small), 1.0 / (1.0 + small)
    return (far, near) if u > 0.0 else (near, far)
