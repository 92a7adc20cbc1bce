"""The delete-a-group jackknife, against the formulas that it must give for a mean."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.jackknife import delete_a_group

groups = st.lists(st.floats(-100, 100), min_size=2, max_size=40)


@given(means=groups)
def test_for_a_mean_of_equal_groups_it_is_the_variance_of_the_mean(means: list[float]) -> None:
    n = len(means)
    mean = math.fsum(means) / n
    found = delete_a_group(mean, [(math.fsum(means) - one) / (n - 1) for one in means])
    assert found is not None
    assert found.df == n - 1
    expected = math.fsum((one - mean) ** 2 for one in means) / (n - 1) / n
    assert found.variance == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(replicates=groups, shift=st.floats(-10, 10))
def test_deviations_from_the_full_estimate_are_never_smaller(replicates: list[float], shift: float) -> None:
    mean = math.fsum(replicates) / len(replicates)
    around_mean, around_other = delete_a_group(mean, replicates), delete_a_group(mean + shift, replicates)
    assert around_mean is not None
    assert around_other is not None
    assert around_other.variance >= around_mean.variance - 1e-9


def test_one_group_says_nothing() -> None:
    assert delete_a_group(0.5, [0.5]) is None
    assert delete_a_group(0.5, []) is None


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        delete_a_group(0.5, [0.4, bad])
    with pytest.raises(ValueError, match="finite"):
        delete_a_group(bad, [0.4, 0.5])
