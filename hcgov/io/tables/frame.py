"""Whole tables and outcome columns as data frames, for libraries that compute on rows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.answering import empty_table
from hcgov.io.tables.binding import group_column, resolve_outcome
from hcgov.io.tables.counting import bind_outcome, not_binary
from hcgov.io.tables.people import bad_counts, count_terms, person_column
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.room import Engines, opened
from hcgov.io.tables.schema import Schema, locate
from hcgov.io.tables.unread import UnreadError, unread

if TYPE_CHECKING:
    import pandas as pd

SCORE = "score"
COUNT = "count"
PERSON = "person"

_WHOLE = "^[+-]?(0|[1-9][0-9]{0,17})$"
"""A whole number that fits 64 bits; with leading zeros it is a code, such as a post code, and stays text."""
_NUMBER = "^[+-]?((0|[1-9][0-9]*)([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$"


def load_frame(
    name: str,
    table: Table,
    root: Path,
    columns: Sequence[str] | None = None,
    allowed_roots: tuple[Path, ...] = (),
    *,
    engines: Engines | None = None,
) -> "tuple[pd.DataFrame, Source] | Absent":
    """Read a table into a data frame, in the order of its rows.

    Parameters
    ----------
    name, table
        The artifact as ``hcgov.yaml`` names it.
    root, allowed_roots
        Folder of the project, and folders outside that the user allowed.
    engines
        Frames in memory, and how the embedded engine runs.
    columns
        Columns by their names in the header or in ``columns:``; all if left out. Then a column that
        ``columns:`` names has that name, and one whose name repeats has its position behind it, as in
        ``decile_score (11)``, so that no name means two columns.

    Returns
    -------
    (pandas.DataFrame, Source) or Absent
        Parquet columns keep their types. A column of CSV or JSON Lines becomes whole numbers, numbers or
        booleans if every recorded value is one, else it is text.
    """

    def select(relation: Relation) -> "pd.DataFrame":
        if columns is None:
            chosen = [(f"c{i}", shown) for i, shown in enumerate(shown_names(relation.schema, table))]
        else:
            chosen = [(relation.column(column).name, column) for column in columns]
        kinds = {} if relation.where.typed else text_kinds(relation, [c for c, _ in chosen])
        typed = (
            f"{f'CAST({c} AS {kinds[c]})' if c in kinds else c} AS {sql.identifier(shown)}"
            for c, shown in chosen
        )
        return relation.frame(sql.select(list(typed), relation.source))

    return _load(
        name, table, root, columns=columns, allowed_roots=allowed_roots, engines=engines, select=select
    )


def load_outcomes(
    name: str,
    table: Table,
    root: Path,
    outcomes: Sequence[str],
    groups: Sequence[str],
    *,
    persons: bool = False,
    allowed_roots: tuple[Path, ...] = (),
    engines: Engines | None = None,
) -> "tuple[pd.DataFrame, Source] | Absent":
    """Read outcomes and groups of a table into a data frame, under their own names.

    Parameters
    ----------
    name, table
        The artifact as ``hcgov.yaml`` names it.
    root, allowed_roots
        Folder of the project, and folders outside that the user allowed.
    engines
        Frames in memory, and how the embedded engine runs.
    outcomes
        Roles or derived outcomes: 0, 1 or null. The role ``score`` without a mapping is a number or null.
    groups
        Groups by name: text or null.
    persons
        Whether to read who each row is about too, as column ``person``: text or null.

    Returns
    -------
    (pandas.DataFrame, Source) or Absent
        One row a row of the table. Of a table that is already aggregated, column ``count`` says how often a
        row counts.
    """
    wanted = [resolved.column for o in outcomes if (resolved := resolve_outcome(table, o)) is not None]
    wanted += [group_column(table, group) for group in groups]
    wanted += [] if table.count is None else [table.count.column]
    wanted += [str(table.roles.person)] if persons else []

    def select(relation: Relation) -> "pd.DataFrame":
        chosen = [(_outcome(relation, outcome), outcome) for outcome in outcomes]
        for group in groups:
            column = relation.column(group_column(table, group))
            chosen.append((flags.as_text(column.name, column.family), group))
        if persons:
            person = person_column(relation)
            chosen.append((flags.as_text(person.name, person.family), PERSON))
        if table.count is not None:
            weight, bad = count_terms(relation)
            if wrong := relation.read(sql.select([f"SUM({bad})"], relation.source))[0][0]:
                raise bad_counts(relation, int(wrong))
            chosen.append((f"CAST({weight} AS BIGINT)", COUNT))
        named = (f"{value} AS {sql.identifier(shown)}" for value, shown in chosen)
        return relation.frame(sql.select(list(named), relation.source))

    return _load(
        name, table, root, columns=wanted, allowed_roots=allowed_roots, engines=engines, select=select
    )


def _load(
    name: str,
    table: Table,
    root: Path,
    *,
    columns: Sequence[str] | None,
    allowed_roots: tuple[Path, ...],
    engines: Engines | None,
    select: "Callable[[Relation], pd.DataFrame]",
) -> "tuple[pd.DataFrame, Source] | Absent":
    engines = engines or Engines()
    try:
        refuse_live(name, table, engines)
        with opened(name, {name: table}, root, allowed_roots, engines=engines, ordered=True) as room:
            try:
                schema = room.schema(name)
                used = None if columns is None else _positions(schema, table, columns)
                frame = select(room.attach(name, schema, used, called="here", passes=2))
            except UnreadError:
                room.seal(name, None)  # a file that changed or is not the pinned one is the better reason
                raise
            source = room.seal(name, len(frame))
            if not len(frame) and not table.may_be_empty:
                raise empty_table(room.where(name))
    except UnreadError as gone:
        return gone.absent
    return frame, source


def refuse_live(name: str, table: Table, engines: Engines) -> None:
    """Refuse what is computed on rows, or on the embedded engine's own types, for a table that stands elsewhere.

    Raises
    ------
    UnreadError
        The table is read through a connection.
    """
    if table.connection is not None and name not in engines.frames:
        detail = text(
            "this is computed on rows, and the rows of `{artifact}` stay in the engine of `{connection}`; only "
            "counts leave it",
            artifact=name,
            connection=table.connection,
        )
        raise unread(Absence.WRONG_KIND, name, detail)


def _positions(schema: Schema, table: Table, columns: Sequence[str]) -> set[int]:
    return {at for at in (locate(schema, table, column) for column in columns) if isinstance(at, int)}


def shown_names(schema: Schema, table: Table) -> list[str]:
    """Return the names under which a whole table's columns stand in a frame; no two are the same."""
    given = {at: name for name, at in table.columns.items()}
    return [
        given.get(i) or (f"{name} ({i})" if name in schema.duplicates else name)
        for i, name in enumerate(schema.columns)
    ]


