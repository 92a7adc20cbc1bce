"""Agreement with its error: a jackknife over items, people and both, from counts.

Deleting an item takes its sums away. Deleting a person changes every item that the person judged: the sums of that
item are recomputed from its counts without that person's, once for each item and bucket of people that meet, so that
all replicates together cost no more than a few passes over the judgments.
"""

import math
from itertools import pairwise

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.agreement.coefficients import Coefficient, sums, width
from hcgov.stats.agreement.judged import Floats, Ints, Judged, Metric, counted
from hcgov.stats.crossed import buckets
from hcgov.stats.effective import critical_value
from hcgov.stats.means import student
from hcgov.stats.shares import RARE, share, worth

MOST_LABELS = 40
"""With more different labels than this the error (never the value) is computed from so many bins of them."""


@frozen
class Replicates:
    """Sums over all items, and without each bucket of items, of people, and of both.

    Parameters
    ----------
    whole
        Shape (k,).
    items, people
        Sums without each bucket of items, shape (buckets, k), and of people.
    cells
        Sums without the judgments of each bucket of people about each bucket of items.
    """

    whole: Floats
    items: Floats
    people: Floats
    cells: Floats


def replicates(judged: Judged) -> Replicates:
    """Return the sums of :mod:`hcgov.stats.agreement.coefficients` over all judgments and without each bucket.

    Raises
    ------
    ValueError
        There are no judgments, or more labels than :data:`MOST_LABELS`; see :func:`binned`.
    """
    q = judged.n_labels
    if not judged.rows or q > MOST_LABELS:
        raise ValueError(f"between one and {MOST_LABELS} labels and at least one judgment are needed")
    counts = counted(judged.items, judged.labels, judged.n_items, q).astype(np.float64)
    of_item = buckets(np.arange(judged.n_items))
    of_person = buckets(np.arange(judged.n_people))
    n_b, n_a = int(of_item.max()) + 1, int(of_person.max()) + 1
    by_item = np.stack([sums(counts[of_item == b]) for b in range(n_b)])
    whole = by_item.sum(axis=0)
    taken = _taken_by_people(judged, counts, of_item, of_person, (n_a, n_b))
    by_person = taken.reshape(n_a, n_b, -1).sum(axis=1)
    met = np.zeros(n_a * n_b, dtype=np.bool_)
    met[of_person[judged.people] * n_b + of_item[judged.items]] = True
    return Replicates(whole=whole, items=whole - by_item, people=whole - by_person, cells=whole - taken[met])


