"""From what Great Expectations says to evidence: counts and numbers pass, values of the data do not."""

import math
import numbers
from collections.abc import Mapping, Sized
from decimal import Decimal

from hcgov.core.evidence.metrics import ExpectationResult
from hcgov.core.text import text
from hcgov.io.quality.engine import Answer
from hcgov.io.quality.suite import Wanted

LOOKS_AT_NULLS = frozenset(
    {
        "expect_column_values_to_be_null",
        "expect_column_values_to_not_be_null",
        "expect_column_proportion_of_non_null_values_to_be_between",
    }
)
"""Expectations that look at every row; the others look at recorded values only."""

RANGES = frozenset({"expect_column_quantile_values_to_be_between"})
"""Expectations whose ends are given otherwise than by ``min_value`` and ``max_value``."""

LOOKS_AT_NAMES = frozenset({"expect_column_to_exist"})
"""Expectations about a column's name; they need no row."""


def failed(wanted: Wanted, error: str) -> ExpectationResult:
    """Return the result of an expectation that could not be run."""
    return ExpectationResult(name=wanted.name, column=wanted.column, success=None, error=error)


def result_of(wanted: Wanted, answer: Answer) -> ExpectationResult:
    """Return the evidence in one answer."""
    evaluated = _evaluated(wanted, answer.result)
    return ExpectationResult(
        name=wanted.name,
        column=wanted.column,
        success=answer.success,
        evaluated=evaluated,
        # Without a count of values looked at, what is unexpected is counted in distinct values or columns.
        unexpected=None if evaluated is None else _count(answer.result.get("unexpected_count")),
        observed=_observed(wanted, answer.result.get("observed_value")),
        error="" if answer.success is not None else _why_not(wanted, answer),
        vacuous=_vacuous(wanted, answer, evaluated),
        unbreakable=_unbreakable(wanted),
    )


def _evaluated(wanted: Wanted, result: Mapping[str, object]) -> int | None:
    rows = _count(result.get("element_count"))
    if rows is None or wanted.type in LOOKS_AT_NULLS:
        return rows
    return rows - (_count(result.get("missing_count")) or 0)


def _vacuous(wanted: Wanted, answer: Answer, evaluated: int | None) -> bool:
    if wanted.type in LOOKS_AT_NAMES:
        return False
    if evaluated is not None:
        return evaluated == 0
    return (answer.rows if wanted.type in LOOKS_AT_NULLS else answer.recorded) == 0


def _unbreakable(wanted: Wanted) -> bool:
    given = wanted.arguments
    mostly = given.get("mostly")
    if isinstance(mostly, int | float) and not isinstance(mostly, bool) and mostly <= 0:
        return True
    ends = (given.get("min_value"), given.get("max_value"))
    return wanted.type.endswith("_to_be_between") and wanted.type not in RANGES and ends == (None, None)


def _why_not(wanted: Wanted, answer: Answer) -> str:
    # The library's own message may quote the data, so the sentence is built from what is not personal.
    crash = f" ({answer.crash})" if answer.crash else ""
    if wanted.column is None or not answer.held:
        return str(
            text(
                "Great Expectations could not compute `{type}`{crash}; check that it suits the table",
                type=wanted.type,
                crash=crash,
            )
        )
    return str(
        text(
            "Great Expectations could not compute `{type}` on the column `{column}`, which holds"
            " {held}{crash}; check that the expectation suits the column",
            type=wanted.type,
            column=wanted.column,
            held=answer.held,
            crash=crash,
        )
    )


def _observed(wanted: Wanted, value: object) -> str:
    """Return an aggregate as text; of a collection only its size, of anything else nothing."""
    if isinstance(value, Mapping) and {"quantiles", "values"} <= set(value):
        return _quantiles(value["quantiles"], value["values"])
    if isinstance(value, Sized) and not isinstance(value, str | bytes):
        things = "columns" if wanted.type.startswith("expect_table_columns") else "values"
        return f"{len(value)} {things}"
    return _number(value)


def _quantiles(shares: object, values: object) -> str:
    if not (isinstance(shares, list | tuple) and isinstance(values, list | tuple)):
        return ""
    pairs = ((_number(share), _number(value)) for share, value in zip(shares, values, strict=False))
    return ", ".join(f"{share}: {value}" for share, value in pairs if share and value)


def _number(value: object) -> str:
    """Return a finite number as text, six significant digits where it is no integer; else nothing."""
    number = _finite(value)
    if number is None:
        return ""
    return str(number) if isinstance(number, int) else f"{number:.6g}"


def _count(value: object) -> int | None:
    number = _finite(value)
    return None if number is None else int(number)


def _finite(value: object) -> int | float | None:
    """Return a number of Python, NumPy or ``decimal`` as Python's own; an integer where it is a whole one."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | numbers.Real):
        return None
    if isinstance(value, numbers.Integral):
        return int(value)
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
