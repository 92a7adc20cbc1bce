"""Groups of opinion: planted ones are found, and chance, spectra and gaps make none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, silhouette_score

from hcgov.stats.preferences.clusters import clusters
from hcgov.stats.preferences.kmeans import adjusted_rand, kmeans, silhouette, valley
from hcgov.stats.preferences.projection import Votes, centred_by_item, principal_axes, table_of
from tests.stats.preferences.planted import voted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_planted_camps_are_found(seed):
    votes, camp = voted(seed, people=300, items=40, answers=20, camps=3, loyal=0.85)
    found = clusters(votes)
    assert found.k == 3
    assert adjusted_rand(found.labels, camp[found.people]) >= 0.8
    assert found.stability >= 0.8
    assert found.p < 0.05
    assert found.p_held_out < 0.05
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert sum(found.sizes) == found.people.size == 300


@pytest.mark.parametrize(("camps", "loyal"), [(1, 0.5), (1, 0.85)])
def test_chance_makes_no_groups(camps, loyal):
    for seed in range(8):
        found = clusters(voted(seed, people=150, items=30, answers=20, camps=camps, loyal=loyal)[0])
        assert found.k == 1
        assert (found.labels == 0).all()


@pytest.mark.slow
def test_how_often_chance_makes_groups():
    found = [
        clusters(voted(seed, people=200, items=40, answers=20, camps=1, loyal=0.7)[0], seed=seed).k
        for seed in range(200)
    ]
    assert np.mean(np.array(found) > 1) <= 0.01


def test_a_spectrum_is_no_groups():
    """Opinions along one line, most people in the middle: k-means cuts it in two, and nothing lies between."""
    draw = np.random.default_rng(3)
    stand, load = draw.standard_normal(400), draw.normal(0, 1.5, 40)
    people, items = np.repeat(np.arange(400), 40), np.tile(np.arange(40), 400)
    sign = np.where(draw.random(16_000) < 1 / (1 + np.exp(-load[items] * stand[people])), 1, -1)
    found = clusters(Votes(sign=sign, people=people, items=items))
    assert found.proposed == 2
    assert found.p < 0.05
    assert found.p_between > 0.05
    assert found.k == 1


def test_who_answered_what_is_no_opinion():
    """Two halves of the people saw two halves of the items; all answer alike by chance."""
    draw = np.random.default_rng(4)
    people = np.repeat(np.arange(200), 15)
    items = np.concatenate([draw.choice(20, 15, replace=False) + 20 * (one % 2) for one in range(200)])
    found = clusters(Votes(sign=draw.choice([-1, 1], people.size), people=people, items=items))
    assert found.k == 1


def test_too_little_to_look_at():
    votes, _ = voted(1, people=8, items=10, answers=10, camps=2, loyal=0.9)
    assert clusters(votes) is None
    lonely = Votes(sign=np.ones(100, dtype=int), people=np.arange(100) // 10, items=np.arange(100))
    assert clusters(lonely) is None
    alike = Votes(
        sign=np.ones(400, dtype=int), people=np.repeat(np.arange(20), 20), items=np.tile(np.arange(20), 20)
    )
    assert clusters(alike) is None
    with pytest.raises(ValueError, match="39"):
        clusters(votes, draws=5)


def test_the_same_seed_says_the_same():
    votes, _ = voted(5, people=120, items=20, answers=15, camps=2, loyal=0.8)
    one, other = clusters(votes, seed=7), clusters(votes, seed=7)
    assert (one.labels == other.labels).all()
    assert (one.p, one.stability) == (other.p, other.stability)


def test_judging_twice_is_worth_a_mean():
    votes, _ = voted(6, people=100, items=20, answers=15, camps=2, loyal=0.85)
    twice = Votes(**{name: np.tile(getattr(votes, name), 2) for name in ("sign", "people", "items")})
    one, other = clusters(votes), clusters(twice)
    assert (one.labels == other.labels).all()


def test_axes_are_the_principal_ones():
    votes, _ = voted(7, people=80, items=30, answers=30, camps=3, loyal=0.9)
    matrix, _, _ = table_of(votes, 5)
    centred = centred_by_item(matrix)
    axes = principal_axes(centred, 2, np.random.default_rng(0))
    _, _, right = np.linalg.svd(centred.toarray(), full_matrices=False)
    assert np.abs(np.diag(right[:2] @ axes)) == pytest.approx([1.0, 1.0], abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_indices_are_those_of_scikit_learn(seed):
    draw = np.random.default_rng(seed)
    points = draw.standard_normal((60, 3)).astype(np.float32)
    one, other = draw.integers(0, 3, 60), draw.integers(0, 4, 60)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))
    assert silhouette(points, one) == pytest.approx(silhouette_score(points, one), abs=1e-4)


def test_k_means_finds_what_lies_apart_and_a_valley_between():
    draw = np.random.default_rng(8)
    centres = np.array([[0, 0], [8, 0], [0, 8]])
    truth = np.repeat([0, 1, 2], 50)
    points = (centres[truth] + draw.standard_normal((150, 2))).astype(np.float32)
    labels, found = kmeans(points, 3, draw, 3)
    assert adjusted_rand(labels, truth) == 1.0
    assert valley(points, found) < 1e-6
    ball = draw.standard_normal((400, 2)).astype(np.float32)
    _, halves = kmeans(ball, 2, draw, 3)
    assert valley(ball, halves) > 0.5


def test_ten_thousand_people_take_seconds():
    votes, camp = voted(9, people=10_000, items=100, answers=10, camps=3, loyal=0.9)
    found = clusters(votes)
    assert found.k == 3
    assert adjusted_rand(found.labels, camp[found.people]) >= 0.8
