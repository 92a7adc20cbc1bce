"""Whether groups want different things."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from hcgov.stats.preferences.heterogeneity import choice_test, disagreement, group_test, permuted
from tests.stats.preferences.planted import compared

APART = [[1.0, 0.0, -1.0], [-1.0, 0.0, 1.0]]


def test_groups_that_want_opposites_are_told_apart():
    kinds = np.arange(60) % 2
    contests = compared(1, people=60, rows=20, theta=APART, kinds=kinds)
    found = group_test(contests, kinds[contests.people], draws=99)
    assert found.p == 0.01
    assert found.df == 2
    assert found.p_rows < 1e-10
    assert found.statistic > 100


def test_the_likelihood_ratio_is_that_of_separate_fits():
    """Two competitors: the statistic is that of the 2 x 2 table, but for the small penalty."""
    kinds = np.arange(400) % 2
    contests = compared(2, people=400, rows=5, theta=[[0.5, 0.0], [0.0, 0.0]], kinds=kinds)
    found = group_test(contests, kinds[contests.people], draws=19)
    won = np.where(contests.first == 0, contests.outcome == 0, contests.outcome == 1)
    group = kinds[contests.people]
    table = [[(won & (group == g)).sum(), (~won & (group == g)).sum()] for g in (0, 1)]
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert found.statistic == pytest.approx(expected.statistic, rel=0.01)
    assert found.p_rows == pytest.approx(expected.pvalue, rel=0.05)


def rejections(seeds, *, spread):
    """Return how often rows and people reject at 5 % where groups are alike and people differ."""
    by_people, by_rows, by_choice = [], [], []
    for seed in seeds:
        contests = compared(seed, people=60, rows=20, theta=[0.0, 0.4, 0.8], spread=spread)
        groups = (np.random.default_rng(seed + 10**6).random(60) < 0.4).astype(int)[contests.people]
        found = group_test(contests, groups, draws=39, seed=seed)
        by_people.append(found.p <= 0.05)
        by_rows.append(found.p_rows <= 0.05)
        sign = np.where(contests.outcome == 0, 1, -1) * np.where(contests.first < contests.second, 1, -1)
        items = np.minimum(contests.first, contests.second) * 3 + np.maximum(contests.first, contests.second)
        by_choice.append(choice_test(sign, contests.people, items, groups, draws=39, seed=seed).p <= 0.05)
    return np.mean(by_people), np.mean(by_rows), np.mean(by_choice)


def test_people_who_differ_are_no_groups():
    people, rows, choices = rejections(range(60), spread=1.2)
    assert people <= 0.15
    assert choices <= 0.15
    assert rows > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 1.2])
def test_type_one_error_of_the_permutation(spread):
    """Nominal 5 %: p is one of 40 values, and 0.05 is one of them, so that the level is exact."""
    people, rows, choices = rejections(range(1500), spread=spread)
    print(spread, people, rows, choices)
    assert 0.037 <= people <= 0.064
    assert 0.037 <= choices <= 0.064


def test_groups_of_choices_whatever_the_strengths():
    draw = np.random.default_rng(3)
    people, items = np.repeat(np.arange(40), 10), np.tile(np.arange(10), 40)
    groups = (people % 2 == 0).astype(int)
    lean = draw.choice([-1, 1], 10)
    sign = np.where(draw.random(400) < 0.8, 1, -1) * lean[items] * np.where(groups == 1, 1, -1)
    assert choice_test(sign, people, items, groups, draws=99).p == 0.01
    assert choice_test(sign, people, items, np.zeros(400, dtype=int)) is None
    assert choice_test(np.ones(400, dtype=int), people, items, groups) is None


def test_what_cannot_be_tested():
    contests = compared(4, people=10, rows=10, theta=[0.0, 0.3])
    assert group_test(contests, np.full(100, -1)) is None
    assert group_test(contests, np.zeros(100, dtype=int)) is None
    lonely = (contests.people == 0).astype(int)
    assert group_test(contests, lonely).p is None
    with pytest.raises(ValueError, match="19"):
        permuted(lambda labels: 0.0, np.array([0, 1]), 0.0, draws=18, seed=0)


def test_disagreement_about_one_item():
    assert disagreement(np.array([], dtype=int)) is None
    alike = disagreement(np.ones(8, dtype=int), np.array([0, 1] * 4))
    assert (alike.entropy, alike.polarisation, alike.between) == (0.0, 0.0, None)
    split = disagreement(np.array([1, -1] * 10), np.array([0, 1] * 10))
    assert split.polarisation == 1.0
    assert split.between == pytest.approx(1.0)
    even = disagreement(np.array([1, 0, -1] * 5))
    assert even.entropy == pytest.approx(1.0)
    assert even.between is None


def test_chance_is_taken_off_what_groups_account_for():
    draw = np.random.default_rng(5)
    found = [disagreement(draw.choice([-1, 1], 60), np.arange(60) % 6).between for _ in range(400)]
    assert abs(np.mean(found)) < 0.015
