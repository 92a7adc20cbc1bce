"""Limits: what they may be, and why one decides nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.limit import Limit, Side, limits
from hcgov.core.span import Span


@pytest.mark.parametrize(
    ("written", "inside", "outside", "words"),
    [
        ("[0, 1)", ("0", "0.999"), ("-0.001", "1"), "at least 0 and below 1"),
        ("(0, 1]", ("0.001", "1"), ("0", "1.001"), "above 0 and at most 1"),
        ("[1, inf)", ("1", "1e9"), ("0.999",), "at least 1"),
        ("(-inf, inf)", ("-1e9", "1e9"), (), "any number"),
    ],
)
def test_a_span_is_read_as_intervals_are_written(
    written: str, inside: tuple[str, ...], outside: tuple[str, ...], words: str
) -> None:
    span = Span.of(written)
    assert all(span.holds(Decimal(value)) for value in inside)
    assert not any(span.holds(Decimal(value)) for value in outside)
    assert str(span) == words


@pytest.mark.parametrize("written", ["0, 1", "[0 1]", "[1, 0]", "", "[0, 1"])
def test_what_is_no_interval_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"interval|between"):
        Span.of(written)


GAP = limits("gap", at_most="[0, 1)")
RATIO = limits("ratio", at_least="(0, 1]")


@pytest.mark.parametrize(
    ("allowed", "side", "value", "fault"),
    [
        (GAP, Side.AT_MOST, "0.10", ""),
        (GAP, Side.AT_MOST, "2", "`at_most: 2` can never fail"),
        (GAP, Side.AT_MOST, "1", "`at_most: 1` can never fail"),
        (GAP, Side.AT_MOST, "-0.1", "`at_most: -0.1` can never pass"),
        (RATIO, Side.AT_LEAST, "0", "`at_least: 0` can never fail"),
        (RATIO, Side.AT_LEAST, "1.2", "`at_least: 1.2` can never pass"),
        (
            RATIO,
            Side.AT_MOST,
            "0.8",
            "`at_most` is the wrong side: what is measured is worse the lower it is",
        ),
    ],
)
def test_a_limit_that_decides_nothing_says_why(allowed, side, value, fault) -> None:
    assert allowed.fault(side, Decimal(value)) == fault


@given(
    value=st.decimals("-3", "3", places=2),
    side=st.sampled_from(Side),
    measured=st.lists(st.floats(-1, 1), min_size=1),
)
def test_what_can_never_fail_never_fails(value: Decimal, side: Side, measured: list[float]) -> None:
    both = limits("gap", at_most="[-1, 1)", at_least="(-1, 1]")
    fault, limit = both.fault(side, value), Limit(side=side, value=value)
    if fault.endswith("fail"):
        assert all(limit.holds(bound) for bound in measured)
    elif fault.endswith("pass"):
        assert not any(limit.holds(bound) for bound in measured)