def _taken_by_people(
    judged: Judged, counts: Floats, of_item: Ints, of_person: Ints, size: tuple[int, int]
) -> Floats:
    """Return by how much the sums fall without each bucket of people on each bucket of items."""
    n_a, n_b = size
    q = counts.shape[1]
    # One number holds bucket of people, bucket of items, item and label, so that sorting it sorts by all of them.
    key = of_person[judged.people] * n_b + of_item[judged.items]
    key *= judged.n_items
    key += judged.items
    key *= q
    key += judged.labels
    key.sort()
    meeting = key // q
    first = np.concatenate([[True], meeting[1:] != meeting[:-1]])
    place = np.cumsum(first) - 1
    meeting = meeting[first]
    own = counted(place, key - key // q * q, meeting.size, q).astype(np.float64)
    cell, item = np.divmod(meeting, judged.n_items)
    ends = np.searchsorted(cell, np.arange(n_a * n_b + 1))
    taken = np.zeros((n_a * n_b, width(q)))
    for at, (start, end) in enumerate(pairwise(ends)):
        if end > start:
            before = counts[item[start:end]]
            taken[at] = sums(before) - sums(before - own[start:end])
    return taken


@frozen
class Spread:
    """Variance of a coefficient and its degrees of freedom."""

    value: float
    variance: float
    df: int


def spread(found: Replicates, coefficient: Coefficient, *, drawn: bool = True) -> Spread | None:
    """Return a coefficient with its jackknife variance.

    Parameters
    ----------
    found
        Sums with their replicates.
    coefficient
        Which one.
    drawn
        Whether the people are taken for some of many who could have judged; else they are the only ones who do,
        and only items vary.

    Returns
    -------
    Spread or None
        ``None`` where the coefficient is undefined without some bucket; its value may still be known.

    Notes
    -----
    V = max(V_items + V_people - V_cells, V_items), each the delete-a-group jackknife (Kott 2001, Journal of Official
    Statistics 17:521), combined as in Cameron, Gelbach and Miller 2011 (doi:10.1198/jbes.2010.07136). Agreement is a
    statistic of pairs within items, so that leaving out a person takes both halves of each of the person's pairs:
    V_people alone counts the noise of pairs twice, and V_cells as often, which is why the maximum is not taken
    over V_people, too. Simulated: V_people is 1.3 to 1.6 times the true variance, their sum 1.0 to 1.2 times.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = float(coefficient(found.whole))
        sides = [_variance(found.items, coefficient, whole)]
        if drawn:
            sides.append(_variance(found.people, coefficient, whole))
    known = [side for side in sides if side is not None]
    if not math.isfinite(whole) or len(known) < len(sides):
        return None
    df = found.items.shape[0] - 1
    if not drawn:
        return Spread(value=whole, variance=known[0], df=df)
    with np.errstate(divide="ignore", invalid="ignore"):
        both = _variance(found.cells, coefficient, whole) or 0.0
    return Spread(
        value=whole, variance=max(sum(known) - both, known[0]), df=min(df, found.people.shape[0] - 1)
    )


def _variance(without: Floats, coefficient: Coefficient, whole: float) -> float | None:
    groups = without.shape[0]
    if groups < 2:
        return None
    values = coefficient(without)
    if not np.isfinite(values).all():
        return None
    return float((groups - 1) / groups * ((values - whole) ** 2).sum())


def corrected(
    value: float | None, found: Replicates, coefficient: Coefficient, judged: Judged, *, drawn: bool = True
) -> Estimate:
    """Return the estimate of a coefficient that is corrected for chance, in [-1, 1]; Student's t decides.

    Parameters
    ----------
    value
        The coefficient, where it is known more exactly than from ``found``; ``None`` takes that.
    found, coefficient, drawn
        As for :func:`spread`.
    judged
        The judgments, for their number.
    """
    whole = _value(found, coefficient) if value is None else value
    n, people = judged.rows, judged.n_people
    if whole is None:
        return student(None, None, 0, n=n, people=people, low=-1.0, high=1.0)
    told = spread(found, coefficient, drawn=drawn)
    se, df = (None, 0) if told is None else (math.sqrt(told.variance), told.df)
    if se == 0.0:
        se = _not_seen(found, coefficient, judged, whole, drawn=drawn)
    # The most favourable value is agreement, the upper end: `aim` says so because the range is symmetric.
    return student(whole, se, df, n=n, people=people, low=-1.0, high=1.0, aim=1.0)


def _not_seen(
    found: Replicates, coefficient: Coefficient, judged: Judged, whole: float, *, drawn: bool
) -> float | None:
    """Return an error for judgments that all agree: where none of n disagrees, up to 3 of them may.

    The disagreement is about the two labels that are given most; n is the smaller of items and people.
    """
    q, items = math.isqrt(found.whole.size // 2), float(found.whole[-2])
    given = np.argsort(found.whole[-2 - q : -2])[-2:]
    ghost = np.zeros((1, q))
    ghost[0, given] = 1.0
    fewest = min(items, judged.n_people) if drawn else items
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(coefficient(found.whole + items / fewest * sums(ghost)))
    told = (whole - value) * 3.0 / critical_value(0.95)
    return told if math.isfinite(told) and told > 0.0 else None


def share_agreed(
    found: Replicates,
    coefficient: Coefficient,
    judged: Judged,
    *,
    value: float | None = None,
    drawn: bool = True,
) -> Estimate | None:
    """Return the estimate of percent agreement, in [0, 1]; Clopper-Pearson on the effective pairs decides.

    ``value`` is as for :func:`corrected`.

    ``None`` where no item was judged twice, or nothing is left without some of the people or items.
    """
    told = spread(found, coefficient, drawn=drawn)
    if told is None:
        return None
    items = int(found.whole[-2])
    value = min(max(told.value if value is None else value, 0.0), 1.0)
    # People count where next to nobody disagrees (or agrees), for then the data say little of how people vary.
    rare = min(value, 1.0 - value) * items < RARE
    fewest = min(items, judged.n_people) if drawn and rare else items
    size = worth(value, told.variance, fewest=fewest, most=float(judged.rows), df=told.df)
    return share(value, size, n=judged.rows, people=judged.n_people)


def _value(found: Replicates, coefficient: Coefficient) -> float | None:
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = float(coefficient(found.whole))
    return whole if math.isfinite(whole) else None


def binned(judged: Judged, metric: Metric = Metric.INTERVAL) -> Judged:
    """Return judgments with at most :data:`MOST_LABELS` labels: neighbours in order are put together, at their mean.

    Bins hold about as many judgments each; judgments with few labels are returned as they are. Names have no
    neighbours: they are dealt out, those that were given most first, so that the frequent ones keep a bin of their own
    as far as there are bins, and two names that people waver between seldom come to look like one.
    """
    q = judged.n_labels
    if q <= MOST_LABELS:
        return judged
    given = np.bincount(judged.labels, minlength=q).astype(np.float64)
    if metric is Metric.NOMINAL:
        order = np.argsort(-given, kind="stable")
        place = np.arange(q, dtype=np.int64) % MOST_LABELS
        used = given[order]
    else:
        order = np.argsort(judged.values, kind="stable")
        used = given[order]
        middle = np.cumsum(used) - used / 2.0
        place = np.minimum((middle / used.sum() * MOST_LABELS).astype(np.int64), MOST_LABELS - 1)
    total = np.bincount(place, weights=used, minlength=MOST_LABELS)
    worth_ = np.bincount(place, weights=used * judged.values[order], minlength=MOST_LABELS)
    of_label = np.empty(q, dtype=np.int64)
    of_label[order] = place
    return Judged(
        items=judged.items,
        people=judged.people,
        labels=of_label[judged.labels],
        n_items=judged.n_items,
        n_people=judged.n_people,
        values=np.divide(worth_, total, out=np.zeros_like(worth_), where=total > 0.0),
    )
