"""One rate. Oracle numbers: Newcombe 1998 (Statistics in Medicine 17:857), cases of his Table I."""

import math
import warnings

import pytest
import scipy.special
from hypothesis import assume, given
from hypothesis import strategies as st

from hcgov.core.estimate import Method
from hcgov.core.limit import Side
from hcgov.stats.proportions import (
    clopper_pearson_lower,
    clopper_pearson_p_value,
    clopper_pearson_upper,
    rate,
    share_ratio,
    wilson_lower,
    wilson_p_value,
    wilson_upper,
)

CASES = ((81, 263), (15, 148), (0, 20), (1, 29))
INTERVALS = {
    "wilson": (
        (wilson_lower, wilson_upper),
        ((0.2553, 0.3662), (0.0624, 0.1605), (0.0, 0.1611), (0.0061, 0.1718)),
    ),
    "exact": (
        (clopper_pearson_lower, clopper_pearson_upper),
        ((0.2527, 0.3676), (0.0578, 0.1617), (0.0, 0.1684), (0.0009, 0.1776)),
    ),
}
TESTS = {"exact": clopper_pearson_p_value, "wilson": wilson_p_value}

levels = st.floats(0.8, 0.9999)


@st.composite
def counts(draw):
    n = draw(st.one_of(st.integers(1, 2000).map(float), st.floats(0.3, 1e6)))
    share = draw(st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0.0, 1.0)))
    return (round(share * n) if n == int(n) else share * n), n


@pytest.mark.parametrize("name", INTERVALS)
@pytest.mark.parametrize("case", range(len(CASES)))
def test_newcombe_table(name, case):
    (low, high), expected = INTERVALS[name]
    found = low(*CASES[case], 0.975), high(*CASES[case], 0.975)
    assert found == pytest.approx(expected[case], abs=5.1e-5)


def test_closed_forms_of_the_exact_bound():
    # 1 - 0.05 ** (1 / n), the "rule of three".
    assert clopper_pearson_upper(0, 59, 0.95) == pytest.approx(0.049508, abs=5e-7)
    assert clopper_pearson_upper(0, 100, 0.95) == pytest.approx(0.029513, abs=5e-7)
    for n in (1, 29, 1e4, 1e9):
        assert clopper_pearson_upper(0, n, 0.95) == pytest.approx(
            -math.expm1(math.log(1 - 0.95) / n), rel=1e-12
        )
        assert clopper_pearson_lower(n, n, 0.95) == pytest.approx((1 - 0.95) ** (1.0 / n), rel=1e-12)


