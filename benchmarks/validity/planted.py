"""Power: how often the planted slice is named in random draws of the planted case.

Genders F and M, regions a and b with equally many people in each of the four cells, and a region of ten people in
two cells, too few to be compared. Everybody is selected with probability .57, F x b with .38; the limit is .10.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.validity import families
from benchmarks.validity.families import Design
from benchmarks.validity.grid import GAP, LEVELS

SELECTED, HARMED, TINY = 0.57, 0.38, 5
CELLS = (100, 200, 300, 498, 700, 1000, 1500)


@dataclass(frozen=True, kw_only=True)
class Named:
    """Shares of draws.

    Parameters
    ----------
    people
        In a cell of gender and region.
    named
        F x b fails among the crossings.
    other_crossing
        Another crossing fails, though its true gap lies inside the limit.
    column
        A gender or a region fails as a whole, though its true gap (.095) lies inside the limit.
    undecided
        No crossing fails and not all pass.
    passed
        All crossings pass: the harm is overlooked.
    """

    safety: str
    people: int
    draws: int
    named: float
    other_crossing: float
    column: float
    undecided: float
    passed: float


def designs(cell: int) -> tuple[Design, Design]:
    """Return the families of the crossings (F a, F b, M a, M b) and of the columns (F, M, and a, b)."""
    total = 4 * cell + 2 * TINY
    crossings = Design(
        sizes=(cell,) * 4 + (total - cell,) * 4,
        pairs=tuple((g, g + 4) for g in range(4)),
        slices=frozenset(range(4)),
    )
    gender, region = 2 * cell + TINY, 2 * cell
    columns = Design(
        sizes=(gender, gender, region, region),
        pairs=((0, 1), (1, 0), (2, 3), (3, 2)),
        slices=frozenset(range(4)),
    )
    return crossings, columns


def counts(cells: families.Array) -> tuple[families.Array, families.Array]:
    """Return the counts of both families from those of the cells F a, F b, M a, M b, F tiny, M tiny."""
    fa, fb, ma, mb, f0, m0 = cells.T
    total = cells.sum(axis=1)
    four = np.stack([fa, fb, ma, mb], axis=1)
    columns = np.stack([fa + fb + f0, ma + mb + m0, fa + ma, fb + mb], axis=1)
    return np.concatenate([four, total[:, None] - four], axis=1), columns


def power(sizes: tuple[int, ...] = CELLS, draws: int = 20_000, seed: int = 20_261_121) -> Iterator[Named]:
    """Yield what becomes of the planted case, by people in a cell."""
    for cell in sizes:
        generator = np.random.default_rng([seed, cell])
        # What is counted is not being selected, which harms; a gap of that is the same gap.
        people = np.array([cell, cell, cell, cell, TINY, TINY])
        missed = 1.0 - np.array([SELECTED, HARMED, SELECTED, SELECTED, SELECTED, SELECTED])
        crossed, column = counts(generator.binomial(people, missed, size=(draws, 6)).astype(float))
        crossings, columns = designs(cell)
        for safety, level in LEVELS.items():
            told = families.decide(crossings, families.score(crossings, GAP, crossed, level), level)
            whole = families.decide(columns, families.score(columns, GAP, column, level), level)
            failed = told.failed.any(axis=1)
            yield Named(
                safety=safety, people=cell, draws=draws,
                named=float(told.failed[:, 1].mean()),
                other_crossing=float(told.failed[:, [0, 2, 3]].any(axis=1).mean()),
                column=float(whole.failed.any(axis=1).mean()),
                undecided=float((~failed & ~told.control_passes).mean()),
                passed=float(told.control_passes.mean()),
            )  # fmt: skip
