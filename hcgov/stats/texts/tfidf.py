"""Texts as sparse vectors: counts of words, and TF-IDF whose document frequencies come from some rows only.

Count once, then learn the weights of terms on training rows alone::

    counts = bag(texts, longest=2)
    vectors = weighted(counts, idf(counts[train]))
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hcgov.stats.texts.tokens import Ints, Tokens, mixed, tokenised

Floats: TypeAlias = NDArray[np.float64]


def bag(texts: Sequence[str | None], *, longest: int = 1) -> sparse.csr_array:
    """Return how often each word, and each run of up to ``longest`` (1 or 2) words, occurs in each text.

    Returns
    -------
    csr_array
        Shape (texts, terms); the order of the columns depends on the terms alone.
    """
    return bag_of(tokenised(texts), longest=longest)


def bag_of(tokens: Tokens, *, longest: int = 1) -> sparse.csr_array:
    """Return the counts of :func:`bag` for texts that are tokenised already.

    Raises
    ------
    ValueError
        ``longest`` is neither 1 nor 2.
    """
    if longest not in (1, 2):
        raise ValueError(f"terms are of one or two words, not {longest}")
    rows, terms = tokens.text_of_word, tokens.hashes
    if longest == 2 and rows.size:
        within = np.flatnonzero(rows[1:] == rows[:-1])
        pairs = mixed(mixed(terms[within]) + terms[within + 1])
        rows, terms = np.concatenate([rows, rows[within]]), np.concatenate([terms, pairs])
    distinct, columns = np.unique(terms, return_inverse=True)
    return _counted(rows, columns, (tokens.texts, distinct.size))


def hashed_bag(tokens: Tokens, *, bits: int = 20) -> sparse.csr_array:
    """Return the counts of words in 2 to the power of ``bits`` columns, many times faster than :func:`bag_of`.

    Words that fall into the same column are taken for one (Weinberger et al. 2009, arXiv:0902.2206). Columns mean the
    same for all texts, so that blocks of texts can be counted one by one.
    """
    columns = (tokens.hashes >> np.uint64(64 - bits)).astype(np.int32)
    ones = np.ones(columns.size, dtype=np.float64)
    found = sparse.csr_array((ones, columns, tokens.starts.copy()), shape=(tokens.texts, 1 << bits))
    found.sum_duplicates()
    return found


def idf(counts: sparse.csr_array) -> Floats:
    """Return the inverse document frequency of each term, shape (terms,); 0 for terms that no text has.

    Notes
    -----
    ln((1 + n) / (1 + df)) + 1: Spärck Jones 1972 (doi:10.1108/eb026526), smoothed as if one more text held every
    term, so that no term is worth nothing for being everywhere.
    """
    return idf_of(document_frequency(counts), counts.shape[0])


def document_frequency(counts: sparse.csr_array) -> Floats:
    """Return in how many texts each term occurs, shape (terms,)."""
    return np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float64)


def idf_of(df: Floats, n: int) -> Floats:
    """Return :func:`idf` from the document frequencies of ``n`` texts."""
    return np.where(df > 0.0, np.log((1.0 + n) / (1.0 + df)) + 1.0, 0.0)


def weighted(counts: sparse.csr_array, weights: Floats) -> sparse.csr_array:
    """Return term counts times weights, each row of length 1; rows without any weighted term are zero."""
    found = sparse.csr_array(counts.astype(np.float64), copy=True)
    found.data *= weights[found.indices]
    norms = np.sqrt(_row_sums(found.data**2, found))
    norms[norms == 0.0] = 1.0
    found.data /= np.repeat(norms, np.diff(found.indptr))
    return found


def tfidf(texts: Sequence[str | None], *, longest: int = 1) -> sparse.csr_array:
    """Return TF-IDF vectors of length 1 whose document frequencies are those of the same texts."""
    counts = bag(texts, longest=longest)
    return weighted(counts, idf(counts))


def cosines(one: sparse.csr_array, other: sparse.csr_array) -> Floats:
    """Return the cosine of each row of one with the same row of the other, both of rows of length 1 (or 0)."""
    return np.asarray(one.multiply(other).sum(axis=1), dtype=np.float64).ravel()


def _counted(rows: Ints, columns: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    ones = np.ones(rows.size, dtype=np.float64)
    found = sparse.csr_array((ones, (rows, columns)), shape=shape)
    found.sum_duplicates()
    return found


def _row_sums(values: Floats, matrix: sparse.csr_array) -> Floats:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return np.bincount(rows, weights=values, minlength=matrix.shape[0]).astype(np.float64)
