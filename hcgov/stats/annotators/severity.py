"""Whether a group of people is more severe or lenient than the others, on the same items."""

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.stats.agreement.judged import Bools, Floats, Ints
from hcgov.stats.crossed import Rows, different, of_sums
from hcgov.stats.means import student


def offset(
    values: Floats,
    items: Ints,
    people: Ints,
    member: Bools,
    *,
    unit: float = 1.0,
    low: float | None = None,
    high: float | None = None,
) -> Estimate:
    """Return how much higher a group rates the same items than the others do.

    Parameters
    ----------
    values, items, people
        Finite value, item and person of each row, shape (rows,), codes from 0.
    member
        Whether the row's person belongs to the group, shape (rows,).
    unit
        What differences are divided by: the scale's standard deviation, or 1 for points.
    low, high
        Range of the offset, in units, where it has one.

    Returns
    -------
    Estimate
        Least squares of the value on membership with a level for each item: items that both sides judged, weighing
        by how many of either did. Without a value where no item was judged on both sides. Student's t with people
        and items as clusters.

    Notes
    -----
    The slope sum x~ y / sum x~ x of x~ = x - mean of x over the item is a ratio of sums of rows, so its jackknife
    over people, items and both is that of :func:`hcgov.stats.crossed.of_sums`; item means are those of all rows,
    as in a linearised variance. It compares people on the same items, so that it does not matter who got the
    harder ones.
    """
    x = member.astype(np.float64)
    n = np.bincount(items).astype(np.float64)
    share = np.bincount(items, weights=x) / np.maximum(n, 1.0)
    within = x - share[items]
    paired = (share > 0.0)[items] & (share < 1.0)[items]
    rows = int(paired.sum())
    distinct = different(people[paired]).size
    if not rows:
        return student(None, None, 0, n=0, people=0, low=low, high=high, aim=0.0)
    level = np.bincount(items, weights=values) / np.maximum(n, 1.0)
    left = within[paired]
    terms = np.stack([left * (values - level[items])[paired] / unit, left * x[paired]], axis=1)
    found = of_sums(
        terms,
        Rows(people=people[paired], items=items[paired]),
        lambda sums: sums[..., 0] / np.where(sums[..., 1] > 0.0, sums[..., 1], np.nan),
        low=None,
        high=None,
        aim=0.0,
    )
    if found.value is None:
        return student(None, None, 0, n=rows, people=distinct, low=low, high=high, aim=0.0)
    told = dict(found.statistics)
    return student(
        _within(found.value, low, high),
        told.get("se"),
        told.get("df", 0.0),
        n=rows,
        people=distinct,
        low=low,
        high=high,
        aim=0.0,
    )


def _within(value: float, low: float | None, high: float | None) -> float:
    bounded = value if low is None else max(value, low)
    return bounded if high is None else min(bounded, high)
