"""The bracketing solver: right, and sparing with evaluations."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.stats.roots import bracketed_root, newton_root


@pytest.mark.parametrize(
    ("function", "low", "high", "zero"),
    [
        (lambda x: x * x - 2.0, 0.0, 2.0, math.sqrt(2.0)),
        (lambda x: math.exp(x) - 3.0, -5.0, 5.0, math.log(3.0)),
        (lambda x: (x - 1.0) ** 9, 0.0, 3.0, 1.0),
        (lambda x: math.cos(x) - x, 0.0, 1.0, 0.7390851332151607),
        (lambda x: 1.0 / (2.0 - x) - 1e6, 0.0, 1.9999999, 2.0 - 1e-6),
    ],
)
def test_finds_the_zero(function, low, high, zero):
    assert bracketed_root(function, low, high) == pytest.approx(
        zero, rel=1e-12, abs=1e-2 if zero == 1.0 else 0.0
    )


def test_needs_few_evaluations_on_a_smooth_function():
    calls = []

    def function(x):
        calls.append(x)
        return x * x * (1.0 / (9.0 - x) + 1.0 / (3.0 + x)) - 2.7

    root = bracketed_root(function, 2.0, 4.0)
    assert abs(function(root)) < 1e-14
    assert len(calls) <= 11


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (lambda x: (x - 1.0) ** 9, 0.0, 3.0),
        (lambda x: 1.0 / (2.0 - x) - 1e6, 0.0, 1.9999999),
        (lambda x: math.expm1(50.0 * (x - 0.9)), 0.0, 1.0),
        (lambda x: math.atan(1e3 * (x - 0.7)), 0.0, 1.0),
    ],
)
def test_falls_back_to_bisection_on_an_awkward_function(function, low, high):
    calls = []

    def counted(x):
        calls.append(x)
        return function(x)

    bracketed_root(counted, low, high)
    assert len(calls) <= 60


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(1e-3, 1e6))
def test_a_step_function_is_bisected_to_its_step(step, left, right):
    root = bracketed_root(lambda x: math.copysign(1.0, x - step), step - left, step + right)
    assert root == pytest.approx(step, rel=1e-12, abs=1e-9)


def test_ends_that_are_zero_or_of_one_sign():
    assert bracketed_root(lambda x: x - 1.0, 1.0, 2.0) == 1.0
    assert bracketed_root(lambda x: x - 2.0, 1.0, 2.0) == 2.0
    assert bracketed_root(lambda x: x + 1e-17, 0.0, 1.0) == 0.0
    assert bracketed_root(lambda x: x - 1.0 - 1e-15, 0.0, 1.0) == 1.0


@pytest.mark.parametrize(
    ("function", "low", "high", "zero"),
    [
        (lambda x: (x * x - 2.0, 2.0 * x), 0.1, 2.0, math.sqrt(2.0)),
        (lambda x: (1.0 / (2.0 - x) - 1e6, 1.0 / (2.0 - x) ** 2), 0.1, 1.9999999, 2.0 - 1e-6),
        (lambda x: (x - 1.0, 1.0) if x > 1.0 else (1e-3 * (x - 1.0), 1e-3), 0.1, 9.0, 1.0),  # a kink
        (lambda x: (-1.0, 0.0) if x < 5.0 else (x - 6.0, 1.0), 0.1, 9.0, 6.0),  # flat, then rising
        (
            lambda x: (x - 3.0, 1.0),
            1.0,
            2.9999999999999996,
            2.9999999999999996,
        ),  # rounding put the zero outside
        (lambda x: (x - 0.9999999999999999, 1.0), 1.0, 2.0, 1.0),
        (lambda x: (math.expm1(50.0 * (x - 0.9)), 50.0 * math.exp(50.0 * (x - 0.9))), 0.1, 1.0, 0.9),
    ],
)
def test_newtons_method_finds_the_zero(function, low, high, zero):
    calls = []

    def counted(x):
        calls.append(x)
        return function(x)

    found = newton_root(counted, low, high)
    assert found == pytest.approx(zero, rel=1e-12)
    assert low <= found <= high
    assert len(calls) <= 120
