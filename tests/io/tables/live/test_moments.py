"""Sums and deviations from whole numbers, against exact arithmetic; the embedded engine runs the terms."""

import math
import statistics
from collections.abc import Sequence
from fractions import Fraction

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.aggregates import Deviation, Sum
from hcgov.io.tables.live.moments import deviation, moment_terms, total

NUMBERS = st.lists(
    st.floats(-1e15, 1e15) | st.floats(-10, 10) | st.sampled_from((0.1, 1e-300, -0.0, 5e-324)),
    min_size=1,
    max_size=30,
)


def found(values: Sequence[float], asked: Sum | Deviation) -> float | None:
    ends = min(values), max(values)
    terms = moment_terms("x", asked, *ends, whole=False)
    rows = pa.table({"x": values})
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        row = connection.execute(f"SELECT {', '.join(terms)} FROM rows").fetchone()
    numbers = tuple(int(n) if n is not None and not isinstance(n, float) else n for n in row or ())
    if isinstance(asked, Sum):
        return total(numbers, *ends)
    return deviation(numbers, len(values), *ends)


@settings(deadline=None)
@given(NUMBERS)
def test_a_sum_is_the_sum_however_it_is_added(values: list[float]) -> None:
    exact = sum(map(Fraction, values))
    largest = max(abs(v) for v in values)
    assert abs(Fraction(found(values, Sum(column="x")) or 0) - exact) <= Fraction(largest) * Fraction(
        2
    ) ** -52 * len(values)


@settings(deadline=None)
@given(NUMBERS)
def test_a_deviation_is_that_of_exact_numbers(values: list[float]) -> None:
    got = found(values, Deviation(column="x"))
    if len(values) < 2:
        assert got is None
        return
    spread = max(values) - min(values)
    assert got == pytest.approx(
        float(statistics.stdev(map(Fraction, values))), rel=1e-9, abs=1e-11 * spread + 1e-290
    )


def test_many_rows_of_one_number_do_not_drift() -> None:
    with duckdb.connect() as connection:
        terms = moment_terms("x", Sum(column="x"), 0.1, 0.1, whole=False)
        row = connection.execute(
            f"SELECT {', '.join(terms)} FROM (SELECT CAST(0.1 AS DOUBLE) AS x FROM range(3000000))"
        ).fetchone()
    numbers = tuple(int(n) if not isinstance(n, float) else n for n in row or ())
    assert total(numbers, 0.1, 0.1) == float(3_000_000 * Fraction(0.1))


def test_what_is_too_large_is_not_asked_for() -> None:
    assert moment_terms("x", Sum(column="x"), -math.inf, 1.0, whole=False) == ()
    assert total(None, 0, 1) is None
