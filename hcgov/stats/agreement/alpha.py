"""Krippendorff's alpha from counts, as fast as the labels can be counted."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hcgov.stats.agreement.distances import squared_distances
from hcgov.stats.agreement.judged import Floats, Ints, Judged, Metric
from hcgov.stats.agreement.naming import alike


def krippendorff_alpha(judged: Judged, metric: Metric = Metric.NOMINAL) -> float | None:
    """Return Krippendorff's alpha; missing judgments are allowed.

    Parameters
    ----------
    judged
        The judgments. Items with a single one take no part.
    metric
        How far two labels are apart.

    Returns
    -------
    float or None
        At most 1; 0 where people agree as chance would have it. ``None`` where no item was judged twice, or all
        labels are the same: then nothing could have been disagreed about.

    Notes
    -----
    1 - D_o / D_e with D_o = (1 / n) sum_u sum_ck n_uc n_uk d_ck^2 / (m_u - 1) and
    D_e = sum_ck n_c n_k d_ck^2 / (n (n - 1)) over items with m_u >= 2: Krippendorff 2011, Computing Krippendorff's
    Alpha-Reliability, https://repository.upenn.edu/asc_papers/43.
    """
    if not judged.rows:
        return None
    if metric is not Metric.RATIO and not judged.in_one_block:
        return _without_tables(judged, metric)
    tables = [_Table.of(counts) for counts in judged.counts()] if judged.in_one_block else None

    def blocks() -> Iterable[_Table]:
        """Return the counts of all items; where they are too many to be kept, they are counted anew."""
        return map(_Table.of, judged.counts()) if tables is None else tables

    used = np.sum([(one.m >= 2.0).astype(np.float64) @ one.n for one in blocks()], axis=0)
    n = float(used.sum())
    expected = _expected(metric, judged.values, used) / (n * (n - 1.0)) if n else 0.0
    if not expected > 0.0:
        return None
    observed = math.fsum(_observed(one, metric, judged.values, used) for one in blocks()) / n
    return 1.0 - observed / expected


def _without_tables(judged: Judged, metric: Metric) -> float | None:
    """Return alpha from sums by item; a table of all items and labels would hold next to nothing but zeros."""
    m = judged.ratings().astype(np.float64)
    share = np.divide(1.0, m - 1.0, out=np.zeros_like(m), where=m >= 2.0)
    paired = judged.labels[m[judged.items] >= 2.0]
    used = np.bincount(paired, minlength=judged.n_labels).astype(np.float64)
    n = float(used.sum())
    expected = _expected(metric, judged.values, used) / (n * (n - 1.0)) if n else 0.0
    if not expected > 0.0:
        return None
    if metric is Metric.NOMINAL:
        apart = m * m - alike(judged)
    else:
        place = _placed(metric, judged.values, used)[judged.labels]
        first = np.bincount(judged.items, weights=place, minlength=judged.n_items)
        second = np.bincount(judged.items, weights=place * place, minlength=judged.n_items)
        apart = 2.0 * (m * second - first**2)
    return 1.0 - float(share @ apart) / n / expected


@dataclass(frozen=True)
class _Table:
    """How often each of some items was given each label, shape (items, labels), and how often it was judged."""

    n: Floats
    m: Floats

    @classmethod
    def of(cls, counts: Ints) -> "_Table":
        n = counts.astype(np.float64)
        return cls(n, n @ np.ones(n.shape[1]))


def _observed(table: _Table, metric: Metric, values: Floats, used: Floats) -> float:
    """Return sum_u sum_ck n_uc n_uk d_ck^2 / (m_u - 1) over a block of items."""
    n, m = table.n, table.m
    share = np.divide(1.0, m - 1.0, out=np.zeros_like(m), where=m >= 2.0)
    if metric is Metric.NOMINAL:
        return float(share @ (m * m - np.einsum("uc,uc->u", n, n)))
    if metric is Metric.RATIO:
        apart = squared_distances(metric, values, used)
        return float(share @ np.einsum("uc,uc->u", n @ apart, n))
    place = _placed(metric, values, used)
    moments = n @ np.stack([place, place * place], axis=1)
    return float(share @ (2.0 * (m * moments[:, 1] - moments[:, 0] ** 2)))


def _expected(metric: Metric, values: Floats, used: Floats) -> float:
    n = float(used.sum())
    if metric is Metric.NOMINAL:
        return n * n - float(used @ used)
    if metric is Metric.RATIO:
        given = used > 0.0
        return float(used[given] @ squared_distances(metric, values[given], used[given]) @ used[given])
    place = _placed(metric, values, used)
    return 2.0 * n * float(used @ (place * place))


def _placed(metric: Metric, values: Floats, used: Floats) -> Floats:
    """Return where labels lie on the scale, with their mean at 0 so that sums keep their digits."""
    place = np.cumsum(used) - used / 2.0 if metric is Metric.ORDINAL else np.where(used > 0.0, values, 0.0)
    return np.asarray(place - float(used @ place) / float(used.sum()), dtype=np.float64)
