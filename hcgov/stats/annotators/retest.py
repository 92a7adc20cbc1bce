"""Whether people agree with themselves: the same person, the same item, twice."""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.agreement.judged import Floats, Ints

MINUTES = 30.0
ITEMS = 50.0


@frozen
class Repeats:
    """Consecutive judgments of one person about one item.

    Parameters
    ----------
    first, second
        Row of the earlier and of the later judgment, each of shape (repeats,).
    apart
        Repeats that are known to lie far enough apart; ``known`` of them say when they were made.
    known
        Repeats of which time or position is known.
    """

    first: Ints
    second: Ints
    apart: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
    known: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"


def repeats(
    items: Ints,
    people: Ints,
    *,
    seconds: Floats | None = None,
    position: Floats | None = None,
    minutes: float = MINUTES,
    positions: float = ITEMS,
) -> Repeats:
    """Find who judged the same item again.

    Parameters
    ----------
    items, people
        Item and person of each row, codes from 0, shape (rows,); rows of nobody (negative) are left out.
    seconds, position
        When each row was made, and the how manieth it was; NaN where unknown.
    minutes, positions
        How far apart two judgments have to be so that the first is not simply remembered: either will do.

    Notes
    -----
    Within a person and item, rows are ordered by time where that is known, else as they stand.
    """
    rows = np.flatnonzero(people >= 0)
    when = np.zeros(items.size) if seconds is None else np.where(np.isnan(seconds), np.inf, seconds)
    order = rows[np.lexsort((rows, when[rows], items[rows], people[rows]))]
    same = (items[order][1:] == items[order][:-1]) & (people[order][1:] == people[order][:-1])
    first, second = order[:-1][same], order[1:][same]
    apart = np.zeros(first.size, dtype=np.bool_)
    known = np.zeros(first.size, dtype=np.bool_)
    for measure, least in ((seconds, 60.0 * minutes), (position, positions)):
        if measure is not None:
            gap = np.abs(measure[second] - measure[first])
            known |= np.isfinite(gap)
            apart |= np.isfinite(gap) & (gap >= least)
    return Repeats(first=first, second=second, apart=apart, known=known)
