"""Agreement of every two raters beyond chance, and its means within and between people and judges."""

from collections.abc import Mapping, Sequence
from itertools import combinations, combinations_with_replacement
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import buckets
from hcgov.stats.personal.leaving_out import Codes, Floats, Left

Votes: TypeAlias = NDArray[np.signedinteger[Any]]


@frozen
class Kappas:
    """Cohen's kappa of every two raters.

    Parameters
    ----------
    values
        Symmetric, ``None`` where two raters share no item or both give one label only; 1 on the diagonal.
    overlaps
        Items that both judged.
    """

    values: tuple[tuple[float | None, ...], ...]
    overlaps: tuple[tuple[int, ...], ...]


def pairwise_kappas(votes: Votes) -> Kappas:
    """Return Cohen's kappa of every two raters.

    Parameters
    ----------
    votes
        Category of each item by each rater, from 0; -1 where there is none. Shape (items, raters).

    Notes
    -----
    Cohen 1960, Educational and Psychological Measurement 20:37, equation 1; expected agreement is from the items
    that both judged.
    """
    found = _kappas(*_counts(votes, _categories(votes)))
    overlap = (votes >= 0).astype(np.float64)
    shared = np.rint(overlap.T @ overlap).astype(np.int64)
    values = tuple(
        tuple(
            1.0 if i == j else (float(value) if np.isfinite(value) else None) for j, value in enumerate(row)
        )
        for i, row in enumerate(found)
    )
    return Kappas(values=values, overlaps=tuple(tuple(row) for row in shared.tolist()))


def mean_kappas(
    votes: Votes, kinds: Sequence[str], people: Codes
) -> Mapping[tuple[str, str], Estimate | None]:
    """Return the mean kappa over pairs of raters, by the kinds of the two.

    Parameters
    ----------
    votes
        As for :func:`pairwise_kappas`.
    kinds
        Kind of each rater, such as ``human`` and ``judge``.
    people
        Person whom each item is about: people are the clusters. Shape (items,).

    Returns
    -------
    mapping
        From two kinds, in the order of the alphabet, to the mean over all their pairs with a jackknife over people;
        ``None`` where no pair has a kappa. Pairs without a kappa are left out.
    """
    kinds_there = sorted(set(kinds))
    pairs = {pair: _pairs(kinds, pair) for pair in combinations_with_replacement(kinds_there, 2)}
    categories = _categories(votes)
    place = buckets(people) if people.size else np.zeros(0, dtype=np.int64)
    whole = _counts(votes, categories)
    without = []
    for one in range(int(place.max(initial=-1)) + 1):
        part = _counts(votes[place == one], categories)
        without.append(_kappas(whole[0] - part[0], whole[1] - part[1], whole[2] - part[2]))
    full = _kappas(*whole)
    found: dict[tuple[str, str], Estimate | None] = {}
    for pair, (left, right) in pairs.items():
        usable = np.isfinite(full[left, right]) if left.size else np.zeros(0, dtype=np.bool_)
        i, j = left[usable], right[usable]
        if not i.size:
            found[pair] = None
            continue
        replicates = np.array([kappa[i, j].mean() for kappa in without])
        told = Left(
            whole=np.empty(0),
            without=np.empty((0, 0)),
            n=int(votes.shape[0]),
            people=int(np.unique(people[people >= 0]).size),
        )
        found[pair] = told.of(float(full[i, j].mean()), replicates, low=-1.0, high=1.0, aim=1.0)
    return found


def _pairs(kinds: Sequence[str], pair: tuple[str, str]) -> tuple[Codes, Codes]:
    both = [
        (i, j) for i, j in combinations(range(len(kinds)), 2) if tuple(sorted((kinds[i], kinds[j]))) == pair
    ]
    left, right = (
        np.array([i for i, _ in both], dtype=np.int64),
        np.array([j for _, j in both], dtype=np.int64),
    )
    return left, right


def _categories(votes: Votes) -> int:
    return int(votes.max(initial=0)) + 1


def _counts(votes: Votes, categories: int) -> tuple[Floats, Floats, Floats]:
    """Return items shared, items agreed on, and each rater's categories over the items shared with each other one."""
    there = (votes >= 0).astype(np.float64)
    raters = votes.shape[1]
    agreed = np.zeros((raters, raters))
    margins = np.zeros((categories, raters, raters))
    for category in range(categories):
        chosen = (votes == category).astype(np.float64)
        agreed += chosen.T @ chosen
        margins[category] = chosen.T @ there
    return there.T @ there, agreed, margins


def _kappas(shared: Floats, agreed: Floats, margins: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = agreed / shared
        expected = (margins * margins.transpose(0, 2, 1)).sum(axis=0) / shared**2
        found = (observed - expected) / (1.0 - expected)
    found[expected > 1.0 - 1e-12] = np.nan
    return np.asarray(found, dtype=np.float64)
