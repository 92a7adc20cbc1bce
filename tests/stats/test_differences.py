"""Difference of two rates. The statsmodels score interval is no oracle here: its constrained fit is wrong."""

import itertools
import math
from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hcgov.core.estimate import Method
from hcgov.stats.bounds import upper
from hcgov.stats.differences import (
    miettinen_nurminen,
    miettinen_nurminen_lower,
    miettinen_nurminen_score,
    miettinen_nurminen_upper,
    widest_half_width,
)
from hcgov.stats.special import normal_quantile

levels = st.floats(0.8, 0.9999)
sizes = st.one_of(st.integers(1, 3000).map(float), st.floats(0.6, 1e5))


@st.composite
def groups(draw):
    """Two groups, on the edges as often as inside."""
    values = []
    for _ in range(2):
        n = draw(sizes)
        share = draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0)))
        values += [round(share * n) if n == int(n) else share * n, n]
    return tuple(values)


def small_groups(largest):
    arms = [(x, n) for n in range(1, largest + 1) for x in range(n + 1)]
    return [(*first, *second) for first, second in itertools.product(arms, arms)]


def likelihood_score(x1, n1, x2, n2, difference):
    """Return the Miettinen-Nurminen score from the likelihood itself, with 40 digits."""
    with localcontext() as context:
        context.prec = 40
        x1, n1, x2, n2, d = (Decimal(value) for value in (x1, n1, x2, n2, difference))
        low, high = max(Decimal(0), -d), min(Decimal(1), 1 - d)
        for _ in range(130):  # the log-likelihood is concave in p2
            p2 = (low + high) / 2
            p1 = p2 + d
            terms = ((x1, p1), (x1 - n1, 1 - p1), (x2, p2), (x2 - n2, 1 - p2))
            slope = sum(count / p for count, p in terms if count)  # at the edge p may vanish
            low, high = (p2, high) if slope > 0 else (low, p2)
        total = n1 + n2
        variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1)
        return float((x1 / n1 - x2 / n2 - d) / variance.sqrt())


@pytest.mark.parametrize(
    ("group", "expected", "digits"),
    [
        # R PropCIs::diffscoreci, quoted in the statsmodels tests.
        ((7, 34, 1, 34), (0.0270416, 0.3452912), 6e-8),
        # Newcombe 1998 (Statistics in Medicine 17:873), table II, method of Miettinen and Nurminen.
        ((56, 70, 48, 80), (0.0528, 0.3382), 5.1e-5),
        ((9, 10, 3, 10), (0.1700, 0.8406), 5.1e-5),
        ((10, 10, 0, 10), (0.6636, 1.0), 5.1e-5),
        ((0, 56, 0, 29), (-0.1182, 0.0649), 5.1e-5),
    ],
)
def test_published_intervals(group, expected, digits):
    found = miettinen_nurminen_lower(*group, 0.975), miettinen_nurminen_upper(*group, 0.975)
    assert found == pytest.approx(expected, abs=digits)


def test_compas_false_positive_rates():
    """African-American minus Caucasian defendants, ProPublica's two-year data; Bonferroni over 30 ordered pairs."""
    african_american, caucasian = (805, 990 + 805), (349, 1139 + 349)
    estimate = miettinen_nurminen(*african_american, *caucasian)
    assert estimate.value == pytest.approx(0.2139, abs=5e-5)
    assert miettinen_nurminen_lower(*african_american, *caucasian, 1 - 0.05 / 30) == pytest.approx(
        0.1662, abs=5e-5
    )


def test_closed_form_of_opposite_edges():
    # All events against none, n each: the squared score N (1 - d) / (1 + d) solves for d.
    for n in (2.0, 10.0, 1e6):
        square = normal_quantile(0.95) ** 2 * 2 * n / (2 * n - 1)
        expected = (2 * n - square) / (2 * n + square)
        assert miettinen_nurminen_lower(n, n, 0, n, 0.95) == pytest.approx(expected, rel=1e-12)
        assert miettinen_nurminen_upper(n, n, 0, n, 0.95) == 1.0


