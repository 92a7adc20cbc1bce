import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.judges.units import unit_outliers

PERCENTS = [66.9, 65.6, 70.9, 68.0, 57.2, 61.1, 63.0, 59.9, 64.4, 66.1]


def places(values):
    return [odd.place for odd in unit_outliers(values)]


@given(st.permutations([*PERCENTS, 0.34]))
@settings(max_examples=20)
def test_a_share_among_percentages_is_found_wherever_it_stands(values):
    (odd,) = unit_outliers(values)
    assert values[odd.place] == odd.value == 0.34
    assert odd.mended == pytest.approx(34.0)
    assert 60 < odd.usual < 70


def test_a_percentage_among_shares_is_found_too():
    (odd,) = unit_outliers([*(v / 100 for v in PERCENTS), 62.0])
    assert (odd.place, odd.mended) == (10, pytest.approx(0.62))


def test_blanks_and_zeros_are_passed_over():
    assert places([None, *PERCENTS, float("nan"), 0.0, 0.66]) == [13]


@pytest.mark.parametrize(
    "values",
    [
        [],
        [0.34],
        PERCENTS,
        [v / 100 for v in PERCENTS],
        [*PERCENTS[:4], 0.34],  # too few others
        [*PERCENTS, 0.0],  # nothing is nothing in any unit
        [*PERCENTS, 0.005],  # half a percent of what it should be at least
        [*PERCENTS, 45.0],  # low, in the same unit
        [0.0, 0.41, 0.83, 1.0, 4.3, 5.4, 6.4, 12.4, 14.5, 300.0],  # prices
        [0.4, 0.9, 1.2, 3.0, 8.0, 20.0, 40.0, 70.0, 90.0, 99.0, 60.0, 50.0],  # all sizes
        [0.1, 1.2, 3.0, 8.0, 20.0, 40.0, 70.0, 90.0, 99.0, 60.0, 50.0, 30.0],  # all sizes, one very small
        [*PERCENTS[:5], 0.3, 0.4, 0.5, 0.6, 0.7],  # which unit is meant is not known
        [*PERCENTS, -0.5],
    ],
    ids=str,
)
def test_it_does_not_cry_wolf(values):
    assert places(values) == []


def test_columns_of_one_unit_rarely_raise_an_alarm():
    draw = np.random.default_rng(1)
    alarms = sum(bool(unit_outliers((100 * draw.beta(6, 4, 40)).tolist())) for _ in range(500))
    alarms += sum(bool(unit_outliers(draw.beta(2, 2, 40).tolist())) for _ in range(500))
    assert alarms == 0
