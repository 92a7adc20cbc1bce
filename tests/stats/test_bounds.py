"""Every method through one door: bounds, p-values that agree with them, best cases, scaling."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Limit, Side
from hcgov.stats.bounds import NoInterval, lower, p_value, two_sided, upper
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.drift import from_target
from hcgov.stats.hypothetical import best_case, scaled
from hcgov.stats.means import mean, student
from hcgov.stats.proportions import rate, share_ratio
from hcgov.stats.ratios import koopman
from hcgov.stats.sequences import anytime_rate

POINT = Estimate(value=0.3, n=9, n_eff=9.0, people=None, method=Method.POINT)
levels = st.floats(0.8, 0.9999)
sides = st.sampled_from(Side)


def wilson(positives, n, **options):
    return replace(rate(positives, n, **options), method=Method.WILSON)


def make(method, x1, n1, x2, n2, deff):
    if method is Method.STUDENT_T:
        spread = (x2 / n2) * math.sqrt(deff / n1)
        return student(x1 / n1, spread, n1 / deff - 1.0, n=n1, people=n1, low=0.0, high=1.0)
    if method is Method.EMPIRICAL_BERNSTEIN:
        return mean(x1, x1, n1, low=0.0, high=1.0, safe=True)
    if method is Method.STABILITY:
        target = ((x2 + 1) / (n2 + 2), (n2 - x2 + 1) / (n2 + 2))
        return from_target(target, (x1, n1 - x1), n_eff=n1 / deff).estimate
    if method is Method.BETA_BINOMIAL_SEQUENCE:
        return anytime_rate(x1, n1, t_opt=n2, n_eff=n1 / deff)
    if method is Method.MIETTINEN_NURMINEN:
        return miettinen_nurminen(x1, n1, x2, n2, n_eff1=n1 / deff, n_eff2=n2 / deff)
    if method is Method.KOOPMAN:
        return koopman(x1, n1, x2, n2, n_eff1=n1 / deff, n_eff2=n2 / deff)
    if method is Method.SHARE_RATIO:
        return share_ratio(x1, n1, (x2 + 1) / (n2 + 1), n_eff=n1 / deff)
    return (rate if method is Method.CLOPPER_PEARSON else wilson)(x1, n1, n_eff=n1 / deff)


@st.composite
def estimates(draw):
    method = draw(st.sampled_from([m for m in Method if m is not Method.POINT]))
    n1, n2 = draw(st.integers(1, 2000)), draw(st.integers(1, 2000))
    x1, x2 = draw(st.integers(0, n1)), draw(st.integers(0, n2))
    return make(method, x1, n1, x2, n2, draw(st.floats(1.0, 4.0)))


@given(estimates(), levels)
def test_bounds_enclose_the_value(estimate, level):
    low, high = lower(estimate, level), upper(estimate, level)
    assert not math.isnan(low)
    assert not math.isnan(high)
    assert low <= high
    if estimate.value is not None:
        slack = 1e-12 * max(1.0, estimate.value)
        assert low <= estimate.value + slack
        assert high >= estimate.value - slack


@given(estimates(), levels, st.floats(-1.2, 3.0), sides)
def test_p_value_is_below_alpha_exactly_if_the_bound_is_beyond_the_limit(estimate, level, limit, side):
    bound = lower(estimate, level) if side is Side.AT_MOST else upper(estimate, level)
    assume(abs(bound - limit) > 1e-7)
    p = p_value(estimate, limit, side)
    assert 0.0 <= p <= 1.0
    assert (p < 1.0 - level) == (
        bound > limit if side is Side.AT_MOST else bound < limit
    ) or estimate.n_eff <= 1.0


@given(estimates(), levels)
def test_p_value_at_the_bound_is_alpha(estimate, level):
    alpha = 1.0 - level
    for side, bound in ((Side.AT_MOST, lower(estimate, level)), (Side.AT_LEAST, upper(estimate, level))):
        if bound in (-1.0, 0.0, 1.0, math.inf) or estimate.method is Method.SHARE_RATIO:
            continue
        # The p-value of a sequence is steep in the limit where there are few rows, and its bound a root to some digits.
        rel = 1e-3 if estimate.method is Method.BETA_BINOMIAL_SEQUENCE else 1e-5
        assert p_value(estimate, bound, side) == pytest.approx(alpha, rel=rel)


@given(estimates(), st.floats(-1.2, 3.0), st.floats(-1.2, 3.0))
def test_p_value_is_monotone_in_the_limit(estimate, first, second):
    low, high = sorted((first, second))
    assert p_value(estimate, low, Side.AT_MOST) <= p_value(estimate, high, Side.AT_MOST) + 1e-9
    assert p_value(estimate, low, Side.AT_LEAST) >= p_value(estimate, high, Side.AT_LEAST) - 1e-9


@given(estimates(), levels, st.floats(-1.2, 3.0), sides)
def test_no_estimate_passes_and_fails(estimate, level, value, side):
    limit = Limit(side=side, value=Decimal(value))
    passing, failing = (upper, lower) if side is Side.AT_MOST else (lower, upper)
    assert not (limit.holds(passing(estimate, level)) and not limit.holds(failing(estimate, level)))


def test_two_sided_level_is_split():
    assert two_sided(rate(81, 263), 0.95) == pytest.approx((0.2527, 0.3676), abs=5.1e-5)
    assert two_sided(wilson(81, 263), 0.95) == pytest.approx((0.2553, 0.3662), abs=5.1e-5)
    assert two_sided(miettinen_nurminen(7, 34, 1, 34), 0.95) == pytest.approx(
        (0.0270416, 0.3452912), abs=6e-8
    )
    assert two_sided(koopman(7, 34, 1, 34), 0.95) == pytest.approx((1.220853, 42.575718), abs=6e-7)
    estimate = rate(5, 9)
    assert two_sided(estimate, 0.9) == pytest.approx((lower(estimate, 0.95), upper(estimate, 0.95)))
    with pytest.raises(ValueError, match="two-sided"):
        two_sided(estimate, 1.0)


def test_a_share_ratio_is_its_rate_over_the_target():
    estimate, plain = share_ratio(30, 100, 0.4), rate(30, 100)
    assert lower(estimate, 0.95) == pytest.approx(lower(plain, 0.95) / 0.4)
    assert upper(estimate, 0.95) == pytest.approx(upper(plain, 0.95) / 0.4)
    assert p_value(estimate, 0.8, Side.AT_LEAST) == pytest.approx(p_value(plain, 0.32, Side.AT_LEAST))
    assert p_value(estimate, 2.6, Side.AT_LEAST) == 0.0  # no share reaches 2.6 times the target
    assert p_value(estimate, 2.6, Side.AT_MOST) == 1.0


def test_a_point_has_no_interval():
    for call in (
        lambda: lower(POINT, 0.95),
        lambda: upper(POINT, 0.95),
        lambda: two_sided(POINT, 0.95),
        lambda: p_value(POINT, 0.1, Side.AT_MOST),
        lambda: best_case(POINT, Side.AT_MOST),
        lambda: scaled(POINT, 2.0),
    ):
        with pytest.raises(NoInterval, match="'point' has no interval") as caught:
            call()
        assert caught.value.method is Method.POINT


@pytest.mark.parametrize(
    ("build", "sizes"),
    [
        # ln alpha / ln t, and z^2 t / (1 - t): the least sizes at which a perfect sample can pass.
        (rate, {"0.80": 14, "0.90": 29, "0.95": 59, "0.99": 299}),
        (wilson, {"0.80": 11, "0.90": 25, "0.95": 52, "0.99": 268}),
    ],
)
def test_least_resolvable_sizes(build, sizes):
    for value, size in sizes.items():
        limit = Limit(side=Side.AT_LEAST, value=Decimal(value))
        mirrored = Limit(side=Side.AT_MOST, value=1 - Decimal(value))
        for n, resolvable in ((size - 1, False), (size, True)):
            assert limit.holds(lower(best_case(build(n // 3, n), Side.AT_LEAST), 0.95)) is resolvable
            assert mirrored.holds(upper(best_case(build(n // 3, n), Side.AT_MOST), 0.95)) is resolvable


@given(estimates(), sides, levels)
def test_best_case_of_a_rate_has_the_best_bound(estimate, side, level):
    best = best_case(estimate, side)
    assert (best.n, best.n_eff, best.people, best.method) == (
        estimate.n,
        estimate.n_eff,
        estimate.people,
        estimate.method,
    )
    if "x" in dict(estimate.statistics):
        better = upper(best, level) <= upper(estimate, level) + 1e-12
        assert better if side is Side.AT_MOST else lower(best, level) >= lower(estimate, level) - 1e-12


@given(st.integers(1, 500), st.integers(1, 500), st.data(), sides)
def test_best_case_of_two_groups_is_equality_at_the_pooled_rate(n1, n2, data, side):
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    for build, value in ((miettinen_nurminen, 0.0), (koopman, 1.0)):
        best = best_case(build(x1, n1, x2, n2), side)
        counts = dict(best.statistics)
        assert counts["x1"] / n1 == pytest.approx((x1 + x2) / (n1 + n2), abs=1e-12)
        assert counts["x2"] / n2 == pytest.approx((x1 + x2) / (n1 + n2), abs=1e-12)
        assert best.value == (value if build is miettinen_nurminen or x1 + x2 else None)


def test_best_case_of_share_ratio_and_of_nothing():
    assert best_case(share_ratio(3, 10, 0.25), Side.AT_LEAST).value == 4.0
    assert best_case(share_ratio(3, 10, 0.25), Side.AT_MOST).value == 0.0
    assert dict(best_case(share_ratio(3, 10, 0.25), Side.AT_LEAST).statistics) == {
        "x": 10.0,
        "n": 10.0,
        "target": 0.25,
    }
    assert best_case(rate(0, 0), Side.AT_LEAST).value is None
    assert best_case(miettinen_nurminen(0, 0, 0, 0), Side.AT_MOST).value is None
    assert upper(best_case(miettinen_nurminen(0, 0, 3, 9), Side.AT_MOST), 0.95) == 1.0


@given(estimates(), levels, st.floats(1.01, 50.0))
def test_more_of_the_same_data_narrow_the_interval(estimate, level, factor):
    more = scaled(estimate, factor)
    assert more.n_eff == pytest.approx(estimate.n_eff * factor)
    assert more.people is None
    assert lower(more, level) >= lower(estimate, level) - 1e-9
    high = upper(estimate, level)
    assert high == math.inf or upper(more, level) <= high * (1 + 1e-9) + 1e-9


def test_scaled_keeps_rates_and_target():
    estimate = scaled(share_ratio(3, 10, 0.25, people=9), 2.5)
    assert (estimate.value, estimate.n, estimate.n_eff) == (pytest.approx(1.2), 25, 25.0)
    assert dict(estimate.statistics) == {"x": 7.5, "n": 25.0, "target": 0.25}
    for factor in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="factor"):
            scaled(rate(1, 2), factor)
