"""Two systems on the same items: bounds near Tango's, and the errors of non-inferiority per slice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.bounds import lower, upper
from hcgov.stats.crossed import Rows
from hcgov.stats.oversight.pairs import paired_difference, pairs_worth
from hcgov.stats.paired import paired_difference_lower

MARGIN = 0.02


def alone(n: int) -> Rows:
    return Rows(people=np.arange(n))


def pairs(b: int, c: int, n: int):
    return np.r_[np.ones(b), -np.ones(c), np.zeros(n - b - c)]


@pytest.mark.parametrize(
    ("b", "c", "n"), [(0, 0, 100), (5, 9, 100), (20, 30, 500), (86, 150, 1600), (1, 3, 300), (40, 0, 200)]
)
def test_independent_pairs_have_nearly_the_score_interval_of_tango(b, c, n):
    # Tango 1998, which hcgov.stats.paired holds to published examples; 86 and 150 of 1600: Agresti, approval rating.
    bound = lower(paired_difference(pairs(b, c, n), alone(n)), 0.95)
    assert bound == pytest.approx(paired_difference_lower(b, c, n, 0.95), abs=0.004)


def test_equal_answers_are_no_proof_of_equality():
    few, many = (paired_difference(np.zeros(n), alone(n)) for n in (50, 1000))
    assert lower(few, 0.95) < -MARGIN < lower(many, 0.95) < 0.0
    # What a share of 0 of n could still be: no better than the rule of three by an eighth.
    assert lower(few, 0.95) < -0.87 * (1 - 0.05 ** (1 / 50))


def test_no_pairs_have_no_value_and_all_bounds():
    none = paired_difference(np.array([]), alone(0))
    assert none.value is None
    assert (lower(none, 0.95), upper(none, 0.95)) == (-1.0, 1.0)


def test_one_user_with_many_items_is_worth_one():
    rng = np.random.default_rng(0)
    d = rng.choice([-1.0, 0.0, 0.0, 1.0], 500)
    assert pairs_worth(d, Rows(people=np.zeros(500, dtype=int))) == 1.0


def test_one_pair_that_differs_is_worth_no_more_than_the_users():
    d = np.zeros(500)
    d[3] = -1.0
    assert pairs_worth(d, Rows(people=np.arange(500) // 10)) <= 50.0
    assert pairs_worth(d, alone(500)) > 400.0


def test_raters_who_lean_their_own_way_widen_the_interval():
    rng = np.random.default_rng(4)
    items, raters = (side.ravel() for side in np.meshgrid(np.arange(200), np.arange(12)))
    lean = rng.choice([0.05, 0.5], 12)[raters]
    d = np.where(rng.random(items.size) < lean, 1.0, 0.0) - (rng.random(items.size) < 0.2)
    by_item = paired_difference(d, Rows(people=items))
    both = paired_difference(d, Rows(people=items, items=raters))
    assert upper(both, 0.95) - lower(both, 0.95) > 3.0 * (upper(by_item, 0.95) - lower(by_item, 0.95))


def test_differences_beyond_their_range_are_refused():
    with pytest.raises(ValueError, match="lie in"):
        paired_difference(np.array([0.5, 1.5]), alone(2))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), min_size=1, max_size=60), st.integers(1, 7))
def test_swapping_the_systems_mirrors_the_interval(values, each):
    d = np.array(values)
    rows = Rows(people=np.arange(d.size) // each)
    one, other = paired_difference(d, rows), paired_difference(-d, rows)
    assert lower(one, 0.95) == pytest.approx(-upper(other, 0.95), abs=1e-9)
    assert lower(one, 0.95) <= d.mean() + 1e-12
    assert 1.0 <= one.n_eff <= d.size


def drawn(rng, users, each, discordant):
    """A machine that is worse by exactly the margin; how often both differ depends on the user."""
    worse = (discordant + MARGIN) / 2.0
    who = np.repeat(np.arange(users), each)
    rate = rng.beta(4 * discordant, 4 * (1 - discordant), users)[who] if each > 1 else discordant
    differ = rng.random(who.size) < rate
    sign = np.where(rng.random(who.size) < worse / discordant, -1.0, 1.0)
    return np.where(differ, sign, 0.0), Rows(people=who)


def false_passes(users, each, discordant, times, seed=5):
    """How often a slice passes that is worse by just the margin."""
    rng = np.random.default_rng(seed)
    passed = 0
    for _ in range(times):
        passed += lower(paired_difference(*drawn(rng, users, each, discordant)), 0.95) >= -MARGIN
    return passed / times


def test_a_machine_that_is_worse_by_the_margin_rarely_passes():
    assert false_passes(300, 1, 0.1, 400) <= 0.08
    assert false_passes(120, 5, 0.1, 400) <= 0.08


@pytest.mark.slow
def test_error_rates_of_noninferiority_over_the_grid():
    # settled.md 6: mean at most 5.5 %, worst at most 6.5 %, over the named grid; 6000 draws each, error 0.3 points.
    grid = [
        (users, each, discordant)
        for users, each in ((100, 1), (200, 1), (500, 1), (2000, 1), (60, 5), (120, 5), (400, 5))
        for discordant in (0.03, 0.06, 0.12, 0.25)
    ]
    found = {cell: false_passes(*cell, 6000) for cell in grid}
    assert np.mean(list(found.values())) <= 0.055, found
    assert max(found.values()) <= 0.065, found


def test_a_machine_that_is_no_worse_mostly_passes():
    rng = np.random.default_rng(9)
    passed = sum(
        lower(paired_difference(rng.choice([-1.0, 0.0, 1.0], 3000, p=[0.05, 0.9, 0.05]), alone(3000)), 0.95)
        >= -MARGIN
        for _ in range(100)
    )
    assert passed >= 95
