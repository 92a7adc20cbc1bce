"""MinHash signatures of texts: how alike the sets of their runs of words are."""

from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.stats.texts.tokens import Hashes, Ints, mixed

Signatures: TypeAlias = NDArray[np.uint32]

PERMUTATIONS = 128
SHINGLE = 5
"""Words of a run, unless a text has fewer."""
_BLOCK = 1 << 16
_PAIRS = 1 << 12


def signatures(shingles: Hashes, starts: Ints, *, permutations: int = PERMUTATIONS) -> Signatures:
    """Return the least hash of each text's shingles under each permutation, shape (texts, permutations).

    Parameters
    ----------
    shingles, starts
        Hashes of the runs of words of all texts, and where each text's begin: see
        :func:`hcgov.stats.texts.tokens.ngrams`.
    permutations
        How many.

    Notes
    -----
    The share of equal entries of two rows estimates the Jaccard similarity of the two sets, with standard error
    √(J (1 - J) / permutations): Broder 1997 (doi:10.1109/SEQUEN.1997.666900). A permutation is a multiplication by an
    odd number and an addition, modulo 2³², of hashes that are mixed well beforehand (Dietzfelbinger et al. 1997,
    doi:10.1006/jagm.1997.0873). Texts without shingles have the largest number everywhere.
    """
    texts = starts.size - 1
    found = np.full((permutations, texts), np.iinfo(np.uint32).max, dtype=np.uint32)
    values = (shingles >> np.uint64(32)).astype(np.uint32)
    drawn = mixed(np.arange(2 * permutations, dtype=np.uint64)).astype(np.uint32)
    factors, terms = drawn[:permutations] | np.uint32(1), drawn[permutations:]
    filled = np.flatnonzero(np.diff(starts) > 0)
    for block in _blocks(starts[filled], int(starts[-1])):
        texts_here = filled[block]
        low, high = int(starts[texts_here[0]]), int(starts[texts_here[-1] + 1])
        part, at = values[low:high], starts[texts_here] - low
        for i in range(permutations):
            found[i, texts_here] = np.minimum.reduceat(part * factors[i] + terms[i], at)
    return np.ascontiguousarray(found.T)


def estimated_jaccard(found: Signatures, one: Ints, other: Ints) -> NDArray[np.float64]:
    """Return the estimated Jaccard similarity of pairs of texts, by their row numbers."""
    equal = np.empty(one.size, dtype=np.float64)
    for start in range(0, one.size, _PAIRS):  # some at a time, so that they fit the processor's cache
        here = slice(start, start + _PAIRS)
        equal[here] = np.count_nonzero(found[one[here]] == found[other[here]], axis=1)
    return np.asarray(equal / found.shape[1], dtype=np.float64)


def _blocks(firsts: Ints, end: int) -> list[slice]:
    """Cut texts into runs whose shingles fit the processor's cache."""
    if not firsts.size:
        return []
    edges = np.searchsorted(firsts, np.arange(_BLOCK, end, _BLOCK))
    cuts = np.unique(np.concatenate([[0], edges, [firsts.size]]))
    return [slice(a, b) for a, b in pairwise(cuts.tolist())]
