"""A table of the project made readable in the engine: its used columns, by position, as recorded."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.core.evidence.absent import Absence
from hcgov.core.frozen import frozen
from hcgov.core.mistake import did_you_mean
from hcgov.core.project import Table
from hcgov.core.text import Text, text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.dividing import Rows, divided
from hcgov.io.tables.engine import Embedded, Engine, Row, Session
from hcgov.io.tables.incremental import Keeping, Parts, in_parts
from hcgov.io.tables.layout import copy_rows, layout
from hcgov.io.tables.merging import Query
from hcgov.io.tables.place import Named, Place
from hcgov.io.tables.schema import Family, Misnamed, Schema, locate
from hcgov.io.tables.unread import unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import pyarrow as pa


BRIEF = 8_000_000
"""Bytes of plain text that is read again sooner than its groups are kept, should they be many."""
BRIEF_ROWS = 2_000_000
"""Rows of a Parquet file that is; its bytes say nothing of them."""


@frozen
class Column:
    """A column in the engine: its internal name and the kind of its values."""

    name: str
    family: Family


@frozen
class Relation:
    """A table attached to the engine.

    Parameters
    ----------
    engine, where, table, schema
        What it is.
    source
        Its name in the engine, or the query that reads it.
    undivided
        The same in one piece, where ``source`` reads it in several: its first rows are there sooner. Empty where
        ``source`` is in one piece.
    brief
        Whether it is so small that reading it twice costs less than keeping something of it.
    parts
        Its files, where each is counted on its own.
    """

    engine: Engine
    where: Named
    table: Table
    schema: Schema
    source: str
    undivided: str = ""
    brief: bool = False
    parts: Parts | None = None

    def of(self, source: str) -> "Relation":
        """Return the relation of other rows, such as some of its own, with the same columns."""
        return replace(self, source=source, undivided="")

    def first_rows(self, columns: Sequence[str], most: int) -> str:
        """Return the query for some rows of some columns, those that are read soonest."""
        return sql.first_rows(", ".join(columns), self.undivided or self.source, most)

    def read(self, statement: str) -> list[Row]:
        """Run a statement on the table, or on what was kept of it."""
        return self.engine.read(statement)

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query on the table in its engine, under a name."""
        self.engine.keep(name, query)

    def keep_grouped(
        self, name: str, query: Query, *, keys: int, merges: Sequence[str] = (), most: int = 0
    ) -> list[Row] | None:
        """Keep the rows of a group-by on the table under a name; see :meth:`Parts.keep`.

        Where the table stands in several files, only those are read that no earlier check has counted. The sums have to
        add up over any division of the rows. With ``most``, so few rows of whole numbers of the embedded engine are
        returned: then nothing may be asked of what is kept.
        """
        if self.parts is not None and self.source == self.parts.source:
            return self.parts.keep(name, query, keys=keys, merges=merges, most=most)
        self.keep(name, query(self.source))
        if not most or not isinstance(self.engine, Embedded):
            return None
        rows = self.read(sql.first_rows("*", name, most + 1))
        return rows if len(rows) <= most else None

    def few_groups(self, query: Query, most: int) -> list[Row] | None:
        """Return the rows of a group-by on a small table without keeping them; ``None`` where they are more."""
        if not self.brief or self.parts is not None:
            return None
        rows = self.read(sql.first_rows("*", f"({query(self.source)}) grouped", most + 1))
        return rows if len(rows) <= most else None

    def number(self, statement: str) -> int:
        """Run a statement that gives one whole number; nothing counts as 0."""
        return int(self.read(statement)[0][0] or 0)

    def frame(self, statement: str) -> "pd.DataFrame":
        """Run a statement that scans the table, into a data frame."""
        return self.engine.frame(statement)

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        """Run a statement that scans the table, in Arrow batches of at most ``size`` rows."""
        return self.engine.batches(statement, size)

    def column(self, name: str) -> Column:
        """Return a column by its name in the header or in ``columns:``.

        Raises
        ------
        UnreadError
            No column has the name, or several have.
        """
        at = locate(self.schema, self.table, name)
        if isinstance(at, Misnamed):
            detail = _misnamed(at, self.where, self.table, self.schema, name)
            raise unread(Absence.UNREADABLE, self.where.name, detail)
        return Column(name=f"c{at}", family=self.schema.families[at])


