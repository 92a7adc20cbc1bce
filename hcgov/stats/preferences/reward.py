"""A tiny reward model, to show before any real one is trained whom a rule of aggregation serves."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Codes, Floats, Rows
from hcgov.stats.texts.folds import grouped_folds
from hcgov.stats.texts.logistic import Logistic, logistic
from hcgov.stats.texts.tokens import Ints

Bools = NDArray[np.bool_]

_ROUNDS = 5
_STEP = 2.0
_ITERATIONS = 40
"""A penalised model of word counts orders pairs the same way long before its coefficients settle."""


class Rule(StrEnum):
    """How judgments are put together before a reward model learns from them."""

    POOLED = "pooled"
    """Every judgment counts once."""
    MAJORITY = "majority"
    """Every judgment of a pair is replaced by what most said of it; a pair without a majority is left out."""
    BALANCED = "group_balanced"
    """Every group counts the same."""
    WORST = "worst_group"
    """The groups that the model serves worst count more, in several rounds."""


@frozen
class Judged:
    """Judgments of pairs of responses.

    Parameters
    ----------
    x
        Features of the first response minus those of the second, shape (rows, features).
    first
        Whether the first was preferred, shape (rows,).
    pairs
        Code of the pair that each row judges.
    groups
        Code of the group of each row's annotator; -1 where it is not recorded.
    rows
        Annotators and prompts; rows of nobody are everyone's, and then only prompts are held out.
    """

    x: sparse.csr_array
    first: Bools
    pairs: Codes
    groups: Codes
    rows: Rows


def held_out_correct(
    judged: Judged, rule: Rule, *, folds: int = 2, penalty: float = 1.0, seed: int = 0
) -> NDArray[np.float64]:
    """Return whether a model of other people and other prompts orders each pair as its annotator did.

    Parameters
    ----------
    judged
        What was chosen.
    rule
        How the judgments that the model learns from are put together.
    folds
        Parts into which annotators, and prompts, are cut; each of the ``folds`` x ``folds`` blocks is tested once, on a
        model that has seen neither its annotators nor its prompts.
    penalty, seed
        Of the model, and of the cuts.

    Returns
    -------
    ndarray
        Shape (rows,): 1 right, 0 wrong, 0.5 where the model is indifferent, NaN where no model could be learned.

    Notes
    -----
    Bradley and Terry 1952 (doi:10.1093/biomet/39.3-4.324) with a linear reward. ``worst_group`` is the exponentiated
    gradient of Sagawa et al. 2020 (arXiv:1911.08731) in five rounds; that a single reward serves the majority is
    Chakraborty et al. 2024 (arXiv:2402.08925).
    """
    assert judged.rows.items is not None
    people = _people_folds(judged, folds, seed)
    prompts = grouped_folds(judged.rows.items, folds, seed=seed + 1)
    known = bool((judged.rows.people >= 0).any())
    target = judged.first.astype(np.float64)
    usable = np.ones(target.size, dtype=np.bool_)
    if rule is Rule.MAJORITY:
        target, usable = _majority(judged)
    found = np.full(target.size, np.nan)
    for prompt_fold in np.unique(prompts).tolist():
        for fold in np.unique(people).tolist() if known else [0]:
            test = (prompts == prompt_fold) & ((people == fold) | (not known))
            train = (prompts != prompt_fold) & ((people != fold) | (not known)) & usable
            model = learned(judged, np.flatnonzero(train), target, rule, penalty=penalty)
            if model is not None and test.any():
                score = model.score(judged.x[np.flatnonzero(test)])
                found[test] = np.where(score == 0.0, 0.5, (score > 0.0) == judged.first[test])
    return found


def _people_folds(judged: Judged, folds: int, seed: int) -> Ints:
    """Cut the annotators of each group on their own, so that every fold has some of a small one."""
    place = np.unique(judged.rows.people, return_inverse=True)[1]
    group = np.full(int(place.max(initial=-1)) + 1, -1, dtype=np.int64)
    np.maximum.at(group, place, judged.groups)
    found = np.zeros(place.size, dtype=np.int64)
    for code in np.unique(group).tolist():
        mask = group[place] == code
        found[mask] = grouped_folds(place[mask], folds, seed=seed)
    return found


def learned(judged: Judged, train: Ints, target: Floats, rule: Rule, *, penalty: float) -> Logistic | None:
    """Return a model of some rows; ``None`` where they teach nothing."""
    x, y = judged.x[train], target[train]
    if rule in (Rule.POOLED, Rule.MAJORITY) or not train.size:
        return logistic(x, y, penalty=penalty, intercept=False, iterations=_ITERATIONS)
    place = np.unique(judged.groups[train], return_inverse=True)[1]
    sizes = np.bincount(place).astype(np.float64)
    share = np.full(sizes.size, 1.0 / sizes.size)
    model = None
    for _ in range(_ROUNDS if rule is Rule.WORST and sizes.size > 1 else 1):
        weights = (share / sizes)[place] * train.size
        model = logistic(x, y, penalty=penalty, weights=weights, intercept=False, iterations=_ITERATIONS)
        if model is None:
            return None
        score = model.score(x)
        loss = np.bincount(place, weights=np.logaddexp(0.0, score) - y * score) / sizes
        share = share * np.exp(_STEP * (loss - loss.max()))
        share /= share.sum()
    return model


def _majority(judged: Judged) -> tuple[Floats, Bools]:
    place = np.unique(judged.pairs, return_inverse=True)[1]
    first = np.bincount(place, weights=judged.first) / np.bincount(place)
    return (first > 0.5)[place].astype(np.float64), (first != 0.5)[place]


def ceiling(first: Bools, pairs: Codes) -> Floats:
    """Return how often others agree with each judgment: the most that one answer for all can be expected to.

    Shape (rows,): the share of the other judgments of the same pair that say the same; NaN where there is no other.
    """
    place = np.unique(pairs, return_inverse=True)[1]
    n = np.bincount(place)[place].astype(np.float64)
    chose = np.bincount(place, weights=first)[place]
    same = np.where(first, chose, n - chose)
    return np.asarray(
        np.divide(same - 1.0, n - 1.0, out=np.full(n.size, np.nan), where=n > 1), dtype=np.float64
    )


def per_group(correct: Floats, groups: Codes) -> Mapping[int, Bools]:
    """Return the rows of each group with a result, by its code; rows without a group are in none."""
    known = np.isfinite(correct)
    return {int(code): known & (groups == code) for code in np.unique(groups[groups >= 0])}
