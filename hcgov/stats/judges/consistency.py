"""Whether a judge says the same again: of the same once more, of the same pair the other way round."""

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Codes, Floats, Rows, crossed_mean, crossed_share

Mask = NDArray[np.bool_]


@frozen
class Orders:
    """What a judge says of pairs shown in both orders.

    Parameters
    ----------
    consistency
        Share of pairs with the same answer in both orders.
    fairness
        Share of pairs of which the one shown last is always taken, minus that of which the first is: in [-1, 1], 0
        where neither place has an advantage.
    pairs, first, last
        Pairs, those of which the first shown is always taken, and the last.
    """

    consistency: Estimate
    fairness: Estimate
    pairs: int
    first: int
    last: int


def repeated(units: Codes, labels: Codes, people: Codes) -> tuple[Estimate, int] | None:
    """Return the share of pairs of repetitions with the same answer, and how many things were judged repeatedly.

    Parameters
    ----------
    units, labels
        What was judged (in which order, where that matters) and the answer, shape (n,).
    people
        Cluster of each row: the user, or the item.

    Returns
    -------
    tuple or None
        ``None`` where nothing was judged twice.

    Notes
    -----
    Repetition stability of Shi et al. 2024, Judging the judges (arXiv:2406.07791). Each thing counts once.
    """
    what, first, place, count = np.unique(units, return_index=True, return_inverse=True, return_counts=True)
    kinds = int(labels.max(initial=0)) + 1
    cell, size = np.unique(place * kinds + labels, return_counts=True)
    agreeing = np.bincount(cell // kinds, weights=size * (size - 1.0), minlength=what.size)
    twice = count > 1
    if not twice.any():
        return None
    share = agreeing[twice] / (count[twice] * (count[twice] - 1.0))
    return crossed_share(share, Rows(people=people[first][twice])), int(twice.sum())


def both_orders(units: Codes, answers: Codes, reversed_: Mask, people: Codes) -> Orders | None:
    """Return how far a judge's choice between two depends on their order.

    Parameters
    ----------
    units
        Which pair, shape (n,); the first row of a pair in each order counts.
    answers
        1 for response a, -1 for response b, 0 for neither, whatever place it was shown at.
    reversed_
        Whether b was shown first.
    people
        Cluster of each row.

    Returns
    -------
    Orders or None
        ``None`` where no pair was shown in both orders.

    Notes
    -----
    Position consistency and preference fairness of Shi et al. 2024 (arXiv:2406.07791); fairness here is the plain
    difference of shares, not scaled by how large it could be.
    """
    straight, at = np.unique(units[~reversed_], return_index=True)
    turned, back = np.unique(units[reversed_], return_index=True)
    both, i, j = np.intersect1d(straight, turned, return_indices=True)
    if not both.size:
        return None
    one, other = answers[~reversed_][at[i]], answers[reversed_][back[j]]
    rows = Rows(people=people[~reversed_][at[i]])
    first, last = (one == 1) & (other == -1), (one == -1) & (other == 1)
    return Orders(
        consistency=crossed_share((one == other).astype(np.float64), rows),
        fairness=crossed_mean(last.astype(np.float64) - first, rows, low=-1.0, high=1.0, aim=0.0),
        pairs=int(both.size),
        first=int(first.sum()),
        last=int(last.sum()),
    )


def rated_above(scores: Floats, honest: Floats, rows: Rows) -> Estimate:
    """Return the share of outputs that are rated above their honest counterpart; a tie is not above."""
    return crossed_share((scores > honest + 1e-9).astype(np.float64), rows)
