"""Pairs of responses that groups of people see differently, so that one answer for all would overrule some."""

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Codes, Floats
from hcgov.stats.differences import miettinen_nurminen_lower

GAP = 0.10
LEVEL = 0.95


@frozen
class Contested:
    """Pairs whose win rates differ between groups by more than a gap.

    Parameters
    ----------
    pairs
        Codes of the pairs, ascending.
    lower
        Lower bound of the largest gap of each.
    wins, judgments
        How often each group chose the first response, and judged at all; shape (pairs, groups).
    """

    pairs: NDArray[np.int64]
    lower: Floats
    wins: Floats
    judgments: Floats


def contested_pairs(
    first: Floats, pairs: Codes, groups: Codes, *, gap: float = GAP, level: float = LEVEL
) -> Contested:
    """Return the pairs for which the lower bound of the largest gap between two groups lies above ``gap``.

    Parameters
    ----------
    first
        1 where the first response of the pair was chosen, 0 where the second, 0.5 for a tie; shape (rows,).
    pairs, groups
        Code of each row's pair and of its annotator's group, both from 0; rows with a negative one tell nothing.
    gap
        In [0, 1).
    level
        One-sided confidence; a pair with K groups has K (K - 1) ordered comparisons that share the error (Bonferroni).

    Notes
    -----
    Miettinen and Nurminen 1985 (doi:10.1002/sim.4780040211). A pair should be judged once by each annotator. Setting a
    pair apart accuses nobody, so pairs do not share an error between them.
    """
    known = (pairs >= 0) & (groups >= 0)
    size = int(groups.max(initial=-1)) + 1
    cells = int(pairs.max(initial=-1)) + 1
    at = pairs[known].astype(np.int64) * size + groups[known]
    judgments = np.bincount(at, minlength=cells * size).reshape(cells, size).astype(np.float64)
    wins = (
        np.bincount(at, weights=first[known], minlength=cells * size).reshape(cells, size).astype(np.float64)
    )
    found, lower = [], []
    for pair in _candidates(wins, judgments, gap).tolist():
        bound = _largest_gap(wins[pair], judgments[pair], level)
        if bound > gap:
            found.append(pair)
            lower.append(bound)
    kept = np.array(found, dtype=np.int64)
    return Contested(
        pairs=kept, lower=np.array(lower, dtype=np.float64), wins=wins[kept], judgments=judgments[kept]
    )


def _candidates(wins: Floats, judgments: Floats, gap: float) -> NDArray[np.int64]:
    """Return the pairs whose largest observed gap lies above ``gap``, between groups of at least two judgments."""
    if not wins.size:
        return np.zeros(0, dtype=np.int64)
    enough = judgments >= 2
    rate = np.divide(wins, judgments, out=np.zeros_like(wins), where=judgments > 0)
    high = np.where(enough, rate, -np.inf).max(axis=1)
    low = np.where(enough, rate, np.inf).min(axis=1)
    return np.flatnonzero(high - low > gap)


def _largest_gap(wins: Floats, judgments: Floats, level: float) -> float:
    present = np.flatnonzero(judgments >= 2)
    share = 1.0 - (1.0 - level) / (present.size * (present.size - 1))
    rate = wins / np.maximum(judgments, 1.0)
    bounds = [
        miettinen_nurminen_lower(
            float(wins[i]), float(judgments[i]), float(wins[j]), float(judgments[j]), share
        )
        for i in present.tolist()
        for j in present.tolist()
        if rate[i] > rate[j]
    ]
    return max(bounds, default=-1.0)
