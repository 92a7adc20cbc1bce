"""Expectations about each row, answered from counts of rows.

The arithmetic is that of ``ColumnMapExpectation`` and its kin in Great Expectations 1.x, on its pandas engine:
nulls are left out, ``mostly`` is held against the share of the others, and of none all hold.
"""

from collections.abc import Callable

from hcgov.core.evidence.aggregates import (
    Aggregates,
    Among,
    Ascii,
    Between,
    Greater,
    Kind,
    Matching,
    OfLength,
    Passing,
    Recorded,
    Repeated,
    Test,
)
from hcgov.core.text import text
from hcgov.io.quality.engine import Answer
from hcgov.io.quality.given import KNOWN, NUMBERS, Given, LeftError, Translation
from hcgov.io.quality.patterns import common

_COUNTS = text("a function of counts")


def counted(rows: int, missing: int | None, unexpected: int, mostly: float) -> Answer:
    """Return what the library says of rows: BASIC, without a list of values.

    Parameters
    ----------
    rows, unexpected
        Rows, and those of them that are against the expectation.
    missing
        Rows that are left out; ``None`` where nulls are what it is about.
    """
    looked = rows - (missing or 0)
    total = unexpected / rows * 100 if rows else None
    share = total if missing is None else (unexpected / looked * 100 if looked else None)
    result: dict[str, object] = {
        "element_count": rows,
        "unexpected_count": unexpected,
        "unexpected_percent": share,
    }
    if missing is not None:
        result |= {
            "missing_count": missing,
            "missing_percent": missing / rows * 100 if rows else None,
            "unexpected_percent_total": total,
            "unexpected_percent_nonmissing": share,
        }
    return Answer(success=not looked or (looked - unexpected) / looked >= mostly, result=result)


def recorded(given: Given, *, wanted: bool) -> Translation:
    """Translate the expectation that values are recorded, or that none is."""
    given.only("column", "mostly")
    asked, mostly = Recorded(column=given.column(*Kind)), given.mostly()

    def answer(found: Aggregates) -> Answer:
        here = found.count(asked)
        return counted(found.rows, None, found.rows - here if wanted else here, mostly)

    return Translation(of=_COUNTS, asks=(asked,), answer=answer)


def unique(given: Given) -> Translation:
    """Translate the expectation that no value occurs twice."""
    given.only("column", "mostly")
    return _repeated((given.column(*KNOWN),), given)


def compound_unique(given: Given) -> Translation:
    """Translate the expectation that no combination of values occurs twice."""
    given.only("column_list", "mostly", "ignore_row_if")
    given.choice("ignore_row_if", "all_values_are_missing")
    columns = given.wanted.columns
    if len(columns) < 2 or len(set(columns)) < len(columns):
        raise given.odd("column_list")
    for column in columns:
        given.holds(column, *KNOWN)
    return _repeated(columns, given)


def _repeated(columns: tuple[str, ...], given: Given) -> Translation:
    asked, mostly = Repeated(columns=columns), given.mostly()
    return Translation(
        of=text("a function of counts of equal values"),
        asks=(asked,),
        answer=lambda found: counted(found.rows, found.count(asked, 1), found.count(asked), mostly),
    )


def in_set(given: Given, *, wanted: bool) -> Translation:
    """Translate the expectation that values are among some, or that none is."""
    given.only("column", "value_set", "mostly")
    values, kinds = given.values()
    return _passing(given, given.column(*kinds), Among(values=values), wanted=wanted)


def between(given: Given) -> Translation:
    """Translate the expectation that values lie between two numbers or dates."""
    given.only("column", "min_value", "max_value", "strict_min", "strict_max", "mostly")
    bounds = (given.wanted.arguments.get("min_value"), given.wanted.arguments.get("max_value"))
    if any(isinstance(bound, str) for bound in bounds):
        return _passing(given, given.column(Kind.MOMENT), given.moments(), wanted=True)
    return _passing(given, given.column(*NUMBERS, Kind.SINGLE), given.between(one=True), wanted=True)


