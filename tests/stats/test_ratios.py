"""Ratio of two rates."""

import itertools
import math
from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hcgov.core.estimate import Method
from hcgov.stats.ratios import koopman, koopman_lower, koopman_score, koopman_upper
from hcgov.stats.special import normal_quantile

RATIOS = st.one_of(st.floats(0.0, 1e3), st.floats(0.0, math.inf))

levels = st.floats(0.8, 0.9999)
sizes = st.one_of(st.integers(1, 3000).map(float), st.floats(0.3, 1e5))


@st.composite
def groups(draw):
    """Two groups, on the edges as often as inside."""
    values = []
    for _ in range(2):
        n = draw(sizes)
        share = draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(1e-6, 1.0)))
        values += [round(share * n) if n == int(n) else share * n, n]
    return tuple(values)


def likelihood_score(x1, n1, x2, n2, ratio):
    """Return Koopman's score from the likelihood itself, with 40 digits."""
    with localcontext() as context:
        context.prec = 40
        x1, n1, x2, n2, ratio = (Decimal(value) for value in (x1, n1, x2, n2, ratio))
        low, high = Decimal(0), min(Decimal(1), 1 / ratio)
        for _ in range(140):  # the log-likelihood is concave in p2
            p2 = (low + high) / 2
            p1 = p2 * ratio
            slope = (x1 + x2) / p2
            slope -= ratio * (n1 - x1) / (1 - p1) if x1 < n1 else 0  # at the edge 1 - p may vanish
            slope -= (n2 - x2) / (1 - p2) if x2 < n2 else 0
            low, high = (p2, high) if slope > 0 else (low, p2)
        variance = p1 * (1 - p1) / n1 + ratio * ratio * p2 * (1 - p2) / n2
        return float((x1 / n1 - ratio * x2 / n2) / variance.sqrt())


@pytest.mark.parametrize(
    ("group", "expected", "digits"),
    [
        # R PropCIs::riskscoreci.
        ((7, 34, 1, 34), (1.220853, 42.575718), 6e-7),
        # Recomputed; statsmodels 0.15.0 returns 1.111 for the last lower bound although its own p-value is 0.054.
        ((48, 80, 56, 70), (0.5985, 0.9261), 5.1e-5),
        ((20, 20, 25, 30), (0.9938, 1.5052), 5.1e-5),
    ],
)
def test_published_intervals(group, expected, digits):
    found = koopman_lower(*group, 0.975), koopman_upper(*group, 0.975)
    assert found == pytest.approx(expected, abs=digits)


def test_closed_form_of_full_groups():
    # Nothing but events in both, n1 rows in the first: the squared score n1 (1 - r) / r solves for r.
    square = normal_quantile(0.95) ** 2
    for n1, n2 in ((1.0, 1.0), (10.0, 300.0), (1e9, 2.0)):
        assert koopman_lower(n1, n1, n2, n2, 0.95) == pytest.approx(n1 / (n1 + square), rel=1e-12)


def test_edges():
    assert koopman_lower(0, 10, 3, 10, 0.95) == 0.0
    assert 0.0 < koopman_upper(0, 10, 3, 10, 0.95) < math.inf
    assert 0.0 < koopman_lower(3, 10, 0, 10, 0.95) < math.inf
    assert koopman_upper(3, 10, 0, 10, 0.95) == math.inf
    for nothing in ((0, 10, 0, 10), (0, 0, 3, 10), (3, 10, 0, 0), (0, 0, 0, 0)):
        assert (koopman_lower(*nothing, 0.95), koopman_upper(*nothing, 0.95)) == (0.0, math.inf)
    assert koopman_lower(3, 10, 2, 10, 0.5) == pytest.approx(1.5, rel=1e-15)
    assert koopman_lower(3, 10, 0, 10, 0.5) == math.inf


@pytest.mark.parametrize(
    "group",
    [
        (7, 34, 1, 34),
        (3, 9, 0, 5),
        (4, 4, 2, 9),
        (2, 9, 4, 4),
        (6, 6, 5, 5),
        (1, 1, 3, 200),
        (0.2, 3.7, 5.5, 8.1),
        (3, 1e9, 1, 1e9),
        (4e8, 1e9, 5, 40),
        (40 - 1e-6, 40, 20, 30),
        (999_999_990, 1e9, 1e9, 1e9),
    ],
)
@pytest.mark.parametrize("level", [0.9, 0.95, 1 - 0.05 / 56])
def test_bounds_invert_the_likelihood(group, level):
    z = normal_quantile(level)
    for bound, expected in ((koopman_lower(*group, level), z), (koopman_upper(*group, level), -z)):
        if 0.0 < bound < math.inf:
            assert likelihood_score(*group, bound) == pytest.approx(expected, rel=1e-7)
            assert koopman_score(*group, bound) == pytest.approx(expected, rel=1e-7)


