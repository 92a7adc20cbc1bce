"""SQL for an outcome's flag: 1, 0, NULL where nothing is recorded, 2 where it is something else. Pure."""

from hcgov.core.artifacts import Scalar
from hcgov.io.tables import sql
from hcgov.io.tables.binding import ResolvedOutcome
from hcgov.io.tables.schema import Family

NEITHER = 2
"""Flag of a recorded value that is neither 0 nor 1 where the manifest maps none, or that only reads like a 1."""

_LARGEST = "1e100"
_NO_NUMBERS = ("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity")
_NUMBERS = (Family.EXACT, Family.FLOAT, Family.DOUBLE)


def flag(outcome: ResolvedOutcome, column: str, family: Family) -> str:
    """Return the flag of an outcome.

    Values are compared typed: a YAML number as a number, a boolean as true or 1, a text letter by letter. A
    value that is no number is `not recorded` where ``at_least`` asks for numbers.
    """
    return _binary(column, family) if outcome.binary else _mapped(outcome, column, family)


def number(column: str, family: Family) -> str:
    """Return a value as a number; NULL where it is none, NaN, or as text not below 1e100."""
    if family in _NUMBERS:
        return column
    if family is Family.BOOLEAN:
        return f"CAST({column} AS INTEGER)"
    # 1_000 is a number to the embedded engine only, and no two engines agree about what does not fit.
    value = f"TRY_CAST(REPLACE({as_text(column, family)}, '_', 'x') AS DOUBLE)"
    return f"CASE WHEN ABS({value}) < {_LARGEST} THEN {value} END"


def as_text(column: str, family: Family) -> str:
    """Return a value as text, the same in every engine.

    Floating-point numbers lose a negative zero, and are marked by a cast: other engines write them differently.
    """
    if family is Family.TEXT:
        return column
    if family in (Family.FLOAT, Family.DOUBLE):
        return f"CAST(CAST({column} AS {family.name}) + 0 AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def recorded(column: str, family: Family) -> str:
    """Return a column in which NaN is `not recorded`."""
    return _without_nan(column) if family in (Family.FLOAT, Family.DOUBLE) else column


def _without_nan(value: str) -> str:
    # NaN counts as greater than every number, unless a file's statistics leave it out: then a comparison with it
    # is folded away, and ISNAN too. The engine derives nothing from statistics about these two.
    # Tested one after the other: ISINF is asked of few, and both at once take twice as long.
    return f"CASE WHEN ISFINITE({value}) THEN {value} WHEN ISINF({value}) THEN {value} END"


def _binary(column: str, family: Family) -> str:
    one, zero = _equals(column, family, True), _equals(column, family, False)
    return f"CASE WHEN {column} IS NULL THEN NULL WHEN {one} THEN 1 WHEN {zero} THEN 0 ELSE {NEITHER} END"


def _mapped(outcome: ResolvedOutcome, column: str, family: Family) -> str:
    cases = [f"WHEN {column} IS NULL THEN NULL"]
    if outcome.positive:
        cases.append(f"WHEN {_any(column, family, outcome.positive)} THEN 1")
    if outcome.at_least is not None:
        value = number(column, family)
        cases.append(f"WHEN {value} >= {_decimal(str(outcome.at_least), family)} THEN 1")
    if outcome.negative:
        cases.append(f"WHEN {_any(column, family, outcome.negative)} THEN 0")
        otherwise = "NULL"
    else:
        otherwise = "0"
        if (doubtful := _doubtful(outcome.positive, column, family)) is not None:
            cases.append(f"WHEN {doubtful} THEN {NEITHER}")
        if outcome.at_least is not None:
            cases.append(f"WHEN {number(column, family)} IS NULL THEN NULL")
    return f"CASE {' '.join(cases)} ELSE {otherwise} END"


def _doubtful(positive: tuple[Scalar, ...], column: str, family: Family) -> str | None:
    """Return the condition that a value would be taken for a 0 by its writing alone, where 0 is all that is not 1.

    A text that differs from a positive one by case or blanks; where numbers are positive, NaN and infinity.
    """
    if family in (Family.FLOAT, Family.DOUBLE) and positive:
        return f"ISINF({column})"
    if family is not Family.TEXT:
        return None
    words = [sql.literal(value.strip().lower()) for value in positive if isinstance(value, str)]
    if any(not isinstance(value, str | bool) for value in positive):
        words += [sql.literal(word) for word in _NO_NUMBERS]
    return f"LOWER(TRIM({column})) IN ({', '.join(words)})" if words else None


def _any(column: str, family: Family, values: tuple[Scalar, ...]) -> str:
    return "(" + " OR ".join(_equals(column, family, value) for value in values) + ")"


def _equals(column: str, family: Family, value: Scalar) -> str:
    if isinstance(value, str):
        return f"{as_text(column, family)} = {sql.literal(value)}"
    if isinstance(value, bool):
        if family is Family.BOOLEAN:
            return column if value else f"NOT {column}"
        same = f"{number(column, family)} = {int(value)}"
        if family in _NUMBERS:
            return same
        word = "true" if value else "false"
        return f"(LOWER({as_text(column, family)}) = '{word}' OR {same})"
    return f"{number(column, family)} = {_decimal(repr(value), family)}"


def _decimal(written: str, family: Family) -> str:
    """Return a number literal of the column's own precision: 0.1 as stored in 32 bits is not 0.1 in 64."""
    return f"CAST({sql.literal(written)} AS {'FLOAT' if family is Family.FLOAT else 'DOUBLE'})"