@pytest.mark.parametrize(
    "group",
    [
        (7, 34, 1, 34),
        (0, 5, 3, 9),
        (4, 4, 2, 9),
        (20, 20, 25, 30),
        (0.2, 3.7, 5.5, 8.1),
        (3, 1e9, 1, 1e9),
        (4e8, 1e9, 5, 40),
        (999_999_990, 1e9, 1e9, 1e9),
    ],
)
@pytest.mark.parametrize("level", [0.9, 0.95, 1 - 0.05 / 56])
def test_bounds_invert_the_likelihood(group, level):
    z = normal_quantile(level)
    low, high = miettinen_nurminen_lower(*group, level), miettinen_nurminen_upper(*group, level)
    if low > -1.0:
        assert likelihood_score(*group, low) == pytest.approx(z, rel=1e-7)
        assert miettinen_nurminen_score(*group, low) == pytest.approx(z, rel=1e-7)
    if high < 1.0:
        assert likelihood_score(*group, high) == pytest.approx(-z, rel=1e-7)
        assert miettinen_nurminen_score(*group, high) == pytest.approx(-z, rel=1e-7)


def check_pair(group, level):
    x1, n1, x2, n2 = group
    low, high = miettinen_nurminen_lower(*group, level), miettinen_nurminen_upper(*group, level)
    assert -1.0 <= low <= x1 / n1 - x2 / n2 <= high <= 1.0
    assert (low == -1.0) == (x1 == 0 and x2 == n2)
    assert (high == 1.0) == (x1 == n1 and x2 == 0)
    z = normal_quantile(level)
    if low > -1.0:
        assert math.isclose(miettinen_nurminen_score(*group, low), z, rel_tol=1e-9)
    if high < 1.0:
        assert math.isclose(miettinen_nurminen_score(*group, high), -z, rel_tol=1e-9)


def test_every_pair_of_groups_up_to_twelve():
    for group in small_groups(12):
        check_pair(group, 0.95)


@pytest.mark.slow
@pytest.mark.parametrize("level", [0.9, 0.95, 1 - 0.05 / 30])
def test_every_outcome_of_groups_up_to_fifty(level):
    arms = [(x, n) for n in (1, 2, 3, 5, 8, 13, 21, 34, 42, 50) for x in range(n + 1)]
    for first, second in itertools.product(arms, arms):
        check_pair((*first, *second), level)


@given(groups(), levels)
def test_exchanging_groups_or_outcomes_mirrors_the_interval(group, level):
    x1, n1, x2, n2 = group
    low = miettinen_nurminen_lower(*group, level)
    assert low == -miettinen_nurminen_upper(x2, n2, x1, n1, level)
    mirrored = miettinen_nurminen_lower(n2 - x2, n2, n1 - x1, n1, level)
    assert low == pytest.approx(mirrored, rel=1e-8, abs=1e-9)


@given(groups(), levels, levels)
def test_ordered_and_wider_at_higher_levels(group, first, second):
    less, more = sorted((first, second))
    observed = group[0] / group[1] - group[2] / group[3]
    low, high = miettinen_nurminen_lower(*group, less), miettinen_nurminen_upper(*group, less)
    assert -1.0 <= low <= observed <= high <= 1.0
    assert miettinen_nurminen_lower(*group, more) <= low + 1e-12
    assert miettinen_nurminen_upper(*group, more) >= high - 1e-12


@given(groups(), levels, st.floats(0.0, 1.0))
def test_more_events_in_the_first_group_raise_the_bound(group, level, share):
    x1, n1, x2, n2 = group
    more = x1 + share * (n1 - x1)
    low = miettinen_nurminen_lower(*group, level)
    assert miettinen_nurminen_lower(min(more, n1), n1, x2, n2, level) >= low - 1e-10


@given(groups(), levels, st.floats(-1.2, 1.2))
def test_score_and_bound_agree(group, level, limit):
    low = miettinen_nurminen_lower(*group, level)
    assume(abs(low - limit) > 1e-9)
    beyond = miettinen_nurminen_score(*group, limit) > normal_quantile(level)
    assert beyond == (low > limit) or group[1] + group[3] <= 1.0


