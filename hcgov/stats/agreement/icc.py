"""Intraclass correlations of numbers that the same people gave to all items."""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Floats, Judged
from hcgov.stats.crossed import different

COMPLETE = 0.9
"""Least share of the items judged by anybody that everybody has to have judged."""


@frozen
class IntraclassCorrelation:
    """Two-way random effects, absolute agreement.

    Parameters
    ----------
    single, mean
        ICC(2,1), of one person's number, and ICC(2,k), of the mean over all k people; at most 1.
    low, high
        Bounds of ``single`` at 95 %; those of the mean follow by ``k x / (1 + (k - 1) x)``.
    items, people
        Numbers of items and people of the complete crossing.
    """

    single: float
    mean: float
    low: float
    high: float
    items: int
    people: int


def intraclass_correlation(scores: Floats, *, level: float = 0.95) -> IntraclassCorrelation | None:
    """Return ICC(2,1) and ICC(2,k).

    Parameters
    ----------
    scores
        Finite numbers, shape (items, people).
    level
        Two-sided confidence of the interval.

    Returns
    -------
    IntraclassCorrelation or None
        ``None`` with fewer than two items or people, or where all items have the same mean and nobody differs.

    Notes
    -----
    Shrout and Fleiss 1979 (Psychological Bulletin 86:420); interval of McGraw and Wong 1996 (Psychological Methods
    1:30), table 7, with Satterthwaite's degrees of freedom.
    """
    n, k = scores.shape
    if n < 2 or k < 2:
        return None
    grand = scores.mean()
    of_item, of_person = scores.mean(axis=1), scores.mean(axis=0)
    ms_items = k * float(((of_item - grand) ** 2).sum()) / (n - 1)
    ms_people = n * float(((of_person - grand) ** 2).sum()) / (k - 1)
    rest = scores - of_item[:, None] - of_person[None, :] + grand
    ms_rest = float((rest**2).sum()) / ((n - 1) * (k - 1))
    whole = ms_items + (k - 1) * ms_rest + k * (ms_people - ms_rest) / n
    of_mean = ms_items + (ms_people - ms_rest) / n
    if not (whole > 0.0 and of_mean > 0.0):
        return None
    single = (ms_items - ms_rest) / whole
    low, high = _bounds(single, (ms_items, ms_people, ms_rest), (n, k), level)
    return IntraclassCorrelation(
        single=single, mean=(ms_items - ms_rest) / of_mean, low=low, high=high, items=n, people=k
    )


def _bounds(
    single: float, squares: tuple[float, float, float], size: tuple[int, int], level: float
) -> tuple[float, float]:
    ms_items, ms_people, ms_rest = squares
    n, k = size
    if ms_rest <= 0.0 and ms_people <= 0.0:
        return single, single
    if single >= 1.0:
        return 1.0, 1.0
    a = k * single / (n * (1.0 - single))
    b = 1.0 + k * single * (n - 1) / (n * (1.0 - single))
    parts = (a * ms_people) ** 2 / (k - 1) + (b * ms_rest) ** 2 / ((n - 1) * (k - 1))
    v = max((a * ms_people + b * ms_rest) ** 2 / parts, 1.0) if parts > 0.0 else 1.0
    from scipy.special import fdtri  # noqa: PLC0415 - a fifth of a second, for what few tables have

    tail = (1.0 + level) / 2.0
    upper, lower = float(fdtri(n - 1, v, tail)), float(fdtri(v, n - 1, tail))
    base = k * ms_people + (k * n - k - n) * ms_rest
    low = n * (ms_items - upper * ms_rest) / (upper * base + n * ms_items)
    high = n * (lower * ms_items - ms_rest) / (base + n * lower * ms_items)
    return max(low, -1.0), min(high, 1.0)


def crossing(judged: Judged) -> Floats | None:
    """Return the numbers of the items that everybody judged, shape (items, people).

    ``None`` where the crossing is not (nearly) complete: fewer than 90 % of the items were judged by everybody.
    """
    people = different(judged.people)
    ratings = judged.ratings()
    complete = ratings == people.size
    if people.size < 2 or complete.sum() < max(COMPLETE * float((ratings > 0).sum()), 2.0):
        return None
    mask = complete[judged.items]
    items, who = judged.items[mask], np.searchsorted(people, judged.people[mask])
    place = np.cumsum(complete) - 1
    scores = np.empty((int(complete.sum()), people.size))
    scores[place[items], who] = judged.values[judged.labels[mask]]
    return scores
