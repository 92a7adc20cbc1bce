import math

import pytest

from hcgov.stats.effective import check_counts, check_level, critical_value, effective_counts


def test_counts_stay_untouched_without_an_effective_size():
    assert effective_counts(349, 1488) == (349.0, 1488.0)
    assert effective_counts(349, 1488, 1488.0) == (349.0, 1488.0)
    assert effective_counts(0, 0, 5.0) == (0.0, 0.0)


def test_scaling_keeps_the_share_and_the_edges():
    x, n = effective_counts(30, 100, 37.5)
    assert x / n == pytest.approx(0.3, rel=1e-15)
    assert effective_counts(15, 15, 7.7) == (7.7, 7.7)  # where 15 * (7.7 / 15) falls short of 7.7
    assert effective_counts(0, 49, 7.7) == (0.0, 7.7)


@pytest.mark.parametrize(
    "arguments", [(-1, 3), (4, 3), (math.nan, 3), (1, 3, 0.0), (1, 3, math.inf), (1, 3, math.nan)]
)
def test_impossible_counts_are_refused(arguments):
    with pytest.raises(ValueError):
        effective_counts(*arguments)


def test_levels_are_one_sided_confidences():
    assert critical_value(0.5) == 0.0
    assert critical_value(0.95) == pytest.approx(1.6448536269514722, rel=1e-14)
    for level in (0.05, 0.49, 1.0, 95, math.nan):
        with pytest.raises(ValueError, match="confidence"):
            check_level(level)
    with pytest.raises(ValueError, match="finite size"):
        check_counts(1.0, math.inf)
