"""Splits, copies, contested pairs and parity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.limit import Side
from hcgov.stats.bounds import lower, upper
from hcgov.stats.differences import miettinen_nurminen_lower
from hcgov.stats.preferences.contested import contested_pairs
from hcgov.stats.preferences.parity import counted, parity
from hcgov.stats.preferences.splits import BETWEEN, TEST, TRAIN, integer_copies, two_way_split

pairs_of_codes = st.tuples(st.integers(-1, 5), st.integers(0, 5))
rows = st.one_of(
    st.lists(pairs_of_codes, min_size=1, max_size=12), st.lists(pairs_of_codes, min_size=30, max_size=60)
)


@settings(max_examples=60)
@given(rows, st.sampled_from([0.0, 0.1, 0.2, 0.5]), st.integers(0, 5))
def test_no_annotator_and_no_prompt_is_on_both_sides(drawn, share, seed):
    people, prompts = np.array([p for p, _ in drawn]), np.array([q for _, q in drawn])
    found = two_way_split(people, prompts, share, seed=seed)
    train, test = found.part == TRAIN, found.part == TEST
    if found.how != "none":
        assert not set(prompts[train]) & set(prompts[test])
        if (people >= 0).any():
            assert not set(people[train]) & set(people[test])
            assert (found.part[people < 0] == BETWEEN).all()
    assert found.part.tolist() == two_way_split(people, prompts, share, seed=seed).part.tolist()


def test_parts_that_share_nothing_lose_no_row():
    people = np.repeat(np.arange(40), 5)
    found = two_way_split(people, people * 10 + np.tile(np.arange(5), 40), 0.2)
    assert found.how == "apart"
    assert (found.part != BETWEEN).all()
    assert (found.part == TEST).mean() == pytest.approx(0.2)


def test_crossed_data_lose_the_rows_that_would_leak():
    people, prompts = np.divmod(np.arange(1600), 40)
    found = two_way_split(people, prompts, 0.25)
    assert found.how == "crossed"
    assert [(found.part == part).sum() for part in (TRAIN, TEST, BETWEEN)] == [900, 100, 600]
    with pytest.raises(ValueError, match="half"):
        two_way_split(people, prompts, 0.6)


@settings(max_examples=40)
@given(st.lists(st.floats(0, 50), min_size=1, max_size=60).filter(lambda w: sum(w) > 1e-6), st.integers(0, 9))
def test_copies_are_the_weights_rounded_and_as_many_as_rows(weights, seed):
    w = np.array(weights)
    found = integer_copies(w, seed=seed)
    expected = w * w.size / w.sum()
    assert found.sum() == w.size
    assert (np.abs(found - expected) < 1 + 1e-6).all()


def test_copies_are_expected_to_be_the_weights():
    w = np.array([0.5, 1.0, 1.5, 3.0])
    mean = np.mean([integer_copies(w, seed=s) for s in range(4000)], axis=0)
    assert mean.tolist() == pytest.approx((w * 4 / w.sum()).tolist(), abs=0.03)


@pytest.mark.parametrize("bad", [[0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0]])
def test_weights_that_sum_to_nothing_are_refused(bad):
    with pytest.raises(ValueError, match="weights"):
        integer_copies(np.array(bad))


def test_a_pair_is_contested_where_the_lower_bound_lies_above_the_gap():
    # pair 0: 36 of 40 against 20 of 40; pair 1: 22 of 40 against 20 of 40; pair 2: one group only
    wins = ((36, 40), (20, 40)), ((22, 40), (20, 40)), ((40, 40), (0, 0))
    first, pairs, groups = [], [], []
    for pair, sides in enumerate(wins):
        for group, (x, n) in enumerate(sides):
            first += [1.0] * x + [0.0] * (n - x)
            pairs += [pair] * n
            groups += [group] * n
    found = contested_pairs(np.array(first), np.array(pairs), np.array(groups))
    assert found.pairs.tolist() == [0]
    assert found.lower[0] == pytest.approx(miettinen_nurminen_lower(36, 40, 20, 40, 0.975))
    assert found.judgments.tolist() == [[40, 40]]
    assert not contested_pairs(np.zeros(0), np.zeros(0, dtype=int), np.zeros(0, dtype=int)).pairs.size


def test_pairs_that_nobody_contests_are_rarely_set_apart():
    rng = np.random.default_rng(8)
    pairs, groups = np.repeat(np.arange(1000), 40), np.tile(np.arange(40) % 2, 1000)
    first = (rng.random(40_000) < np.where(groups == 0, 0.55, 0.45)).astype(float)
    assert contested_pairs(first, pairs, groups).pairs.size <= 65


def test_parity_is_the_smallest_by_the_largest_share_that_survives():
    found = parity({"a": 100, "b": 50, "c": 0}, {"a": 90, "b": 27})
    assert found.survival == {"a": 0.9, "b": 0.54}
    assert (found.ratio, found.least) == (pytest.approx(0.6), "b")
    assert parity({"a": 10}, {"a": 9}).ratio is None
    assert parity({"a": 10, "b": 10}, {}).ratio is None
    with pytest.raises(ValueError, match="no more"):
        parity({"a": 1}, {"a": 2})


@given(st.floats(0, 1), st.floats(0.5, 0.999))
def test_what_is_counted_has_no_error(value, level):
    assert upper(counted(value, 10), level) == value == lower(counted(value, 10, side=Side.AT_LEAST), level)
