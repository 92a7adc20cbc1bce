"""Folds of cross-validation that keep groups whole: nobody is learned from and tested on."""

import heapq
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.stats.texts.tokens import Hashes, Ints, mixed

Codes: TypeAlias = NDArray[np.signedinteger[Any]]
Bools: TypeAlias = NDArray[np.bool_]


def grouped_folds(groups: Codes, folds: int, *, seed: int = 0) -> Ints:
    """Return a fold from 0 for each row, so that every group is in one fold and folds are of nearly equal size.

    Parameters
    ----------
    groups
        Code of each row's group, such as its user, shape (rows,).
    folds
        How many; there are fewer where there are fewer groups.
    seed
        Decides between groups of the same size.

    Raises
    ------
    ValueError
        Fewer than two folds are asked for.

    Notes
    -----
    The largest group goes to the smallest fold, then the next (Graham 1969, doi:10.1137/0117039).
    """
    if folds < 2:
        raise ValueError(f"there are at least two folds, not {folds}")
    distinct, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    drawn = draw(distinct, seed)
    fold_of = np.zeros(distinct.size, dtype=np.int64)
    heap = [(0, fold) for fold in range(min(folds, max(distinct.size, 1)))]
    for group in np.lexsort((drawn, -sizes)).tolist():
        size, fold = heapq.heappop(heap)
        fold_of[group] = fold
        heapq.heappush(heap, (size + int(sizes[group]), fold))
    return fold_of[place] if distinct.size else np.zeros(0, dtype=np.int64)


def train_and_test(folds: Ints) -> Iterator[tuple[Bools, Bools]]:
    """Yield the rows to learn from and those to test on, fold by fold."""
    for fold in range(int(folds.max(initial=-1)) + 1):
        test = folds == fold
        yield ~test, test


def draw(codes: NDArray[Any], seed: int) -> Hashes:
    """Return a number for each code that looks random and depends on code and seed alone."""
    return mixed(mixed(codes.astype(np.int64).view(np.uint64)) ^ mixed(np.full(1, seed, dtype=np.uint64)))
