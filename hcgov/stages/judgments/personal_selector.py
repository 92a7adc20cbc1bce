"""Relevance: plain retrieval, and a small classifier in place of a judge, on people it has not learned from."""

from typing import TypeAlias

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.personal_relevance import Pairs, Selected, selected
from hcgov.stages.judgments.personal_rows import Bools, Floats, Why
from hcgov.stages.judgments.personal_verifier import LEARNED
from hcgov.stats.crossed import of_sums
from hcgov.stats.personal.learning import cross_fitted, thresholded
from hcgov.stats.texts.bm25 import bm25
from hcgov.stats.texts.tfidf import bag, cosines, idf, weighted

Texts: TypeAlias = list[str | None]


@frozen
class Retrained:
    """A relevance classifier at stage 2 beside what selected before.

    Parameters
    ----------
    before, after
        Figures of the judge that selected before, and of the classifier or the predictions.
    others
        BM25, TF-IDF, and judges' own scores cut at the rate at which people select.
    gain
        F1 after minus before, on the same pairs.
    """

    before: Selected
    after: Selected
    others: tuple[Selected, ...]
    gain: Estimate


def retrained(pairs: Pairs, *, predictions: str = "", baseline: str = "", seed: int = 0) -> Retrained | Why:
    """Select by a classifier, or by predictions made elsewhere, instead of by a judge.

    Parameters
    ----------
    pairs
        Stage 2, people's conversations only.
    predictions
        A judge whose rows are the selection that is tested; a classifier that is trained here if empty.
    baseline
        The judge that selected before; the one with the highest F1 (other than ``predictions``) if empty.
    seed
        Decides which people stand in which fold.
    """
    figures = {
        name: found
        for name, answer in pairs.judged.items()
        if name != predictions and (found := selected(pairs, name, answer)) is not None
    }
    if not baseline:
        baseline = max(figures, key=lambda name: _f1(figures[name]), default="")
    if baseline not in figures:
        note = text("there is no judge whose selection could be improved upon")
        return Reason.UNMATCHED_PAIRS, note
    answer = pairs.judged.get(predictions) if predictions else _classified(pairs, seed)
    after = None if answer is None else selected(pairs, predictions or LEARNED, answer)
    if answer is None or after is None:
        note = text(
            "the classifier has too little to learn from, or its predictions meet none of people's pairs"
        )
        return Reason.UNMATCHED_PAIRS, note
    gain = _f1_gain(pairs, pairs.judged[baseline], answer)
    if gain is None:
        note = text("on the pairs that both selected from, there is nothing to find")
        return Reason.CONSTANT_OUTCOME, note
    return Retrained(before=figures[baseline], after=after, others=retrieved(pairs, seed=seed), gain=gain)


def retrieved(pairs: Pairs, *, seed: int = 0) -> tuple[Selected, ...]:
    """Return what plain retrieval selects at the rate at which other people select: BM25, TF-IDF, given scores."""
    known = np.isfinite(pairs.majority)
    if not known.any():
        return ()
    wanted, people = pairs.wanted[known], pairs.people[known]
    scores = _given(pairs)
    attributes, prompts = _texts(pairs, known)
    if any(attributes) and any(prompts):
        counts = bag([*attributes, *prompts])
        half = len(attributes)
        weights = idf(counts)
        scores["TF-IDF"] = cosines(weighted(counts[:half], weights), weighted(counts[half:], weights))
        numbers = np.arange(half)
        scores["BM25"] = bm25(prompts, attributes).pairs(numbers, numbers)
    found = []
    for name, score in sorted(scores.items()):
        chosen = thresholded(score, wanted, people, seed=seed)
        if chosen is None:
            continue
        answer = np.full(pairs.majority.size, np.nan)
        answer[known] = chosen
        told = selected(pairs, name, answer)
        if told is not None:
            found.append(told)
    return tuple(found)


def _given(pairs: Pairs) -> dict[str, Floats]:
    """Return scores that judges gave themselves, such as similarities of embeddings, over all pairs with a majority."""
    rows, known, found = pairs.rows, np.isfinite(pairs.majority), dict[str, Floats]()
    if not rows.long.has("score"):
        return found
    scores = np.frombuffer(rows.long.numbers("score"), dtype=np.float64)[rows.index]
    for name in pairs.judged:
        own = rows.named(name) & rows.judge & np.isfinite(scores)
        given = np.full(known.size, np.nan)
        given[pairs.place[own]] = scores[own]
        if np.isfinite(given[known]).all():
            found[f"{name}, its score"] = given[known]
    return found


def _classified(pairs: Pairs, seed: int) -> Floats | None:
    known = np.isfinite(pairs.majority)
    attributes, prompts = _texts(pairs, known)
    if not (any(attributes) and any(prompts)):
        return None
    numbers = np.arange(len(attributes))
    counts = bag([*attributes, *prompts])
    vectors = weighted(counts, idf(counts))
    dense = np.stack(
        [
            cosines(vectors[: numbers.size], vectors[numbers.size :]),
            np.log1p(bm25(prompts, attributes).pairs(numbers, numbers)),
        ],
        axis=1,
    )
    found = cross_fitted(
        [bag(attributes, longest=2), bag(prompts)],
        pairs.majority[known],
        pairs.people[known],
        dense=dense,
        seed=seed,
        cut="base_rate",
        rates=pairs.wanted[known],
    )
    if found is None:
        return None
    answer = np.full(pairs.majority.size, np.nan)
    answer[known] = found.chosen
    return answer


def _f1_gain(pairs: Pairs, before: Floats, after: Floats) -> Estimate | None:
    both = np.isfinite(before) & np.isfinite(after) & np.isfinite(pairs.majority)
    if not both.any():
        return None
    right, one, other = pairs.majority[both], before[both], after[both]
    terms = np.stack([2.0 * one * right, one + right, 2.0 * other * right, other + right], axis=1)
    found = of_sums(
        terms,
        pairs.clusters(both),
        lambda s: s[..., 2] / s[..., 3] - s[..., 0] / s[..., 1],
        low=-1.0,
        high=1.0,
        aim=1.0,
    )
    return found if found.value is not None else None


def _f1(found: Selected) -> float:
    return -1.0 if found.f1 is None or found.f1.value is None else found.f1.value


def _texts(pairs: Pairs, known: Bools) -> tuple[Texts, Texts]:
    long, index = pairs.rows.long, pairs.first[known].tolist()
    if not long.has("attribute", "prompt"):
        return [], []
    attributes, prompts = long.texts("attribute"), long.texts("prompt")
    return [attributes[i] for i in index], [prompts[i] for i in index]
