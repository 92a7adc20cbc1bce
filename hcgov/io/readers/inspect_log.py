"""Inspect evaluation logs, versions 1 to 3: one JSON document, or a zip archive (``.eval``) with a header.

Only what a log says of itself is read: task, model, status, samples and scores. Prompts, replies and messages
are not kept.
"""

import io
import math
import zipfile
import zlib
from collections.abc import Iterator
from typing import cast

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import EvalLog
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError
from hcgov.io.files import Blob
from hcgov.io.readers.absences import from_mistakes, unreadable
from hcgov.io.yaml import parse_json

VERSIONS = (1, 2, 3)
STATUSES = ("started", "success", "cancelled", "error")
LARGEST_HEADER = 64 << 20
"""Most bytes that a header may unpack to; a small archive can hold a very large one."""

_HEADER = "header.json"
_START = "_journal/start.json"


def read(blob: Blob) -> EvalLog | Absent:
    """Read a log.

    ``status`` is Inspect's own (``started``, ``success``, ``cancelled``, ``error``), or ``invalidated`` where
    the log was declared invalid afterwards. Of an archive without header, as an interrupted run leaves it,
    the status is ``started``. ``samples`` is 0 where the log does not say how many there are.
    """
    zipped = blob.data.startswith(b"PK\x03\x04")
    try:
        data = _from_archive(blob) if zipped else _parsed(blob, blob.data, blob.source.location)
    except AuthoringError as error:
        return from_mistakes(blob, error)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        # RuntimeError: it is encrypted. NotImplementedError: a compression that Python cannot unpack.
        return unreadable(blob, f"the archive cannot be unpacked ({type(error).__name__})")
    return data if isinstance(data, Absent) else _log(blob, data)


def _parsed(blob: Blob, data: bytes, file: str) -> dict[str, Tree] | Absent:
    found = parse_json(data, file, max_bytes=max(len(data), LARGEST_HEADER), nan_is_null=True).data
    return found if isinstance(found, dict) else unreadable(blob, f"`{file}` is not a JSON object")


def _from_archive(blob: Blob) -> dict[str, Tree] | Absent:
    with zipfile.ZipFile(io.BytesIO(blob.data)) as archive:
        names = archive.namelist()
        name = _HEADER if _HEADER in names else _START
        if names.count(name) != 1:
            why = f"the archive holds no `{_HEADER}`" if name not in names else f"it holds `{name}` twice"
            return unreadable(blob, why)
        with archive.open(name) as member:
            data = member.read(LARGEST_HEADER + 1)
        if len(data) > LARGEST_HEADER:
            why = f"`{name}` unpacks to more than {LARGEST_HEADER:,} bytes"
            return unreadable(blob, why, reason=Absence.TOO_LARGE)
        found = _parsed(blob, data, f"{blob.source.location}/{name}")
        if isinstance(found, Absent) or name == _HEADER:
            return found
        completed = sum(name.startswith("samples/") for name in names)
        total = _mapping(_mapping(found.get("eval")).get("dataset")).get("samples")
        results: dict[str, Tree] = {"total_samples": total, "completed_samples": completed}
        return {**found, "status": "started", "results": results}


def _log(blob: Blob, data: dict[str, Tree]) -> EvalLog | Absent:
    version, status = data.get("version"), data.get("status")
    if version not in VERSIONS or isinstance(version, bool):
        return unreadable(blob, f"log version {_shown(version)} is not known; versions 1 to 3 are read")
    if status not in STATUSES:
        return unreadable(blob, f"status {_shown(status)} is not known; it is one of {', '.join(STATUSES)}")
    about, results = _mapping(data.get("eval")), _mapping(data.get("results"))
    if not about:
        return unreadable(blob, "the log has no `eval`: it does not say what was evaluated")
    samples = data.get("samples")
    counted = len(samples) if isinstance(samples, list) else 0
    return EvalLog(
        task=_text(about.get("task")),
        model=_text(about.get("model")),
        status="invalidated" if data.get("invalidated") is True else str(status),
        samples=_count(results.get("total_samples"), counted),
        completed=_count(results.get("completed_samples"), 0),
        scores=tuple(_scores(results)),
        source=blob.source,
    )


def _scores(results: dict[str, Tree]) -> Iterator[tuple[str, float | None]]:
    """Yield each metric of each scorer, in the three layouts that logs have had."""
    scorers = [_mapping(entry) for key in ("scores", "scorers") for entry in _items(results.get(key))]
    if old := _mapping(results.get("scorer")):
        scorers.append({**old, "metrics": results.get("metrics")})
    for scorer in scorers:
        name = "/".join(part for part in (_text(scorer.get("name")), _text(scorer.get("reducer"))) if part)
        for metric, entry in _mapping(scorer.get("metrics")).items():
            yield f"{name}/{metric}", _number(_mapping(entry).get("value"))


def _number(value: Tree) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _count(value: Tree, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise


def _mapping(value: Tree) -> dict[str, Tree]:
    return value if isinstance(value, dict) else cast("dict[str, Tree]", {})


def _items(value: Tree) -> list[Tree]:
    return value if isinstance(value, list) else []


def _text(value: Tree) -> str:
    return value if isinstance(value, str) else ""


def _shown(value: Tree) -> str:
    return f"`{value}`" if isinstance(value, str | int | float) else "(missing)"
