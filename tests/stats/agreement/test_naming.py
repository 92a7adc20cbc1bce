"""Agreement about names, with any number of them: what tables of labels give, without the tables."""

import numpy as np
import pytest

from hcgov.stats.agreement import alpha, coefficients, intervals
from hcgov.stats.agreement.alpha import krippendorff_alpha
from hcgov.stats.agreement.intervals import binned, replicates, share_agreed
from hcgov.stats.agreement.judged import Judged, Metric, counted
from hcgov.stats.agreement.naming import naming


def crowd(labels: np.ndarray, *, each: int = 4, values: int | None = None) -> Judged:
    items = np.arange(labels.size) // each
    q = int(labels.max()) + 1 if values is None else values
    return Judged(
        items=items,
        people=np.arange(labels.size) % 25,
        labels=labels,
        n_items=int(items.max()) + 1,
        n_people=25,
        values=np.arange(float(q)),
    )


@pytest.mark.parametrize("seed", range(3))
def test_values_are_those_of_tables_of_labels(seed):
    random = np.random.default_rng(seed)
    judged = crowd(random.integers(0, 7, 403))
    q, same = judged.n_labels, np.eye(judged.n_labels)
    told = naming(judged)
    found = coefficients.sums(counted(judged.items, judged.labels, judged.n_items, q).astype(float))
    for name, coefficient in (
        ("percent", coefficients.percent(q, same)),
        ("fleiss", coefficients.fleiss(q, same)),
        ("gwet", coefficients.gwet(q, same)),
        ("brennan_prediger", coefficients.brennan_prediger(q, same)),
    ):
        assert getattr(told, name) == pytest.approx(float(coefficient(found)), abs=1e-12), name


def test_one_judgment_an_item_is_no_agreement():
    assert naming(crowd(np.arange(40), each=1)).percent is None


@pytest.mark.parametrize("metric", [Metric.NOMINAL, Metric.ORDINAL, Metric.INTERVAL])
def test_alpha_without_tables_is_alpha(metric, monkeypatch):
    judged = crowd(np.random.default_rng(1).integers(0, 9, 401))
    table = krippendorff_alpha(judged, metric)
    monkeypatch.setattr("hcgov.stats.agreement.judged.DENSE", 1)
    assert not judged.in_one_block
    assert krippendorff_alpha(judged, metric) == pytest.approx(table, abs=1e-12)
    assert krippendorff_alpha(crowd(np.zeros(40, dtype=np.int64)), metric) is None


def test_names_that_stand_beside_one_another_do_not_become_one():
    """People waver among eight names that are neighbours in the alphabet: one pair in eight agrees, and no more."""
    random = np.random.default_rng(2)
    items = np.arange(6000) // 5
    judged = crowd(items * 8 % 320 + random.integers(0, 8, 6000), each=5, values=320)
    bins = binned(judged, Metric.NOMINAL)
    assert bins.n_labels == intervals.MOST_LABELS
    agreed = coefficients.percent(bins.n_labels, np.eye(bins.n_labels))
    share = share_agreed(replicates(bins), agreed, bins, value=naming(judged).percent)
    assert share is not None
    assert share.value == pytest.approx(1 / 8, abs=0.02)
    assert naming(bins).percent == pytest.approx(1 / 8, abs=0.03)


def test_a_hundred_thousand_names_need_no_table():
    labels = np.arange(100_000)
    assert naming(crowd(labels)).percent == 0.0
    assert alpha.krippendorff_alpha(crowd(labels)) == pytest.approx(0.0, abs=1e-4)
