"""Agreement of any number of raters with a linearised error over items, the raters being fixed.

The jackknife of :mod:`hcgov.stats.agreement.intervals` also lets people vary; these are the formulas that most other
programs print, for comparison with them.
"""

import math

import numpy as np

from hcgov.stats.agreement.judged import Floats
from hcgov.stats.agreement.tables import Coefficient


def fleiss_linearised(counts: Floats, weights: Floats) -> Coefficient:
    """Return Fleiss' kappa with its error over items.

    Parameters
    ----------
    counts
        How often each item was given each label, shape (items, labels); items without judgments are left out.
    weights
        As for :func:`hcgov.stats.agreement.tables.two_raters`.

    Notes
    -----
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, section 5.3; Gwet 2021 (Educational and
    Psychological Measurement 81:781).
    """
    n, m = _rated(counts)
    share = (n / m[:, None]).mean(axis=0)
    chance = float(share @ weights @ share)
    by_item = (n @ ((weights @ share + weights.T @ share) / 2.0)) / m
    return _of_items(n, m, weights, chance, by_item)


def gwet_linearised(counts: Floats, weights: Floats) -> Coefficient:
    """Return Gwet's AC1 or AC2 with its error over items; arguments and source as :func:`fleiss_linearised`."""
    n, m = _rated(counts)
    q = n.shape[1]
    share = (n / m[:, None]).mean(axis=0)
    scale = float(weights.sum()) / max(q * (q - 1), 1)
    return _of_items(
        n, m, weights, scale * float((share * (1.0 - share)).sum()), scale * (n @ (1.0 - share)) / m
    )


def brennan_prediger_linearised(counts: Floats, weights: Floats) -> Coefficient:
    """Return Brennan and Prediger's coefficient with its error over items; as :func:`fleiss_linearised`."""
    n, m = _rated(counts)
    chance = float(weights.sum()) / n.shape[1] ** 2
    return _of_items(n, m, weights, chance, np.full(m.shape, chance))


def alpha_linearised(counts: Floats, weights: Floats) -> Coefficient:
    """Return Krippendorff's alpha with its error over items; as :func:`fleiss_linearised`.

    ``weights`` are one minus the squared distance, scaled to at most 1: they must not rest on the counts, so that
    ordinal alpha is not among these.
    """
    n, m = _rated(counts)
    n, m = n[m >= 2.0], m[m >= 2.0]
    if m.size < 2:
        return Coefficient(value=None, se=None)
    mean = float(m.mean())
    pairs = (n * (n @ weights.T - 1.0)).sum(axis=1) / (mean * (m - 1.0))
    share = (n / mean).mean(axis=0)
    chance = float(share @ weights @ share)
    if not chance < 1.0:
        return Coefficient(value=None, se=None)
    agreed, small = float(pairs.mean()), 1.0 / float(m.sum())
    whole = (1.0 - small) * agreed + small
    value = (whole - chance) / (1.0 - chance)
    plain = (agreed - chance) / (1.0 - chance)
    uneven = (m - mean) / mean
    by_item = (pairs - whole * uneven - chance) / (1.0 - chance)
    expected = n @ ((weights @ share + weights.T @ share) / 2.0) / mean - chance * uneven
    by_item = by_item - 2.0 * (1.0 - plain) * (expected - chance) / (1.0 - chance)
    return Coefficient(value=value, se=_error(by_item, plain))


def _rated(counts: Floats) -> tuple[Floats, Floats]:
    n = np.asarray(counts, dtype=np.float64)
    n = n[n.sum(axis=1) > 0.0]
    return n, n.sum(axis=1)


def _of_items(n: Floats, m: Floats, weights: Floats, chance: float, by_item: Floats) -> Coefficient:
    several = m >= 2.0
    if several.sum() < 2 or not chance < 1.0:
        return Coefficient(value=None, se=None)
    pairs = (n * (n @ weights.T - 1.0)).sum(axis=1)
    own = np.divide(pairs, m * (m - 1.0), out=np.zeros_like(pairs), where=several)
    value = (float(own[several].mean()) - chance) / (1.0 - chance)
    scale = m.size / float(several.sum())
    at_item = scale * (own - chance * several) / (1.0 - chance)
    return Coefficient(
        value=value,
        se=_error(at_item - 2.0 * (1.0 - value) * (by_item - chance) / (1.0 - chance), value),
    )


def _error(by_item: Floats, value: float) -> float:
    n = by_item.size
    return math.sqrt(float(((by_item - value) ** 2).sum()) / (n * (n - 1.0)))
