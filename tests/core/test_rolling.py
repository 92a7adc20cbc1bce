"""Slices hold the cells that agree with them, whoever has rolled the cells up before."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.counts import Cell, Counts, Rate
from hcgov.core.evidence.rolling import Rolled
from hcgov.core.slices import NOT_RECORDED, SliceRules
from hcgov.stages.worked import SOURCE

COLUMNS = ("sex", "region", "age")
OUTCOMES = ("prediction", "label")
GROUP = st.sampled_from(["a", "b", NOT_RECORDED, None])
FLAG = st.sampled_from([0, 1, None])
CELLS = st.lists(
    st.builds(
        Cell,
        groups=st.tuples(GROUP, GROUP, GROUP),
        flags=st.tuples(FLAG, FLAG),
        n=st.integers(1, 10**6),
        weights=st.tuples(st.sampled_from([0.1, 0.2, 0.7, 3.0]), st.sampled_from([0.01, 0.04, 9.0])),
    ),
    max_size=12,
).map(tuple)
RATES = (Rate(outcome="prediction"), Rate(outcome="prediction", given=(("label", 0),)))
SLICINGS = ((), ("age",), ("region", "sex"), COLUMNS)


def _counts(cells: tuple[Cell, ...], rolled: Rolled | None = None) -> Counts:
    return Counts(
        table="t",
        columns=COLUMNS,
        outcomes=OUTCOMES,
        cells=cells,
        people_known=True,
        rules=SliceRules(by=COLUMNS),
        source=SOURCE,
        rolled=rolled,
    )


def _weights_by_hand(
    cells: tuple[Cell, ...], columns: tuple[str, ...]
) -> dict[tuple[str, ...], tuple[float, ...]]:
    sums: dict[tuple[str, ...], list[list[float]]] = {}
    for cell in cells:
        group = dict(zip(COLUMNS, cell.groups, strict=True))
        own = sums.setdefault(tuple(group[column] or NOT_RECORDED for column in columns), [])
        flag, (w, w2) = cell.flags[0], cell.weights or (0.0, 0.0)
        own.append([0.0] * 4 if flag is None else [w, w2, w * flag, w2 * flag])
    return {key: tuple(map(sum, zip(*own, strict=True))) for key, own in sorted(sums.items())}


def _by_hand(
    cells: tuple[Cell, ...], rate: Rate, columns: tuple[str, ...]
) -> dict[tuple[str, ...], list[int]]:
    sums: dict[tuple[str, ...], Counter[str]] = {}
    for cell in cells:
        group = dict(zip(COLUMNS, cell.groups, strict=True))
        own = sums.setdefault(tuple(group[column] or NOT_RECORDED for column in columns), Counter())
        flag, label = cell.flags
        if rate.given and label == 1:
            continue
        if flag is None or (rate.given and label is None):
            own["missing"] += cell.n
        else:
            own["n"] += cell.n
            own["positives"] += cell.n * flag
    return {key: [own["n"], own["positives"], own["missing"]] for key, own in sorted(sums.items())}


@given(cells=CELLS, others=CELLS)
def test_slices_are_the_sums_of_their_cells(cells: tuple[Cell, ...], others: tuple[Cell, ...]) -> None:
    shared = Rolled(cells, COLUMNS, OUTCOMES)
    alone, first, second = _counts(cells), _counts(cells, shared), _counts(cells, shared)
    mistaken = _counts(others, shared)  # what was rolled up of other cells says nothing of these
    for columns in SLICINGS:
        for rate in RATES:
            expected = _by_hand(cells, rate, columns)
            found = {
                tuple(value for _, value in one.slice.values): [one.n, one.positives, one.missing]
                for one in alone.by(rate, columns)
            }
            assert found == expected
            assert list(found) == list(expected)
            if not rate.given:
                crowds = [one.crowd.by_person for one in alone.by(rate, columns) if one.crowd is not None]
                told = [(m.n, m.n2, m.y, m.y2) for m in crowds if m is not None]
                assert told == [pytest.approx(four) for four in _weights_by_hand(cells, columns).values()]
            assert alone.by(rate, columns) == first.by(rate, columns) == second.by(rate, columns)
            assert mistaken.by(rate, columns) == _counts(others).by(rate, columns)
    assert first == alone
    turned = replace(first, columns=COLUMNS[::-1])
    assert [s.n for s in turned.by(RATES[0], ("age",))] == [s.n for s in alone.by(RATES[0], ("sex",))]
    assert replace(first, cells=others).by(RATES[0], ("age",)) == _counts(others).by(RATES[0], ("age",))
