"""How well anything can agree with people who agree with each other only so much."""

import math


def one_person(agreement: float, raters: int) -> float | None:
    """Return the correlation of one further person with the mean of ``raters`` others.

    Parameters
    ----------
    agreement
        Mean correlation between two people, in [-1, 1].
    raters
        People in the mean, at least 1.

    Returns
    -------
    float or None
        r k / sqrt(k + k (k - 1) r); ``None`` where the agreement is so far below 0 that no mean has a variance.

    Notes
    -----
    Spearman 1910, British Journal of Psychology 3:271 and Brown 1910, ibid. 3:296, for parallel raters.

    >>> round(one_person(0.325, 3), 3)
    0.438
    """
    spread = raters * (1.0 + (raters - 1) * agreement)
    return min(agreement * raters / math.sqrt(spread), 1.0) if raters >= 1 and spread > 0.0 else None


def perfect(agreement: float, raters: int) -> float | None:
    """Return the correlation with the mean of ``raters`` people of what they have in common, known without error.

    Parameters and source are those of :func:`one_person`; ``None`` also where people do not agree at all.

    >>> round(perfect(0.325, 3), 3)
    0.769
    """
    if raters < 1 or agreement <= 0.0:
        return None
    return math.sqrt(raters * agreement / (1.0 + (raters - 1) * agreement))