def attach(
    session: Session,
    where: Place,
    table: Table,
    schema: Schema,
    used: AbstractSet[int] | None,
    *,
    name: str,
    passes: int,
    counts: Keeping | None = None,
    divide: bool = False,
) -> Relation:
    """Make a table readable under a name.

    Parameters
    ----------
    session, where, table, schema
        The table.
    used
        Positions of the columns that will be used; all if ``None``.
    name
        Name in the engine.
    passes
        How often it will be read. Text is parsed once: for more passes the engine keeps its used columns.
    counts
        Where counts of each file are kept, if they are.
    divide
        Whether several threads may read one row group: rows may come in any order, and no statement reads the table
        in several places at once.

    Raises
    ------
    UnreadError
        A file that cannot be read as its format promises.
    """
    at = sorted(range(len(schema.columns)) if used is None else used)
    scan, before = _scan(session, where, table, schema, at=at, name=name)
    engine = Embedded(session=session, where=where, dialect=table.csv, before=before)
    if passes > 1 and where.format != "parquet":
        engine.keep(name, scan)
        scan = ""
    source = whole = f"({scan}) {name}" if scan else name

    def in_pieces(parts: Sequence[Rows], file: Path) -> str:
        return " UNION ALL ".join([_parquet_scan([file], schema, at, rows) for rows in parts])

    brief = where.format != "parquet" and not where.zipped and where.size <= BRIEF
    if divide and where.format == "parquet" and len(where.files) == 1:
        found = divided(session, where, table.csv, schema, where.file)
        brief = found.rows is not None and found.rows <= BRIEF_ROWS
        source = f"({in_pieces(found.parts, where.file)}) {name}" if len(found.parts) > 1 else whole
    parts = None
    if counts is not None and in_parts(where, table):
        parts = counts.parts(
            engine,
            where,
            name,
            scan=lambda files: _parquet_scan(files, schema, at),
            in_pieces=lambda file: in_pieces(divided(session, where, table.csv, schema, file).parts, file),
        )
    return Relation(
        engine=engine,
        where=where,
        table=table,
        schema=schema,
        source=source,
        undivided="" if source == whole else whole,
        brief=brief,
        parts=parts,
    )


def _scan(
    engine: Session, where: Place, table: Table, schema: Schema, *, at: list[int], name: str
) -> tuple[str, int]:
    if where.format == "csv":
        return _csv_scan(engine, where, table, at, name)
    if where.format == "jsonl":
        return _jsonl_scan(where, schema, at), 0
    return _parquet_scan(where.files, schema, at), 0


def _parquet_scan(files: Sequence[Path], schema: Schema, at: list[int], rows: Rows = (0, None)) -> str:
    columns = [f"{flags.recorded(f'c{i}', schema.families[i])} AS c{i}" for i in at]
    first, end = rows
    scan = sql.read_parquet(files, width=len(schema.columns), numbered=rows != (0, None))
    only = [*([f"row_ >= {first}"] if first else []), *([] if end is None else [f"row_ < {end}"])]
    return sql.select(columns or ["1 AS one"], scan, where=" AND ".join(only))


def _csv_scan(engine: Session, where: Place, table: Table, at: list[int], name: str) -> tuple[str, int]:
    dialect = table.csv
    head = layout(where, dialect)
    file, skip, zipped = where.file, head.skip, where.zipped
    if head.copied:
        file, skip, zipped = engine.folder / f"{name}.csv", 0, False
        copy_rows(where, dialect, head, file)
    width = len(head.columns)
    scan = sql.read_csv(
        file, width=width, delimiter=dialect.delimiter, quote=dialect.quote, skip=skip, zipped=zipped
    )
    columns = [f"{sql.cleaned(f'c{i}', strip=dialect.strip, nulls=dialect.null_values)} AS c{i}" for i in at]
    # Blank lines are no rows; where a row has several fields, the engine passes over them itself.
    only = "c0 IS NOT NULL" if width == 1 else ""
    # One column is read in any case, so that the engine looks at the rows.
    return sql.select(columns or ["c0 AS one"], scan, where=only), head.before if head.copied else 0


def _jsonl_scan(where: Place, schema: Schema, at: list[int]) -> str:
    keys = [schema.columns[i] for i in at]
    if len({key.casefold() for key in keys}) < len(keys):
        detail = text("`{path}` has keys that differ only in capitals; rename one of them", path=where.path)
        raise unread(Absence.UNREADABLE, where.name, detail)
    scan = sql.read_jsonl(where.file, keys=keys or schema.columns[:1] or ("none",), zipped=where.zipped)
    columns = [f"{sql.identifier(schema.columns[i])} AS c{i}" for i in at]
    return sql.select(columns or ["1 AS one"], scan)


def _misnamed(why: Misnamed, where: Named, table: Table, schema: Schema, name: str) -> Text:
    if why is Misnamed.REPEATED:
        return text(
            "column `{column}` stands more than once in `{path}`; say which by its position under `columns:`",
            column=name,
            path=where.path,
        )
    if why is Misnamed.BEYOND:
        return text(
            "column `{column}` has position {at} under `columns:`, but `{path}` has {width} {width|column|columns} "
            "(from 0)",
            column=name,
            at=table.columns[name],
            path=where.path,
            width=len(schema.columns),
        )
    near = did_you_mean(name, (*table.columns, *schema.columns))
    return text("`{path}` has no column `{column}`; {near}", path=where.path, column=name, near=near)
