"""Rows that people and items share: shares, means and any function of sums, with people and items as clusters.

On numpy; nothing imports this module when hcgov starts.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.core.frozen import frozen
from hcgov.stats.clusters import Clustered, design_effect
from hcgov.stats.means import student
from hcgov.stats.shares import share

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.signedinteger[Any]]

MOST = 64
"""Above so many clusters of a side, they are put into so many buckets by a hash of their code."""


@frozen
class Rows:
    """Rows with a value each, and whom and what they are about.

    Parameters
    ----------
    people
        Code of the person of each row, shape (n,); a negative code is a row of nobody, and all of them are one
        cluster.
    items
        Code of the item of each row, shape (n,), where several rows are about the same; else ``None``.
    """

    people: Codes
    items: Codes | None = None

    def where(self, mask: NDArray[np.bool_]) -> "Rows":
        """Return some of the rows."""
        return Rows(people=self.people[mask], items=None if self.items is None else self.items[mask])

    @property
    def distinct_people(self) -> int:
        """Distinct people; rows of nobody are none."""
        return distinct(self.people) if _low(self.people) >= 0 else distinct(self.people[self.people >= 0])


def distinct(codes: Codes) -> int:
    """Return how many different codes there are."""
    return int(different(codes).size)


def different(codes: Codes) -> Codes:
    """Return the different codes in order, as ``numpy.unique`` does, by counting them or else by sorting.

    numpy's way by hashing (2.3 and later) takes a hundred times as long where nearly all of them differ.
    """
    if not codes.size:
        return codes
    apart = _apart(codes)
    if apart is not None:
        return np.asarray(np.flatnonzero(np.bincount(apart)) + int(codes.min()), dtype=codes.dtype)
    ordered = np.sort(codes)
    return np.asarray(ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])], dtype=codes.dtype)


def _low(codes: Codes) -> int:
    return int(codes.min(initial=0))


def _apart(codes: Codes) -> Codes | None:
    """Return codes less the lowest, where they are so dense that an entry for each costs little; no code is none."""
    low, high = int(codes.min()), int(codes.max())
    return None if high - low > 4 * codes.size + 1024 else codes - low


def ranked(codes: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """Return the different codes in order, and the place of each row's code among them.

    What ``numpy.unique`` with ``return_inverse`` gives, without sorting where codes are dense, as those of names are.
    """
    if not codes.size:
        return codes, codes.astype(np.int64)
    apart = _apart(codes)
    if apart is None:
        found, place = np.unique(codes, return_inverse=True)
        return found, place.astype(np.int64)
    there = np.bincount(apart) > 0
    found = (np.flatnonzero(there) + int(codes.min())).astype(codes.dtype)
    return found, (np.cumsum(there) - 1)[apart]


def crossed_share(y: ArrayLike, rows: Rows) -> Estimate:
    """Return the share of rows with the outcome; Clopper-Pearson on the effective sample decides.

    Parameters
    ----------
    y
        Outcome of each row, in [0, 1], shape (n,).
    rows
        Their people and items.

    Returns
    -------
    Estimate
        Its value is ``None`` without rows. Variance between people, items or both: Cameron, Gelbach and Miller 2011
        (doi:10.1198/jbes.2010.07136), see :func:`hcgov.stats.clusters.design_effect`.
    """
    found = worth_of(y, rows)
    n = rows.people.size
    if found.mean is None:
        return share_of_nothing()
    return share(found.mean, max(found.n_eff, 1.0), n=n, people=rows.distinct_people)


def worth_of(y: ArrayLike, rows: Rows) -> Clustered:
    """Return what rows are worth in independent observations for the share of an outcome in [0, 1]."""
    values = np.asarray(y, dtype=np.float64)
    return design_effect(_crowd(values, rows))


def share_of_nothing() -> Estimate:
    """Return the estimate of a share without rows: its bounds are 0 and 1."""
    return replace(share(0.0, 1e-9, n=0, people=0), value=None, n_eff=0.0)


def crossed_mean(
    y: ArrayLike, rows: Rows, *, low: float | None = None, high: float | None = None, aim: float | None = None
) -> Estimate:
    """Return the mean of a number over rows whose people or items repeat; Student's t on clusters decides.

    Parameters
    ----------
    y
        A finite number for each row, shape (n,).
    rows
        Their people and items.
    low, high, aim
        As for :func:`hcgov.stats.means.student`.
    """
    values = np.asarray(y, dtype=np.float64)
    ones = np.ones_like(values)
    return of_sums(
        np.stack([values, ones], axis=1),
        rows,
        lambda sums: sums[..., 0] / sums[..., 1],
        low=low,
        high=high,
        aim=aim,
    )


def of_sums(
    terms: Floats,
    rows: Rows,
    value: Callable[[Floats], Floats],
    *,
    low: float | None = None,
    high: float | None = None,
    aim: float | None = None,
) -> Estimate:
    """Return a function of column sums, with a jackknife over people, items and their pairs.

    Parameters
    ----------
    terms
        What each row adds, shape (n, k).
    rows
        People and items of the rows.
    value
        From sums of shape (..., k) to values of shape (...); NaN where it is undefined.
    low, high, aim
        Range of the value, and its most favourable value where that is no end of it.

    Returns
    -------
    Estimate
        Bounds are value -+ t se with one degree of freedom less than there are clusters (or buckets) on the smaller
        side. Without an interval where the value is undefined without one of them; without a value where it is
        undefined for all rows.

    Notes
    -----
    V = max(V_A + V_B - V_AB, V_A, V_B) of Cameron, Gelbach and Miller 2011 (doi:10.1198/jbes.2010.07136), each V that
    of the delete-a-group jackknife (Kott 2001, Journal of Official Statistics 17:521). Sides with more than
    :data:`MOST` clusters are put into as many buckets.
    """
    n = int(terms.shape[0])
    people = rows.distinct_people
    total = terms.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = float(value(total)) if n else math.nan
    if not math.isfinite(whole):
        return student(None, None, 0, n=n, people=people, low=low, high=high, aim=aim)
    found = jackknifed(terms, rows, value, whole)
    se, df = (None, 0) if found is None else (math.sqrt(found[0]), found[1])
    return student(whole, se, df, n=n, people=people, low=low, high=high, aim=aim)


def jackknifed(
    terms: Floats, rows: Rows, value: Callable[[Floats], Floats], whole: float
) -> tuple[float, int] | None:
    """Return variance and degrees of freedom of a function of sums; ``None`` where there is no interval."""
    people = buckets(rows.people)
    if rows.items is None:
        found = _variance(_without(_parts(terms, people)), value, whole)
        return None if found is None else (found, int(people.max()))
    items = buckets(rows.items)
    n_a, n_b = int(people.max()) + 1, int(items.max()) + 1
    # Rows are gone through once: what a bucket of people adds is what its meetings with buckets of items add.
    place = people * n_b + items
    met = _parts(terms, place, n_a * n_b)
    by_side = met.reshape(n_a, n_b, -1)
    sides = [_variance(_without(by_side.sum(axis=axis)), value, whole) for axis in (1, 0)]
    known = [side for side in sides if side is not None]
    if len(known) < 2:
        return None
    both = _variance(_without(met[np.bincount(place, minlength=n_a * n_b) > 0]), value, whole)
    return max(sum(known) - (both or 0.0), *known), min(n_a, n_b) - 1


def buckets(codes: Codes, most: int = MOST) -> NDArray[np.int64]:
    """Return a bucket from 0 for each row: its cluster, or one of ``most`` by a hash of the cluster's code."""
    found, place = ranked(codes)
    if found.size <= most:
        return place
    hashed = (found.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (hashed ^ (hashed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    of_cluster = ((mixed >> np.uint64(32)) % np.uint64(most)).astype(np.int64)
    used = np.unique(of_cluster, return_inverse=True)[1]
    return used[place].astype(np.int64)


def _parts(terms: Floats, place: NDArray[np.int64], size: int = 0) -> Floats:
    """Return the column sums of each bucket, shape (buckets, k)."""
    return np.stack([np.bincount(place, weights=column, minlength=size) for column in terms.T], axis=1)


def _without(parts: Floats) -> Floats:
    """Return the column sums without each bucket, shape (buckets, k)."""
    return np.asarray(parts.sum(axis=0) - parts, dtype=np.float64)


def _variance(without: Floats, value: Callable[[Floats], Floats], whole: float) -> float | None:
    groups = without.shape[0]
    if groups < 2:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        replicates = value(without)
    if not np.isfinite(replicates).all():
        return None
    return float((groups - 1) / groups * ((replicates - whole) ** 2).sum())


def _crowd(y: Floats, rows: Rows) -> Crowd:
    sides = [_moments(y, rows.people), None, None]
    if rows.items is not None and distinct(rows.items) < rows.items.size:
        pair = rows.people.astype(np.int64) * (int(rows.items.max(initial=0)) + 2) + rows.items
        sides = [sides[0], _moments(y, rows.items), _moments_of_pairs(y, pair)]
    return Crowd(
        people=rows.distinct_people,
        rows=float(y.size),
        nobody=int((rows.people < 0).sum()),
        by_person=sides[0],
        by_item=sides[1],
        by_both=sides[2],
    )


def _moments_of_pairs(y: Floats, pairs: Codes) -> Moments:
    """Return the moments of pairs of a person and an item, which as a rule are one row each."""
    ordered = np.sort(pairs)
    if (ordered[1:] == ordered[:-1]).any():
        return _moments(y, pairs)
    n, events = float(y.size), float(y.sum())
    return Moments(clusters=y.size, n=n, y=events, n2=n, ny=events, y2=float(y @ y))


def _moments(y: Floats, clusters: Codes) -> Moments:
    apart = _apart(clusters) if clusters.size else clusters
    place = ranked(clusters)[1] if apart is None else apart
    n = np.bincount(place).astype(np.float64)
    events = np.bincount(place, weights=y)[n > 0.0]
    n = n[n > 0.0]
    return Moments(
        clusters=int(n.size),
        n=float(n.sum()),
        y=float(events.sum()),
        n2=float(n @ n),
        ny=float(n @ events),
        y2=float(events @ events),
    )
