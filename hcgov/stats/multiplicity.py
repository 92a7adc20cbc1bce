"""Corrections for accusing one of many: Holm and Bonferroni.

Passing needs none of them (every line has to pass, an intersection-union test); only accusing does.
"""

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
    return tuple(bonferroni_level(alpha, m - step) for step in range(m))


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
    for p in p_values:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"a p-value lies in [0, 1], not {p}")
    rejected = [False] * len(p_values)
    for step, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if not p_values[index] < alpha / (len(p_values) - step):
            break
        rejected[index] = True
    return tuple(rejected)


def _check_alpha(alpha: float) -> None:
    if not 0.0 < alpha <= 0.5:
        raise ValueError(f"an error probability lies in (0, 0.5], not {alpha}")
