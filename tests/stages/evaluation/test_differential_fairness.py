import math

import pytest

from hcgov.core.estimate import Method
from hcgov.stages.evaluation.differential_fairness import DifferentialFairness, differential_fairness
from hcgov.stages.worked import people_table

PARAMS = DifferentialFairness(table="predictions", outcome="prediction")


def found(regions):
    return list(differential_fairness(counts=people_table(regions), params=PARAMS))


def judged(regions):
    return [one for one in found(regions) if not one.shown]


def test_both_outcomes_are_compared_in_both_directions():
    told = judged({"north": (900, 810), "south": (900, 630)})
    assert {(one.metric, str(one.scope)) for one in told} == {
        (metric, region)
        for metric in ("ratio_with_outcome", "ratio_without_outcome")
        for region in ("region=north", "region=south")
    }
    values = {(one.metric, str(one.scope)): one.estimate.value for one in told}
    assert values["ratio_with_outcome", "region=north"] == pytest.approx(0.9 / 0.7)
    assert values["ratio_without_outcome", "region=south"] == pytest.approx(0.3 / 0.1)


def test_the_largest_ratio_is_e_to_the_epsilon_that_is_shown():
    told = found({"north": (90_000, 81_000), "south": (90_000, 63_000), "east": (90_000, 72_000)})
    largest = max(one.estimate.value for one in told if not one.shown)
    (epsilon,) = (one for one in told if one.metric == "differential_fairness_by_region")
    assert epsilon.estimate.value == pytest.approx(math.log(largest), abs=1e-3)
    assert epsilon.estimate.method is Method.POINT
    assert "at most 1." in str(epsilon.note)


def test_spread_beyond_chance_is_shown():
    told = {one.metric: one for one in found({"north": (900, 810), "south": (900, 630)})}
    assert "standard deviation of 0.1" in str(told["variance_between_slices_by_region"].note)
    told = {one.metric: one for one in found({"north": (900, 700), "south": (900, 701)})}
    assert "no more than chance" in str(told["variance_between_slices_by_region"].note)
    assert told["variance_between_slices_by_region"].estimate.value == 0.0


def test_an_outcome_that_a_slice_never_has_bounds_nothing():
    told = {one.metric: one for one in found({"north": (900, 700), "south": (900, 900)})}
    assert "no upper bound" in str(told["differential_fairness_by_region"].note)


def test_small_slices_enter_neither_index():
    told = found({"north": (900, 700), "south": (900, 700), "tiny": (12, 0)})
    (epsilon,) = (one for one in told if one.metric == "differential_fairness_by_region")
    assert epsilon.estimate.value == 0.0
    assert epsilon.estimate.n == 1800
