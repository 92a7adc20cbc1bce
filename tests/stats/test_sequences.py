"""Confidence sequences: values of the confseq package, laws, and coverage over time by simulation."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.limit import Side
from hcgov.stats.bounds import lower
from hcgov.stats.proportions import rate
from hcgov.stats.sequences import (
    anytime_rate,
    at_all_times,
    beta_binomial_lower,
    beta_binomial_p_value,
    beta_binomial_upper,
    difference_lower,
    difference_upper,
    normal_mixture_bound,
    normal_mixture_rho,
)

levels = st.floats(0.5, 0.9999)


@st.composite
def streams(draw):
    n = draw(st.one_of(st.integers(1, 5000).map(float), st.floats(0.5, 1e7)))
    share = draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)))
    return min(share * n, n), n


@pytest.mark.parametrize(
    ("x", "n", "t_opt", "expected"),
    [
        (700, 1000, 100, (0.651629, 0.745949)),
        (15, 50, 50, (0.129556, 0.511896)),
        (5, 50, 50, (0.013021, 0.269264)),
        (1, 50, 50, (0.0, 0.134890)),
        (100, 200, 1, (0.328923, 0.671076)),
        (1, 2, 50, (0.0, 1.0)),
    ],
)
def test_bernoulli_sequences_of_confseq(x, n, t_opt, expected):
    """Unit tests of the confseq package (Howard et al.), made with its R reference; digits cut, not rounded."""
    found = beta_binomial_lower(x, n, t_opt, 0.95), beta_binomial_upper(x, n, t_opt, 0.95)
    assert found == pytest.approx(expected, abs=2e-6)


def test_normal_mixture_of_confseq():
    """Unit tests of the confseq package."""
    rho = normal_mixture_rho(100, 0.05)
    assert rho == pytest.approx(12.60056, abs=5e-6)
    assert normal_mixture_bound(100, rho, 0.05) == pytest.approx(30.35209, abs=5e-6)


def test_every_small_stream():
    for n in range(1, 51):
        for x in range(n + 1):
            low, high = beta_binomial_lower(x, n, 30, 0.95), beta_binomial_upper(x, n, 30, 0.95)
            assert 0.0 <= low <= x / n <= high <= 1.0
            assert (low == 0.0) == (x <= 1)
            assert beta_binomial_lower(x, n, 30, 0.9) >= low
            for limit in (0.0, 0.1, 0.5, 1.0):
                for side in Side:
                    assert 0.0 <= beta_binomial_p_value(x, n, 30, limit, side) <= 1.0


def test_nothing_observed_says_nothing():
    assert (beta_binomial_lower(0, 0, 10, 0.95), beta_binomial_upper(0, 0, 10, 0.95)) == (0.0, 1.0)
    assert beta_binomial_p_value(0, 0, 10, 0.5, Side.AT_MOST) == 1.0


@given(streams(), st.floats(1, 1e6), levels)
def test_bounds_are_ordered_and_mirror(stream, t_opt, level):
    x, n = stream
    low, high = beta_binomial_lower(x, n, t_opt, level), beta_binomial_upper(x, n, t_opt, level)
    assert 0.0 <= low <= high <= 1.0
    assert low <= x / n * (1 + 1e-12)
    assert high >= x / n * (1 - 1e-12)
    assert high == 1.0 - beta_binomial_lower(n - x, n, t_opt, level)


@given(streams(), st.floats(1, 1e6), st.floats(0.6, 0.9999), st.floats(0.001, 0.999))
def test_p_values_agree_with_bounds(stream, t_opt, level, limit):
    x, n = stream
    p = beta_binomial_p_value(x, n, t_opt, limit, Side.AT_MOST)
    low = beta_binomial_lower(x, n, t_opt, level)
    if abs(low - limit) > 1e-9 and abs(p - (1 - level)) > 1e-9:
        assert (p < 1 - level) == (low > limit)
    p = beta_binomial_p_value(x, n, t_opt, limit, Side.AT_LEAST)
    high = beta_binomial_upper(x, n, t_opt, level)
    if abs(high - limit) > 1e-9 and abs(p - (1 - level)) > 1e-9:
        assert (p < 1 - level) == (high < limit)


def test_limits_outside_the_rates():
    assert beta_binomial_p_value(3, 9, 10, -0.1, Side.AT_MOST) == 0.0
    assert beta_binomial_p_value(9, 9, 10, 1.0, Side.AT_MOST) == 1.0
    assert beta_binomial_p_value(3, 9, 10, 1.1, Side.AT_LEAST) == 0.0
    assert beta_binomial_p_value(3, 9, 10, 0.0, Side.AT_MOST) < 1e-6
    assert beta_binomial_p_value(1, 9, 10, 0.0, Side.AT_MOST) == pytest.approx(1.0, abs=0.9)


def test_wider_than_at_one_time_but_narrowing():
    widths = [
        beta_binomial_upper(0.7 * n, n, 1000, 0.95) - beta_binomial_lower(0.7 * n, n, 1000, 0.95)
        for n in (10**2, 10**3, 10**4, 10**5)
    ]
    assert widths == sorted(widths, reverse=True)
    assert 1.2 < widths[1] / (2 * 1.96 * math.sqrt(0.21 / 1000)) < 2.0


def ever_misses(draw, rate, looks, t_opt):
    x = 0
    for n in range(1, looks + 1):
        x += draw.random() < rate
        # The ratio against the truth leaves the sequence exactly where the truth does; one call a look.
        side = Side.AT_MOST if x > rate * n else Side.AT_LEAST
        if beta_binomial_p_value(x, n, t_opt, rate, side) < 0.05:
            return True
    return False


@pytest.mark.parametrize("rate", [0.05, 0.5])
def test_the_truth_rarely_ever_leaves(rate):
    """Looking 400 times: a fixed-sample 95 % interval would miss the truth at some look in over 40 % of runs."""
    draw = random.Random(20211)
    missed = sum(ever_misses(draw, rate, 400, 100) for _ in range(200))
    assert missed <= 0.05 * 200 + 3 * math.sqrt(200 * 0.05 * 0.95)
    assert missed <= 14


def test_differences_of_two_streams():
    first, second = (300, 1000), (200, 1000)
    low, high = difference_lower(first, second, 500, 0.95), difference_upper(first, second, 500, 0.95)
    assert low == beta_binomial_lower(300, 1000, 500, 0.975) - beta_binomial_upper(200, 1000, 500, 0.975)
    assert low < 0.1 < high
    assert difference_lower(second, first, 500, 0.95) == -high
    assert difference_lower((0, 0), (0, 0), 500, 0.95) == -1.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((3, 2, 10, 0.95), "events lie"),
        ((1, 2, 0, 0.95), "tuned"),
        ((1, 2, math.nan, 0.95), "tuned"),
        ((1, 2, 10, 1.0), "confidence"),
    ],
)
def test_impossible_arguments(arguments, said):
    with pytest.raises(ValueError, match=said):
        beta_binomial_lower(*arguments)


def test_impossible_mixtures():
    for arguments in ((0.0, 0.05), (1.0, 0.0), (1.0, 1.0), (math.inf, 0.05)):
        with pytest.raises(ValueError, match="positive variance"):
            normal_mixture_rho(*arguments)
    for arguments in ((-1.0, 1.0, 0.05), (1.0, 0.0, 0.05), (1.0, 1.0, 1.0)):
        with pytest.raises(ValueError, match="a bound needs"):
            normal_mixture_bound(*arguments)


def test_an_estimate_carries_what_its_bounds_need():
    estimate = anytime_rate(70, 100, t_opt=100, n_eff=50, people=40)
    assert dict(estimate.statistics) == {"x": 35.0, "n": 50.0, "t_opt": 100.0}
    assert estimate.value == 0.7
    assert lower(estimate, 0.95) == beta_binomial_lower(35, 50, 100, 0.95)
    assert anytime_rate(0, 0, t_opt=100).value is None
    assert at_all_times(rate(70, 100, n_eff=50, people=40), 100) == estimate
    with pytest.raises(ValueError, match="for one rate"):
        at_all_times(estimate, 100)
    with pytest.raises(ValueError, match="tuned"):
        anytime_rate(1, 2, t_opt=0)
