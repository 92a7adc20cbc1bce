"""Columns of a table as text, for tables whose rows are people's judgments."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.answering import empty_table
from hcgov.io.tables.frame import refuse_live
from hcgov.io.tables.room import Engines, opened
from hcgov.io.tables.schema import Family, locate
from hcgov.io.tables.unread import UnreadError, unread

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 1 << 17
MOST_ROWS = 20_000_000
"""Judgments are held in memory; a table with more rows is refused."""
MOST_BYTES = 2 << 30
"""So is one whose used columns take more bytes, however small an archive they came in."""


def load_columns(
    name: str,
    table: Table,
    root: Path,
    columns: Sequence[str],
    allowed_roots: tuple[Path, ...] = (),
    *,
    engines: Engines | None = None,
) -> "tuple[dict[str, pa.ChunkedArray], int, Source] | Absent":
    """Read columns of a table as text, in the order of its rows.

    Parameters
    ----------
    name, table
        The artifact.
    root, allowed_roots
        Folder of the project, and folders outside that the user allowed.
    columns
        By their names in the header or in ``columns:``, each once.
    engines
        Frames in memory, and how the embedded engine runs.

    Returns
    -------
    (dict, int, Source) or Absent
        By column: text, or null where nothing is recorded. Whole numbers of a column of real numbers are written
        without a point, so that the same label reads the same from every format. Then the number of rows.
    """
    import pyarrow as pa

    engines = engines or Engines()
    try:
        refuse_live(name, table, engines)
        with opened(name, {name: table}, root, allowed_roots, engines=engines, ordered=True) as room:
            try:
                schema = room.schema(name)
                used = {
                    at for at in (locate(schema, table, column) for column in columns) if isinstance(at, int)
                }
                relation = room.attach(name, schema, used, called="here", passes=1)
                terms = [_as_text(found.name, found.family) for found in map(relation.column, columns)]
                shown = [f"{term} AS v{i}" for i, term in enumerate(terms)]
                found, rows, size = [], 0, 0
                for batch in relation.batches(sql.select(shown or ["1 AS v"], relation.source), BATCH):
                    found.append(batch)
                    rows += batch.num_rows
                    size += batch.nbytes
                    if rows > MOST_ROWS or size > MOST_BYTES:
                        raise _too_many(name)
            except UnreadError:
                room.seal(name, None)  # a file that changed or is not the pinned one is the better reason
                raise
            source = room.seal(name, rows)
            if not rows and not table.may_be_empty:
                raise empty_table(room.where(name))
    except UnreadError as gone:
        return gone.absent
    whole = pa.Table.from_batches(found) if found else None
    empty = pa.chunked_array([], type=pa.string())
    read = {column: empty if whole is None else whole.column(i) for i, column in enumerate(columns)}
    return read, rows, source


def _too_many(name: str) -> UnreadError:
    detail = text(
        "`{artifact}` has more than {most} rows, or {size} GB in the columns that are read; judgments are held in "
        "memory, so divide the table",
        artifact=name,
        most=f"{MOST_ROWS:,}",
        size=MOST_BYTES >> 30,
    )
    return unread(Absence.TOO_LARGE, name, detail)


def _as_text(column: str, family: Family) -> str:
    written = flags.as_text(column, family)
    if family in (Family.FLOAT, Family.DOUBLE):
        whole = f"{column} = FLOOR({column}) AND ABS({column}) < 1e15"
        return f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE {written} END"
    return written
