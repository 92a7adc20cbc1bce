import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.agreement import judged as judged_module
from hcgov.stats.agreement.alpha import krippendorff_alpha
from hcgov.stats.agreement.coefficients import alpha, sums
from hcgov.stats.agreement.distances import squared_distances
from hcgov.stats.agreement.judged import Judged, Metric
from tests.stats.agreement.data import canonical, fleiss_counts, from_counts


@pytest.mark.parametrize(
    ("metric", "published"),
    [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491), ("ratio", 0.7974)],
)
def test_krippendorffs_canonical_data(metric, published):
    # Krippendorff 2011; the same digits come from the `krippendorff` package 0.9.0.
    assert krippendorff_alpha(canonical(), Metric(metric)) == pytest.approx(published, abs=5e-5)


def test_six_raters_of_the_first_fifteen_patients():
    # irrCAC's README, distrib.6raters: the first 15 patients of Fleiss 1971.
    assert krippendorff_alpha(from_counts(fleiss_counts(15))) == pytest.approx(0.42043843, abs=5e-9)


def by_definition(judged: Judged, metric: Metric) -> float | None:
    """Return 1 - D_o / D_e over all pairs, as it is defined."""
    by_item = [judged.labels[judged.items == u] for u in range(judged.n_items)]
    by_item = [labels for labels in by_item if labels.size > 1]
    pooled = np.concatenate(by_item) if by_item else np.array([], dtype=int)
    used = np.bincount(pooled, minlength=judged.n_labels).astype(float)
    apart = squared_distances(metric, judged.values, used)
    n = pooled.size
    if n == 0:
        return None
    observed = sum(
        apart[c, k] / (labels.size - 1) for labels in by_item for c, k in itertools.permutations(labels, 2)
    )
    expected = sum(apart[c, k] for c, k in itertools.permutations(pooled, 2))
    return None if expected == 0 else 1 - (observed / n) / (expected / (n * (n - 1)))


tables = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 3)),
    min_size=1,
    max_size=24,
    unique_by=lambda row: row[:2],
)


def made(rows) -> Judged:
    items, people, labels = np.array(rows).T
    return Judged(
        items=items,
        people=people,
        labels=labels,
        n_items=6,
        n_people=5,
        values=np.array([1.0, 2.0, 4.0, 7.0]),
    )


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(Metric))
def test_it_is_what_the_definition_says(rows, metric):
    judged = made(rows)
    expected, found = by_definition(judged, metric), krippendorff_alpha(judged, metric)
    assert (expected is None) == (found is None)
    if expected is not None:
        assert found == pytest.approx(expected, abs=1e-9)
        counts = np.concatenate(list(judged.counts())).astype(float)
        assert alpha(4, metric, judged.values)(sums(counts)) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(tables, st.permutations(range(4)))
def test_nominal_alpha_knows_no_order_of_labels(rows, order):
    judged = made(rows)
    renamed = made([(item, person, order[label]) for item, person, label in rows])
    one, other = krippendorff_alpha(judged), krippendorff_alpha(renamed)
    assert (one is None and other is None) or one == pytest.approx(other, abs=1e-12)


def test_blocks_of_items_change_nothing(monkeypatch):
    judged = canonical()
    whole = [krippendorff_alpha(judged, metric) for metric in Metric]
    monkeypatch.setattr(judged_module, "DENSE", 15)
    assert [krippendorff_alpha(judged, metric) for metric in Metric] == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 0, 1), (1, 1, 2)],  # nobody judges what another judges
        [(0, 0, 1), (0, 1, 1), (1, 0, 1)],  # one label
        [(0, 0, 1)],
    ],
)
def test_without_anything_to_disagree_about_there_is_no_value(rows):
    assert krippendorff_alpha(made(rows)) is None
