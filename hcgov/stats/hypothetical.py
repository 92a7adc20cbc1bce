"""Estimates that other data could have given: the best of the same size, and more of the same."""

import math
from collections.abc import Mapping
from dataclasses import replace

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Side
from hcgov.stats.bounds import NoInterval, two_counts

_FAR = 1e300  # the most favourable value of a range without end


def best_case(estimate: Estimate, side: Side) -> Estimate:
    """Return the most favourable estimate that the same effective sizes could have given.

    A line whose best case does not pass cannot be resolved with these data, whatever they say.

    Parameters
    ----------
    estimate
        Any estimate with an interval.
    side
        The right side of the limit. A rate becomes 1 (``at_least``) or 0 (``at_most``), a mean the end of its
        range; a value with a standard error keeps that and becomes its aim (0 for a gap) or the end of its
        range.

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
        x1, n1, x2, n2 = two_counts(estimate)
        pooled = (x1 + x2) / (n1 + n2) if n1 + n2 > 0.0 else 0.0
        is_ratio = estimate.method is Method.KOOPMAN
        value = (1.0 if pooled else None) if is_ratio else 0.0
        equal = (("x1", min(pooled * n1, n1)), ("n1", n1), ("x2", min(pooled * n2, n2)), ("n2", n2))
        rest = tuple([pair for pair in estimate.statistics if pair[0] not in ("x1", "n1", "x2", "n2")])
        sizes = estimate.n, estimate.n_eff, estimate.people, estimate.method
        return Estimate.of(value if n1 and n2 else None, *sizes, (*equal, *rest))
    if estimate.method is Method.STUDENT_T:
        values = dict(estimate.statistics)
        return _moved(estimate, "estimate", values.get("aim", _end(values, side)))
    if estimate.method is Method.EMPIRICAL_BERNSTEIN:
        best = _moved(estimate, "mean", _end(dict(estimate.statistics), side))
        return replace(best, statistics=tuple((k, 0.0 if k == "variance" else v) for k, v in best.statistics))
    if estimate.method is Method.STABILITY:
        best = _moved(estimate, "psi", _end({"low": 0.0}, side))
        return replace(best, statistics=tuple((k, 0.0 if k == "spread" else v) for k, v in best.statistics))
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
    if not 0.0 < factor < math.inf:
        raise ValueError(f"a factor is positive and finite, not {factor}")
    root = math.sqrt(factor)
    factors = dict.fromkeys(("x", "n", "x1", "n1", "x2", "n2", "df"), factor)
    factors |= {"se": 1.0 / root, "unit": 1.0 / factor, "spread": 1.0 / factor}
    return replace(
        estimate,
        n=round(estimate.n * factor),
        n_eff=estimate.n_eff * factor,
        people=None,
        statistics=tuple((name, number * factors.get(name, 1.0)) for name, number in estimate.statistics),
    )


def _end(values: Mapping[str, float], side: Side) -> float:
    """Return the favourable end of a value's range."""
    return values.get("high", _FAR) if side is Side.AT_LEAST else values.get("low", -_FAR)


def _moved(estimate: Estimate, name: str, value: float) -> Estimate:
    if estimate.value is None:
        return estimate
    numbers = tuple((key, value if key == name else number) for key, number in estimate.statistics)
    return replace(estimate, value=value, statistics=numbers)
