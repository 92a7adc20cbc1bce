"""What is found in one half is judged in the other, so that searching accuses nobody."""

import random
from itertools import product

from hcgov.core.evidence.counts import Cell, Counts
from hcgov.core.slices import SliceRules
from hcgov.core.status import Verdict
from hcgov.stages.evaluation.discovered_slices import DiscoveredSlices, discovered_slices
from hcgov.stages.worked import SOURCE, at_most
from tests.judgement.judging import judged

PARAMS = DiscoveredSlices(table="predictions", outcome="prediction", top=5)
COLUMNS = ("age", "race", "sex")
CROSSINGS = tuple(product("123", "xyz", "FM"))


def _half(rates: dict[tuple[str, ...], float], seed: int, people: int = 120) -> Counts:
    draw = random.Random(seed)
    cells = []
    for group in CROSSINGS:
        positives = sum(draw.random() < rates.get(group, 0.5) for _ in range(people))
        cells += [
            Cell(groups=group, flags=(1,), n=positives),
            Cell(groups=group, flags=(0,), n=people - positives),
        ]
    return Counts(
        table="predictions",
        columns=COLUMNS,
        outcomes=("prediction",),
        cells=tuple(cells),
        people_known=True,
        rules=SliceRules(by=COLUMNS, cross=3, min_people=30),
        source=SOURCE,
        adverse={"prediction": False},
    )


def _judged(searched: Counts, other: Counts, limit: str) -> dict[str, Verdict]:
    told = [m for m in discovered_slices(searched=searched, judged=other, params=PARAMS) if not m.shown]
    return {f.about: f.verdict for f in judged(told, at_most(limit))}


def test_a_harmed_crossing_is_found_and_accused() -> None:
    harmed = ("2", "y", "F")
    found = _judged(_half({harmed: 0.15}, 1), _half({harmed: 0.15}, 2), "0.10")
    assert found["age=2 × race=y × sex=F against everyone else"] is Verdict.FAIL
    assert len(found) == PARAMS.top


def test_what_looks_worst_where_it_was_searched_is_no_worse_elsewhere() -> None:
    # Nobody is worse off: the worst of 47 slices look so by chance, and only where they were looked for.
    found, judged = [], []
    for seed in range(60):
        for told in discovered_slices(
            searched=_half({}, 2 * seed), judged=_half({}, 2 * seed + 1), params=PARAMS
        ):
            assert told.estimate is not None
            assert told.estimate.value is not None
            (found if told.shown else judged).append(told.estimate.value)
    assert sum(found) / len(found) > 0.05
    assert abs(sum(judged) / len(judged)) < 0.01  # 300 values with a standard error of about 0.04 each


def test_what_was_found_is_shown_beside_what_is_judged() -> None:
    told = list(discovered_slices(searched=_half({}, 1), judged=_half({}, 2), params=PARAMS))
    shown = [m for m in told if m.shown]
    assert [m.scope for m in shown] == [m.scope for m in told if not m.shown]
    assert {m.metric for m in shown} == {"deficit_where_found"}


def test_a_slice_that_nobody_of_the_other_half_is_in_is_named() -> None:
    searched, judged = _half({("1", "x", "F"): 0.1}, 1), _half({}, 2)
    gone = [cell for cell in judged.cells if cell.groups != ("1", "x", "F")]
    other = Counts(**{**{k: getattr(judged, k) for k in judged.__dataclass_fields__}, "cells": tuple(gone)})
    found = _judged(searched, other, "0.10")
    assert found["age=1 × race=x × sex=F"] is Verdict.INCONCLUSIVE
