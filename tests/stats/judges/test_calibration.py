import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.stats.bounds import upper
from hcgov.stats.judges.calibration import calibrated, cross_fitted, isotonic


def drawn(n, seed, bend=lambda p: p):
    draw = np.random.default_rng(seed)
    p = draw.random(n)
    return p, (draw.random(n) < bend(p)).astype(float), np.arange(n)


def test_probabilities_that_hold_have_an_error_around_nothing_in_any_sample():
    errors = [calibrated(*drawn(200, seed)).squared.value for seed in range(200)]
    assert np.mean(errors) == pytest.approx(0.0, abs=8e-4)  # the plain estimate would be 0.013 too large
    assert np.mean([upper(calibrated(*drawn(200, seed)).squared, 0.95) < 0.0 for seed in range(200)]) <= 0.09


def test_probabilities_that_are_too_sure_are_found():
    found = calibrated(*drawn(5000, 1, lambda p: 0.5 + (p - 0.5) * 0.5))
    assert found.error == pytest.approx((0.25 / 12) ** 0.5, abs=0.02)  # sd of (p - 0.5) / 2
    assert found.corrected_brier < found.brier
    assert len(found.table) == 15
    assert sum(n for n, _, _ in found.table) == 5000


def test_people_who_repeat_make_it_less_sure():
    p, y, who = drawn(600, 2)
    one, other = calibrated(p, y, who), calibrated(np.repeat(p, 3), np.repeat(y, 3), np.repeat(who, 3))
    assert other.squared.value == pytest.approx(one.squared.value, abs=1e-9)


def test_too_few_rows_have_no_error():
    assert calibrated(np.array([0.5]), np.array([1.0]), np.array([0])) is None
    assert calibrated(np.full(40, 0.5), np.ones(40), np.zeros(40, dtype=int)) is None


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 1)), min_size=1, max_size=40))
@settings(max_examples=60)
def test_isotonic_is_monotone_keeps_the_mean_and_is_best(pairs):
    x, y = (np.array([float(p[k]) for p in pairs]) for k in (0, 1))
    points, values = isotonic(x, y)
    assert (np.diff(values) >= -1e-12).all()
    fitted = values[np.searchsorted(points, x)]
    assert fitted.mean() == pytest.approx(y.mean())
    again = isotonic(points, values)[1]
    assert np.allclose(again, values)
    # Of all constant functions and steps none is nearer.
    for cut in points:
        low, high = y[x < cut], y[x >= cut]
        step = np.where(x < cut, low.mean() if low.size else 0.0, high.mean())
        if not low.size or low.mean() <= high.mean():
            assert ((fitted - y) ** 2).sum() <= ((step - y) ** 2).sum() + 1e-9


def test_what_is_learnt_from_others_is_not_learnt_from_oneself():
    p, y, who = drawn(100, 3)
    changed = y.copy()
    changed[0] = 1.0 - y[0]
    assert cross_fitted(p, y, who)[0] == cross_fitted(p, changed, who)[0]
