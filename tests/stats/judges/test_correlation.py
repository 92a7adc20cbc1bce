import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, spearmanr

from hcgov.stats.judges.correlation import kendall_tau, rank_correlation

FIVE = np.array([1.0, 2, 3, 4, 5])


def test_five_families_with_a_correlation_of_090():
    # controls.md 2.3.4: the published 0.04 is the t approximation, or one-sided; the exact two-sided p is 0.083.
    found = rank_correlation(FIVE, np.array([1.0, 2, 3, 5, 4]))
    assert found.rho == pytest.approx(0.9)
    assert (found.p, found.one_sided) == (pytest.approx(10 / 120), pytest.approx(5 / 120))
    assert found.exact
    t = 0.9 * math.sqrt(3 / (1 - 0.81))
    assert t == pytest.approx(3.5762, abs=1e-4)  # of which the t approximation makes 0.037
    assert found.upper(0.95) > 0.98


def test_perfect_order_of_five_is_two_of_120():
    assert rank_correlation(FIVE, -FIVE).p == pytest.approx(2 / 120)
    assert rank_correlation(FIVE, FIVE).one_sided == pytest.approx(1 / 120)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=10, max_size=40))
@settings(max_examples=40)
def test_larger_samples_are_scipys(pairs):
    x, y = (np.array([float(p[k]) for p in pairs]) for k in (0, 1))
    found = rank_correlation(x, y)
    if found is None:
        assert min(np.ptp(x), np.ptp(y)) == 0
        return
    expected = spearmanr(x, y)
    assert found.rho == pytest.approx(expected.statistic, abs=1e-12)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-9)
    assert not found.exact


@given(st.permutations(range(6)))
@settings(max_examples=30, deadline=None)
def test_exact_p_is_the_same_either_way_round_and_never_zero(order):
    x, y = np.arange(6.0), np.array(order, dtype=float)
    one, other = rank_correlation(x, y), rank_correlation(y, -x)
    assert one.p == pytest.approx(other.p)
    assert 2 / 720 - 1e-12 <= one.p <= 1.0
    assert one.upper(0.95) >= one.rho


@pytest.mark.parametrize(
    ("x", "y"),
    [(FIVE[:2], FIVE[:2]), (FIVE, np.ones(5)), (np.ones(5), FIVE)],
    ids=["two", "flat", "flat too"],
)
def test_too_few_or_constant_values_have_none(x, y):
    assert rank_correlation(x, y) is None


def test_kendalls_tau_is_scipys():
    draw = np.random.default_rng(1)
    x, y = draw.integers(0, 5, 40).astype(float), draw.integers(0, 5, 40).astype(float)
    assert kendall_tau(x, y) == pytest.approx(kendalltau(x, y).statistic)
    assert kendall_tau(x, np.ones(40)) is None