def check_pair(group, level):
    x1, n1, x2, n2 = group
    low, high = koopman_lower(*group, level), koopman_upper(*group, level)
    assert 0.0 <= low < high <= math.inf
    assert (low == 0.0) == (x1 == 0)
    assert (high == math.inf) == (x2 == 0)
    if x2 > 0:
        assert low <= (x1 / n1) / (x2 / n2) <= high * (1 + 1e-15)
    z = normal_quantile(level)
    if low > 0.0:
        assert math.isclose(koopman_score(*group, low), z, rel_tol=1e-9)
    if high < math.inf:
        assert math.isclose(koopman_score(*group, high), -z, rel_tol=1e-9)


def test_every_pair_of_groups_up_to_twelve():
    arms = [(x, n) for n in range(1, 13) for x in range(n + 1)]
    for first, second in itertools.product(arms, arms):
        check_pair((*first, *second), 0.95)


@pytest.mark.slow
@pytest.mark.parametrize("level", [0.9, 0.95, 1 - 0.05 / 30])
def test_every_outcome_of_groups_up_to_fifty(level):
    arms = [(x, n) for n in (1, 2, 3, 5, 8, 13, 21, 34, 42, 50) for x in range(n + 1)]
    for first, second in itertools.product(arms, arms):
        check_pair((*first, *second), level)


@given(groups(), levels)
def test_exchanging_groups_gives_the_reciprocal(group, level):
    x1, n1, x2, n2 = group
    low, high = koopman_lower(*group, level), koopman_upper(x2, n2, x1, n1, level)
    assert high == math.inf if low == 0.0 else high == pytest.approx(1.0 / low, rel=1e-12)


@given(groups(), levels, levels)
def test_ordered_and_wider_at_higher_levels(group, first, second):
    less, more = sorted((first, second))
    low, high = koopman_lower(*group, less), koopman_upper(*group, less)
    assert 0.0 <= low <= high <= math.inf
    assert koopman_lower(*group, more) <= low * (1 + 1e-9)
    assert koopman_upper(*group, more) >= high * (1 - 1e-9)


@given(groups(), levels, st.floats(0.0, 1.0))
def test_more_events_in_the_first_group_raise_the_bound(group, level, share):
    x1, n1, x2, n2 = group
    more = min(x1 + share * (n1 - x1), n1)
    assert koopman_lower(more, n1, x2, n2, level) >= koopman_lower(*group, level) * (1 - 1e-9)


@given(groups(), levels, st.one_of(st.floats(0.0, 3.0), st.floats(0.0, 1e4)))
def test_score_and_bound_agree(group, level, limit):
    low = koopman_lower(*group, level)
    assume(abs(low - limit) > 1e-7 * max(1.0, low))
    assert (koopman_score(*group, limit) > normal_quantile(level)) == (low > limit)


@given(groups(), RATIOS, RATIOS)
def test_score_falls_with_the_hypothesis(group, first, second):
    low, high = sorted((first, second))
    at_low, at_high = koopman_score(*group, low), koopman_score(*group, high)
    assert not math.isnan(at_low)
    assert at_low >= at_high or math.isclose(at_low, at_high, rel_tol=1e-6, abs_tol=1e-6)


def test_scores_at_the_ends():
    assert koopman_score(3, 9, 2, 9, -0.1) == math.inf
    assert koopman_score(3, 9, 2, 9, 0.0) == math.inf
    assert koopman_score(3, 9, 2, 9, math.inf) == -math.inf
    assert koopman_score(0, 9, 2, 9, 0.0) == 0.0
    assert koopman_score(0, 9, 0, 9, 1.0) == 0.0
    assert koopman_score(0, 0, 2, 9, 1.0) == 0.0
    assert koopman_score(9, 9, 9, 9, 1.0) == 0.0


def test_estimate_has_no_infinite_value():
    estimate = koopman(30, 100, 10, 50, n_eff1=50, n_eff2=10, people=33)
    assert estimate.value == pytest.approx(1.5)
    assert (estimate.n, estimate.n_eff, estimate.people) == (150, 60.0, 33)
    assert estimate.method is Method.KOOPMAN
    assert dict(estimate.statistics) == {"x1": 15.0, "n1": 50.0, "x2": 2.0, "n2": 10.0}
    assert koopman(0, 9, 3, 9).value == 0.0
    assert koopman(3, 9, 0, 9).value is None
    assert koopman(0, 9, 0, 9).value is None
    assert koopman(0, 0, 3, 9).value is None


def test_nonsense_is_refused():
    for group in ((3, 2, 1, 2), (1, 2, 3, 2), (-1, 2, 1, 2), (math.nan, 2, 1, 2)):
        with pytest.raises(ValueError):
            koopman_lower(*group, 0.95)
        with pytest.raises(ValueError):
            koopman_score(*group, 0.1)
    with pytest.raises(ValueError, match="confidence"):
        koopman_upper(1, 2, 1, 2, 1.0)
