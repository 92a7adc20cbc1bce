"""Spread between slices, shrinkage, differential fairness."""

import math
import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.heterogeneity import (
    between_slice_variance,
    differential_fairness,
    james_stein,
    shrunken_rates,
)
from hcgov.stats.ratios import koopman_lower, koopman_upper


@st.composite
def slices(draw, least=1):
    told = []
    for _ in range(draw(st.integers(2, 8))):
        n = draw(st.integers(least, 500))
        told.append((draw(st.integers(0, n)), n))
    return told


def test_corrected_variance_by_hand():
    """The formula of Lum, Zhang and Bower 2022 on 80, 70, 75 and 60 of 80 per hundred."""
    found = between_slice_variance([(80, 100), (70, 100), (75, 100), (60, 80)])
    assert found.raw == pytest.approx(0.00166667, abs=5e-9)
    assert found.corrected == pytest.approx(-0.00033452, abs=5e-9)
    assert (found.value, found.below_chance, found.slices) == (0.0, True, 4)


def test_corrected_variance_is_unbiased():
    rates = (0.2, 0.3, 0.3, 0.5)
    mean = sum(rates) / 4
    truth = sum((p - mean) ** 2 for p in rates) / 3
    draw = random.Random(2022)
    found = []
    for _ in range(1500):
        counts = [(sum(draw.random() < p for _ in range(25)), 25) for p in rates]
        found.append(between_slice_variance(counts))
    mean_of = sum(f.corrected for f in found) / len(found)
    error = math.sqrt(sum((f.corrected - mean_of) ** 2 for f in found)) / len(found)
    assert abs(mean_of - truth) < 3 * error
    assert sum(f.raw for f in found) / len(found) > truth + 5 * error


def test_too_little_for_a_spread():
    assert between_slice_variance([]) is None
    assert between_slice_variance([(3, 9), (1, 1), (0, 0)]) is None


def test_baseball():
    """Efron and Morris 1977: 18 players, 45 times at bat each."""
    hits = (18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7)
    averages = [hit / 45 for hit in hits]
    mean = sum(averages) / 18
    assert mean == pytest.approx(0.26543, abs=5e-6)
    found = james_stein(averages, mean * (1 - mean) / 45)
    assert found[0] == pytest.approx(0.2939, abs=5e-5)
    assert (found[0] - mean) / (0.4 - mean) == pytest.approx(0.21165, abs=5e-6)
    assert sum(found) / 18 == pytest.approx(mean)


def test_james_stein_never_turns_around():
    assert james_stein((1.0, 1.1, 1.2, 1.3), 5.0) == pytest.approx((1.15,) * 4)
    assert james_stein((2.0,) * 5, 1.0) == (2.0,) * 5
    for values, variance in (((1.0, 2.0, 3.0), 1.0), ((1.0,) * 4, 0.0), ((math.nan,) * 4, 1.0)):
        with pytest.raises(ValueError, match="James-Stein"):
            james_stein(values, variance)


@given(slices())
def test_shrunken_rates_lie_between_the_slice_and_everyone(counts):
    everyone = (sum(x for x, _ in counts) + 0.5) / (sum(n for _, n in counts) + 1)
    for (x, n), found in zip(counts, shrunken_rates(counts), strict=True):
        low, high = sorted((x / n, everyone))
        assert low - 1e-9 <= found.value <= high + 1e-9
        assert 0.0 <= found.low <= found.high <= 1.0
        assert 0.0 <= found.weight <= 1.0


def test_small_slices_are_shrunken_more():
    large, small, rest = shrunken_rates([(90, 100), (9, 10), (400, 1000)])
    assert large.weight > small.weight
    assert rest.value < small.value < large.value < 0.9
    # Alike slices: the prior weighs as much as all the data, and intervals stay open.
    alike = shrunken_rates([(50, 100), (5, 10), (500, 1000)])
    assert all(found.value == pytest.approx(0.5) for found in alike)
    assert all(found.high - found.low > 0.02 for found in alike)


def test_shrinking_at_the_edges():
    never = shrunken_rates([(0, 10), (0, 0), (0, 30)])
    assert all(0.0 < found.value < 0.05 for found in never)
    assert never[1].weight == 0.0
    with pytest.raises(ValueError, match="observations"):
        shrunken_rates([(0, 0)])
    with pytest.raises(ValueError, match="content"):
        shrunken_rates([(1, 2)], level=1.0)


