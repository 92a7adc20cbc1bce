"""Measure how often each decision rule errs: ``python -m benchmarks.validity --write``.

Standard error shows progress. ``--quick`` takes a small grid; ``--only`` parts of it by name.
"""

import argparse
import platform
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from benchmarks.side_by_side import README, write
from benchmarks.validity import clustered, grid, planted, singles, tables
from benchmarks.validity.grid import GAP, QUICK, RATIO, Cell, Grid
from benchmarks.validity.labels import labels
from benchmarks.validity.scores import Comparison

AUDITORS = README.parent.parent / "docs" / "statistics.md"
PAGES: dict[str, tuple[Path, ...]] = {
    "errors": (README, AUDITORS),
    "power": (README, AUDITORS),
    "repeats": (README, AUDITORS),
    "coverage": (README, AUDITORS),
    "planted": (README, AUDITORS),
    "labels": (AUDITORS,),
}


def measured(chosen: Grid) -> list[Cell]:
    """Return every cell of the grid, rule by rule."""
    two = replace(chosen, slices=(2,))
    cells = [*singles.single_rates(chosen), *singles.worst_slices(chosen)]
    cells += grid.all_pairs(chosen, GAP, "rate gap, all pairs")
    for limit in (0.05, 0.2):
        cells += grid.all_pairs(two, Comparison(limit=limit), f"rate gap, limit {limit:.2f}")
    cells += singles.both_odds(list(grid.all_pairs(chosen, GAP, "one of two odds", sharing=2)))
    cells += grid.against_the_rest(chosen, GAP, "rate gap, against the rest")
    cells += grid.all_pairs(chosen, RATIO, "impact ratio, all pairs")
    cells += grid.against_the_rest(chosen, RATIO, "impact ratio, against the rest")
    return cells


def run(chosen: Grid, parts: set[str], *, quick: bool) -> dict[str, str]:
    """Return the tables that were asked for, by name; those that were drawn say how often."""
    told: dict[str, str] = {}
    seed, draws, some = chosen.seed, chosen.draws, max(1, chosen.draws // 2)
    if parts & {"errors", "power"}:
        cells = measured(chosen)
        told["errors"] = _about(seed, draws) + tables.errors(cells)
        told["power"] = _about(seed, draws) + tables.power(cells)
    if "repeats" in parts:
        sizes = {"sizes": (50,), "rates": (0.5,)} if quick else {}
        found = clustered.repeats(draws=some, seed=seed, **sizes)
        told["repeats"] = _about(seed, some) + tables.repeats(list(found))
    if "coverage" in parts:
        layouts, few = clustered.LAYOUTS[:1] if quick else clustered.LAYOUTS, min(some, 4_000)
        held = clustered.coverage(layouts=layouts, draws=few, seed=seed)
        told["coverage"] = _about(seed, few) + tables.coverage(list(held))
    if "planted" in parts:
        cells_of = (498,) if quick else planted.CELLS
        told["planted"] = _about(seed, draws) + tables.planted(list(planted.power(cells_of, draws, seed)))
    if "labels" in parts:
        told["labels"] = labels()
    return {name: text for name, text in told.items() if name in parts}


def _about(seed: int, draws: int) -> str:
    """Return one line on what the figures were measured with."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    packages = f"numpy {version('numpy')}, scipy {version('scipy')}"
    return f"{day}; seed {seed}, {draws:,} draws; Python {platform.python_version()}, {packages}.\n\n"


def main() -> None:
    """Measure, print, and keep the tables if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validity", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small grid")
    parser.add_argument("--draws", type=int, help="draws of every simulated cell")
    parser.add_argument("--seed", type=int, default=Grid().seed, help="(default %(default)s)")
    parser.add_argument("--only", action="append", choices=list(PAGES), help="may be given again")
    parser.add_argument("--write", action="store_true", help="keep the tables in the pages that show them")
    given = parser.parse_args()
    if given.quick and given.write:
        parser.error("a small grid is not kept: leave out --quick or --write")
    chosen = QUICK if given.quick else Grid()
    chosen = replace(chosen, seed=given.seed, draws=given.draws or chosen.draws)
    started = time.perf_counter()
    told = run(chosen, set(given.only or PAGES), quick=given.quick)
    grid.progress(f"{time.perf_counter() - started:.0f} s\n")
    for name, text in told.items():
        sys.stdout.write(f"\n## {name}\n\n{text}")
        for page in PAGES[name] if given.write else ():
            write(f"validity-{name}", text, page)


if __name__ == "__main__":
    main()
