"""Gains on held-out data, the stop rule, and what a point costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.bounds import two_sided
from hcgov.stats.oversight.feedback import Responses
from hcgov.stats.oversight.progress import (
    Measured,
    cost_per_accepted,
    cost_per_point,
    gain,
    interval,
    shown_to_improve,
    stopped_at,
)


def test_a_gain_of_two_shares_is_that_of_miettinen_and_nurminen():
    # 56/70 against 48/80: Newcombe 1998, Statistics in Medicine 17:873, table II.
    found = gain(Measured(value=48 / 80, n=80), Measured(value=56 / 70, n=70))
    assert two_sided(found, 0.95) == pytest.approx((0.0528, 0.3382), abs=5e-5)
    assert shown_to_improve(found)


def test_a_gain_of_two_measures_with_intervals_adds_their_errors():
    found = gain(
        Measured(value=0.80, n=500, low=0.77, high=0.83), Measured(value=0.84, n=500, low=0.80, high=0.88)
    )
    low, high = two_sided(found, 0.95)
    assert (low, high) == pytest.approx((0.04 - 0.05, 0.04 + 0.05), abs=1e-6)  # sqrt(0.03^2 + 0.04^2)
    assert not shown_to_improve(found)
    assert interval(Measured(value=0.8, n=500, low=0.77, high=0.83)) == (0.77, 0.83)


def test_the_interval_of_a_share_is_clopper_and_pearsons():
    assert interval(Measured(value=81 / 263, n=263)) == pytest.approx((0.2527, 0.3676), abs=5e-5)


@pytest.mark.parametrize(
    ("gains", "place"),
    [
        ([], None),
        ([0.004], None),
        ([0.004, 0.004], 1),
        ([0.06, 0.004, 0.02, 0.004, -0.01], 4),
        ([0.004, None, 0.004], 2),
        ([0.005, 0.005], None),
        ([None, None], None),
    ],
)
def test_the_stop_rule(gains, place):
    assert stopped_at(gains, least=0.005, cycles=2) == place


@given(st.lists(st.one_of(st.none(), st.floats(-0.1, 0.1)), max_size=12), st.integers(1, 3))
def test_a_larger_least_gain_never_stops_later(gains, cycles):
    early, late = (stopped_at(gains, least=least, cycles=cycles) for least in (0.02, 0.005))
    assert late is None or (early is not None and early <= late)


def test_costs():
    assert cost_per_point(1200.0, 0.06) == pytest.approx(200.0)
    assert cost_per_point(1200.0, 0.0) is None
    assert cost_per_point(None, 0.06) is None
    assert cost_per_accepted(90.0, 450) == pytest.approx(0.2)
    assert cost_per_accepted(90.0, 0) is None


def test_what_the_silent_could_say():
    told = Responses(shown=1000, answered=200, negative=30)
    assert (told.response_rate, told.negative_rate) == (0.2, 0.15)
    assert told.worst_case() == pytest.approx((0.03, 0.83))
    nobody = Responses(shown=0, answered=0, negative=0)
    assert (nobody.response_rate, nobody.negative_rate, nobody.worst_case()) == (None, None, (0.0, 1.0))