ADMISSIONS = [(81, 87), (192, 263), (234, 270), (55, 80)]


def test_differential_fairness_of_the_worked_example():
    """Foulds and others 2020: gender 1 and 2, race A and B; unsmoothed."""
    intersection = differential_fairness(ADMISSIONS, smoothing=0)
    assert intersection.epsilon == pytest.approx(1.51100, abs=5e-6)
    by_gender = differential_fairness([(273, 350), (289, 350)], smoothing=0)
    assert by_gender.epsilon == pytest.approx(0.23293, abs=5e-6)
    by_race = differential_fairness([(315, 357), (247, 343)], smoothing=0)
    assert by_race.epsilon == pytest.approx(0.86668, abs=5e-6)
    # Crossings are at least as far apart as any column of theirs.
    assert intersection.epsilon >= max(by_gender.epsilon, by_race.epsilon)


@given(slices(), st.floats(0.6, 0.999))
def test_differential_fairness_is_enclosed(counts, level):
    plain = differential_fairness(counts, level=level, smoothing=0)
    smooth = differential_fairness(counts, level=level)
    assert smooth.epsilon >= 0.0
    if plain is not None:
        assert plain.low <= plain.epsilon + 1e-12
        assert plain.high is None or plain.epsilon <= plain.high + 1e-12
        assert (plain.low, plain.high) == (smooth.low, smooth.high)
    turned = differential_fairness([(n - x, n) for x, n in counts], level=level)
    assert turned.epsilon == pytest.approx(smooth.epsilon, abs=1e-12)


def test_an_outcome_never_seen_in_a_slice_bounds_nothing():
    found = differential_fairness([(0, 20), (10, 20)])
    assert found.high is None
    assert 0.0 < found.low < found.epsilon
    assert differential_fairness([(0, 20), (10, 20)], smoothing=0) is None
    assert differential_fairness([(3, 9), (0, 0)]) is None


def test_bounds_of_differential_fairness_hold():
    rates = (0.5, 0.55, 0.6)
    truth = max(math.log(0.6 / 0.5), math.log(0.5 / 0.4))
    draw = random.Random(2020)
    runs, too_low, too_high = 400, 0, 0
    for _ in range(runs):
        counts = [(sum(draw.random() < p for _ in range(120)), 120) for p in rates]
        found = differential_fairness(counts)
        too_low += found.high is not None and found.high < truth
        too_high += found.low > truth
    most = 0.05 * runs + 3 * math.sqrt(runs * 0.05 * 0.95)
    assert too_low <= most
    assert too_high <= most


def test_accusing_is_corrected_for_the_comparisons_and_clearing_is_not():
    found = differential_fairness([(60, 100), (40, 100), (50, 100)], level=0.95)
    assert found.high == pytest.approx(math.log(koopman_upper(60, 100, 40, 100, 0.95)))
    assert found.low == pytest.approx(math.log(koopman_lower(60, 100, 40, 100, 1 - 0.05 / 12)))


def test_every_small_pair_of_slices():
    arms = [(x, n) for n in (1, 2, 5, 11, 50) for x in range(n + 1)]
    for counts in product(arms, arms):
        found = differential_fairness(counts)
        assert math.isfinite(found.epsilon)
        assert 0.0 <= found.low < math.inf
        assert found.high is None or found.low <= found.high < math.inf
        spread = between_slice_variance(counts)
        assert spread is None or math.isfinite(spread.corrected)
    for n in range(1, 51):
        for x in range(n + 1):
            fairness = differential_fairness([(x, n), (3, 9)])
            assert 0.0 <= fairness.low <= (math.inf if fairness.high is None else fairness.high)
            for found in shrunken_rates([(x, n), (3, 9)]):
                assert 0.0 <= found.low <= found.value <= found.high <= 1.0


def test_impossible_counts():
    for call in (between_slice_variance, shrunken_rates, differential_fairness):
        with pytest.raises(ValueError, match="events lie"):
            call([(5, 3), (1, 2)])
    with pytest.raises(ValueError, match="smoothing"):
        differential_fairness(ADMISSIONS, smoothing=-1)
    with pytest.raises(ValueError, match="confidence"):
        differential_fairness(ADMISSIONS, level=1.0)
