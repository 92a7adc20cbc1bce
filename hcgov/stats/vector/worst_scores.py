"""The pair of cuts at which an AUC is lowest, all pairs of bins at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def lowest_cut(
    own: tuple[Sequence[int], Sequence[int]],
    may: tuple[Sequence[int], Sequence[int]],
    exact: Sequence[bool],
    missing: int,
) -> tuple[int, int, int]:
    """Return the fields of a ``Cut``; parameters are those of :func:`hcgov.stats.worst_scores.lowest_area`.

    Notes
    -----
    Entry k, l of the arrays is for joining positives of all bins below k and joining negatives of all from l on.
    """
    (p, n), (u, v) = ([np.array(side, dtype=float) for side in pair] for pair in (own, may))
    tie = np.where(np.array(exact, dtype=bool), 0.5, 0.0)
    below, above = np.cumsum(n) - n, p.sum() - np.cumsum(p)
    ones, zeros = _starts(u), _starts(v)
    lost = _starts(u * (below + tie * n))
    won = _starts(v * (above + tie * p))
    inner = _starts(u * (zeros[:-1] + tie * v))
    overlap = (inner[:, None] - inner) - zeros * (ones[:, None] - ones)
    bins = np.arange(len(p) + 1)
    wins = (p * (below + tie * n)).sum() + lost[:, None] + (won[-1] - won)
    wins = wins + np.where(bins[:, None] > bins, overlap, 0.0)
    positives, negatives = p.sum() + ones[:, None], n.sum() + (zeros[-1] - zeros)
    low = np.clip(np.floor((negatives + missing - positives) / 2.0), 0.0, float(missing))
    area = wins / ((positives + low) * (negatives + missing - low))
    k, at = np.unravel_index(int(np.argmin(area)), area.shape)
    return int(k), int(at), int(low[k, at])


def _starts(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum before each place, and of all."""
    return np.concatenate(([0.0], np.cumsum(values)))
