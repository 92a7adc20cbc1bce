"""Kappas, ranks and ceilings, against published values and against other code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hcgov.stats.personal.ceilings import one_person, perfect
from hcgov.stats.personal.kappas import mean_kappas, pairwise_kappas
from hcgov.stats.personal.ranks import midranks, spearman, spearman_without


def votes_of(table):
    """Return the votes of two raters behind a table of counts."""
    pairs = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return np.array(pairs, dtype=np.int8)


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        # statistics.md section 3, oracles 14 (README of irrCAC) and 17 (Gwet's paradox)
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], 0.7964094),
        ([[118, 5], [2, 0]], -0.02339),
    ],
)
def test_kappa_of_two_raters(table, kappa):
    found = pairwise_kappas(votes_of(table))
    assert found.values[0][1] == found.values[1][0] == pytest.approx(kappa, abs=5e-6)
    assert found.values[0][0] == 1.0
    assert found.overlaps[0][1] == sum(map(sum, table))


def test_items_that_only_one_of_two_judged_do_not_count():
    votes = votes_of([[10, 2], [3, 15]])
    more = np.concatenate([votes, [[0, -1], [-1, 1]]]).astype(np.int8)
    assert pairwise_kappas(more).values == pairwise_kappas(votes).values
    assert pairwise_kappas(more).overlaps == ((31, 30), (30, 31))


def test_one_label_or_no_shared_item_has_no_kappa():
    assert pairwise_kappas(np.zeros((5, 2), dtype=np.int8)).values[0][1] is None
    assert pairwise_kappas(np.array([[0, -1], [-1, 1]], dtype=np.int8)).values[0][1] is None
    means = mean_kappas(np.zeros((5, 2), dtype=np.int8), ("human", "human"), np.arange(5))
    assert means == {("human", "human"): None}


def test_means_are_by_kind():
    rng = np.random.default_rng(0)
    votes = (rng.random((400, 4)) < 0.5).astype(np.int8)
    votes[:, 3] = votes[:, 2]
    means = mean_kappas(votes, ("human", "human", "judge", "judge"), np.arange(400) % 40)
    assert means["judge", "judge"].value == pytest.approx(1.0)
    values = pairwise_kappas(votes).values
    crossed = np.mean([values[i][j] for i in (0, 1) for j in (2, 3)])
    assert means["human", "judge"].value == pytest.approx(crossed)
    assert means["human", "judge"].people == 40


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=60))
def test_spearman_is_that_of_scipy(pairs):
    x, y = np.array(pairs, dtype=float).T
    found = spearman(x, y)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert found is None
    else:
        assert found == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)
    assert midranks(x).tolist() == stats.rankdata(x).tolist()


def test_ceilings_of_a_correlation_between_people():
    # controls.md 2.3.4: 0.325 between two people
    assert one_person(0.325, 3) == pytest.approx(0.438, abs=5e-4)
    assert perfect(0.325, 3) == pytest.approx(0.769, abs=5e-4)


@given(st.floats(0.001, 0.999), st.integers(1, 20))
def test_a_ceiling_lies_between_agreement_and_one(r, k):
    person, best = one_person(r, k), perfect(r, k)
    assert r - 1e-12 <= person <= best <= 1.0
    assert person == pytest.approx(
        best * np.sqrt(r)
    )  # who sees what people share with the error of one person


def test_people_who_do_not_agree_have_no_ceiling():
    assert perfect(0.0, 3) is None
    assert perfect(-0.2, 3) is None
    assert one_person(-0.6, 3) is None
    assert one_person(0.0, 3) == 0.0


@pytest.mark.parametrize("levels", [4, 100_000])
def test_correlations_without_a_bucket_are_those_of_the_rows_that_stay(levels):
    rng = np.random.default_rng(levels)
    x = rng.integers(0, levels, 500).astype(float)
    y = np.where(rng.random(500) < 0.5, x, rng.integers(0, levels, 500))
    x[:7] = np.nan
    place = rng.integers(0, 400 if levels > 4 else 9, 500)
    place = np.unique(place, return_inverse=True)[1]
    whole, without = spearman_without(x, y, place)
    assert whole == pytest.approx(spearman(x[7:], y[7:]))
    for one in range(place.max() + 1):
        keep = (place != one) & np.isfinite(x)
        assert without[one] == pytest.approx(spearman(x[keep], y[keep]))


def test_correlations_of_nothing_are_undefined():
    whole, without = spearman_without(np.ones(4), np.arange(4.0), np.arange(4))
    assert np.isnan(whole)
    assert np.isnan(without).all()
    whole, without = spearman_without(np.full(4, np.nan), np.arange(4.0), np.arange(4))
    assert np.isnan(whole)
    assert without.shape == (4,)
