"""Random scores of people who repeat, as the engine would count them."""

import numpy as np
from numpy.typing import NDArray

from hcgov.core.evidence.scores import UNIT, Histogram, SideCount, SliceScores, together
from hcgov.core.slices import Slice

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def counted(score: Floats, label: Ints, who: Ints, *, bins: int = 100, repeat: bool = True) -> SliceScores:
    """Return everyone's histogram, by bucket of 32 where people repeat; ``who`` numbers people from 0."""
    at = np.minimum((score * bins).astype(int), bins - 1)
    totals = np.rint(score * UNIT)
    bucket = np.random.default_rng(int(who.max())).integers(0, 32, int(who.max()) + 1)[who]

    def histogram(mask: NDArray[np.bool_]) -> Histogram:
        sides = [
            tuple(int(x) for x in np.bincount(at[own], weights=weight[own], minlength=bins))
            for weight in (np.ones(len(score)), totals)
            for own in (mask & (label == 1), mask & (label == 0))
        ]
        return Histogram(
            positives=sides[0], negatives=sides[1], positive_totals=sides[2], negative_totals=sides[3]
        )

    clusters = tuple((int(b), histogram(bucket == b)) for b in np.unique(bucket)) if repeat else ()
    everyone = np.ones(len(score), dtype=bool)
    people = SideCount(
        people=len(np.unique(who)),
        positives=len(np.unique(who[label == 1])),
        negatives=len(np.unique(who[label == 0])),
    )
    rows = together((one for _, one in clusters), bins) if repeat else histogram(everyone)
    return SliceScores(slice=Slice(), rows=rows, missing=0, people=people, clusters=clusters)
