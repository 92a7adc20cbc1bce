"""What a suite of expectations asks of a table, from one verified snapshot of it.

Only counts, extremes and order statistics leave the engine.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.aggregates import Aggregate, Aggregates, Kind
from hcgov.core.project import Table
from hcgov.io.tables import sql
from hcgov.io.tables.answering import empty_table
from hcgov.io.tables.frame import shown_names, text_kinds
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.room import Engines, opened
from hcgov.io.tables.schema import Schema
from hcgov.io.tables.summing import Summed, answers_to
from hcgov.io.tables.unread import UnreadError

Asks: TypeAlias = Callable[[Mapping[str, Kind | None]], Collection[Aggregate]]

_KINDS = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), Kind.WHOLE),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER"), Kind.WHOLE),
    "DOUBLE": Kind.NUMBER,
    "FLOAT": Kind.SINGLE,
    "BOOLEAN": Kind.FLAG,
    "VARCHAR": Kind.TEXT,
    **dict.fromkeys(("DATE", "TIMESTAMP"), Kind.MOMENT),
}


def aggregate(
    name: str,
    table: Table,
    root: Path,
    columns: Sequence[str],
    ask: Asks,
    allowed_roots: tuple[Path, ...] = (),
    *,
    engines: Engines | None = None,
    dry: bool = False,
) -> Aggregates | Absent:
    """Answer aggregates of a table's columns in three statements, and most columns in one scan.

    Columns have the names, and hold what they hold, in the frame that :func:`load_frame` reads of the table.
    The digest of the file is computed beside the scan, and the file is compared before and after.

    Parameters
    ----------
    name, table
        The artifact as ``hcgov.yaml`` names it.
    root, allowed_roots
        Folder of the project, and folders outside that the user allowed.
    columns
        Names of columns that may be asked about; those that the table does not have are passed over.
    ask
        From what the columns hold to what is asked of them.
    engines
        Connections, frames in memory, and how the embedded engine runs.
    dry
        Only say what the columns hold, and what is not answered of what is asked.

    Returns
    -------
    Aggregates or Absent
        ``Absent`` where the table cannot be read.
    """
    engines = engines or Engines()
    if table.connection is not None and name not in engines.frames:
        from hcgov.io.tables.live.aggregates import aggregate as through

        return through(name, table, root, columns, ask, allowed_roots, engines=engines, dry=dry)
    try:
        with opened(name, {name: table}, root, allowed_roots, engines=engines) as room:
            try:
                schema = room.schema(name)
                at = _positions(schema, table, columns)
                relation = room.attach(name, schema, set(at.values()), called="here", passes=2)
                kinds, source = _typed(relation, at, written=not relation.where.typed)
                asked = () if dry else tuple(dict.fromkeys(ask(kinds)))
                summed = Summed(relation=relation, source=source, at=at, kinds=_held(kinds))
                rows, answers = answers_to(summed, asked)
            except UnreadError:
                room.seal(name, None)  # a file that changed or is not the pinned one is the better reason
                raise
            sealed = room.seal(name, rows)
            if not rows and not table.may_be_empty:
                raise empty_table(relation.where)
    except UnreadError as gone:
        return gone.absent
    return Aggregates(kinds=kinds, rows=rows, answers=answers, source=sealed)


def _positions(schema: Schema, table: Table, columns: Sequence[str]) -> dict[str, int]:
    """Return the positions of the columns that are there, under the names that a frame gives them."""
    shown = {name: i for i, name in enumerate(shown_names(schema, table))}
    return {column: shown[column] for column in columns if column in shown}


def _typed(relation: Relation, at: Mapping[str, int], *, written: bool) -> tuple[dict[str, Kind | None], str]:
    """Return what each column holds, and a source whose columns have the types that a frame gives them.

    Parameters
    ----------
    written
        The table is written as text, so that only its values tell what a column holds.
    """
    names = shown_names(relation.schema, relation.table)
    kinds: dict[str, Kind | None] = dict.fromkeys(names)
    columns = [f"c{i}" for i in dict.fromkeys(at.values())]
    if not columns:
        return kinds, relation.source
    stands = {str(row[0]): str(row[1]) for row in relation.read("DESCRIBE " + _columns(columns, relation))}
    held = stands | (text_kinds(relation, columns) if written else {})
    # Frames hold decimals as floating-point numbers.
    held = {c: "DOUBLE" if kind.startswith("DECIMAL") else kind for c, kind in held.items()}
    kinds |= {name: _KINDS.get(held[f"c{i}"], Kind.OTHER) for name, i in at.items()}
    changed = {c for c in columns if held[c] in _KINDS and held[c] != stands[c]}
    if not changed:  # each layer of a query has to be understood again in each statement
        return kinds, relation.source
    typed = [f"CAST({c} AS {held[c]}) AS {c}" if c in changed else c for c in columns]
    return kinds, f"({sql.select(typed, relation.source)}) typed"


def _columns(columns: Sequence[str], relation: Relation) -> str:
    return sql.select(list(columns), relation.source)


def _held(kinds: Mapping[str, Kind | None]) -> dict[str, Kind]:
    return {name: kind for name, kind in kinds.items() if kind is not None}
