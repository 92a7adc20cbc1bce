"""Families, lists that explore, and repeated attempts."""

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.multiplicity import (
    benjamini_hochberg_adjusted,
    benjamini_yekutieli_adjusted,
    bonferroni_level,
    holm_adjusted,
    holm_levels,
    holm_reject,
    spending_level,
)

# Benjamini and Hochberg 1995, section 3: thrombolysis trial, 15 p-values.
TRIAL = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip

families = st.lists(st.floats(0.0, 1.0), max_size=30)
alphas = st.floats(1e-4, 0.5)


def test_trial_of_benjamini_and_hochberg():
    rejected = holm_reject(TRIAL, 0.05)
    assert rejected == (True,) * 3 + (False,) * 12
    assert sum(p < 1.0 - bonferroni_level(0.05, 15) for p in TRIAL) == 3
    # Holm's adjusted third p-value is 13 * 0.0019 = 0.0247.
    assert holm_reject(TRIAL, 0.02470001)[2]
    assert not holm_reject(TRIAL, 0.0246999)[2]


def test_levels_fall_from_bonferroni_to_plain():
    assert holm_levels(3, 0.06) == pytest.approx((0.98, 0.97, 0.94))
    assert holm_levels(1) == (0.95,)
    assert holm_levels(0) == ()
    assert bonferroni_level(0.05, 30) == pytest.approx(1 - 0.05 / 30)


@given(families, alphas)
def test_holm_is_between_bonferroni_and_nothing(p_values, alpha):
    m = len(p_values)
    for p, rejected in zip(p_values, holm_reject(p_values, alpha), strict=True):
        assert rejected or p >= alpha / m
        assert p < alpha or not rejected


@given(families, alphas, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(p_values, alpha, random):
    order = list(range(len(p_values)))
    random.shuffle(order)
    shuffled = holm_reject([p_values[index] for index in order], alpha)
    straight = holm_reject(p_values, alpha)
    if len(set(p_values)) == len(p_values):
        assert shuffled == tuple(straight[index] for index in order)


@given(families, alphas, st.floats(0.0, 1.0))
def test_a_smaller_p_value_never_saves_another(p_values, alpha, share):
    if p_values:
        smaller = [p_values[0] * share, *p_values[1:]]
        for before, after in zip(holm_reject(p_values, alpha), holm_reject(smaller, alpha), strict=True):
            assert after or not before


@given(families, alphas)
def test_rejections_follow_the_levels(p_values, alpha):
    steps = zip(sorted(p_values), holm_levels(len(p_values), alpha), strict=True)
    count = 0
    for p, level in steps:
        if abs(p - (1.0 - level)) < 1e-12:
            return  # a tie, decided by rounding
        if p > 1.0 - level:
            break
        count += 1
    assert sum(holm_reject(p_values, alpha)) == count


def test_the_first_p_value_that_holds_ends_the_steps():
    assert holm_reject((0.03, 0.04), 0.05) == (False, False)
    assert holm_reject((0.04, 0.001, 0.03), 0.05) == (False, True, False)
    assert holm_reject((0.04, 0.001, 0.02), 0.05) == (True, True, True)


def test_equality_is_no_rejection():
    assert holm_reject((0.05,), 0.05) == (False,)
    assert holm_reject((), 0.05) == ()


def test_nonsense_is_refused():
    for alpha in (0.0, 0.6, -0.1, float("nan")):
        with pytest.raises(ValueError, match="error probability"):
            holm_reject((0.1,), alpha)
    with pytest.raises(ValueError, match="p-value"):
        holm_reject((0.1, float("nan")), 0.05)
    with pytest.raises(ValueError, match="p-value"):
        holm_reject((1.1,), 0.05)
    with pytest.raises(ValueError, match="at least one"):
        bonferroni_level(0.05, 0)
    with pytest.raises(ValueError, match="negative"):
        holm_levels(-1)


@pytest.mark.slow  # its import takes seconds
def test_equal_to_statsmodels():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        multitest = pytest.importorskip("statsmodels.stats.multitest")
    for alpha in (0.01, 0.05, 0.2):
        assert holm_reject(TRIAL, alpha) == tuple(multitest.multipletests(TRIAL, alpha, method="holm")[0])


def test_adjusted_p_values_of_the_trial():
    # Benjamini and Hochberg 1995: Bonferroni and Holm reject 3, their procedure 4; Yekutieli's correction 3.
    holm, hochberg = holm_adjusted(TRIAL), benjamini_hochberg_adjusted(TRIAL)
    yekutieli = benjamini_yekutieli_adjusted(TRIAL)
    assert holm[2] == pytest.approx(0.0247, rel=1e-12)
    assert hochberg[3] == pytest.approx(0.035625, rel=1e-12)
    assert [sum(p <= 0.05 for p in adjusted) for adjusted in (holm, hochberg, yekutieli)] == [3, 4, 3]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_adjusted_p_values_are_scipys(p_values, random):
    from scipy.stats import false_discovery_control

    hochberg, yekutieli = benjamini_hochberg_adjusted(p_values), benjamini_yekutieli_adjusted(p_values)
    assert hochberg == pytest.approx(false_discovery_control(p_values, method="bh"), rel=1e-12)
    assert yekutieli == pytest.approx(false_discovery_control(p_values, method="by"), rel=1e-12)
    order = list(range(len(p_values)))
    random.shuffle(order)
    shuffled = benjamini_hochberg_adjusted([p_values[index] for index in order])
    assert shuffled == pytest.approx([hochberg[index] for index in order], rel=1e-12)
    for p, bh, by in zip(p_values, hochberg, yekutieli, strict=True):
        assert p <= bh <= by <= 1.0


@given(families, alphas)
def test_holm_rejects_what_its_adjusted_p_values_say(p_values, alpha):
    adjusted = holm_adjusted(p_values)
    for p, rejected in zip(adjusted, holm_reject(p_values, alpha), strict=True):
        assert abs(p - alpha) < 1e-12 or rejected == (p < alpha)


def test_attempts_share_the_error():
    # Statistics of the design, 2.8: alpha_k = 6 alpha / (pi^2 k^2) at alpha = .05.
    assert [spending_level(0.05, k) for k in (1, 2, 3)] == pytest.approx(
        [0.030396, 0.007599, 0.003377], abs=5e-7
    )
    assert math.fsum(spending_level(0.05, k) for k in range(1, 100_000)) == pytest.approx(0.05, abs=1e-6)
    for alpha, k in ((0.05, 0), (0.0, 1), (0.7, 1)):
        with pytest.raises(ValueError):
            spending_level(alpha, k)


def test_nonsense_is_no_p_value():
    for adjust in (holm_adjusted, benjamini_hochberg_adjusted, benjamini_yekutieli_adjusted):
        assert adjust([]) == ()
        for p in (-0.1, 1.1, math.nan):
            with pytest.raises(ValueError, match="p-value"):
                adjust([0.5, p])
