"""Two yes-or-no answers about the same people or items, and whether the share changed.

Only the pairs that disagree carry information: ``b`` pairs with yes first and no second, ``c`` with no first
and yes second. The other pairs dilute the difference but do not say which way it goes.
"""

import math

from hcgov.stats.effective import NONE, check_counts, critical_value, settled_count
from hcgov.stats.roots import bracketed_root
from hcgov.stats.special import beta_cdf, normal_cdf


def mcnemar_score(b: float, c: float) -> float:
    """Return McNemar's z: positive where yes turned into no more often than the other way round.

    Parameters
    ----------
    b, c
        Discordant pairs, finite and not negative, not necessarily whole.

    Returns
    -------
    float
        (b - c) / sqrt(b + c), 0 without discordant pairs; its square is McNemar's chi-square with 1 degree
        of freedom.

    Raises
    ------
    ValueError
        A count is impossible.

    Notes
    -----
    McNemar 1947 (Psychometrika 12:153, doi:10.1007/BF02295996).
    """
    _check_discordant(b, c)
    return (b - c) / math.sqrt(b + c) if b + c >= NONE else 0.0


def mcnemar_chi_square(b: float, c: float, *, corrected: bool = False) -> float:
    """Return McNemar's chi-square, with Edwards' continuity correction where asked.

    Parameters
    ----------
    b, c
        As for :func:`mcnemar_score`.
    corrected
        Take (|b - c| - 1)^2 / (b + c), Edwards 1948 (Psychometrika 13:185); 0 where both differ by at most 1.
    """
    _check_discordant(b, c)
    if b + c < NONE:
        return 0.0
    apart = max(abs(b - c) - (1.0 if corrected else 0.0), 0.0)
    return apart / (b + c) * apart


def mcnemar_p_value(b: float, c: float, *, corrected: bool = False) -> float:
    """Return the two-sided p-value of :func:`mcnemar_chi_square`; 1 without discordant pairs."""
    return 2.0 * normal_cdf(-math.sqrt(mcnemar_chi_square(b, c, corrected=corrected)))


def mcnemar_exact_p_value(b: float, c: float) -> float:
    """Return the exact two-sided p-value: twice the smaller binomial tail at one half, at most 1.

    Parameters and errors are those of :func:`mcnemar_score`; scaled, not whole counts are interpolated by the
    incomplete beta function.
    """
    _check_discordant(b, c)
    fewer, more = min(b, c), max(b, c)
    if more == 0.0:
        return 1.0
    return min(2.0 * beta_cdf(more, fewer + 1.0, 0.5), 1.0)


def paired_difference_lower(b: float, c: float, n: float, level: float) -> float:
    """Return the lower bound of the first share minus the second, over the same pairs.

    Parameters
    ----------
    b, c
        Discordant pairs (yes-no, no-yes), 0 <= b + c <= n, not necessarily whole.
    n
        All pairs.
    level
        One-sided confidence in [0.5, 1).

    Returns
    -------
    float
        In [-1, 1], never above (b - c) / n; -1 without pairs.

    Raises
    ------
    ValueError
        Counts or level are out of range.

    Notes
    -----
    Tango 1998 (Statistics in Medicine 17:891), the score interval. At a difference of 0 its test is
    McNemar's, so bound and test never contradict each other.
    """
    b, c = _settled_pairs(b, c, n)
    z = critical_value(level)
    if n < NONE:
        return -1.0
    observed = (b - c) / n
    if z == 0.0 or b - c <= -n:
        return observed

    def excess(difference: float) -> float:
        return _score(b, c, n, difference) - z

    # A score is infinite where the difference is impossible; the bracket ends inside.
    low = -1.0 + 1e-15
    if excess(low) <= 0.0:
        return -1.0
    return min(bracketed_root(excess, low, observed), observed)


def paired_difference_upper(b: float, c: float, n: float, level: float) -> float:
    """Return the upper bound of the same difference; see :func:`paired_difference_lower`."""
    return -paired_difference_lower(c, b, n, level)


def paired_difference_score(b: float, c: float, n: float, difference: float) -> float:
    """Return the score statistic of "the shares differ by ``difference``".

    Parameters
    ----------
    b, c, n
        As for :func:`paired_difference_lower`.
    difference
        The hypothesis; outside [-1, 1] the answer is infinite.

    Returns
    -------
    float
        Positive where the observed difference is larger; McNemar's z at 0; 0 without pairs.
    """
    b, c = _settled_pairs(b, c, n)
    if not -1.0 <= difference <= 1.0:
        return math.copysign(math.inf, -difference)
    return _score(b, c, n, difference) if n >= NONE else 0.0


def _score(b: float, c: float, n: float, difference: float) -> float:
    excess = b - c - n * difference
    if excess == 0.0:
        return 0.0
    if excess < 0.0:
        return -_score(c, b, n, -difference)
    size = abs(difference)
    variance = n * (_discordant(b, c, n, difference, excess) - size + size * (1.0 - size))
    return excess / math.sqrt(variance) if variance > 0.0 else math.inf


def _discordant(b: float, c: float, n: float, difference: float, excess: float) -> float:
    """Return the share of discordant pairs that is most likely at a difference, at least its size.

    The larger root of n t^2 - (s + m d) t + m d - (n - s) d^2, with s = b + c and m = b - c; its discriminant
    is written so that it keeps its digits where nearly all pairs turn the same way.
    """
    discordant, apart = b + c, b - c
    agreeing = max(n - discordant, 0.0)
    square = (discordant - apart * difference) ** 2 - 4.0 * agreeing * difference * excess
    share = (discordant + apart * difference + math.sqrt(max(square, 0.0))) / (2.0 * n)
    return min(max(share, abs(difference)), 1.0)


def _check_discordant(b: float, c: float) -> None:
    if not (0.0 <= b < math.inf and 0.0 <= c < math.inf):
        raise ValueError(f"discordant pairs are finite and not negative, not {b} and {c}")


def _settled_pairs(b: float, c: float, n: float) -> tuple[float, float]:
    """Return discordant pairs, 0 where there are next to none; raise unless they are among the pairs."""
    _check_discordant(b, c)
    # Scaled counts that sum to n may round above it.
    check_counts(min(b + c, n) if b + c <= n * (1.0 + 1e-12) else b + c, n)
    return settled_count(min(b, n), n), settled_count(min(c, n), n)
