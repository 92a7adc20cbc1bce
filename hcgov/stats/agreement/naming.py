"""Agreement about names, however many different ones there are: the values only, from the labels that were given."""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Floats, Judged


@frozen
class Naming:
    """Coefficients of agreement that count two labels as the same or as different.

    ``None`` where no item was judged twice, or where chance alone would make all agree.
    """

    percent: float | None
    fleiss: float | None
    gwet: float | None
    brennan_prediger: float | None


def naming(judged: Judged) -> Naming:
    """Return what :mod:`hcgov.stats.agreement.coefficients` gives with identity weights, without a table of labels.

    Notes
    -----
    Of an item that was given label c n_c times, m in all, sum_c n_c (n_c - 1) of its m (m - 1) pairs agree, and the
    labels' mean shares are those of n_c / m over all items; the sources of the formulas stand there.
    """
    m = judged.ratings().astype(np.float64)
    twice, rated = m >= 2.0, m >= 1.0
    q = judged.n_labels
    if not twice.any():
        return Naming(percent=None, fleiss=None, gwet=None, brennan_prediger=None)
    same = np.divide(alike(judged) - m, m * (m - 1.0), out=np.zeros_like(m), where=twice)
    percent = float(same.sum() / twice.sum())
    weight = np.divide(1.0, m, out=np.zeros_like(m), where=rated)[judged.items]
    share = np.bincount(judged.labels, weights=weight, minlength=q) / rated.sum()
    spread = float((share * (1.0 - share)).sum())
    return Naming(
        percent=percent,
        fleiss=_beyond(percent, float(share @ share)),
        gwet=_beyond(percent, spread / max(q - 1, 1)),
        brennan_prediger=_beyond(percent, 1.0 / max(q, 1)),
    )


def alike(judged: Judged) -> Floats:
    """Return the sum over labels of how often an item was given each, squared, shape (n_items,)."""
    key = judged.items.astype(np.int64) * max(judged.n_labels, 1) + judged.labels
    key.sort()
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if key.size else key
    times = np.diff(np.append(starts, key.size)).astype(np.float64)
    items = key[starts] // max(judged.n_labels, 1)
    return np.asarray(np.bincount(items, weights=times * times, minlength=judged.n_items), dtype=np.float64)


def _beyond(agreed: float, chance: float) -> float | None:
    return (agreed - chance) / (1.0 - chance) if chance < 1.0 else None
