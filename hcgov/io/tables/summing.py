"""Aggregates of typed columns in the embedded engine: one pass for most, a second for what needs the first.

A column of text with few distinct values is counted value by value first, so that a test is made once a
distinct value instead of once a row. Nothing here is approximate.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from hcgov.core.evidence.aggregates import (
    Aggregate,
    Answer,
    Deviation,
    Distinct,
    Extremes,
    Greater,
    Kind,
    Number,
    Ordered,
    Passing,
    Recorded,
    Repeated,
    Sum,
)
from hcgov.io.tables import sql
from hcgov.io.tables.conditions import condition
from hcgov.io.tables.relation import Relation

PROBED = 20_000
"""Rows that are looked at to guess how many distinct values a column has; only speed depends on it."""
REPEATS = 8
"""Rows for each distinct value from which a column is counted value by value before it is tested."""
MOST_VALUES = 500_000
"""Distinct values up to which that is done, for the sake of memory."""
SPARSE = 8
"""Whole numbers are marked in a bitmap while it has at most so many bits a row."""


@dataclass(frozen=True, kw_only=True)
class Summed:
    """A table whose columns have been given their types.

    Parameters
    ----------
    relation
        The table in the engine.
    source
        The query of its typed columns ``c0``, ``c1`` …
    at, kinds
        Position and kind of each column that may be asked about.
    """

    relation: Relation
    source: str
    at: Mapping[str, int]
    kinds: Mapping[str, Kind]

    def name(self, column: str) -> str:
        """Return a column's name in the engine."""
        return f"c{self.at[column]}"

    def numbers(self, terms: Sequence[str], source: str = "") -> Answer:
        """Return the one row of numbers that a query gives."""
        (row,) = self.relation.read(sql.select(terms, source or self.source))
        return tuple(_number(cell) for cell in row)


@dataclass
class _Found:
    rows: int = 0
    answers: dict[Aggregate, Answer] = field(default_factory=dict)

    def count(self, asked: Aggregate) -> int:
        return int(self.answers[asked][0] or 0)


def answers_to(summed: Summed, asked: Sequence[Aggregate]) -> tuple[int, dict[Aggregate, Answer]]:
    """Return the rows of a table and the answer to every aggregate that is asked.

    Raises
    ------
    UnreadError
        The files do not hold what their format promises.
    """
    found = _Found()
    by_value, rest = _split(summed, asked)
    first, later = (
        [one for one in rest if _terms(summed, one)],
        [one for one in rest if not _terms(summed, one)],
    )
    _scan(summed, [*first, *(need for one in later for need in _needs(summed, one))], found)
    for column, wanted in by_value.items():
        _count_values(summed, column, wanted, found)
    _order(summed, [one for one in later if isinstance(one, Ordered)], found)
    for one in later:
        if isinstance(one, Distinct):
            found.answers[one] = (_distinct(summed, one, found),)
        elif isinstance(one, Repeated):
            found.answers[one] = _repeated(summed, one, found)
    return found.rows, {one: found.answers[one] for one in asked}


def _split(summed: Summed, asked: Sequence[Aggregate]) -> tuple[dict[str, list[Aggregate]], list[Aggregate]]:
    """Return what is answered value by value, by column, and the rest."""
    by_column: dict[str, list[Aggregate]] = defaultdict(list)
    rest: list[Aggregate] = []
    for one in asked:
        column = _alone(one)
        if column and summed.kinds[column] is Kind.TEXT:
            by_column[column].append(one)
        else:
            rest.append(one)
    if by_column:
        (rows,) = summed.numbers(["COUNT(*)"])
        names = [summed.name(column) for column in by_column]
        sample = f"({sql.select(names, summed.source)} LIMIT {PROBED}) sample"
        terms = [term for name in names for term in (f"COUNT({name})", f"COUNT(DISTINCT {name})")]
        counts = [int(number or 0) for number in summed.numbers(terms, sample)]
        for i, column in enumerate(tuple(by_column)):
            guess = _distinct_in_all(counts[2 * i], counts[2 * i + 1])
            if guess > min((rows or 0) / REPEATS, MOST_VALUES):
                rest += by_column.pop(column)
        for one in [it for it in rest if isinstance(it, Recorded) and it.column in by_column]:
            rest.remove(one)
            by_column[one.column].append(one)
    return dict(by_column), rest


