"""Coefficients of agreement as functions of sums over items, so that they can be recomputed without some of them.

The sums of an item with ratings n_c (m of them, of q labels): pairs ``o`` = (n n' - diag n) / (m - 1), the
coincidences of Krippendorff; the same pairs by item, ``p`` = o / m; the item's own shares n / m; and whether it has
two ratings, and one. One flat vector holds all of them; leading axes are replicates.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from hcgov.stats.agreement.distances import squared_distances
from hcgov.stats.agreement.judged import Floats, Metric

Coefficient: TypeAlias = Callable[[Floats], Floats]
"""From sums of shape (..., 2 q^2 + q + 2) to values of shape (...); NaN where it is undefined."""


def sums(counts: Floats) -> Floats:
    """Return the sums of some items from how often each was given each label, shape (items, q)."""
    q = counts.shape[1]
    m = counts @ np.ones(q)
    pairable = m >= 2.0
    rated = m >= 1.0
    by_rating = np.divide(1.0, m - 1.0, out=np.zeros_like(m), where=pairable)
    share = np.divide(1.0, m, out=np.zeros_like(m), where=rated)
    by_item = by_rating * share
    o = counts.T @ (counts * by_rating[:, None])
    o.flat[:: q + 1] -= by_rating @ counts  # the diagonal
    p = counts.T @ (counts * by_item[:, None])
    p.flat[:: q + 1] -= by_item @ counts
    return np.concatenate([o.ravel(), p.ravel(), share @ counts, [float(pairable.sum()), float(rated.sum())]])


def width(q: int) -> int:
    """Return the length of the vector of sums for ``q`` labels."""
    return 2 * q * q + q + 2


def percent(q: int, weights: Floats) -> Coefficient:
    """Return the share of pairs that agree, in [0, 1], averaged over items with two ratings or more."""

    def value(found: Floats) -> Floats:
        p, items = _pairs(found, q), found[..., -2]
        return np.asarray((p * weights).sum(axis=(-2, -1)) / items)

    return value


def fleiss(q: int, weights: Floats) -> Coefficient:
    """Return Fleiss' kappa, with weights where partial agreement counts.

    Notes
    -----
    Fleiss 1971 (Psychological Bulletin 76:378); for missing ratings Gwet 2014, section 2.4: chance agreement
    sum_ck w_ck pi_c pi_k from the labels' mean shares of an item.
    """
    agreed = percent(q, weights)

    def value(found: Floats) -> Floats:
        share = _shares(found, q)
        chance = np.einsum("...c,ck,...k->...", share, weights, share)
        return np.asarray((agreed(found) - chance) / (1.0 - chance))

    return value


def brennan_prediger(q: int, weights: Floats) -> Coefficient:
    """Return the coefficient whose chance agreement is that of labels drawn alike (Brennan & Prediger 1981)."""
    agreed, chance = percent(q, weights), float(weights.sum()) / (q * q)

    def value(found: Floats) -> Floats:
        return np.asarray((agreed(found) - chance) / (1.0 - chance))

    return value


def gwet(q: int, weights: Floats) -> Coefficient:
    """Return Gwet's AC1 (identity weights) or AC2.

    Notes
    -----
    Gwet 2008 (British Journal of Mathematical and Statistical Psychology 61:29, doi:10.1348/000711006X126600):
    chance agreement T_w / (q (q - 1)) sum_k pi_k (1 - pi_k), T_w the sum of all weights; ``q`` counts every label
    that may be given.
    """
    agreed, scale = percent(q, weights), float(weights.sum()) / max(q * (q - 1), 1)

    def value(found: Floats) -> Floats:
        share = _shares(found, q)
        chance = scale * (share * (1.0 - share)).sum(axis=-1)
        return np.asarray((agreed(found) - chance) / (1.0 - chance))

    return value


def alpha(q: int, metric: Metric, values: Floats) -> Coefficient:
    """Return Krippendorff's alpha; see :func:`hcgov.stats.agreement.alpha.krippendorff_alpha`."""

    def value(found: Floats) -> Floats:
        o = found[..., : q * q].reshape(*found.shape[:-1], q, q)
        used = o.sum(axis=-1)
        n = used.sum(axis=-1)
        apart = squared_distances(metric, values, used)
        observed = (o * apart).sum(axis=(-2, -1)) / n
        pairs = used[..., :, None] * used[..., None, :]
        expected = (pairs * apart).sum(axis=(-2, -1)) / (n * (n - 1.0))
        return np.asarray(1.0 - observed / np.where(expected > 0.0, expected, np.nan))

    return value


def _pairs(found: Floats, q: int) -> Floats:
    return np.asarray(found[..., q * q : 2 * q * q].reshape(*found.shape[:-1], q, q))


def _shares(found: Floats, q: int) -> Floats:
    return np.asarray(found[..., 2 * q * q : 2 * q * q + q] / found[..., -1:])
