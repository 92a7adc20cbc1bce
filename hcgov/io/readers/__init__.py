"""Readers of documents: one format a file, found by the kind of artifact.

A reader is a function ``read(blob) -> evidence or Absent``. Further kinds come from packs through the
entry-point group ``hcgov.readers`` (name = kind, object = the function); the kinds named here are ours and no
pack takes them over, so that installing one cannot change how evidence is read.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias, cast

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Card, Croissant, EvalLog, Record
from hcgov.core.text import text
from hcgov.io.files import Blob

Document: TypeAlias = Record | Card | Croissant | EvalLog
Reader: TypeAlias = Callable[[Blob], Document | Absent]

GROUP = "hcgov.readers"

BUILT_IN = {
    "record": "hcgov.io.readers.record:read",
    "model_card": "hcgov.io.readers.card:read",
    "dataset_card": "hcgov.io.readers.card:read",
    "datasheet": "hcgov.io.readers.datasheet:read",
    "croissant": "hcgov.io.readers.croissant:read",
    "expectation_suite": "hcgov.io.readers.suite:read",
    "inspect_log": "hcgov.io.readers.inspect_log:read",
}
"""Our readers by kind; pyproject.toml declares the same entry points. They are imported from here because a
look through the metadata of every installed distribution costs more than reading a document."""


def read_document(kind: str, blob: Blob) -> Document | Absent:
    """Read a document with the reader of its kind.

    A kind without reader, a pack that fails to import, and a reader that raises are told as ``Absent``.
    """
    reader = _reader(kind, blob.source.artifact)
    if isinstance(reader, Absent):
        return reader
    try:
        return reader(blob)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a reader raises is told as absence, by its type
        message = text(
            "`{path}`: the reader of kind {kind} failed ({error})",
            path=blob.source.location,
            kind=kind,
            error=type(error).__name__,
        )
        return Absent(reason=Absence.UNREADABLE, artifact=blob.source.artifact, detail=message)


def _reader(kind: str, artifact: str) -> Reader | Absent:
    target = BUILT_IN.get(kind)
    if target is not None:
        return _load(target)
    from importlib.metadata import entry_points

    found = list(entry_points(group=GROUP, name=kind))
    if len(found) != 1:
        message = text(
            "there is no reader of kind `{kind}`"
            if not found
            else "several packs bring a reader of kind `{kind}`; uninstall all but one",
            kind=kind,
        )
        return Absent(reason=Absence.WRONG_KIND, artifact=artifact, detail=message)
    try:
        return _load(found[0].value)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a third party's import may raise anything; the pack is named
        message = text(
            "the reader of kind `{kind}` in pack {pack} cannot be imported: {kind_of_error}: {error}",
            kind=kind,
            pack=found[0].dist.name if found[0].dist else found[0].value,
            kind_of_error=type(error).__name__,
            error=error,
        )
        return Absent(reason=Absence.UNREADABLE, artifact=artifact, detail=message)


def _load(target: str) -> Reader:
    module, _, attribute = target.partition(":")
    reader = getattr(import_module(module), attribute or "read")
    if not callable(reader):
        raise TypeError(f"`{target}` is not a function")
    return cast("Reader", reader)
