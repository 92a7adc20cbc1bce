"""Expectations about a column or a table as a whole, answered from its aggregates.

The arithmetic is that of the library's pandas engine. Means, sums and deviations of floating-point numbers depend
on the order of adding; where a bound lies within what that may change, the library is asked.
"""

import math
from collections.abc import Callable
from functools import partial

from hcgov.core.evidence.aggregates import (
    Aggregate,
    Aggregates,
    Among,
    Between,
    Deviation,
    Distinct,
    Extremes,
    Kind,
    Number,
    Ordered,
    Recorded,
    Sum,
)
from hcgov.core.text import text
from hcgov.io.quality.engine import Answer
from hcgov.io.quality.given import EXACT, KNOWN, NUMBERS, Given, LeftError, Translation

_BOUNDS = ("min_value", "max_value", "strict_min", "strict_max")
_ROUNDED = 1e-9
"""Share of the largest magnitude that rounding is given in means and deviations: far more than it takes."""


def within(value: Number | None, bounds: Between) -> bool:
    """Tell whether a value lies between two numbers; one that does not exist does not."""
    if value is None or math.isnan(value):
        return False
    low, high = bounds.low, bounds.high
    above = not isinstance(low, int | float) or (value > low if bounds.strict_low else value >= low)
    below = not isinstance(high, int | float) or (value < high if bounds.strict_high else value <= high)
    return above and below


def _aggregate(given: Given, *asks: Aggregate, value: Callable[[Aggregates], Number | None]) -> Translation:
    """Translate the expectation that an aggregate of a column lies between two numbers."""
    column, bounds = str(given.wanted.column), given.between(whole=_is_count(given))
    here = Recorded(column=column)

    def answer(found: Aggregates) -> Answer:
        observed = value(found)
        observed = None if observed is not None and math.isnan(observed) else observed
        return Answer(
            success=within(observed, bounds),
            result={"observed_value": observed},
            rows=found.rows,
            recorded=found.count(here),
        )

    return Translation(of=text("a function of aggregates"), asks=(here, *asks), answer=answer)


def _is_count(given: Given) -> bool:
    return given.wanted.type == "expect_column_unique_value_count_to_be_between"


def extreme(given: Given, *, place: int) -> Translation:
    """Translate the expectation that the least or the greatest number lies between two."""
    given.only("column", *_BOUNDS)
    asked = Extremes(column=given.column(*NUMBERS))
    return _aggregate(given, asked, value=lambda found: found.number(asked, place))


def moment(given: Given, *, of: str) -> Translation:
    """Translate the expectation that a mean, sum or standard deviation lies between two numbers."""
    given.only("column", *_BOUNDS)
    column = given.column(*NUMBERS)
    whole, bounds = given.kind(column) is Kind.WHOLE, given.between()
    asked = Deviation(column=column) if of == "stdev" else Sum(column=column)
    extremes, here = Extremes(column=column), Recorded(column=column)

    def value(found: Aggregates) -> Number | None:
        count = found.count(here)
        if count == 0:
            return 0 if of == "sum" else None
        largest = max(abs(found.number(extremes, place) or 0) for place in (0, 1))
        if not largest * count < 2.0**63:
            raise LeftError(text("the sum is too large for the scan to round as the library does"))
        got = found.number(asked)
        if of == "mean" and got is not None:
            got /= count
        exact = whole and of != "stdev" and largest * count < EXACT
        slack = 0.0 if exact else _ROUNDED * largest * (count if of == "sum" else 1)
        if got is not None and any(abs(got - b) <= slack for b in _numbers(bounds)) and slack:
            raise LeftError(text("the value lies so near the limit that the order of adding decides"))
        return got

    return _aggregate(given, asked, extremes, value=value)


def _numbers(bounds: Between) -> list[Number]:
    return [bound for bound in (bounds.low, bounds.high) if isinstance(bound, int | float)]


def median(given: Given) -> Translation:
    """Translate the expectation that the median lies between two numbers."""
    given.only("column", *_BOUNDS)
    column = given.column(*NUMBERS)
    lower = Ordered(column=column, shares=(0.5,), rounding="lower")
    higher = Ordered(column=column, shares=(0.5,), rounding="higher")

    def value(found: Aggregates) -> Number | None:
        low, high = found.number(lower), found.number(higher)
        if low is None or high is None or low == high:
            return low
        return (float(low) + float(high)) / 2

    return _aggregate(given, lower, higher, value=value)


def distinct_count(given: Given) -> Translation:
    """Translate the expectation that there are so many distinct values."""
    given.only("column", *_BOUNDS)
    asked = Distinct(column=given.column(*KNOWN))
    return _aggregate(given, asked, value=lambda found: found.count(asked))


def distinct_share(given: Given) -> Translation:
    """Translate the expectation that there are so many distinct values for each that is recorded."""
    given.only("column", *_BOUNDS)
    column = given.column(*KNOWN)
    asked, here = Distinct(column=column), Recorded(column=column)

    def value(found: Aggregates) -> Number:
        return found.count(asked) / found.count(here) if found.count(here) else 0

    return _aggregate(given, asked, value=value)


