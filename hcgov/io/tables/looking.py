"""A look at a table before its scan, which decides how each aggregate is found, but never what it is."""

from collections.abc import Mapping, Sequence

from hcgov.core.evidence.aggregates import Aggregate, Distinct, Kind, Ordered, Passing, Repeated
from hcgov.core.frozen import frozen
from hcgov.io.tables.ordering import MOST_KEPT, Places, places, sampled
from hcgov.io.tables.questions import Numbers, Question, Summed, answered

PROBED = 20_000
"""Rows that are looked at; only speed and memory depend on them."""
REPEATS = 8
"""Rows for each distinct value from which a column is counted value by value before it is tested."""
MOST_VALUES = 500_000
"""Distinct values up to which that is done, for the sake of memory."""
SPARSE = 8
"""Whole numbers are marked in a bitmap while it has at most so many bits for each that is recorded."""
MOST_BITS = 500_000_000
"""Bits that a bitmap has at most; each core fills one of its own."""
LARGE = 200_000
"""Rows from which it pays not to put all numbers of a column in order."""

_ROWS = "rows"


@frozen
class Bitmap:
    """A bitmap in which the whole numbers of a column can be marked.

    Parameters
    ----------
    recorded
        Recorded numbers of the column.
    distinct
        The term that counts the distinct ones.
    """

    recorded: int
    distinct: str


@frozen
class Ways:
    """How aggregates are found.

    Parameters
    ----------
    by_value
        Columns of text with few distinct values for their rows.
    bitmaps
        Of columns of whole numbers that stand close together, where their distinct values are asked for.
    places
        Where the values of a column are counted, for its order statistics.
    """

    by_value: frozenset[str]
    bitmaps: Mapping[str, Bitmap]
    places: Mapping[str, Places]


def look(summed: Summed, asked: Sequence[Aggregate]) -> Ways:
    """Choose the ways, by the first rows and by the ends of whole numbers, which most files have in their footers.

    Raises
    ------
    UnreadError
        The files do not hold what their format promises.
    """
    kinds = summed.kinds
    texts = [c for c in dict.fromkeys(map(alone, asked)) if c and kinds[c] is Kind.TEXT]
    keys = [c for c in dict.fromkeys(map(_key, asked)) if c and kinds[c] is Kind.WHOLE]
    shares: dict[str, list[float]] = {}
    for one in asked:
        if isinstance(one, Ordered):
            shares.setdefault(one.column, []).extend(one.shares)
    if not (texts or keys or shares):
        return Ways(by_value=frozenset(), bitmaps={}, places={})
    questions: dict[tuple[str, str], Question] = {(_ROWS, ""): summed.rows("COUNT(*)")}
    for column in keys:
        name = summed.name(column)
        questions["key", column] = summed.rows(f"COUNT({name})", f"MIN({name})", f"MAX({name})")
    first = tuple(dict.fromkeys((*texts, *shares)))
    for column in texts:
        name = summed.name(column)
        questions["text", column] = summed.first_rows(
            first, PROBED, f"COUNT({name})", f"COUNT(DISTINCT {name})"
        )
    for column, several in shares.items():
        questions["order", column] = summed.first_rows(first, PROBED, *sampled(summed.name(column), several))
    given = answered(summed.relation, questions)
    rows = int(given[_ROWS, ""][0] or 0)
    return Ways(
        by_value=frozenset(column for column in texts if _few(given["text", column], rows)),
        bitmaps={c: found for c in keys if (found := _bitmap(summed.name(c), given["key", c])) is not None},
        places={
            c: places(
                summed.name(c),
                kinds[c],
                given["order", c] if rows >= LARGE else (),
                rows,
                most=MOST_KEPT // len(shares),
            )
            for c in shares
        },
    )


def alone(asked: Aggregate) -> str:
    """Return the one column whose distinct values are all that an aggregate is about, if it is such a one."""
    return asked.column if isinstance(asked, Passing) else _key(asked)


def _key(asked: Aggregate) -> str:
    """Return the one column whose distinct values are counted, if it is such an aggregate."""
    if isinstance(asked, Distinct):
        return asked.column
    return asked.columns[0] if isinstance(asked, Repeated) and len(asked.columns) == 1 else ""


def _few(found: Numbers, rows: int) -> bool:
    looked, distinct = (int(number or 0) for number in found)
    return _distinct_in_all(looked, distinct) <= min(rows / REPEATS, MOST_VALUES)


def _distinct_in_all(looked: int, distinct: int) -> float:
    """Guess the distinct values of a column from those among its first rows, as if all were as frequent.

    Of ``looked`` draws from so many values about ``looked**2 / 2`` over their number come again (the birthday
    problem).
    """
    again = looked - distinct
    return max(distinct, looked * looked / (2 * again)) if again else looked * looked


def _bitmap(name: str, found: Numbers) -> Bitmap | None:
    recorded, least, greatest = found
    if not recorded or least is None or greatest is None:
        return None
    if greatest - least >= min(SPARSE * recorded, MOST_BITS):
        return None
    # Exact, unlike a sketch, and several times as fast as a set of all values.
    bits = f"BIT_COUNT(BITSTRING_AGG({name}, {int(least)}, {int(greatest)}))"
    return Bitmap(recorded=int(recorded), distinct=bits)
