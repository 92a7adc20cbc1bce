"""Scalar and vector forms agree: two groups bit for bit, one group to 13 digits."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats import closed_forms, differences, proportions, ratios, vector
from hcgov.stats.differences import miettinen_nurminen_score
from hcgov.stats.ratios import koopman_score

SAME = {
    "miettinen_nurminen_lower": differences,
    "miettinen_nurminen_upper": differences,
    "koopman_lower": ratios,
    "koopman_upper": ratios,
    "newcombe_lower": closed_forms,
    "newcombe_upper": closed_forms,
}
ONE = ("clopper_pearson_lower", "clopper_pearson_upper", "wilson_lower", "wilson_upper")

sizes = st.one_of(st.integers(1, 3000).map(float), st.floats(0.05, 1e7))


@st.composite
def groups(draw):
    """Two groups, whole or not, on the edges as often as inside."""
    values = []
    for _ in range(2):
        n = draw(sizes)
        share = draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)))
        values += [float(round(share * n)) if n == int(n) else share * n, n]
    return tuple(values)


cells = st.lists(st.tuples(groups(), st.floats(0.5, 0.99999)), min_size=1, max_size=8)


@settings(max_examples=40)
@given(cells)
@pytest.mark.parametrize("name", SAME)
def test_bounds_of_two_groups_are_equal_bit_for_bit(name, cells):
    columns = zip(*(group for group, _ in cells), strict=True)
    levels = [level for _, level in cells]
    found = getattr(vector, name)(*columns, levels)
    scalar = getattr(SAME[name], name)
    assert found.tolist() == [scalar(*group, level) for group, level in cells]


@settings(max_examples=40)
@given(cells, st.one_of(st.floats(-1.2, 1.2), st.sampled_from([-1.0, 0.0, 1.0])))
def test_scores_of_a_difference_are_equal_bit_for_bit(cells, limit):
    columns = zip(*(group for group, _ in cells), strict=True)
    found = vector.miettinen_nurminen_score(*columns, limit)
    assert found.tolist() == [miettinen_nurminen_score(*group, limit) for group, _ in cells]


@given(
    cells, st.one_of(st.floats(-0.1, 10.0), st.sampled_from([0.0, 1e-130, 1e-9, 1.0, 1e9, 1e130, math.inf]))
)
def test_scores_of_a_ratio_are_equal_bit_for_bit(cells, limit):
    columns = zip(*(group for group, _ in cells), strict=True)
    found = vector.koopman_score(*columns, limit)
    assert found.tolist() == [koopman_score(*group, limit) for group, _ in cells]


@settings(max_examples=40)
@given(cells)
@pytest.mark.parametrize("name", ONE)
def test_bounds_of_one_group_agree(name, cells):
    x, n = zip(*(group[:2] for group, _ in cells), strict=True)
    found = getattr(vector, name)(x, n, [level for _, level in cells])
    scalar = [getattr(proportions, name)(*group[:2], level) for group, level in cells]
    assert found.tolist() == pytest.approx(scalar, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 1 - 0.05 / 870])
def test_one_group_agrees_on_a_grid_with_its_edges(level):
    pairs = [(float(x), float(n)) for n in range(1, 41) for x in range(n + 1)]
    pairs += [(share * 1e9, 1e9) for share in (0.0, 1e-9, 1e-6, 0.3, 0.5, 0.999999, 1.0)]
    pairs += [(0.0, 0.0), (0.3, 0.7), (1e-60, 2.0), (0.02, 0.03), (70.5, 141.0), (1e-120, 3.0)]
    x, n = zip(*pairs, strict=True)
    for name in ONE:
        scalar = [getattr(proportions, name)(*pair, level) for pair in pairs]
        assert getattr(vector, name)(x, n, level).tolist() == pytest.approx(scalar, rel=1e-12, abs=1e-300)


def test_cells_do_not_depend_on_their_neighbours():
    random = np.random.default_rng(5)
    n1, n2 = random.uniform(1, 1e4, 400), random.uniform(1, 1e4, 400)
    cells = np.stack([n1 * random.random(400), n1, n2 * random.random(400), n2])
    together = vector.miettinen_nurminen_lower(*cells, 0.95)
    for part in (slice(0, 1), slice(7, 50), slice(399, None)):
        assert (together[part] == vector.miettinen_nurminen_lower(*cells[:, part], 0.95)).all()


def test_shapes_are_broadcast():
    x1 = np.arange(5)[:, None]
    x2 = np.arange(8)[None, :]
    found = vector.miettinen_nurminen_upper(x1, 4, x2, 7, 0.95)
    assert found.shape == (5, 8)
    assert found[2, 3] == differences.miettinen_nurminen_upper(2, 4, 3, 7, 0.95)
    levels = np.array([[0.9], [0.95]])
    assert vector.koopman_lower(3, 9, [1, 2, 3], 9, levels).shape == (2, 3)
    assert vector.wilson_lower(3, 9, 0.95).shape == ()
    for name in (*SAME, *ONE):
        empty = [[]] * (4 if name in SAME else 2)
        assert getattr(vector, name)(*empty, 0.95).shape == (0,)


def test_nonsense_is_refused():
    for name in (*SAME, "miettinen_nurminen_score", "koopman_score"):
        function = getattr(vector, name)
        for bad in ((3, 2, 1, 2), (1, 2, 3, 2), (-1, 2, 1, 2), (math.nan, 2, 1, 2), (1, math.inf, 1, 2)):
            with pytest.raises(ValueError, match="events"):
                function(*zip((1, 2, 1, 2), bad, strict=True), 0.95)
        if "score" not in name:
            with pytest.raises(ValueError, match="confidence"):
                function([1, 1], 2, 1, 2, [0.95, 0.2])
    for name in ONE:
        for bad in ((3, 2), (-1, 2), (math.nan, 2), (1, math.inf)):
            with pytest.raises(ValueError, match="events"):
                getattr(vector, name)(*zip((1, 2), bad, strict=True), 0.95)
        for level in (0.2, 1.0, math.nan):
            with pytest.raises(ValueError, match="confidence"):
                getattr(vector, name)(1, 2, level)


def test_published_values_by_the_vector_form():
    groups = [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 10), (0, 56, 0, 29), (7, 34, 1, 34)]
    columns = list(zip(*groups, strict=True))
    low, high = (
        vector.miettinen_nurminen_lower(*columns, 0.975),
        vector.miettinen_nurminen_upper(*columns, 0.975),
    )
    # Newcombe 1998, table II; the last from R PropCIs::diffscoreci.
    expected = [(0.0528, 0.3382), (0.1700, 0.8406), (0.6636, 1.0), (-0.1182, 0.0649), (0.0270, 0.3453)]
    assert list(itertools.chain(*zip(low, high, strict=True))) == pytest.approx(
        list(itertools.chain(*expected)), abs=5.1e-5
    )
