"""Means, and values with a standard error: bounds by Student's t and by the empirical Bernstein inequality."""

import math
import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hcgov.core.estimate import Method
from hcgov.core.limit import Limit, Side
from hcgov.stats.bounds import lower, p_value, point, upper
from hcgov.stats.hypothetical import best_case, scaled
from hcgov.stats.means import clustered_mean, mean, student
from hcgov.stats.power import labels_needed

DARWIN = [6.125, -8.375, 1.0, 2.0, 0.75, 2.875, 3.5, 5.125, 1.75, 3.625, 7.0, 3.0, 9.375, 7.5, -6.0]
"""Fifteen pairs of maize plants, inches: Fisher 1935, The Design of Experiments, section 17."""


def sums(values):
    return sum(values), sum(v * v for v in values), len(values)


def test_darwins_maize():
    # Fisher: mean 2.617 inches, t = 2.148 on 14 degrees of freedom, p just below 5 % (two-sided).
    found = mean(*sums(DARWIN), people=15)
    assert found.value == pytest.approx(2.6167, abs=5e-5)
    assert found.value / found.statistic("se") == pytest.approx(2.148, abs=5e-4)
    low, high = stats.t.interval(0.90, 14, loc=found.value, scale=stats.sem(DARWIN))
    assert (lower(found, 0.95), upper(found, 0.95)) == pytest.approx((low, high), rel=1e-12)
    expected = stats.ttest_1samp(DARWIN, 0.0, alternative="greater").pvalue
    assert p_value(found, 0.0, Side.AT_MOST) == pytest.approx(expected, rel=1e-10)


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=40), st.floats(0.5, 0.999))
def test_a_mean_is_scipys_clipped_to_its_range(values, level):
    found = mean(*sums(values), low=0.0, high=1.0)
    if not found.statistics or statistics.pvariance(values) < 1e-12:
        return
    reach = float(stats.t.ppf(level, len(values) - 1)) * float(stats.sem(values))
    centre = math.fsum(values) / len(values)
    assert lower(found, level) == pytest.approx(max(centre - reach, 0.0), abs=1e-6)
    assert upper(found, level) == pytest.approx(min(centre + reach, 1.0), abs=1e-6)


def test_no_variation_and_no_data_give_no_interval():
    for found in (
        mean(5.0, 5.0, 5, low=0.0, high=1.0),  # all the same: nothing is known of how much they vary
        mean(1.0, 1.0, 1, low=0.0, high=1.0),
        mean(0.0, 0.0, 0, low=0.0, high=1.0),
        student(0.7, None, 9, n=50, people=50, low=0.0, high=1.0),
        student(0.7, 0.1, 0, n=50, people=50, low=0.0, high=1.0),
        student(0.7, 0.1, -1, n=50, people=50, low=0.0, high=1.0),
        student(None, None, 0, n=0, people=0, low=0.0, high=1.0),
        clustered_mean([(5.0, 3.0)], low=0.0, high=1.0),
        clustered_mean([], low=0.0, high=1.0),
        mean(1.0, 1.0, 1, low=0.0, high=1.0, safe=True),
    ):
        assert (lower(found, 0.95), upper(found, 0.95)) == (0.0, 1.0)
        assert p_value(found, 0.5, Side.AT_MOST) == p_value(found, 0.5, Side.AT_LEAST) == 1.0
        assert p_value(found, -0.5, Side.AT_MOST) == p_value(found, 1.5, Side.AT_LEAST) == 0.0
    assert point(student(None, None, 0, n=0, people=0)) is None
    open_ended = student(3.0, None, 4, n=5, people=5)
    assert (lower(open_ended, 0.95), upper(open_ended, 0.95)) == (-math.inf, math.inf)


def test_rounding_alone_is_no_variation():
    value = 0.1 + 0.2
    assert "se" not in dict(mean(*sums([value] * 11)).statistics)
    assert "se" not in dict(clustered_mean([(3.0, 3 * 0.1), (7.0, 7 * 0.1), (1.0, 0.1)]).statistics)


