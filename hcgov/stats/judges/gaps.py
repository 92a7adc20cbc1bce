"""How much higher a judge scores than people, and how much more so where something is the case."""

import math

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.stats.crossed import Floats, Rows, crossed_mean, distinct, of_sums
from hcgov.stats.means import mean, student

Mask = NDArray[np.bool_]


def mean_gap(differences: Floats, rows: Rows, *, reach: float | None = None) -> Estimate:
    """Return the mean of judge minus person over matched judgments.

    Parameters
    ----------
    differences
        Score of the judge minus that of a person about the same, finite, shape (n,).
    rows
        People and items of the judgments.
    reach
        Largest difference that the scale allows; ``None`` where it has no ends.

    Returns
    -------
    Estimate
        Student's t on clusters (:func:`hcgov.stats.crossed.crossed_mean`). Where all differences are the same there
        is no variance to go by: then the empirical Bernstein inequality on the clusters of the smaller side decides,
        which needs ``reach``; without it there is no interval. Lower is taken as better: for the other direction,
        negate the differences.

    Notes
    -----
    Paired means: Miller 2024 (arXiv:2411.00640), section 4; clusters: Cameron, Gelbach and Miller 2011
    (doi:10.1198/jbes.2010.07136); no variance: Maurer and Pontil 2009 (arXiv:0907.3740).
    """
    if not differences.size:
        return student(None, None, 0, n=0, people=0)
    low, high = (None, None) if reach is None else (-reach, reach)
    if np.ptp(differences) == 0.0 and reach is not None:
        clusters = smaller_side(rows)
        value = float(differences[0])
        return mean(
            value * clusters,
            value * value * clusters,
            clusters,
            people=rows.distinct_people,
            low=-reach,
            high=reach,
            safe=True,
        )
    return crossed_mean(differences, rows, low=low, high=high, aim=low)


def difference_in_gaps(
    differences: Floats, where: Mask, rows: Rows, *, reach: float | None = None
) -> Estimate:
    """Return the mean of judge minus person where something is the case, minus that elsewhere.

    Parameters
    ----------
    differences, rows, reach
        As for :func:`mean_gap`.
    where
        Whether it is the case, shape (n,): the judge's own family made what is judged, or the response mentions
        what it knows.

    Returns
    -------
    Estimate
        In [-2 reach, 2 reach]; without a value where there are no rows on one of the sides.

    Notes
    -----
    A difference in differences: that the judge is kinder than people throughout cancels.
    """
    yes = where.astype(np.float64)
    terms = np.stack([differences * yes, yes, differences * (1.0 - yes), 1.0 - yes], axis=1)
    ends = (None, None) if reach is None else (-2.0 * reach, 2.0 * reach)
    return of_sums(terms, rows, _of_two_means, low=ends[0], high=ends[1], aim=ends[0])


def mean_where(values: Floats, where: Mask, rows: Rows) -> Estimate:
    """Return the mean of scores where something is the case minus that elsewhere, of one kind of rater."""
    return difference_in_gaps(values, where, rows)


def smaller_side(rows: Rows) -> int:
    """Return the clusters on the side that has fewer: people, or items where these repeat."""
    people = distinct(rows.people)
    return people if rows.items is None else min(people, distinct(rows.items))


def has_interval(estimate: Estimate) -> bool:
    """Whether an estimate has a value and says how sure it is."""
    known = dict(estimate.statistics)
    return estimate.value is not None and (
        "se" in known or "x" in known or "x1" in known or "variance" in known
    )


def _of_two_means(sums: Floats) -> Floats:
    return np.asarray(sums[..., 0] / sums[..., 1] - sums[..., 2] / sums[..., 3], dtype=np.float64)


def one_against_mean(rho: float, raters: int) -> float:
    """Return the correlation of one person with the mean of others that a correlation between two people implies.

    Parameters
    ----------
    rho
        Correlation between two people, in [0, 1].
    raters
        Others whose mean is taken, at least 1.

    Returns
    -------
    float
        rho sqrt(k) / sqrt(1 + (k - 1) rho): Spearman 1910 and Brown 1910 (British Journal of Psychology 3).

    >>> round(one_against_mean(0.325, 3), 3)
    0.438
    """
    return rho * math.sqrt(raters / (1.0 + (raters - 1) * rho))


def best_against_mean(rho: float, raters: int) -> float:
    """Return the correlation that a perfect predictor would have with the mean of people.

    >>> round(best_against_mean(0.325, 3), 3)
    0.769
    """
    return math.sqrt(raters * rho / (1.0 + (raters - 1) * rho))
