"""How much the responses differ that people choose between, and how many people rate the same prompt."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy import sparse

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.stages.judgments.arrays import Floats, by_judge, codes
from hcgov.stages.judgments.pairs import PairTexts, outcomes, people
from hcgov.stats.crossed import different, distinct
from hcgov.stats.texts.minhash import estimated_jaccard, signatures
from hcgov.stats.texts.tfidf import document_frequency, hashed_bag, idf_of, weighted
from hcgov.stats.texts.tokens import Ints, Tokens, ngrams

_BITS = 18
_BLOCK = 1 << 20
_SIGNED = 64


@frozen
class Diversity:
    """How the responses to each prompt differ.

    Parameters
    ----------
    cosine
        Mean cosine of the TF-IDF vectors of all pairs of distinct responses to a prompt, shape (prompts,); only prompts
        with at least two, and those whose two responses are the same: 1.
    alone
        Prompts for which no row has two responses.
    distance
        Mean share of runs of two words that the first response and another do not have in common (1 - Jaccard), each
        estimated from signatures.
    ratings
        People who rated each prompt (rows, where the table does not say who), shape (all prompts,).
    """

    alone: int
    cosine: Floats
    distance: Floats
    ratings: Ints


def diversity(long: Long, texts: PairTexts, words: Tokens) -> Diversity:
    """Return how the responses to each prompt of a table differ.

    Notes
    -----
    The mean over all pairs of m vectors of length 1 is (|Σ v|² - Σ |v|²) / (m (m - 1)): no pair is looked at.
    """
    prompt = codes(long, "prompt_id").astype(np.int64)
    of, text = np.concatenate([prompt, prompt]), np.concatenate([texts.a, texts.b])
    known = (of >= 0) & (text >= 0)
    size = max(len(texts.texts), 1)
    candidates = different(of[known] * size + text[known])
    of, text = candidates // size, candidates % size
    place = np.unique(of, return_inverse=True)[1].astype(np.int64)
    m = np.bincount(place).astype(np.float64)
    both = different(prompt[(prompt >= 0) & (texts.a >= 0) & (texts.b >= 0)])
    same = (m == 1) & np.isin(different(of), both)
    several = (m > 1) | same
    return Diversity(
        alone=int(distinct(prompt[prompt >= 0]) - several.sum()),
        cosine=np.where(same, 1.0, _cosine(words.some(text), place, m))[several],
        distance=np.where(same, 0.0, _distance(words, text, place, m))[several],
        ratings=_ratings(long),
    )


def _cosine(candidates: Tokens, place: Ints, m: Floats) -> Floats:
    """Return the mean cosine of all pairs of candidates of each prompt; those of a prompt stand side by side."""
    df = np.zeros(1 << _BITS)
    blocks = list(candidates.blocks(_BLOCK))
    for block in blocks:
        df += document_frequency(hashed_bag(candidates.part(block), bits=_BITS))
    weights = idf_of(df, candidates.texts)
    total, own = np.zeros(m.size), np.zeros(m.size)
    for block in _whole(blocks, place):
        vectors = weighted(hashed_bag(candidates.part(block), bits=_BITS), weights)
        first = int(place[block.start])
        here = place[block] - first
        prompts = int(here[-1]) + 1
        member = sparse.csr_array(
            (np.ones(here.size), (here, np.arange(here.size))), shape=(prompts, here.size)
        )
        sums = member @ vectors
        total[first : first + prompts] = _squares(sums)
        own[first : first + prompts] = np.bincount(here, weights=_squares(vectors), minlength=prompts)
    return np.clip((total - own) / np.maximum(m * (m - 1.0), 1.0), 0.0, 1.0)


def _whole(blocks: list[slice], place: Ints) -> Iterator[slice]:
    """Yield blocks that end where a prompt ends."""
    ends = {int(np.searchsorted(place, place[block.stop - 1], side="right")) for block in blocks}
    yield from (slice(a, b) for a, b in pairwise(sorted({0, *ends})))


def _squares(vectors: sparse.csr_array) -> Floats:
    """Return the squared length of each row."""
    rows = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    return np.bincount(rows, weights=vectors.data**2, minlength=vectors.shape[0]).astype(np.float64)


def _distance(words: Tokens, text: Ints, place: Ints, m: Floats) -> Floats:
    """Return the mean of 1 - Jaccard over runs of two words, of the first candidate of each prompt with each other."""
    used = different(text)
    tokens = words.some(used)
    signed = [signatures(*ngrams(tokens.part(b), 2), permutations=_SIGNED) for b in tokens.blocks(_BLOCK)]
    found = np.concatenate([np.zeros((0, _SIGNED), dtype=np.uint32), *signed])
    first = np.unique(place, return_index=True)[1]
    rest = np.ones(place.size, dtype=np.bool_)
    rest[first] = False
    one, other = np.searchsorted(used, text[first][place[rest]]), np.searchsorted(used, text[rest])
    apart = 1.0 - estimated_jaccard(found, one, other)
    total = np.bincount(place[rest], weights=apart, minlength=m.size)
    return np.asarray(total / np.maximum(m - 1.0, 1.0), dtype=np.float64)


def _ratings(long: Long) -> Ints:
    """Return how many people chose between responses to each prompt."""
    prompt = codes(long, "prompt_id").astype(np.int64)
    judged = by_judge(long)
    theirs = judged if judged.all() else ~judged
    given = (outcomes(long) >= 0) & (prompt >= 0) & theirs
    who = people(long).astype(np.int64)
    if long.has("annotator"):
        given &= who >= 0
        pairs = different(prompt[given] * (int(who.max(initial=0)) + 1) + who[given])
        found = pairs // (int(who.max(initial=0)) + 1)
    else:
        found = prompt[given]
    names = len(long.codes("prompt_id").names)
    return np.bincount(found, minlength=names) if names else np.zeros(0, dtype=np.int64)
