"""Labels that are missing for a verdict."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.estimate import Estimate, Method
from hcgov.core.limit import Limit, Side
from hcgov.stats.bounds import NoInterval, lower, upper
from hcgov.stats.differences import miettinen_nurminen
from hcgov.stats.hypothetical import scaled
from hcgov.stats.power import (
    labels_for_difference,
    labels_for_rate,
    labels_for_ratio,
    labels_needed,
    labels_to_detect,
)
from hcgov.stats.proportions import clopper_pearson_lower, rate, share_ratio
from hcgov.stats.ratios import koopman

# ((z_0.05 + z_0.20) / z_0.05)^2
INFLATION = ((1.6448536269514722 + 0.8416212335729143) / 1.6448536269514722) ** 2


def at_least(value, **options):
    return Limit(side=Side.AT_LEAST, value=Decimal(value), **options)


def at_most(value, **options):
    return Limit(side=Side.AT_MOST, value=Decimal(value), **options)


def stands(estimate, limit, level=0.95):
    passing, failing = (upper, lower) if limit.side is Side.AT_MOST else (lower, upper)
    return limit.holds(passing(estimate, level)) or not limit.holds(failing(estimate, level))


CASES = [
    (rate(46, 50), at_least("0.85")),  # inside: waits to pass
    (rate(40, 50), at_least("0.85")),  # outside: waits to fail
    (rate(2, 50), at_most("0.10")),
    (rate(9, 60), at_most("0.10")),
    (rate(50, 50), at_least("0.95")),
    (rate(46, 50, n_eff=20.0), at_least("0.85")),
    (share_ratio(45, 100, 0.5), at_least("0.80")),
    (miettinen_nurminen(30, 100, 29, 100), at_most("0.10")),
    (miettinen_nurminen(60, 200, 30, 200), at_most("0.10")),
    (miettinen_nurminen(30, 100, 10, 300), at_least("0.22")),
    (koopman(40, 100, 41, 100), at_least("0.80")),
    (koopman(30, 100, 41, 90), at_least("0.80")),
]


@pytest.mark.parametrize(("estimate", "limit"), CASES)
def test_the_multiple_found_is_the_least_that_settles(estimate, limit):
    more = labels_needed(estimate, limit)
    assert more is not None
    assert more > 0
    assert not stands(estimate, limit)
    multiple = (estimate.n + more) / estimate.n / INFLATION
    step = 1.0 / estimate.n / INFLATION  # the answer is rounded up to a whole row
    assert stands(scaled(estimate, multiple + 1e-9), limit)
    assert multiple - step <= 1.0 or not stands(scaled(estimate, multiple - step - 1e-9), limit)


def test_nothing_is_missing_where_the_verdict_stands():
    assert labels_needed(rate(99, 100), at_least("0.90")) == 0
    assert labels_needed(rate(50, 100), at_least("0.90")) == 0
    assert labels_needed(miettinen_nurminen(80, 100, 10, 100), at_most("0.10")) == 0


def test_on_or_near_the_limit_no_budget_suffices():
    assert labels_needed(rate(45, 50), at_least("0.90")) is None
    assert labels_needed(rate(9001, 10_000), at_least("0.90")) is None
    assert labels_needed(rate(0, 50), at_most("0")) is None


def test_the_budget_is_kept():
    estimate, limit = rate(46, 50), at_least("0.85")
    more = labels_needed(estimate, limit)
    assert labels_needed(estimate, limit, budget=more) == more
    assert labels_needed(estimate, limit, budget=more - 1) is None
    assert labels_needed(estimate, limit, budget=0) is None


def test_without_a_value_nothing_can_be_said():
    assert labels_needed(rate(0, 0), at_least("0.90")) is None
    assert labels_needed(koopman(0, 50, 0, 50), at_least("0.80")) is None
    assert labels_needed(miettinen_nurminen(0, 0, 3, 9), at_most("0.10")) is None
    point = Estimate(value=0.5, n=9, n_eff=9.0, people=None, method=Method.POINT)
    with pytest.raises(NoInterval):
        labels_needed(point, at_least("0.90"))


def test_an_infinite_ratio_is_outside_at_most_and_inside_at_least():
    assert labels_needed(koopman(1, 20, 0, 20), at_most("1.25")) > 0
    assert labels_needed(koopman(1, 20, 0, 20), at_least("0.80")) > 0


def test_accusing_in_a_family_takes_more():
    estimate, limit = miettinen_nurminen(60, 200, 30, 200), at_most("0.10")
    assert labels_needed(estimate, limit, fail_level=1 - 0.05 / 30) > labels_needed(estimate, limit)
    passing = miettinen_nurminen(30, 100, 29, 100)
    assert labels_needed(passing, limit, fail_level=1 - 0.05 / 30) == labels_needed(passing, limit)


def test_repeating_people_take_more_rows():
    plain, repeated = rate(460, 500), rate(460, 500, n_eff=100.0)
    limit = at_least("0.91")
    ratio = (500 + labels_needed(repeated, limit)) / (500 + labels_needed(plain, limit))
    assert ratio == pytest.approx(5.0, rel=0.01)


def test_agrees_with_the_closed_form_for_large_samples():
    more = labels_needed(rate(920, 1000), at_least("0.91"))
    assert 1000 + more == pytest.approx(labels_for_rate(0.91, 0.92), rel=0.1)
    more = labels_needed(miettinen_nurminen(500, 1000, 500, 1000), at_most("0.03"))
    assert 1000 + more / 2 == pytest.approx(labels_for_difference(0.03, 0.5, 0.5), rel=0.02)


def test_power_reached_by_enumeration():
    """With the rows asked for, a true rate as observed passes in about 80 % of all samples."""
    n = 50 + labels_needed(rate(46, 50), at_least("0.85"))
    passes = [x for x in range(n + 1) if clopper_pearson_lower(x, n, 0.95) >= 0.85]
    power = math.fsum(math.comb(n, x) * 0.92**x * 0.08 ** (n - x) for x in passes)
    assert 0.77 <= power <= 0.88


@given(st.integers(20, 400), st.data())
def test_a_limit_further_away_takes_no_more(n, data):
    x = data.draw(st.integers(0, n))
    estimate = rate(x, n)
    near, far = sorted(
        data.draw(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))), key=lambda t: abs(t - x / n)
    )
    if (near - x / n) * (far - x / n) <= 0.0:
        return
    more = [labels_needed(estimate, at_most(str(value))) for value in (near, far)]
    assert more[0] is None or (more[1] is not None and more[1] <= more[0] + 1)


def test_labels_for_a_rate():
    # statistics of a gate at 0.90 with an anticipated rate of 0.95.
    assert labels_for_rate(0.90, 0.95) == 184
    assert labels_for_rate(0.10, 0.05) == 184
    with pytest.raises(ValueError, match="separates"):
        labels_for_rate(0.9, 0.9)


@pytest.mark.parametrize(
    ("limit", "groups", "rate_of_both", "rows"),
    [
        (0.05, 2, 0.50, 1713),
        (0.05, 2, 0.80, 1097),
        (0.05, 2, 0.95, 326),
        (0.10, 2, 0.50, 429),
        (0.10, 2, 0.80, 275),
        (0.10, 2, 0.95, 82),
        (0.10, 8, 0.50, 940),
        (0.10, 8, 0.80, 602),
        (0.10, 8, 0.95, 179),
        (0.20, 2, 0.50, 108),
        (0.20, 2, 0.80, 69),
    ],
)
def test_labels_for_all_pairs_of_equal_groups(limit, groups, rate_of_both, rows):
    pairs = groups * (groups - 1)
    assert labels_for_difference(limit, rate_of_both, rate_of_both, comparisons=pairs) == rows


@pytest.mark.parametrize(("rate_of_both", "rows"), [(0.8, 63), (0.5, 249), (0.2, 994), (0.05, 4719)])
def test_labels_for_the_four_fifths_ratio(rate_of_both, rows):
    assert labels_for_ratio(0.8, rate_of_both) == rows
    assert labels_for_ratio(1.25, rate_of_both) == rows


def test_labels_to_detect():
    # R, help of power.prop.test: n = 76.7 per group for 0.50 against 0.75, two-sided 5 %, power 0.90.
    assert labels_to_detect(0.50, 0.75, beta=0.10) == 77
    assert labels_to_detect(0.75, 0.50, beta=0.10) == 77


def test_nonsense_is_refused():
    for call in (
        lambda: labels_for_rate(1.2, 0.5),
        lambda: labels_for_rate(0.9, 0.95, alpha=0.0),
        lambda: labels_for_difference(0.1, 0.5, 0.3),
        lambda: labels_for_difference(0.1, 0.5, 0.5, comparisons=0),
        lambda: labels_for_ratio(1.0, 0.5),
        lambda: labels_for_ratio(0.8, 0.0),
        lambda: labels_to_detect(0.5, 0.5),
        lambda: labels_needed(rate(46, 50), at_least("0.85"), beta=0.0),
        lambda: labels_needed(rate(46, 50), at_least("0.85", confidence=Decimal("0.5"))),
        lambda: labels_needed(rate(46, 50), at_least("0.85", confidence=Decimal("1"))),
    ):
        with pytest.raises(ValueError):
            call()
