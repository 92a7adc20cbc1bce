"""Weights of people: raking, post-stratification, trimming, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.sampling.margins import crossed, margin_of
from hcgov.stats.sampling.raking import (
    PeopleWeights,
    Refusal,
    Why,
    raked,
    within,
)
from hcgov.stats.sampling.raking import (
    given as given_weights,
)
from hcgov.stats.weighting import rake

SEED = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
NAMES = ("0", "1", "2", "3")


def margins(table, rows, columns):
    i, j = np.indices(table.shape)
    place = [np.repeat(one.ravel(), table.ravel()) for one in (i, j)]
    names = NAMES[: max(table.shape)]
    return [
        margin_of(name, at, names[: len(target)], dict(zip(names, target, strict=False)))
        for name, at, target in zip(("rows", "columns"), place, (rows, columns), strict=True)
    ]


def fitted(found, both, shape):
    table = np.zeros(shape)
    np.add.at(table, (both[0].place, both[1].place), found.weights)
    return table / table.sum()


def test_the_textbook_table_person_by_person():
    """Iterative proportional fitting run until the margins are met: oracle 29."""
    both = margins(SEED, [150, 300, 400, 150], [200, 300, 400, 100])
    found = raked(both, cap=None)
    expected = [
        [64.56, 46.23, 35.38, 3.82],
        [49.97, 68.16, 156.50, 25.37],
        [56.72, 144.43, 145.08, 53.77],
        [28.75, 41.18, 63.03, 17.03],
    ]
    assert fitted(found, both, (4, 4)) * 1000 == pytest.approx(np.array(expected), abs=5.1e-3)
    assert found.error <= 1e-6


def test_kish_of_given_weights():
    """Oracle 30: effective 2.90909, design effect 1.375."""
    kish = given_weights(np.array([1.0, 1.0, 2.0, 4.0]))
    assert (kish.n_eff, kish.deff) == pytest.approx((2.90909, 1.375), abs=1e-5)


tables = st.lists(st.lists(st.integers(5, 60), min_size=3, max_size=3), min_size=2, max_size=2)


@settings(max_examples=40)
@given(tables, st.lists(st.floats(0.2, 1), min_size=5, max_size=5))
def test_it_is_the_table_form_of_raking(rows, targets):
    """Person by person it gives what :func:`hcgov.stats.weighting.rake` gives of the crossed table."""
    table = np.array(rows)
    first, second = np.array(targets[:2]) / sum(targets[:2]), np.array(targets[2:]) / sum(targets[2:])
    both = margins(table, first, second)
    found = raked(both, cap=None)
    cells = {(str(i), str(j)): float(table[i, j]) for i in range(2) for j in range(3)}
    named = [{str(i): float(t) for i, t in enumerate(target)} for target in (first, second)]
    oracle = rake(cells, named).cells
    assert fitted(found, both, (2, 3)).ravel() == pytest.approx(
        [oracle[str(i), str(j)] for i in range(2) for j in range(3)], abs=1e-8
    )
    assert found.kish.deff >= 1.0
    assert found.weights.mean() == pytest.approx(1.0)


@settings(max_examples=30)
@given(tables, st.integers(0, 2**16))
def test_the_order_of_people_does_not_matter(rows, seed):
    both = margins(np.array(rows), [0.5, 0.5], [0.3, 0.3, 0.4])
    order = np.random.default_rng(seed).permutation(both[0].place.size)
    turned = [
        margin_of(m.name, m.place[order], m.levels, dict(zip(m.levels, m.target, strict=True))) for m in both
    ]
    assert raked(turned, cap=None).weights == pytest.approx(raked(both, cap=None).weights[order], rel=1e-7)


def test_post_stratification_meets_every_cell_at_once():
    both = margins(np.array([[10, 20], [30, 40]]), [0.5, 0.5], [0.5, 0.5])
    cells = {("0", "0"): 0.4, ("0", "1"): 0.1, ("1", "0"): 0.1, ("1", "1"): 0.4}
    found = raked([crossed(both, cells)], cap=None)
    assert found.rounds == 1
    assert fitted(found, both, (2, 2)) == pytest.approx(np.array([[0.4, 0.1], [0.1, 0.4]]))


def test_trimming_keeps_the_cap_and_tells_what_it_cut():
    both = margins(np.array([[960], [40]]), [0.5, 0.5], [1.0])
    free, found = raked(both, cap=None), raked(both)
    assert free.trimmed == 0
    assert found.weights.max() <= 5.0 * np.median(free.weights) * (1 + 1e-9)
    assert found.trimmed == 40
    assert 0.0 < found.trimmed_share < 0.5
    assert found.error > 1e-3, "the cap stands where the margins cannot be had, and the miss is told"
    assert found.kish.n_eff > free.kish.n_eff


def test_trimming_and_margins_can_both_be_had():
    both = margins(np.array([[200, 100], [100, 20]]), [0.5, 0.5], [0.5, 0.5])
    found = raked(both, cap=3.0)
    assert found.weights.max() <= found.cap * (1 + 1e-9)
    assert found.trimmed == 20
    assert found.error <= 1e-6


def people(*places, target=(0.5, 0.5), names=("north", "south")):
    return [margin_of("region", np.array(places), names, dict(zip(names, target, strict=True)))]


@pytest.mark.parametrize(
    ("asked", "why", "level"),
    [
        (people(*[0] * 50), Why.EMPTY_LEVEL, "south"),
        (people(*[0] * 50, 1, 1), Why.THIN_LEVEL, "south"),
        (people(*[0] * 50, *[1] * 9, target=(1.0, 0.0)), Why.UNNAMED_LEVEL, "south"),
        (people(*[0] * 50, *[1] * 9, target=(0.0, 0.0)), Why.BROKEN_MARGIN, ""),
        (people(*[0] * 50, *[1] * 9, target=(-1.0, 2.0)), Why.BROKEN_MARGIN, ""),
        (people(*[0] * 50, *[1] * 9, target=(np.nan, 1.0)), Why.BROKEN_MARGIN, ""),
        (people(*[-1] * 50), Why.NOBODY, ""),
        (people(), Why.NOBODY, ""),
        ([], Why.NOBODY, ""),
    ],
)
def test_weights_never_create_people(asked, why, level):
    found = raked(asked)
    assert isinstance(found, Refusal)
    assert (found.why, found.level) == (why, level)


def test_margins_that_contradict_each_other_are_refused():
    place = np.array([0] * 50 + [1] * 50)
    both = [
        margin_of("one", place, ("a", "b"), {"a": 0.5, "b": 0.5}),
        margin_of("other", place, ("a", "b"), {"a": 0.9, "b": 0.1}),
    ]
    assert raked(both, most_rounds=50).why is Why.CONTRADICTION


@pytest.mark.parametrize("bad", [[0.0, 0.0], [1.0, -1.0], [1.0, np.nan], [np.inf, 1.0]])
def test_weights_that_are_none(bad):
    assert given_weights(np.array(bad)).why is Why.BAD_WEIGHTS
    base = np.array(bad * 25)
    assert raked(people(*[0, 1] * 25), base=base).why is Why.BAD_WEIGHTS


def test_people_without_a_level_get_no_weight():
    found = raked(people(*[0] * 30, *[1] * 20, -1, -1))
    assert isinstance(found, PeopleWeights)
    assert found.unplaced == 2
    assert (found.weights[-2:] == 0.0).all()


def test_what_weights_are_worth_within_groups():
    one, other, nobody = within(np.array([1.0, 1.0, 1.0, 3.0, 9.0]), np.array([0, 0, 1, 1, -1]), 3)
    assert (one.n_eff, other.n_eff, nobody.n) == pytest.approx((2.0, 1.6, 0))
