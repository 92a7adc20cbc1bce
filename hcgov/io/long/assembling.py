"""A long table from columns as they were read, and what a check asks of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hcgov.core.evidence.long import Codes, Column, LeftOut, Long, LongOf, Numbers, Texts
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.judged import LongMapping
from hcgov.core.long_tables import COLUMNS, PERSON, Holds, LongKind
from hcgov.core.slices import SliceRules
from hcgov.core.text import Text
from hcgov.io.long.encoding import Given, array_of, encode, encode_names, numbers_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCALED = ("label", "score")
"""Columns whose values stand on the declared scale."""


@frozen
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


def kept(store: Store, keep: "NDArray[np.bool_]") -> Store:
    """Return some rows of a table; names that no row has any more are gone, unless a scale declares them."""
    return replace(
        store,
        rows=int(keep.sum()),
        columns={name: _some(column, keep, _closed(store, name)) for name, column in store.columns.items()},
        groups={name: codes_of(_some(column, keep, closed=False)) for name, column in store.groups.items()},
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
    return kept(store, codes_array(found) == found.names.index(question))


def _closed(store: Store, name: str) -> bool:
    return bool(COLUMNS[store.kind][name].values) or (name in SCALED and bool(store.mapping.order))


def _some(column: Column, keep: "NDArray[np.bool_]", closed: bool) -> Column:
    import numpy as np

    if isinstance(column, Texts):
        return Texts(values=tuple(v for v, k in zip(column.values, keep.tolist(), strict=True) if k))
    if isinstance(column, Numbers):
        return Numbers(values=numbers_of(np.frombuffer(column.values, dtype=np.float64)[keep]))
    codes = codes_array(column)[keep]
    if closed:
        return Codes(codes=array_of(codes), names=column.names)
    return compact(codes, column.names)


def compact(codes: "NDArray[np.int32]", names: Sequence[str]) -> Codes:
    """Return a column whose names are those that some row has."""
    import numpy as np

    used = np.unique(codes[codes >= 0])
    place = np.full(len(names) + 1, -1, dtype=np.int32)
    place[used] = np.arange(used.size, dtype=np.int32)
    return Codes(codes=array_of(place[codes]), names=tuple(names[int(i)] for i in used))


def codes_at(store: Store, name: str) -> Codes:
    """Return a column of names of a table."""
    return codes_of(store.columns[name])


def codes_of(column: Column) -> Codes:
    """Return a column that holds names; another is a mistake of ours."""
    if not isinstance(column, Codes):
        raise TypeError("a column of names is asked for")
    return column


def codes_array(column: Codes) -> "NDArray[np.int32]":
    """Return the codes of a column, copying nothing."""
    import numpy as np

    return np.frombuffer(column.codes, dtype=np.int32)


def names_used(requests: Iterable[LongOf], kind: LongKind) -> tuple[str, ...]:
    """Return every canonical column that requests read, with those that say what has to be left out."""
    always = [
        name
        for name in (PERSON[kind], "consent", "status", "question", "label_source")
        if name in COLUMNS[kind]
    ]
    asked = (name for request in requests for name in (*request.needs, *request.may))
    return tuple(dict.fromkeys((*always, *asked)))


def is_text(kind: LongKind, name: str) -> bool:
    """Whether a column is read as a text."""
    return COLUMNS[kind][name].holds is Holds.TEXT
