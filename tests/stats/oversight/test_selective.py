"""Risk against coverage, and routings whose risk is bounded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.oversight.selective import risk_curve, routing

answers = st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), min_size=1, max_size=40)


def test_a_curve_by_hand():
    curve = risk_curve([0.9, 0.8, 0.8, 0.6], [0, 1, 0, 1])
    assert curve.coverage.tolist() == [0.25, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0.0, 1 / 3, 0.5])
    assert curve.threshold.tolist() == [0.9, 0.8, 0.6]
    assert curve.area == pytest.approx((0 + 2 / 3 + 0.5) / 4)


def test_nothing_has_no_curve_and_no_routing():
    assert risk_curve([], []) is None
    assert routing([], [], risk=0.1) is None


@pytest.mark.parametrize("wrong", [([0.5], [0, 1]), ([float("nan")], [0]), ([0.5], [2])])
def test_answers_without_confidence_or_with_impossible_errors_are_refused(wrong):
    with pytest.raises(ValueError, match=r"confidence|errors"):
        risk_curve(*wrong)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_a_curve_ends_at_all_items_and_does_not_depend_on_their_order(given_answers):
    sure, wrong = map(np.array, zip(*given_answers, strict=True))
    curve = risk_curve(sure, wrong)
    assert curve.coverage[-1] == 1.0
    assert curve.risk[-1] == pytest.approx(wrong.mean())
    assert (np.diff(curve.coverage) > 0).all()
    back = risk_curve(sure[::-1], wrong[::-1])
    assert back.area == pytest.approx(curve.area)


def test_equal_confidence_routes_all_or_nothing():
    assert routing(np.full(400, 0.7), np.zeros(400), risk=0.05).coverage == 1.0
    assert routing(np.full(20, 0.7), np.zeros(20), risk=0.05) is None  # 0 of 20 may still be 14 %


def test_the_risk_of_what_is_routed_is_kept_in_95_of_100_draws():
    broken = routed = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        sure = rng.random(3000)
        chosen = routing(sure, rng.random(3000) < 0.3 * (1 - sure), risk=0.08)
        if chosen is not None:
            routed += 1
            # Risk among items above a threshold t: the mean of 0.3 (1 - s) over [t, 1].
            broken += 0.3 * (1 - chosen.threshold) / 2 > 0.08
    assert routed > 150
    assert broken <= 0.05 * 200
