"""The product of stages, statistics without people, and classifiers of texts."""

import numpy as np
import pytest

from hcgov.stats.bounds import two_sided
from hcgov.stats.personal.learning import cross_fitted, one_word, thresholded
from hcgov.stats.personal.leaving_out import Left
from hcgov.stats.personal.through import Stage, through
from hcgov.stats.texts.tfidf import bag


def stage(name, rate, target, users=50, each=10, seed=0):
    rng = np.random.default_rng(seed)
    good = (rng.random(users * each) < rate).astype(float)
    return Stage(
        name=name, people=np.arange(users * each) % users, good=good, counts=np.ones(good.size), target=target
    )


def test_the_product_and_the_stage_that_holds_it_back():
    stages = [stage("one", 0.9, 0.8), stage("two", 0.4, 0.7, seed=1), stage("three", 0.5, 0.6, seed=2)]
    found = through(stages)
    rates = [s.good.mean() for s in stages]
    assert [e.value for _, e in found.rates] == pytest.approx(rates)
    assert found.product.value == pytest.approx(np.prod(rates))
    low, high = two_sided(found.product, 0.95)
    assert low < found.product.value < high
    assert found.binding == "two"
    assert dict(found.gains)["one"] == 0.0
    assert dict(found.gains)["two"] == pytest.approx(np.prod(rates) * (0.7 / rates[1] - 1))


def test_a_stage_that_never_works_holds_everything_back():
    found = through([stage("one", 0.9, 0.8), stage("two", 0.0, 0.7)])
    assert (found.product.value, found.binding) == (0.0, "two")
    assert found.product.statistics[0] == ("estimate", 0.0)


def test_a_stage_without_rows_has_no_product():
    empty = Stage(name="two", people=np.empty(0, dtype=int), good=np.empty(0), counts=np.empty(0), target=0.5)
    assert through([stage("one", 0.9, 0.8), empty]) is None
    assert through([]) is None


def test_all_at_their_targets_hold_nothing_back():
    assert through([stage("one", 0.9, 0.8), stage("two", 0.9, 0.7, seed=1)]).binding is None


def test_leaving_people_out_gives_the_error_of_a_mean():
    rng = np.random.default_rng(0)
    y = rng.standard_normal(300)
    means = y.reshape(60, 5).mean(axis=1)
    without = (y.sum() - means * 5) / 295
    left = Left(whole=np.array([y.mean()]), without=without[:, None], n=300, people=60)
    assert left.estimate(0).statistic("se") == pytest.approx(means.std(ddof=1) / np.sqrt(60))


def test_without_an_answer_there_is_none():
    left = Left(whole=np.array([np.nan, 4.0]), without=np.array([[np.nan, 0.0]]), n=4, people=1)
    assert left.estimate(0) is None
    assert "se" not in dict(left.estimate(1).statistics)  # one person tells nothing of others


def planted(users=30, each=20, seed=0):
    rng = np.random.default_rng(seed)
    y = (rng.random(users * each) < 0.3).astype(float)
    texts = [f"{['always', 'never'][i % 2] if one else 'once'} {i % 13} tea" for i, one in enumerate(y)]
    return bag(texts), y, np.arange(users * each) % users


def test_a_classifier_learns_a_planted_word_from_other_people():
    counts, y, people = planted()
    found = cross_fitted([counts], y, people)
    assert (found.chosen == (y == 1)).mean() > 0.99
    rule = one_word(counts, y, people)
    assert rule[y == 0].sum() == 0 or rule[y == 1].mean() < 0.7  # one word finds one of two


def test_nothing_is_learned_from_the_people_who_are_tested():
    """Labels that only a person's own words tell are not predicted better than by chance."""
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(40), 20)
    y = (rng.random(40) < 0.5)[people].astype(float)
    counts = bag([f"name{p} says something" for p in people])
    found = cross_fitted([counts], y, people)
    assert abs(np.corrcoef(found.score, y)[0, 1]) < 0.4
    assert (found.chosen == (y == 1)).mean() < 0.7


def test_thresholds_let_through_the_base_rate():
    _, y, people = planted(users=60)
    rng = np.random.default_rng(1)
    score = y + rng.standard_normal(y.size)
    assert thresholded(score, y, people).mean() == pytest.approx(y.mean(), abs=0.03)
    plain = bag(["tea"] * y.size)
    found = cross_fitted(
        [plain], y, people, dense=score[:, None], cut="base_rate", rates=np.full(y.size, 0.1)
    )
    assert found.chosen.mean() == pytest.approx(0.1, abs=0.03)


def test_too_little_to_learn_from():
    counts, y, people = planted()
    assert cross_fitted([counts], y, np.zeros(y.size, dtype=int)) is None
    assert cross_fitted([counts], np.zeros(y.size), people) is None
    assert thresholded(y, y, np.zeros(y.size, dtype=int)) is None
