"""Selection beside people's: published figures recomputed, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.bounds import lower, two_sided, upper
from hcgov.stats.crossed import Rows
from hcgov.stats.personal.selection import (
    confusion,
    f1,
    f1_from,
    implied,
    inverse,
    over_selection,
    ratio_of,
)

PUBLISHED = {
    # accuracy, precision, recall; F1, selection, over-selection, kappa: controls.md 2.3.4 from arXiv 2606.06614
    "best zero-shot": ((0.719, 0.372, 0.838), (0.5153, 0.401, 2.25, 0.36)),
    "small classifier": ((0.859, 0.608, 0.605), (0.6065, 0.179, 1.00, 0.52)),
    "trained with rewards": ((0.870, 0.611, 0.674), (0.6410, 0.190, 1.10, 0.56)),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_figures_hang_together(name):
    (accuracy, precision, recall), (f1_value, selection, over, kappa) = PUBLISHED[name]
    assert f1_from(precision, recall) == pytest.approx(f1_value, abs=5e-5)
    found = implied(accuracy, precision, recall)
    assert 0.172 <= round(found.prevalence, 3) <= 0.180
    assert found.selection == pytest.approx(selection, abs=5e-4)
    assert found.over_selection == pytest.approx(over, abs=5e-3)
    assert found.kappa == pytest.approx(kappa, abs=5e-3)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_f1_is_the_harmonic_mean(pairs):
    s, r = np.array(pairs, dtype=float).T
    found = confusion(s, r)
    if found.precision is not None and found.recall is not None and found.hits:
        assert found.f() == pytest.approx(f1_from(found.precision, found.recall))
        assert (
            min(found.precision, found.recall) - 1e-12
            <= found.f()
            <= max(found.precision, found.recall) + 1e-12
        )
    assert found.hits + found.false + found.missed + found.rest == pytest.approx(len(pairs))


def rows(users=40, each=20, prompts=25):
    n = users * each
    return Rows(people=np.arange(n) % users, items=(np.arange(n) * 7) % prompts)


def test_over_selection_is_the_ratio_of_the_rates_and_its_inverse_mirrors_it():
    rng, own = np.random.default_rng(0), rows()
    wanted = rng.random(own.people.size) < 0.2
    chosen = wanted | (rng.random(wanted.size) < 0.3)
    found = over_selection(chosen, wanted, own)
    assert found.value == pytest.approx(chosen.mean() / wanted.mean())
    low, high = two_sided(found, 0.95)
    assert low < found.value < high
    other = inverse(found)
    assert other.value == pytest.approx(1 / found.value)
    assert (lower(other, 0.975), upper(other, 0.975)) == pytest.approx((1 / high, 1 / low))


def test_over_selection_of_nothing_is_no_number():
    own, none, some = rows(), np.zeros(800), np.ones(800)
    assert over_selection(none, some, own) is None
    assert over_selection(some, none, own) is None
    assert over_selection(none[:0], none[:0], Rows(people=np.empty(0, dtype=int))) is None


def test_the_same_selection_for_everyone_is_worth_no_more_than_the_people():
    wanted = (np.arange(800) % 5 == 0).astype(float)
    found = over_selection(wanted, wanted, rows())
    assert found.value == 1.0
    assert found.statistic("n1") <= 40


def test_one_person_is_no_sample():
    y = (np.arange(50) % 3 == 0).astype(float)
    found = over_selection(1 - y, y, Rows(people=np.zeros(50, dtype=int)))
    assert found.statistic("n1") == 1.0
    assert f1(1 - y, y, Rows(people=np.zeros(50, dtype=int))).n_eff == 1.0


def test_shares_of_nothing_are_none():
    own = Rows(people=np.arange(10))
    assert f1(np.zeros(10), np.zeros(10), own) is None
    assert ratio_of(np.ones(10), np.zeros(10), own) is None


@pytest.mark.slow
def test_intervals_of_over_selection_cover():
    """Users and prompts with effects of their own: a nominal 95 % interval covers 93 to 97.5 % of 1,000 times."""
    hits, times = 0, 1000
    for seed in range(times):
        rng = np.random.default_rng(seed)
        users, prompts = np.repeat(np.arange(60), 20), rng.integers(0, 60, 1200)
        shift = 0.3 * rng.standard_normal(60)[users] + 0.3 * rng.standard_normal(60)[prompts]
        latent = (rng.standard_normal(1200) * np.sqrt(1 - 0.18)) + shift
        other = 0.8 * latent + 0.6 * rng.standard_normal(1200)
        wanted, chosen = latent > 0.8416, other > 0.2533
        low, high = two_sided(over_selection(chosen, wanted, Rows(people=users, items=prompts)), 0.95)
        hits += low <= 2.0 <= high
    assert 0.93 <= hits / times <= 0.975
