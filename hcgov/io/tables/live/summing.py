"""Aggregates of typed columns in plain SQL: the road of every engine but the embedded one.

Two statements at most for a usual suite: what one pass over the rows gives, and then, all together, what needs that
first. Sums of floating-point numbers are sums of whole numbers, so no engine's order of adding decides.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hcgov.core.evidence.aggregates import (
    Aggregate,
    Answer,
    Ascii,
    Deviation,
    Distinct,
    Extremes,
    Greater,
    Kind,
    Matching,
    Number,
    Ordered,
    Passing,
    Recorded,
    Repeated,
    Sum,
    Test,
)
from hcgov.core.frozen import frozen
from hcgov.core.text import Text, text
from hcgov.io.tables import sql
from hcgov.io.tables.conditions import condition
from hcgov.io.tables.live.moments import deviation, moment_terms, total
from hcgov.io.tables.live.patterns import pattern_in
from hcgov.io.tables.ordering import ranks_of
from hcgov.io.tables.relation import Relation

TERMS = 1_000
"""Terms of one statement; PostgreSQL takes up to 1 664."""
TOGETHER = 8
"""Questions that are put into one statement: each costs a pass, and a statement has its time."""


@frozen
class Plain:
    """A table in an engine of a connection.

    Parameters
    ----------
    relation
        The table.
    source
        The query of its typed columns ``c0``, ``c1`` …
    at, kinds
        Position and kind of each column that may be asked about.
    dialect
        Of the engine.
    """

    relation: Relation
    source: str
    at: Mapping[str, int]
    kinds: Mapping[str, Kind | None]
    dialect: str

    def name(self, column: str) -> str:
        """Return a column's name in the engine."""
        return f"c{self.at[column]}"


@frozen
class Question:
    """A query that gives one row: its terms and where they are taken from."""

    about: Aggregate
    terms: tuple[str, ...]
    source: str


@dataclass
class _Found:
    rows: int = 0
    answers: dict[Aggregate, Answer] = field(default_factory=dict)

    def count(self, column: str) -> int:
        return int(self.answers[Recorded(column=column)][0] or 0)

    def ends(self, column: str) -> tuple[Number | None, Number | None]:
        least, greatest = self.answers[Extremes(column=column)]
        return least, greatest


def refused(asked: Aggregate, dialect: str) -> Text | None:
    """Return why an engine is not asked for an aggregate, or ``None`` where it is."""
    test = asked.test if isinstance(asked, Passing | Distinct) else None
    if isinstance(test, Matching) and pattern_in(test.pattern, dialect) is None:
        return text("the engine of its connection is not sure to read this regular expression as Python does")
    return None


def answers_to(plain: Plain, asked: Sequence[Aggregate]) -> tuple[int, dict[Aggregate, Answer]]:
    """Return the rows of a table and the answer to every aggregate that is asked.

    Raises
    ------
    UnreadError
        The engine does not answer.
    """
    found = _Found()
    first = dict.fromkeys(need for one in asked for need in (*_needs(one), one) if _terms(plain, need))
    rows, *numbers = _row(plain, ["COUNT(*)", *(term for one in first for term in _terms(plain, one))])
    found.rows = int(rows or 0)
    rest = iter(numbers)
    for one in first:
        found.answers[one] = tuple(next(rest) for _ in _terms(plain, one))
    later = [one for one in asked if one not in first]
    questions = [question for one in later for question in _questions(plain, one, found)]
    given = _all(plain, questions)
    for one in later:
        found.answers[one] = _answer(one, found, given)
    return found.rows, {one: found.answers[one] for one in asked}


def _needs(asked: Aggregate) -> Iterator[Aggregate]:
    """Yield what has to be known before an aggregate can be asked for."""
    if isinstance(asked, Ordered | Sum | Deviation):
        yield Recorded(column=asked.column)
    if isinstance(asked, Sum | Deviation):
        yield Extremes(column=asked.column)
    if isinstance(asked, Repeated) and len(asked.columns) == 1:
        yield Recorded(column=asked.columns[0])


def _terms(plain: Plain, asked: Aggregate) -> tuple[str, ...]:
    """Return the terms of an aggregate in a pass over the rows; none where one pass does not do."""
    match asked:
        case Recorded():
            return (f"COUNT({plain.name(asked.column)})",)
        case Extremes():
            return f"MIN({plain.name(asked.column)})", f"MAX({plain.name(asked.column)})"
        case Passing():
            return (sql.count_if(_condition(plain, asked.column, asked.test)),)
        case Greater():
            left, right = plain.name(asked.left), plain.name(asked.right)
            return (
                sql.count_if(f"{left} {'>=' if asked.or_equal else '>'} {right}"),
                sql.count_if(f"{left} IS NOT NULL AND {right} IS NOT NULL"),
                sql.count_if(f"{left} IS NULL AND {right} IS NULL"),
            )
        case _:
            return ()


