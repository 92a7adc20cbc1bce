"""One set of strengths, told to people it has not met."""

import math

import numpy as np
import pytest

from hcgov.stats.preferences.contests import FIRST, SECOND, TIE, Contests
from hcgov.stats.preferences.held_out import COIN, held_out_loss


def contests(theta, people=60, each=20, seed=0, ties=0):
    rng = np.random.default_rng(seed)
    n, k = people * each, len(theta)
    first = rng.integers(0, k, n)
    second = (first + rng.integers(1, k, n)) % k
    chance = 1.0 / (1.0 + np.exp(-(np.array(theta)[first] - np.array(theta)[second])))
    outcome = np.where(rng.random(n) < chance, FIRST, SECOND)
    outcome[:ties] = TIE
    return Contests(
        competitors=k, first=first, second=second, outcome=outcome, people=np.repeat(np.arange(people), each)
    ), chance


def test_the_loss_is_that_of_the_planted_chances():
    """The expected loss of the true chances is their entropy."""
    found, chance = contests([1.5, 0.0, -1.5], people=200, each=40)
    entropy = float(np.mean(-chance * np.log(chance) - (1 - chance) * np.log1p(-chance)))
    told = held_out_loss(found)
    assert told.loss.value == pytest.approx(entropy, abs=0.02)
    assert told.loss.people == 200


def test_chance_tells_no_more_than_a_coin():
    found, _ = contests([0.0, 0.0, 0.0, 0.0])
    assert held_out_loss(found).loss.value == pytest.approx(COIN, abs=0.02)


def test_strengths_of_one_group_are_worth_nothing_to_its_opposite():
    """What halves the people want, the other half rejects: pooled strengths tell neither."""
    one, _ = contests([2.0, 0.0, -2.0], seed=1)
    other, _ = contests([-2.0, 0.0, 2.0], seed=2)
    both = Contests(
        competitors=3,
        first=np.concatenate([one.first, other.first]),
        second=np.concatenate([one.second, other.second]),
        outcome=np.concatenate([one.outcome, other.outcome]),
        people=np.concatenate([one.people, other.people + 60]),
    )
    assert held_out_loss(one).loss.value < 0.5
    assert held_out_loss(both).loss.value == pytest.approx(COIN, abs=0.04)


def test_nothing_is_told_of_few_people_or_ties_alone():
    found, _ = contests([1.0, 0.0], people=9)
    assert held_out_loss(found) is None
    tied, _ = contests([1.0, 0.0], people=30, each=2, ties=60)
    assert held_out_loss(tied) is None
    some, _ = contests([1.0, 0.0], people=30, each=2, ties=3)
    assert held_out_loss(some).ties == 3
    assert math.isfinite(held_out_loss(some).loss.value)
