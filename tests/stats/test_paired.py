"""Paired shares: McNemar's tests and Tango's interval."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize
from scipy import stats as reference

from hcgov.stats.paired import (
    mcnemar_chi_square,
    mcnemar_exact_p_value,
    mcnemar_p_value,
    mcnemar_score,
    paired_difference_lower,
    paired_difference_score,
    paired_difference_upper,
)


@st.composite
def pairs(draw):
    n = draw(st.one_of(st.integers(1, 3000).map(float), st.floats(0.6, 1e6)))
    b = draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0))) * n
    c = draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0))) * (n - b)
    return b, min(c, n - b), n


def test_approval_ratings():
    """Agresti, Categorical Data Analysis, section 10.1: 86 against 150 of 1600 who changed their mind."""
    assert mcnemar_score(86, 150) == pytest.approx(-4.166, abs=5e-4)
    assert mcnemar_chi_square(86, 150) == pytest.approx(17.356, abs=5e-4)
    assert mcnemar_chi_square(86, 150, corrected=True) == pytest.approx(16.8178, abs=5e-5)
    assert mcnemar_p_value(86, 150, corrected=True) == pytest.approx(4.11e-5, abs=5e-8)
    assert mcnemar_exact_p_value(86, 150) == pytest.approx(3.716e-5, abs=5e-9)


def test_exact_p_value_is_the_binomial_test():
    for n in range(1, 51):
        for b in range(n + 1):
            expected = reference.binomtest(b, n).pvalue
            assert mcnemar_exact_p_value(b, n - b) == pytest.approx(expected, rel=1e-10)


def test_no_change_is_no_evidence():
    assert mcnemar_score(0, 0) == mcnemar_chi_square(0, 0) == 0.0
    assert (
        mcnemar_p_value(0, 0) == mcnemar_p_value(3, 4, corrected=True) == mcnemar_exact_p_value(0, 0) == 1.0
    )


def test_published_interval():
    """Airway hyper-responsiveness (Bentur et al. 2009) in Fagerland, Lydersen and Laake 2014 (SiM 33:2850)."""
    found = paired_difference_lower(1, 7, 21, 0.975), paired_difference_upper(1, 7, 21, 0.975)
    assert found == pytest.approx((-0.517, -0.026), abs=5.1e-4)


def constrained_score(b, c, n, difference):
    """Return the score with the likelihood maximised numerically over the nuisance parameter."""

    def loss(second):
        terms = ((b, second + difference), (c, second), (n - b - c, 1 - 2 * second - difference))
        return -sum(count * math.log(max(p, 1e-300)) for count, p in terms if count)

    ends = max(0.0, -difference), (1 - difference) / 2
    second = optimize.minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-13}).x
    return (b - c - n * difference) / math.sqrt(n * (2 * second + difference - difference**2))


@pytest.mark.parametrize(
    "counts", [(1, 7, 21), (6, 16, 161), (0, 5, 30), (40, 20, 160), (9, 0, 9), (0, 0, 12)]
)
@pytest.mark.parametrize("level", [0.9, 0.975])
def test_bounds_invert_the_likelihood(counts, level):
    z = reference.norm.ppf(level)
    low, high = paired_difference_lower(*counts, level), paired_difference_upper(*counts, level)
    if low > -1.0:
        assert constrained_score(*counts, low) == pytest.approx(z, rel=1e-4)
    if high < 1.0:
        assert constrained_score(*counts, high) == pytest.approx(-z, rel=1e-4)


def test_closed_form_without_change():
    """Nobody changed: the bound is z^2 / (n + z^2)."""
    z = reference.norm.ppf(0.95)
    assert paired_difference_upper(0, 0, 40, 0.95) == pytest.approx(z * z / (40 + z * z))


def test_every_small_table():
    for n in range(26):
        for b in range(n + 1):
            for c in range(n - b + 1):
                low, high = paired_difference_lower(b, c, n, 0.95), paired_difference_upper(b, c, n, 0.95)
                assert -1.0 <= low <= high <= 1.0
                assert n == 0 or low <= (b - c) / n <= high
                assert paired_difference_lower(b, c, n, 0.9) >= low
                for difference in (-1.0, -0.3, 0.0, 0.3, 1.0):
                    assert not math.isnan(paired_difference_score(b, c, n, difference))
                for corrected in (False, True):
                    assert 0.0 <= mcnemar_p_value(b, c, corrected=corrected) <= 1.0


def test_every_edge_up_to_fifty():
    for n in range(26, 51):
        for x in range(n + 1):
            for b, c in ((x, 0), (0, x), (x, n - x)):
                low, high = paired_difference_lower(b, c, n, 0.95), paired_difference_upper(b, c, n, 0.95)
                assert -1.0 <= low <= (b - c) / n <= high <= 1.0


@given(pairs())
def test_at_no_difference_it_is_mcnemars_test(counts):
    b, c, _ = counts
    assert paired_difference_score(*counts, 0.0) == pytest.approx(mcnemar_score(b, c), rel=1e-6, abs=1e-9)


@given(pairs(), st.floats(0.6, 0.9999))
def test_bounds_mirror_and_meet_their_score(counts, level):
    b, c, n = counts
    low = paired_difference_lower(b, c, n, level)
    assert low == -paired_difference_upper(c, b, n, level)
    assert -1.0 <= low <= (b - c) / n * (1 + 1e-15) + 1e-15
    if -1 + 1e-9 < low < (b - c) / n - 1e-9:
        assert paired_difference_score(b, c, n, low) == pytest.approx(reference.norm.ppf(level), rel=1e-6)


def test_impossible_counts():
    for bad in ((-1, 2), (1, math.nan), (math.inf, 1)):
        with pytest.raises(ValueError, match="discordant"):
            mcnemar_score(*bad)
    with pytest.raises(ValueError, match="events lie"):
        paired_difference_lower(5, 6, 10, 0.95)
    with pytest.raises(ValueError, match="confidence"):
        paired_difference_lower(1, 2, 10, 1.0)
    assert paired_difference_score(1, 2, 10, 1.5) == -math.inf
    assert paired_difference_score(1, 2, 10, -1.5) == math.inf
