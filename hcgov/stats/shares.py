"""Metrics between 0 and 1 that are no plain rates, such as an AUC or an F1 score: what they are worth.

Their bounds are those of a rate, on the independent observations that would give a rate of the same value the
same variance. Such bounds keep to the range and stay wide near its ends, where value ∓ t se claims too much: a
perfect score of few people has no variance at all, and is no proof.
"""

import math

from hcgov.core.estimate import Estimate, Method
from hcgov.stats.effective import critical_value
from hcgov.stats.student import critical_t

RARE = 5.0
"""Fewer failures (or successes) than this: a variance from them says little, and the people alone count."""
LEVEL = 0.975
"""Where Student's quantile is compared with the normal one: the end of a two-sided 95 % interval."""


def worth(
    value: float, variance: float | None, *, fewest: int, most: float = math.inf, df: int | None = None
) -> float:
    """Return the independent observations that a metric in [0, 1] is worth.

    Parameters
    ----------
    value
        The metric.
    variance
        Of the metric; ``None`` or 0 where the data show none, then ``fewest`` is the answer.
    fewest
        Distinct people in the smaller part that the metric compares: positives or negatives of an AUC.
    most
        More than this is never believed.
    df
        Degrees of freedom of the variance, where it comes from few groups.

    Returns
    -------
    float
        Positive. ``value (1 - value) / variance``, times the squared ratio of the normal to Student's quantile
        where ``df`` is given; at most ``fewest`` where fewer than five failures (or successes) of ``fewest``
        people stand behind the value.

    Notes
    -----
    Korn and Graubard 1998, Survey Methodology 24:193. Why few failures count by people: positives and negatives
    can be paired into ``fewest`` independent pairs, of which an AUC is the share in order, so a true area A
    comes out perfect with probability up to A to that power, just as a rate does.
    """
    spread = value * (1.0 - value)
    size = float(fewest)
    if variance is not None and variance > 0.0 and spread > 0.0:
        size = spread / variance
        if df is not None:
            size *= (critical_value(LEVEL) / critical_t(LEVEL, float(df))) ** 2
        size = min(size, fewest if min(value, 1.0 - value) * fewest < RARE else most)
    return max(size, 1.0)


def share(value: float, size: float, *, n: int, people: int | None = None, error: float = 0.0) -> Estimate:
    """Return the estimate of a metric in [0, 1] that is worth ``size`` observations; Clopper-Pearson decides.

    ``error`` is how far the value may be off for another reason than chance; both bounds lie further out by it.
    """
    return Estimate(
        value=value,
        n=n,
        n_eff=size,
        people=people,
        method=Method.CLOPPER_PEARSON,
        statistics=(("x", min(value * size, size)), ("n", size), *_error(error)),
    )


def difference(one: Estimate, other: Estimate) -> Estimate:
    """Return one metric minus another, of different people; Miettinen and Nurminen's interval decides.

    Parameters
    ----------
    one, other
        Made by :func:`share`. What either may be off adds up.
    """
    x1, n1, x2, n2 = (e.statistic(name) for e in (one, other) for name in ("x", "n"))
    people = None if one.people is None or other.people is None else one.people + other.people
    error = sum(dict(e.statistics).get("error", 0.0) for e in (one, other))
    return Estimate(
        value=None if one.value is None or other.value is None else one.value - other.value,
        n=one.n + other.n,
        n_eff=n1 + n2,
        people=people,
        method=Method.MIETTINEN_NURMINEN,
        statistics=(("x1", x1), ("n1", n1), ("x2", x2), ("n2", n2), *_error(error)),
    )


def _error(error: float) -> tuple[tuple[str, float], ...]:
    return (("error", error),) if error else ()
