"""How many people to ask: margins of error, proportional and Neyman quotas, rounding."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.sampling.allocation import (
    largest_remainder,
    neyman,
    people_for_margin,
    planned_deff,
    proportional,
)

shares = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8)


@pytest.mark.parametrize(("margin", "people"), [(0.05, 385), (0.10, 97), (0.03, 1068), (0.01, 9604)])
def test_people_for_a_margin_of_error(margin, people):
    """1.96^2 / 4 / margin^2, rounded up: the figures of every survey textbook (Cochran 1977, 4.4)."""
    assert people_for_margin(margin) == people


def test_a_small_population_needs_fewer_and_a_design_effect_more():
    """Cochran 1977, equation 4.4: 385 of 1,000 become 278."""
    assert people_for_margin(0.05, population=1000) == 278
    assert people_for_margin(0.05, population=10) == 10
    assert people_for_margin(0.05, deff=2.0) == 769


@pytest.mark.parametrize("bad", [{"margin": 0.0}, {"margin": 0.6}, {"margin": 0.05, "deff": 0.5}])
def test_impossible_margins(bad):
    with pytest.raises(ValueError, match=r"margin|design effect"):
        people_for_margin(**bad)


@given(shares, st.integers(0, 5000))
def test_rounded_quotas_add_up_and_stay_within_one_of_their_share(parts, total):
    found = largest_remainder(parts, total)
    assert sum(found) == total
    assert all(abs(n - p / math.fsum(parts) * total) < 1.0 + 1e-6 for n, p in zip(found, parts, strict=True))


def test_neyman_by_hand():
    """W = .5, .3, .2 and S = 1, 2, 3: in proportion to .5, .6, .6 (Cochran 1977, 5.26)."""
    assert neyman([0.5, 0.3, 0.2], [1.0, 2.0, 3.0], 170) == (50, 60, 60)
    assert neyman([0.5, 0.5], [1.0, 1.0], 30, costs=[1.0, 4.0]) == (20, 10)


@given(
    st.lists(st.tuples(st.floats(0.05, 1.0), st.floats(0.05, 1.0)), min_size=2, max_size=5),
    st.integers(200, 800),
)
def test_neyman_has_the_smallest_variance(strata, total):
    parts, sds = [w for w, _ in strata], [s for _, s in strata]

    def variance(quotas):
        return sum((w * s) ** 2 / n for w, s, n in zip(parts, sds, quotas, strict=True))

    best = variance(neyman(parts, sds, total, least=[1] * len(parts)))
    assert best <= variance(proportional(parts, total, least=[1] * len(parts))) * 1.02


@given(shares, st.integers(1, 2000), st.integers(0, 50))
def test_nobody_gets_less_than_the_least(parts, total, least):
    floors = [least] * len(parts)
    found = proportional(parts, total, least=floors)
    assert all(n >= least for n in found)
    assert sum(found) == max(total, least * len(parts))


def test_a_proportional_plan_costs_no_precision_and_an_empty_stratum_all_of_it():
    assert planned_deff([0.5, 0.5], [50, 50]) == pytest.approx(1.0)
    assert planned_deff([0.9, 0.1], [50, 50]) == pytest.approx(1.64)
    assert planned_deff([0.9, 0.1], [100, 0]) == math.inf


@pytest.mark.parametrize("bad", [[], [math.nan], [-1.0, 2.0], [0.0, 0.0]])
def test_impossible_shares(bad):
    with pytest.raises(ValueError, match="share"):
        largest_remainder(bad, 10)
