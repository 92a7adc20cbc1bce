"""Simultaneous intervals of several shares, against R's published values and statsmodels."""

import math
import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import multinomial_proportions_confint

from hcgov.stats.multinomial import (
    goodman_intervals,
    sison_glaz_intervals,
)

SEVEN = (56, 72, 73, 59, 62, 87, 58)


def test_published_intervals():
    """R package MultinomialCI on the data of Sison and Glaz 1995, as statsmodels tests it."""
    found = sison_glaz_intervals(SEVEN, 0.95)
    assert found[0] == pytest.approx((0.0792, 0.1644), abs=5.1e-5)
    assert found[5] == pytest.approx((0.1456, 0.2307), abs=5.1e-5)
    assert goodman_intervals(SEVEN, 0.95)[0] == pytest.approx((0.0852, 0.1663), abs=5.1e-5)


@given(st.lists(st.integers(1, 400), min_size=2, max_size=9), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_goodman_is_statsmodels(counts, level):
    expected = multinomial_proportions_confint(counts, alpha=1 - level, method="goodman")
    for found, (low, high) in zip(goodman_intervals(counts, level), expected, strict=True):
        assert found == pytest.approx((low, high), abs=1e-10)


@pytest.mark.parametrize(
    "counts", [SEVEN, (12, 30, 8, 50), (5, 5, 5, 5, 5, 5, 5), (100, 3, 3, 200), (1500, 900, 400, 1200, 30)]
)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_sison_glaz_is_statsmodels(counts, level):
    expected = multinomial_proportions_confint(counts, alpha=1 - level, method="sison-glaz")
    for found, (low, high) in zip(sison_glaz_intervals(counts, level), expected, strict=True):
        assert found == pytest.approx((low, high), abs=1e-6)


def test_every_small_total():
    """All divisions of up to 50 over two groups, and of up to 12 over three."""
    divisions = [(x, n - x) for n in range(51) for x in range(n + 1)]
    divisions += [three for three in product(range(13), repeat=3) if sum(three) <= 12]
    for counts in divisions:
        n = sum(counts)
        for intervals in (goodman_intervals(counts, 0.95), sison_glaz_intervals(counts, 0.95)):
            assert len(intervals) == len(counts)
            for x, (low, high) in zip(counts, intervals, strict=True):
                assert 0.0 <= low <= high <= 1.0
                assert n == 0 or low <= x / n <= high


def test_sison_glaz_covers_all_shares_together():
    draw = random.Random(1995)
    shares = (0.1, 0.15, 0.2, 0.25, 0.3)
    missed = 0
    for _ in range(300):
        sample = draw.choices(range(5), weights=shares, k=120)
        counts = [sample.count(group) for group in range(5)]
        intervals = sison_glaz_intervals(counts, 0.95)
        missed += any(not low <= share <= high for share, (low, high) in zip(shares, intervals, strict=True))
    assert missed <= 0.05 * 300 + 3 * math.sqrt(300 * 0.05 * 0.95)


@pytest.mark.parametrize("counts", [(1,), (), (1, -1), (1, math.nan), (math.inf, 1)])
def test_impossible_counts(counts):
    with pytest.raises(ValueError, match="two groups"):
        goodman_intervals(counts, 0.95)


def test_impossible_arguments():
    with pytest.raises(ValueError, match="whole counts"):
        sison_glaz_intervals((1.5, 2), 0.95)
    with pytest.raises(ValueError, match="confidence"):
        sison_glaz_intervals((1, 2), 1.0)
