"""Whether people's labels are those of the majority of the others: whom a majority vote speaks for."""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Bools, Ints, Judged, counted


@frozen
class WithTheMajority:
    """Each judgment against the majority of the other judgments of its item.

    Parameters
    ----------
    agrees
        Whether the label is what most others say, shape (rows,).
    counted
        Whether there is such a label: not where nobody else judged the item, or the others are tied.
    alone, tied
        Judgments without others, and with others that are tied.
    """

    agrees: Bools
    counted: Bools
    alone: int
    tied: int


def with_the_majority(judged: Judged) -> WithTheMajority:
    """Compare each judgment with the majority of the others: its own vote is left out.

    Notes
    -----
    Prabhakaran, Davani and Diaz 2021 (arXiv:2110.05699) compare with the majority of all, in which the own vote stands;
    leaving it out takes away the advantage of those whose items have few judgments.
    """
    q = max(judged.n_labels, 1)
    order = np.argsort(judged.items, kind="stable")
    items, first = np.unique(judged.items[order], return_index=True)
    place = np.empty(judged.rows, dtype=np.int64)
    place[order] = np.repeat(np.arange(items.size), np.diff(np.append(first, judged.rows)))
    agrees = np.zeros(judged.rows, dtype=np.bool_)
    known = np.zeros(judged.rows, dtype=np.bool_)
    alone = 0
    step = max(4_000_000 // q, 1)
    for start in range(0, items.size, step):
        rows = order[first[start] : first[start + step] if start + step < items.size else judged.rows]
        counts = counted(place[rows] - start, judged.labels[rows], min(step, items.size - start), q)
        agrees[rows], known[rows] = _against(counts, place[rows] - start, judged.labels[rows])
        alone += int((counts.sum(axis=1) == 1).sum())
    return WithTheMajority(
        agrees=agrees & known, counted=known, alone=alone, tied=judged.rows - int(known.sum()) - alone
    )


def _against(counts: Ints, place: Ints, labels: Ints) -> tuple[Bools, Bools]:
    """Return whether each judgment agrees with the most frequent label of the others, and whether there is one."""
    q = counts.shape[1]
    top = counts.argmax(axis=1)
    rows = np.arange(counts.shape[0])
    highest = counts[rows, top]
    if q > 1:
        rest = counts.copy()
        rest[rows, top] = -1
        second = rest.max(axis=1)
    else:
        second = np.zeros_like(highest)
    tied_at_top = (counts == highest[:, None]).sum(axis=1)
    own = counts[place, labels]
    # Without the own vote: a label of the top loses one; the rest is as it was.
    of_top = labels == top[place]
    best_other = np.where(of_top, second[place], highest[place])
    mine = own - 1
    agrees = mine > best_other
    # Others are tied where two labels share the highest count once the own vote is gone.
    shared = np.where(
        own == highest[place],
        np.where(tied_at_top[place] == 1, mine == second[place], tied_at_top[place] > 2),
        tied_at_top[place] > 1,
    )
    others = counts.sum(axis=1)[place] - 1
    return agrees, (others > 0) & ~shared
