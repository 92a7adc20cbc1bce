"""Shares of groups among people, and which persons of one table are listed in another."""

from collections.abc import Callable

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.counts import Overlap, OverlapOf, Shares, SharesOf
from hcgov.core.evidence.source import Source
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.binding import group_column
from hcgov.io.tables.people import People, bad_counts, count_terms, people_of, person_column
from hcgov.io.tables.relation import Column, Relation
from hcgov.io.tables.schema import Family
from hcgov.io.tables.tally import Caps, too_many_values
from hcgov.io.tables.unread import unread

_WHOLE = r"^([+-]?[0-9]+)\.0*$"
_NUMERIC = (Family.EXACT, Family.FLOAT, Family.DOUBLE)


def shares(relation: Relation, request: SharesOf, caps: Caps) -> Callable[[Source], Shares]:
    """Count the people of each group, or the rows where people are unknown or each row is one.

    Rows without a person are nobody: a group that has only such rows has no people.

    Raises
    ------
    UnreadError
        A column that is not there, unusable counts, or more groups than people can have.
    """
    people = people_of(relation)
    column = relation.column(group_column(relation.table, request.column))
    weight, bad = count_terms(relation)
    counted = (
        f"COUNT(DISTINCT {person_column(relation).name})" if people is People.REPEATED else f"SUM({weight})"
    )
    keys = [f"{flags.as_text(column.name, column.family)} AS k"]
    sums = [f"{counted} AS n", f"SUM({bad}) AS bad"]
    relation.keep_grouped("shares", lambda rows: sql.grouped(keys, sums, rows), keys=1)
    query = sql.select(["k", "n", "bad"], "shares")
    found = relation.read(f"{query} ORDER BY k NULLS LAST LIMIT {caps.values + 1}")
    if len(found) > caps.values:
        values = relation.read(sql.select([f"COUNT(DISTINCT {column.name})"], relation.source))
        raise too_many_values(relation, request.column, int(values[0][0] or 0), caps.values)
    if wrong := sum(int(row[2] or 0) for row in found):
        raise bad_counts(relation, wrong)
    groups = tuple((None if row[0] is None else str(row[0]), int(row[1] or 0)) for row in found)
    return lambda source: Shares(
        table=request.table,
        column=request.column,
        groups=groups,
        people_known=people is not People.UNKNOWN,
        source=source,
    )


def overlap(relation: Relation, listed: Relation, request: OverlapOf) -> Callable[[Source, Source], Overlap]:
    """Count the listed persons that stand in a table.

    Identifiers are compared as text without blanks around them; `7.0`, as a column with gaps is often
    written, is 7. Where either column holds numbers, `007` is 7 too. This errs towards finding a person.

    Raises
    ------
    UnreadError
        One of the tables names no persons, or the list has rows without one, which nobody can look for.
    """
    here, there = _person(relation), _person(listed)
    numeric = here.family in _NUMERIC or there.family in _NUMERIC
    wanted = sql.select([f"{_same(there, numeric=numeric)} AS person"], listed.source)
    ((nameless,),) = listed.read(sql.select(["COUNT(*)"], f"({wanted})", where="person IS NULL"))
    if nameless:
        detail = text(
            "{rows} {rows|row|rows} of `{path}` {rows|names|name} no person, so nobody can be looked for; complete "
            "or remove {rows|it|them}",
            rows=nameless,
            path=listed.where.path,
        )
        raise unread(Absence.UNREADABLE, listed.where.name, detail)
    listed.keep("sought", sql.grouped(["person"], [], f"({wanted})"))
    present = sql.select([f"{_same(here, numeric=numeric)} AS person"], relation.source)
    ((unidentified, people, rows),) = relation.read(
        sql.select(
            ["COUNT(*) - COUNT(r.person)", "COUNT(DISTINCT s.person)", "COUNT(s.person)"],
            f"({present}) r LEFT JOIN sought s ON r.person = s.person",
        )
    )
    number = relation.number("SELECT COUNT(*) FROM sought")
    return lambda source, listed_source: Overlap(
        people=int(people or 0),
        rows=int(rows or 0),
        listed=number,
        unidentified=int(unidentified or 0),
        source=source,
        listed_source=listed_source,
    )


def _person(relation: Relation) -> Column:
    if relation.table.roles.person is None:
        detail = text(
            "table `{artifact}` does not say which column identifies a person; add `roles: person:`",
            artifact=relation.where.name,
        )
        raise unread(Absence.UNREADABLE, relation.where.name, detail)
    return relation.column(relation.table.roles.person)


def _same(column: Column, *, numeric: bool) -> str:
    """Return a person in the form in which two tables agree."""
    value = f"TRIM({flags.as_text(column.name, column.family)})"
    plain = f"NULLIF(REGEXP_REPLACE({value}, {sql.literal(_WHOLE)}, '\\1'), '')"
    # Text that is no whole number stays as it is, for 3.5 would be rounded.
    whole = f"CASE WHEN REGEXP_MATCHES({plain}, '^[+-]?[0-9]+$') THEN TRY_CAST({plain} AS HUGEINT) END"
    return f"COALESCE(CAST({whole} AS VARCHAR), {plain})" if numeric else plain