def _distinct_in_all(looked: int, distinct: int) -> float:
    """Guess the distinct values of a column from those among its first rows, as if all were as frequent.

    Of ``looked`` draws from so many values about ``looked**2 / 2`` over their number come again (the birthday
    problem).
    """
    again = looked - distinct
    return max(distinct, looked * looked / (2 * again)) if again else looked * looked


def _alone(asked: Aggregate) -> str:
    """Return the one column whose distinct values are all that an aggregate is about, if it is such a one."""
    if isinstance(asked, Passing | Distinct):
        return asked.column
    return asked.columns[0] if isinstance(asked, Repeated) and len(asked.columns) == 1 else ""


def _needs(summed: Summed, asked: Aggregate) -> Iterator[Aggregate]:
    """Yield what has to be known before an aggregate can be asked for."""
    if isinstance(asked, Ordered):
        yield Recorded(column=asked.column)
    column = _alone(asked)
    if column and summed.kinds[column] is Kind.WHOLE and not isinstance(asked, Passing):
        yield Recorded(column=column)
        yield Extremes(column=column)


def _scan(summed: Summed, asked: Sequence[Aggregate], found: _Found) -> None:
    """Answer everything that needs nothing else, in one pass."""
    terms = {one: _terms(summed, one) for one in dict.fromkeys(asked)}
    rows, *numbers = summed.numbers(["COUNT(*)", *(term for several in terms.values() for term in several)])
    found.rows = int(rows or 0)
    rest = iter(numbers)
    for one, several in terms.items():
        found.answers[one] = tuple(next(rest) for _ in several)


def _terms(summed: Summed, asked: Aggregate) -> tuple[str, ...]:
    """Return the terms of an aggregate in a pass over the rows; none where one pass does not do."""
    if isinstance(asked, Ordered | Repeated):
        return ()
    if isinstance(asked, Greater):
        left, right = summed.name(asked.left), summed.name(asked.right)
        return (
            f"COUNT(*) FILTER (WHERE {left} {'>=' if asked.or_equal else '>'} {right})",
            f"COUNT(*) FILTER (WHERE {left} IS NOT NULL AND {right} IS NOT NULL)",
            f"COUNT(*) FILTER (WHERE {left} IS NULL AND {right} IS NULL)",
        )
    return _terms_of_column(asked, summed.name(asked.column), summed.kinds[asked.column])


def _terms_of_column(
    asked: Recorded | Passing | Distinct | Extremes | Sum | Deviation, column: str, kind: Kind
) -> tuple[str, ...]:
    match asked:
        case Recorded():
            return (f"COUNT({column})",)
        case Passing():
            return (f"COUNT(*) FILTER (WHERE {condition(column, kind, asked.test)})",)
        case Extremes():
            return f"MIN({column})", f"MAX({column})"
        case Sum():
            return (f"{'SUM' if kind is Kind.WHOLE else 'FSUM'}({column})",)
        case Deviation():
            return (f"STDDEV_SAMP(CAST({column} AS DOUBLE))",)
        case Distinct():
            if asked.test is not None:
                return (f"COUNT(DISTINCT {column}) FILTER (WHERE {condition(column, kind, asked.test)})",)
            return () if kind is Kind.WHOLE else (f"COUNT(DISTINCT {column})",)
        case _:
            assert_never(asked)


