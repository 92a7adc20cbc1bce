"""Closed-form intervals of two rates, against published values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.closed_forms import agresti_caffo, katz, newcombe_lower, newcombe_upper, wald
from hcgov.stats.differences import mee_lower, mee_upper, miettinen_nurminen_lower
from hcgov.stats.ratios import koopman_lower, koopman_upper

groups = st.tuples(st.integers(1, 500), st.integers(1, 500), st.floats(0, 1), st.floats(0, 1)).map(
    lambda drawn: (round(drawn[0] * drawn[2]), drawn[0], round(drawn[1] * drawn[3]), drawn[1])
)
levels = st.floats(0.5, 0.9999)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        # Newcombe 1998 (Statistics in Medicine 17:873), table II, method 10; the first two also in an R test suite.
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombe(group, expected):
    found = newcombe_lower(*group, 0.975), newcombe_upper(*group, 0.975)
    assert found == pytest.approx(expected, abs=5.1e-5)


def test_mee_has_no_variance_factor():
    # Newcombe 1998, table II, method 5.
    found = mee_lower(56, 70, 48, 80, 0.975), mee_upper(56, 70, 48, 80, 0.975)
    assert found == pytest.approx((0.0533, 0.3377), abs=5.1e-5)
    assert mee_lower(7, 34, 1, 34, 0.95) > miettinen_nurminen_lower(7, 34, 1, 34, 0.95)
    # The factor has no meaning for one observation in all; Mee's interval has.
    assert miettinen_nurminen_lower(0.4, 0.5, 0.1, 0.5, 0.95) == -1.0
    assert -1.0 < mee_lower(0.4, 0.5, 0.1, 0.5, 0.95) < 0.6


def test_agresti_caffo_and_wald():
    # R PropCIs::wald2ci with and without its adjustment.
    assert agresti_caffo(7, 34, 1, 34, 0.975) == pytest.approx((0.01161167, 0.32172166), abs=5e-9)
    assert wald(7, 34, 1, 34, 0.975) == pytest.approx((0.02916942, 0.32377176), abs=5e-9)
    assert wald(0, 9, 0, 5, 0.95) == (0.0, 0.0)
    assert wald(0, 0, 0, 5, 0.95) == (-1.0, 1.0)
    assert agresti_caffo(0, 0, 0, 0, 0.999999) == (-1.0, 1.0)


def test_katz():
    # Fagerland, Lydersen and Laake 2015 (Statistical Methods in Medical Research 24:224): (0.91, 54).
    assert katz(7, 34, 1, 34, 0.975) == pytest.approx((0.9096, 53.87), rel=5e-5)
    assert katz(0, 34, 1, 34, 0.975) == katz(3, 34, 0, 34, 0.975) == (0.0, math.inf)


@given(groups, levels)
def test_every_form_is_ordered_and_swaps(group, level):
    x1, n1, x2, n2 = group
    difference = x1 / n1 - x2 / n2
    newcombe = newcombe_lower(*group, level), newcombe_upper(*group, level)
    mee = mee_lower(*group, level), mee_upper(*group, level)
    for low, high in (newcombe, mee, wald(*group, level)):
        assert -1.0 <= low <= difference + 1e-12
        assert difference - 1e-12 <= high <= 1.0
    for form in (agresti_caffo, wald):
        low, high = form(*group, level)
        assert form(x2, n2, x1, n1, level) == pytest.approx((-high, -low), abs=1e-12)
    assert newcombe == (-newcombe_upper(x2, n2, x1, n1, level), -newcombe_lower(x2, n2, x1, n1, level))


@given(groups)
def test_katz_is_near_koopman_in_large_samples(group):
    x1, n1, x2, n2 = (1000 * count for count in group)
    low, high = katz(x1, n1, x2, n2, 0.95)
    if 0.05 < x1 / n1 < 0.95 and 0.05 < x2 / n2 < 0.95:
        assert low == pytest.approx(koopman_lower(x1, n1, x2, n2, 0.95), rel=0.02)
        assert high == pytest.approx(koopman_upper(x1, n1, x2, n2, 0.95), rel=0.02)


def test_nonsense_is_refused():
    for form in (newcombe_lower, newcombe_upper, agresti_caffo, wald, katz, mee_lower, mee_upper):
        for group in ((3, 2, 1, 2), (1, 2, -1, 2), (math.nan, 2, 1, 2)):
            with pytest.raises(ValueError):
                form(*group, 0.95)
        with pytest.raises(ValueError):
            form(1, 2, 1, 2, 0.3)
