"""Bounds and p-values of any estimate, and the hypothetical estimates that sizing needs."""

import math
from dataclasses import replace

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Side
from hcgov.stats.differences import (
    miettinen_nurminen_lower,
    miettinen_nurminen_score,
    miettinen_nurminen_upper,
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
from hcgov.stats.special import normal_cdf


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
    if estimate.method is Method.POINT:
        raise NoInterval(estimate.method)
    if estimate.method is Method.KOOPMAN and estimate.value is None:
        return math.inf if estimate.statistic("x1") > 0.0 and estimate.statistic("n2") > 0.0 else None
    return estimate.value


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
    match estimate.method:
        case Method.CLOPPER_PEARSON:
            return clopper_pearson_lower(*_one(estimate), level)
        case Method.WILSON:
            return wilson_lower(*_one(estimate), level)
        case Method.SHARE_RATIO:
            return clopper_pearson_lower(*_one(estimate), level) / estimate.statistic("target")
        case Method.MIETTINEN_NURMINEN:
            return miettinen_nurminen_lower(*_two(estimate), level)
        case Method.KOOPMAN:
            return koopman_lower(*_two(estimate), level)
        case Method.POINT:
            raise NoInterval(estimate.method)


def upper(estimate: Estimate, level: float) -> float:
    """Return the upper bound of an estimate; infinite for a ratio whose second group has no events.

    Parameters and errors are those of :func:`lower`.
    """
    match estimate.method:
        case Method.CLOPPER_PEARSON:
            return clopper_pearson_upper(*_one(estimate), level)
        case Method.WILSON:
            return wilson_upper(*_one(estimate), level)
        case Method.SHARE_RATIO:
            return clopper_pearson_upper(*_one(estimate), level) / estimate.statistic("target")
        case Method.MIETTINEN_NURMINEN:
            return miettinen_nurminen_upper(*_two(estimate), level)
        case Method.KOOPMAN:
            return koopman_upper(*_two(estimate), level)
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
    match estimate.method:
        case Method.CLOPPER_PEARSON:
            return clopper_pearson_p_value(*_one(estimate), limit_value, side)
        case Method.WILSON:
            return wilson_p_value(*_one(estimate), limit_value, side)
        case Method.SHARE_RATIO:
            scaled_limit = limit_value * estimate.statistic("target")
            return clopper_pearson_p_value(*_one(estimate), scaled_limit, side)
        case Method.MIETTINEN_NURMINEN:
            score = miettinen_nurminen_score(*_two(estimate), limit_value)
        case Method.KOOPMAN:
            score = koopman_score(*_two(estimate), limit_value)
        case Method.POINT:
            raise NoInterval(estimate.method)
    return normal_cdf(-score if side is Side.AT_MOST else score)


def best_case(estimate: Estimate, side: Side) -> Estimate:
    """Return the most favourable estimate that the same effective sizes could have given.

    A line whose best case does not pass cannot be resolved with these data, whatever they say.

    Parameters
    ----------
    estimate
        Any estimate with an interval.
    side
        The right side of the limit. A rate becomes 1 (``at_least``) or 0 (``at_most``).

    Returns
    -------
    Estimate
        Same sizes and people. Two groups become equal, both at their pooled observed rate: zero gap is the
        aim of a limit on gaps, and another base rate (all events, or none) would claim a narrower interval
        than these outcomes can give. So a limit on the wrong side of equality is never resolvable.

    Raises
    ------
    NoInterval
        The method is ``point``.
    """
    if estimate.method is Method.POINT:
        raise NoInterval(estimate.method)
    if estimate.method in (Method.MIETTINEN_NURMINEN, Method.KOOPMAN):
        x1, n1, x2, n2 = _two(estimate)
        pooled = (x1 + x2) / (n1 + n2) if n1 + n2 > 0.0 else 0.0
        is_ratio = estimate.method is Method.KOOPMAN
        value = (1.0 if pooled else None) if is_ratio else 0.0
        return replace(
            estimate,
            value=value if n1 and n2 else None,
            statistics=(("x1", min(pooled * n1, n1)), ("n1", n1), ("x2", min(pooled * n2, n2)), ("n2", n2)),
        )
    size = estimate.statistic("n")
    share = 1.0 if side is Side.AT_LEAST else 0.0
    rest = tuple(pair for pair in estimate.statistics if pair[0] not in ("x", "n"))
    value = share / dict(rest).get("target", 1.0)
    counts = (("x", share * size), ("n", size), *rest)
    return replace(estimate, value=value if size else None, statistics=counts)


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """Return the estimate that ``factor`` times the data with the same rates would give.

    Parameters
    ----------
    estimate
        Any estimate with an interval.
    factor
        Positive and finite; multiplies rows (rounded) and effective counts, so the design effect stays.

    Returns
    -------
    Estimate
        With unknown people, for these data do not exist.

    Raises
    ------
    NoInterval
        The method is ``point``.
    ValueError
        The factor is not positive and finite.
    """
    if estimate.method is Method.POINT:
        raise NoInterval(estimate.method)
    if not 0.0 < factor < float("inf"):
        raise ValueError(f"a factor is positive and finite, not {factor}")
    return replace(
        estimate,
        n=round(estimate.n * factor),
        n_eff=estimate.n_eff * factor,
        people=None,
        statistics=tuple(
            (name, number if name == "target" else number * factor) for name, number in estimate.statistics
        ),
    )


def _one(estimate: Estimate) -> tuple[float, float]:
    return estimate.statistic("x"), estimate.statistic("n")


def _two(estimate: Estimate) -> tuple[float, float, float, float]:
    values = dict(estimate.statistics)
    return values["x1"], values["n1"], values["x2"], values["n2"]
