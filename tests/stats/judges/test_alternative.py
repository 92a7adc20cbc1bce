import numpy as np
import pytest
from scipy.stats import ttest_1samp

from hcgov.stats.judges.alternative import alternative_test

ITEMS = np.arange(60)
TRUTH = ITEMS % 2
PEOPLE = np.concatenate(
    [TRUTH ^ (ITEMS % 7 == 0), TRUTH ^ (ITEMS % 5 == 0), TRUTH ^ (ITEMS % 4 == 1)]
).astype(float)
JUDGE = np.tile(TRUTH ^ (ITEMS % 10 == 3), 3).astype(float)
WHO, WHAT = np.repeat([0, 1, 2], 60), np.tile(ITEMS, 3)


def test_the_toy_of_the_reference():
    # statistics.md, oracle 34: the reference algorithm of Calderon, Reichart & Dror.
    found = alternative_test(WHO, WHAT, PEOPLE, JUDGE, epsilon=0.1)
    assert found.winning_rate == 1.0
    assert found.advantage == pytest.approx(0.95)
    assert found.p_values == pytest.approx((0.003296, 0.001179, 0.001179), abs=5e-7)
    assert (found.items, found.left_out, found.covered) == ((60, 60, 60), 0, 1.0)


def test_each_row_its_own_source_changes_nothing_and_equal_rows_of_one_source_count_once():
    plain = alternative_test(WHO, WHAT, PEOPLE, JUDGE, epsilon=0.1)
    own = alternative_test(WHO, WHAT, PEOPLE, JUDGE, epsilon=0.1, sources=WHAT)
    assert own.p_values == pytest.approx(plain.p_values)
    twice = (
        np.concatenate([WHO, WHO]),
        np.concatenate([WHAT, WHAT + 60]),
        np.concatenate([PEOPLE, PEOPLE]),
        np.concatenate([JUDGE, JUDGE]),
    )
    doubled = alternative_test(*twice, epsilon=0.1, sources=twice[1] % 60)
    assert doubled.p_values == pytest.approx(plain.p_values)
    assert alternative_test(*twice, epsilon=0.1).p_values[0] < plain.p_values[0]


def test_scores_are_compared_by_their_distance_from_the_others():
    draw = np.random.default_rng(1)
    quality = draw.normal(size=60)
    scores = quality + draw.normal(size=(4, 60))
    judge = quality + 0.3 * draw.normal(size=60)
    who, what = np.repeat(np.arange(4), 60), np.tile(ITEMS, 4)
    found = alternative_test(who, what, scores.ravel(), np.tile(judge, 4), epsilon=0.1, scorer="rmse")
    for h in range(4):
        rest = np.delete(scores, h, axis=0)
        mine, other = (-np.sqrt(((one - rest) ** 2).mean(axis=0)) for one in (scores[h], judge))
        d = (mine >= other).astype(float) - (other >= mine)
        assert found.p_values[h] == pytest.approx(ttest_1samp(d, 0.1, alternative="less").pvalue)
        assert found.advantages[h] == pytest.approx((other >= mine).mean())


def test_people_with_few_judgments_are_left_out_and_counted():
    few = np.concatenate([WHO, np.full(10, 3)])
    found = alternative_test(
        few,
        np.concatenate([WHAT, ITEMS[:10]]),
        np.concatenate([PEOPLE, TRUTH[:10].astype(float)]),
        np.concatenate([JUDGE, JUDGE[:10]]),
        epsilon=0.1,
    )
    assert (len(found.p_values), found.left_out) == (3, 1)
    assert found.covered == pytest.approx(180 / 190)


def test_nobody_beside_anybody_tests_nothing():
    found = alternative_test(np.zeros(60, dtype=int), ITEMS, TRUTH.astype(float), JUDGE[:60], epsilon=0.1)
    assert (found.winning_rate, found.advantage, found.p_values) == (None, None, ())


def test_a_judge_that_says_the_same_as_a_person_has_an_exact_p():
    same = np.tile(TRUTH.astype(float), 3)
    found = alternative_test(WHO, WHAT, same, same, epsilon=0.1)
    assert found.p_values == pytest.approx((0.9**60,) * 3)


def test_people_who_are_better_are_told():
    found = alternative_test(WHO, WHAT, np.tile(TRUTH, 3).astype(float), 1.0 - JUDGE, epsilon=0.1)
    assert (found.winning_rate, found.beaten_by) == (0.0, 1.0)


@pytest.mark.parametrize(("epsilon", "q"), [(-0.1, 0.05), (1.0, 0.05), (0.1, 0.0)])
def test_impossible_choices_are_refused(epsilon, q):
    with pytest.raises(ValueError):
        alternative_test(WHO, WHAT, PEOPLE, JUDGE, epsilon=epsilon, q=q)


def type_one_errors(runs, *, epsilon=0.2, items=100, seed=1):
    """Return how often a judge that is worse than everyone by exactly epsilon reaches a winning rate of one half."""
    draw = np.random.default_rng(seed)
    passed = 0
    for _ in range(runs):
        truth = draw.integers(0, 2, items)
        people = np.tile(truth, 3)  # people are always right, so W_h is 1 and d is 1 where the judge errs
        judge = np.tile(truth ^ (draw.random(items) < epsilon), 3).astype(float)
        found = alternative_test(
            np.repeat([0, 1, 2], items),
            np.tile(np.arange(items), 3),
            people.astype(float),
            judge,
            epsilon=epsilon,
        )
        passed += found.winning_rate >= 0.5
    return passed / runs


def test_a_judge_that_is_worse_by_epsilon_is_rarely_let_through():
    assert type_one_errors(200) <= 0.10


@pytest.mark.slow
@pytest.mark.parametrize("items", [50, 100, 300])
def test_the_error_of_the_first_kind_is_near_its_level(items):
    assert type_one_errors(4000, items=items, seed=items) <= 0.065
