"""Parquet files of few row groups, divided by rows so that every core has some.

The embedded engine reads a row group in one thread, and many writers put a million rows into one. Divided, a row group
is read by several threads; each passes over the rows of the others, which takes about a sixth of reading them.
"""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeAlias

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

Rows: TypeAlias = tuple[int, int | None]
"""The first of some rows of a file, and the first behind them; ``None`` where they are all that follow."""


class Divided(NamedTuple):
    """How a file is read.

    Parameters
    ----------
    rows
        Rows that its footer tells of; ``None`` where it was not asked.
    parts
        The rows of each part, or one part of all rows. The last has no end: a footer may tell of too few rows.
    """

    rows: int | None
    parts: tuple[Rows, ...]


WHOLE = Divided(rows=None, parts=((0, None),))


def divided(session: Session, where: Place, dialect: CsvDialect, schema: Schema, file: Path) -> Divided:
    """Return how a Parquet file of a table is read: in parts where its row groups are too few for the cores.

    Raises
    ------
    UnreadError
        The file is not Parquet any more.
    """
    taken = any(column.casefold() == sql.ROW for column in schema.columns)  # the engine would call its own so
    if taken or _size(file) < LEAST_BYTES:
        return WHOLE
    ((rows, groups, threads),) = session.read(where, dialect, sql.parquet_groups(file))
    told = int(rows or 0)
    parts = min(int(threads or 1), told // LEAST_ROWS, MOST)
    if parts < 2 or int(groups or 0) * 2 > parts:
        return Divided(rows=told, parts=WHOLE.parts)
    ends = [*(told * part // parts for part in range(parts)), None]
    return Divided(rows=told, parts=tuple((first or 0, end) for first, end in pairwise(ends)))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # gone since it was found: reading it tells so
        return 0
