"""What a rule costs each group."""

import numpy as np
import pytest

from hcgov.stats.aggregation.ballots import Ballots
from hcgov.stats.aggregation.regret import group_scores, pair_regrets, unanimous_variance
from hcgov.stats.aggregation.rules import Rule
from hcgov.stats.aggregation.tables import tables_of
from hcgov.stats.bounds import two_sided
from tests.stats.aggregation.test_rules import ballots


def crowd(seed, shares, people=120, per=4, prompts=30):
    """Return choices between two models by groups that prefer the first with given probabilities."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(shares)), people)
    person = np.repeat(np.arange(group.size), per)
    leaning = np.clip(np.array(shares)[group] + random.normal(0, 0.15, group.size), 0, 1)
    return Ballots(
        scope=np.zeros(person.size, dtype=np.int64),
        person=person,
        a=np.zeros(person.size, dtype=np.int64),
        b=np.ones(person.size, dtype=np.int64),
        y=(random.random(person.size) < leaning[person]).astype(float),
        group=group,
        weight=np.ones(group.size),
        scopes=1,
        alternatives=2,
        groups=len(shares),
        item=random.integers(0, prompts, person.size),
    )


def many_prompts(seed, agree, people=400, prompts=60, per=20):
    """Return choices on prompts: two groups prefer the same response with probability ``agree``, at 80 to 20."""
    random = np.random.default_rng(seed)
    favourite = np.stack([np.zeros(prompts, dtype=int), (random.random(prompts) > agree).astype(int)])
    group = (np.arange(people) % 4 == 0).astype(np.int64)
    person = np.repeat(np.arange(people), per)
    scope = random.integers(0, prompts, person.size)
    own = random.random(person.size) < 0.8
    y = np.where(favourite[group[person], scope] == 0, own, ~own).astype(float)
    return Ballots(
        scope=scope,
        person=person,
        a=np.zeros(person.size, dtype=np.int64),
        b=np.ones(person.size, dtype=np.int64),
        y=y,
        group=group,
        weight=np.ones(people),
        scopes=prompts,
        alternatives=2,
        groups=2,
    )


def test_shares_are_those_of_the_tables():
    found = crowd(1, [0.7, 0.2])
    assert group_scores(found, 0).value == pytest.approx(tables_of(found).group_mean[0])


def test_a_person_who_repeats_a_choice_counts_once():
    votes = [(0, 0, 1, 1.0)] * 30 + [(p, 0, 1, 0.0) for p in range(1, 4)]
    assert group_scores(ballots(votes, 2), 0).value[0] == pytest.approx([0.25, 0.75])


def test_an_advantage_by_hand():
    """Ten of forty prefer the winner: the rival is ahead by one half; its error is that of 40 people."""
    votes = [(p, 0, 1, float(p < 10)) for p in range(40)]
    found = group_scores(ballots(votes, 2), 0).advantage(0, 1, 0)
    assert found.value == pytest.approx(0.5)
    assert found.statistic("se") == pytest.approx(2 * (0.25 * 0.75 / 39) ** 0.5, rel=1e-6)
    assert found.people == 40


def test_a_unanimous_group_has_an_interval():
    votes = [(p, 0, 1, 0.0) for p in range(60)]
    found = group_scores(ballots(votes, 2), 0).advantage(0, 1, 0)
    low, high = two_sided(found, 0.95)
    assert 0.8 < low < high == 1.0
    assert unanimous_variance(0.5, 96) == pytest.approx(0.0025)


def test_one_person_has_no_interval_and_no_group_no_value():
    found = group_scores(ballots([(0, 0, 1, 0.0)], 2, groups=[1]), 0)
    assert two_sided(found.advantage(1, 1, 0), 0.95) == (-1.0, 1.0)
    assert found.advantage(0, 1, 0).value is None


def test_prompts_on_which_groups_part_cost_the_smaller_one():
    """A quarter of the people, opposed on half of the prompts, loses .6 there: .3 over all."""
    larger, smaller = pair_regrets(many_prompts(3, 0.5), Rule.WEIGHTED_MEAN)
    assert smaller.estimate.value == pytest.approx(0.3, abs=0.06)
    assert larger.estimate.value == pytest.approx(0.0, abs=0.02)
    assert smaller.overruled == pytest.approx(0.5, abs=0.12)
    low, high = two_sided(smaller.estimate, 0.95)
    assert low > 0.15
    assert high < 0.45


def test_where_groups_agree_chance_makes_no_regret():
    """Read off the same people it would be positive: here it is not."""
    found = [
        one.estimate.value
        for seed in range(6)
        for one in pair_regrets(many_prompts(seed, 1.0), Rule.MAJORITY)
    ]
    assert max(found) < 0.02


def test_never_overruled_is_news_of_so_many_people():
    votes = [(p, 0, 1, 1.0) for p in range(80)] * 2
    found = pair_regrets(
        ballots(votes, 2, groups=[p % 2 for p in range(80)], scopes=[0] * 80 + [1] * 80), Rule.MAXIMIN
    )
    low, high = two_sided(found[0].estimate, 0.95)
    assert low <= 0.0 < high < 0.12


def test_one_rating_a_prompt_tells_nothing():
    votes = [(p, 0, 1, float(p % 2)) for p in range(40)]
    found = pair_regrets(ballots(votes, 2, scopes=list(range(40))), Rule.WEIGHTED_MEAN)
    assert found[0].estimate.value is None
    assert found[0].unused == 40


def test_one_person_over_many_prompts_tells_nothing():
    found = pair_regrets(ballots([(0, 0, 1, 1.0)] * 20, 2, scopes=list(range(20))), Rule.BORDA)
    assert (found[0].estimate.value, found[0].unused) == (None, 20)


def covers(seed):
    found = group_scores(crowd(seed, [0.35]), 0).advantage(0, 1, 0)
    low, high = two_sided(found, 0.95)
    return low <= 0.3 <= high


def test_the_interval_covers_in_a_few_studies():
    assert sum(covers(seed) for seed in range(80)) >= 70


@pytest.mark.slow
def test_coverage_of_the_advantage():
    share = sum(covers(seed) for seed in range(1000, 3000)) / 2000
    assert 0.93 <= share <= 0.985
