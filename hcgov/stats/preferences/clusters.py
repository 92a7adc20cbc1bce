"""Groups of opinion: people who choose alike, found without asking who they are, and whether they are more than chance.

The way of Polis (Small et al. 2021, Recerca 26:2, doi:10.6035/recerca.5516): a matrix of people and items, centred by
item, projected on a few principal components, k-means with k by silhouette. Here groups count only where they come
back when people are drawn again, where chance could not have made them as distinct, where they tell choices that they
were not found on, and where fewer people stand between them than within.
"""

import numpy as np
from scipy.sparse import csr_array

from hcgov.core.frozen import frozen
from hcgov.stats.preferences.contests import Codes
from hcgov.stats.preferences.heterogeneity import choice_test
from hcgov.stats.preferences.kmeans import adjusted_rand, best_k, nearest, valley
from hcgov.stats.preferences.projection import (
    Singles,
    Votes,
    centred_by_item,
    principal_axes,
    projected,
    table_of,
)

MOST_PEOPLE = 3000
"""People on whom stability and chance are examined; of more, a seeded sample."""
STABLE = 0.8
"""Least adjusted Rand index between groups found in all and in redrawn people."""
MASKED = 0.5
"""From this adjusted Rand index with groups by what people answered at all, they are no groups of opinion."""


@frozen
class Clustering:
    """Groups of opinion and the evidence for them.

    Parameters
    ----------
    people
        Codes of the people who could be placed, ascending.
    labels
        Group of each from 0, the largest group first; all 0 where there are no groups.
    k
        How many groups there are evidence for: 1 is none.
    proposed
        How many k-means proposed.
    silhouette
        Of the proposal, in [-1, 1].
    stability
        Median adjusted Rand index with groups found in redrawn people.
    p
        Share of data with permuted items whose silhouette is as large.
    p_held_out
        P-value of groups found on one half of the items telling choices on the other half; ``None`` where that cannot
        be tested, and then there is no evidence of groups.
    p_between
        P-value of there being as many people midway between two neighbouring groups as at the heart of either: what a
        spectrum without groups looks like. The largest over neighbours.
    masked
        Adjusted Rand index with groups found by what people answered at all.
    items
        Items that entered.
    left_out
        People with too few answers to be placed.
    """

    people: Codes
    labels: Codes
    k: int
    proposed: int
    silhouette: float
    stability: float
    p: float
    p_held_out: float | None
    p_between: float
    masked: float
    items: int
    left_out: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """People in each group."""
        return tuple(int(n) for n in np.bincount(self.labels, minlength=self.k))


def clusters(
    votes: Votes,
    *,
    most: int = 5,
    least_answers: int = 5,
    draws: int = 39,
    redraws: int = 20,
    smallest: float = 0.05,
    seed: int = 0,
) -> Clustering | None:
    """Return groups of opinion, and one group where the evidence for more is not there.

    Parameters
    ----------
    votes
        Choices; people without a code are left out beforehand.
    most
        Largest number of groups tried, 2 to 5.
    least_answers
        People with fewer answers about items that others answered too are not placed.
    draws
        Permutations of items, at least 39.
    redraws
        Samples of people with replacement.
    smallest
        Least share of people in a group.
    seed
        Of everything that is drawn.

    Returns
    -------
    Clustering or None
        ``None`` where fewer than ten people answered enough items, or no item divides them.

    Notes
    -----
    Silhouette: Rousseeuw 1987 (doi:10.1016/0377-0427(87)90125-7). k-means++: Arthur and Vassilvitskii 2007. Stability
    by the bootstrap: Hennig 2007 (doi:10.1016/j.csda.2006.11.025). The projection of a person with few answers is
    stretched by sqrt(items / answers), as Polis does, lest people be grouped by how much they answered.
    """
    if draws < 39 or not 2 <= most <= 5:
        raise ValueError("at least 39 permutations and two to five groups are tried")
    table = table_of(votes, least_answers)
    if table is None:
        return None
    generator = np.random.default_rng(seed)
    matrix, people, left_out = table
    sample = _sample(matrix, generator)
    found = _grouped(matrix, most, generator)
    seen = _grouped(sample, most, generator) if sample is not matrix else found
    p, stability = _chance(sample, seen, most, draws, generator), _stability(sample, seen, redraws, generator)
    masked = _masked(sample, seen, generator)
    held_out = _held_out(matrix, found.k, generator, seed)
    shares = np.bincount(found.labels) / found.labels.size
    real = stability >= STABLE and p < 0.05 and masked < MASKED and shares.min() >= smallest
    between = valley(found.points[:, : found.centres.shape[1]], found.centres)
    real = real and between < 0.05 and held_out is not None and held_out < 0.05
    order = np.argsort(-np.bincount(found.labels), kind="stable")
    labels = np.argsort(order)[found.labels] if real else np.zeros(people.size, dtype=np.int64)
    return Clustering(
        people=people,
        labels=labels,
        k=found.k if real else 1,
        proposed=found.k,
        silhouette=found.silhouette,
        stability=stability,
        p=p,
        p_held_out=held_out,
        p_between=between,
        masked=masked,
        items=int(matrix.shape[1]),
        left_out=left_out,
    )


