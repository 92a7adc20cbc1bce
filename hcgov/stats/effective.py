"""Effective counts and levels: what every interval of this package takes, and its checks."""

import math
from collections.abc import Sequence
from functools import lru_cache

from hcgov.stats.special import normal_quantile

NONE = 1e-50
"""An effective count below this is none: its square times a size would vanish."""

_OF_TWO = ("x1", "n1", "x2", "n2")


def effective_counts(positives: float, n: int, n_eff: float | None = None) -> tuple[float, float]:
    """Return events and size on the scale of independent observations.

    Parameters
    ----------
    positives
        Observed events, in [0, n]; not whole where rows are weighted.
    n
        Rows.
    n_eff
        Independent observations they are worth; ``None`` means ``n``. Above ``n`` is allowed, for estimates
        that borrow from elsewhere.

    Returns
    -------
    tuple of float
        The share positives / n times ``n_eff``, and ``n_eff``; (0, 0) where there are no rows. A count at its
        edge (no event, or nothing but events) stays exactly there.

    Raises
    ------
    ValueError
        The counts are impossible, or ``n_eff`` is not positive and finite though there are rows.
    """
    if not 0.0 <= positives <= n < math.inf:
        check_counts(positives, n)
    if n == 0:
        return 0.0, 0.0
    if n_eff is None or n_eff == n:  # each row is worth one, so nothing is scaled
        return float(positives), float(n)
    size = float(n) if n_eff is None else float(n_eff)
    if not 0.0 < size < math.inf:
        raise ValueError(f"an effective size is positive and finite, not {n_eff}")
    if positives == n:
        return size, size
    return min(positives * (size / n), size), size


def counts_of_two(statistics: Sequence[tuple[str, float]]) -> tuple[float, float, float, float] | None:
    """Return x1, n1, x2 and n2 where statistics are these and nothing else, as nearly always; else ``None``."""
    if len(statistics) != len(_OF_TWO):
        return None
    (a, x1), (b, n1), (c, x2), (d, n2) = statistics
    return (x1, n1, x2, n2) if (a, b, c, d) == _OF_TWO else None


def check_counts(x: float, n: float) -> None:
    """Raise ``ValueError`` unless 0 <= x <= n < infinity."""
    if not 0.0 <= x <= n < math.inf:
        raise ValueError(f"events lie between 0 and a finite size, not {x} of {n}")


def settled_count(x: float, n: float) -> float:
    """Return an effective count, 0 where it is below :data:`NONE`; raise as :func:`check_counts` does."""
    check_counts(x, n)
    return x if x >= NONE else 0.0


def check_level(level: float) -> None:
    """Raise ``ValueError`` unless the one-sided confidence lies in [0.5, 1)."""
    if not 0.5 <= level < 1.0:
        raise ValueError(f"a one-sided confidence lies in [0.5, 1), not {level}")


@lru_cache(maxsize=256)
def critical_value(level: float) -> float:
    """Return the standard normal quantile of a one-sided confidence in [0.5, 1).

    Raises
    ------
    ValueError
        The level lies elsewhere.
    """
    check_level(level)
    return normal_quantile(level)
