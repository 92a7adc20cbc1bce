"""Names and types of a table's columns, from the header or the footer."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from hcgov.core.artifacts import CsvDialect
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.tables import sql
from hcgov.io.tables.engine import Row, Session, session
from hcgov.io.tables.footers import Footers, Tops
from hcgov.io.tables.handed import handed
from hcgov.io.tables.layout import layout
from hcgov.io.tables.place import Place, place
from hcgov.io.tables.room import Engines, opened
from hcgov.io.tables.schema import Family, Schema
from hcgov.io.tables.unread import UnreadError, unread

Cell: TypeAlias = str | int | None

_PLAIN = {
    "INT32": Family.EXACT,
    "INT64": Family.EXACT,
    "FLOAT": Family.FLOAT,
    "DOUBLE": Family.DOUBLE,
    "BOOLEAN": Family.BOOLEAN,
}
_EXACT = {f"{sign}INT_{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)} | {"DECIMAL"}


def probe(
    name: str,
    table: Table,
    root: Path,
    allowed_roots: tuple[Path, ...] = (),
    *,
    engines: Engines | None = None,
) -> Schema | Absent:
    """Read a table's column names and nothing more, before anything is planned.

    Of CSV the header or first row is read, of Parquet the footers. JSON Lines has no header: every line is
    read for its keys, and the columns are sorted by name. A table in the engine of a connection has the columns
    that its engine's catalogue names.

    Parameters
    ----------
    name, table
        The artifact as ``hcgov.yaml`` names it.
    root, allowed_roots
        Folder of the project, and folders outside that the user allowed.
    engines
        Where else tables may stand.

    Returns
    -------
    Schema or Absent
        ``Absent`` with the reason where there is no file, nothing in it, or not what its format promises.
    """
    engines = engines or Engines()
    try:
        if name in engines.frames:
            return handed(name, engines.frames[name]).schema
        if table.connection is not None:
            with opened(name, {name: table}, root, allowed_roots, engines=engines) as room:
                return room.schema(name)
        where = place(name, table, root, allowed_roots)
        if where.format == "csv":
            return _of_text(layout(where, table.csv).columns)
        with session(where.files) as engine:
            return schema_of(engine, where, table.csv)
    except UnreadError as gone:
        return gone.absent


def schema_of(
    engine: Session, where: Place, dialect: CsvDialect, *, footers: Footers | None = None
) -> Schema:
    """Return the schema of a table in an open engine.

    Parameters
    ----------
    engine, where, dialect
        The table.
    footers
        Columns that an earlier check has seen, and where to keep those of now.

    Raises
    ------
    UnreadError
        The file is not what its format promises, or the files of a folder differ in their columns.
    """
    if where.format == "csv":
        return _of_text(layout(where, dialect).columns)
    if where.format == "jsonl":
        keys = engine.read(where, dialect, sql.jsonl_keys(where.file, zipped=where.zipped))
        if not keys:
            detail = text(
                "`{path}` has no objects, so nobody can tell its columns; a table that may be empty needs a header, "
                "as CSV has",
                path=where.path,
            )
            raise unread(Absence.EMPTY_TABLE, where.name, detail)
        return _of_text(tuple(sorted(str(key) for (key,) in keys)))
    return _parquet(engine, where, dialect, footers)


def _of_text(columns: tuple[str, ...]) -> Schema:
    return Schema(columns=columns, families=(Family.TEXT,) * len(columns))


def _parquet(engine: Session, where: Place, dialect: CsvDialect, footers: Footers | None) -> Schema:
    seen = None if footers is None else footers.seen()
    columns: Tops | None = None
    if seen is not None:
        columns, others = seen
        if any(found != columns for found in _read(engine, where, dialect, others).values()):
            columns = None  # all are read, and the first that differs is told
    if columns is None:
        tops = _read(engine, where, dialect, where.files)
        columns = tops[where.file]
        for part in where.files:
            if tops[part] != columns:
                raise _differs(where, part)
    if footers is not None and (seen is None or seen[1]):
        footers.found(columns)
    return Schema(
        columns=tuple(str(name) for name, *_ in columns),
        families=tuple(_family(*column[1:]) for column in columns),
    )


def _read(engine: Session, where: Place, dialect: CsvDialect, files: Sequence[Path]) -> dict[Path, Tops]:
    """Return the columns of some files, as their footers describe them."""
    if not files:
        return {}
    by_file: dict[str, list[Row]] = {}
    for file, *column in engine.read(where, dialect, sql.parquet_footers(files)):
        by_file.setdefault(str(file), []).append(tuple(column))
    return {file: _tops(by_file[str(file)]) for file in files}


def _differs(where: Place, part: Path) -> UnreadError:
    detail = text(
        "`{path}` has other columns or types than `{first}`; all files of a folder must have the same",
        path=where.shown(part),
        first=where.shown(where.file),
    )
    return unread(Absence.UNREADABLE, where.name, detail)


def _tops(columns: list[Row]) -> Tops:
    """Return the columns directly below the root of a footer's tree, which is written depth first."""
    found = []
    inside = [int(columns[0][1] or 0)]
    for column in columns[1:]:
        while inside[-1] == 0:
            inside.pop()
        inside[-1] -= 1
        if len(inside) == 1:
            found.append(column)
        inside.append(int(column[1] or 0))
    return tuple(found)


def _family(children: Cell, physical: Cell, converted: Cell, logical: Cell) -> Family:
    """Return how a Parquet column's values compare, from its physical type and its two annotations."""
    if children:
        return Family.OTHER
    kind = str(converted or "")
    meant = str(logical or "").partition("(")[0].upper()
    if physical in _PLAIN and not kind and not meant:
        return _PLAIN[str(physical)]
    if kind in _EXACT or meant in ("INTTYPE", "DECIMALTYPE"):
        return Family.EXACT
    if kind in ("UTF8", "ENUM") or meant in ("STRINGTYPE", "ENUMTYPE"):
        return Family.TEXT
    return Family.OTHER
