"""The upper tail of chi-square and gamma, against scipy and closed forms."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from scipy import stats as reference

from hcgov.stats.chi_square import chi_square_p_value, gamma_tail, log_poisson


@given(st.floats(0.05, 1e4), st.floats(0.0, 4.0))
def test_gamma_tail_is_scipys(a, times):
    expected = special.gammaincc(a, a * times)
    assert gamma_tail(a, a * times) == pytest.approx(expected, rel=1e-9, abs=1e-13)


@given(st.integers(1, 400), st.floats(0.0, 2000.0))
def test_chi_square_is_scipys(df, statistic):
    expected = reference.chi2.sf(statistic, df)
    assert chi_square_p_value(statistic, df) == pytest.approx(expected, rel=1e-9, abs=1e-290)


def test_closed_forms():
    for x in (0.0, 1e-12, 0.3, 5.0, 200.0):
        assert chi_square_p_value(x, 2) == pytest.approx(math.exp(-x / 2), rel=1e-13)
        assert chi_square_p_value(x, 1) == pytest.approx(math.erfc(math.sqrt(x / 2)), rel=1e-9)
    assert chi_square_p_value(math.inf, 3) == 0.0


@given(st.integers(0, 3000), st.floats(0.0, 3000.0))
def test_poisson_is_scipys(k, mean):
    assert log_poisson(k, mean) == pytest.approx(reference.poisson.logpmf(k, mean), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("statistic", "df"), [(-1.0, 1), (math.nan, 1), (1.0, 0)])
def test_impossible_statistics(statistic, df):
    with pytest.raises(ValueError, match="degree of freedom"):
        chi_square_p_value(statistic, df)


@pytest.mark.parametrize(("a", "x"), [(0.0, 1.0), (1.0, -1.0), (math.inf, 1.0), (1.0, math.nan)])
def test_impossible_arguments(a, x):
    with pytest.raises(ValueError, match="incomplete gamma"):
        gamma_tail(a, x)
