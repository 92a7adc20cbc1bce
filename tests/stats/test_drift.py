"""Drift: the stability index, Jensen-Shannon, chi-square tests, and what happens to empty bins."""

import math
import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference
from scipy.spatial import distance

from hcgov.core.limit import Side
from hcgov.stats.bounds import lower, p_value, upper
from hcgov.stats.drift import (
    between_samples,
    from_target,
    jensen_shannon_divergence,
    population_stability_index,
)
from hcgov.stats.hypothetical import best_case, scaled

EVEN, TILTED = (0.25, 0.25, 0.25, 0.25), (0.4, 0.3, 0.2, 0.1)


@st.composite
def two_samples(draw, least=0):
    bins = draw(st.integers(2, 8))
    counts = st.lists(st.integers(least, 400), min_size=bins, max_size=bins).filter(lambda c: sum(c) > 0)
    return draw(counts), draw(counts)


def test_indices_in_closed_form():
    assert population_stability_index(EVEN, TILTED) == pytest.approx(0.228217, abs=5e-7)
    assert jensen_shannon_divergence(EVEN, TILTED) == pytest.approx(0.027866, abs=5e-7)


@given(two_samples(least=1))
def test_indices_are_symmetric_and_not_negative(samples):
    first, second = samples
    psi = population_stability_index(first, second)
    assert psi >= 0.0
    assert psi == pytest.approx(population_stability_index(second, first), abs=1e-12)
    assert population_stability_index(first, first) == pytest.approx(0.0, abs=1e-12)


@given(two_samples())
def test_jensen_shannon_is_scipys(samples):
    expected = distance.jensenshannon(*samples) ** 2
    assert jensen_shannon_divergence(*samples) == pytest.approx(expected, abs=1e-9)


def test_jensen_shannon_of_what_has_nothing_in_common():
    assert jensen_shannon_divergence((1, 0), (0, 1)) == pytest.approx(math.log(2))


@given(two_samples())
def test_tests_of_two_samples_are_scipys(samples):
    found = between_samples(*samples)
    table = [pair for pair in zip(*samples, strict=True) if sum(pair)]
    if len(table) < 2:
        assert (found.df, found.p_pearson, found.p_likelihood_ratio) == (0, 1.0, 1.0)
        return
    for name, statistic, p in (
        ("pearson", found.pearson, found.p_pearson),
        ("log-likelihood", found.likelihood_ratio, found.p_likelihood_ratio),
    ):
        expected = reference.chi2_contingency(table, correction=False, lambda_=name)
        assert statistic == pytest.approx(expected.statistic, rel=1e-8, abs=1e-9)
        assert found.df == expected.dof
        assert p == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)


@given(st.lists(st.integers(0, 300), min_size=4, max_size=4).filter(sum))
def test_tests_against_a_target_are_scipys(counts):
    found = from_target(TILTED, counts)
    due = [share * sum(counts) for share in TILTED]
    expected = reference.power_divergence(counts, due, lambda_="pearson")
    assert found.pearson == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert found.p_pearson == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)
    expected = reference.power_divergence(counts, due, lambda_="log-likelihood")
    assert found.likelihood_ratio == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)


def test_fewer_independent_observations_prove_less():
    counts = (400, 300, 200, 100)
    whole, tenth = from_target(EVEN, counts), from_target(EVEN, counts, n_eff=100)
    assert whole.psi == tenth.psi == pytest.approx(0.228217, abs=5e-7)
    assert tenth.pearson == pytest.approx(whole.pearson / 10)
    assert tenth.p_pearson > whole.p_pearson
    assert lower(tenth.estimate, 0.95) < lower(whole.estimate, 0.95)
    assert upper(tenth.estimate, 0.95) > upper(whole.estimate, 0.95)
    both = between_samples((250,) * 4, counts, n_eff_reference=100, n_eff_current=100)
    assert both.pearson == pytest.approx(between_samples((250,) * 4, counts).pearson / 10)


def test_empty_bins_are_smoothed_and_said_to_be():
    found = from_target(EVEN, (10, 10, 10, 0))
    assert found.smoothed
    assert found.psi == pytest.approx(population_stability_index(EVEN, (10.5, 10.5, 10.5, 0.5)))
    # The tests need no logarithm of an empty bin and take the counts as they are.
    assert found.pearson == pytest.approx(10.0)
    assert not from_target(EVEN, (10, 10, 10, 1)).smoothed
    # A bin that is empty on both sides is no evidence, and no degree of freedom.
    assert between_samples((5, 5, 0), (5, 5, 0)).df == 1
    assert between_samples((5, 0), (9, 0)).p_pearson == 1.0
    assert upper(between_samples((5, 0), (9, 0)).estimate, 0.95) > 0.25


