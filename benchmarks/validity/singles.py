"""Rates judged alone, by enumeration: one rate, and every slice's own rate (worst slice)."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import binom

from benchmarks.validity.grid import LEVELS, Cell, Grid
from benchmarks.validity.truths import Shape, Truth


def decide_one(n: int, limit: float, alpha: float, comparisons: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return which counts pass "at least ``limit``" and which fail it, by Clopper and Pearson's test.

    The lower bound reaches the limit where so many events or more have probability alpha or less at the limit;
    the upper one stays below it where so many or fewer have less than alpha, divided by the comparisons.
    """
    x = np.arange(n + 1)
    passes = binom.sf(x - 1, n, limit) <= alpha
    if not passes[-1]:  # not even a perfect sample could pass: the slice is too small
        return passes, np.zeros_like(passes)
    return passes, binom.cdf(x, n, limit) < alpha / comparisons


def single_rates(grid: Grid) -> Iterator[Cell]:
    """Yield a rate exactly at its limit, at least and at most (the mirror image)."""
    for n in grid.sizes:
        for limit in grid.rates:
            for safety, level in LEVELS.items():
                passes, fails = decide_one(n, limit, 1.0 - level)
                at_limit = binom.pmf(np.arange(n + 1), n, limit)
                yield Cell(
                    rule="single rate", safety=safety, slices=1, n=n,
                    truth=Truth(p=limit, steps=1, shape=Shape.ONE),
                    passes=float(at_limit @ passes), fails=float(at_limit @ fails),
                )  # fmt: skip


def worst_slices(grid: Grid) -> Iterator[Cell]:
    """Yield the worst slice exactly at the limit: the others perfect (false PASS), or all there (false FAIL)."""
    for n in grid.sizes:
        for slices in grid.slices:
            for limit in grid.rates:
                for safety, level in LEVELS.items():
                    passes, fails = decide_one(n, limit, 1.0 - level, slices)
                    at_limit = binom.pmf(np.arange(n + 1), n, limit)
                    one_passes, one_fails = float(at_limit @ passes), float(at_limit @ fails)
                    yield Cell(
                        rule="worst slice", safety=safety, slices=slices, n=n,
                        truth=Truth(p=limit, steps=1, shape=Shape.ONE),
                        passes=one_passes, fails=one_fails,
                    )  # fmt: skip
                    yield Cell(
                        rule="worst slice", safety=safety, slices=slices, n=n,
                        truth=Truth(p=limit, steps=1, shape=Shape.HALVES),
                        passes=one_passes**slices, fails=1.0 - (1.0 - one_fails) ** slices,
                    )  # fmt: skip


def both_odds(gaps: list[Cell]) -> Iterator[Cell]:
    """Yield equalised odds from the cells of one of its gaps: the two rates stand on different people.

    ``n`` is then the positives, and the negatives, of each slice. Only one gap at the limit beside none
    (the more dangerous for PASS), and both at it (the more dangerous for FAIL).
    """
    even = {(c.safety, c.slices, c.n, c.truth.p): c for c in gaps if c.truth.steps == 0}
    for cell in gaps:
        other = even[cell.safety, cell.slices, cell.n, cell.truth.p]
        for beside in (other, cell) if cell.truth.steps else (other,):
            yield Cell(
                rule="equalised odds", safety=cell.safety, slices=cell.slices, n=cell.n, truth=cell.truth,
                passes=cell.passes * beside.passes, fails=1.0 - (1.0 - cell.fails) * (1.0 - beside.fails),
                draws=cell.draws,
            )  # fmt: skip