@given(groups(), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_score_falls_with_the_hypothesis(group, first, second):
    low, high = sorted((first, second))
    at_low, at_high = miettinen_nurminen_score(*group, low), miettinen_nurminen_score(*group, high)
    assert not math.isnan(at_low)
    assert at_low >= at_high or math.isclose(at_low, at_high, rel_tol=1e-7, abs_tol=1e-7)


@pytest.mark.parametrize(
    ("n", "accused", "worst"),
    [
        (20, False, 0.056),  # passing wrongly: the upper bound lies below the true gap
        (50, False, 0.060),
        (20, True, 0.083),  # accusing wrongly: the lower bound lies above it
        (50, True, 0.062),
    ],
)
def test_one_sided_error_by_enumeration(n, accused, worst):
    """Every outcome of n against n at nominal 5 %, over rates and gaps from 0 to 0.2."""
    outcomes = list(itertools.product(range(n + 1), repeat=2))
    bound = miettinen_nurminen_lower if accused else miettinen_nurminen_upper
    bounds = {(x1, x2): bound(x1, n, x2, n, 0.95) for x1, x2 in outcomes}
    weights = [
        [math.comb(n, x) * (k / 20) ** x * (1 - k / 20) ** (n - x) for x in range(n + 1)] for k in range(21)
    ]
    errors = []
    for base, gap in itertools.product(range(1, 20), range(5)):
        if base + gap >= 20:
            continue
        wrong = [
            pair for pair in outcomes if (bounds[pair] > gap / 20 if accused else bounds[pair] < gap / 20)
        ]
        errors.append(math.fsum(weights[base + gap][x1] * weights[base][x2] for x1, x2 in wrong))
    assert max(errors) == pytest.approx(worst, abs=6e-4)
    assert 0.045 <= sum(errors) / len(errors) <= 0.055


def test_scores_at_the_ends():
    assert miettinen_nurminen_score(3, 9, 2, 9, 1.5) == -math.inf
    assert miettinen_nurminen_score(3, 9, 2, 9, -1.5) == math.inf
    assert miettinen_nurminen_score(3, 9, 2, 9, -1.0) == math.inf
    assert miettinen_nurminen_score(3, 9, 2, 9, 1.0) == -math.inf
    assert miettinen_nurminen_score(9, 9, 0, 9, 1.0) == 0.0
    assert miettinen_nurminen_score(0, 0, 2, 9, 0.1) == 0.0


def test_no_data_say_nothing():
    for group in ((0, 0, 3, 9), (3, 9, 0, 0), (0, 0, 0, 0), (0.2, 0.4, 0.1, 0.4)):
        assert miettinen_nurminen_lower(*group, 0.95) == -1.0
        assert miettinen_nurminen_upper(*group, 0.95) == 1.0


def test_rounding_does_not_leave_the_range():
    assert miettinen_nurminen_lower(0, 2.0, 2.2499999999999996, 2.25, 0.875) == -1.0


def test_at_level_one_half_the_bound_is_the_value():
    assert miettinen_nurminen_lower(7, 34, 1, 34, 0.5) == pytest.approx(6 / 34, rel=1e-15)


def test_estimate_keeps_effective_counts():
    estimate = miettinen_nurminen(30, 100, 10, 50, n_eff1=50, n_eff2=10, people=33)
    assert estimate.value == pytest.approx(0.1)
    assert (estimate.n, estimate.n_eff, estimate.people) == (150, 60.0, 33)
    assert estimate.method is Method.MIETTINEN_NURMINEN
    assert dict(estimate.statistics) == {"x1": 15.0, "n1": 50.0, "x2": 2.0, "n2": 10.0}
    assert miettinen_nurminen(0, 0, 1, 2).value is None


def test_nonsense_is_refused():
    for group in ((3, 2, 1, 2), (1, 2, 3, 2), (-1, 2, 1, 2), (math.nan, 2, 1, 2)):
        with pytest.raises(ValueError):
            miettinen_nurminen_lower(*group, 0.95)
        with pytest.raises(ValueError):
            miettinen_nurminen_score(*group, 0.1)
    with pytest.raises(ValueError, match="confidence"):
        miettinen_nurminen_upper(1, 2, 1, 2, 0.05)


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.0, 1.0), st.sampled_from([0.8, 0.95, 0.99]))
def test_no_bound_of_two_equal_rates_lies_further_than_the_widest(
    n1: int, n2: int, p: float, level: float
) -> None:
    equal = miettinen_nurminen(p * n1, n1, p * n2, n2)
    if n1 + n2 > 2:
        assert upper(equal, level) <= widest_half_width(equal, level) + 1e-9


def test_the_widest_half_width_of_an_empty_group_is_infinite() -> None:
    assert widest_half_width(miettinen_nurminen(0, 0, 3, 10), 0.95) == math.inf
