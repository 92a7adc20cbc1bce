"""A person's own choices: contradictions and circles."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.estimate import Method
from hcgov.stats.bounds import upper
from hcgov.stats.preferences.contests import FIRST, SECOND
from hcgov.stats.preferences.cycles import repeats, triads


def test_only_a_persons_own_reversals_count():
    people = np.array([0, 0, 1, 1, 2, 3, 4, 4])
    items = np.array([0, 0, 0, 0, 0, 0, 0, 1])
    sign = np.array([1, -1, 1, 1, 1, -1, 1, -1])
    found = repeats(sign, people, items)
    assert (found.groups, found.people) == (2, 2)
    assert found.contradicted.value == 0.5
    assert found.contradicted.method is Method.CLOPPER_PEARSON


def test_two_people_who_disagree_contradict_nobody():
    found = repeats(np.array([1, -1] * 20), np.arange(40), np.zeros(40, dtype=int))
    assert found.groups == 0
    assert found.contradicted.value is None


def test_a_tie_is_no_contradiction_and_is_told():
    found = repeats(np.array([1, 0, 1, 1]), np.array([0, 0, 1, 1]), np.zeros(4, dtype=int))
    assert found.contradicted.value == 0.0
    assert found.unsettled == 1
    assert upper(found.contradicted, 0.95) > 0.5


def test_three_times_one_and_once_the_other():
    found = repeats(np.array([1, 1, 1, -1]), np.zeros(4, dtype=int), np.zeros(4, dtype=int))
    assert found.contradicted.value == 0.5


def test_rows_of_nobody_are_left_out():
    assert repeats(np.array([1, -1]), np.array([-1, -1]), np.array([0, 0])).groups == 0


def circles_by_hand(beats, n):
    found = 0
    for a, b, c in combinations(range(n), 3):
        found += (beats[a, b] and beats[b, c] and beats[c, a]) or (
            beats[b, a] and beats[c, b] and beats[a, c]
        )
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 7), st.integers(0, 10_000), st.integers(1, 4))
def test_circles_are_those_of_every_triad(n, seed, people):
    draw = np.random.default_rng(seed)
    first, second = np.array(list(combinations(range(n), 2))).T
    rows = len(first)
    outcome = draw.integers(0, 2, people * rows)
    found = triads(
        np.tile(first, people),
        np.tile(second, people),
        outcome,
        np.repeat(np.arange(people), rows),
        competitors=n,
    )
    expected = 0
    for part in outcome.reshape(people, rows):
        beats = np.zeros((n, n), dtype=bool)
        won = part == FIRST
        beats[first[won], second[won]] = True
        beats[second[~won], first[~won]] = True
        expected += circles_by_hand(beats, n)
    assert found.circular == expected
    assert found.triads == people * len(list(combinations(range(n), 3)))
    assert found.complete == people
    assert 0.0 <= found.zeta <= 1.0


def test_kendalls_coefficient():
    """An order has none, and a regular tournament of five is as inconsistent as can be."""
    first, second = np.array(list(combinations(range(5), 2))).T
    people = np.zeros(10, dtype=int)
    order = triads(first, second, np.full(10, FIRST), people, competitors=5)
    assert (order.circular, order.zeta) == (0, 1.0)
    regular = np.where((second - first) % 5 <= 2, FIRST, SECOND)
    worst = triads(first, second, regular, people, competitors=5)
    assert (worst.circular, worst.zeta) == (5, pytest.approx(0.0))
    four = np.array(list(combinations(range(4), 2))).T
    even = triads(
        *four, np.array([FIRST, FIRST, SECOND, FIRST, FIRST, FIRST]), np.zeros(6, dtype=int), competitors=4
    )
    assert even.circular == 2
    assert even.zeta == pytest.approx(0.0)


def test_an_unfinished_tournament_has_no_coefficient():
    found = triads(
        np.array([0, 1, 2, 0]),
        np.array([1, 2, 0, 3]),
        np.zeros(4, dtype=int),
        np.zeros(4, dtype=int),
        competitors=4,
    )
    assert (found.triads, found.circular) == (1, 1)
    assert found.zeta is None
    nothing = triads(np.array([0]), np.array([1]), np.array([0]), np.array([0]), competitors=2)
    assert (nothing.triads, nothing.share.value, nothing.zeta) == (0, None, None)
