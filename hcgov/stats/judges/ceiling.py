"""Agreement of a judge with people beside that of people among themselves, each person held against the others."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.stats.crossed import Floats, Rows, buckets, of_sums, ranked

Ints = NDArray[np.int64]


@frozen
class Ceiling:
    """Three estimates over the same judgments.

    Parameters
    ----------
    judge
        Agreement of the judge with people.
    people
        Agreement of people with one another: the ceiling.
    deficit
        The ceiling minus the judge: above 0 the judge agrees less.
    """

    judge: Estimate
    people: Estimate
    deficit: Estimate


@frozen
class Others:
    """What the other people said about what each judgment is about.

    Parameters
    ----------
    several
        Whether anybody else judged the same, shape (n,); where not, the other fields mean nothing.
    same
        Share of the others who gave the same label.
    with_judge
        Share of the others who gave the judge's label.
    """

    several: NDArray[np.bool_]
    same: Floats
    with_judge: Floats


def others(units: Ints, labels: Ints, judge: Ints, *, kinds: int) -> Others:
    """Return how many of the others agree with each person, and with the judge.

    Parameters
    ----------
    units, labels
        What each person judged and the label, codes from 0, shape (n,).
    judge
        The judge's label about the same, shape (n,).
    kinds
        Number of labels.
    """
    size = int(units.max(initial=-1)) + 1
    rest = np.bincount(units, minlength=size)[units] - 1
    table = np.bincount(units * kinds + labels, minlength=size * kinds)
    several = rest > 0
    safe = np.where(several, rest, 1)
    same = (table[units * kinds + labels] - 1) / safe
    with_judge = (table[units * kinds + judge] - (labels == judge)) / safe
    return Others(several=several, same=same, with_judge=with_judge)


def of_labels(
    found: Others, labels: Ints, judge: Ints, rows: Rows, *, kinds: int, chance: bool = True
) -> Ceiling | None:
    """Return agreement on labels: Gwet's AC1, or plain agreement.

    Parameters
    ----------
    found
        From :func:`others`; rows of whom nobody else judged the same are left out.
    labels, judge, rows
        As there, with people and items.
    kinds
        Number of labels that there are, used or not.
    chance
        Whether agreement by chance is taken off.

    Returns
    -------
    Ceiling or None
        ``None`` where no two people judged the same.

    Notes
    -----
    AC1 = (p - e) / (1 - e), e = sum_k pi_k (1 - pi_k) / (K - 1), pi_k the mean share of label k among both raters:
    Gwet 2008, British Journal of Mathematical and Statistical Psychology 61:29 (doi:10.1348/000711006X126600). Both
    are held against the same others, each person left out once, so that a majority that contains a person's own
    vote flatters nobody.
    """
    keep = found.several
    if not keep.any():
        return None
    own, given = labels[keep], judge[keep]
    ones = np.ones(own.size)
    people, model = np.eye(kinds)[own], np.eye(kinds)[given]
    terms = np.column_stack([ones, found.with_judge[keep], found.same[keep], people, model])

    def corrected(sums: Floats, at: int) -> Floats:
        agreed = sums[..., at] / sums[..., 0]
        if not chance or kinds < 2:
            return np.asarray(agreed)
        share = sums[..., 3 : 3 + kinds] / sums[..., :1]
        if at == 1:
            share = (share + sums[..., 3 + kinds :] / sums[..., :1]) / 2.0
        by_chance = (share * (1.0 - share)).sum(axis=-1) / (kinds - 1)
        return np.asarray((agreed - by_chance) / (1.0 - by_chance))

    return _three(terms, rows.where(keep), lambda s: corrected(s, 1), lambda s: corrected(s, 2))


def of_scores(units: Ints, scores: Floats, judge: Floats, rows: Rows) -> Ceiling | None:
    """Return Spearman's correlation of the judge, and of each person, with the mean of the other people.

    Parameters
    ----------
    units, scores
        What each person judged and the score, shape (n,).
    judge
        The judge's score of the same.
    rows
        People and items.

    Returns
    -------
    Ceiling or None
        ``None`` where no two people judged the same. Without values where scores are constant.

    Notes
    -----
    Ranks are taken once, over all rows; the correlation of ranks is a function of sums, so that its error comes
    from leaving people and items out (:func:`hcgov.stats.crossed.of_sums`).
    """
    size = int(units.max(initial=-1)) + 1
    count = np.bincount(units, minlength=size)[units]
    keep = count > 1
    if not keep.any():
        return None
    total = np.bincount(units, weights=scores, minlength=size)[units]
    mean = (total[keep] - scores[keep]) / (count[keep] - 1)
    a, b, c = (_centred_ranks(one) for one in (judge[keep], scores[keep], mean))
    terms = np.column_stack([np.ones(a.size), a, b, c, a * a, b * b, c * c, a * c, b * c])

    def correlation(sums: Floats, at: int) -> Floats:
        n, x, y = sums[..., 0], sums[..., at], sums[..., 3]
        covariance = n * sums[..., at + 6] - x * y
        left, right = n * sums[..., at + 3] - x * x, n * sums[..., 6] - y * y
        scale = 1e-9 * n * n * n * n
        known = (left > scale) & (right > scale)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(known, covariance / np.sqrt(left * right), np.nan))

    return _three(terms, rows.where(keep), lambda s: correlation(s, 1), lambda s: correlation(s, 2))


def midranks(values: Floats) -> Floats:
    """Return ranks from 1, equal values sharing the mean of theirs, shape (n,)."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[place], dtype=np.float64)


def _centred_ranks(values: Floats) -> Floats:
    ranks = midranks(np.round(values, 9))
    return np.asarray(ranks - ranks.mean())


def _three(
    terms: Floats, rows: Rows, judge: Callable[[Floats], Floats], people: Callable[[Floats], Floats]
) -> Ceiling:
    cells, where = _condensed(terms, rows)
    n, who = int(terms.shape[0]), rows.distinct_people

    def estimate(value: Callable[[Floats], Floats], low: float, high: float, aim: float) -> Estimate:
        found = of_sums(cells, where, value, low=low, high=high, aim=aim)
        return replace(found, n=n, n_eff=float(n), people=who)

    return Ceiling(
        judge=estimate(judge, -1.0, 1.0, 1.0),
        people=estimate(people, -1.0, 1.0, 1.0),
        deficit=estimate(lambda s: people(s) - judge(s), -2.0, 2.0, -2.0),
    )


def _condensed(terms: Floats, rows: Rows) -> tuple[Floats, Rows]:
    """Return the sums of rows that stand in the same buckets of people and items: all that a jackknife needs."""
    side = buckets(rows.people)
    other = np.zeros_like(side) if rows.items is None else buckets(rows.items)
    width = int(other.max()) + 1
    cell, place = ranked(side * width + other)
    sums = np.stack([np.bincount(place, weights=column) for column in terms.T], axis=1)
    return np.asarray(sums, dtype=np.float64), Rows(
        people=cell // width, items=None if rows.items is None else cell % width
    )
