"""Files and frames in memory, read by the embedded engine."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from hcgov.core.artifacts import CsvDialect
from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.tables.earlier import Earlier
from hcgov.io.tables.engine import Embedded, Session, engine_errors, session
from hcgov.io.tables.footers import Footers
from hcgov.io.tables.handed import Handed, handed
from hcgov.io.tables.incremental import Keeping, in_parts
from hcgov.io.tables.place import Named, Place, place
from hcgov.io.tables.probing import schema_of
from hcgov.io.tables.relation import Relation, attach
from hcgov.io.tables.room import Engines, elsewhere
from hcgov.io.tables.schema import Schema
from hcgov.io.tables.snapshot import Snapshot
from hcgov.io.tables.unread import UnreadError, unread
from hcgov.io.tables.witness import Witness


@frozen
class _File:
    where: Place
    snapshot: Snapshot
    keeping: Keeping | None


@frozen
class _Frame:
    where: Named
    held: Handed
    witness: Witness


_Held: TypeAlias = _File | _Frame


@contextmanager
def embedded(
    name: str,
    tables: Mapping[str, Table],
    root: Path,
    allowed_roots: tuple[Path, ...],
    *,
    engines: Engines,
    ordered: bool,
) -> "Iterator[_Embedded]":
    """Open the embedded engine on files and frames; see :func:`hcgov.io.tables.room.opened`."""
    held: dict[str, _Held | UnreadError] = {}
    for one, table in tables.items():
        try:
            held[one] = _hold(one, name, table, root, allowed_roots, engines)
        except UnreadError as gone:
            if one == name:
                raise
            held[one] = gone
    files = [file for it in held.values() if isinstance(it, _File) for file in it.where.files]
    with session(files, ordered=ordered, memory=engines.memory) as opened:
        yield _Embedded(session=opened, tables=tables, held=held, ordered=ordered)


def _hold(
    one: str, name: str, table: Table, root: Path, allowed_roots: tuple[Path, ...], engines: Engines
) -> _Held:
    if one in engines.frames:
        frame = handed(one, engines.frames[one])
        return _Frame(where=frame.where, held=frame, witness=Witness())
    if table.connection is not None:
        raise elsewhere(one, name)
    where = place(one, table, root, allowed_roots)
    snapshot = Snapshot(where, table, root, allowed_roots)
    keeping = None
    if engines.counts is not None:
        earlier, fresh, digests = Earlier(folder=engines.counts), engines.fresh, snapshot.digests
        footers = None
        if in_parts(where, table):
            footers = Footers(where=where, earlier=earlier, fresh=fresh, digests=digests)
        keeping = Keeping(earlier=earlier, fresh=fresh, digests=digests, footers=footers)
    return _File(where=where, snapshot=snapshot, keeping=keeping)


@frozen
class _Embedded:
    """The embedded engine with its tables."""

    session: Session
    tables: Mapping[str, Table]
    held: Mapping[str, _Held | UnreadError]
    ordered: bool

    def where(self, name: str) -> Named:
        return self._held(name).where

    def schema(self, name: str) -> Schema:
        held = self._held(name)
        if isinstance(held, _Frame):
            return held.held.schema
        footers = None if held.keeping is None else held.keeping.footers
        return schema_of(self.session, held.where, self.tables[name].csv, footers=footers)

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
        held, table = self._held(name), self.tables[name]
        if isinstance(held, _File):
            return attach(
                self.session,
                held.where,
                table,
                schema,
                used,
                name=called,
                passes=passes,
                counts=held.keeping,
                divide=divide and not self.ordered,
            )
        engine = Embedded(session=self.session, where=held.where, dialect=CsvDialect())
        with engine_errors(held.where, engine.dialect):  # Arrow has types that the engine has not
            self.session.connection.register(f"{called}_frame", held.held.used(used))
        return Relation(
            engine=held.witness.of(engine),
            where=held.where,
            table=table,
            schema=schema,
            source=f"({held.held.scan(f'{called}_frame', used)}) {called}",
        )

    def seal(self, name: str, rows: int | None) -> Source:
        held = self._held(name)
        if isinstance(held, _File):
            return _sealed(held, rows)
        if self.tables[name].sha256 is not None:
            detail = text(
                "`{artifact}` was handed over in memory, but the manifest pins the digest of a file",
                artifact=name,
            )
            raise unread(Absence.WRONG_DIGEST, name, detail)
        return Source(
            artifact=name,
            kind="table",
            location=held.where.path,
            sha256="",
            size=None,
            rows=rows,
            counted=held.witness.digest(),
        )

    def _held(self, name: str) -> _Held:
        held = self.held[name]
        if isinstance(held, UnreadError):
            raise held
        return held


def _sealed(held: _File, rows: int | None) -> Source:
    source = held.snapshot.seal(rows)
    if held.keeping is None:
        return source
    if rows is not None:
        held.keeping.save()
    return replace(source, counted_before=held.keeping.files_taken())
