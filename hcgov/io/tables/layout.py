"""Where the rows of a CSV file begin, and what its columns are called; nothing is guessed."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from hcgov.core.artifacts import CsvDialect
from hcgov.core.evidence.absent import Absence
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.refusals import unreadable
from hcgov.io.tables.place import Place
from hcgov.io.tables.unread import UnreadError, unread

_CHUNK = 1 << 20
_LONGEST = 1 << 20
"""Most characters in the lines up to the first row; more is no table."""


@frozen
class Layout:
    """The head of a CSV file.

    Parameters
    ----------
    columns
        Names from the header or the dialect; ``column0`` and so on where there are none.
    before
        Lines of text before the first row.
    skip
        The same as the engine counts them, where a quoted line break does not end a line.
    copied
        Whether the engine cannot read the file as it is: another encoding than UTF-8, or quotes in the lines
        to skip, across which it would skip rows too.
    """

    columns: tuple[str, ...]
    before: int
    skip: int
    copied: bool


def layout(where: Place, dialect: CsvDialect) -> Layout:
    """Read the head of a CSV file.

    Raises
    ------
    UnreadError
        Unknown or wrong encoding, no header, or a first row that does not fit the dialect's names.
    """
    utf8 = _encoding(where, dialect) == "utf-8-sig"
    with reading(where, dialect), decoded(where, dialect) as stream:
        lines = _Lines(stream)
        skipped = "".join(lines.take() for _ in range(dialect.skip))
        quoted = bool(dialect.quote) and dialect.quote in skipped
        blank = lines.skip_blank()
        record = _record(lines, dialect)
    if record is None:
        detail = text(
            "no header or first row was found in `{path}`; are `skip` and `quote` right?", path=where.path
        )
        raise unread(Absence.UNREADABLE, where.name, detail)
    fields = [field.strip() for field in record] if dialect.strip else record
    if dialect.header:
        skip = dialect.skip + blank + 1
        # Where the header has a line break, the engine's line numbers would not be those of the file.
        copied = quoted or not utf8 or skip != lines.taken
        return Layout(columns=tuple(fields), before=lines.taken, skip=skip, copied=copied)
    if dialect.names and len(dialect.names) != len(fields):
        detail = text(
            "`{path}` has {found} {found|column|columns} in its first row, but `names` lists {named}",
            path=where.path,
            found=len(fields),
            named=len(dialect.names),
        )
        raise unread(Absence.UNREADABLE, where.name, detail)
    names = dialect.names or tuple(f"column{i}" for i in range(len(fields)))
    return Layout(columns=names, before=dialect.skip, skip=dialect.skip, copied=quoted or not utf8)


def copy_rows(where: Place, dialect: CsvDialect, head: Layout, target: Path) -> None:
    """Write the rows of a CSV file as UTF-8, without what stands before them, in a stream."""
    with reading(where, dialect), decoded(where, dialect) as stream:
        lines = _Lines(stream)
        for _ in range(head.before):
            lines.take()
        with target.open("x", encoding="utf-8", newline="") as out:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)


def wrong_encoding(where: Place, dialect: CsvDialect) -> UnreadError | None:
    """Return which byte is the first that the dialect's encoding cannot hold; ``None`` where all can."""
    encoding = _encoding(where, dialect)
    # utf-8-sig counts without the byte order mark
    decoder = codecs.getincrementaldecoder("utf-8" if encoding == "utf-8-sig" else encoding)("strict")
    with binary(where) as stream:
        at = 0
        while True:
            chunk = stream.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                detail = text(
                    "byte {at} of `{path}` is not {encoding}; name its encoding under `csv: encoding:`",
                    at=at - held + error.start,
                    path=where.path,
                    encoding=dialect.encoding if where.format == "csv" else "utf-8",
                )
                return unread(Absence.WRONG_ENCODING, where.name, detail)
            if not chunk:
                return None
            at += len(chunk)


@contextmanager
def binary(where: Place) -> Iterator[BinaryIO]:
    """Open the bytes of a text table, decompressed where its name ends in ``.gz``."""
    if where.zipped:
        with gzip.open(where.file, "rb") as zipped:
            yield cast(BinaryIO, zipped)  # a GzipFile reads as any binary file does
    else:
        with where.file.open("rb") as plain:
            yield plain


