"""What every engine of a connection has: statements translated, answers in one order and in plain values."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.aggregates import Kind
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.tables.engine import Row
from hcgov.io.tables.live.dialect import translated
from hcgov.io.tables.place import Named
from hcgov.io.tables.schema import Family
from hcgov.io.tables.unread import unread

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


KINDS = {
    Family.TEXT: Kind.TEXT,
    Family.BOOLEAN: Kind.FLAG,
    Family.FLOAT: Kind.SINGLE,
    Family.DOUBLE: Kind.NUMBER,
}
"""What a data frame would hold, where that follows from how values compare."""


class Held(NamedTuple):
    """A column of a catalogue: its name, how its values compare, and what a data frame of it would hold."""

    name: str
    family: Family
    kind: Kind


@frozen
class Standing:
    """A table as the engine's catalogue has it.

    Parameters
    ----------
    source
        Its quoted name, in our own dialect.
    columns
        In order; a name is quoted by :func:`~hcgov.io.tables.live.dialect.identifier`.
    path
        Where the files are, if it is no table of a catalogue.
    """

    source: str
    columns: tuple[Held, ...]
    path: str = ""


class Server(Protocol):
    """An engine at the end of a connection: plain statements in its own dialect."""

    @property
    def dialect(self) -> str:
        """The dialect, as sqlglot calls it."""

    def find(self, where: Named, relation: str) -> Standing:
        """Look a table or view up; raise ``UnreadError`` where there is none of the name."""

    def files(self, where: Named, path: str) -> Standing:
        """Look Parquet files up by a path that the engine understands."""

    def state(self, where: Named, standing: Standing) -> str:
        """Return what changes when anyone writes to a table; empty where all statements see one moment."""

    def errors(self, where: Named) -> AbstractContextManager[None]:
        """Turn what the engine says into ``UnreadError``; what it says itself reaches nobody."""

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Run a query."""

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query under a name until the connection is closed."""

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        """Run a query and yield its rows in bounded memory."""


@frozen
class Remote:
    """The engine of a connection as one table sees it."""

    server: Server
    where: Named

    def read(self, statement: str) -> list[Row]:
        """Run a query and return its rows, ordered by their values from the left, nothing last."""
        with self.server.errors(self.where):
            rows = self.server.rows(translated(statement, self.server.dialect))
            return sorted((tuple(map(plain, row)) for row in rows), key=_order)

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query under a name, in the engine."""
        with self.server.errors(self.where):
            self.server.keep(name, translated(query, self.server.dialect))

    def frame(self, statement: str) -> "pd.DataFrame":
        """Refuse: the rows of a table stay in its engine."""
        detail = text("the rows of `{path}` stay in its engine; only counts leave it", path=self.where.path)
        raise unread(Absence.WRONG_KIND, self.where.name, detail)

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        """Run a query and yield its rows in batches of at most ``size``, in bounded memory."""
        with self.server.errors(self.where):
            yield from self.server.batches(translated(statement, self.server.dialect), size)


def plain(value: object) -> str | int | None:
    """Return a value of an answer as the embedded engine gives it: sums of whole numbers are whole numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)  # type: ignore[return-value]  # sums of floating-point numbers, where they are asked for
    return value  # type: ignore[return-value]  # statements return texts and whole numbers


def _order(row: Row) -> tuple[tuple[bool, str | int], ...]:
    return tuple((value is None, 0 if value is None else value) for value in row)
