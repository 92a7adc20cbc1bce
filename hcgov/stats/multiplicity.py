"""Corrections for accusing one of many: Holm and Bonferroni; for lists that explore: Benjamini and others.

Passing needs none of them (every line has to pass, an intersection-union test); only accusing does. Repeated
attempts at the same labels share an error, too: :func:`spending_level`.
"""

import math
from collections.abc import Sequence


def bonferroni_level(alpha: float, m: int) -> float:
    """Return the one-sided confidence at which ``m`` bounds together err with probability at most ``alpha``.

    Parameters
    ----------
    alpha
        Error probability of the family, in (0, 0.5].
    m
        Members of the family, at least 1.

    Raises
    ------
    ValueError
        ``alpha`` or ``m`` is out of range.
    """
    _check_alpha(alpha)
    if m < 1:
        raise ValueError(f"a family has at least one member, not {m}")
    return 1.0 - alpha / m


def holm_levels(m: int, alpha: float = 0.05) -> tuple[float, ...]:
    """Return the one-sided confidences of Holm's steps, for the smallest p-value first.

    Parameters
    ----------
    m
        Members of the family; 0 gives no levels.
    alpha
        Error probability of the family, in (0, 0.5].

    Returns
    -------
    tuple of float
        1 - alpha / m, 1 - alpha / (m - 1), ..., 1 - alpha: falling.

    Raises
    ------
    ValueError
        ``alpha`` or ``m`` is out of range.
    """
    _check_alpha(alpha)
    if m < 0:
        raise ValueError(f"a family has no negative size, not {m}")
    return tuple([1.0 - alpha / left for left in range(m, 0, -1)])  # as bonferroni_level, checked once


def holm_reject(p_values: Sequence[float], alpha: float) -> tuple[bool, ...]:
    """Say which hypotheses of a family Holm's step-down procedure rejects.

    Parameters
    ----------
    p_values
        One per hypothesis, each in [0, 1].
    alpha
        Probability of any false rejection, whatever the dependence, in (0, 0.5].

    Returns
    -------
    tuple of bool
        In the order given. A p-value must lie strictly below its step, as a bound must lie beyond its limit.

    Raises
    ------
    ValueError
        A p-value or ``alpha`` is out of range.

    Notes
    -----
    Holm 1979 (Scandinavian Journal of Statistics 6:65).
    """
    _check_alpha(alpha)
    _check_p_values(p_values)
    rejected = [False] * len(p_values)
    for step, index in enumerate(_ascending(p_values)):
        if not p_values[index] < alpha / (len(p_values) - step):
            break
        rejected[index] = True
    return tuple(rejected)


def holm_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return each hypothesis' least error probability of the family at which Holm's procedure rejects it.

    Parameters
    ----------
    p_values
        One per hypothesis, each in [0, 1].

    Raises
    ------
    ValueError
        A p-value is out of range.

    Notes
    -----
    Holm 1979 (Scandinavian Journal of Statistics 6:65): the running maximum of (m - step) p.
    """
    _check_p_values(p_values)
    adjusted, highest = [0.0] * len(p_values), 0.0
    for step, index in enumerate(_ascending(p_values)):
        highest = min(max(highest, (len(p_values) - step) * p_values[index]), 1.0)
        adjusted[index] = highest
    return tuple(adjusted)


def benjamini_hochberg_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return each hypothesis' least false discovery rate at which it is listed.

    For lists that explore, marked as such; it accuses nobody, for in such a list some are there by chance.

    Parameters
    ----------
    p_values
        One per hypothesis, each in [0, 1]; independent or positively dependent.

    Raises
    ------
    ValueError
        A p-value is out of range.

    Notes
    -----
    Benjamini and Hochberg 1995 (JRSS B 57:289, doi:10.1111/j.2517-6161.1995.tb02031.x): from the largest down,
    the running minimum of m p / rank.
    """
    return _stepped_up(p_values, 1.0)


def benjamini_yekutieli_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return each hypothesis' least false discovery rate, whatever their dependence.

    Parameters and errors are those of :func:`benjamini_hochberg_adjusted`, whose values are multiplied by 1 +
    1 / 2 + ... + 1 / m: Benjamini and Yekutieli 2001 (Annals of Statistics 29:1165,
    doi:10.1214/aos/1013699998).
    """
    return _stepped_up(p_values, math.fsum(1.0 / k for k in range(1, len(p_values) + 1)))


def spending_level(alpha: float, k: int) -> float:
    """Return the error probability that the k-th attempt at the same labels may spend.

    Parameters
    ----------
    alpha
        Error probability of all attempts together, in (0, 0.5].
    k
        The attempt, from 1.

    Raises
    ------
    ValueError
        ``alpha`` or ``k`` is out of range.

    Notes
    -----
    6 alpha / (pi^2 k^2), which sums to alpha over all k: however often one tries, any false PASS has at most
    that probability.
    """
    _check_alpha(alpha)
    if k < 1:
        raise ValueError(f"attempts are counted from 1, not {k}")
    return 6.0 * alpha / (math.pi * k) ** 2


def _stepped_up(p_values: Sequence[float], factor: float) -> tuple[float, ...]:
    _check_p_values(p_values)
    count, lowest = len(p_values), 1.0
    adjusted = [0.0] * count
    for rank, index in zip(range(count, 0, -1), reversed(_ascending(p_values)), strict=True):
        lowest = min(lowest, factor * (count / rank) * p_values[index])
        adjusted[index] = lowest
    return tuple(adjusted)


def _ascending(p_values: Sequence[float]) -> list[int]:
    return sorted(range(len(p_values)), key=p_values.__getitem__)


def _check_p_values(p_values: Sequence[float]) -> None:
    for p in p_values:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"a p-value lies in [0, 1], not {p}")


def _check_alpha(alpha: float) -> None:
    if not 0.0 < alpha <= 0.5:
        raise ValueError(f"an error probability lies in (0, 0.5], not {alpha}")
