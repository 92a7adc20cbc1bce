"""One row for each thing that was judged: what people said of it on average, and what a judge said."""

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stages.judgments.judge_ratings import Floats, Ints, Mask, Ratings


@frozen
class Units:
    """Things that people or a judge scored.

    Parameters
    ----------
    at
        A row of the table that is about each, shape (n,): a person's where there is one.
    cluster
        The user, else the item, of each.
    people, judge
        Mean score by people, and by the judge; NaN where there is none.
    labelled
        Whether people scored it, and it was drawn at random where the table says which were.
    system
        Code of the system, -1 where none is recorded.
    """

    at: Ints
    cluster: Ints
    people: Floats
    judge: Floats
    labelled: Mask
    system: Ints

    @property
    def judged_only(self) -> Mask:
        """Whether only the judge's score counts."""
        return ~self.labelled & np.isfinite(self.judge)


def units_of(found: Ratings, judge: str, systems: Ints | None = None) -> Units:
    """Return the things that people or a judge scored; outputs made to game the judge are none of them.

    Parameters
    ----------
    found
        All scores.
    judge
        Its name.
    systems
        Code of the system of each score, where wanted.
    """
    own, human = found.of(judge) & (found.probe < 0), found.human & (found.probe < 0)
    used = np.flatnonzero(own | human)
    # People's rows come last, so that each thing keeps one of theirs.
    order = used[np.argsort(human[used], kind="stable")]
    size = int(found.unit.max(initial=-1)) + 1
    some = np.full(size, -1, dtype=np.int64)
    some[found.unit[order]] = order
    there = np.flatnonzero(some >= 0)
    first = some[there]
    drawn = human if found.drawn is None else human & found.drawn
    labelled = np.bincount(found.unit[drawn], minlength=size)[there] > 0
    return Units(
        at=found.at[first],
        cluster=found.cluster(first),
        people=_means(found, human, size)[there],
        judge=_means(found, own, size)[there],
        labelled=labelled,
        system=np.full(there.size, -1) if systems is None else systems[first],
    )


def _means(found: Ratings, rows: Mask, size: int) -> Floats:
    count = np.bincount(found.unit[rows], minlength=size)
    total = np.bincount(found.unit[rows], weights=found.score[rows], minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, total / count, np.nan), dtype=np.float64)
