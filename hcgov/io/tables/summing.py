"""Aggregates of typed columns in the embedded engine: a look, one pass for most, and one for what needs the first.

Each pass is one statement. A column of text with few distinct values is counted value by value first, so that a
test is made once a distinct value instead of once a row. Nothing here is approximate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.aggregates import (
    Aggregate,
    Answer,
    Deviation,
    Distinct,
    Extremes,
    Greater,
    Kind,
    Ordered,
    Passing,
    Recorded,
    Repeated,
    Sum,
)
from hcgov.io.tables.conditions import condition
from hcgov.io.tables.looking import Ways, alone, look
from hcgov.io.tables.ordering import Places, Sought, ranks_of, sought
from hcgov.io.tables.questions import Numbers, Question, Summed, answered, listed
from hcgov.io.tables.unread import UnreadError

__all__ = ["Summed", "answers_to"]

_ROWS = "rows"
_Questions: TypeAlias = dict[Aggregate | Places | str, Question]
_Given: TypeAlias = Mapping[Aggregate | Places | str, Numbers]


def answers_to(summed: Summed, asked: Sequence[Aggregate]) -> tuple[int, dict[Aggregate, Answer]]:
    """Return the rows of a table and the answer to every aggregate that is asked.

    Raises
    ------
    UnreadError
        The files do not hold what their format promises.
    """
    ways, given = _pass(summed, look(summed, asked), asked)
    orders = {column: _order(summed, column, ways, asked, given) for column in ways.places}
    last: _Questions = {column: order.question for column, order in orders.items() if order.ranks}
    # A key that repeats: how often each number occurs has to be counted.
    last |= {
        one: _repeated(summed, one)
        for one in asked
        if isinstance(one, Repeated) and (bits := _bits(ways, one)) and given[one] != (bits,)
    }
    later = answered(summed.relation, last)
    rows = int(given[_ROWS][0] or 0)
    answers: dict[Aggregate, Answer] = {}
    for one in asked:
        if isinstance(one, Ordered):
            values = orders[one.column].values(later.get(one.column, ()))
            ranks = ranks_of(one, _count(given[Recorded(column=one.column)]))
            answers[one] = tuple(values[rank] for rank in ranks) or (None,) * len(one.shares)
        elif isinstance(one, Extremes | Sum | Deviation):
            answers[one] = given[one]
        elif isinstance(one, Repeated) and (bits := _bits(ways, one)) and one not in later:
            answers[one] = 0, rows - bits
        else:
            answers[one] = tuple(number or 0 for number in later.get(one, given[one]))
    return rows, answers


def _pass(summed: Summed, ways: Ways, asked: Sequence[Aggregate]) -> tuple[Ways, _Given]:
    """Ask everything that needs nothing but the look; without keeping values where memory does not hold them."""
    lists = {_list(at): summed.rows(*terms) for at in ways.places.values() if (terms := at.lists())}
    try:
        return ways, answered(summed.relation, _first(summed, ways, asked), lists=lists)
    except UnreadError as gone:
        if not lists or gone.absent.reason is not Absence.TOO_LARGE:
            raise
    places = {column: replace(at, kept=frozenset()) for column, at in ways.places.items()}
    return _pass(summed, replace(ways, places=places), asked)


def _count(numbers: Numbers) -> int:
    return int(numbers[0] or 0)


def _bits(ways: Ways, asked: Repeated) -> int:
    """Return how many bits of a bitmap are set where no number repeats; 0 where there is no bitmap."""
    bitmap = ways.bitmaps.get(asked.columns[0]) if len(asked.columns) == 1 else None
    return bitmap.recorded if bitmap is not None else 0


def _first(summed: Summed, ways: Ways, asked: Sequence[Aggregate]) -> _Questions:
    """Return everything that needs nothing but the look."""
    first: _Questions = {_ROWS: summed.rows("COUNT(*)")}
    for one in asked:
        if isinstance(one, Ordered):
            at = ways.places[one.column]
            first[Recorded(column=one.column)] = summed.rows(f"COUNT({at.column})")
            first[at] = summed.rows(*at.terms())
        elif (column := alone(one)) in ways.bitmaps and _is_key(one):
            first[one] = summed.rows(ways.bitmaps[column].distinct)
        elif isinstance(one, Repeated):
            first[one] = _repeated(summed, one)
        elif isinstance(one, Recorded | Passing | Distinct) and one.column in ways.by_value:
            first[one] = summed.by_value([one.column], _term_by_value(summed, one))
        else:
            first[one] = summed.rows(*_terms(summed, one))
    return first


def _is_key(asked: Aggregate) -> bool:
    return isinstance(asked, Repeated) or (isinstance(asked, Distinct) and asked.test is None)


def _terms(
    summed: Summed, asked: Recorded | Passing | Distinct | Extremes | Sum | Deviation | Greater
) -> tuple[str, ...]:
    """Return the terms of an aggregate in a pass over the rows."""
    if isinstance(asked, Greater):
        left, right = summed.name(asked.left), summed.name(asked.right)
        return (
            f"COUNT_IF({left} {'>=' if asked.or_equal else '>'} {right})",
            f"COUNT_IF({left} IS NOT NULL AND {right} IS NOT NULL)",
            f"COUNT_IF({left} IS NULL AND {right} IS NULL)",
        )
    column, kind = summed.name(asked.column), summed.kinds[asked.column]
    match asked:
        case Recorded():
            return (f"COUNT({column})",)
        case Passing():
            return (f"COUNT_IF({condition(column, kind, asked.test)})",)
        case Extremes():
            return f"MIN({column})", f"MAX({column})"
        case Sum():
            return (f"{'SUM' if kind is Kind.WHOLE else 'FSUM'}({column})",)
        case Deviation():
            return (f"STDDEV_SAMP(CAST({column} AS DOUBLE))",)
        case Distinct():
            only = "" if asked.test is None else f" FILTER (WHERE {condition(column, kind, asked.test)})"
            return (f"COUNT(DISTINCT {column}){only}",)
        case _:
            assert_never(asked)


def _term_by_value(summed: Summed, asked: Recorded | Passing | Distinct) -> str:
    """Return the term of an aggregate in a pass over the distinct values of its column."""
    column, kind = summed.name(asked.column), summed.kinds[asked.column]
    match asked:
        case Recorded():
            return f"SUM(times) FILTER (WHERE {column} IS NOT NULL)"
        case Passing():
            return f"SUM(times) FILTER (WHERE {condition(column, kind, asked.test)})"
        case Distinct():
            passes = f"{column} IS NOT NULL" if asked.test is None else condition(column, kind, asked.test)
            return f"COUNT_IF({passes})"
        case _:
            assert_never(asked)


def _repeated(summed: Summed, asked: Repeated) -> Question:
    nothing = " AND ".join(f"{summed.name(column)} IS NULL" for column in asked.columns)
    repeated = f"SUM(times) FILTER (WHERE times > 1 AND NOT ({nothing}))"
    return summed.by_value(asked.columns, repeated, f"SUM(times) FILTER (WHERE {nothing})")


def _order(summed: Summed, column: str, ways: Ways, asked: Sequence[Aggregate], given: _Given) -> Sought:
    """Find the order statistics of a column as far as the pass has told them."""
    at, count = ways.places[column], _count(given[Recorded(column=column)])
    ranks = [
        r for one in asked if isinstance(one, Ordered) and one.column == column for r in ranks_of(one, count)
    ]
    return sought(at, given[at], count, ranks, summed.source, listed(_list(at), at.column))


def _list(at: Places) -> str:
    return f"{at.column}_between"
