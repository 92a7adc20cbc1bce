import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from hcgov.stats.bounds import lower, upper
from hcgov.stats.crossed import Rows
from hcgov.stats.judges.ceiling import midranks, of_labels, of_scores, others


def labels_of(items, people, kinds, right, judge_right, seed):
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, kinds, items)

    def said(p, size):
        other = draw.integers(0, kinds, size)
        return np.where(draw.random(size) < p, np.resize(truth, size), other)

    units = np.tile(np.arange(items), people)
    raters = np.repeat(np.arange(people), items)
    return units, raters, said(right, items * people), np.tile(said(judge_right, items), people)


def test_agreement_is_that_of_all_pairs_of_people():
    units, _, labels, judge = labels_of(40, 4, 3, 0.7, 0.7, 1)
    found = others(units, labels, judge, kinds=3)
    table = labels.reshape(4, 40)
    pairs = np.mean([(table[i] == table[j]).mean() for i in range(4) for j in range(4) if i != j])
    assert found.same.mean() == pytest.approx(pairs)
    assert found.with_judge.mean() == pytest.approx((table == judge[:40]).mean())
    assert found.several.all()


def test_ac1_by_hand():
    # Two people, a judge, four items: people agree on three; the judge with the first on all.
    units, raters = np.tile(np.arange(4), 2), np.repeat([0, 1], 4)
    labels = np.array([1, 1, 0, 0, 1, 1, 0, 1])
    judge = np.array([1, 1, 0, 0, 1, 1, 0, 0])
    found = of_labels(
        others(units, labels, judge, kinds=2), labels, judge, Rows(people=raters, items=units), kinds=2
    )
    share = 5 / 8
    chance = 2 * share * (1 - share)
    assert found.people.value == pytest.approx((0.75 - chance) / (1 - chance))
    mixed = (5 / 8 + 4 / 8) / 2
    chance = 2 * mixed * (1 - mixed)
    assert found.judge.value == pytest.approx((7 / 8 - chance) / (1 - chance))
    assert found.deficit.value == pytest.approx(found.people.value - found.judge.value)


def test_a_judge_who_is_one_of_the_people_falls_short_by_nothing():
    units, _, labels, judge = labels_of(800, 4, 2, 0.85, 0.85, 3)
    found = of_labels(
        others(units, labels, judge, kinds=2), labels, judge, Rows(people=units), kinds=2, chance=False
    )
    assert abs(found.deficit.value) < 0.03
    assert upper(found.deficit, 0.95) < 0.10


def test_a_random_judge_falls_short():
    units, _, labels, judge = labels_of(400, 3, 2, 0.9, 0.0, 4)
    found = of_labels(others(units, labels, judge, kinds=2), labels, judge, Rows(people=units), kinds=2)
    assert lower(found.deficit, 0.99) > 0.10
    assert abs(found.judge.value) < 0.15


def test_a_single_person_an_item_is_no_ceiling():
    units, _, labels, judge = labels_of(50, 1, 2, 0.9, 0.9, 5)
    rows = Rows(people=units)
    assert of_labels(others(units, labels, judge, kinds=2), labels, judge, rows, kinds=2) is None
    assert of_scores(units, labels.astype(float), judge.astype(float), rows) is None


def test_midranks_are_scipys():
    x = np.round(np.random.default_rng(6).normal(size=200), 1)
    assert np.allclose(midranks(x), rankdata(x))


def test_scores_are_correlated_with_the_mean_of_the_others():
    draw = np.random.default_rng(7)
    quality = draw.normal(size=150)
    scores = np.round(quality[None] + draw.normal(size=(3, 150)))
    judge = np.round(quality + 0.5 * draw.normal(size=150))
    units = np.tile(np.arange(150), 3)
    rest = (scores.sum(axis=0)[None] - scores) / 2
    found = of_scores(units, scores.ravel(), np.tile(judge, 3), Rows(people=units))
    assert found.judge.value == pytest.approx(spearmanr(np.tile(judge, 3), rest.ravel()).statistic)
    assert found.people.value == pytest.approx(spearmanr(scores.ravel(), rest.ravel()).statistic)
    assert found.deficit.value < 0  # the judge errs less than a person


@pytest.mark.parametrize("constant", ["judge", "people"])
def test_constant_scores_give_no_correlation(constant):
    units = np.tile(np.arange(30), 2)
    vary, same = np.random.default_rng(8).integers(1, 6, 60).astype(float), np.full(60, 3.0)
    scores, judge = (vary, same) if constant == "judge" else (same, vary)
    found = of_scores(units, scores, judge, Rows(people=units))
    assert found.deficit.value is None
