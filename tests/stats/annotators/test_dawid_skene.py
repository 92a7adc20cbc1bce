import numpy as np
import pytest

from hcgov.stats.agreement.judged import Judged
from hcgov.stats.annotators.dawid_skene import dawid_skene, group_confusion
from hcgov.stats.annotators.soft_labels import soft_labels
from tests.stats.agreement.data import DAWID_SKENE

OBSERVER = [0, 0, 0, 1, 2, 3, 4]


def anaesthetists():
    rows = [
        (patient, OBSERVER[column], int(label) - 1)
        for patient, told in enumerate(DAWID_SKENE.split())
        for column, label in enumerate(told)
    ]
    return np.array(rows).T


def test_the_data_of_dawid_and_skene():
    # Dawid and Skene 1979, tables 2 and 3: class marginals .40 .42 .11 .07; observer 1 right with .89 .88 .66 .44.
    items, people, labels = anaesthetists()
    found = dawid_skene(
        items, people, labels, size=(45, 5, 4), smoothing=1e-9, most_rounds=1000, tolerance=1e-12
    )
    assert found.settled
    assert found.prior == pytest.approx([0.3996, 0.4220, 0.1118, 0.0667], abs=5e-5)
    assert np.diag(found.confusion[0]) == pytest.approx([0.889, 0.876, 0.661, 0.444], abs=5e-4)
    assert found.truth.sum(axis=1) == pytest.approx(np.ones(45))


def test_smoothing_leaves_nothing_impossible():
    items, people, labels = anaesthetists()
    found = dawid_skene(items, people, labels, size=(45, 5, 4))
    assert (found.confusion > 0).all()
    assert found.confusion.sum(axis=2) == pytest.approx(np.ones((5, 4)))
    assert ((found.competence() > 0.6) & (found.competence() < 1)).all()


def test_careful_people_are_told_from_guessers_and_groups_from_each_other():
    random = np.random.default_rng(4)
    truth = random.integers(0, 3, 300)
    items, people = np.repeat(np.arange(300), 8), np.tile(np.arange(8), 300)
    right = random.random(2400) < np.where(people < 6, 0.9, 0.34)
    labels = np.where(right, truth[items], random.integers(0, 3, 2400))
    found = dawid_skene(items, people, labels, size=(300, 8, 3))
    assert found.competence()[:6].min() > 0.8
    assert found.competence()[6:].max() < 0.6
    assert (found.truth.argmax(axis=1) == truth).mean() > 0.97
    groups = np.where(people < 6, 0, 1)
    groups[people == 0] = -1
    of_group = group_confusion(found, items, labels, groups, size=(2, 3))
    assert np.diag(of_group[0]).min() > 0.85
    assert np.diag(of_group[1]).max() < 0.7


def test_nothing_cannot_be_fitted():
    none = np.array([], dtype=np.int64)
    with pytest.raises(ValueError, match="judgment"):
        dawid_skene(none, none, none, size=(0, 0, 2))
    one = np.array([0])
    with pytest.raises(ValueError, match="smoothing"):
        dawid_skene(one, one, one, size=(1, 1, 2), smoothing=0.0)


def test_soft_labels_keep_disagreement():
    judged = Judged(
        items=np.array([0, 0, 0, 1, 1, 2]),
        people=np.array([0, 1, 2, 0, 1, 0]),
        labels=np.array([0, 0, 0, 0, 1, 1]),
        n_items=4,
        n_people=3,
        values=np.arange(2.0),
    )
    found = soft_labels(judged)
    assert found.shares.tolist() == [[1, 0], [0.5, 0.5], [0, 1], [0, 0]]
    assert found.entropy.tolist() == pytest.approx([0, 1, 0, 0])
    assert found.majority.tolist() == [0, -1, 1, -1]
    assert found.contested().tolist() == [False, True, False, False]
