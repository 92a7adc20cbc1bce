"""Tables in the engine of a connection, opened for one set of questions."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hcgov.core.connection import Connection, SparkConnection
from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.aggregates import Kind
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.refusals import changed
from hcgov.io.tables import flags, sql
from hcgov.io.tables.live.dialect import BYTEWISE, identifier
from hcgov.io.tables.live.engine import Held, Remote, Server, Standing
from hcgov.io.tables.place import Named, place
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.room import Engines, elsewhere
from hcgov.io.tables.schema import Family, Schema
from hcgov.io.tables.snapshot import Snapshot
from hcgov.io.tables.unread import UnreadError, unread
from hcgov.io.tables.witness import Witness


@contextmanager
def live(
    name: str,
    tables: Mapping[str, Table],
    root: Path,
    allowed_roots: tuple[Path, ...],
    *,
    engines: Engines,
    connection: Connection,
) -> "Iterator[LiveRoom]":
    """Open the engine of a connection; see :func:`hcgov.io.tables.room.opened`."""
    here = _named(name, tables[name])
    called = str(tables[name].connection)
    with _server(here, called, connection, engines.environ) as server:
        yield LiveRoom(
            server=server,
            main=name,
            connection=called,
            tables=tables,
            root=root,
            allowed_roots=allowed_roots,
        )


def _server(
    where: Named, called: str, connection: Connection, environ: Mapping[str, str]
) -> AbstractContextManager[Server]:
    if isinstance(connection, SparkConnection):
        from hcgov.io.tables.live.spark import spark

        return spark(where, called, connection, environ)
    from hcgov.io.tables.live.database import database

    return database(where, called, connection, environ)


def _named(name: str, table: Table) -> Named:
    return Named(name=name, path=f"{table.connection}:{table.relation or table.path}")


@dataclass(kw_only=True)
class LiveRoom:
    """The engine of a connection with the tables that are read through it."""

    server: Server
    main: str
    connection: str
    tables: Mapping[str, Table]
    root: Path
    allowed_roots: tuple[Path, ...]
    _standing: dict[str, Standing] = field(default_factory=dict)
    _witness: dict[str, Witness] = field(default_factory=dict)
    _state: dict[str, str] = field(default_factory=dict)
    _snapshots: dict[str, Snapshot] = field(default_factory=dict)

    def where(self, name: str) -> Named:
        """Return how messages speak of a table; one of another engine is refused."""
        table = self.tables[name]
        if table.connection != self.connection:
            raise elsewhere(name, self.main)
        return _named(name, table)

    def schema(self, name: str) -> Schema:
        """Return the columns that the engine's catalogue names."""
        columns = self._found(name).columns
        return Schema(
            columns=tuple(column.name for column in columns),
            families=tuple(column.family for column in columns),
        )

    def kinds(self, name: str) -> tuple[Kind, ...]:
        """Return what each column holds, as a data frame of the table would hold it."""
        return tuple(column.kind for column in self._found(name).columns)

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
        """Make the used columns of a table readable under a name; how it is divided, its engine knows best."""
        where, standing = self.where(name), self._found(name)
        at = sorted(range(len(schema.columns)) if used is None else used)
        columns = [f"{_value(standing.columns[i])} AS c{i}" for i in at]
        scan = sql.select(columns or ["1 AS one"], standing.source)
        engine = Remote(server=self.server, where=where)
        self._state.setdefault(name, self.server.state(where, standing))
        return Relation(
            engine=self._witness.setdefault(name, Witness()).of(engine),
            where=where,
            table=self.tables[name],
            schema=schema,
            source=f"({scan}) {called}",
        )

    def seal(self, name: str, rows: int | None) -> Source:
        """Return where a table was read; one that changed since it was attached is refused."""
        where = self.where(name)
        snapshot = self._snapshots.get(name)
        if snapshot is not None:
            return snapshot.seal(rows)
        if self.tables[name].sha256 is not None:
            detail = text("`{path}` has no digest that could be compared with a pinned one", path=where.path)
            raise unread(Absence.WRONG_DIGEST, name, detail)
        if name in self._state and self.server.state(where, self._found(name)) != self._state[name]:
            raise UnreadError(changed(name, where.path))
        witness = self._witness.get(name)
        return Source(
            artifact=name,
            kind="table",
            location=where.path,
            sha256="",
            size=None,
            rows=rows,
            counted="" if witness is None else witness.digest(),
        )

    def _found(self, name: str) -> Standing:
        if name not in self._standing:
            where, table = self.where(name), self.tables[name]
            if table.path is None:
                found = self.server.find(where, str(table.relation))
            else:
                found = self.server.files(where, self._address(name, table, table.path))
            self._standing[name] = found
        return self._standing[name]

    def _address(self, name: str, table: Table, path: str) -> str:
        """Return a path as the engine takes it: files of the project are watched, as everywhere."""
        if "://" in path:
            return path
        here = place(name, table, self.root, self.allowed_roots)
        if here.format != "parquet":
            detail = text(
                "`{path}` is not Parquet, and no other files are read through a connection", path=path
            )
            raise unread(Absence.WRONG_KIND, name, detail)
        self._snapshots[name] = Snapshot(here, table, self.root, self.allowed_roots)
        return here.found.as_uri()


def _value(column: Held) -> str:
    """Return a column as every engine gives it: texts as texts that compare letter by letter, NaN as `not recorded`."""
    name = identifier(column.name)
    if column.family is Family.TEXT:
        return f"CAST({name} AS VARCHAR) COLLATE {BYTEWISE}"
    return flags.recorded(name, column.family)
