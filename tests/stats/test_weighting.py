"""Weights: Kish's effective size, raking to margins."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.weighting import EmptyCell, NotConverged, kish, kish_from_sums, rake

weights = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=40)


def test_kish_by_hand():
    """(1 + 1 + 2 + 4)^2 / (1 + 1 + 4 + 16); Kish 1965."""
    found = kish([1, 1, 2, 4])
    assert found.n_eff == pytest.approx(64 / 22)
    assert found.deff == pytest.approx(1.375)
    assert found.n == 4


@given(weights)
def test_kish_lies_between_one_and_the_rows(values):
    found = kish(values)
    assert 1.0 <= found.n_eff <= found.n == len(values)
    mean = math.fsum(values) / len(values)
    variance = math.fsum((w - mean) ** 2 for w in values) / len(values)
    assert found.deff == pytest.approx(1.0 + variance / mean**2)


@given(weights, st.floats(1e-200, 1e200))
def test_kish_depends_on_ratios_only(values, factor):
    assert kish([w * factor for w in values]).n_eff == pytest.approx(kish(values).n_eff, rel=1e-9)


@given(weights)
def test_kish_from_sums_is_kish(values):
    sums = kish_from_sums(len(values), math.fsum(values), math.fsum(w * w for w in values))
    assert sums.n_eff == pytest.approx(kish(values).n_eff)


def test_rows_of_weight_zero_do_not_count():
    assert kish([0, 3, 0, 3]) == kish([3, 3])
    assert kish([0.0]).n_eff == kish([]).n_eff == 0.0


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_impossible_weights(bad):
    with pytest.raises(ValueError, match="finite and not negative"):
        kish([1.0, bad])


@pytest.mark.parametrize("sums", [(3, 3.0, 1.0), (2, 1.0, 2.0), (-1, 0.0, 0.0), (0, 1.0, 1.0), (3, 0.0, 0.0)])
def test_impossible_sums(sums):
    with pytest.raises(ValueError, match=r"no -?[0-9]+ weights"):
        kish_from_sums(*sums)


def table(rows):
    return {(str(i), str(j)): float(count) for i, row in enumerate(rows) for j, count in enumerate(row)}


def margin(values):
    return {str(i): float(value) for i, value in enumerate(values)}


def test_raking_of_the_textbook_table():
    """The encyclopaedia's example of iterative proportional fitting, run until the margins are met."""
    seed = table([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
    found = rake(seed, (margin([150, 300, 400, 150]), margin([200, 300, 400, 100])))
    expected = table(
        [
            [64.56, 46.23, 35.38, 3.82],
            [49.97, 68.16, 156.50, 25.37],
            [56.72, 144.43, 145.08, 53.77],
            [28.75, 41.18, 63.03, 17.03],
        ]
    )
    assert dict(found.cells) == pytest.approx(expected, abs=5.1e-3)
    assert found.error <= 1e-10


@given(
    st.lists(st.lists(st.floats(0.1, 100), min_size=3, max_size=3), min_size=2, max_size=2),
    st.lists(st.floats(0.1, 1), min_size=2, max_size=2),
    st.lists(st.floats(0.1, 1), min_size=3, max_size=3),
)
def test_raking_meets_margins_and_keeps_odds_ratios(rows, first, second):
    first = [value / sum(first) for value in first]
    second = [value / sum(second) for value in second]
    seed = table(rows)
    fitted = rake(seed, (margin(first), margin(second))).cells
    for i, target in enumerate(first):
        assert sum(fitted[str(i), str(j)] for j in range(3)) == pytest.approx(target, abs=1e-9)
    for j, target in enumerate(second):
        assert sum(fitted[str(i), str(j)] for i in range(2)) == pytest.approx(target, abs=1e-9)

    def odds(cells):
        return cells["0", "0"] * cells["1", "1"] / cells["0", "1"] / cells["1", "0"]

    assert odds(fitted) == pytest.approx(odds(seed), rel=1e-6)


def test_an_empty_cell_is_never_imputed():
    with pytest.raises(EmptyCell, match="nobody of it") as caught:
        rake(table([[5, 5], [0, 0]]), (margin([1, 1]), margin([1, 1])))
    assert (caught.value.dimension, caught.value.level) == (0, "1")
    assert rake(table([[5, 5], [0, 0]]), (margin([2, 0]), margin([1, 1]))).cells["1", "0"] == 0.0


def test_contradicting_margins_are_refused():
    diagonal = {("0", "0"): 1.0, ("1", "1"): 1.0}
    with pytest.raises(NotConverged, match="still missed"):
        rake(diagonal, (margin([0.5, 0.5]), margin([0.9, 0.1])), most_rounds=50)


@pytest.mark.parametrize(
    ("cells", "margins", "said"),
    [
        ({("a",): 1.0}, (), "at least one margin"),
        ({("a", "b"): 1.0}, ({"a": 1.0},), "in each of 1 dimensions"),
        ({("a",): 1.0}, ({"b": 1.0},), "does not name"),
        ({("a", "a"): 1.0}, ({"a": 1.0}, {"a": 2.0}), "one positive total"),
        ({("a",): 1.0}, ({"a": 0.0},), "one positive total"),
        ({("a",): -1.0}, ({"a": 1.0},), "not negative"),
        ({("a",): 1.0}, ({"a": math.nan},), "not negative"),
    ],
)
def test_impossible_tables(cells, margins, said):
    with pytest.raises(ValueError, match=said):
        rake(cells, margins)