def length_between(given: Given) -> Translation:
    """Translate the expectation that texts are so long."""
    given.only("column", "min_value", "max_value", "strict_min", "strict_max", "mostly")
    test = OfLength(between=given.between(whole=True, one=True))
    return _passing(given, given.column(Kind.TEXT), test, wanted=True)


def length_equal(given: Given) -> Translation:
    """Translate the expectation that texts are exactly so long."""
    given.only("column", "value", "mostly")
    length = given.whole("value")
    test = OfLength(between=Between(low=length, high=length))
    return _passing(given, given.column(Kind.TEXT), test, wanted=True)


def matching(given: Given, *, wanted: bool) -> Translation:
    """Translate the expectation that texts match a pattern, or that none does."""
    given.only("column", "regex", "mostly")
    column, pattern = given.column(Kind.TEXT), given.wanted.arguments.get("regex")
    known = common(pattern) if isinstance(pattern, str) else None
    if known is None:
        raise LeftError(text("only Python is sure to read this regular expression as meant"))
    plain = Passing(column=column, test=Ascii())
    translated = _passing(given, column, Matching(pattern=known.re2), wanted=wanted)
    if not known.only_ascii:
        return translated

    def answer(found: Aggregates) -> Answer:
        if found.count(plain) != found.count(Recorded(column=column)):
            raise LeftError(
                text("letters beyond ASCII are read by Python alone as `\\w`, `\\d` and `\\b` mean")
            )
        return translated.answer(found)

    return Translation(of=translated.of, asks=(*translated.asks, plain), answer=answer)


def _passing(given: Given, column: str, test: Test, *, wanted: bool) -> Translation:
    here, passing, mostly = Recorded(column=column), Passing(column=column, test=test), given.mostly()

    def answer(found: Aggregates) -> Answer:
        recorded_, passed = found.count(here), found.count(passing)
        unexpected = recorded_ - passed if wanted else passed
        return counted(found.rows, found.rows - recorded_, unexpected, mostly)

    return Translation(of=_COUNTS, asks=(here, passing), answer=answer)


def greater(given: Given) -> Translation:
    """Translate the expectation that one column's value is above another's."""
    given.only("column_A", "column_B", "or_equal", "mostly", "ignore_row_if")
    left, right = given.column(*NUMBERS, Kind.MOMENT, name="column_A"), given.column(*KNOWN, name="column_B")
    same = (Kind.MOMENT,) if given.kind(left) is Kind.MOMENT else NUMBERS
    given.holds(right, *same)
    ignored = given.choice("ignore_row_if", "both_values_are_missing", "either_value_is_missing")
    or_equal = given.wanted.arguments.get("or_equal") is not None and given.flag("or_equal")
    asked, mostly = Greater(left=left, right=right, or_equal=or_equal), given.mostly()

    def answer(found: Aggregates) -> Answer:
        held, both, neither = (found.count(asked, place) for place in range(3))
        if ignored == "both_values_are_missing" and both + neither != found.rows:
            raise LeftError(text("in some rows one of the two values is missing"))
        return counted(found.rows, found.rows - both, both - held, mostly)

    return Translation(of=_COUNTS, asks=(asked,), answer=answer)


ROWS: dict[str, Callable[[Given], Translation]] = {
    "expect_column_values_to_not_be_null": lambda given: recorded(given, wanted=True),
    "expect_column_values_to_be_null": lambda given: recorded(given, wanted=False),
    "expect_column_values_to_be_unique": unique,
    "expect_compound_columns_to_be_unique": compound_unique,
    "expect_column_values_to_be_in_set": lambda given: in_set(given, wanted=True),
    "expect_column_values_to_not_be_in_set": lambda given: in_set(given, wanted=False),
    "expect_column_values_to_be_between": between,
    "expect_column_value_lengths_to_be_between": length_between,
    "expect_column_value_lengths_to_equal": length_equal,
    "expect_column_values_to_match_regex": lambda given: matching(given, wanted=True),
    "expect_column_values_to_not_match_regex": lambda given: matching(given, wanted=False),
    "expect_column_pair_values_a_to_be_greater_than_b": greater,
}
"""Expectations about rows that the scan may answer, by their types."""