def recorded_share(given: Given) -> Translation:
    """Translate the expectation that such a share of values is recorded."""
    given.only("column", *_BOUNDS)
    here = Recorded(column=given.column(*Kind))
    return _aggregate(given, value=lambda found: found.count(here) / found.rows if found.rows else 0)


def distinct_set(given: Given, *, none_else: bool, all_there: bool) -> Translation:
    """Translate what is expected of the set of a column's values.

    Parameters
    ----------
    none_else
        No value is outside the given set.
    all_there
        Every value of the given set occurs.
    """
    given.only("column", "value_set")
    values, kinds = given.values()
    column = given.column(*kinds)
    every, known = Distinct(column=column), Distinct(column=column, test=Among(values=values))
    here = Recorded(column=column)

    def answer(found: Aggregates) -> Answer:
        beyond = found.count(every) - found.count(known) if none_else else 0
        missing = len(values) - found.count(known) if all_there else 0
        result: dict[str, object] = {"observed_value": None}
        result |= {"unexpected_count": beyond} if none_else else {}
        result |= {"missing_count": missing} if all_there else {}
        return Answer(
            success=beyond == 0 and missing == 0, result=result, rows=found.rows, recorded=found.count(here)
        )

    return Translation(of=text("a function of distinct counts"), asks=(here, every, known), answer=answer)


def quantiles(given: Given) -> Translation:
    """Translate the expectation that quantiles lie in ranges."""
    given.only("column", "quantile_ranges", "allow_relative_error")
    column, (shares, ranges) = given.column(*NUMBERS), _ranges(given)
    relative = given.wanted.arguments.get("allow_relative_error", False)
    rounding = (
        "nearest" if relative is False else given.choice("allow_relative_error", "nearest", "lower", "higher")
    )
    # The library hands percentages to NumPy, which divides them by 100 again.
    asked = Ordered(column=column, shares=tuple(share * 100.0 / 100 for share in shares), rounding=rounding)
    here = Recorded(column=column)

    def answer(found: Aggregates) -> Answer:
        values = found.answers[asked]
        if not found.count(here):
            raise LeftError(text("the column `{column}` holds no value", column=column))
        details = [
            value is not None and _in_range(value, *range_)
            for value, range_ in zip(values, ranges, strict=True)
        ]
        return Answer(
            success=all(details),
            result={
                "observed_value": {"quantiles": list(shares), "values": list(values)},
                "details": {"success_details": details},
            },
            rows=found.rows,
            recorded=found.count(here),
        )

    return Translation(of=text("a function of quantiles"), asks=(here, asked), answer=answer)


def _ranges(given: Given) -> tuple[tuple[float, ...], tuple[tuple[float, float], ...]]:
    odd = given.odd("quantile_ranges")
    told = given.wanted.arguments.get("quantile_ranges")
    if not isinstance(told, dict) or set(told) != {"quantiles", "value_ranges"}:
        raise odd
    shares, ranges = told["quantiles"], told["value_ranges"]
    if not isinstance(shares, list) or not isinstance(ranges, list) or not 0 < len(shares) == len(ranges):
        raise odd
    pairs: list[tuple[float, float]] = []
    for share, range_ in zip(shares, ranges, strict=True):
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise odd
        if not isinstance(range_, list) or len(range_) != 2:
            raise odd
        low, high = range_
        if any(isinstance(b, bool) or not isinstance(b, int | float | None) for b in (low, high)):
            raise odd
        pair = (
            float(low) if isinstance(low, int | float) else -math.inf,
            float(high) if isinstance(high, int | float) else math.inf,
        )
        if not pair[0] <= pair[1] or any(abs(b) >= EXACT and b is not None for b in pair if math.isfinite(b)):
            raise odd
        pairs.append(pair)
    return tuple(float(s) for s in shares if isinstance(s, int | float)), tuple(pairs)


def _in_range(value: Number, low: float, high: float) -> bool:
    """Tell whether a quantile is in its range, or as near to an end of it as the library lets pass."""
    return low <= value <= high or any(
        value == end or (math.isfinite(end) and abs(value - end) <= 1e-8 + 1e-4 * abs(end))
        for end in (low, high)
    )


COLUMNS: dict[str, Callable[[Given], Translation]] = {
    "expect_column_min_to_be_between": partial(extreme, place=0),
    "expect_column_max_to_be_between": partial(extreme, place=1),
    "expect_column_mean_to_be_between": partial(moment, of="mean"),
    "expect_column_sum_to_be_between": partial(moment, of="sum"),
    "expect_column_stdev_to_be_between": partial(moment, of="stdev"),
    "expect_column_median_to_be_between": median,
    "expect_column_quantile_values_to_be_between": quantiles,
    "expect_column_unique_value_count_to_be_between": distinct_count,
    "expect_column_proportion_of_unique_values_to_be_between": distinct_share,
    "expect_column_proportion_of_non_null_values_to_be_between": recorded_share,
    "expect_column_distinct_values_to_be_in_set": partial(distinct_set, none_else=True, all_there=False),
    "expect_column_distinct_values_to_contain_set": partial(distinct_set, none_else=False, all_there=True),
    "expect_column_distinct_values_to_equal_set": partial(distinct_set, none_else=True, all_there=True),
}
"""Expectations about a column that the scan may answer, by their types."""
