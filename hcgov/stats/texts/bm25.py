"""BM25: how well a text answers to a query, by the words that they share."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from hcgov.core.frozen import frozen
from hcgov.stats.texts.tfidf import Floats, bag_of
from hcgov.stats.texts.tokens import Ints, tokenised


@frozen
class Bm25:
    """Queries and documents ready to be scored; made by :func:`bm25`.

    Parameters
    ----------
    queries
        How often each term occurs in each query, shape (queries, terms).
    documents
        Weight of each term in each document, shape (documents, terms).
    """

    queries: sparse.csr_array
    documents: sparse.csr_array

    def all(self) -> Floats:
        """Return the score of every document for every query, shape (queries, documents)."""
        return np.asarray((self.queries @ self.documents.T).toarray(), dtype=np.float64)

    def pairs(self, queries: Ints, documents: Ints) -> Floats:
        """Return the scores of some pairs, by their row numbers; shape (pairs,)."""
        return np.asarray(
            self.queries[queries].multiply(self.documents[documents]).sum(axis=1), dtype=np.float64
        ).ravel()


def bm25(
    queries: Sequence[str | None], documents: Sequence[str | None], *, k1: float = 1.2, b: float = 0.75
) -> Bm25:
    """Prepare the scores of documents for queries; frequencies and lengths are those of ``documents``.

    Notes
    -----
    Σ_t ln(1 + (N - df + 0.5) / (df + 0.5)) · tf (k1 + 1) / (tf + k1 (1 - b + b |d| / avg|d|)): Robertson and Zaragoza
    2009 (doi:10.1561/1500000019), with 1 added inside the logarithm so that no shared word counts against a text.
    """
    counts = bag_of(tokenised([*queries, *documents]))
    asked, found = counts[: len(queries)], sparse.csr_array(counts[len(queries) :], copy=True)
    n = found.shape[0]
    df = np.bincount(found.indices, minlength=found.shape[1]).astype(np.float64)
    rarity = np.log1p((n - df + 0.5) / (df + 0.5))
    lengths = np.asarray(found.sum(axis=1), dtype=np.float64).ravel()
    average = float(lengths.mean()) if n and lengths.any() else 1.0
    dampening = k1 * (1.0 - b + b * lengths / average)
    tf = found.data
    per_term = np.repeat(dampening, np.diff(found.indptr))
    found.data = rarity[found.indices] * tf * (k1 + 1.0) / (tf + per_term)
    return Bm25(queries=asked, documents=found)
