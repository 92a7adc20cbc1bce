"""What people of different groups agree on: group-informed consensus, and approval that no camp explains."""

import math
from collections.abc import Sequence

import numpy as np

from hcgov.core.frozen import frozen
from hcgov.stats.preferences.contests import Codes, Floats
from hcgov.stats.special import beta_quantile

LAMBDA_FACTOR = 0.03
LAMBDA_INTERCEPT = 5.0 * LAMBDA_FACTOR
"""Penalties of Community Notes: intercepts cost five times as much, so that camps explain what they can."""
ROUNDS = 100


@frozen
class Consensus:
    """Group-informed consensus about one item.

    Parameters
    ----------
    product
        Product over groups of (agreeing + 1) / (seen + 2).
    geometric_mean
        Its root, so that two and five groups are comparable.
    groups
        For each group the posterior mean and the ends of its two-sided posterior interval.
    """

    product: float
    geometric_mean: float
    groups: tuple[tuple[float, float, float], ...]

    @property
    def lowest(self) -> float:
        """The smallest lower end of any group: common ground needs it to be high."""
        return min(low for _, low, _ in self.groups)


def group_informed_consensus(
    agree: Sequence[float], seen: Sequence[float], *, level: float = 0.90
) -> Consensus | None:
    """Return the consensus about an item from the people of each group who agree and who saw it.

    Parameters
    ----------
    agree, seen
        One entry a group, 0 <= agree <= seen, in people (or what rows are worth in people).
    level
        Of the posterior intervals, in (0, 1); 0.90 has one-sided ends of 95 %.

    Returns
    -------
    Consensus or None
        ``None`` without groups.

    Raises
    ------
    ValueError
        Counts or level are out of range.

    Notes
    -----
    prod_g (A_g + 1) / (S_g + 2), as Polis computes it (Small et al. 2021, doi:10.6035/recerca.5516): posterior means
    under a uniform prior; intervals are those of Beta(A_g + 1, S_g - A_g + 1).
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"a level lies in (0, 1), not {level}")
    if len(agree) != len(seen) or any(
        not 0.0 <= a <= s < math.inf for a, s in zip(agree, seen, strict=False)
    ):
        raise ValueError("those who agree are some of those who saw it")
    if not agree:
        return None
    tail = (1.0 - level) / 2.0
    groups = tuple(
        (
            (a + 1.0) / (s + 2.0),
            beta_quantile(tail, a + 1.0, s - a + 1.0),
            beta_quantile(1.0 - tail, a + 1.0, s - a + 1.0),
        )
        for a, s in zip(agree, seen, strict=True)
    )
    product = math.prod(mean for mean, _, _ in groups)
    return Consensus(product=product, geometric_mean=product ** (1.0 / len(groups)), groups=groups)


@frozen
class Bridged:
    """A factorisation of ratings: r = mu + i_u + i_n + f_u f_n.

    Parameters
    ----------
    mean
        mu.
    rater_intercept, rater_factor, item_intercept, item_factor
        By code. An item's intercept is the approval that remains once the camps, the factors, are taken off. The sign
        of the factors is fixed so that the factor with the largest magnitude among raters is positive.
    low, high
        Ends of each item's intercept when one more rater of any kind had rated it.
    converged
        Whether the rounds sufficed.
    """

    mean: float
    rater_intercept: Floats
    rater_factor: Floats
    item_intercept: Floats
    item_factor: Floats
    low: Floats
    high: Floats
    converged: bool


def bridge(
    raters: Codes, items: Codes, ratings: Floats, *, factor: float = LAMBDA_FACTOR, seed: int = 0
) -> Bridged | None:
    """Factorise ratings by alternating least squares.

    Parameters
    ----------
    raters, items
        Codes from 0, shape (n,).
    ratings
        In [0, 1]: 1 for helpful, agree or preferred, 0 for its opposite.
    factor
        Penalty of the factors; that of intercepts is five times as large.
    seed
        Of the first factors.

    Returns
    -------
    Bridged or None
        ``None`` with fewer than two raters or items, or where all ratings are the same.

    Raises
    ------
    ValueError
        A rating is out of range.

    Notes
    -----
    Wojcik et al. 2022 (arXiv:2210.15723): mean squared error plus lambda times the mean square of each kind of
    parameter. One dimension, as there. Bounds are those of pseudo-raters: to each item one rating, 0 or 1, of a rater
    with an extreme or middle intercept and factor is added, its intercept and factor are solved again, and the
    smallest and largest intercept are kept.
    """
    if ratings.size and not (float(ratings.min()) >= 0.0 and float(ratings.max()) <= 1.0):
        raise ValueError("ratings lie in [0, 1]")
    if np.unique(raters).size < 2 or np.unique(items).size < 2 or np.ptp(ratings) == 0.0:
        return None
    solver = _Solver(
        raters=raters,
        items=items,
        ratings=np.asarray(ratings, dtype=np.float64),
        of_raters=_penalties(raters, factor),
        of_items=_penalties(items, factor),
    )
    return solver.solve(seed)


def _penalties(codes: Codes, factor: float) -> tuple[int, float, float]:
    """Return the number of codes and the penalties of one intercept and one factor, in sums of squares."""
    size = int(codes.max()) + 1
    each = codes.size / np.unique(codes).size
    return size, 5.0 * factor * each, factor * each


@frozen
class _Solver:
    raters: Codes
    items: Codes
    ratings: Floats
    of_raters: tuple[int, float, float]
    of_items: tuple[int, float, float]

    def solve(self, seed: int) -> Bridged:
        """Alternate between raters, items and the mean until nothing moves."""
        generator = np.random.default_rng(seed)
        mean = float(self.ratings.mean())
        rater = np.zeros((2, self.of_raters[0]))
        rater[1] = generator.normal(0.0, 0.3, self.of_raters[0])
        item = np.zeros((2, self.of_items[0]))
        converged = False
        for _ in range(ROUNDS):
            before = item.copy()
            item = _sided(
                self.items, self.of_items, rater[1][self.raters], self.ratings - mean - rater[0][self.raters]
            )
            rater = _sided(
                self.raters, self.of_raters, item[1][self.items], self.ratings - mean - item[0][self.items]
            )
            told = rater[0][self.raters] + item[0][self.items] + rater[1][self.raters] * item[1][self.items]
            mean = float((self.ratings - told).mean()) / (1.0 + 5.0 * LAMBDA_FACTOR)
            if float(np.abs(item - before).max()) < 1e-5:
                converged = True
                break
        if rater[1][np.abs(rater[1]).argmax()] < 0.0:
            rater[1], item[1] = -rater[1], -item[1]
        low, high = self._bounds(mean, rater)
        return Bridged(
            mean=mean,
            rater_intercept=rater[0],
            rater_factor=rater[1],
            item_intercept=item[0],
            item_factor=item[1],
            low=np.minimum(low, item[0]),
            high=np.maximum(high, item[0]),
            converged=converged,
        )

    def _bounds(self, mean: float, rater: Floats) -> tuple[Floats, Floats]:
        found = []
        size = self.of_items[0]
        for intercept in (float(rater[0].min()), 0.0, float(rater[0].max())):
            for factor in (float(rater[1].min()), 0.0, float(rater[1].max())):
                for rating in (0.0, 1.0):
                    codes = np.concatenate([self.items, np.arange(size)])
                    x = np.concatenate([rater[1][self.raters], np.full(size, factor)])
                    y = np.concatenate(
                        [
                            self.ratings - mean - rater[0][self.raters],
                            np.full(size, rating - mean - intercept),
                        ]
                    )
                    found.append(_sided(codes, self.of_items, x, y)[0])
        return np.min(found, axis=0), np.max(found, axis=0)


def _sided(codes: Codes, penalties: tuple[int, float, float], x: Floats, y: Floats) -> Floats:
    """Return the intercept and factor of every code: ridge regressions of y on 1 and x, two unknowns each."""
    size, of_intercept, of_factor = penalties
    n = np.bincount(codes, minlength=size) + of_intercept
    sx, sxx = np.bincount(codes, x, size), np.bincount(codes, x * x, size) + of_factor
    sy, sxy = np.bincount(codes, y, size), np.bincount(codes, x * y, size)
    determinant = n * sxx - sx * sx
    return np.stack([(sxx * sy - sx * sxy) / determinant, (n * sxy - sx * sy) / determinant])
