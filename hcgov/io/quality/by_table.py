"""Expectations about a table's shape, answered from its number of rows and the names of its columns."""

from collections.abc import Callable

from hcgov.core.evidence.aggregates import Aggregates
from hcgov.core.text import text
from hcgov.io.quality.by_column import within
from hcgov.io.quality.engine import Answer
from hcgov.io.quality.given import Given, Translation

_ROWS = text("a function of the number of rows")
_NAMES = text("a function of the columns' names")


def row_count_equal(given: Given) -> Translation:
    """Translate the expectation that there are so many rows."""
    given.only("value")
    value = given.whole("value")
    return Translation(
        of=_ROWS,
        asks=(),
        answer=lambda found: Answer(success=found.rows == value, result={"observed_value": found.rows}),
    )


def row_count_between(given: Given) -> Translation:
    """Translate the expectation that the number of rows lies between two."""
    given.only("min_value", "max_value", "strict_min", "strict_max")
    bounds = given.between(whole=True)
    return Translation(
        of=_ROWS,
        asks=(),
        answer=lambda found: Answer(
            success=within(found.rows, bounds), result={"observed_value": found.rows}
        ),
    )


def column_count_equal(given: Given) -> Translation:
    """Translate the expectation that there are so many columns."""
    given.only("value")
    value = given.whole("value")
    return Translation(
        of=_NAMES,
        asks=(),
        answer=lambda found: Answer(
            success=len(found.kinds) == value, result={"observed_value": len(found.kinds)}
        ),
    )


def column_exists(given: Given) -> Translation:
    """Translate the expectation that there is a column, perhaps at a place."""
    given.only("column", "column_index")
    column = given.wanted.column
    if not column:
        raise given.odd("column")
    index = given.wanted.arguments.get("column_index")
    place = None if index is None else given.whole("column_index")

    def answer(found: Aggregates) -> Answer:
        names = list(found.kinds)
        if not place:  # the library reads 0 as any place
            return Answer(success=column in found.kinds, result={})
        return Answer(success=-len(names) <= place < len(names) and names[place] == column, result={})

    return Translation(of=_NAMES, asks=(), answer=answer)


def columns_match_set(given: Given) -> Translation:
    """Translate the expectation that the columns are these, or at least these."""
    given.only("column_set", "exact_match")
    told = given.wanted.arguments.get("column_set")
    if not isinstance(told, list) or not all(isinstance(name, str) for name in told):
        raise given.odd("column_set")
    expected = {str(name) for name in told}
    exact = "exact_match" not in given.wanted.arguments or given.flag("exact_match")

    def answer(found: Aggregates) -> Answer:
        beyond, missing = sorted(found.kinds.keys() - expected), sorted(expected - found.kinds.keys())
        mismatched = ({"unexpected": beyond} if beyond else {}) | ({"missing": missing} if missing else {})
        result: dict[str, object] = {"observed_value": sorted(found.kinds)}
        result |= {"details": {"mismatched": mismatched}} if mismatched else {}
        return Answer(success=not missing and not (exact and beyond), result=result)

    return Translation(of=_NAMES, asks=(), answer=answer)


TABLES: dict[str, Callable[[Given], Translation]] = {
    "expect_table_row_count_to_equal": row_count_equal,
    "expect_table_row_count_to_be_between": row_count_between,
    "expect_table_column_count_to_equal": column_count_equal,
    "expect_table_columns_to_match_set": columns_match_set,
    "expect_column_to_exist": column_exists,
}
"""Expectations about a table's shape that the scan answers, by their types."""
