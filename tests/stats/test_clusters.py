"""Rows that share a person."""

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.clusters import design_effect

cells = st.tuples(st.integers(0, 40), st.floats(0.0, 1.0)).map(
    lambda cell: (cell[0], round(cell[0] * cell[1]))
)
samples = st.lists(cells, max_size=10)


def test_four_clusters():
    # Taylor linearisation with G / (G - 1), as survey packages print it.
    found = design_effect([(10, 8), (10, 4), (20, 15), (5, 5)])
    assert found.mean == pytest.approx(0.711111, abs=5e-7)
    assert found.deff == pytest.approx(1.89815, abs=5e-6)
    assert found.n == 45
    assert found.clusters == 4
    assert found.n_eff == pytest.approx(45 / found.deff)
    independent = math.sqrt(found.mean * (1 - found.mean) / found.n)
    assert independent == pytest.approx(0.0675660, abs=5e-8)
    assert independent * math.sqrt(found.deff) == pytest.approx(0.0930878, abs=5e-8)


def test_rows_of_a_cluster_that_always_agree_are_one_observation():
    found = design_effect([(10, 10 * (k % 2)) for k in range(40)])
    assert found.deff == pytest.approx(10 * 40 / 39)
    assert found.n_eff == pytest.approx(39)


def test_one_row_each_is_independent():
    found = design_effect([(1, k % 4 == 0) for k in range(400)])
    assert found.deff == pytest.approx(400 / 399)
    assert found.mean == 0.25


@pytest.mark.parametrize("events", [0.0, 1.0])
def test_without_variation_the_fallback_decides(events):
    sums = [(10, 10 * events)] * 6 + [(40, 40 * events)]
    assert design_effect(sums, fallback_deff=2.5).deff == 2.5
    assert design_effect(sums, fallback_deff=0.3).deff == 1.0
    # Nothing known: the worst case, sum of n^2 over N, so the effective size is at most the number of clusters.
    worst = design_effect(sums)
    assert worst.deff == pytest.approx(2200 / 100)
    assert worst.n_eff <= worst.clusters
    assert design_effect([(1, events)] * 9).deff == 1.0


def test_a_fallback_is_not_used_where_variation_speaks():
    sums = [(10, 8), (10, 4), (20, 15), (5, 5)]
    assert design_effect(sums, fallback_deff=9.0) == design_effect(sums)


def test_fewer_than_two_clusters():
    one = design_effect([(50, 20)], fallback_deff=1.0)
    assert (one.n_eff, one.deff, one.clusters, one.mean) == (1.0, 50.0, 1, 0.4)
    assert design_effect([(1, 0)]).n_eff == 1.0
    assert design_effect([(0.5, 0.5)]).n_eff == 0.5
    none = design_effect([])
    assert (none.n, none.n_eff, none.deff, none.clusters, none.mean) == (0.0, 0.0, 1.0, 0, None)
    assert design_effect([(0, 0), (0, 0)]) == none


@given(samples)
def test_sane_on_anything(sums):
    found = design_effect(sums)
    assert found.deff >= 1.0
    assert found.n_eff <= found.n
    assert found.clusters == sum(1 for n, _ in sums if n > 0)
    assert found.mean is None or 0.0 <= found.mean <= 1.0
    assert math.isfinite(found.n_eff)


@given(samples, st.randoms(use_true_random=False))
def test_order_and_empty_clusters_do_not_matter(sums, random):
    shuffled = [*sums, (0.0, 0.0)]
    random.shuffle(shuffled)
    found, again = design_effect(sums), design_effect(iter(shuffled))
    assert again.deff == pytest.approx(found.deff, rel=1e-12)
    assert (again.n, again.clusters) == (found.n, found.clusters)


@given(samples)
def test_exchanging_events_and_others_keeps_the_design_effect(sums):
    found, mirrored = design_effect(sums), design_effect([(n, n - y) for n, y in sums])
    assert mirrored.deff == pytest.approx(found.deff, rel=1e-9)


@given(samples)
def test_sum_of_squares_identity(sums):
    """The between-cluster sum may be rolled up from sums of y^2, yn and n^2."""
    total = sum(n for n, _ in sums)
    if not total:
        return
    m = sum(y for _, y in sums) / total
    direct = math.fsum((y - m * n) ** 2 for n, y in sums)
    rolled = (
        sum(y * y for _, y in sums)
        - 2 * m * sum(y * n for n, y in sums)
        + m * m * sum(n * n for n, _ in sums)
    )
    assert direct == pytest.approx(rolled, rel=1e-9, abs=1e-8)


def test_nonsense_is_refused():
    for cell in ((3, 4), (-1, -1), (3, -1), (math.nan, 1), (math.inf, 1)):
        with pytest.raises(ValueError, match="cluster"):
            design_effect([cell])
    with pytest.raises(ValueError, match="design effect"):
        design_effect([(3, 1), (3, 2)], fallback_deff=math.nan)


@pytest.mark.slow  # its import takes seconds
def test_equal_to_statsmodels_clustered_variance():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = pytest.importorskip("statsmodels.api")
    sums = [(10, 8), (10, 4), (20, 15), (5, 5), (3, 0), (12, 7)]
    y, groups = [], []
    for cluster, (n, events) in enumerate(sums):
        y += [1.0] * events + [0.0] * (n - events)
        groups += [cluster] * n
    options = {"groups": groups, "use_correction": False}
    fit = api.OLS(y, [1.0] * len(y)).fit(cov_type="cluster", cov_kwds=options)
    found = design_effect(sums)
    ours = found.deff * found.mean * (1 - found.mean) / found.n
    assert ours == pytest.approx(fit.bse[0] ** 2 * len(sums) / (len(sums) - 1), rel=1e-10)
