"""A long table from columns as they were read: people joined, consent honoured, what was not submitted left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hcgov.core.evidence.long import Codes, Column, LeftOut, Long, LongOf, Numbers, Texts
from hcgov.core.evidence.source import Source
from hcgov.core.judged import REVOKED, LongMapping
from hcgov.core.long_tables import COLUMNS, PERSON, Holds, LongKind
from hcgov.core.slices import SliceRules
from hcgov.core.text import Text, text
from hcgov.io.long.encoding import Given, NotSuchAValueError, array_of, encode, encode_names, numbers_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOT_SUBMITTED = ("discarded", "draft")
SCALED = ("label", "score")
"""Columns whose values stand on the declared scale."""


@dataclass(frozen=True, kw_only=True)
class Store:
    """All that was read of one artifact.

    Parameters
    ----------
    columns, groups
        By canonical name and by slice column; one entry a row.
    left_out
        Rows that are not in here.
    """

    table: str
    kind: LongKind
    mapping: LongMapping
    rows: int
    columns: Mapping[str, Column]
    groups: Mapping[str, Codes]
    source: Source
    further: tuple[Source, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Text, ...] = ()


def stored(
    table: str,
    kind: LongKind,
    mapping: LongMapping,
    columns: Mapping[str, Given],
    groups: Mapping[str, Given],
    *,
    rows: int,
    source: Source,
    further: tuple[Source, ...] = (),
) -> Store:
    """Return a table of what was read.

    Parameters
    ----------
    columns, groups
        As they were read, by canonical name and by slice column.
    rows
        Number of rows, which a table with no column that is used has too.

    Raises
    ------
    NotSuchAValueError
        A column holds what its meaning does not allow.
    """
    known = COLUMNS[kind]
    encoded = {
        name: encode(
            name,
            known[name],
            given,
            values=mapping.values.get(name, {}),
            order=mapping.order if name in SCALED else (),
        )
        for name, given in columns.items()
    }
    sliced = {
        name: encode_names(name, given, values=mapping.values.get(name, {})) for name, given in groups.items()
    }
    return Store(
        table=table,
        kind=kind,
        mapping=mapping,
        rows=rows,
        columns=encoded,
        groups=sliced,
        source=source,
        further=further,
    )


def joined(store: Store, people: Store) -> Store:
    """Return a table with what is known of the people in it: their groups, consent and weight.

    What the table itself says goes before. Where either says that consent was revoked, it was.

    Raises
    ------
    NotSuchAValueError
        A person stands twice among the people.
    """
    import numpy as np

    person = PERSON[store.kind]
    if person not in store.columns:
        return replace(store, further=(*store.further, people.source, *people.further))
    who, listed = _codes(store, person), _codes(people, PERSON[LongKind.ANNOTATORS])
    if np.unique(_array(listed)[_array(listed) >= 0]).size < int((_array(listed) >= 0).sum()):
        detail = text(
            "`{artifact}` names a person more than once; one row describes one person", artifact=people.table
        )
        raise NotSuchAValueError(detail)
    row_of = {listed.names[code]: row for row, code in enumerate(listed.codes) if code >= 0}
    at = np.array([row_of.get(name, -1) for name in who.names] + [-1], dtype=np.int64)[_array(who)]
    groups = {name: _taken(column, at) for name, column in people.groups.items()} | dict(store.groups)
    columns = dict(store.columns)
    theirs = people.columns.get("consent")
    if isinstance(theirs, Codes):
        columns["consent"] = _either(columns.get("consent"), _taken(theirs, at))
    return replace(
        store, columns=columns, groups=groups, further=(*store.further, people.source, *people.further)
    )


def cleared(store: Store) -> Store:
    """Return a table without the rows that no number may rest on: withdrawn, not submitted, or by nobody."""
    import numpy as np

    keep = np.ones(store.rows, dtype=bool)
    left: list[LeftOut] = []

    def leave(why: str, mask: "NDArray[np.bool_]") -> None:
        nonlocal keep
        gone = keep & mask
        if gone.any():
            left.append(LeftOut(why=why, rows=int(gone.sum()), people=_people(store, gone)))
            keep &= ~gone

    if "consent" in store.columns:
        leave("withdrawn", _is(store, "consent", REVOKED))
    if "status" in store.columns:
        for status in NOT_SUBMITTED:
            leave(status, _is(store, "status", status))
    if store.kind is LongKind.ANNOTATIONS and "annotator" in store.columns:
        leave("no_annotator", _array(_codes(store, "annotator")) < 0)
    return store if not left else replace(kept(store, keep), left_out=(*store.left_out, *left))


def kept(store: Store, keep: "NDArray[np.bool_]") -> Store:
    """Return some rows of a table; names that no row has any more are gone, unless a scale declares them."""
    return replace(
        store,
        rows=int(keep.sum()),
        columns={name: _some(column, keep, _closed(store, name)) for name, column in store.columns.items()},
        groups={name: _codes_of(_some(column, keep, closed=False)) for name, column in store.groups.items()},
    )


def answer(store: Store, request: LongOf, rules: SliceRules) -> Long:
    """Return what a request asks of a table."""
    asked = store if not request.question else _of_question(store, request.question)
    wanted = dict.fromkeys((*request.needs, *request.may))
    mapping = store.mapping
    return Long(
        table=store.table,
        kind=store.kind,
        rows=asked.rows,
        columns={name: asked.columns[name] for name in wanted if name in asked.columns},
        groups={name: asked.groups[name] for name in rules.columns if name in asked.groups},
        scale=mapping.scale,
        low=mapping.low,
        high=mapping.high,
        randomised=mapping.randomised,
        declared=mapping.declared,
        left_out=asked.left_out,
        notes=store.notes,
        rules=rules,
        source=store.source,
        further=store.further,
    )


def questions_of(store: Store) -> tuple[str, ...]:
    """Return the questions that a table holds; empty where it names none."""
    found = store.columns.get("question")
    return found.names if isinstance(found, Codes) else ()


def _of_question(store: Store, question: str) -> Store:
    found = store.columns.get("question")
    if not isinstance(found, Codes) or question not in found.names:
        return store
    return kept(store, _array(found) == found.names.index(question))


def _either(own: Column | None, theirs: Codes) -> Codes:
    """Return the consent of each row: revoked where either says so, else the table's own, else the person's."""
    import numpy as np

    if not isinstance(own, Codes):
        return theirs
    first, second = _array(own), _array(theirs)
    chosen = np.where(first >= 0, first, second)
    revoked = own.names.index(REVOKED)
    return Codes(
        codes=array_of(np.where(second == revoked, second, chosen).astype(np.int32)), names=own.names
    )


def _is(store: Store, name: str, value: str) -> "NDArray[np.bool_]":
    import numpy as np

    column = _codes(store, name)
    if value not in column.names:
        return np.zeros(store.rows, dtype=bool)
    return np.asarray(_array(column) == column.names.index(value))


def _people(store: Store, mask: "NDArray[np.bool_]") -> int | None:
    import numpy as np

    person = PERSON[store.kind]
    if person not in store.columns:
        return None
    found = _array(_codes(store, person))[mask]
    return int(np.unique(found[found >= 0]).size)


def _closed(store: Store, name: str) -> bool:
    return bool(COLUMNS[store.kind][name].values) or (name in SCALED and bool(store.mapping.order))


def _some(column: Column, keep: "NDArray[np.bool_]", closed: bool) -> Column:
    import numpy as np

    if isinstance(column, Texts):
        return Texts(values=tuple(v for v, k in zip(column.values, keep.tolist(), strict=True) if k))
    if isinstance(column, Numbers):
        return Numbers(values=numbers_of(np.frombuffer(column.values, dtype=np.float64)[keep]))
    codes = _array(column)[keep]
    if closed:
        return Codes(codes=array_of(codes), names=column.names)
    return _compact(codes, column.names)


def _taken(column: Codes, at: "NDArray[np.int64]") -> Codes:
    """Return a column of people at the rows of what they judged; -1 where a person is not described."""
    import numpy as np

    codes = np.append(_array(column), np.int32(-1))
    return Codes(codes=array_of(codes[at].astype(np.int32)), names=column.names)


def _compact(codes: "NDArray[np.int32]", names: Sequence[str]) -> Codes:
    import numpy as np

    used = np.unique(codes[codes >= 0])
    place = np.full(len(names) + 1, -1, dtype=np.int32)
    place[used] = np.arange(used.size, dtype=np.int32)
    return Codes(codes=array_of(place[codes]), names=tuple(names[int(i)] for i in used))


def _codes(store: Store, name: str) -> Codes:
    return _codes_of(store.columns[name])


def _codes_of(column: Column) -> Codes:
    if not isinstance(column, Codes):
        raise TypeError("a column of names is asked for")
    return column


def _array(column: Codes) -> "NDArray[np.int32]":
    import numpy as np

    return np.frombuffer(column.codes, dtype=np.int32)


def names_used(requests: Iterable[LongOf], kind: LongKind) -> tuple[str, ...]:
    """Return every canonical column that requests read, with those that say what has to be left out."""
    always = [name for name in (PERSON[kind], "consent", "status", "question") if name in COLUMNS[kind]]
    asked = (name for request in requests for name in (*request.needs, *request.may))
    return tuple(dict.fromkeys((*always, *asked)))


def is_text(kind: LongKind, name: str) -> bool:
    """Whether a column is read as a text."""
    return COLUMNS[kind][name].holds is Holds.TEXT
