"""Kinds of people: planted ones are found, chance makes none."""

import numpy as np
import pytest

from hcgov.stats.preferences.kmeans import adjusted_rand
from hcgov.stats.preferences.mixture import mixture
from tests.stats.preferences.planted import compared


def planted(seed, *, people, rows, competitors, kinds):
    draw = np.random.default_rng(seed + 1000)
    kind = draw.integers(0, kinds, people)
    theta = draw.normal(0.0, 2.0, (kinds, competitors))
    return compared(seed, people=people, rows=rows, theta=theta, kinds=kind), kind, theta


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_planted_kinds_are_found(seed):
    contests, kind, theta = planted(seed, people=300, rows=30, competitors=8, kinds=3)
    found = mixture(contests)
    assert found.k == 3
    assert adjusted_rand(found.labels, kind) >= 0.8
    assert found.shares.sum() == pytest.approx(1.0)
    assert list(found.shares) == sorted(found.shares, reverse=True)
    for own in found.theta:
        assert max(np.corrcoef(own, one)[0, 1] for one in theta) > 0.95


def test_one_kind_stays_one():
    for seed in range(10):
        assert mixture(planted(seed, people=150, rows=15, competitors=6, kinds=1)[0]).k == 1


@pytest.mark.slow
def test_how_often_chance_makes_kinds():
    found = [
        mixture(planted(seed, people=150, rows=15, competitors=6, kinds=1)[0], seed=seed).k
        for seed in range(200)
    ]
    assert np.mean(np.array(found) > 1) <= 0.06


def test_a_kind_that_is_too_small_is_none():
    draw = np.random.default_rng(4)
    kind = (np.arange(400) < 6).astype(int)
    theta = np.array([[2.0, 1.0, 0.0, -1.0, -2.0], [-2.0, -1.0, 0.0, 1.0, 2.0]])
    contests = compared(int(draw.integers(100)), people=400, rows=20, theta=theta, kinds=kind)
    assert mixture(contests).k == 1
    assert mixture(contests, smallest=0.001).k == 2


def test_too_few_people_or_models():
    assert mixture(compared(1, people=19, rows=10, theta=[0.0, 0.1, 0.2])) is None
    assert mixture(compared(1, people=90, rows=10, theta=[0.0, 0.1])) is None


def test_the_same_seed_says_the_same_and_ten_thousand_people_take_seconds():
    contests, kind, _ = planted(5, people=10_000, rows=10, competitors=10, kinds=3)
    found = mixture(contests, seed=3)
    assert found.k == 3
    assert adjusted_rand(found.labels, kind) >= 0.75
    small = contests.where(contests.people < 200)
    assert (mixture(small, seed=1).belongs == mixture(small, seed=1).belongs).all()