@contextmanager
def decoded(where: Place, dialect: CsvDialect) -> Iterator[io.TextIOWrapper]:
    """Open the text of a CSV file in its declared encoding; line ends are kept."""
    with (
        binary(where) as stream,
        io.TextIOWrapper(stream, encoding=_encoding(where, dialect), errors="strict", newline="") as wrapped,
    ):
        yield wrapped


@contextmanager
def reading(where: Place, dialect: CsvDialect) -> Iterator[None]:
    """Turn what can go wrong while bytes are read and decoded into :class:`UnreadError`."""
    try:
        yield
    except UnicodeError as error:
        # The stream's error counts from its own buffer; people need the place in the file.
        found = wrong_encoding(where, dialect)
        detail = text("`{path}` is not written in {encoding}", path=where.path, encoding=dialect.encoding)
        raise found or unread(Absence.WRONG_ENCODING, where.name, detail) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        detail = text("`{path}` is damaged or cut off: it cannot be decompressed", path=where.path)
        raise unread(Absence.UNREADABLE, where.name, detail) from error
    except OSError as error:
        raise UnreadError(unreadable(where.name, where.path, error)) from error


def _encoding(where: Place, dialect: CsvDialect) -> str:
    """Return the codec's name; UTF-8 may begin with a byte order mark."""
    if where.format != "csv":
        return "utf-8"
    try:
        name = codecs.lookup(dialect.encoding).name
        "".encode(name)  # refuses codecs that are not text, such as rot13
    except LookupError as error:
        detail = text(
            "there is no encoding called `{encoding}`; for example: utf-8, cp1252", encoding=dialect.encoding
        )
        raise unread(Absence.WRONG_ENCODING, where.name, detail) from error
    return "utf-8-sig" if name == "utf-8" else name


class _Lines:
    """Lines of the head, counted and bounded."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._held: str | None = None
        self._room = _LONGEST
        self.taken = 0

    def take(self) -> str:
        """Return the next line with its line end; empty at the end of the file."""
        if self._held is not None:
            line, self._held = self._held, None
        else:
            line = self._stream.readline(self._room) if self._room else ""
            self._room -= len(line)
        if self.taken == 0:
            line = line.removeprefix("\ufeff")  # utf-16-le and its like keep the byte order mark
        self.taken += 1 if line else 0
        return line

    @property
    def full(self) -> bool:
        """Whether more was read than any table has above its rows."""
        return self._room == 0

    def skip_blank(self) -> int:
        """Pass over blank lines and return how many there were."""
        blank = 0
        while (line := self.take()) and not line.strip("\r\n"):
            blank += 1
        if line:
            self.taken -= 1
        self._held = line
        return blank


def _record(lines: _Lines, dialect: CsvDialect) -> list[str] | None:
    """Return the fields of the next record; ``None`` at the end of the file or in an open quotation."""
    record = ""
    while (line := lines.take()) and not lines.full:
        record += line
        fields = split_record(record.rstrip("\r\n"), dialect.delimiter, dialect.quote)
        if fields is not None:
            return fields
    return None


def split_record(record: str, delimiter: str, quote: str) -> list[str] | None:
    """Split one CSV record by RFC 4180, with any delimiter and quote.

    Returns ``None`` where a quotation is still open.

    >>> split_record('a,"b,""c"', ",", '"')
    ['a', 'b,"c']
    """
    fields = []
    at = 0
    while True:
        if quote and record.startswith(quote, at):
            field, at = _quoted(record, at + 1, quote)
            if at < 0:
                return None
        else:
            field = ""
        end = record.find(delimiter, at)
        fields.append(field + record[at : end if end >= 0 else len(record)])
        if end < 0:
            return fields
        at = end + len(delimiter)


def _quoted(record: str, at: int, quote: str) -> tuple[str, int]:
    """Return a quoted field and the place after its closing quote, or -1 where it does not close."""
    field = ""
    while (end := record.find(quote, at)) >= 0:
        field += record[at:end]
        if not record.startswith(quote, end + 1):
            return field, end + 1
        field += quote
        at = end + 2
    return "", -1