def _condition(plain: Plain, column: str, test: Test) -> str:
    name = plain.name(column)
    if isinstance(test, Matching):
        return f"REGEXP_MATCHES({name}, {sql.literal(pattern_in(test.pattern, plain.dialect) or '')})"
    if isinstance(test, Ascii):
        return f"STRLEN({name}) = LENGTH({name})"
    return condition(name, plain.kinds[column] or Kind.OTHER, test)


def _questions(plain: Plain, asked: Aggregate, found: _Found) -> Iterator[Question]:
    """Yield what is asked beyond a pass over the rows."""
    if isinstance(asked, Distinct):
        test = "" if asked.test is None else _condition(plain, asked.column, asked.test)
        name = plain.name(asked.column)
        yield Question(
            about=asked,
            terms=(sql.count_if(test) if test else f"COUNT({name})",),
            source=_by_value(plain, [name]),
        )
    elif isinstance(asked, Repeated):
        names = [plain.name(column) for column in asked.columns]
        nothing = " AND ".join(f"{name} IS NULL" for name in names)
        repeated = f"SUM(CASE WHEN times > 1 AND NOT ({nothing}) THEN times END)"
        none = f"SUM(CASE WHEN {nothing} THEN times END)"
        yield Question(about=asked, terms=(repeated, none), source=_by_value(plain, names))
    elif isinstance(asked, Ordered) and found.count(asked.column):
        yield _ordered(plain, asked, found.count(asked.column))
    elif isinstance(asked, Sum | Deviation) and found.count(asked.column):
        name, kind = plain.name(asked.column), plain.kinds[asked.column]
        terms = moment_terms(name, asked, *found.ends(asked.column), whole=kind is Kind.WHOLE)
        if terms:
            yield Question(about=asked, terms=terms, source=plain.source)


def _by_value(plain: Plain, names: Sequence[str]) -> str:
    return f"({sql.grouped(names, ['COUNT(*) AS times'], plain.source)}) counted"


def _ordered(plain: Plain, asked: Ordered, count: int) -> Question:
    """Return the query for order statistics: the least value up to which there are more values than its rank."""
    name = plain.name(asked.column)
    counted = sql.grouped([name], ["COUNT(*) AS times"], f"{plain.source} WHERE {name} IS NOT NULL")
    upto = f"SUM(times) OVER (ORDER BY {name} NULLS FIRST ROWS UNBOUNDED PRECEDING) AS upto"
    terms = tuple(f"MIN(CASE WHEN upto > {rank} THEN {name} END)" for rank in ranks_of(asked, count))
    return Question(
        about=asked, terms=terms, source=f"({sql.select([name, upto], f'({counted}) counted')}) placed"
    )


def _answer(asked: Aggregate, found: _Found, given: Mapping[Aggregate, Answer]) -> Answer:
    numbers = given.get(asked)
    match asked:
        case Ordered():
            return numbers or (None,) * len(asked.shares)
        case Sum():
            return (total(numbers, *found.ends(asked.column)),)
        case Deviation():
            return (deviation(numbers, found.count(asked.column), *found.ends(asked.column)),)
        case _:
            return tuple(number or 0 for number in numbers or ())


def _all(plain: Plain, questions: Sequence[Question]) -> dict[Aggregate, Answer]:
    """Ask several questions in one statement each: engines such as Spark start slowly and then do all at once."""
    merged: dict[str, list[Question]] = {}
    for question in questions:
        merged.setdefault(question.source, []).append(question)
    found: dict[Aggregate, Answer] = {}
    sources = list(merged)
    for start in range(0, len(sources), TOGETHER):
        some = [(source, merged[source]) for source in sources[start : start + TOGETHER]]
        terms, queries = [], []
        for q, (source, several) in enumerate(some):
            inner = [term for question in several for term in question.terms]
            named = [f"{term} AS x{i}" for i, term in enumerate(inner)]
            queries.append(f"({sql.select(named, source)}) q{q}")
            terms += [f"q{q}.x{i}" for i in range(len(inner))]
        (row,) = plain.relation.read(sql.select(terms, " CROSS JOIN ".join(queries)))
        numbers = iter(row)
        for _, several in some:
            for question in several:
                found[question.about] = tuple(_number(next(numbers)) for _ in question.terms)
    return found


def _row(plain: Plain, terms: Sequence[str]) -> Answer:
    """Return the one row of numbers that terms over the table give."""
    numbers: list[Number | None] = []
    for start in range(0, len(terms), TERMS):
        named = [f"{term} AS x{i}" for i, term in enumerate(terms[start : start + TERMS])]
        (row,) = plain.relation.read(sql.select(named, plain.source))
        numbers += map(_number, row)
    return tuple(numbers)


def _number(cell: object) -> Number | None:
    if not isinstance(cell, int | float):
        return None
    return None if math.isnan(cell) else cell
