"""Small text classifiers that are tested on people they have not learned from."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from scipy import sparse

from hcgov.core.frozen import frozen
from hcgov.stats.personal.leaving_out import Bools, Codes, Floats
from hcgov.stats.texts.folds import grouped_folds, train_and_test
from hcgov.stats.texts.logistic import logistic
from hcgov.stats.texts.tfidf import idf, weighted

INNER = 4
"""Parts of the people learned from, on which a threshold is found."""

Cut: TypeAlias = Literal["even", "base_rate", "f"]


@frozen
class CrossFitted:
    """Scores of rows by models that saw nothing of their people.

    Parameters
    ----------
    score
        Log odds, shape (rows,).
    cut
        The threshold of each row's fold, found among the people that the model learned from.
    """

    score: Floats
    cut: Floats

    @property
    def chosen(self) -> Bools:
        """Rows whose score reaches the threshold."""
        return np.asarray(self.score >= self.cut)


def cross_fitted(
    counts: Sequence[sparse.csr_array],
    y: Floats,
    people: Codes,
    *,
    dense: Floats | None = None,
    folds: int = 5,
    seed: int = 0,
    penalty: float = 1.0,
    cut: Cut = "even",
    rates: Floats | None = None,
    beta: float = 1.0,
) -> CrossFitted | None:
    """Fit a logistic model on TF-IDF of word counts, with every person in one fold only.

    Parameters
    ----------
    counts
        Word counts of each text of a row, each of shape (rows, terms).
    y
        Outcomes of 0 and 1.
    people
        Person of each row: folds keep people whole.
    dense
        Further features, shape (rows, features).
    cut
        Which threshold is taken: ``even`` is log odds of 0; ``base_rate`` lets through the share of ``rates``;
        ``f`` gives the highest F-beta. The last two are found among the people learned from alone, on parts of them
        that are held out in turn.
    rates
        Whose mean among the people learned from is the base rate, such as the share of raters who say yes; ``y`` if
        left out.
    beta
        How much recall weighs in F-beta.

    Returns
    -------
    CrossFitted or None
        ``None`` where some fold has nothing to learn: fewer than four people, or one outcome only.
    """
    if np.unique(people).size < 4 or y.size != people.size:
        return None
    fold_of = grouped_folds(people, folds, seed=seed)
    score, cuts = np.zeros(y.size), np.zeros(y.size)
    for train, test in train_and_test(fold_of):
        found = _scores(counts, dense, y, train, test, penalty)
        if found is None:
            return None
        score[test] = found
        if cut != "even":
            held = _held_out(counts, dense, y, people, train, seed, penalty)
            if held is None:
                return None
            base = float((y if rates is None else rates)[train].mean())
            cuts[test] = _at_share(held, base) if cut == "base_rate" else _best_f(held, y[train], beta)
    return CrossFitted(score=score, cut=cuts)


def thresholded(
    score: Floats, rates: Floats, people: Codes, *, folds: int = 5, seed: int = 0
) -> Bools | None:
    """Return which rows reach the threshold at which, among other people, as large a share is chosen as ``rates`` say.

    ``None`` where there are fewer than two people.
    """
    if np.unique(people).size < 2:
        return None
    chosen = np.zeros(rates.size, dtype=np.bool_)
    for train, test in train_and_test(grouped_folds(people, folds, seed=seed)):
        chosen[test] = score[test] >= _at_share(score[train], float(rates[train].mean()))
    return chosen


def one_word(counts: sparse.csr_array, y: Floats, people: Codes, *, folds: int = 5, seed: int = 0) -> Bools:
    """Return which rows have the one word that tells the outcome best (by F1) among other people: a simple rule."""
    chosen = np.zeros(y.size, dtype=np.bool_)
    there = sparse.csr_array((counts > 0).astype(np.float64))
    for train, test in train_and_test(grouped_folds(people, folds, seed=seed)):
        hits = np.asarray(there[train].T @ y[train]).ravel()
        said = np.asarray(there[train].sum(axis=0)).ravel()
        best = int(np.argmax(2.0 * hits / (said + y[train].sum() + 1e-12)))
        chosen[test] = np.asarray(there[:, [best]].toarray()).ravel()[test] > 0
    return chosen


def _held_out(
    counts: Sequence[sparse.csr_array],
    dense: Floats | None,
    y: Floats,
    people: Codes,
    train: Bools,
    seed: int,
    penalty: float,
) -> Floats | None:
    """Return scores of the rows learned from, each by a model of others of these people.

    Models of much fewer people would shrink their scores more, and the threshold would not fit the one that is used.
    """
    parts = np.full(y.size, -1, dtype=np.int64)
    parts[train] = grouped_folds(people[train], INNER, seed=seed + 1)
    found = np.full(y.size, np.nan)
    for part in range(int(parts.max()) + 1):
        scores = _scores(counts, dense, y, train & (parts != part), parts == part, penalty)
        if scores is None:
            return None
        found[parts == part] = scores
    return found[train]


def _scores(
    counts: Sequence[sparse.csr_array],
    dense: Floats | None,
    y: Floats,
    train: Bools,
    test: Bools,
    penalty: float,
) -> Floats | None:
    blocks = [weighted(part, idf(part[train])) for part in counts]
    if dense is not None:
        middle, spread = dense[train].mean(axis=0), dense[train].std(axis=0)
        spread[spread == 0.0] = 1.0
        blocks.append(sparse.csr_array((dense - middle) / spread))
    x = sparse.csr_array(sparse.hstack(blocks, format="csr"))
    model = logistic(sparse.csr_array(x[train]), y[train], penalty=penalty)
    return None if model is None else model.score(x[test])


def _best_f(scores: Floats, y: Floats, beta: float) -> float:
    """Return the threshold with the highest F-beta; equal scores are on the same side."""
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(y[order])
    last = np.append(ranked[1:] < ranked[:-1], True)
    square = beta * beta
    found = (1.0 + square) * hits / (square * y.sum() + np.arange(1, y.size + 1))
    return float(ranked[int(np.argmax(np.where(last, found, -1.0)))])


def _at_share(scores: Floats, share: float) -> float:
    """Return the threshold that a share of scores reaches; infinite for none."""
    keep = round(share * scores.size)
    if keep <= 0:
        return np.inf
    return float(np.sort(scores)[scores.size - min(keep, scores.size)])
