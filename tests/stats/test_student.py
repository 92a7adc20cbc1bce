"""Student's t distribution against scipy."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hcgov.stats.special import normal_quantile
from hcgov.stats.student import critical_t, student_cdf, student_quantile

DEGREES = [0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 7.3, 10.0, 31.0, 99.0, 127.0, 1e3, 1e6, 1e8]


@pytest.mark.parametrize("df", DEGREES)
def test_the_distribution_function_is_scipys(df):
    for t in (-1e3, -50.0, -5.0, -2.0, -1.0, -0.5, -1e-3, 0.0, 0.1, 1.0, 2.0, 5.0, 300.0):
        assert student_cdf(t, df) == pytest.approx(float(stats.t.cdf(t, df)), rel=1e-11, abs=1e-290)


@pytest.mark.parametrize("df", DEGREES)
def test_the_quantile_is_scipys(df):
    for p in (1e-8, 1e-4, 0.01, 0.025, 0.05, 0.2, 0.4, 0.6, 0.9, 0.95, 0.975, 0.999, 0.99999):
        assert student_quantile(p, df) == pytest.approx(float(stats.t.ppf(p, df)), rel=1e-10)


def test_published_critical_values():
    # Fisher and Yates, Statistical Tables, table III, one-sided 95 % and 97.5 %.
    expected = {1: (6.314, 12.706), 4: (2.132, 2.776), 10: (1.812, 2.228), 30: (1.697, 2.042)}
    for df, (five, two_and_a_half) in expected.items():
        assert critical_t(0.95, df) == pytest.approx(five, abs=5e-4)
        assert critical_t(0.975, df) == pytest.approx(two_and_a_half, abs=5e-4)


@given(st.floats(1e-9, 1 - 1e-9), st.floats(0.3, 1e7))
def test_the_quantile_inverts_the_distribution_and_is_odd(p, df):
    t = student_quantile(p, df)
    assert student_cdf(t, df) == pytest.approx(p, rel=1e-9)
    if p == 1.0 - (1.0 - p):
        assert student_quantile(1.0 - p, df) == pytest.approx(-t, rel=1e-12, abs=1e-15)


def test_the_ends():
    assert student_quantile(0.0, 3) == -math.inf
    assert student_quantile(1.0, 3) == math.inf
    assert student_quantile(0.5, 3) == 0.0
    assert (student_cdf(-math.inf, 3), student_cdf(math.inf, 3), student_cdf(0.0, 3)) == (0.0, 1.0, 0.5)
    assert student_cdf(-1e300, 0.7) == pytest.approx(0.0, abs=1e-200)
    assert student_quantile(1e-12, 0.05) == -math.inf
    assert student_quantile(0.95, math.inf) == normal_quantile(0.95)
    assert student_cdf(1.0, math.inf) == pytest.approx(0.8413447460685429, rel=1e-15)


def test_nonsense_is_refused():
    for call in (
        lambda: student_cdf(1.0, 0.0),
        lambda: student_cdf(math.nan, 3.0),
        lambda: student_quantile(1.2, 3.0),
        lambda: student_quantile(0.3, -1.0),
        lambda: student_quantile(0.3, math.nan),
        lambda: critical_t(0.3, 3.0),
    ):
        with pytest.raises(ValueError):
            call()
