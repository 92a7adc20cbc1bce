"""All answers that are asked of one table, from one verified snapshot of it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from hcgov.core.collecting import uncollected
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf, Overlap, OverlapOf, Shares, SharesOf
from hcgov.core.evidence.scores import Scores, ScoresOf
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.core.text import text
from hcgov.io.tables import sql
from hcgov.io.tables.binding import TableRequest, used_columns
from hcgov.io.tables.counting import Ask, bind, count
from hcgov.io.tables.halves import in_half
from hcgov.io.tables.people import count_terms
from hcgov.io.tables.persons import overlap, shares
from hcgov.io.tables.place import Named
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.room import Engines, Room, opened
from hcgov.io.tables.schema import locate
from hcgov.io.tables.scores import scores
from hcgov.io.tables.tally import Caps
from hcgov.io.tables.unread import UnreadError, unread

Answer: TypeAlias = Counts | Scores | Shares | Overlap
_Draft: TypeAlias = Callable[[Source], Answer] | Absent
"""An answer but for its source, whose digest is known only when the scan is over."""


@uncollected()
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
    engines: Engines | None = None,
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
    engines
        Where else tables may stand, and how the embedded engine runs.

    Returns
    -------
    dict
        One answer a request: ``Absent`` with its reason for all where the table cannot be read, or for the
        one request that cannot be answered.
    """
    asked = tuple(dict.fromkeys(requests))
    tables = {one: it for one, it in listed.items() if one in _listed(asked)} | {name: table}
    try:
        with opened(name, tables, root, allowed_roots, engines=engines or Engines()) as room:
            try:
                rows, drafts = _scan(room, name, tables, asked, rules=rules, caps=caps or Caps())
            except UnreadError:
                room.seal(name, None)  # a file that changed or is not the pinned one is the better reason
                raise
            source = room.seal(name, rows)
    except UnreadError as gone:
        return dict.fromkeys(asked, gone.absent)
    return {request: it if isinstance(it := drafts[request], Absent) else it(source) for request in asked}


def _listed(asked: Sequence[TableRequest]) -> frozenset[str]:
    return frozenset(request.listed for request in asked if isinstance(request, OverlapOf))


def _scan(
    room: Room,
    name: str,
    tables: Mapping[str, Table],
    asked: Sequence[TableRequest],
    *,
    rules: SliceRules,
    caps: Caps,
) -> tuple[int, dict[TableRequest, _Draft]]:
    table, relation = tables[name], _attached(room, name, tables[name], asked, rules)
    drafts: dict[TableRequest, _Draft] = {}
    scored = scores(relation, [r for r in asked if isinstance(r, ScoresOf)], rules, caps)
    for one, histograms in scored.items():
        drafts[one] = histograms
    asks: list[Ask] = []
    for request in asked:
        try:
            if isinstance(request, CountsOf):
                asks.append(bind(relation, request, rules))
            elif isinstance(request, SharesOf):
                drafts[request] = shares(relation, request, caps)
            elif isinstance(request, OverlapOf):
                drafts[request] = _overlap(room, relation, request, tables, len(drafts))
        except UnreadError as gone:
            drafts[request] = gone.absent
    drafts.update(_halves(relation, asks, caps))
    if whole := [ask for ask in asks if ask.request.half is None]:
        found, counts = count(relation, whole, caps)
        rows, units = found.rows, found.units
        for request, draft in counts.items():
            drafts[request] = draft
    else:
        rows, units = _rows(relation)
    if not units and not table.may_be_empty:
        raise empty_table(relation.where)
    return rows, drafts


def _attached(
    room: Room, name: str, table: Table, asked: Sequence[TableRequest], rules: SliceRules
) -> Relation:
    """Make those columns of the table readable that the requests use."""
    schema = room.schema(name)
    uses = used_columns(name, table, asked, rules)
    at = (locate(schema, table, use.column) for use in uses if use.column is not None)
    used = {i for i in at if isinstance(i, int)}
    return room.attach(name, schema, used, called="here", passes=_passes(table, asked), divide=True)


def _halves(relation: Relation, asks: Sequence[Ask], caps: Caps) -> dict[TableRequest, _Draft]:
    drafts: dict[TableRequest, _Draft] = {}
    for half in ("a", "b"):
        if own := [ask for ask in asks if ask.request.half == half]:
            for request, draft in in_half(relation, own, half, caps).items():
                drafts[request] = draft
    return drafts


def _passes(table: Table, asked: Sequence[TableRequest]) -> int:
    """Return how often the table will be read: once for all rates, once for each other request."""
    others = sum(not isinstance(request, CountsOf) or request.half is not None for request in asked)
    return 1 + others + sum(role is not None for role in (table.roles.person, table.roles.item))


def _rows(relation: Relation) -> tuple[int, int]:
    weight = "1"
    with suppress(UnreadError):  # a count column that is not there was told to each request
        weight = count_terms(relation)[0]
    ((rows, units),) = relation.read(sql.select(["COUNT(*)", f"SUM({weight})"], relation.source))
    return int(rows or 0), int(units or 0)


def _overlap(
    room: Room, relation: Relation, request: OverlapOf, tables: Mapping[str, Table], number: int
) -> _Draft:
    name = request.listed
    table = tables.get(name)
    if table is None:
        detail = text("there is no table `{artifact}` in hcgov.yaml", artifact=name)
        raise unread(Absence.NOT_DECLARED, name, detail)
    where = room.where(name)  # what is not there at all has nothing to seal
    try:
        schema = room.schema(name)
        person = table.roles.person
        at = None if person is None else locate(schema, table, person)
        used = {at} if isinstance(at, int) else set()
        listed = room.attach(name, schema, used, called=f"listed{number}", passes=2)
        draft = overlap(relation, listed, request)
        rows, _ = _rows(listed)
        if not rows and not table.may_be_empty:
            raise empty_table(where)
    except UnreadError:
        room.seal(name, None)
        raise
    listed_source = room.seal(name, rows)
    return lambda source: draft(source, listed_source)


def empty_table(where: Named) -> UnreadError:
    """Return the refusal of a table without rows."""
    detail = text(
        "`{path}` has no rows; if that is an answer, say `may_be_empty: true` at the artifact",
        path=where.path,
    )
    return unread(Absence.EMPTY_TABLE, where.name, detail)
