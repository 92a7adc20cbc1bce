"""What groups agree on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.preferences.bridging import bridge, group_informed_consensus


def test_group_informed_consensus():
    """Oracle 35: 8 of 10 and 3 of 5 agree."""
    found = group_informed_consensus([8, 3], [10, 5])
    assert found.product == pytest.approx(0.75 * 4 / 7)
    assert found.product == pytest.approx(0.428571, abs=5e-7)
    assert found.geometric_mean == pytest.approx(0.654654, abs=5e-7)
    assert found.lowest == pytest.approx(0.2713, abs=5e-4)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6))
def test_consensus_lies_between_its_groups(counts):
    agree, seen = zip(*[(a, a + more) for a, more in counts], strict=True)
    found = group_informed_consensus(agree, seen)
    means = [mean for mean, _, _ in found.groups]
    assert min(means) - 1e-12 <= found.geometric_mean <= max(means) + 1e-12
    assert all(0.0 <= low < mean < high <= 1.0 for mean, low, high in found.groups)


def test_impossible_counts():
    assert group_informed_consensus([], []) is None
    for agree, seen in (([3], [2]), ([1], []), ([-1], [2])):
        with pytest.raises(ValueError, match="agree"):
            group_informed_consensus(agree, seen)
    with pytest.raises(ValueError, match="level"):
        group_informed_consensus([1], [2], level=1.0)


def camps(seed):
    draw = np.random.default_rng(seed)
    camp = draw.choice([-1, 1], 300, p=[0.7, 0.3])
    lean = np.where(np.arange(40) < 5, 0.0, np.where(np.arange(40) % 2, 0.45, -0.45))
    quality = np.where(np.arange(40) < 5, 0.35, 0.0)
    raters, items = np.repeat(np.arange(300), 40), np.tile(np.arange(40), 300)
    kept = draw.random(raters.size) < 0.5
    raters, items = raters[kept], items[kept]
    chance = np.clip(0.5 + quality[items] + lean[items] * camp[raters], 0.02, 0.98)
    return raters, items, (draw.random(raters.size) < chance).astype(float), camp


def test_what_bridges_stands_above_what_the_larger_camp_likes():
    raters, items, ratings, camp = camps(1)
    found = bridge(raters, items, ratings)
    assert found.converged
    assert abs(np.corrcoef(found.rater_factor, camp)[0, 1]) > 0.95
    mean = np.bincount(items, ratings) / np.bincount(items)
    larger = [i for i in range(5, 40) if i % 2 == 0]
    assert found.item_intercept[:5].min() > found.item_intercept[5:].max() + 0.1
    assert mean[larger].max() > mean[:5].min() - 0.25
    assert (found.low <= found.item_intercept).all()
    assert (found.item_intercept <= found.high).all()
    assert found.rater_factor[np.abs(found.rater_factor).argmax()] > 0


def test_few_ratings_leave_wide_bounds():
    raters, items, ratings, _ = camps(2)
    kept = (items != 0) | (np.arange(items.size) % 10 == 0)
    all_, some = bridge(raters, items, ratings), bridge(raters[kept], items[kept], ratings[kept])
    assert some.high[0] - some.low[0] > 3 * (all_.high[0] - all_.low[0])


def test_the_gradient_is_zero_where_it_says_so():
    """At the solution no parameter can be moved to a smaller penalised error (Wojcik et al. 2022, equation 2)."""
    raters, items, ratings, _ = camps(3)
    found = bridge(raters, items, ratings)
    residual = ratings - (
        found.mean
        + found.rater_intercept[raters]
        + found.item_intercept[items]
        + found.rater_factor[raters] * found.item_factor[items]
    )
    each = ratings.size / 40
    slope = np.bincount(items, residual) - 0.15 * each * found.item_intercept
    assert np.abs(slope).max() < 0.05
    slope = np.bincount(items, residual * found.rater_factor[raters]) - 0.03 * each * found.item_factor
    assert np.abs(slope).max() < 0.05


def test_nothing_to_factorise():
    one = np.zeros(4, dtype=int)
    two = np.array([0, 1, 0, 1])
    assert bridge(one, two, np.array([0.0, 1.0, 0.0, 1.0])) is None
    assert bridge(two, one, np.array([0.0, 1.0, 0.0, 1.0])) is None
    assert bridge(two, two, np.ones(4)) is None
    with pytest.raises(ValueError, match="ratings"):
        bridge(two, two, np.array([0.0, 2.0, 0.0, 1.0]))
