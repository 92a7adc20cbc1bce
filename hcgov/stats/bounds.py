"""Bounds and p-values of any estimate."""

import math
from collections.abc import Callable, Mapping

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Side
from hcgov.stats.differences import (
    miettinen_nurminen_lower,
    miettinen_nurminen_score,
    miettinen_nurminen_upper,
)
from hcgov.stats.effective import counts_of_two
from hcgov.stats.mean_bounds import (
    bernstein_lower,
    bernstein_p_value,
    bernstein_upper,
    student_lower,
    student_p_value,
    student_upper,
)
from hcgov.stats.proportions import (
    clopper_pearson_lower,
    clopper_pearson_p_value,
    clopper_pearson_upper,
    wilson_lower,
    wilson_p_value,
    wilson_upper,
)
from hcgov.stats.ratios import koopman_lower, koopman_score, koopman_upper
from hcgov.stats.sequences import beta_binomial_lower, beta_binomial_p_value, beta_binomial_upper
from hcgov.stats.special import normal_cdf
from hcgov.stats.stability import stability_lower, stability_p_value, stability_upper

_Bound = Callable[[Mapping[str, float], float], float]
_PValue = Callable[[Mapping[str, float], float, Side], float]

_BY_NAME: Mapping[Method, tuple[_Bound, _Bound, _PValue]] = {
    Method.STUDENT_T: (student_lower, student_upper, student_p_value),
    Method.EMPIRICAL_BERNSTEIN: (bernstein_lower, bernstein_upper, bernstein_p_value),
    Method.STABILITY: (stability_lower, stability_upper, stability_p_value),
}
"""Lower bound, upper bound and p-value of methods that take their statistics by name."""

SCORED = (Method.MIETTINEN_NURMINEN, Method.KOOPMAN)
"""Methods of two groups whose bounds invert a score."""

OF_TWO: Mapping[tuple[Method, str], Callable[[float, float, float, float, float], float]] = {
    (Method.MIETTINEN_NURMINEN, "lower"): miettinen_nurminen_lower,
    (Method.MIETTINEN_NURMINEN, "upper"): miettinen_nurminen_upper,
    (Method.MIETTINEN_NURMINEN, "score"): miettinen_nurminen_score,
    (Method.KOOPMAN, "lower"): koopman_lower,
    (Method.KOOPMAN, "upper"): koopman_upper,
    (Method.KOOPMAN, "score"): koopman_score,
}
"""Functions of their counts; the last argument is a level for bounds and a hypothesis for scores."""

_POINT = Method.POINT


class NoInterval(ValueError):  # noqa: N818 - named for what is the case, as the reason code is
    """The estimate's method has no interval; it can neither pass nor fail."""

    def __init__(self, method: Method) -> None:
        self.method = method
        super().__init__(f"an estimate of method {method.value!r} has no interval")


def point(estimate: Estimate) -> float | None:
    """Return the value of an estimate, infinite for a ratio to a group without events; ``None`` without any.

    Raises
    ------
    NoInterval
        The method is ``point``.
    """
    if estimate.method is _POINT:
        raise NoInterval(estimate.method)
    if estimate.value is None and estimate.method is Method.KOOPMAN:
        return math.inf if estimate.statistic("x1") > 0.0 and estimate.statistic("n2") > 0.0 else None
    return estimate.value


def systematic_error(estimate: Estimate) -> float:
    """Return how far the value may be off for another reason than chance, such as binning; 0 for most.

    Both bounds lie that much further out.
    """
    error = 0.0
    for name, number in estimate.statistics:
        if name == "error":
            error = number
    return error


def lower(estimate: Estimate, level: float) -> float:
    """Return the lower bound of an estimate.

    Parameters
    ----------
    estimate
        With the sufficient statistics of its method.
    level
        One-sided confidence in [0.5, 1).

    Returns
    -------
    float
        The bound; the lowest possible value where there are no data, never NaN.

    Raises
    ------
    NoInterval
        The method is ``point``.
    ValueError
        Level or statistics are out of range.
    """
    error = systematic_error(estimate)
    bound = _sampling_lower(estimate, level)
    return max(bound - error, _range(estimate)[0]) if error else bound


def _sampling_lower(estimate: Estimate, level: float) -> float:
    match estimate.method:
        case Method.CLOPPER_PEARSON:
            return clopper_pearson_lower(*_one(estimate), level)
        case Method.WILSON:
            return wilson_lower(*_one(estimate), level)
        case Method.SHARE_RATIO:
            return clopper_pearson_lower(*_one(estimate), level) / estimate.statistic("target")
        case Method.MIETTINEN_NURMINEN | Method.KOOPMAN:
            return OF_TWO[estimate.method, "lower"](*two_counts(estimate), level)
        case Method.STUDENT_T | Method.EMPIRICAL_BERNSTEIN | Method.STABILITY:
            return _BY_NAME[estimate.method][0](dict(estimate.statistics), level)
        case Method.BETA_BINOMIAL_SEQUENCE:
            return beta_binomial_lower(*_one(estimate), estimate.statistic("t_opt"), level)
        case Method.POINT:
            raise NoInterval(estimate.method)


