"""Parquet files of few row groups, divided by rows so that every core has some.

The embedded engine reads a row group in one thread, and many writers put a million rows into one. Divided, a row group
is read by several threads; each passes over the rows of the others, which takes about a sixth of reading them.
"""

from itertools import pairwise
from pathlib import Path

from hcgov.core.artifacts import CsvDialect
from hcgov.io.tables import sql
from hcgov.io.tables.engine import Session
from hcgov.io.tables.place import Place
from hcgov.io.tables.schema import Schema

LEAST_BYTES = 100_000
"""A smaller file is read sooner than its row groups are asked for."""
LEAST_ROWS = 100_000
"""Rows that are worth a thread."""
MOST = 4
"""Parts of a file: more of them pass over more rows than they save."""


def divided(
    session: Session, where: Place, dialect: CsvDialect, schema: Schema, file: Path
) -> tuple[range, ...]:
    """Return the places of the rows of each part of a table's file; empty where its row groups divide it well enough.

    Raises
    ------
    UnreadError
        The file is not Parquet any more.
    """
    taken = any(column.casefold() == sql.ROW for column in schema.columns)  # the engine would call its own so
    if where.format != "parquet" or taken or where.size < LEAST_BYTES:
        return ()
    ((rows, groups, threads),) = session.read(where, dialect, sql.parquet_groups(file))
    parts = min(int(threads or 1), int(rows or 0) // LEAST_ROWS, MOST)
    if parts < 2 or int(groups or 0) * 2 > parts:
        return ()
    ends = [int(rows or 0) * part // parts for part in range(parts + 1)]
    return tuple(range(first, end) for first, end in pairwise(ends))
