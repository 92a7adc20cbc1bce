import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.crossed import Rows
from hcgov.stats.judges.consistency import both_orders, rated_above, repeated


def test_repetitions_are_compared_in_pairs_and_each_thing_counts_once():
    units = np.array([0, 0, 0, 1, 1, 2])
    labels = np.array([1, 1, 0, 2, 2, 1])
    found, things = repeated(units, labels, units)
    assert things == 2
    assert found.value == pytest.approx((1 / 3 + 1) / 2)


def test_what_was_judged_once_says_nothing():
    assert repeated(np.arange(5), np.ones(5, dtype=int), np.arange(5)) is None


def test_orders_by_hand():
    # Pairs: same answer, always the first, always the last, shown in one order only.
    units = np.array([0, 0, 1, 1, 2, 2, 3])
    answers = np.array([1, 1, 1, -1, -1, 1, 1])
    turned = np.array([False, True, False, True, False, True, False])
    found = both_orders(units, answers, turned, units)
    assert (found.pairs, found.first, found.last) == (3, 1, 1)
    assert found.consistency.value == pytest.approx(1 / 3)
    assert found.fairness.value == pytest.approx(0.0)


@given(st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([-1, 0, 1])), min_size=2, max_size=30))
@settings(max_examples=30)
def test_to_rename_the_responses_changes_nothing_but_who_they_are(pairs):
    units = np.repeat(np.arange(len(pairs)), 2)
    answers = np.array(pairs).ravel()
    turned = np.tile([False, True], len(pairs))
    one, other = both_orders(units, answers, turned, units), both_orders(units, -answers, ~turned, units)
    assert one.consistency.value == other.consistency.value
    assert (one.first, one.last) == (other.first, other.last)


def test_one_order_says_nothing():
    assert both_orders(np.arange(3), np.ones(3, dtype=int), np.zeros(3, dtype=bool), np.arange(3)) is None


def test_a_tie_is_not_above():
    found = rated_above(np.array([3.0, 4.0, 2.0]), np.array([3.0, 3.0, 3.0]), Rows(people=np.arange(3)))
    assert found.value == pytest.approx(1 / 3)
