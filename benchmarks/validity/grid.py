"""The grid, one row a measured cell: exact where two slices meet, simulated where more do."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np
from scipy.stats import binom

from benchmarks.validity import families
from benchmarks.validity.families import Design, Scored
from benchmarks.validity.scores import Array, Comparison
from benchmarks.validity.truths import Shape, Truth, rates, rates_against_the_rest

LEVELS = {"standard": 0.95, "strict": 0.965}
GAP = Comparison(limit=0.10)
RATIO = Comparison(limit=0.80, ratio=True)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """What is varied, and how often each cell is drawn."""

    sizes: tuple[int, ...] = (50, 100, 200, 400, 800, 1600)
    slices: tuple[int, ...] = (2, 4, 8, 16)
    rates: tuple[float, ...] = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
    draws: int = 20_000
    seed: int = 20_261_121


QUICK = Grid(sizes=(50, 200), slices=(2, 4), rates=(0.05, 0.5), draws=1_000)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How often a control passes and fails under one truth.

    Parameters
    ----------
    rule, safety
        What is judged, at which of :data:`LEVELS`.
    slices, n, truth
        Slices, people in each, and their rates.
    passes, fails
        Shares of draws; exact where ``draws`` is 0.
    """

    rule: str
    safety: str
    slices: int
    n: int
    truth: Truth
    passes: float
    fails: float
    draws: int = 0

    def error(self, share: float) -> float:
        """Return the Monte-Carlo standard error of one of the shares."""
        return float(np.sqrt(share * (1.0 - share) / self.draws)) if self.draws else 0.0


def truths(grid: Grid, slices: int, shapes: tuple[Shape, ...]) -> Iterator[Truth]:
    """Yield every truth: no disparity, at the limit in each shape, and twice as far."""
    for p in grid.rates:
        yield Truth(p=p, steps=0, shape=Shape.ONE)
        for shape in shapes if slices > 2 else (Shape.ONE,):
            yield Truth(p=p, steps=1, shape=shape)
        yield Truth(p=p, steps=2, shape=Shape.ONE)


def all_pairs(grid: Grid, comparison: Comparison, rule: str, sharing: int = 1) -> Iterator[Cell]:
    """Yield the cells of all ordered pairs; ``sharing`` such families share the error of accusing."""
    for n in grid.sizes:
        for slices in grid.slices:
            _tell(rule, n, slices)
            for truth in truths(grid, slices, tuple(Shape)):
                draw = _two_exactly if slices == 2 else _pairs_drawn
                yield from draw(grid, comparison, rule, slices, n, truth, sharing)


def against_the_rest(grid: Grid, comparison: Comparison, rule: str) -> Iterator[Cell]:
    """Yield the cells of slices against their complements; of two slices these are the pairs."""
    for n in grid.sizes:
        for slices in grid.slices:
            _tell(rule, n, slices)
            for truth in truths(grid, slices, (Shape.ONE, Shape.HALVES)):
                draw = _two_exactly if slices == 2 else _rest_drawn
                yield from draw(grid, comparison, rule, slices, n, truth)


@cache
def _table(comparison: Comparison, n: int) -> Array:
    """Return the score of every pair of counts of two slices of equal size."""
    x = np.arange(n + 1.0)
    return comparison.score(x[:, None], float(n), x[None, :], float(n))


@cache
def _pooled(comparison: Comparison, n: int, level: float) -> families.Mask:
    """Return whether equal rates could pass, by the events of both slices together."""
    events = np.arange(2 * n + 1.0)
    return comparison.resolvable(events / 2.0, float(n), events / 2.0, float(n), level)


def _looked_up(design: Design, comparison: Comparison, x: Array, level: float) -> Scored:
    n = design.sizes[0]
    counts = x.astype(np.int32)
    one, other = (counts[:, [pair[side] for pair in design.pairs]] for side in (0, 1))
    pooled = _pooled(comparison, n, level)
    resolvable = np.ones((1, 1), dtype=bool) if pooled.all() else pooled[one + other]
    return Scored(score=_table(comparison, n).ravel()[one * (n + 1) + other], resolvable=resolvable)


