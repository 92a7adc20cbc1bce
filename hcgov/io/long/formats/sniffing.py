"""The first look at a file: enough to tell its format, without reading it."""

import csv
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen

LOOKED_AT = 1 << 20
"""Bytes that are looked at."""

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_MOST_KEYS = 200
_SPACE = " \t\r\n"
_DECODER = json.JSONDecoder()


class Shape(StrEnum):
    """What a file looks like from afar."""

    JSON = "json"
    TABLE = "table"
    ZIP = "zip"


@frozen
class Seen:
    """What was seen of a file.

    Parameters
    ----------
    shape
        JSON, a table, or a zip archive.
    first
        The first record: of JSON as far as it was seen (``None`` for what was not), of a table as text.
    name
        Name of the file, lower case.
    """

    shape: Shape
    first: Mapping[str, Tree] = field(default_factory=dict)
    name: str = ""

    def has(self, *keys: str) -> bool:
        """Whether the first record has all of some fields."""
        return all(key in self.first for key in keys)

    @property
    def inner(self) -> Mapping[str, Tree]:
        """The first value of the first record, where it is an object."""
        value = next(iter(self.first.values()), None)
        return value if isinstance(value, dict) else {}


def look(data: bytes, name: str = "") -> Seen | None:
    """Look at the beginning of a file; ``None`` where nothing can be told."""
    name = name.casefold()
    if data.startswith(_ZIP):
        return Seen(shape=Shape.ZIP, name=name)
    head = data[:LOOKED_AT]
    if data.startswith(_GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(data[: 2 * LOOKED_AT], LOOKED_AT)
        except zlib.error:
            return None
    text = head.decode("utf-8-sig", errors="ignore").lstrip(_SPACE)
    try:
        if text[:1] in ("{", "["):
            start = text.find("{")
            return None if start < 0 else Seen(shape=Shape.JSON, first=_object(text, start), name=name)
        return _table(text, name)
    except (ValueError, RecursionError, csv.Error):
        return None


def _object(text: str, start: int) -> dict[str, Tree]:
    """Return an object as far as it stands in a text."""
    found: dict[str, Tree] = {}
    at = _after(text, start + 1)
    while text[at : at + 1] == '"' and len(found) < _MOST_KEYS:
        key, at = _DECODER.raw_decode(text, at)
        at = _after(text, at)
        if text[at : at + 1] != ":":
            break
        try:
            value, at = _DECODER.raw_decode(text, _after(text, at + 1))
        except ValueError:
            below = _after(text, at + 1)
            found[key] = dict(_object(text, below)) if text[below : below + 1] == "{" else None
            break
        found[key] = value
        at = _after(text, at)
        if text[at : at + 1] != ",":
            break
        at = _after(text, at + 1)
    return found


def _after(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _SPACE:
        at += 1
    return at


def _table(text: str, name: str) -> Seen | None:
    reader = csv.reader(io.StringIO(text, newline=""))
    header, row = next(reader, []), next(reader, [])
    if len(header) < 2:
        return None
    return Seen(shape=Shape.TABLE, first=dict(zip(header, row, strict=False)), name=name)
