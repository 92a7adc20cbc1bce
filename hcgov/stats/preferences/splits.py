"""Splits without leakage, and integer copies in place of weights."""

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Codes, Floats
from hcgov.stats.texts.folds import draw
from hcgov.stats.texts.tokens import Ints

TRAIN, TEST, BETWEEN = 0, 1, -1


@frozen
class Split:
    """Which rows train and which test.

    Parameters
    ----------
    part
        :data:`TRAIN`, :data:`TEST`, or :data:`BETWEEN` for rows that would leak: their annotator or prompt is on the
        other side; shape (rows,).
    how
        ``none`` (all train), ``prompts`` (nobody knows who chose), ``apart`` (annotators and prompts fall into parts
        that share nothing: no row is lost) or ``crossed``.
    """

    part: Ints
    how: str


def two_way_split(people: Codes, prompts: Codes, share: float, *, seed: int = 0) -> Split:
    """Split rows so that no annotator and no prompt is on both sides.

    Parameters
    ----------
    people
        Code of each row's annotator; negative where nobody knows, and such a row leaks unless all are unknown.
    prompts
        Code of each row's prompt, or of the cluster of prompts that are nearly the same.
    share
        Of the annotators and of the prompts that test, in [0, 0.5]; 0 splits nothing.
    seed
        Which of them.

    Raises
    ------
    ValueError
        The share is out of its range.

    Notes
    -----
    Where annotators and prompts form many components without a common row, whole components are drawn until they hold
    the share of rows. Else annotators and prompts are drawn each on their own: a row of a testing annotator and a
    training prompt, or the other way round, is left out.
    """
    if not 0.0 <= share <= 0.5:
        raise ValueError(f"at most half of the data can test, not {share}")
    if share == 0.0 or not prompts.size:
        return Split(part=np.full(prompts.size, TRAIN, dtype=np.int64), how="none")
    test_prompt = _drawn(prompts, share, seed)
    if not (people >= 0).any():
        return Split(part=np.where(test_prompt, TEST, TRAIN), how="prompts")
    component = _components(people, prompts)
    sizes = np.bincount(component)
    nobody = people < 0
    if sizes.max() <= 0.5 * prompts.size:
        order = np.argsort(draw(np.arange(sizes.size), seed))
        before = np.cumsum(sizes[order]) - sizes[order]
        tests = np.zeros(sizes.size, dtype=np.bool_)
        tests[order] = before < share * prompts.size
        part = np.where(tests[component], TEST, TRAIN)
        return Split(part=np.where(nobody, BETWEEN, part), how="apart")
    test_person = _drawn(people, share, seed + 1)
    part = np.where(test_prompt & test_person, TEST, np.where(test_prompt | test_person, BETWEEN, TRAIN))
    return Split(part=np.where(nobody, BETWEEN, part), how="crossed")


def integer_copies(weights: Floats, *, seed: int = 0) -> Ints:
    """Return how many copies of each row stand for its weight, so that copies are expected to be as the weights.

    Parameters
    ----------
    weights
        At least 0 and finite, shape (rows,); they are scaled to a mean of 1.
    seed
        Of the start and the order.

    Raises
    ------
    ValueError
        A weight is out of its range, or all are 0.

    Notes
    -----
    Systematic sampling in random order (Madow and Madow 1944, doi:10.1214/aoms/1177731312): each row gets its scaled
    weight rounded up or down, and all together get as many copies as there are rows.
    """
    if not (np.isfinite(weights) & (weights >= 0.0)).all():
        raise ValueError("weights are finite and not negative")
    total = float(weights.sum())
    if total <= 0.0:
        raise ValueError("weights sum to zero")
    n = weights.size
    order = np.argsort(draw(np.arange(n), seed))
    start = float(draw(np.array([n]), seed + 1)[0] >> np.uint64(11)) / 2.0**53
    reached = np.floor(np.cumsum(weights[order]) * (n / total) + start + 1e-9)
    reached[-1] = np.floor(n + start + 1e-9)
    copies = np.zeros(n, dtype=np.int64)
    copies[order] = np.diff(reached, prepend=np.floor(start + 1e-9)).astype(np.int64)
    return copies


def _drawn(codes: Codes, share: float, seed: int) -> "np.typing.NDArray[np.bool_]":
    """Say of each row whether its code is among the share that is drawn: at least one, never all of several."""
    distinct, place = np.unique(codes, return_inverse=True)
    most = max(distinct.size - 1, 0)
    wanted = min(max(round(share * distinct.size), 1), most)
    chosen = np.zeros(distinct.size, dtype=np.bool_)
    chosen[np.argsort(draw(distinct, seed))[:wanted]] = True
    return np.asarray(chosen[place], dtype=np.bool_)


def _components(people: Codes, prompts: Codes) -> Ints:
    who = np.unique(people, return_inverse=True)[1]
    what = np.unique(prompts, return_inverse=True)[1]
    size = int(who.max()) + int(what.max()) + 2
    known = people >= 0
    graph = sparse.coo_array(
        (np.ones(int(known.sum())), (who[known], what[known] + int(who.max()) + 1)), (size, size)
    )
    of = connected_components(graph, directed=False)[1]
    return np.asarray(np.unique(of[what + int(who.max()) + 1], return_inverse=True)[1], dtype=np.int64)
