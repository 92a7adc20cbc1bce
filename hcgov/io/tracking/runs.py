"""Training runs as evidence: from an MLflow store, or from a record that was exported from one."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Run, RunInput
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.text import text
from hcgov.io.tracking import protocol
from hcgov.io.tracking.protocol import Message, word
from hcgov.io.tracking.tracker import PATIENCE, Tracker
from hcgov.io.tracking.uri import Store

_ABSENCE = {
    protocol.UNREACHABLE: Absence.STORE_DOWN,
    protocol.GONE: Absence.STORE_DOWN,
    protocol.NO_STORE: Absence.NO_FILE,
    protocol.NOT_FOUND: Absence.NO_FILE,
    protocol.NO_RUN: Absence.NO_RESULT,
    protocol.BAD_URI: Absence.WRONG_KIND,
    protocol.REFUSED: Absence.UNREADABLE,
}

_Scalar = bool | int | float | str
_Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class _InputV1(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str
    digest: str = ""
    sha256: _Hex = ""
    context: str = ""


class _RunV1(BaseModel):
    """An exported run. ``metrics`` that are not finite numbers are null, and count as not there."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_: Literal["hcgov.run/1"] = Field(default="hcgov.run/1", alias="schema")
    run_id: str = Field(min_length=1)
    status: str = Field(min_length=1)
    start_time: int | str = 0
    params: dict[str, _Scalar] = {}
    tags: dict[str, _Scalar] = {}
    metrics: dict[str, Annotated[float, Field(allow_inf_nan=False)] | None] = {}
    inputs: tuple[_InputV1, ...] = ()


def read_run(
    uri: str,
    store: Store,
    environ: Mapping[str, str],
    *,
    artifact: str,
    pinned: str | None = None,
    patience: float = PATIENCE,
    tracker: Tracker | None = None,
) -> Run | Absent:
    """Read a training run from a store.

    Parameters
    ----------
    uri
        ``runs:/<id>``, ``models:/<name>/<version>`` or ``models:/<name>@<alias>``: the run behind it.
    store, environ
        The store and the caller's environment variables.
    artifact
        Name in the manifest.
    pinned
        SHA-256 that the run must have, as the manifest pins it; ``None`` accepts any.
    patience
        Seconds that the store may be silent.
    tracker
        A tracking process that was started for the same store; it is used instead of a new one.

    Returns
    -------
    Run or Absent
        ``Source.sha256`` is that of the canonical JSON of the exported run: keys sorted, no blanks, UTF-8.
    """
    read = export_run(uri, store, environ, artifact=artifact, patience=patience, tracker=tracker)
    if isinstance(read, Absent):
        return read
    content = canonical(read)
    digest = hashlib.sha256(content).hexdigest()
    if pinned is not None and digest != pinned:
        detail = text(
            "run `{uri}` has SHA-256 {found}, the manifest pins {pinned}",
            uri=uri,
            found=digest,
            pinned=pinned,
        )
        return Absent(reason=Absence.WRONG_DIGEST, artifact=artifact, detail=detail)
    source = Source(artifact=artifact, kind="run", location=uri, sha256=digest, size=len(content))
    return parse_exported_run(read, source)


def export_run(
    uri: str,
    store: Store,
    environ: Mapping[str, str],
    *,
    artifact: str = "",
    patience: float = PATIENCE,
    tracker: Tracker | None = None,
) -> dict[str, Tree] | Absent:
    """Export a run as a plain record, to be kept as JSON or YAML where no store is at hand.

    The record holds ``schema``, ``run_id``, ``status``, ``start_time`` (ms since the epoch), ``params``,
    ``tags``, ``metrics`` and ``inputs`` (``name``, ``digest``, ``sha256``, ``context``). Who started the run
    is left out. Parameters are those of :func:`read_run`.
    """
    if tracker is not None and tracker.usable:
        return _answer(tracker.read(uri), artifact)
    with Tracker.start(store, environ, patience=patience, create=False) as own:
        return _answer(own.read(uri), artifact)


def canonical(tree: Tree) -> bytes:
    """Return the canonical JSON of a document: keys sorted, no blanks, UTF-8."""
    plain = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return plain.encode("utf-8", "replace")


def parse_exported_run(tree: Tree, source: Source) -> Run | Absent:
    """Understand an exported run.

    Parameters
    ----------
    tree
        The document as plain values, see :func:`export_run` for its form.
    source
        Where it was read; its artifact is named in messages.
    """
    try:
        run = _RunV1.model_validate(tree)
    except ValidationError as error:
        # The values of the document stay out of the sentence.
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        detail = text(
            "`{location}` is no exported run: {where}: {why}; it needs run_id and status, and may have "
            "start_time, params, tags, metrics and inputs",
            location=source.location,
            where=where,
            why=first["msg"],
        )
        return Absent(reason=Absence.WRONG_KIND, artifact=source.artifact, detail=detail)
    return Run(
        run_id=run.run_id,
        status=run.status.upper(),
        params={key: _plain(value) for key, value in run.params.items()},
        tags={key: _plain(value) for key, value in run.tags.items()},
        metrics={key: value for key, value in run.metrics.items() if value is not None},
        inputs=tuple(
            RunInput(name=item.name, digest=item.digest, sha256=item.sha256, context=item.context)
            for item in run.inputs
        ),
        source=source,
    )


def _answer(message: Message, artifact: str) -> dict[str, Tree] | Absent:
    found = message.get("run")
    if word(message, "event") == protocol.FOUND and isinstance(found, dict):
        return found
    reason = _ABSENCE.get(word(message, "code"), Absence.UNREADABLE)
    return Absent(reason=reason, artifact=artifact, detail=protocol.sentence(message))


def _plain(value: _Scalar) -> str:
    """Return a scalar as MLflow keeps it: as text."""
    return value if isinstance(value, str) else str(value)