@frozen
class _Grouped:
    """A proposal: where people stand, the axes, and their groups."""

    points: Singles
    axes: Singles
    labels: Codes
    centres: Singles
    k: int
    silhouette: float


def _grouped(matrix: csr_array, most: int, generator: np.random.Generator, starts: int = 3) -> _Grouped:
    """Propose groups: for k groups, the first k - 1 principal components (two at least), where k groups differ."""
    centred = centred_by_item(matrix)
    axes = principal_axes(centred, max(2, most - 1), generator)
    points = projected(centred, axes)
    labels, centres, k, silhouette = best_k(points, most, generator, starts)
    return _Grouped(points=points, axes=axes, labels=labels, centres=centres, k=k, silhouette=silhouette)


def _sample(matrix: csr_array, generator: np.random.Generator) -> csr_array:
    if matrix.shape[0] <= MOST_PEOPLE:
        return matrix
    some = matrix[np.sort(generator.choice(matrix.shape[0], MOST_PEOPLE, replace=False))]
    return some[:, np.flatnonzero(np.bincount(some.indices, minlength=some.shape[1]) >= 2)]


def _chance(
    matrix: csr_array, seen: _Grouped, most: int, draws: int, generator: np.random.Generator
) -> float:
    """Return how often items whose answers change owners give a silhouette as large; who answered what stays."""
    order = np.argsort(matrix.indices, kind="stable")
    item, larger = matrix.indices[order], 0
    for _ in range(draws):
        data = np.empty_like(matrix.data)
        shuffled = np.lexsort((generator.random(item.size), item))
        data[order] = matrix.data[order][shuffled]
        null = csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
        larger += _grouped(null, most, generator, starts=2).silhouette >= seen.silhouette
    return (1 + larger) / (1 + draws)


def _stability(matrix: csr_array, seen: _Grouped, redraws: int, generator: np.random.Generator) -> float:
    """Return the median adjusted Rand index of groups found in redrawn people, told of all."""
    centred, found = centred_by_item(matrix), []
    for _ in range(redraws):
        drawn = matrix[generator.integers(0, matrix.shape[0], matrix.shape[0])]
        other = _grouped_into(drawn, seen.k, seen.axes.shape[1], generator)
        points = projected(centred, other.axes)[:, : other.centres.shape[1]]
        found.append(adjusted_rand(nearest(points, other.centres), seen.labels))
    return float(np.median(found))


def _grouped_into(matrix: csr_array, k: int, dimensions: int, generator: np.random.Generator) -> _Grouped:
    centred = centred_by_item(matrix)
    axes = principal_axes(centred, dimensions, generator)
    points = projected(centred, axes)
    labels, centres, _, silhouette = best_k(points, k, generator, 3, least=k)
    return _Grouped(points=points, axes=axes, labels=labels, centres=centres, k=k, silhouette=silhouette)


def _masked(matrix: csr_array, seen: _Grouped, generator: np.random.Generator) -> float:
    """Return how far the groups are those of who answered what."""
    if matrix.nnz == matrix.shape[0] * matrix.shape[1]:
        return 0.0
    share = np.bincount(matrix.indices, minlength=matrix.shape[1]) / matrix.shape[0]
    data = (1.0 - share[matrix.indices]).astype(np.float32)
    mask = csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
    points = np.asarray(mask @ principal_axes(mask, seen.axes.shape[1], generator), dtype=np.float32)
    return adjusted_rand(best_k(points, seen.k, generator, 3, least=seen.k)[0], seen.labels)


def _held_out(matrix: csr_array, k: int, generator: np.random.Generator, seed: int) -> float | None:
    """Find groups on half of the items and test whether they tell choices on the other half."""
    half = generator.permutation(matrix.shape[1])
    found_on, tested_on = half[: half.size // 2], half[half.size // 2 :]
    if found_on.size < 2 or tested_on.size < 2:
        return None
    labels = _grouped_into(matrix[:, np.sort(found_on)], k, max(2, k - 1), generator).labels
    rest = matrix[:, np.sort(tested_on)].tocoo()
    row, column = rest.coords
    test = choice_test(np.rint(rest.data).astype(np.int64), row, column, labels[row], draws=99, seed=seed)
    return None if test is None else test.p
