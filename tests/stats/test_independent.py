"""Differences of two independent estimates, held against published intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate, Method
from hcgov.stats.closed_forms import newcombe_lower, newcombe_upper
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.independent import MOVER, between, mover
from hcgov.stats.proportions import wilson_lower, wilson_upper

SIDE = 0.975


def rate(x: float, n: int, method: Method = Method.CLOPPER_PEARSON, **more: float) -> Estimate:
    statistics = (("x", float(x)), ("n", float(n)), *more.items())
    return Estimate(value=x / n, n=n, n_eff=n, people=n, method=method, statistics=statistics)


def wilson(x: float, n: float) -> tuple[float, float]:
    return wilson_lower(x, n, SIDE), wilson_upper(x, n, SIDE)


def test_two_rates_have_the_published_score_interval():
    # Newcombe 1998, Statistics in Medicine 17:873, Table II, case (a), method 6: 56/70 - 48/80.
    found = between(rate(56, 70), rate(48, 80), 0.95)
    assert found is not None
    assert found[0] == pytest.approx((0.0528, 0.3382), abs=5e-5)
    assert found[1] == "miettinen_nurminen"


def test_recovery_from_wilson_intervals_is_newcombes_method_10():
    # Newcombe 1998, Table II, case (a), method 10.
    found = mover(56 / 70, wilson(56, 70), 48 / 80, wilson(48, 80))
    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_recovery_agrees_with_the_closed_form(n1: int, n2: int, data: st.DataObject):
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    low, high = mover(x1 / n1, wilson(x1, n1), x2 / n2, wilson(x2, n2))
    assert max(low, -1.0) == pytest.approx(newcombe_lower(x1, n1, x2, n2, SIDE), abs=1e-12)
    assert min(high, 1.0) == pytest.approx(newcombe_upper(x1, n1, x2, n2, SIDE), abs=1e-12)


@given(st.integers(2, 60), st.integers(2, 60), st.data())
def test_exchanging_the_runs_turns_the_interval_round(n1: int, n2: int, data: st.DataObject):
    gaps = [
        miettinen_nurminen(data.draw(st.integers(0, n1)), n1, data.draw(st.integers(0, n2)), n2)
        for _ in range(2)
    ]
    for one, other in (gaps, (rate(1, n1), rate(2, n2))):
        forth, back = between(one, other, 0.95), between(other, one, 0.95)
        assert forth is not None
        assert back is not None
        assert forth[0] == pytest.approx((-back[0][1], -back[0][0]), abs=1e-9)
        assert one.value is not None
        assert other.value is not None
        assert forth[0][0] - 1e-9 <= one.value - other.value <= forth[0][1] + 1e-9


def test_a_gap_in_two_runs_has_a_recovered_interval():
    found = between(miettinen_nurminen(30, 100, 20, 100), miettinen_nurminen(20, 100, 20, 100), 0.95)
    assert found is not None
    assert found[1] == MOVER
    # About 1.96 standard errors either way, each gap with a variance of (p q + p q) / 100.
    assert found[0] == pytest.approx((-0.063, 0.262), abs=0.01)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rate(1, 10), rate(1, 10, Method.WILSON)),
        (rate(1, 10, Method.POINT), rate(1, 10, Method.POINT)),
        (rate(1, 10, Method.KOOPMAN), rate(1, 10, Method.KOOPMAN)),
    ],
)
def test_where_nothing_is_known_there_is_no_interval(one: Estimate, other: Estimate):
    assert between(one, other, 0.95) is None


def test_a_systematic_error_widens_the_interval():
    plain, widened = (
        between(rate(5, 50), rate(9, 50), 0.95),
        between(rate(5, 50, error=0.05), rate(9, 50), 0.95),
    )
    assert plain is not None
    assert widened is not None
    assert widened[1] == MOVER
    assert widened[0][0] < plain[0][0]
    assert widened[0][1] > plain[0][1]
