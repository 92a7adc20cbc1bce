"""SQL for the tests that a recorded value may pass. Pure."""

from datetime import datetime
from typing import assert_never

from hcgov.core.evidence.aggregates import Among, Ascii, Between, Kind, Matching, OfLength, Test
from hcgov.io.tables import sql


def condition(column: str, kind: Kind, test: Test) -> str:
    """Return the condition that a value passes a test; it is false or NULL where nothing is recorded."""
    match test:
        case Between():
            return _between(column, kind, test)
        case Among():
            values = ", ".join(_literal(value, kind) for value in test.values)
            return f"{column} IN ({values})"
        case Matching():
            return f"REGEXP_MATCHES({column}, {sql.literal(test.pattern)})"
        case OfLength():
            return _between(f"LENGTH({column})", Kind.WHOLE, test.between)
        case Ascii():
            return f"STRLEN({column}) = LENGTH({column})"
        case _:
            assert_never(test)


def _between(column: str, kind: Kind, test: Between) -> str:
    whole = kind is Kind.WHOLE and all(isinstance(b, int) for b in (test.low, test.high) if b is not None)
    value = column if whole or kind is Kind.MOMENT else f"CAST({column} AS DOUBLE)"
    if test.low == test.high and test.low is not None and not test.strict_low and not test.strict_high:
        return f"{value} = {_bound(test.low, whole=whole)}"
    parts = []
    if test.low is not None:
        parts.append(f"{value} {'>' if test.strict_low else '>='} {_bound(test.low, whole=whole)}")
    if test.high is not None:
        parts.append(f"{value} {'<' if test.strict_high else '<='} {_bound(test.high, whole=whole)}")
    return f"({' AND '.join(parts) or f'{column} IS NOT NULL'})"


def _bound(value: float | datetime, *, whole: bool) -> str:
    if isinstance(value, datetime):
        return f"TIMESTAMP {sql.literal(value.isoformat(sep=' '))}"
    return str(value) if whole else f"CAST({sql.literal(repr(value))} AS DOUBLE)"


def _literal(value: str | float | bool, kind: Kind) -> str:
    if isinstance(value, str):
        return sql.literal(value)
    if kind is Kind.FLAG:
        return str(value).lower()
    return str(value) if kind is Kind.WHOLE else f"CAST({sql.literal(repr(value))} AS DOUBLE)"
