import math
from dataclasses import replace

import numpy as np
import pytest

from hcgov.stats.agreement import intervals
from hcgov.stats.agreement.alpha import krippendorff_alpha
from hcgov.stats.agreement.coefficients import alpha, percent, sums
from hcgov.stats.agreement.intervals import binned, corrected, replicates, share_agreed, spread
from hcgov.stats.agreement.judged import Judged, Metric
from hcgov.stats.bounds import two_sided
from hcgov.stats.crossed import buckets
from tests.stats.agreement.data import canonical, drawn

NOMINAL = alpha(3, Metric.NOMINAL, np.arange(3.0))


def test_replicates_are_what_is_left_without_some():
    judged, _ = drawn(3, items=90, people=80, each=4, labels=3)
    found = replicates(judged)
    of_item, of_person = buckets(np.arange(90)), buckets(np.arange(80))

    def value(mask) -> float:
        told = krippendorff_alpha(judged.where(mask))
        assert told is not None
        return told

    items = [value(of_item[judged.items] != b) for b in range(found.items.shape[0])]
    people = [value(of_person[judged.people] != a) for a in range(found.people.shape[0])]
    assert NOMINAL(found.items) == pytest.approx(items)
    assert NOMINAL(found.people) == pytest.approx(people)
    met = sorted(set(zip(of_person[judged.people].tolist(), of_item[judged.items].tolist(), strict=True)))
    cells = [value((of_person[judged.people] != a) | (of_item[judged.items] != b)) for a, b in met]
    assert NOMINAL(found.cells) == pytest.approx(cells)


def test_a_fault_in_the_counts_would_be_seen(monkeypatch):
    judged, _ = drawn(3, items=30, people=20, each=4, labels=3)
    right = replicates(judged)
    monkeypatch.setattr(intervals, "sums", lambda counts: sums(counts * 1.01))
    assert replicates(judged).people != pytest.approx(right.people)


def test_two_people_leave_no_interval_over_people():
    judged = canonical().where(canonical().people < 2)
    judged = replace(judged, n_people=2)
    found = replicates(judged)
    five = alpha(5, Metric.NOMINAL, judged.values)
    assert spread(found, five) is None
    told = corrected(None, found, five, judged)
    assert told.value is not None
    assert two_sided(told, 0.95) == (-1.0, 1.0)
    fixed = corrected(None, found, five, judged, drawn=False)
    low, high = two_sided(fixed, 0.95)
    assert -1.0 < low < fixed.value < high <= 1.0


def test_perfect_agreement_is_no_proof_of_it():
    items, people = np.repeat(np.arange(200), 3), np.tile(np.arange(3), 200)
    judged = Judged(
        items=items, people=people, labels=items % 2, n_items=200, n_people=3, values=np.arange(2.0)
    )
    found = replicates(judged)
    told = corrected(None, found, alpha(2, Metric.NOMINAL, judged.values), judged, drawn=False)
    assert told.value == 1.0
    low, _ = two_sided(told, 0.90)
    assert 0.9 < low < 1.0
    share = share_agreed(found, percent(2, np.eye(2)), judged)
    assert share is not None
    assert two_sided(share, 0.90)[0] < 0.5  # three people


def test_many_values_are_put_into_bins_for_the_error_only():
    random = np.random.default_rng(5)
    items, people = np.repeat(np.arange(100), 4), np.tile(np.arange(4), 100)
    labels = np.clip(items * 5 + random.integers(-40, 40, 400), 0, 499)
    judged = Judged(
        items=items, people=people, labels=labels, n_items=100, n_people=4, values=np.arange(500.0)
    )
    few = binned(judged)
    assert few.n_labels == intervals.MOST_LABELS
    assert binned(few) is few
    exact, near = (krippendorff_alpha(one, Metric.INTERVAL) for one in (judged, few))
    assert near == pytest.approx(exact, abs=0.005)
    with pytest.raises(ValueError, match="labels"):
        replicates(judged)


def hits(seeds: range, **size) -> np.ndarray:
    truth, _ = drawn(0, **(size | {"items": 40_000, "people": 4_000}))
    total = sums(np.concatenate(list(truth.counts())).astype(float))
    q = size["labels"]
    coefficients = [alpha(q, Metric.NOMINAL, truth.values), alpha(q, Metric.INTERVAL, truth.values)]
    agreed = percent(q, np.eye(q))
    true = [float(one(total)) for one in (*coefficients, agreed)]
    found = np.zeros(3)
    for seed in seeds:
        judged, _ = drawn(seed, **size)
        told = replicates(judged)
        estimates = [corrected(None, told, one, judged) for one in coefficients]
        estimates.append(share_agreed(told, agreed, judged))
        for at, (estimate, value) in enumerate(zip(estimates, true, strict=True)):
            low, high = two_sided(estimate, 0.95)
            found[at] += low <= value <= high
    return found / len(seeds)


def test_intervals_cover_roughly():
    assert (hits(range(1, 41), items=60, people=30, each=4, labels=3) >= 0.85).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    "size",
    [
        {"items": 150, "people": 40, "each": 5, "labels": 3},
        {"items": 300, "people": 100, "each": 5, "labels": 3},
        {"items": 200, "people": 60, "each": 8, "labels": 2},
    ],
)
def test_intervals_cover_what_they_say(size):
    # 95 % intervals over people and items; the simulation's own error is 0.6 points.
    found = hits(range(1, 1201), **size)
    assert (found >= 0.93).all(), found
    assert (found <= 0.975).all(), found


def test_the_estimate_says_how_many_people_stand_behind_it():
    judged, _ = drawn(1, items=50, people=20, each=4, labels=3)
    told = corrected(None, replicates(judged), NOMINAL, judged)
    assert (told.n, told.people) == (200, 20)
    assert math.isfinite(dict(told.statistics)["se"])
