"""People of a long table: what is known of them joined, consent honoured, what was not submitted left out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hcgov.core.evidence.long import Codes, Column, LeftOut, Numbers
from hcgov.core.judged import REVOKED
from hcgov.core.long_tables import COLUMNS, PERSON, LongKind
from hcgov.core.text import Text, text
from hcgov.io.long.assembling import Store, codes_array, codes_at, compact, kept
from hcgov.io.long.encoding import NotSuchAValueError, array_of, numbers_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOT_SUBMITTED = ("discarded", "draft")
MODELS = {LongKind.EVALUATIONS: "rater_kind", LongKind.PREFERENCES: "label_source"}
"""Column that says `judge` of the rows of a model, where such rows name it in place of a person."""


def joined(store: Store, people: Store) -> Store:
    """Return a table with what is known of the people in it: their groups, consent and weight.

    What the table itself says goes before. Where either says that consent was revoked, it was. How many people are
    not described is noted: their consent and groups are not known.

    Raises
    ------
    NotSuchAValueError
        A person stands twice among the people, or none of the table's people is among them.
    """
    import numpy as np

    further = (*store.further, people.source, *people.further)
    person = PERSON[store.kind]
    if person not in store.columns:
        return replace(store, further=further)
    if PERSON[LongKind.ANNOTATORS] not in people.columns:
        raise NotSuchAValueError(text("`{artifact}` has no column `annotator`", artifact=people.table))
    who, listed = codes_at(store, person), codes_at(people, PERSON[LongKind.ANNOTATORS])
    named = codes_array(listed)
    if np.unique(named[named >= 0]).size < int((named >= 0).sum()):
        detail = text(
            "`{artifact}` names a person more than once; one row describes one person", artifact=people.table
        )
        raise NotSuchAValueError(detail)
    row_of = {listed.names[code]: row for row, code in enumerate(listed.codes) if code >= 0}
    at = np.array([row_of.get(name, -1) for name in who.names] + [-1], dtype=np.int64)[codes_array(who)]
    notes = (*store.notes, *_undescribed(store, people, at))
    theirs_only = {name: _taken(column, at) for name, column in people.groups.items()}
    groups = {name: compact(codes_array(c), c.names) for name, c in theirs_only.items()} | dict(store.groups)
    columns = {**_weights(store, people, at), **store.columns}
    theirs = people.columns.get("consent")
    if isinstance(theirs, Codes):
        columns["consent"] = _either(columns.get("consent"), _taken(theirs, at))
    return replace(store, columns=columns, groups=groups, further=further, notes=notes)


def cleared(store: Store) -> Store:
    """Return a table without the rows that no number may rest on: withdrawn, not submitted, or by nobody.

    Who revoked in one row revoked in all of theirs.
    """
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
        leave("withdrawn", _withdrawn(store))
    if "status" in store.columns:
        for status in NOT_SUBMITTED:
            leave(status, _is(store, "status", status))
    if store.kind is LongKind.ANNOTATIONS and "annotator" in store.columns:
        leave("no_annotator", codes_array(codes_at(store, "annotator")) < 0)
    return store if not left else replace(kept(store, keep), left_out=(*store.left_out, *left))


def _withdrawn(store: Store) -> "NDArray[np.bool_]":
    import numpy as np

    revoked = _is(store, "consent", REVOKED)
    person = PERSON[store.kind]
    if person not in store.columns:
        return revoked
    who = codes_array(codes_at(store, person))
    theirs = np.unique(who[revoked & (who >= 0)])
    return np.asarray(revoked | np.isin(who, theirs))


def _undescribed(store: Store, people: Store, at: "NDArray[np.int64]") -> tuple[Text, ...]:
    """Return a note of the people whom nothing is known of; judges are no people."""
    import numpy as np

    who = codes_array(codes_at(store, PERSON[store.kind]))
    rows = who >= 0
    if (kind := MODELS.get(store.kind)) in store.columns:
        rows &= ~_is(store, str(kind), "judge")
    everyone, unknown = np.unique(who[rows]).size, np.unique(who[rows & (at < 0)]).size
    if everyone and unknown == everyone:
        detail = text(
            "none of its {n} {n|person|people} is named in `{people}`; both have to name people alike",
            n=everyone,
            people=people.table,
        )
        raise NotSuchAValueError(detail)
    if not unknown:
        return ()
    told = text(
        "{n} of the {all} {all|person|people} of `{table}` {n|is|are} not described in `{people}`: "
        "neither their consent nor their "
        "groups are known from there",
        n=unknown,
        all=everyone,
        table=store.table,
        people=people.table,
    )
    return (told,)


def _weights(store: Store, people: Store, at: "NDArray[np.int64]") -> Mapping[str, Column]:
    """Return the weights of people at the rows of what they judged, where the kind of table has weights."""
    import numpy as np

    theirs = people.columns.get("weight")
    if not isinstance(theirs, Numbers) or "weight" not in COLUMNS[store.kind]:
        return {}
    known = np.append(np.frombuffer(theirs.values, dtype=np.float64), np.nan)
    return {"weight": Numbers(values=numbers_of(known[at]))}


def _either(own: Column | None, theirs: Codes) -> Codes:
    """Return the consent of each row: revoked where either says so, else the table's own, else the person's."""
    import numpy as np

    if not isinstance(own, Codes):
        return theirs
    first, second = codes_array(own), codes_array(theirs)
    chosen = np.where(first >= 0, first, second)
    revoked = own.names.index(REVOKED)
    return Codes(
        codes=array_of(np.where(second == revoked, second, chosen).astype(np.int32)), names=own.names
    )


def _is(store: Store, name: str, value: str) -> "NDArray[np.bool_]":
    import numpy as np

    column = codes_at(store, name)
    if value not in column.names:
        return np.zeros(store.rows, dtype=bool)
    return np.asarray(codes_array(column) == column.names.index(value))


def _people(store: Store, mask: "NDArray[np.bool_]") -> int | None:
    import numpy as np

    person = PERSON[store.kind]
    if person not in store.columns:
        return None
    found = codes_array(codes_at(store, person))[mask]
    return int(np.unique(found[found >= 0]).size)


def _taken(column: Codes, at: "NDArray[np.int64]") -> Codes:
    """Return a column of people at the rows of what they judged; -1 where a person is not described."""
    import numpy as np

    codes = np.append(codes_array(column), np.int32(-1))
    return Codes(codes=array_of(codes[at].astype(np.int32)), names=column.names)
