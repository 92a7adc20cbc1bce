"""Length and what choices follow beside the content."""

import numpy as np
import pytest
import statsmodels.api as sm

from hcgov.stats.crossed import Rows
from hcgov.stats.preferences.biases import clustered_variance, length_effect, longer_chosen


def drawn(seed=4, n=600, people=30):
    rng = np.random.default_rng(seed)
    who = rng.integers(0, people, n)
    longer = rng.normal(size=n) * 20 + 3
    lean = rng.normal(size=people)[who] * 0.5
    y = (rng.random(n) < 1 / (1 + np.exp(-(0.03 * longer + lean + 0.2)))).astype(float)
    return y, longer, who


def test_slope_and_errors_are_those_of_a_logit_with_clustered_errors():
    y, longer, who = drawn()
    found = length_effect(y, longer, Rows(people=who), named=True)
    x = np.stack([longer / found.deviation, np.ones_like(longer)], axis=1)
    oracle = sm.Logit(y, x).fit(
        disp=False, cov_type="cluster", cov_kwds={"groups": who, "use_correction": False}
    )
    scale = 30 / 29
    assert found.slope.value == pytest.approx(oracle.params[0], abs=1e-6)
    assert found.slope.statistic("se") ** 2 == pytest.approx(oracle.bse[0] ** 2 * scale, rel=1e-5)
    share = 1 / (1 + np.exp(-oracle.params[1]))
    assert found.equal.value == pytest.approx(share, abs=1e-6)
    expected = share * (1 - share) * oracle.bse[1] * np.sqrt(scale)
    assert found.equal.statistic("se") == pytest.approx(expected, rel=1e-5)
    assert found.slope.statistic("df") == 29


def test_which_response_is_called_first_changes_nothing_where_neither_is_named():
    y, longer, who = drawn()
    flip = np.random.default_rng(1).random(y.size) < 0.5
    one = length_effect(y, longer, Rows(people=who))
    other = length_effect(np.where(flip, 1 - y, y), np.where(flip, -longer, longer), Rows(people=who))
    assert other.slope.value == pytest.approx(one.slope.value)
    assert other.slope.statistic("se") == pytest.approx(one.slope.statistic("se"))
    assert one.equal is None


def test_no_effect_can_be_told_without_variation_or_exception():
    rows = Rows(people=np.arange(4))
    assert length_effect(np.array([1.0, 0, 1, 0]), np.zeros(4), rows) is None
    assert length_effect(np.ones(4), np.array([1.0, 2, 3, 4]), rows) is None
    assert length_effect(np.zeros(0), np.zeros(0), Rows(people=np.zeros(0, dtype=int))) is None


def test_one_cluster_has_no_variance():
    assert clustered_variance(np.ones(3), Rows(people=np.zeros(3, dtype=int))) == (None, 0)


def test_items_widen_the_variance():
    values = np.array([1.0, 1, -1, -1])
    people, items = np.arange(4), np.array([0, 0, 1, 1])
    alone, _ = clustered_variance(values, Rows(people=people))
    both, df = clustered_variance(values, Rows(people=people, items=items))
    assert alone == pytest.approx(4 * 4 / 3)
    assert both == pytest.approx(4 * 4 / 3 + 8 * 2 - 4 * 4 / 3)
    assert df == 1


def test_pairs_of_the_same_length_are_in_no_share():
    mine, other = np.array([5.0, 2, 3, np.nan]), np.array([3.0, 4, 3, 1])
    found, same = longer_chosen(mine, other, Rows(people=np.arange(4)))
    assert (found.value, found.n, same) == (0.5, 2, 1)
