"""How labelled items were chosen: at random, by a machine, for an audit or for training; on numpy."""

from collections.abc import Iterator

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.stages.judgments.arrays import Bools, codes
from hcgov.stats.crossed import distinct


def chosen(long: Long, name: str) -> Bools:
    """Return the rows whose item was chosen in this way, shape (rows,)."""
    if not long.has("stream"):
        return np.zeros(long.rows, dtype=np.bool_)
    names = long.codes("stream").names
    return np.asarray(codes(long, "stream") == (names.index(name) if name in names else -2))


def waves(long: Long) -> Iterator[tuple[str, int, int, int]]:
    """Yield of all labelled items, and of each wave: its name, items, those at random, those of which nobody says.

    An item that several streams hold counts as random where any row says so. Items of training are left out.
    """
    labelled = (codes(long, "label") >= 0) & (codes(long, "item") >= 0) & ~chosen(long, "training")
    yield ("all items", *_counts(long, labelled))
    if long.has("wave") and len(long.codes("wave").names) > 1:
        for code, name in enumerate(long.codes("wave").names):
            mask = labelled & (codes(long, "wave") == code)
            if mask.any():
                yield (f"wave {name}", *_counts(long, mask))
    if long.has("wave") and (unknown := labelled & (codes(long, "wave") < 0)).any() and not unknown.all():
        yield ("items of no wave", *_counts(long, unknown))


def _counts(long: Long, mask: Bools) -> tuple[int, int, int]:
    item = codes(long, "item")
    random, said = chosen(long, "random"), codes(long, "stream") >= 0
    items = distinct(item[mask])
    return items, distinct(item[mask & random]), items - distinct(item[mask & said])