def test_clusters_widen_the_interval_of_rows_that_repeat():
    # Oracle 31: clusters of (10, 10, 20, 5) rows with (8, 4, 15, 5) events: p .711111, SE .0930878 (survey Taylor).
    found = clustered_mean([(10, 8), (10, 4), (20, 15), (5, 5)], low=0.0, high=1.0, people=4)
    assert found.value == pytest.approx(0.711111, abs=5e-7)
    assert found.statistic("se") == pytest.approx(0.0930878, abs=5e-8)
    assert (found.statistic("df"), found.n, found.people, found.n_eff) == (3.0, 45, 4, 4.0)
    assert lower(found, 0.95) == pytest.approx(0.711111 - 2.35336 * 0.0930878, abs=1e-5)


@given(st.lists(st.tuples(st.integers(1, 30), st.floats(0, 1)), min_size=2, max_size=12), st.integers(2, 9))
def test_repeating_every_row_of_a_person_changes_nothing(people, times):
    once = clustered_mean([(n, n * share) for n, share in people])
    often = clustered_mean([(times * n, times * n * share) for n, share in people])
    assert often.value == pytest.approx(once.value, abs=1e-12)
    if "se" in dict(once.statistics) and once.statistic("se") > 1e-9:
        assert often.statistic("se") == pytest.approx(once.statistic("se"), rel=1e-6)


def test_the_best_case_keeps_the_error_and_moves_the_value():
    def best(found, side):
        moved = best_case(found, side)
        assert (moved.n, moved.people) == (found.n, found.people)
        assert moved.statistic("se") == found.statistic("se")
        return moved.value

    rate = student(0.7, 0.1, 9, n=50, people=50, low=0.0, high=1.0)
    assert (best(rate, Side.AT_LEAST), best(rate, Side.AT_MOST)) == (1.0, 0.0)
    gap = student(0.2, 0.1, 9, n=50, people=50, low=-1.0, high=1.0)
    assert (best(gap, Side.AT_MOST), best(gap, Side.AT_LEAST)) == (0.0, 0.0)
    kappa = student(0.2, 0.1, 9, n=50, people=50, low=-1.0, high=1.0, aim=1.0)
    assert best(kappa, Side.AT_LEAST) == 1.0
    pay = student(9.0, 0.5, 9, n=50, people=50, low=0.0)
    assert best(pay, Side.AT_MOST) == 0.0
    assert lower(best_case(pay, Side.AT_LEAST), 0.95) > 1e200  # any wage could have been paid
    assert best_case(student(None, None, 0, n=0, people=0), Side.AT_MOST).value is None
    perfect = best_case(mean(30.0, 25.0, 50, low=0.0, high=1.0, safe=True), Side.AT_LEAST)
    assert perfect.value == 1.0
    assert lower(perfect, 0.95) == pytest.approx(1.0 - 7.0 * math.log(40.0) / (3.0 * 49.0), rel=1e-12)


def test_more_of_the_same_narrows_by_the_root():
    found = scaled(student(0.7, 0.1, 9, n=50, people=50, low=0.0, high=1.0), 4.0)
    assert dict(found.statistics) == {"estimate": 0.7, "se": 0.05, "df": 36.0, "low": 0.0, "high": 1.0}
    assert (found.n, found.people) == (200, None)
    grown = scaled(mean(30.0, 25.0, 50, low=0.0, high=1.0, safe=True), 4.0)
    assert (grown.statistic("n"), grown.statistic("mean")) == (200.0, 0.6)


