"""Rules over several slices."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.differences import miettinen_nurminen_lower, miettinen_nurminen_upper
from hcgov.stats.gaps import against_the_rest, largest_gap, smallest_ratio
from hcgov.stats.ratios import koopman_lower, koopman_upper

slices = st.lists(
    st.tuples(st.integers(1, 400), st.floats(0, 1)).map(lambda drawn: (round(drawn[0] * drawn[1]), drawn[0])),
    min_size=2,
    max_size=6,
)


def test_two_slices_are_one_pair_in_two_directions():
    found = largest_gap([(56, 70), (48, 80)], 0.95)
    assert found.upper == miettinen_nurminen_upper(56, 70, 48, 80, 0.95)
    assert found.lower == miettinen_nurminen_lower(56, 70, 48, 80, 0.975)
    assert found.pair == (0, 1)
    ratio = smallest_ratio([(56, 70), (48, 80)], 0.95)
    assert ratio.lower == koopman_lower(48, 80, 56, 70, 0.95)
    assert ratio.upper == koopman_upper(48, 80, 56, 70, 0.975)
    assert ratio.pair == (1, 0)


def test_compas_false_positive_rates():
    """Six groups of ProPublica's two-year data: African-American, Caucasian, Hispanic, Other, Asian, Native American.

    Between the first two, accused over 30 ordered pairs, .1662; the worst pair by bound is with Other.
    """
    african_american, caucasian = (805, 1795), (349, 1488)
    alone = miettinen_nurminen_lower(*african_american, *caucasian, 1 - 0.05 / 30)
    assert alone == pytest.approx(0.1662, abs=5e-5)
    six = [african_american, caucasian, (87, 405), (36, 244), (2, 23), (3, 8)]
    other = miettinen_nurminen_lower(*african_american, 36, 244, 1 - 0.05 / 30)
    assert largest_gap(six, 0.95).lower == other > alone


@given(slices, st.floats(0.8, 0.999))
def test_the_rule_is_the_worst_of_all_pairs(groups, level):
    gap, ratio = largest_gap(groups, level), smallest_ratio(groups, level)
    pairs = list(itertools.permutations(groups, 2))
    assert gap.upper == max(miettinen_nurminen_upper(*a, *b, level) for a, b in pairs)
    assert ratio.lower == min(koopman_lower(*a, *b, level) for a, b in pairs)
    assert gap.lower <= max(x / n for x, n in groups) - min(x / n for x, n in groups) <= gap.upper
    assert gap.lower <= gap.upper
    assert ratio.lower <= ratio.upper


def test_passing_wrongly_stays_below_the_level_for_any_number_of_slices():
    """Exact: true rates .5, .5, ..., .3 and a limit of .2, at the boundary; 12 people a slice."""
    n, gap = 12, 0.2
    high = [math.comb(n, x) * 0.5**n for x in range(n + 1)]
    low = [math.comb(n, x) * 0.3**x * 0.7 ** (n - x) for x in range(n + 1)]
    for others in (1, 2):
        wrong = 0.0
        for outcome in itertools.product(range(n + 1), repeat=others + 1):
            chance = low[outcome[-1]] * math.prod(high[x] for x in outcome[:-1])
            if chance > 1e-6 and max(outcome) - min(outcome) <= gap * n:
                wrong += chance * (largest_gap([(x, n) for x in outcome], 0.95).upper < gap)
        assert wrong <= 0.055


def test_each_slice_against_the_rest():
    assert against_the_rest([(3, 10), (5, 20), (0, 4)]) == (
        (3, 10, 5, 24),
        (5, 20, 3, 14),
        (0, 4, 8, 30),
    )
    assert against_the_rest([(2, 2)]) == ((2, 2, 0, 0),)


@given(slices)
def test_a_slice_and_its_rest_are_everyone(groups):
    for (x, n), (own, size, rest, others) in zip(groups, against_the_rest(groups), strict=True):
        assert (own, size) == (x, n)
        assert 0 <= rest <= others
        assert (own + rest, size + others) == (sum(x for x, _ in groups), sum(n for _, n in groups))


def test_nonsense_is_refused():
    for rule in (largest_gap, smallest_ratio):
        with pytest.raises(ValueError, match="at least two"):
            rule([(1, 2)], 0.95)
        with pytest.raises(ValueError):
            rule([(3, 2), (1, 2)], 0.95)
    with pytest.raises(ValueError):
        against_the_rest([(3, 2)])
