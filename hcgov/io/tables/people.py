"""Who the rows are about: each row a person, people who repeat, or nobody knows; and what a row counts for."""

from enum import StrEnum

from hcgov.core.evidence.absent import Absence
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.engine import Embedded
from hcgov.io.tables.relation import Column, Relation
from hcgov.io.tables.schema import Family
from hcgov.io.tables.unread import UnreadError, unread

_LOOK = 20_000
"""Rows that are looked at first: where people repeat, most tables show it there."""
_BITS_A_ROW = 16
"""Whole numbers are marked in a bitmap while it has at most so many bits a row."""


class People(StrEnum):
    """What a table says about people."""

    EACH_ROW = "each_row"
    """Every row, or every counted unit, is a different person."""
    REPEATED = "repeated"
    """A column identifies them, and some have several rows or some rows have none."""
    UNKNOWN = "unknown"


def people_of(relation: Relation) -> People:
    """Find out what a table says about people.

    A column of persons goes before the manifest's word: `unit: person` is believed only where no column can
    contradict it. Of a table that is already aggregated only its ``count`` speaks.

    Raises
    ------
    UnreadError
        The column of persons is not in the table, or the table cannot be read.
    """
    table = relation.table
    if table.count is not None:
        return People.EACH_ROW if table.count.unit == "person" else People.UNKNOWN
    if table.roles.person is None:
        return People.EACH_ROW if table.unit == "person" else People.UNKNOWN
    return People.EACH_ROW if _all_differ(relation, person_column(relation)) else People.REPEATED


def _all_differ(relation: Relation, person: Column) -> bool:
    """Whether every row names a person, and no two the same: a look at some rows, then exact."""
    look = relation.first_rows([person.name], _LOOK)
    counts = ["COUNT(*)", f"COUNT(DISTINCT {person.name})"]
    ((rows, distinct),) = relation.read(sql.select(counts, f"({look}) look"))
    if rows != distinct or int(rows or 0) < _LOOK:
        return rows == distinct
    ends = ["COUNT(*)", f"COUNT({person.name})"]
    whole = person.family is Family.EXACT and isinstance(relation.engine, Embedded)
    if whole:
        ends += [f"MIN({person.name})", f"MAX({person.name})"]
    ((rows, named, *range_),) = relation.read(sql.select(ends, relation.source))
    if rows != named:
        return False
    query = sql.different(person.name, relation.source)
    match range_:
        case [int(low), int(high)] if high - low < _BITS_A_ROW * int(rows or 0):
            query = sql.different_whole(person.name, relation.source, low, high)
    return relation.number(query) == rows


def person_column(relation: Relation) -> Column:
    """Return the column that identifies persons; only for tables that have one."""
    return relation.column(str(relation.table.roles.person))


def count_terms(relation: Relation) -> tuple[str, str]:
    """Return the SQL of how many units a row stands for, and of whether its count is unusable (1 or 0)."""
    if relation.table.count is None:
        return "1", "0"
    column = relation.column(relation.table.count.column)
    number = flags.number(column.name, column.family)
    valid = sql.valid_count(column.name, number=number)
    unit = f"CASE WHEN {valid} THEN {sql.whole_count(column.name)} ELSE 0 END"
    return unit, f"CASE WHEN {valid} THEN 0 ELSE 1 END"


def weight_terms(relation: Relation) -> tuple[str, str] | None:
    """Return the SQL of a row's weight, and of whether it is unusable (1 or 0); ``None`` where rows have none."""
    if relation.table.roles.weight is None:
        return None
    column = relation.column(relation.table.roles.weight)
    number = sql.real(flags.number(column.name, column.family))
    valid = sql.valid_weight(number)
    return f"CASE WHEN {valid} THEN {number} ELSE 0 END", f"CASE WHEN {valid} THEN 0 ELSE 1 END"


def bad_counts(relation: Relation, rows: int) -> UnreadError:
    """Return the refusal of a table with unusable counts."""
    column = "" if relation.table.count is None else relation.table.count.column
    detail = text(
        "{rows} {rows|row|rows} of `{path}` {rows|has|have} a negative, fractional or missing count in `{column}`, "
        "or one above 10^27",
        rows=rows,
        path=relation.where.path,
        column=column,
    )
    return unread(Absence.UNREADABLE, relation.where.name, detail)


def bad_weights(relation: Relation, rows: int) -> UnreadError:
    """Return the refusal of a table with unusable weights."""
    detail = text(
        "{rows} {rows|row|rows} of `{path}` {rows|has|have} no weight above 0 in `{column}`: it is zero, negative, "
        "infinite, missing or no "
        "number; correct them or take them out",
        rows=rows,
        path=relation.where.path,
        column=relation.table.roles.weight or "",
    )
    return unread(Absence.UNREADABLE, relation.where.name, detail)