def test_labels_needed_of_a_mean():
    floor = Limit(side=Side.AT_LEAST, value=Decimal("0.60"))
    found = student(0.7, 0.1, 49, n=50, people=50, low=0.0, high=1.0)
    more = labels_needed(found, floor)
    assert more is not None
    # ((z_a + z_b) / (0.1 / 0.1))^2 of the normal approximation, and a little for t: 6.18 times the data.
    assert 50 + more == pytest.approx(6.18 * 50, rel=0.02)
    assert labels_needed(student(0.7, None, 9, n=50, people=50, low=0.0, high=1.0), floor) is None


@given(st.floats(-3, 3), st.floats(1e-3, 5), st.floats(0.5, 1e4), st.floats(0.5, 0.999), st.floats(-4, 4))
def test_p_value_and_bounds_agree(value, se, df, level, limit):
    found = student(value, se, df, n=9, people=9, low=-3.0, high=3.0)
    for side, bound in ((Side.AT_MOST, lower(found, level)), (Side.AT_LEAST, upper(found, level))):
        if abs(bound - limit) < 1e-6:
            continue
        beyond = bound > limit if side is Side.AT_MOST else bound < limit
        assert (p_value(found, limit, side) < 1.0 - level) == beyond


def test_empirical_bernstein_by_its_formula():
    # Maurer and Pontil 2009, theorem 4, for 100 scores of variance .04 around .7 at 5 %.
    found = mean(70.0, 49.0 + 0.04 * 99, 100, low=0.0, high=1.0, safe=True)
    reach = math.sqrt(2 * 0.04 * math.log(40) / 100) + 7 * math.log(40) / (3 * 99)
    assert lower(found, 0.95) == pytest.approx(0.7 - reach, rel=1e-12)
    assert upper(found, 0.95) == pytest.approx(0.7 + reach, rel=1e-12)
    assert found.method is Method.EMPIRICAL_BERNSTEIN
    assert p_value(found, lower(found, 0.95), Side.AT_MOST) == pytest.approx(0.05, rel=1e-9)
    # It is wider than Student's, and moves with the scale of the score.
    assert lower(found, 0.95) < lower(mean(70.0, 49.0 + 0.04 * 99, 100), 0.95)
    tenfold = mean(700.0, 4900.0 + 4.0 * 99, 100, low=0.0, high=10.0, safe=True)
    assert lower(tenfold, 0.95) == pytest.approx(10 * lower(found, 0.95), rel=1e-12)


def test_empirical_bernstein_holds_where_student_does_not():
    """Scores of 0 or 1, true mean .02, 30 of them: exact errors of the upper bound at nominal 5 %."""
    errors = {True: 0.0, False: 0.0}
    for ones in range(31):
        probability = math.comb(30, ones) * 0.02**ones * 0.98 ** (30 - ones)
        for safe in errors:
            bound = upper(mean(float(ones), float(ones), 30, low=0.0, high=1.0, safe=safe), 0.95)
            errors[safe] += probability * (bound < 0.02)
    assert errors[True] == 0.0
    # Without any event Student has no interval here, instead of one of no width that would err in 55 %.
    assert errors[False] <= 0.05


def test_nonsense_is_refused():
    for call in (
        lambda: student(math.nan, 0.1, 3, n=3, people=3),
        lambda: student(math.inf, 0.1, 3, n=3, people=3),
        lambda: student(1.2, 0.1, 3, n=3, people=3, low=0.0, high=1.0),
        lambda: student(0.2, -0.1, 3, n=3, people=3),
        lambda: student(0.2, math.inf, 3, n=3, people=3),
        lambda: student(0.2, 0.1, math.nan, n=3, people=3),
        lambda: mean(math.nan, 1.0, 3),
        lambda: mean(1.0, 1.0, -3),
        lambda: mean(1.0, 1.0, 3, safe=True),
        lambda: clustered_mean([(-1.0, 0.0)]),
        lambda: clustered_mean([(1.0, math.nan)]),
    ):
        with pytest.raises(ValueError):
            call()
    assert student(1.0 + 1e-12, 0.1, 3, n=3, people=3, low=0.0, high=1.0).value == 1.0
