"""A table and those it is compared with, readable in one engine: files and frames here, the rest over there."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import Protocol

from hcgov.core.connection import Connection
from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.mistake import did_you_mean
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.tables.place import Named
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.schema import Schema
from hcgov.io.tables.unread import UnreadError, unread


@frozen
class Engines:
    """Where tables may stand, and how the engines run.

    Parameters
    ----------
    connections
        As ``hcgov.yaml`` names them.
    environ
        Environment, for the credentials that connections name.
    frames
        Tables in memory by artifact (pandas, polars, Arrow, or anything with ``__arrow_c_stream__``): they are
        read in place of what the manifest names.
    memory
        Most memory of the embedded engine, such as ``2GB``; empty for its own default.
    counts
        Folder where the counts of each file of a table are kept for later checks; none are kept or taken if ``None``.
    fresh
        Whether everything is counted anew, whatever an earlier check has counted.
    """

    connections: Mapping[str, Connection] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    frames: Mapping[str, object] = field(default_factory=dict, repr=False)
    memory: str = ""
    counts: Path | None = None
    fresh: bool = False


class Room(Protocol):
    """An open engine with tables in it; each method raises ``UnreadError`` with the reason."""

    def where(self, name: str) -> Named:
        """Return how messages speak of a table."""

    def schema(self, name: str) -> Schema:
        """Return the columns of a table."""

    def attach(
        self,
        name: str,
        schema: Schema,
        used: AbstractSet[int] | None,
        *,
        called: str,
        passes: int,
        divide: bool = False,
    ) -> Relation:
        """Make a table readable under a name; see :func:`hcgov.io.tables.relation.attach`."""

    def seal(self, name: str, rows: int | None) -> Source:
        """Return where a table was read, after its last statement; refuse one that changed meanwhile."""


@contextmanager
def opened(
    name: str,
    tables: Mapping[str, Table],
    root: Path,
    allowed_roots: tuple[Path, ...] = (),
    *,
    engines: Engines,
    ordered: bool = False,
) -> Iterator[Room]:
    """Open the engine that a table stands in.

    Parameters
    ----------
    name
        The table; one that it is compared with may be missing, which is told when it is attached.
    tables
        It, and those it is compared with, as ``hcgov.yaml`` names them.
    ordered
        Rows keep their order.

    Raises
    ------
    UnreadError
        The table is not there, or its engine does not answer.
    """
    table = tables[name]
    if name in engines.frames or table.connection is None:
        from hcgov.io.tables.embedded import embedded

        with embedded(name, tables, root, allowed_roots, engines=engines, ordered=ordered) as here:
            yield here
        return
    connection = connection_of(name, table, engines)
    from hcgov.io.tables.live import live

    with live(name, tables, root, allowed_roots, engines=engines, connection=connection) as there:
        yield there


def connection_of(name: str, table: Table, engines: Engines) -> Connection:
    """Return the connection through which a table is read.

    Raises
    ------
    UnreadError
        ``hcgov.yaml`` has none of its name.
    """
    named = table.connection or ""
    connection = engines.connections.get(named)
    if connection is None:
        detail = text(
            "there is no connection `{connection}` in hcgov.yaml; {near}",
            connection=named,
            near=did_you_mean(named, engines.connections) or "name it under `connections:`",
        )
        raise unread(Absence.NOT_DECLARED, name, detail)
    return connection


def elsewhere(name: str, table: str) -> UnreadError:
    """Return the refusal to compare tables that stand in two engines: persons would have to leave one of them."""
    detail = text(
        "`{other}` does not stand in the engine of `{table}`, and persons are not carried from one to the other; "
        "put both into one",
        other=name,
        table=table,
    )
    return unread(Absence.WRONG_KIND, name, detail)
