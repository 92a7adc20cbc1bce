"""Labels that keep disagreement: how the judgments of an item are spread, and which items are contested."""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Bools, Floats, Judged, counted


@frozen
class SoftLabels:
    """The distribution of labels of each item.

    Parameters
    ----------
    shares
        Share of each label, shape (items, labels); all 0 where an item has no judgment.
    ratings
        Judgments of each item, shape (items,).
    entropy
        Of the shares, divided by the logarithm of the number of labels: 0 where all agree, 1 where every label is
        as frequent, shape (items,).
    majority
        The most frequent label, -1 where two are as frequent, shape (items,).
    """

    shares: Floats
    ratings: Floats
    entropy: Floats
    majority: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]"

    def contested(self, *, above: float = 0.8) -> Bools:
        """Return which items are contested: at least two judgments, and entropy above a share of the most."""
        return np.asarray((self.ratings >= 2.0) & (self.entropy > above), dtype=np.bool_)


def soft_labels(judged: Judged) -> SoftLabels:
    """Return how the judgments of each item are spread; nothing is voted away.

    Notes
    -----
    Uma et al. 2021, Learning from Disagreement (Journal of Artificial Intelligence Research 72:1385,
    doi:10.1613/jair.1.12752).
    """
    q = max(judged.n_labels, 1)
    counts = counted(judged.items, judged.labels, judged.n_items, q).astype(np.float64)
    ratings = counts.sum(axis=1)
    shares = counts / np.maximum(ratings, 1.0)[:, None]
    logs = np.log(np.where(shares > 0.0, shares, 1.0))
    entropy = -(shares * logs).sum(axis=1) / (np.log(q) if q > 1 else 1.0)
    top = counts.max(axis=1)
    majority = np.where((counts == top[:, None]).sum(axis=1) == 1, counts.argmax(axis=1), -1)
    return SoftLabels(
        shares=shares,
        ratings=ratings,
        entropy=np.abs(entropy),
        majority=np.where(top > 0.0, majority, -1).astype(np.int64),
    )
