"""Rows of a table in a stream, in bounded memory, for what is not a function of counts.

A check never sees the stream, for a check is pure: whoever needs rows folds them here, in ``io``, into evidence
that a check can be given.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.io.tables import flags, sql
from hcgov.io.tables.answering import empty_table
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.room import Engines, opened
from hcgov.io.tables.schema import locate
from hcgov.io.tables.unread import UnreadError

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 65_536
"""Rows of a batch, where nobody says another number."""

T = TypeVar("T")


def rows(relation: Relation, columns: Sequence[str], batch_size: int = BATCH) -> "Iterator[pa.RecordBatch]":
    """Yield the rows of a table as text, in Arrow batches.

    Parameters
    ----------
    relation
        The table.
    columns
        Columns by their names in the header or in ``columns:``; batches name them so.
    batch_size
        Most rows of a batch.

    Raises
    ------
    UnreadError
        A column that is not there, or a file that cannot be read as its format promises.
    """
    chosen = [relation.column(name) for name in columns]
    terms = [
        f"{flags.as_text(column.name, column.family)} AS {sql.identifier(name)}"
        for column, name in zip(chosen, columns, strict=True)
    ]
    return relation.batches(sql.select(terms, relation.source), batch_size)


def fold_rows(
    name: str,
    table: Table,
    root: Path,
    columns: Sequence[str],
    fold: "Callable[[Iterator[pa.RecordBatch]], T]",
    *,
    batch_size: int = BATCH,
    allowed_roots: tuple[Path, ...] = (),
    engines: Engines | None = None,
) -> tuple[T, Source] | Absent:
    """Fold the rows of a table, each read once, in bounded memory.

    Parameters
    ----------
    name, table
        The artifact as ``hcgov.yaml`` names it.
    root, allowed_roots
        Folder of the project, and folders outside that the user allowed.
    columns
        Columns by their names in the header or in ``columns:``; their values come as text, null where nothing is
        recorded. Rows come in no particular order.
    fold
        From the batches to a result; it should hold little, and has to use the batches up.
    batch_size
        Most rows of a batch.
    engines
        Where else tables may stand.

    Returns
    -------
    (result, Source) or Absent
        ``Absent`` where the table cannot be read to its end, or changed meanwhile: then the result is no evidence.
    """
    engines = engines or Engines()
    try:
        with opened(name, {name: table}, root, allowed_roots, engines=engines) as room:
            try:
                schema = room.schema(name)
                at = (locate(schema, table, column) for column in columns)
                used = {i for i in at if isinstance(i, int)}
                relation = room.attach(name, schema, used, called="here", passes=1)
                counted = _Counted(rows(relation, columns, batch_size))
                result = fold(counted)
                for _ in counted:  # what was not looked at is read all the same: damage may stand at the end
                    pass
            except UnreadError:
                room.seal(name, None)  # a file that changed or is not the pinned one is the better reason
                raise
            source = room.seal(name, counted.rows)
            if not counted.rows and not table.may_be_empty:
                raise empty_table(relation.where)
    except UnreadError as gone:
        return gone.absent
    return result, source


class _Counted:
    """Batches, and how many rows went by."""

    def __init__(self, batches: "Iterator[pa.RecordBatch]") -> None:
        self._batches = batches
        self.rows = 0

    def __iter__(self) -> "Iterator[pa.RecordBatch]":
        return self

    def __next__(self) -> "pa.RecordBatch":
        batch = next(self._batches)
        self.rows += batch.num_rows
        return batch
