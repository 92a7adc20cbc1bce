"""Ranks of scores with ties, and the correlation of ranks."""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hcgov.stats.personal.leaving_out import Floats

Ints: TypeAlias = NDArray[np.int64]

MOST_CELLS = 8_000_000
"""Up to so many cells, counts of pairs of values are kept for each bucket of people."""


def midranks(values: ArrayLike) -> Floats:
    """Return ranks from 1, ties sharing the mean of theirs.

    >>> midranks([10.0, 20.0, 10.0]).tolist()
    [1.5, 3.0, 1.5]
    """
    _, place, counts = np.unique(
        np.asarray(values, dtype=np.float64), return_inverse=True, return_counts=True
    )
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2.0)[place], dtype=np.float64)


def spearman(x: ArrayLike, y: ArrayLike) -> float | None:
    """Return Spearman's rank correlation with ties; ``None`` where either side does not vary.

    Notes
    -----
    Pearson's correlation of midranks: Spearman 1904, American Journal of Psychology 15:72.
    """
    one, other = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if one.size < 2:
        return None
    found = pearson(midranks(one), midranks(other))
    return found if math.isfinite(found) else None


def pearson(x: Floats, y: Floats) -> float:
    """Return Pearson's correlation; NaN where either side does not vary."""
    a, b = x - x.mean(), y - y.mean()
    spread = float(a @ a) * float(b @ b)
    if spread <= 1e-18 * max(1.0, x.size**2):
        return math.nan
    return min(max(float(a @ b) / math.sqrt(spread), -1.0), 1.0)


def spearman_without(x: Floats, y: Floats, place: Ints) -> tuple[float, Floats]:
    """Return Spearman's rank correlation, and that without each bucket of people, exactly.

    Parameters
    ----------
    x, y
        Values of each row, shape (rows,); rows in which either is NaN do not count.
    place
        Bucket of each row, from 0.

    Returns
    -------
    float, array
        The correlation, and those without each bucket, shape (buckets,); NaN where it is undefined. Ranks are those
        of the rows that stay.
    """
    size = int(place.max(initial=-1)) + 1
    both = np.isfinite(x) & np.isfinite(y)
    if not both.any():
        return math.nan, np.full(size, math.nan)
    a, b = (np.unique(v[both], return_inverse=True)[1].astype(np.int64) for v in (x, y))
    return _from_codes(a, b, place[both], size)


def _from_codes(a: Ints, b: Ints, place: Ints, size: int) -> tuple[float, Floats]:
    levels, others = int(a.max()) + 1, int(b.max()) + 1
    if levels * others * size <= MOST_CELLS:
        cells = (place * levels + a) * others + b
        tables = np.bincount(cells, minlength=size * levels * others).reshape(size, levels, others)
        whole = tables.sum(axis=0)
        return float(_of_tables(whole[None])[0]), _of_tables(whole - tables)
    everything = np.ones(a.size, dtype=np.bool_)
    found = [_of_codes(a, b, place != one) for one in range(size)]
    return _of_codes(a, b, everything), np.array(found)


def _of_tables(tables: Ints) -> Floats:
    """Return the rank correlation of each table of counts, shape (tables, levels, levels)."""
    counts = tables.astype(np.float64)
    n = counts.sum(axis=(1, 2))
    rows, columns = counts.sum(axis=2), counts.sum(axis=1)
    middle = ((n + 1.0) / 2.0)[:, None]
    x = np.cumsum(rows, axis=1) - (rows - 1.0) / 2.0 - middle
    y = np.cumsum(columns, axis=1) - (columns - 1.0) / 2.0 - middle
    shared = np.einsum("tij,ti,tj->t", counts, x, y)
    spread = (rows * x * x).sum(axis=1) * (columns * y * y).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = shared / np.sqrt(spread)
    return np.where(spread > 1e-9, np.clip(found, -1.0, 1.0), math.nan)


def _of_codes(a: Ints, b: Ints, keep: NDArray[np.bool_]) -> float:
    """Return the rank correlation of some rows, from codes in the order of their values."""
    one, other = a[keep], b[keep]
    return pearson(_ranked(one), _ranked(other)) if one.size > 1 else math.nan


def _ranked(codes: Ints) -> Floats:
    counts = np.bincount(codes).astype(np.float64)
    return np.asarray((np.cumsum(counts) - (counts - 1.0) / 2.0)[codes], dtype=np.float64)
