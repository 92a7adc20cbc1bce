"""Bytes as JSON documents, records and tables; whatever cannot be read to its end is refused with the place."""

import csv
import gzip
import io
import json
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeAlias

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError
from hcgov.io.json import parse_json
from hcgov.io.long.formats.rows import UnreadableError
from hcgov.io.long.formats.values import kind_of, object_of
from hcgov.io.refusals import LFS_POINTER

Record: TypeAlias = tuple[str, dict[str, Tree]]
"""Where a record stands, in words, and the record."""

MOST_BYTES = 1 << 30
"""Most bytes that a file may have, unpacked; a small archive can hold a very large one."""
DEEPEST = 100
"""Most levels of nesting of one record."""
LONGEST_FIELD = 1 << 24
"""Most characters of one field of a table."""

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


class _DoubtfulError(ValueError):
    """A line holds what only the slower reader can judge."""


def content(data: bytes) -> bytes:
    """Return the content of a file, unpacked where it is a gzip archive.

    Raises
    ------
    UnreadableError
        It is empty, a Git LFS pointer, truncated, damaged, or too large.
    """
    if data.startswith(_GZIP):
        data = _unpacked(data)
    if not data.strip():
        raise UnreadableError("the file is empty")
    if data.startswith(LFS_POINTER):
        raise UnreadableError(
            "the file is a Git LFS pointer, not the content; run `git lfs pull` in its repository"
        )
    if data.startswith(_ZIP):
        raise UnreadableError("the file is a zip archive; unpack it and name the file inside")
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            "the file has {size} bytes; at most {most} are read; split it",
            size=f"{len(data):,}",
            most=f"{MOST_BYTES:,}",
        )
    return data


def document(data: bytes, *, nan_is_null: bool = False) -> Tree:
    """Return a file as one JSON document; ``NaN`` is refused, or read as nothing where a format writes it so.

    Raises
    ------
    UnreadableError
        It is none.
    """
    return _document(content(data), nan_is_null=nan_is_null)


def records(data: bytes) -> Iterator[Record]:
    """Yield the records of a file: a JSON list of objects, JSON Lines, or one object.

    Raises
    ------
    UnreadableError
        It is none of these; a line or an entry is no object; a line is cut off.
    """
    found = content(data)
    if found.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and _is_lines(found):
        yield from _lines(found)
        return
    whole = _document(found)
    if isinstance(whole, dict):
        yield "the document", whole
        return
    if not isinstance(whole, list):
        raise UnreadableError("the file holds {what}, but a list of records is expected", what=kind_of(whole))
    for number, entry in enumerate(whole, start=1):
        where = f"record {number}"
        yield where, object_of(entry, where)


def peeked(found: Iterator[Record]) -> tuple[dict[str, Tree], Iterator[Record]]:
    """Return the first record, empty where there is none, and all of them."""
    first = next(found, None)
    return ({}, found) if first is None else (first[1], chain((first,), found))


def table(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a CSV file with a header, RFC 4180, UTF-8; a missing cell is empty text.

    Raises
    ------
    UnreadableError
        It is not UTF-8, has no header, names a column twice, or a row has more or fewer cells than the header.
    """
    found = content(data)
    try:
        whole = found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise UnreadableError("line {line} is not UTF-8; save the file as UTF-8", line=line) from error
    if "\0" in whole:
        raise UnreadableError("the file holds NUL characters; it is no table in text")
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    reader = csv.reader(io.StringIO(whole, newline=""), strict=True)
    try:
        header = next(reader, [])
        _refuse_header(header)
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise UnreadableError(
                    "the row that ends on line {line} has {found} cells, but the header has {expected}",
                    line=reader.line_num,
                    found=len(row),
                    expected=len(header),
                )
            yield f"line {reader.line_num}", dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise UnreadableError(
            "the row near line {line} cannot be read: {why}", line=reader.line_num, why=error
        ) from error


def records_or_table(data: bytes) -> Iterator[Record]:
    """Yield records of JSON, or rows of a CSV file as records of text.

    Raises
    ------
    UnreadableError
        See :func:`records` and :func:`table`.
    """
    found = content(data)
    if found.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        yield from records(found)
        return
    for where, row in table(found):
        yield where, {key: value or None for key, value in row.items()}


def fields_of(rows: Mapping[str, object], wanted: tuple[str, ...], what: str) -> None:
    """Refuse a header or record without what makes it one of a format.

    Raises
    ------
    UnreadableError
        A column is missing.
    """
    lacking = [name for name in wanted if name not in rows]
    if lacking:
        raise UnreadableError(
            "the file has no column `{lacking}`, so it is no {what}; its columns are {columns}",
            lacking="`, `".join(lacking),
            what=what,
            columns=", ".join(list(rows)[:12]) or "none",
        )


def _refuse_header(header: list[str]) -> None:
    if not any(name.strip() for name in header):
        raise UnreadableError("the table has no header")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise UnreadableError("the header names the column `{name}` twice", name=twice[0][:80])


def _unpacked(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(MOST_BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableError(
            "the gzip archive is cut off or damaged ({why}); fetch it again", why=type(error).__name__
        ) from error
    if len(found) > MOST_BYTES:
        raise UnreadableError("the gzip archive unpacks to more than {most} bytes", most=f"{MOST_BYTES:,}")
    return found


def _document(data: bytes, where: str = "", *, nan_is_null: bool = False) -> Tree:
    try:
        return parse_json(data, "it", max_bytes=MOST_BYTES, deepest=DEEPEST, nan_is_null=nan_is_null).data
    except AuthoringError as error:
        first = error.mistakes[0]
        place = where or (f"line {first.where.line}, column {first.where.column}" if first.where else "")
        raise UnreadableError(
            "{place}: {why}{help}",
            place=place or "the file",
            why=first.message,
            help=f" ({first.help})" if first.help else "",
        ) from error


def _is_lines(data: bytes) -> bool:
    """Whether the first line with content is a whole JSON value: then every line has to be."""
    for line in io.BytesIO(data):
        stripped = line.removeprefix(b"\xef\xbb\xbf").strip()
        if stripped:
            try:
                _LINE.decode(stripped.decode())
            except _DoubtfulError:
                return True
            except (ValueError, RecursionError):
                return False
            return True
    return False


def _lines(data: bytes) -> Iterator[Record]:
    for number, line in enumerate(io.BytesIO(data.removeprefix(b"\xef\xbb\xbf")), start=1):
        stripped = line.strip()
        if stripped:
            where = f"line {number}"
            yield where, object_of(_line(stripped, where), where)


def _line(line: bytes, where: str) -> Tree:
    """Return a line of JSON: fast where nothing in it needs a closer look, else with every refusal in words."""
    if _SURROGATE.search(line) is None and line.count(b"[") + line.count(b"{") <= DEEPEST:
        try:
            found: Tree = _LINE.decode(line.decode())
        except (ValueError, RecursionError):
            pass
        else:
            return found
    return _document(line, where)


def _unrepeated(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _DoubtfulError
    return found


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise _DoubtfulError
    return value


def _refuse(_: str) -> None:
    raise _DoubtfulError


_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_LINE = json.JSONDecoder(object_pairs_hook=_unrepeated, parse_float=_finite, parse_constant=_refuse)
