import numpy as np
import pytest

from hcgov.stats.annotators.careless import signs
from hcgov.stats.annotators.concentration import concentration, covered
from hcgov.stats.annotators.retest import repeats
from hcgov.stats.annotators.severity import offset
from hcgov.stats.annotators.slopes import within_slope
from hcgov.stats.bounds import two_sided


def test_concentration_of_equal_shares_and_of_one_who_made_all():
    equal = concentration(np.repeat(np.arange(20), 5))
    assert (equal.largest, equal.gini, equal.effective) == (0.05, pytest.approx(0.0), pytest.approx(20.0))
    one = concentration(np.array([7, 7, 7, -1]))
    assert (one.people, one.rows, one.largest, one.gini, one.effective) == (1, 3, 1.0, 0.0, 1.0)
    uneven = concentration(np.repeat(np.arange(3), [1, 2, 6]))
    # Gini of 1, 2, 6: mean absolute difference 2 (1 + 5 + 4) / 9 over twice the mean 3.
    assert uneven.gini == pytest.approx(20 / 9 / 6)
    assert uneven.effective == pytest.approx(81 / 41)
    assert concentration(np.array([-1, -1])) is None


def test_intersectional_coverage():
    shares = {("f", "old"): 0.2, ("f", "young"): 0.3, ("m", "old"): 0.5}
    assert covered(shares, {("f", "old"): 11, ("m", "old"): 10}, least=11) == pytest.approx(0.2)
    assert covered({}, {}, least=11) == 0.0


def test_a_slope_within_people_does_not_see_who_works_longer():
    random = np.random.default_rng(1)
    people = np.repeat(np.arange(50), np.arange(10, 60))
    position = np.concatenate([np.arange(n, dtype=float) for n in range(10, 60)])
    level = random.normal(size=50)[people] + people / 10
    flat = within_slope(level + random.normal(size=people.size), position, people)
    low, high = two_sided(flat.estimate, 0.95)
    assert low < 0 < high
    falling = within_slope(level - 0.02 * position, position, people)
    assert falling.estimate.value == pytest.approx(-0.02 * falling.span)
    assert falling.people == 50


def test_slopes_need_people_at_several_places():
    once = np.arange(10)
    assert within_slope(np.ones(10), np.ones(10), once) is None
    assert within_slope(np.ones(3), np.arange(3.0), np.array([-1, -1, -1])) is None


@pytest.mark.slow
def test_slopes_cover_what_they_say():
    hits = 0
    for seed in range(1000):
        random = np.random.default_rng(seed)
        people = np.repeat(np.arange(40), random.integers(5, 40, 40))
        position = random.random(people.size) * 30
        own = random.normal(-0.01, 0.01, 40)
        found = within_slope(own[people] * position + random.normal(size=people.size), position, people)
        low, high = two_sided(found.estimate, 0.95)
        hits += low <= -0.01 * found.span <= high
    assert 0.92 <= hits / 1000 <= 0.98


def test_repeats_that_follow_closely_are_remembered():
    items, people = np.array([0, 1, 0, 0, 1]), np.array([0, 0, 0, 1, 0])
    seconds = np.array([0.0, 60.0, 3600.0, 0.0, 100.0])
    found = repeats(items, people, seconds=seconds)
    pairs = list(zip(found.first.tolist(), found.second.tolist(), found.apart.tolist(), strict=True))
    assert pairs == [(0, 2, True), (1, 4, False)]
    unknown = repeats(items, people)
    assert not unknown.known.any()
    assert unknown.first.size == 2


def test_offsets_compare_on_the_same_items():
    random = np.random.default_rng(6)
    items, people = np.repeat(np.arange(200), 6), random.integers(0, 60, 1200)
    # The group gets the items that are rated high anyhow, and adds half a point.
    level = np.repeat(np.arange(200) / 20, 6)
    member = random.random(1200) < level / 12
    values = level + 0.5 * member + random.normal(0, 0.5, 1200)
    found = offset(values, items, people, member)
    low, high = two_sided(found, 0.95)
    assert low < 0.5 < high
    assert found.value == pytest.approx(0.5, abs=0.12)
    half = offset(values, items, people, member, unit=2.0)
    assert half.value == pytest.approx(found.value / 2)
    assert offset(values, items, people, ~member).value == pytest.approx(-found.value)
    nobody = offset(values, items, people, np.zeros(1200, dtype=bool))
    assert nobody.value is None


def test_no_single_sign_makes_a_flag():
    random = np.random.default_rng(2)
    people = np.repeat(np.arange(40), 30)
    labels = random.integers(0, 4, 1200)
    seconds = random.uniform(5, 30, 1200)
    seconds[people == 0] = 0.5  # fast only
    labels[people == 1] = 2  # always the same only
    labels[people == 2], seconds[people == 2] = 3, 0.5
    texts = np.full(1200, -1)
    texts[people == 3] = 0  # the same words 30 times
    seconds[people == 3] = 1.0
    texts[people == 4] = np.arange(1, 31)
    found = signs(people, labels, n_people=40, n_labels=4, seconds=seconds, texts=texts)
    assert np.flatnonzero(found.fast).tolist() == [0, 2, 3]
    assert np.flatnonzero(found.straight).tolist() == [1, 2]
    assert np.flatnonzero(found.repeated).tolist() == [3]
    assert np.flatnonzero(found.flagged()).tolist() == [2, 3]
    assert found.could_tell().all()


def test_long_items_take_longer_and_few_answers_say_nothing():
    people, labels = np.zeros(12, dtype=int), np.arange(12) % 2
    seconds = np.full(12, 5.0)
    short = signs(people, labels, n_people=1, n_labels=2, seconds=seconds)
    long = signs(people, labels, n_people=1, n_labels=2, seconds=seconds, words=np.full(12, 300.0))
    assert (short.fast.tolist(), long.fast.tolist()) == ([False], [True])
    few = signs(people[:9], labels[:9], n_people=1, n_labels=2, seconds=seconds[:9] / 10)
    assert not few.fast.any()
    assert not few.could_tell().any()


def test_a_label_that_everybody_gives_is_no_straight_line():
    people, labels = np.repeat(np.arange(20), 50), np.zeros(1000, dtype=int)
    labels[::40] = 1
    found = signs(people, labels, n_people=20, n_labels=2)
    assert not found.straight.any()
    assert not found.could_tell().any()
