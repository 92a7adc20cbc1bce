"""What a suite of expectations asks of a table that stays in the engine of a connection: only numbers come back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.aggregates import Aggregate, Aggregates, Answer, Kind
from hcgov.core.project import Table
from hcgov.io.tables import flags, sql
from hcgov.io.tables.answering import empty_table
from hcgov.io.tables.frame import shown_names
from hcgov.io.tables.live.room import LiveRoom, live
from hcgov.io.tables.live.summing import Plain, answers_to, refused
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.room import Engines, connection_of
from hcgov.io.tables.schema import Family, Schema
from hcgov.io.tables.unread import UnreadError

_TYPES = {Kind.WHOLE: "BIGINT", Kind.NUMBER: "DOUBLE", Kind.SINGLE: "FLOAT"}


def aggregate(
    name: str,
    table: Table,
    root: Path,
    columns: Sequence[str],
    ask: Callable[[Mapping[str, Kind | None]], Collection[Aggregate]],
    allowed_roots: tuple[Path, ...] = (),
    *,
    engines: Engines,
    dry: bool = False,
) -> Aggregates | Absent:
    """Answer aggregates of a table through its connection; see :func:`hcgov.io.tables.aggregates.aggregate`.

    ``refused`` of what is returned says what its engine is not asked, and why.
    """
    try:
        connection = connection_of(name, table, engines)
        with live(name, {name: table}, root, allowed_roots, engines=engines, connection=connection) as room:
            try:
                found = _found(name, table, columns, ask, room, dry=dry)
            except UnreadError:
                room.seal(name, None)  # a table that changed is the better reason
                raise
    except UnreadError as gone:
        return gone.absent
    return found


def _found(
    name: str,
    table: Table,
    columns: Sequence[str],
    ask: Callable[[Mapping[str, Kind | None]], Collection[Aggregate]],
    room: LiveRoom,
    *,
    dry: bool,
) -> Aggregates:
    schema, dialect = room.schema(name), room.server.dialect
    at = _positions(schema, table, columns)
    held = room.kinds(name)
    names = shown_names(schema, table)
    kinds: dict[str, Kind | None] = dict.fromkeys(names) | {shown: held[i] for shown, i in at.items()}
    asked = tuple(dict.fromkeys(ask(kinds)))
    left = {one: why for one in asked if (why := refused(one, dialect)) is not None}
    rows, answers = 0, dict[Aggregate, Answer]()
    if not dry:
        relation = room.attach(name, schema, set(at.values()), called="here", passes=2)
        source = _typed(relation, {i: held[i] for i in at.values()})
        plain = Plain(relation=relation, source=source, at=at, kinds=kinds, dialect=dialect)
        rows, answers = answers_to(plain, [one for one in asked if one not in left])
    sealed = room.seal(name, None if dry else rows)
    if not dry and not rows and not table.may_be_empty:
        raise empty_table(room.where(name))
    return Aggregates(
        kinds=kinds,
        rows=rows,
        answers=answers,
        source=sealed,
        stays=table.connection or "",
        refused=left,
    )


def _positions(schema: Schema, table: Table, columns: Sequence[str]) -> dict[str, int]:
    """Return the positions of the columns that are there, under the names that a frame gives them."""
    shown = {name: i for i, name in enumerate(shown_names(schema, table))}
    return {column: shown[column] for column in columns if column in shown}


def _typed(relation: Relation, held: Mapping[int, Kind]) -> str:
    """Return a source whose columns have the types that a frame gives them."""
    columns = [f"{_value(f'c{i}', kind)} AS c{i}" for i, kind in held.items()]
    return f"({sql.select(columns or ['1 AS one'], relation.source)}) typed"


def _value(column: str, kind: Kind) -> str:
    if kind not in _TYPES:
        return column
    value = f"CAST({column} AS {_TYPES[kind]})"
    # Decimals may hold NaN in some engines, which only shows once they are floating-point numbers.
    return value if kind is Kind.WHOLE else flags.recorded(value, Family.DOUBLE)
