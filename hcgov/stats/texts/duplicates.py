"""Texts that are nearly the same: candidates by locality-sensitive hashing, each confirmed by its shingles."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from hcgov.core.frozen import frozen
from hcgov.stats.texts.minhash import PERMUTATIONS, SHINGLE, Signatures, signatures
from hcgov.stats.texts.tokens import Hashes, Ints, Tokens, mixed, ngrams, tokenised

LIKENESS = 0.8
"""Jaccard similarity from which on two texts are nearly the same."""
_BANDS, _ROWS = 21, 6
_BLOCK = 1 << 20
_ALL_PAIRS = 12
"""In a bucket of more texts than this, each is compared with the first and with the next only."""


@frozen
class Likenesses:
    """Which texts are nearly the same.

    Parameters
    ----------
    cluster
        Code of each text's cluster, shape (texts,): texts that are alike, or alike to one that is, and so on.
    one, other
        The pairs of texts that were confirmed, ``one`` before ``other``.
    likeness
        Jaccard similarity of each pair.
    """

    cluster: Ints
    one: Ints
    other: Ints
    likeness: NDArray[np.float64]

    @property
    def repeats(self) -> int:
        """Texts beyond the first of each cluster."""
        return int(self.cluster.size - np.unique(self.cluster).size)


def near_duplicates(
    texts: Sequence[str | None], *, likeness: float = LIKENESS, shingle: int = SHINGLE
) -> Likenesses:
    """Return which texts are nearly the same; texts without words are like no other.

    Parameters
    ----------
    texts
        Ideally each once: identical texts only cost time.
    likeness
        Least Jaccard similarity of the sets of runs of words, in [0.5, 1].
    shingle
        Words of a run.

    Raises
    ------
    ValueError
        ``likeness`` is out of its range.

    Notes
    -----
    128 permutations in 21 bands of 6: two texts of similarity 0.8 become candidates with probability 0.998
    (Leskovec, Rajaraman and Ullman 2014, Mining of Massive Datasets, section 3.4). Candidates are confirmed by the
    similarity of the sets themselves, so no pair is named that is less alike than was asked for.
    """
    return near_duplicates_of(tokenised(texts), likeness=likeness, shingle=shingle)


def near_duplicates_of(tokens: Tokens, *, likeness: float = LIKENESS, shingle: int = SHINGLE) -> Likenesses:
    """Return :func:`near_duplicates` of texts that are tokenised already."""
    if not 0.5 <= likeness <= 1.0:
        raise ValueError(f"texts are nearly the same from a similarity between 0.5 and 1, not {likeness}")
    found = np.concatenate(
        [np.zeros((0, PERMUTATIONS), dtype=np.uint32)]
        + [signatures(*ngrams(tokens.part(block), shingle)) for block in tokens.blocks(_BLOCK)]
    )
    one, other = _candidates(found, tokens.lengths > 0)
    similar = _jaccard(tokens, shingle, one, other)
    near = similar >= likeness
    one, other, similar = one[near], other[near], similar[near]
    size = tokens.texts
    graph = sparse.coo_array((np.ones(one.size), (one, other)), shape=(size, size))
    cluster = connected_components(graph, directed=False)[1] if size else np.zeros(0)
    return Likenesses(cluster=np.asarray(cluster, dtype=np.int64), one=one, other=other, likeness=similar)


def _candidates(found: Signatures, filled: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return pairs of texts that agree in all rows of some band, each pair once."""
    kept = np.flatnonzero(filled)
    size = np.int64(filled.size)
    pairs: list[Ints] = [np.zeros(0, dtype=np.int64)]
    for band in range(_BANDS):
        key = np.zeros(kept.size, dtype=np.uint64)
        for row in range(band * _ROWS, (band + 1) * _ROWS):
            key = mixed(key ^ found[kept, row])
        order = np.argsort(key, kind="stable")
        pairs.append(_within_buckets(key[order], kept[order], size))
    every = np.unique(np.concatenate(pairs))
    return every // size if size else every, every % size if size else every


def _within_buckets(keys: Hashes, texts: Ints, size: np.int64) -> Ints:
    """Return pairs of texts of the same bucket as one number each; texts stand in the order of their keys."""
    if not keys.size:
        return np.zeros(0, dtype=np.int64)
    new = np.concatenate([[True], keys[1:] != keys[:-1]])
    first = np.flatnonzero(new)
    bucket = np.cumsum(new) - 1
    length = np.diff(np.append(first, keys.size))[bucket]
    place = np.arange(keys.size) - first[bucket]
    found = []
    for step in range(1, min(_ALL_PAIRS, int(length.max()))):
        near = (place + step < length) & ((length <= _ALL_PAIRS) | (step == 1))
        at = np.flatnonzero(near)
        found.append(texts[at] * size + texts[at + step])
    crowded = np.flatnonzero((length > _ALL_PAIRS) & (place > 1))
    found.append(texts[first[bucket[crowded]]] * size + texts[crowded])
    return np.concatenate(found)


def _jaccard(tokens: Tokens, shingle: int, one: Ints, other: Ints) -> NDArray[np.float64]:
    """Return the similarity of the sets of shingles of pairs of texts."""
    involved, place = np.unique(np.concatenate([one, other]), return_inverse=True)
    shingles, starts = ngrams(tokens.some(involved), shingle)
    sets = [np.unique(part) for part in np.split(shingles, starts[1:-1])]
    left, right = place[: one.size].tolist(), place[one.size :].tolist()
    found = np.zeros(one.size, dtype=np.float64)
    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        both = np.intersect1d(sets[a], sets[b], assume_unique=True).size
        found[i] = both / (sets[a].size + sets[b].size - both)
    return found