def _count_values(summed: Summed, column: str, asked: Sequence[Aggregate], found: _Found) -> None:
    """Answer what is asked of a column from how often each of its values occurs."""
    name, kind = summed.name(column), summed.kinds[column]
    terms: list[str] = []
    for one in asked:
        if isinstance(one, Passing):
            terms.append(f"SUM(times) FILTER (WHERE {condition(name, kind, one.test)})")
        elif isinstance(one, Recorded):
            terms.append(f"SUM(times) FILTER (WHERE {name} IS NOT NULL)")
        elif isinstance(one, Distinct):
            only = f" FILTER (WHERE {condition(name, kind, one.test)})" if one.test is not None else ""
            terms.append(f"COUNT({name}){only}")
        else:
            terms += [
                f"SUM(times) FILTER (WHERE times > 1 AND {name} IS NOT NULL)",
                f"SUM(times) FILTER (WHERE {name} IS NULL)",
            ]
    counted = f"({sql.grouped([name], ['COUNT(*) AS times'], summed.source)}) counted"
    rest = iter(number or 0 for number in summed.numbers(terms, counted))
    for one in asked:
        found.answers[one] = tuple(next(rest) for _ in range(2 if isinstance(one, Repeated) else 1))


def _distinct(summed: Summed, asked: Distinct, found: _Found) -> int:
    """Count the distinct whole numbers of a column, in a bitmap where they stand close together."""
    name = summed.name(asked.column)
    least, greatest = found.answers[Extremes(column=asked.column)]
    if least is None or greatest is None:
        return 0
    # Exact, unlike a sketch, and several times as fast as a set of all values.
    dense = greatest - least < SPARSE * found.count(Recorded(column=asked.column))
    bits = f"BIT_COUNT(BITSTRING_AGG({name}, {int(least)}, {int(greatest)}))"
    (distinct,) = summed.numbers([bits if dense else f"COUNT(DISTINCT {name})"])
    return int(distinct or 0)


def _repeated(summed: Summed, asked: Repeated, found: _Found) -> Answer:
    names = [summed.name(column) for column in asked.columns]
    if len(names) == 1 and summed.kinds[asked.columns[0]] is Kind.WHOLE:
        recorded = found.count(Recorded(column=asked.columns[0]))
        if _distinct(summed, Distinct(column=asked.columns[0]), found) == recorded:
            return 0, found.rows - recorded
    nothing = " AND ".join(f"{name} IS NULL" for name in names)
    counted = f"({sql.grouped(names, ['COUNT(*) AS times'], summed.source)}) counted"
    terms = [
        f"SUM(times) FILTER (WHERE times > 1 AND NOT ({nothing}))",
        f"SUM(times) FILTER (WHERE {nothing})",
    ]
    return tuple(number or 0 for number in summed.numbers(terms, counted))


def _order(summed: Summed, asked: Sequence[Ordered], found: _Found) -> None:
    """Answer order statistics by their ranks, each column once."""
    ranks: dict[str, list[int]] = {}
    for one in asked:
        count = found.count(Recorded(column=one.column))
        if count:
            wanted = ranks.setdefault(one.column, [])
            wanted += [rank for rank in _ranks(one, count) if rank not in wanted]
    values: dict[str, dict[int, Number | None]] = {}
    for column, several in ranks.items():
        # The middle of a rank's share of the column: no rounding can lead to another rank.
        count = found.count(Recorded(column=column))
        shares = ", ".join(repr((rank + 0.5) / count) for rank in several)
        listed = (
            f"({sql.select([f'QUANTILE_DISC({summed.name(column)}, [{shares}]) AS q'], summed.source)}) o"
        )
        numbers = summed.numbers([f"q[{i}]" for i in range(1, len(several) + 1)], listed)
        values[column] = dict(zip(several, numbers, strict=True))
    for one in asked:
        count = found.count(Recorded(column=one.column))
        found.answers[one] = tuple(
            values[one.column][rank] if count else None
            for rank in (_ranks(one, count) if count else [0] * len(one.shares))
        )


def _ranks(asked: Ordered, count: int) -> list[int]:
    """Return the ranks, from 0, of the order statistics that are asked."""
    return [_rank(share * (count - 1), asked.rounding) for share in asked.shares]


def _rank(index: float, rounding: str) -> int:
    whole = int(index)
    if rounding == "lower" or index == whole:
        return whole
    return whole + 1 if rounding == "higher" else round(index)


def _number(cell: object) -> Number | None:
    return cell if isinstance(cell, int | float) else None
