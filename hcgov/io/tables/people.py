"""Who the rows are about: each row a person, people who repeat, or nobody knows."""

from enum import StrEnum

from hcgov.core.evidence.absent import Absence
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.relation import Column, Relation
from hcgov.io.tables.unread import UnreadError, unread


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
    person = relation.column(table.roles.person).name
    ((rows, distinct),) = relation.read(
        sql.select(["COUNT(*)", f"COUNT(DISTINCT {person})"], relation.source)
    )
    return People.EACH_ROW if rows == distinct else People.REPEATED


def person_column(relation: Relation) -> Column:
    """Return the column that identifies persons; only for tables that have one."""
    return relation.column(str(relation.table.roles.person))


def count_terms(relation: Relation) -> tuple[str, str]:
    """Return the SQL of a row's weight, and of whether its weight is unusable (1 or 0)."""
    if relation.table.count is None:
        return "1", "0"
    column = relation.column(relation.table.count.column)
    valid = sql.valid_count(column.name, number=flags.number(column.name, column.family))
    weight = f"CASE WHEN {valid} THEN TRY_CAST({column.name} AS HUGEINT) ELSE 0 END"
    return weight, f"CASE WHEN {valid} THEN 0 ELSE 1 END"


def bad_counts(relation: Relation, rows: int) -> UnreadError:
    """Return the refusal of a table with unusable counts."""
    column = "" if relation.table.count is None else relation.table.count.column
    detail = text(
        "{rows} rows of `{path}` have a negative, fractional or missing count in `{column}`",
        rows=rows,
        path=relation.where.path,
        column=column,
    )
    return unread(Absence.UNREADABLE, relation.where.name, detail)
