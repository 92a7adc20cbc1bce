"""Cells of scores out of the engine: one histogram by label for each group and bucket of people."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, cast

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.scores import Histogram, ScoreCell
from hcgov.core.text import text
from hcgov.io.tables import sql
from hcgov.io.tables.binding import group_column
from hcgov.io.tables.engine import Embedded
from hcgov.io.tables.people import People
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.tally import Caps, too_many_values
from hcgov.io.tables.unread import unread

_Key: TypeAlias = tuple[str | int | None, ...]
_Places: TypeAlias = Iterable[tuple[int | None, int, int]]
"""Places in the four rows of a histogram's numbers, rows there, and the sum of their scores."""

_SAFE = 9 * 10**9
"""Rows whose scores in billionths add up to less than 2^63."""


def read_cells(
    relation: Relation, groups: tuple[str, ...], bins: int, people: People, caps: Caps, name: str
) -> tuple[ScoreCell, ...]:
    """Return what is kept under a name as cells, ordered by group and bucket.

    Parameters
    ----------
    relation, groups
        The table, and the groups in the order of the kept columns ``g0`` … .
    bins
        How many bins there are.
    people
        Where they repeat, column ``b`` holds the bucket of the person.
    caps
        How far groups may fan out.
    name
        What holds ``f`` (the label), ``s`` (the bin), ``n`` and ``total``.

    Raises
    ------
    UnreadError
        More groups, or more cells, than are allowed.
    """
    _check_size(relation, groups, caps, name)
    keys = [f"g{i}" for i in range(len(groups))] + (["b"] if people is People.REPEATED else [])
    by_key = (
        _gathered(relation, keys, bins, name)
        if isinstance(relation.engine, Embedded)
        else _by_rows(relation, keys, bins, name)
    )
    cells = (_cell(key, places, len(groups), bins) for key, places in by_key)
    return tuple(
        sorted(
            cells, key=lambda cell: (tuple((g is not None, g or "") for g in cell.groups), cell.bucket or 0)
        )
    )


def _gathered(
    relation: Relation, keys: Sequence[str], bins: int, name: str
) -> Iterator[tuple[_Key, _Places]]:
    """Read one row for each key, with lists: some engines know none, but rows of them are read much faster."""
    largest = relation.number(sql.select(["MAX(n)"], name))
    number = sql.small if largest < _SAFE else str
    place = f"CASE WHEN f IS NULL OR s IS NULL THEN NULL ELSE (1 - f) * {bins} + s END"
    lists = [f"LIST({one})" for one in (place, number("n"), number("total"))]
    for row in relation.read(sql.grouped(keys, lists, name)):
        at, n, total = (cast("list[int]", value or []) for value in row[len(keys) :])
        yield tuple(row[: len(keys)]), zip(at, n, total, strict=True)


def _by_rows(relation: Relation, keys: Sequence[str], bins: int, name: str) -> Iterator[tuple[_Key, _Places]]:
    found: dict[_Key, list[tuple[int | None, int, int]]] = {}
    for *key, label, at, n, total in relation.read(sql.select([*keys, "f", "s", "n", "total"], name)):
        place = None if label is None or at is None else (1 - int(label)) * bins + int(at)
        found.setdefault(tuple(key), []).append((place, int(n or 0), int(total or 0)))
    yield from found.items()


def _cell(key: _Key, places: _Places, groups: int, bins: int) -> ScoreCell:
    counts, totals, missing = [0] * (2 * bins), [0] * (2 * bins), 0
    for at, n, total in places:
        if at is None:
            missing += int(n or 0)
        else:
            counts[at] += int(n)
            totals[at] += int(total or 0)
    return ScoreCell(
        groups=tuple(None if value is None else str(value) for value in key[:groups]),
        bucket=int(key[-1] or 0) if len(key) > groups else None,
        rows=Histogram(
            positives=tuple(counts[:bins]),
            negatives=tuple(counts[bins:]),
            positive_totals=tuple(totals[:bins]),
            negative_totals=tuple(totals[bins:]),
        ),
        missing=missing,
    )


def _check_size(relation: Relation, groups: tuple[str, ...], caps: Caps, name: str) -> None:
    cells = relation.number(sql.select(["COUNT(*)"], name))
    if groups and cells > caps.values:
        (values,) = relation.read(sql.select([f"COUNT(DISTINCT g{i})" for i in range(len(groups))], name))
        for group, found in zip(groups, values, strict=True):
            if int(found or 0) > caps.values:
                raise too_many_values(relation, group, int(found or 0), caps.values)
    if cells > caps.cells:
        detail = text(
            "crossing {columns} in `{path}` with bins of scores and buckets of people gives {cells} groups, more "
            "than {cap}; slice by fewer columns, or ask for fewer `bins`",
            columns=" × ".join(f"`{group_column(relation.table, group)}`" for group in groups),
            path=relation.where.path,
            cells=f"{cells:,}",
            cap=f"{caps.cells:,}",
        )
        raise unread(Absence.TOO_MANY_GROUPS, relation.where.name, detail)