def text_kinds(relation: Relation, columns: Sequence[str]) -> dict[str, str]:
    """Return the type of every text column whose recorded values all have it."""
    if not columns:
        return {}
    tests = (
        f"COUNT({c}), SUM(CASE WHEN REGEXP_MATCHES({c}, '{_WHOLE}') THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN REGEXP_MATCHES({c}, '{_NUMBER}') THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN LOWER({c}) IN ('true', 'false') THEN 1 ELSE 0 END)"
        for c in columns
    )
    (found,) = relation.read(sql.select(list(tests), relation.source))
    kinds = {}
    for i, column in enumerate(columns):
        recorded, *alike = found[4 * i : 4 * i + 4]
        kind = next(
            (k for k, n in zip(("BIGINT", "DOUBLE", "BOOLEAN"), alike, strict=True) if n == recorded), None
        )
        if recorded and kind is not None:
            kinds[column] = kind
    return kinds


def _outcome(relation: Relation, name: str) -> str:
    outcome = bind_outcome(relation, name)
    column = relation.column(outcome.column)
    if name == SCORE and outcome.binary:
        return f"CAST({flags.number(column.name, column.family)} AS DOUBLE)"
    value = flags.flag(outcome, column.name, column.family)
    rows = relation.read(sql.select(["COUNT(*)"], relation.source, where=f"{value} = {flags.NEITHER}"))[0][0]
    if rows:
        raise not_binary(relation, outcome, int(rows))
    return value