def test_every_small_table():
    """All pairs of samples of up to 50 over two bins in steps, and all of up to 6 over three."""
    divisions = [(x, n - x) for n in (1, 2, 7, 23, 50) for x in range(n + 1)]
    pairs = list(product(divisions, divisions))
    threes = [three for three in product(range(7), repeat=3) if 0 < sum(three) <= 6]
    pairs += list(product(threes[::3], threes[::5]))
    for first, second in pairs:
        found = between_samples(first, second)
        low, high = lower(found.estimate, 0.95), upper(found.estimate, 0.95)
        assert 0.0 <= low <= found.psi + 1e-12
        assert found.psi <= high < math.inf
        assert 0.0 <= found.jensen_shannon <= math.log(2)
        assert 0.0 <= found.p_pearson <= 1.0
        assert 0.0 <= found.p_likelihood_ratio <= 1.0
        assert not math.isnan(p_value(found.estimate, 0.25, Side.AT_MOST))


def test_every_small_sample_against_a_target():
    for n in range(1, 51):
        for x in range(n + 1):
            found = from_target((0.3, 0.7), (x, n - x))
            low, high = lower(found.estimate, 0.95), upper(found.estimate, 0.95)
            assert 0.0 <= low <= found.psi <= high < math.inf
            assert 0.0 <= found.p_pearson <= 1.0
            assert found.smoothed == (x in (0, n))


def tilted(bins, psi):
    """Return even shares, and shares tilted along the bins to a given index."""
    low, high = 0.0, 5.0
    even = [1.0 / bins] * bins
    for _ in range(60):
        tilt = (low + high) / 2
        shares = [math.exp(tilt * (1 - 2 * k / (bins - 1))) for k in range(bins)]
        shares = [share / sum(shares) for share in shares]
        low, high = (tilt, high) if population_stability_index(even, shares) < psi else (low, tilt)
    return even, shares


@pytest.mark.parametrize(("bins", "n"), [(2, 100), (5, 100), (5, 1000), (10, 200)])
def test_bounds_err_no_more_often_than_they_say(bins, n):
    """At the limit of 0.25 between two samples; the plain delta method errs up to 15 % of the time."""
    before, after = tilted(bins, 0.25)
    draw = random.Random(bins * n)
    runs, too_low, too_high = 500, 0, 0
    for _ in range(runs):
        counts = []
        for shares in (before, after):
            sample = draw.choices(range(bins), weights=shares, k=n)
            counts.append([sample.count(k) for k in range(bins)])
        estimate = between_samples(*counts).estimate
        too_low += upper(estimate, 0.95) < 0.25
        too_high += lower(estimate, 0.95) > 0.25
    most = 0.058 * runs + 3 * math.sqrt(runs * 0.058 * 0.942)
    assert too_low <= most
    assert too_high <= most


@pytest.mark.parametrize(
    ("target", "counts", "said"),
    [
        ((1.0,), (3,), "two bins"),
        ((0.5, 0.5), (1, 2, 3), "positive target"),
        ((1.0, 0.0), (1, 2), "positive target"),
        ((0.5, 0.5), (0, 0), "has observations"),
        ((0.5, 0.5), (-1, 2), "not negative"),
        ((0.5, 0.5), (math.nan, 2), "not negative"),
    ],
)
def test_impossible_distributions(target, counts, said):
    with pytest.raises(ValueError, match=said):
        from_target(target, counts)


def test_impossible_arguments():
    with pytest.raises(ValueError, match="same bins"):
        between_samples((1, 2), (1, 2, 3))
    with pytest.raises(ValueError, match="same bins"):
        jensen_shannon_divergence((1, 2), (1, 2, 3))
    with pytest.raises(ValueError, match="none of them empty"):
        population_stability_index((1, 0), (1, 1))
    for size in (0.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="effective size"):
            from_target(EVEN, (1, 1, 1, 1), n_eff=size)


def test_no_observed_move_is_no_proof_of_none():
    """Below what chance makes of no move at all, an index proves no more than that."""
    still = upper(between_samples((20, 20), (20, 20)).estimate, 0.95)
    assert still == pytest.approx((math.sqrt(0.05) + 1.6448536 * math.sqrt(0.05 / 2)) ** 2)
    assert upper(between_samples((2000, 2000), (2000, 2000)).estimate, 0.95) == pytest.approx(still / 100)


def test_more_of_the_same_and_the_best_of_the_same_size():
    counts = (40, 30, 20, 10)
    estimate = from_target(EVEN, counts).estimate
    fourfold = from_target(EVEN, [4 * count for count in counts]).estimate
    assert dict(scaled(estimate, 4.0).statistics) == pytest.approx(dict(fourfold.statistics))
    best = best_case(estimate, Side.AT_MOST)
    assert upper(best, 0.95) == pytest.approx(upper(from_target(EVEN, (25,) * 4).estimate, 0.95))
    assert best.value == 0.0
