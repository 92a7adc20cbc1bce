"""A parsed text file: plain values, the place of every path in them, and the mistakes such files can hold."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import TypeAlias

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, Position

Path: TypeAlias = tuple[str | int, ...]

MOST_MISTAKES = 50
"""After so many mistakes a file is not read on: it is not the kind of file it is taken for."""

CODES: dict[str, str] = {
    "HCG-Y001": "The text is not valid YAML or JSON.",
    "HCG-Y002": "The file is not UTF-8 text.",
    "HCG-Y003": "The file is larger than is allowed for its kind.",
    "HCG-Y004": "The file is empty, or holds only comments.",
    "HCG-Y005": "A key stands twice in one mapping; readers would disagree about which one counts.",
    "HCG-Y006": "YAML anchors (&name) are refused: what is written is what holds.",
    "HCG-Y007": "YAML aliases (*name) are refused: what is written is what holds.",
    "HCG-Y008": "YAML tags (!name) are refused: values are plain text, numbers, true, false or null.",
    "HCG-Y009": "A tab is used where YAML asks for spaces.",
    "HCG-Y010": "The file holds more than one YAML document.",
    "HCG-Y011": "Mappings and lists are nested more deeply than is allowed.",
    "HCG-Y012": "A number is not finite (NaN or infinity), or too long to be read exactly.",
    "HCG-Y013": "A key is not text; write it in quotes.",
    "HCG-Y014": "A key holds invisible, bidirectional or control characters.",
    "HCG-Y015": "A key mixes scripts or uses look-alike letters, so that it reads like another key.",
    "HCG-Y016": "A character is not allowed here: a control character, or half of a surrogate pair.",
    "HCG-Y017": "A YAML directive asks for another version than 1.2, or declares tags.",
}
"""What each code means, one line each; ``hcgov explain`` shows them."""


@frozen
class Parsed:
    """A document as plain values, with places.

    Parameters
    ----------
    data
        The values.
    positions
        For each path the place a reader should be sent to: the *key* of a mapping entry, the value of a
        list item. ``()`` is the whole document. Empty for JSON.
    values
        For each path the place of the *value*. Empty for JSON.
    """

    data: Tree
    positions: Mapping[Path, Position] = field(default_factory=dict)
    values: Mapping[Path, Position] = field(default_factory=dict)


def nearest_place(places: Mapping[Path, Position], path: Path) -> Position | None:
    """Return the place of a path, or of its nearest ancestor that has one."""
    return next((places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in places), None)


class Enough(Exception):  # noqa: N818 - it stops the reading and never leaves this package; it is no error
    """Reading stops here; the mistakes so far are told."""


class Notes:
    """The text of a file with the mistakes found in it so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.mistakes: list[Mistake] = []

    @cached_property
    def _starts(self) -> list[int]:
        """Where lines begin; asked for only where there is a mistake to show."""
        return [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", self.text))]

    def place(self, start: int, end: int | None = None) -> Position:
        """Return the place of ``text[start:end]``; its width ends with the line."""
        start = min(max(start, 0), len(self.text))
        line = bisect_right(self._starts, start) - 1
        first = self._starts[line]
        last = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        source = self.text[first:last].rstrip("\r\n")
        width = min(start + 1 if end is None else end, first + len(source)) - start
        return Position(
            file=self.file, line=line + 1, column=start - first + 1, source=source, width=max(width, 1)
        )

    def add(self, code: str, message: str, where: Position | None, *, help: str = "") -> None:  # noqa: A002 - the field of Mistake
        """Note a mistake; stop reading where there are too many."""
        self.mistakes.append(Mistake(code=code, message=message, where=where, help=help))
        if len(self.mistakes) >= MOST_MISTAKES:
            raise Enough

    def stop(self, code: str, message: str, where: Position | None, *, help: str = "") -> Enough:  # noqa: A002 - the field of Mistake
        """Note a mistake after which nothing more can be read; raise what is returned."""
        self.mistakes.append(Mistake(code=code, message=message, where=where, help=help))
        return Enough()

    def tell(self) -> None:
        """Raise :class:`AuthoringError` if anything was noted."""
        if self.mistakes:
            raise AuthoringError(self.mistakes)


def decode(data: bytes, file: str, max_bytes: int) -> str:
    """Return the text of a UTF-8 file without its byte order mark.

    Raises
    ------
    AuthoringError
        The file is larger than ``max_bytes``, or is not UTF-8.
    """
    top = Position(file=file, line=1, column=1)
    if len(data) > max_bytes:
        message = f"the file has {len(data):,} bytes; at most {max_bytes:,} are read"
        raise AuthoringError(
            [Mistake(code="HCG-Y003", message=message, where=top, help="move data into a table of its own")]
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
        where = Position(
            file=file,
            line=len(re.findall(rb"\r\n|\n|\r", before)) + 1,
            column=len(before[line_start:].decode("utf-8", "replace")) + 1,
        )
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        message = "the file is UTF-16, not UTF-8" if utf16 else f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise AuthoringError(
            [Mistake(code="HCG-Y002", message=message, where=where, help="save the file as UTF-8")]
        ) from error
