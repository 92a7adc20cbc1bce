"""Agreement of two raters, from the table of what one says against what the other says."""

import math

import numpy as np
from numpy.typing import ArrayLike

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Floats, Judged
from hcgov.stats.crossed import different


@frozen
class Coefficient:
    """A coefficient with its linearised standard error.

    Parameters
    ----------
    value
        ``None`` where chance alone would make all pairs agree.
    se
        Of the value over items, with the raters fixed; ``None`` where it has none.
    """

    value: float | None
    se: float | None


@frozen
class TwoRaters:
    """The coefficients of two raters.

    Parameters
    ----------
    items
        Items that both judged.
    agreed
        Share of items on which they agree, by weight.
    """

    items: float
    agreed: float | None
    cohen: Coefficient
    scott: Coefficient
    gwet: Coefficient
    brennan_prediger: Coefficient


def table_of(judged: Judged) -> Floats | None:
    """Return the table of two raters, shape (labels, labels): what the first says by what the second says.

    ``None`` where other than two people judged.
    """
    present = different(judged.people)
    if present.size != 2:
        return None
    said = np.full((2, judged.n_items), -1, dtype=np.int64)
    for rater, code in enumerate(present):
        mask = judged.people == code
        said[rater, judged.items[mask]] = judged.labels[mask]
    both = (said >= 0).all(axis=0)
    q = judged.n_labels
    cells = np.bincount(said[0, both] * q + said[1, both], minlength=q * q)
    return cells.reshape(q, q).astype(np.float64)


def two_raters(table: ArrayLike, weights: Floats | None = None) -> TwoRaters:
    """Return kappa and its like from a table of two raters.

    Parameters
    ----------
    table
        Items by what the first rater says (rows) and the second (columns), shape (q, q).
    weights
        How much a pair of labels counts as agreement, shape (q, q), symmetric; identity if left out.

    Notes
    -----
    Cohen 1960 and 1968, Scott 1955, Gwet 2008, Brennan and Prediger 1981; variances over items as in Gwet 2014,
    Handbook of Inter-Rater Reliability, 4th edition, chapter 5 (Fleiss, Cohen and Everitt 1969 for kappa).
    """
    cells = np.asarray(table, dtype=np.float64)
    q, n = cells.shape[0], float(cells.sum())
    w = np.eye(q) if weights is None else weights
    none = Coefficient(value=None, se=None)
    if n == 0.0:
        return TwoRaters(items=0.0, agreed=None, cohen=none, scott=none, gwet=none, brennan_prediger=none)
    p = cells / n
    row, column = p.sum(axis=1), p.sum(axis=0)
    mean = (row + column) / 2.0
    agreed = float((w * p).sum())
    of_row, of_column, of_mean = w @ column, w.T @ row, w @ mean
    scale = float(w.sum()) / max(q * (q - 1), 1)
    cohen = _coefficient(p, w, n, float(row @ w @ column), of_row[:, None] + of_column[None, :])
    scott = _coefficient(p, w, n, float(mean @ w @ mean), of_mean[:, None] + of_mean[None, :])
    gradient = scale * (2.0 - mean[:, None] - mean[None, :])
    gwet = _coefficient(p, w, n, scale * float((mean * (1.0 - mean)).sum()), gradient)
    even = float(w.sum()) / (q * q)
    uniform = _coefficient(p, w, n, even, np.full_like(p, 2.0 * even))
    return TwoRaters(items=n, agreed=agreed, cohen=cohen, scott=scott, gwet=gwet, brennan_prediger=uniform)


def _coefficient(p: Floats, w: Floats, n: float, chance: float, gradient: Floats) -> Coefficient:
    """Return (p_a - p_e) / (1 - p_e); ``gradient`` is what a pair of labels adds to twice the chance agreement."""
    if not chance < 1.0:
        return Coefficient(value=None, se=None)
    agreed = float((w * p).sum())
    value = (agreed - chance) / (1.0 - chance)
    moved = float((p * (w - (1.0 - value) * gradient) ** 2).sum())
    variance = (moved - (agreed - 2.0 * (1.0 - value) * chance) ** 2) / (n * (1.0 - chance) ** 2)
    return Coefficient(value=value, se=math.sqrt(max(variance, 0.0)))
