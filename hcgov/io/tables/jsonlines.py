"""Which line of a JSON Lines file is broken, and how; read only after the engine refused the file."""

import json

from hcgov.core.evidence.absent import Absence
from hcgov.core.text import Text, text
from hcgov.io.tables.layout import binary
from hcgov.io.tables.place import Place
from hcgov.io.tables.unread import UnreadError, unread


class _RepeatedError(ValueError):
    """One object names a key twice."""


def broken_line(where: Place) -> UnreadError:
    """Return what is wrong with the first line that is not one JSON object."""
    with binary(where) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            wrong = _wrong(line, number, where.path)
            if wrong is not None:
                return unread(Absence.UNREADABLE, where.name, wrong)
    detail = text("`{path}` cannot be read as JSON Lines", path=where.path)
    return unread(Absence.UNREADABLE, where.name, detail)


def _wrong(line: bytes, number: int, path: str) -> Text | None:
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except _RepeatedError:
        return text("line {line} of `{path}` names a key twice", line=number, path=path)
    except (ValueError, RecursionError):  # not JSON, or nested beyond reason
        return text(
            "line {line} of `{path}` is not JSON; JSON Lines holds one object a line", line=number, path=path
        )
    if isinstance(value, dict):
        return None
    return text(
        "line {line} of `{path}` is JSON, but not an object; JSON Lines holds one object a line",
        line=number,
        path=path,
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedError
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)
