"""The distribution functions against scipy, from tiny shapes to a thousand million."""

import math

import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.special import beta_cdf, beta_quantile, normal_cdf, normal_quantile

SHAPES = (0.01, 0.3, 1.0, 1.5, 7.0, 59.0, 60.0, 61.5, 400.0, 2e4, 1e6, 1e9)
PROBABILITIES = (1e-12, 1e-6, 0.05 / 90, 0.025, 0.05, 0.3, 0.5, 0.7, 0.95, 0.975, 0.999999)

shapes = st.floats(-2.0, 9.0).map(lambda power: 10.0**power)
probabilities = st.floats(1e-9, 1.0 - 1e-9)


@pytest.mark.parametrize(
    "p", [1e-300, 1e-20, 1e-9, 0.01, 0.05, 0.074, 0.076, 0.4, 0.5, 0.6, 0.95, 0.999, 1 - 1e-16]
)
def test_normal_quantile_equals_scipy(p):
    assert normal_quantile(p) == pytest.approx(scipy.special.ndtri(p), rel=2e-15, abs=1e-16)


def test_normal_quantile_known_values():
    # Wichura 1988, the check values printed with AS 241.
    assert normal_quantile(0.25) == pytest.approx(-0.6744897501960817, rel=1e-15)
    assert normal_quantile(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert normal_quantile(1e-20) == pytest.approx(-9.262340089798408, rel=1e-15)
    assert normal_quantile(0.0) == -math.inf
    assert normal_quantile(1.0) == math.inf


@given(st.floats(-37.0, 8.0))
def test_normal_cdf_equals_scipy(x):
    assert normal_cdf(x) == pytest.approx(scipy.special.ndtr(x), rel=2e-12, abs=0.0)


@given(probabilities)
def test_normal_quantile_inverts_the_cdf(p):
    assert normal_cdf(normal_quantile(p)) == pytest.approx(p, rel=1e-13)


@pytest.mark.parametrize("p", [-1e-9, 1.0 + 1e-9, math.nan])
def test_quantiles_refuse_what_is_no_probability(p):
    with pytest.raises(ValueError, match="probability"):
        normal_quantile(p)
    with pytest.raises(ValueError, match="probability"):
        beta_quantile(p, 2.0, 3.0)


@pytest.mark.parametrize("a", SHAPES)
def test_beta_cdf_equals_scipy_on_both_sides_of_the_mean(a):
    for b in SHAPES:
        mean = a / (a + b)
        spread = math.sqrt(mean * (1.0 - mean) / (a + b + 1.0))
        for distance in (-4.0, -1.6, -0.1, 0.0, 0.1, 1.6, 4.0):
            x = mean + distance * spread
            if not 1e-15 < x < 1.0 - 1e-5:  # nearer to 1 the argument itself has too few digits
                continue
            digits = 1e-10 if a + b < 1e8 else 1e-7
            assert math.isclose(beta_cdf(a, b, x), scipy.special.betainc(a, b, x), rel_tol=digits), (b, x)


@pytest.mark.parametrize("a", [0.3, 1.0, 7.0, 40.5])
@pytest.mark.parametrize("mean", [0.01, 1.0, 7.2, 55.0])
def test_beta_cdf_of_a_huge_shape_is_the_gamma_limit(a, mean):
    """Scipy's own value is off by 2e-8 at (7, 1e9), so its gamma function judges there.

    Abramowitz and Stegun 26.5.20: I_x(a, b) is P(a, -(b + (a - 1) / 2) ln(1 - x)) up to O(1 / b^2).
    """
    b = 1e9
    x = mean / b
    limit = scipy.special.gammainc(a, -(b + (a - 1.0) / 2.0) * math.log1p(-x))
    assert beta_cdf(a, b, x) == pytest.approx(limit, rel=1e-12)


@given(shapes, shapes, probabilities)
def test_beta_quantile_inverts_the_cdf(a, b, p):
    x = beta_quantile(p, a, b)
    if 1e-290 < x < 1.0 - 1e-5:
        assert beta_cdf(a, b, x) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize("a", SHAPES)
def test_beta_quantile_equals_scipy(a):
    for b in SHAPES:
        digits = 1e-9 if a + b < 1e8 else 1e-7  # scipy's own limit at a thousand million
        for p in PROBABILITIES:
            found, expected = beta_quantile(p, a, b), scipy.special.betaincinv(a, b, p)
            if 1e-290 < expected < 1.0 - 1e-12:
                assert math.isclose(found, expected, rel_tol=digits), (b, p)
            else:
                assert math.isclose(found, expected, abs_tol=1e-12), (b, p)


@given(shapes, shapes, probabilities, probabilities)
def test_beta_quantile_grows_with_p(a, b, p, q):
    low, high = sorted((p, q))
    assert beta_quantile(low, a, b) <= beta_quantile(high, a, b) * (1.0 + 1e-12)


@given(shapes, shapes, st.floats(0.0, 1.0))
def test_beta_cdf_is_a_probability_and_reflects(a, b, x):
    value = beta_cdf(a, b, x)
    assert 0.0 <= value <= 1.0
    if x <= 0.5 and 1.0 - (1.0 - x) == x:
        assert value + beta_cdf(b, a, 1.0 - x) == pytest.approx(1.0, abs=1e-9)


def test_beta_closed_forms():
    assert beta_cdf(1.0, 1.0, 0.3) == pytest.approx(0.3, rel=1e-15)
    assert beta_cdf(3.0, 1.0, 0.2) == pytest.approx(0.008, rel=1e-14)
    assert beta_cdf(0.5, 0.5, 0.25) == pytest.approx(2.0 / math.pi * math.asin(0.5), rel=1e-14)  # arcsine law
    assert beta_quantile(0.05, 1.0, 59.0) == pytest.approx(1.0 - 0.95 ** (1.0 / 59.0), rel=1e-13)
    assert beta_quantile(0.5, 1e9, 1e9) == pytest.approx(0.5, rel=1e-13)


def test_beta_edges():
    assert beta_cdf(2.0, 3.0, -1.0) == 0.0
    assert beta_cdf(2.0, 3.0, 0.0) == 0.0
    assert beta_cdf(2.0, 3.0, 1.0) == 1.0
    assert beta_cdf(2.0, 3.0, 2.0) == 1.0
    assert beta_quantile(0.0, 2.0, 3.0) == 0.0
    assert beta_quantile(1.0, 2.0, 3.0) == 1.0
    assert beta_cdf(0.1, 0.1, 5e-324) < 1e-30
    assert beta_cdf(1e-90, 1e-90, 5e-324) == pytest.approx(0.5)
    assert beta_cdf(1e9, 1e9, 5e-324) == 0.0


def test_beta_of_vanishing_shapes_sits_at_the_ends():
    assert beta_quantile(1e-30, 1e-3, 4.0) == 0.0
    assert beta_quantile(0.05, 1e-308, 1.5) == 0.0
    assert beta_quantile(0.05, 1.5, 1e-308) == 1.0
    assert beta_quantile(0.3, 1e-20, 3.0) == 0.0
    assert beta_quantile(0.3, 3.0, 1e-20) == 1.0
    assert beta_cdf(1e-300, 3.0, 0.2) == 1.0
    assert beta_cdf(3.0, 1e-300, 0.2) < 1e-299
    assert beta_cdf(1e-200, 3e-200, 0.2) == pytest.approx(0.75)


def test_beta_refuses_what_is_no_shape():
    for a, b in ((0.0, 1.0), (1.0, -1.0), (math.inf, 1.0), (1.0, math.nan)):
        with pytest.raises(ValueError, match="shapes"):
            beta_cdf(a, b, 0.5)
        with pytest.raises(ValueError, match="shapes"):
            beta_quantile(0.5, a, b)
    with pytest.raises(ValueError, match="number"):
        beta_cdf(1.0, 1.0, math.nan)
