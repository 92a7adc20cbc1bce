"""All answers that are asked of one table, from one verified snapshot of it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf, Overlap, OverlapOf, Shares, SharesOf
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.core.text import text
from hcgov.io.tables import sql
from hcgov.io.tables.binding import TableRequest, used_columns
from hcgov.io.tables.counting import Ask, bind, count
from hcgov.io.tables.engine import Session, session
from hcgov.io.tables.people import count_terms
from hcgov.io.tables.persons import overlap, shares
from hcgov.io.tables.place import Place, place
from hcgov.io.tables.probing import schema_of
from hcgov.io.tables.relation import Relation, attach
from hcgov.io.tables.schema import locate
from hcgov.io.tables.snapshot import Snapshot
from hcgov.io.tables.tally import Caps
from hcgov.io.tables.unread import UnreadError, unread

Answer: TypeAlias = Counts | Shares | Overlap
_Draft: TypeAlias = Callable[[Source], Answer] | Absent
"""An answer but for its source, whose digest is known only when the scan is over."""


def answer(
    name: str,
    table: Table,
    root: Path,
    requests: Sequence[TableRequest],
    rules: SliceRules,
    listed: Mapping[str, Table],
    allowed_roots: tuple[Path, ...] = (),
    *,
    caps: Caps | None = None,
) -> dict[TableRequest, Answer | Absent]:
    """Answer everything that checks ask of one table.

    All requests for rates share one group-by at the finest cell. The digest of the file is computed beside
    the scan, and the file is compared before and after: counts and digest are those of the same bytes.

    Parameters
    ----------
    name, table
        The artifact as ``hcgov.yaml`` names it.
    root, allowed_roots
        Folder of the project, and folders outside that the user allowed.
    requests
        Requests whose ``table`` is ``name``.
    rules
        The project's slices; each request tightens them with its own.
    listed
        Table artifacts by name, for requests that compare persons with another table.
    caps
        How far groups may fan out.

    Returns
    -------
    dict
        One answer a request: ``Absent`` with its reason for all where the table cannot be read, or for the
        one request that cannot be answered.
    """
    asked = tuple(dict.fromkeys(requests))
    try:
        where = place(name, table, root, allowed_roots)
        lists = _lists(asked, listed, root, allowed_roots)
        files = [
            *where.files,
            *(file for it in lists.values() if isinstance(it, _List) for file in it.where.files),
        ]
        snapshot = Snapshot(where, table, root, allowed_roots)
        with session(files) as engine:
            try:
                rows, drafts = _scan(
                    engine, where, table, asked, rules=rules, lists=lists, caps=caps or Caps()
                )
            except UnreadError:
                snapshot.seal(None)  # a file that changed or is not the pinned one is the better reason
                raise
        source = snapshot.seal(rows)
    except UnreadError as gone:
        return dict.fromkeys(asked, gone.absent)
    return {request: it if isinstance(it := drafts[request], Absent) else it(source) for request in asked}


@dataclass(frozen=True, kw_only=True)
class _List:
    """Another table, whose persons are looked for."""

    where: Place
    table: Table
    snapshot: Snapshot


def _lists(
    asked: Sequence[TableRequest], listed: Mapping[str, Table], root: Path, allowed_roots: tuple[Path, ...]
) -> dict[str, _List | Absent]:
    found: dict[str, _List | Absent] = {}
    for name in dict.fromkeys(request.listed for request in asked if isinstance(request, OverlapOf)):
        try:
            table = listed.get(name)
            if table is None:
                detail = text("there is no table `{artifact}` in hcgov.yaml", artifact=name)
                raise unread(Absence.NOT_DECLARED, name, detail)
            where = place(name, table, root, allowed_roots)
            snapshot = Snapshot(where, table, root, allowed_roots)
            found[name] = _List(where=where, table=table, snapshot=snapshot)
        except UnreadError as gone:
            found[name] = gone.absent
    return found


def _scan(
    engine: Session,
    where: Place,
    table: Table,
    asked: Sequence[TableRequest],
    *,
    rules: SliceRules,
    lists: Mapping[str, _List | Absent],
    caps: Caps,
) -> tuple[int, dict[TableRequest, _Draft]]:
    schema = schema_of(engine, where, table.csv)
    uses = used_columns(where.name, table, asked, rules)
    at = (locate(schema, table, use.column) for use in uses if use.column is not None)
    used = {i for i in at if isinstance(i, int)}
    relation = attach(engine, where, table, schema, used, name="here", passes=_passes(table, asked))
    drafts: dict[TableRequest, _Draft] = {}
    asks: list[Ask] = []
    for request in asked:
        try:
            if isinstance(request, CountsOf):
                asks.append(bind(relation, request, rules))
            elif isinstance(request, SharesOf):
                drafts[request] = shares(relation, request, caps)
            else:
                drafts[request] = _overlap(relation, request, lists[request.listed], len(drafts))
        except UnreadError as gone:
            drafts[request] = gone.absent
    if asks:
        found, counts = count(relation, asks, caps)
        rows, units = found.rows, found.units
        for request, draft in counts.items():
            drafts[request] = draft
    else:
        rows, units = _rows(relation)
    if not units and not table.may_be_empty:
        raise empty_table(where)
    return rows, drafts


def _passes(table: Table, asked: Sequence[TableRequest]) -> int:
    """Return how often the table will be read: once for all rates, once for each other request."""
    others = sum(not isinstance(request, CountsOf) for request in asked)
    return 1 + others + (1 if table.roles.person is not None and table.count is None else 0)


def _rows(relation: Relation) -> tuple[int, int]:
    weight = "1"
    with suppress(UnreadError):  # a count column that is not there was told to each request
        weight = count_terms(relation)[0]
    ((rows, units),) = relation.read(sql.select(["COUNT(*)", f"SUM({weight})"], relation.source))
    return int(rows or 0), int(units or 0)


def _overlap(relation: Relation, request: OverlapOf, other: _List | Absent, number: int) -> _Draft:
    if isinstance(other, Absent):
        return other
    try:
        schema = schema_of(relation.engine, other.where, other.table.csv)
        person = other.table.roles.person
        at = None if person is None else locate(schema, other.table, person)
        used = {at} if isinstance(at, int) else set()
        as_ = f"listed{number}"
        listed = attach(relation.engine, other.where, other.table, schema, used, name=as_, passes=2)
        draft = overlap(relation, listed, request)
        rows, _ = _rows(listed)
        if not rows and not other.table.may_be_empty:
            raise empty_table(other.where)
    except UnreadError:
        other.snapshot.seal(None)
        raise
    listed_source = other.snapshot.seal(rows)
    return lambda source: draft(source, listed_source)


def empty_table(where: Place) -> UnreadError:
    """Return the refusal of a table without rows."""
    detail = text(
        "`{path}` has no rows; if that is an answer, say `may_be_empty: true` at the artifact",
        path=where.path,
    )
    return unread(Absence.EMPTY_TABLE, where.name, detail)