@pytest.mark.slow  # its import takes seconds
@pytest.mark.parametrize("name", INTERVALS)
@pytest.mark.parametrize("n", [1, 2, 7, 40, 333, 5000])
def test_equal_to_scipy(name, n):
    stats = pytest.importorskip("scipy.stats")
    low, high = INTERVALS[name][0]
    for x in sorted({0, 1, n // 3, n // 2, n - 1, n}):
        for level in (0.9, 0.975, 0.9999):
            expected = stats.binomtest(x, n).proportion_ci(2 * level - 1, method=name)
            # scipy solves the exact bounds to 1e-12 absolutely
            assert low(x, n, level) == pytest.approx(expected.low, rel=1e-12, abs=5e-12)
            assert high(x, n, level) == pytest.approx(expected.high, rel=1e-12, abs=5e-12)


@given(data=counts(), level=levels)
def test_exact_bounds_are_beta_quantiles_for_counts_that_are_not_whole(data, level):
    x, n = data
    assume(1e-3 < x < n - 1e-3)
    expected = scipy.special.betaincinv(x, n - x + 1.0, 1.0 - level)
    assert clopper_pearson_lower(x, n, level) == pytest.approx(expected, rel=1e-9, abs=1e-290)


@pytest.mark.slow  # its import takes seconds
def test_equal_to_statsmodels():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        proportion = pytest.importorskip("statsmodels.stats.proportion")
    for x, n in ((2.5, 31.7), (0.4, 3.0), (90.2, 100.0), (81.0, 263.0)):
        for name, method in (("exact", "beta"), ("wilson", "wilson")):
            low, high = INTERVALS[name][0]
            expected = proportion.proportion_confint(x, n, alpha=0.1, method=method)
            assert (low(x, n, 0.95), high(x, n, 0.95)) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", INTERVALS)
@given(data=counts(), level=levels)
def test_ordered_mirrored_and_around_the_share(name, data, level):
    low, high = INTERVALS[name][0]
    x, n = data
    assert 0.0 <= low(x, n, level) <= x / n * (1 + 1e-14)
    assert x / n * (1 - 1e-14) <= high(x, n, level) <= 1.0
    assert high(n - x, n, level) == pytest.approx(1.0 - low(n - (n - x), n, level), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", INTERVALS)
@given(data=counts(), first=levels, second=levels)
def test_wider_at_higher_levels(name, data, first, second):
    low, high = INTERVALS[name][0]
    less, more = sorted((first, second))
    assert low(*data, more) <= low(*data, less) * (1 + 1e-12)
    assert high(*data, more) >= high(*data, less) * (1 - 1e-12)


@pytest.mark.parametrize("name", INTERVALS)
@given(data=counts(), level=levels, limit=st.floats(-0.1, 1.1))
def test_p_values_agree_with_bounds(name, data, level, limit):
    low, high = INTERVALS[name][0]
    alpha = 1.0 - level
    for side, bound in ((Side.AT_MOST, low(*data, level)), (Side.AT_LEAST, high(*data, level))):
        p = TESTS[name](*data, limit, side)
        assert 0.0 <= p <= 1.0
        assume(abs(bound - limit) > 1e-9)
        assert (p < alpha) == (bound > limit if side is Side.AT_MOST else bound < limit)


def test_exact_p_value_is_the_binomial_tail():
    for x, n, limit in ((7, 20, 0.2), (0, 9, 0.3), (9, 9, 0.8), (3, 50, 0.1)):
        at_most = clopper_pearson_p_value(x, n, limit, Side.AT_MOST)
        at_least = clopper_pearson_p_value(x, n, limit, Side.AT_LEAST)
        assert at_most == pytest.approx(1.0 if x == 0 else scipy.special.bdtrc(x - 1, n, limit), rel=1e-12)
        assert at_least == pytest.approx(scipy.special.bdtr(x, n, limit), rel=1e-12)


@pytest.mark.parametrize("test", TESTS.values())
def test_p_values_at_the_ends(test):
    assert test(0, 9, 0.0, Side.AT_MOST) >= 0.5
    assert test(1, 9, 0.0, Side.AT_MOST) == 0.0
    assert test(9, 9, 1.0, Side.AT_LEAST) >= 0.5
    assert test(8, 9, 1.0, Side.AT_LEAST) == 0.0
    assert test(0, 9, -0.1, Side.AT_MOST) == 0.0
    assert test(9, 9, 1.1, Side.AT_LEAST) == 0.0
    assert test(5, 9, 1.1, Side.AT_MOST) == 1.0
    assert test(5, 9, -0.1, Side.AT_LEAST) == 1.0
    assert test(0, 0, 0.3, Side.AT_MOST) >= 0.5
    assert test(0, 0, 0.3, Side.AT_LEAST) >= 0.5


@pytest.mark.parametrize("n", range(1, 31))
def test_exact_bounds_cover_at_least_the_nominal_level(n):
    """All outcomes are enumerated, so this is the coverage, not a simulation of it."""
    level = 0.95
    lows = [clopper_pearson_lower(x, n, level) for x in range(n + 1)]
    highs = [clopper_pearson_upper(x, n, level) for x in range(n + 1)]
    grid = [k / 40 for k in range(41)] + [bound - 1e-9 for bound in highs] + [bound + 1e-9 for bound in lows]
    for p in grid:
        weights = [math.comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(n + 1)]
        below = math.fsum(w for w, low in zip(weights, lows, strict=True) if low <= p)
        above = math.fsum(w for w, high in zip(weights, highs, strict=True) if high >= p)
        assert below >= level - 1e-7
        assert above >= level - 1e-7


def test_rate_keeps_what_bounds_need():
    estimate = rate(30, 100, n_eff=50, people=40)
    assert (estimate.value, estimate.n, estimate.n_eff, estimate.people) == (0.3, 100, 50.0, 40)
    assert estimate.method is Method.CLOPPER_PEARSON
    assert estimate.statistics == (("x", 15.0), ("n", 50.0))
    empty = rate(0, 0)
    assert empty.value is None
    assert empty.statistics == (("x", 0.0), ("n", 0.0))


def test_share_ratio_divides_by_its_target():
    estimate = share_ratio(30, 100, 0.4)
    assert estimate.value == pytest.approx(0.75)
    assert estimate.method is Method.SHARE_RATIO
    assert dict(estimate.statistics) == {"x": 30.0, "n": 100.0, "target": 0.4}
    assert share_ratio(0, 0, 1.0).value is None
    for target in (0.0, -0.2, 1.01, math.nan):
        with pytest.raises(ValueError, match="target"):
            share_ratio(1, 2, target)


@pytest.mark.parametrize(
    "function", [clopper_pearson_lower, clopper_pearson_upper, wilson_lower, wilson_upper]
)
def test_nonsense_is_refused(function):
    for x, n, level in ((3, 2, 0.95), (-1, 2, 0.95), (1, 2, 0.3), (1, 2, 1.0), (math.nan, 2, 0.95)):
        with pytest.raises(ValueError):
            function(x, n, level)


def test_no_data_say_nothing():
    assert (clopper_pearson_lower(0, 0, 0.95), clopper_pearson_upper(0, 0, 0.95)) == (0.0, 1.0)
    assert (wilson_lower(0, 0, 0.95), wilson_upper(0, 0, 0.95)) == (0.0, 1.0)