def upper(estimate: Estimate, level: float) -> float:
    """Return the upper bound of an estimate; infinite for a ratio whose second group has no events.

    Parameters and errors are those of :func:`lower`.
    """
    error = systematic_error(estimate)
    bound = _sampling_upper(estimate, level)
    return min(bound + error, _range(estimate)[1]) if error else bound


def _sampling_upper(estimate: Estimate, level: float) -> float:
    match estimate.method:
        case Method.CLOPPER_PEARSON:
            return clopper_pearson_upper(*_one(estimate), level)
        case Method.WILSON:
            return wilson_upper(*_one(estimate), level)
        case Method.SHARE_RATIO:
            return clopper_pearson_upper(*_one(estimate), level) / estimate.statistic("target")
        case Method.MIETTINEN_NURMINEN | Method.KOOPMAN:
            return OF_TWO[estimate.method, "upper"](*two_counts(estimate), level)
        case Method.STUDENT_T | Method.EMPIRICAL_BERNSTEIN | Method.STABILITY:
            return _BY_NAME[estimate.method][1](dict(estimate.statistics), level)
        case Method.BETA_BINOMIAL_SEQUENCE:
            return beta_binomial_upper(*_one(estimate), estimate.statistic("t_opt"), level)
        case Method.POINT:
            raise NoInterval(estimate.method)


def two_sided(estimate: Estimate, level: float) -> tuple[float, float]:
    """Return both bounds of a two-sided interval.

    Parameters
    ----------
    estimate
        As for :func:`lower`.
    level
        Two-sided confidence in [0, 1): each bound has the one-sided confidence (1 + level) / 2, so 0.90 gives
        the two bounds that decide at one-sided 0.95.

    Raises
    ------
    NoInterval
        The method is ``point``.
    ValueError
        Level or statistics are out of range.
    """
    if not 0.0 <= level < 1.0:
        raise ValueError(f"a two-sided confidence lies in [0, 1), not {level}")
    one_sided = (1.0 + level) / 2.0
    return lower(estimate, one_sided), upper(estimate, one_sided)


def p_value(estimate: Estimate, limit_value: float, side: Side) -> float:
    """Return the one-sided p-value of "the value is on the right side of the limit".

    Parameters
    ----------
    estimate
        As for :func:`lower`.
    limit_value
        The limit, in the unit of the estimate; any number.
    side
        The right side. Small p-values accuse: of being above (``at_most``) or below (``at_least``) the limit.

    Returns
    -------
    float
        In [0, 1]. Below alpha exactly if the bound at level 1 - alpha lies beyond the limit: the lower bound
        above it for ``at_most``, the upper one below it for ``at_least``.

    Raises
    ------
    NoInterval
        The method is ``point``.
    ValueError
        Statistics are out of range.
    """
    error = systematic_error(estimate)
    limit_value += error if side is Side.AT_MOST else -error
    match estimate.method:
        case Method.CLOPPER_PEARSON:
            return clopper_pearson_p_value(*_one(estimate), limit_value, side)
        case Method.WILSON:
            return wilson_p_value(*_one(estimate), limit_value, side)
        case Method.SHARE_RATIO:
            scaled_limit = limit_value * estimate.statistic("target")
            return clopper_pearson_p_value(*_one(estimate), scaled_limit, side)
        case Method.MIETTINEN_NURMINEN | Method.KOOPMAN:
            return p_value_at_score(score(estimate, limit_value), side)
        case Method.STUDENT_T | Method.EMPIRICAL_BERNSTEIN | Method.STABILITY:
            return _BY_NAME[estimate.method][2](dict(estimate.statistics), limit_value, side)
        case Method.BETA_BINOMIAL_SEQUENCE:
            return beta_binomial_p_value(*_one(estimate), estimate.statistic("t_opt"), limit_value, side)
        case Method.POINT:
            raise NoInterval(estimate.method)


def is_scored(estimate: Estimate) -> bool:
    """Whether bounds of an estimate invert a score that is known in closed form or nearly so: two groups."""
    return estimate.method in SCORED and not systematic_error(estimate)


def score(estimate: Estimate, limit_value: float) -> float:
    """Return the score statistic of "the value is the limit", positive where the value is larger.

    The estimate is one of two groups (:func:`is_scored`).
    """
    return OF_TWO[estimate.method, "score"](*two_counts(estimate), limit_value)


def p_value_at_score(score: float, side: Side) -> float:
    """Return the one-sided p-value of a score; see :func:`p_value`."""
    return normal_cdf(-score if side is Side.AT_MOST else score)


def two_counts(estimate: Estimate) -> tuple[float, float, float, float]:
    """Return the effective events and sizes of both groups of a comparison: x1, n1, x2, n2."""
    counts = counts_of_two(estimate.statistics)
    if counts is not None:
        return counts
    values = dict(estimate.statistics)
    return values["x1"], values["n1"], values["x2"], values["n2"]


def _range(estimate: Estimate) -> tuple[float, float]:
    """Return the range of shares and of their differences; others keep to their own."""
    if estimate.method in (Method.CLOPPER_PEARSON, Method.WILSON):
        return 0.0, 1.0
    return (-1.0, 1.0) if estimate.method is Method.MIETTINEN_NURMINEN else (-math.inf, math.inf)


def _one(estimate: Estimate) -> tuple[float, float]:
    return estimate.statistic("x"), estimate.statistic("n")
