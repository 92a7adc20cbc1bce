"""Sampling plans and how far they are filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.sampling.plan import sampling_plan, shortfall
from hcgov.stats.sampling.representation import covered_share, mix_of

REGIONS = {("north",): 0.5, ("south",): 0.3, ("west",): 0.15, ("islands",): 0.05}


def test_a_plan_by_the_margin_of_the_whole():
    plan = sampling_plan(("region",), REGIONS, margin=0.05)
    assert [stratum.quota for stratum in plan.strata] == [193, 115, 58, 19]
    assert plan.total == 385
    assert plan.planned_margin <= 0.05


def test_every_stratum_can_be_told_at_its_own_margin():
    plan = sampling_plan(("region",), REGIONS, margin=0.05, stratum_margin=0.10)
    assert min(stratum.quota for stratum in plan.strata) == 97
    assert plan.planned_margin <= 0.05
    assert plan.deff > 1.0


def test_a_total_that_is_too_small_for_the_strata_is_raised():
    plan = sampling_plan(("region",), REGIONS, total=100, stratum_margin=0.10)
    assert plan.total == 4 * 97


@given(
    st.dictionaries(st.tuples(st.text("abc", min_size=1)), st.floats(0.01, 1.0), min_size=1, max_size=6),
    st.sampled_from([0.05, 0.08, 0.1]),
)
def test_a_plan_holds_its_margin(shares, margin):
    plan = sampling_plan(("x",), shares, margin=margin)
    assert plan.planned_margin <= margin * (1 + 1e-9)
    assert sum(stratum.share for stratum in plan.strata) == pytest.approx(1.0)


def test_neyman_is_taken_where_spread_or_cost_is_known():
    sds = {("north",): 0.1, ("south",): 0.5, ("west",): 0.5, ("islands",): 0.5}
    plan = sampling_plan(("region",), REGIONS, total=400, margin=None, sds=sds)
    assert plan.method == "neyman"
    assert plan.strata[0].quota < plan.strata[1].quota


def test_shortfall_counts_only_the_plans_strata():
    plan = sampling_plan(("region",), REGIONS, total=100, margin=None)
    fills = shortfall(plan, {("north",): 60, ("south",): 10, ("moon",): 99})
    assert [(fill.people, fill.short) for fill in fills] == [(60, 0), (10, 20), (0, 15), (0, 5)]
    assert [fill.fill for fill in fills] == pytest.approx([1.0, 1 / 3, 0.0, 0.0])


@pytest.mark.parametrize(
    "bad",
    [
        {"shares": {}},
        {"shares": {("a", "b"): 1.0}},
        {"shares": {("a",): 0.0}},
        {"shares": REGIONS, "margin": None},
        {"shares": REGIONS, "sds": {("north",): 1.0}},
    ],
)
def test_nothing_to_plan_from(bad):
    with pytest.raises(ValueError, match=r"plan|share|stratum"):
        sampling_plan(("region",), **bad)


def test_the_mix_of_people_against_a_population():
    mix = mix_of({"north": 80, "south": 20}, {"north": 0.5, "south": 0.5})
    north, south = mix.groups
    assert (north.ratio, south.ratio) == pytest.approx((1.6, 0.4))
    assert south.low < south.ratio < south.high < 1.0
    assert mix.distance == pytest.approx(0.3)
    assert mix_of({"a": 5, "b": 5}, {"a": 1, "b": 1}).effective_groups == pytest.approx(2.0)
    assert mix_of({}, {"a": 1.0}) is None


def test_coverage_counts_the_population_in_cells_with_enough_people():
    target = {("a",): 0.6, ("b",): 0.3, ("c",): 0.1}
    assert covered_share({("a",): 11, ("b",): 10}, target, 11) == pytest.approx(0.6)