def _two_exactly(
    grid: Grid, comparison: Comparison, rule: str, slices: int, n: int, truth: Truth, sharing: int = 1
) -> Iterator[Cell]:
    """Enumerate every outcome of two slices."""
    x = np.arange(n + 1)
    worse, better = rates(truth, comparison, slices)
    first, second = binom.pmf(x, n, worse), binom.pmf(x, n, better)
    for safety in LEVELS:
        passes, fails = _two(comparison, n, safety, sharing)
        yield Cell(
            rule=rule, safety=safety, slices=slices, n=n, truth=truth,
            passes=float(first @ passes @ second), fails=float(first @ fails @ second),
        )  # fmt: skip


@cache
def _two(comparison: Comparison, n: int, safety: str, sharing: int) -> tuple[Array, Array]:
    """Return which pairs of counts pass and which fail, as 0 and 1."""
    score, level = _table(comparison, n), LEVELS[safety]
    both = np.stack([score.ravel(), score.T.ravel()], axis=1)
    x = np.arange(n + 1)
    resolvable = _pooled(comparison, n, level)[(x[:, None] + x[None, :]).ravel()]
    scored = Scored(score=both, resolvable=np.stack([resolvable, resolvable], axis=1))
    told = families.outcome(families.all_pairs((n, n)), scored, level, sharing)
    return (
        told.passes.reshape(n + 1, n + 1).astype(float),
        told.fails.reshape(n + 1, n + 1).astype(float),
    )


def _pairs_drawn(
    grid: Grid, comparison: Comparison, rule: str, slices: int, n: int, truth: Truth, sharing: int = 1
) -> Iterator[Cell]:
    design = families.all_pairs((n,) * slices)
    x = _generator(grid, rule, slices, n, truth).binomial(
        n, rates(truth, comparison, slices), size=(grid.draws, slices)
    )
    for safety, level in LEVELS.items():
        told = families.outcome(design, _looked_up(design, comparison, x, level), level, sharing)
        yield _cell(grid, rule, safety, slices, n, truth, told)


def _rest_drawn(
    grid: Grid, comparison: Comparison, rule: str, slices: int, n: int, truth: Truth
) -> Iterator[Cell]:
    design = families.against_the_rest((n,) * slices)
    drawn = _generator(grid, rule, slices, n, truth).binomial(
        n, rates_against_the_rest(truth, comparison, slices), size=(grid.draws, slices)
    )
    x = families.with_complements(drawn.astype(float))
    for safety, level in LEVELS.items():
        told = families.outcome(design, families.score(design, comparison, x, level), level)
        yield _cell(grid, rule, safety, slices, n, truth, told)


def _cell(
    grid: Grid, rule: str, safety: str, slices: int, n: int, truth: Truth, told: families.Outcome
) -> Cell:
    return Cell(
        rule=rule, safety=safety, slices=slices, n=n, truth=truth, draws=grid.draws,
        passes=float(told.passes.mean()), fails=float(told.fails.mean()),
    )  # fmt: skip


def _generator(grid: Grid, rule: str, slices: int, n: int, truth: Truth) -> np.random.Generator:
    """Return a stream of its own for every cell, so that parts of a grid give the same figures."""
    return np.random.default_rng([grid.seed, crc32(f"{rule} {slices} {n} {truth}".encode())])


def _tell(rule: str, n: int, slices: int) -> None:
    progress(f"{rule}: {slices} slices of {n}")


def progress(told: str) -> None:
    """Say on standard error what is being measured: on one line where somebody looks on."""
    sys.stderr.write(f"\r\033[K{told}" if sys.stderr.isatty() else f"{told}\n")
    sys.stderr.flush()
