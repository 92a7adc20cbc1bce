import numpy as np
import pytest

from hcgov.stats.judges.ranking import needed_share, ranking


def outputs(systems, items, sign=1.0, noise=0.5, seed=1):
    draw = np.random.default_rng(seed)
    which = np.tile(np.arange(systems), items)
    item = np.repeat(np.arange(items), systems)
    quality = which * 0.5 + draw.normal(size=items)[item]
    return which, sign * quality + noise * draw.normal(size=which.size), quality, item


def test_a_judge_that_orders_as_people_do():
    found = ranking(*outputs(5, 200))
    assert (found.systems, found.pairs, found.right, found.shown_right, found.shown_wrong) == (
        5,
        10,
        10,
        10,
        0,
    )
    assert (found.accuracy, found.tau, needed_share(found)) == (1.0, pytest.approx(1.0), (1.0, 1.0))
    assert found.rho.p == pytest.approx(2 / 120)


def test_a_judge_that_orders_the_other_way_round():
    found = ranking(*outputs(5, 200, sign=-1.0))
    assert (found.right, found.shown_wrong, found.accuracy) == (0, 10, 0.0)
    assert needed_share(found) == (0.0, 0.0)


def test_systems_that_people_cannot_tell_apart_are_no_pairs():
    draw = np.random.default_rng(2)
    which, item = np.tile([0, 1], 200), np.repeat(np.arange(200), 2)
    found = ranking(which, draw.normal(size=400), draw.normal(size=400), item)
    assert found.pairs <= 1
    assert found.accuracy is None or found.pairs


def test_a_judge_that_guesses_is_shown_neither_right_nor_wrong():
    which, _, people, item = outputs(4, 100)
    found = ranking(which, np.random.default_rng(3).normal(size=which.size), people, item)
    low, high = needed_share(found)
    assert low <= 0.2
    assert high >= 0.8


@pytest.mark.parametrize(("systems", "items"), [(1, 50), (3, 1)])
def test_one_system_or_item_has_no_order(systems, items):
    assert ranking(*outputs(systems, items)) is None
