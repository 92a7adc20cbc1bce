"""Weighted shares beside unweighted ones, and the error that weighting leaves."""

import numpy as np
import pytest

from hcgov.stats.bounds import two_sided
from hcgov.stats.crossed import Rows
from hcgov.stats.sampling.margins import margin_of
from hcgov.stats.sampling.raking import PeopleWeights, raked
from hcgov.stats.sampling.weighted import Answers, beside, unweighted_share, weighted_share


def weighted_effect(answers, mask=None):
    return beside(answers, mask).effect


TRUE, EASY = 0.525, 0.435
"""Share in the population, and in a sample that reaches one region and one sex more easily."""


def study(seed, people=400, per=3, items=0):
    """Return answers of people drawn with a bias that two margins take off; ``None`` where they refuse."""
    random = np.random.default_rng(seed)
    region, sex = random.choice(2, people, p=[0.8, 0.2]), random.choice(2, people, p=[0.35, 0.65])
    leaning = 0.3 + 0.35 * region + 0.1 * sex + random.normal(0, 0.08, people)
    person = np.repeat(np.arange(people), per)
    item = random.integers(0, items, person.size) if items else None
    shift = random.normal(0, 0.08, items)[item] if items else 0.0
    y = (random.random(person.size) < np.clip(leaning[person] + shift, 0, 1)).astype(float)
    both = [
        margin_of(name, place, ("0", "1"), {"0": 0.5, "1": 0.5})
        for name, place in (("region", region), ("sex", sex))
    ]
    weights = raked(both, cap=None)
    if not isinstance(weights, PeopleWeights):
        return None
    return Answers(y=y, rows=Rows(people=person, items=item), weights=weights.weights, margins=both)


def covered(studies, estimate, truth):
    found = [two_sided(estimate(answers), 0.95) for answers in studies if answers is not None]
    return sum(low <= truth <= high for low, high in found) / len(found)


def test_equal_weights_change_nothing():
    answers = study(1)
    alike = Answers(y=answers.y, rows=answers.rows, weights=np.ones(400))
    assert weighted_share(alike).value == pytest.approx(answers.y.mean())
    assert weighted_effect(alike).value == 0.0


def test_the_three_beside_each_other_are_what_they_are_alone():
    answers = study(2, items=40)
    both = beside(answers)
    assert both.weighted == weighted_share(answers)
    assert both.unweighted == unweighted_share(answers)
    assert both.effect.value == pytest.approx(both.weighted.value - both.unweighted.value)


def test_weights_by_hand():
    """Two people of weights 3 and 1 who say 1 and 0: three quarters, whoever answers more often."""
    answers = Answers(
        y=np.array([1.0, 0.0, 0.0, 0.0]),
        rows=Rows(people=np.array([0, 1, 1, 1])),
        weights=np.array([3.0, 1.0]),
    )
    assert weighted_share(answers).value == pytest.approx(0.75)
    assert unweighted_share(answers).value == pytest.approx(0.5)
    assert weighted_effect(answers).value == pytest.approx(0.25)


def test_the_variance_of_a_weighted_mean_without_margins_is_the_sandwich():
    """sum (w (y - p))^2 / (sum w)^2 n / (n - 1): Lumley 2010, Complex Surveys, section 2.1."""
    random = np.random.default_rng(3)
    y, w = random.integers(0, 2, 500).astype(float), random.uniform(0.5, 2, 500)
    found = weighted_share(Answers(y=y, rows=Rows(people=np.arange(500)), weights=w))
    p = (w * y).sum() / w.sum()
    variance = ((w * (y - p)) ** 2).sum() / w.sum() ** 2 * 500 / 499
    assert found.value == pytest.approx(p)
    assert found.n_eff == pytest.approx(p * (1 - p) / variance, rel=0.01)


def test_margins_that_explain_answers_leave_less_error():
    answers = study(5, people=2000, per=1)
    blind = Answers(y=answers.y, rows=answers.rows, weights=answers.weights)
    assert weighted_share(answers).n_eff > 1.1 * weighted_share(blind).n_eff


def test_a_group_and_nobody():
    answers = study(7)
    north = answers.margins[0].place[answers.rows.people] == 0
    assert weighted_share(answers, north).people == int((answers.margins[0].place == 0).sum())
    assert weighted_share(answers, np.zeros(north.size, dtype=bool)).value is None
    assert weighted_effect(answers, np.zeros(north.size, dtype=bool)).value is None


def test_one_person_is_worth_one():
    answers = Answers(y=np.ones(50), rows=Rows(people=np.zeros(50, dtype=int)), weights=np.ones(1))
    assert weighted_share(answers).n_eff == 1.0


def test_weighting_takes_the_bias_off():
    studies = [study(seed) for seed in range(120)]
    assert covered(studies, weighted_share, TRUE) >= 0.90
    assert covered(studies, unweighted_share, TRUE) <= 0.30
    assert covered(studies, weighted_effect, TRUE - EASY) >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "per", "items"), [(400, 3, 0), (1000, 1, 0), (150, 2, 0), (300, 5, 60)], ids=str
)
def test_coverage_of_weighted_shares(people, per, items):
    studies = [study(seed, people, per, items) for seed in range(5000, 7000)]
    assert 0.93 <= covered(studies, weighted_share, TRUE) <= 0.975
    assert 0.93 <= covered(studies, weighted_effect, TRUE - EASY) <= 0.975
