"""YAML 1.2 with the place of every key and value; what could mislead a reader is refused.

The parser's events are read, never its constructor: no object of any type can be built, no alias is followed,
and depth is limited before anything recurses. Plain scalars are resolved by the core schema of YAML 1.2.2
(section 10.3.2), so ``no``, ``on``, ``1_0`` and ``12:30:00`` are text.
"""

import contextlib
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import Position
from hcgov.io.json import parse_json
from hcgov.io.lookalike import hidden_characters, mixed_scripts
from hcgov.io.parsed import CODES, Enough, Notes, Parsed, Path, decode

__all__ = ["CODES", "Parsed", "Path", "parse", "parse_json"]

DEEPEST = 20
"""Most levels of nesting."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_LONGEST_NUMBER = 400


def parse(data: bytes, file: str, *, max_bytes: int = 1 << 20) -> Parsed:
    """Read one YAML 1.2 document.

    Parameters
    ----------
    data
        Bytes of the file, UTF-8 with or without byte order mark.
    file
        Name used in messages.
    max_bytes
        Largest size that is read.

    Raises
    ------
    AuthoringError
        With every mistake found: syntax, size, encoding, empty or several documents, duplicate keys, keys
        that are no text or look like others, anchors, aliases, tags, tabs, depth over 20, numbers that
        are not finite.
    """
    text = decode(data, file, max_bytes)
    notes = Notes(file, text)
    reader = _Reader(notes)
    found: Tree = None
    with contextlib.suppress(Enough):  # what stopped the reading is among the notes
        found = reader.document()
    notes.tell()
    return Parsed(data=found, positions=reader.positions, values=reader.values)


def plain_scalar(text: str) -> bool | int | float | str | None:
    """Resolve a plain scalar by the core schema of YAML 1.2.2.

    Raises
    ------
    ValueError
        The number is not finite, or has more than 400 characters.

    >>> plain_scalar("no"), plain_scalar("0o14"), plain_scalar("1e3"), plain_scalar("12:30:00")
    ('no', 12, 1000.0, '12:30:00')
    """
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _NOT_FINITE.match(text):
        raise ValueError(f"`{text}` is not a finite number")
    if not (_FLOAT.match(text) or _OCTAL.match(text) or _HEXADECIMAL.match(text)):
        return text
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters is too long to be read exactly")
    if _DECIMAL.match(text):
        return int(text)
    if text[:2] in ("0o", "0x"):
        return int(text, 0)
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"`{text}` is not a finite number")
    return value


@dataclass(frozen=True, kw_only=True, slots=True)
class _Event:
    """One event of the parser; ``start`` and ``end`` are offsets into the text."""

    kind: str
    start: int
    end: int
    value: str
    plain: bool
    anchor: str | None
    tag: str | None
    directives: bool


class _Reader:
    """Turns the parser's events into plain values, and notes every mistake on the way."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.positions: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}
        self._last = 0
        self._events = self._parse()

    def document(self) -> Tree:
        first = next(self._events)
        if first.kind == "StreamStartEvent":
            first = next(self._events)
        if first.kind == "StreamEndEvent":
            raise self._empty()
        self._directives(first)
        root = next(self._events)
        self.positions[()] = self.values[()] = self._place(root)
        if root.kind == "ScalarEvent" and root.plain and root.value == "":
            raise self._empty()
        data = self._node(root, (), 1)
        next(self._events)  # the end of the document
        after = next(self._events)
        if after.kind != "StreamEndEvent":
            raise self.notes.stop(
                "HCG-Y010",
                "a second document begins here",
                self._place(after),
                help="keep one document in a file and remove the line `---`",
            )
        return data

    def _empty(self) -> Enough:
        return self.notes.stop("HCG-Y004", "the file says nothing", self.notes.place(0))

    def _directives(self, start: _Event) -> None:
        if start.directives:
            where = self.notes.place(self.notes.text.find("%"))
            self.notes.add(
                "HCG-Y017", "YAML directives are refused", where, help="remove the line; YAML 1.2 is read"
            )

    def _parse(self) -> Iterator[_Event]:
        import yaml
        from yaml.error import MarkedYAMLError, YAMLError
        from yaml.reader import ReaderError

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.notes.text, Loader=loader):
                self._last = event.start_mark.index
                yield _event(event)
        except ReaderError as error:
            raise self.notes.stop(
                "HCG-Y016",
                f"character U+{error.character:04X} is not allowed in YAML",
                self.notes.place(error.position),
                help="remove it, or write it as an escape inside double quotes",
            ) from error
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self._syntax(error.problem or error.context, mark.index if mark else self._last) from error
        except (YAMLError, ValueError, OverflowError) as error:
            # The parser turns an escape such as "\UFFFFFFFF" into a character without looking at its range.
            raise self._syntax("an escape names no character", self._last) from error

    def _syntax(self, problem: str | None, index: int) -> Enough:
        where = self.notes.place(index)
        if self.notes.text[index : index + 1] == "\t":
            return self.notes.stop("HCG-Y009", "a tab stands here", where, help="use spaces")
        return self.notes.stop("HCG-Y001", f"this is not valid YAML: {problem or 'no reason given'}", where)

    def _node(self, event: _Event, path: Path, depth: int) -> Tree:
        where = self.values[path] = self._place(event)
        if event.kind == "AliasEvent":
            self.notes.add(
                "HCG-Y007", f"alias `*{event.anchor}` is refused", where, help="write the value out"
            )
            return None
        self._no_extras(event, where)
        if event.kind == "ScalarEvent":
            return self._scalar(event, where)
        if depth > DEEPEST:
            raise self.notes.stop("HCG-Y011", f"more than {DEEPEST} levels of nesting", where)
        return (
            self._sequence(path, depth) if event.kind == "SequenceStartEvent" else self._mapping(path, depth)
        )

    def _no_extras(self, event: _Event, where: Position) -> None:
        if event.anchor is not None:
            self.notes.add(
                "HCG-Y006", f"anchor `&{event.anchor}` is refused", where, help="write the value out"
            )
        if event.tag is not None:
            self.notes.add("HCG-Y008", f"tag `{event.tag}` is refused", where, help="remove the tag")

    def _sequence(self, path: Path, depth: int) -> list[Tree]:
        items: list[Tree] = []
        while (event := next(self._events)).kind != "SequenceEndEvent":
            at = (*path, len(items))
            self.positions[at] = self._place(event)
            items.append(self._node(event, at, depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Tree]:
        entries: dict[str, Tree] = {}
        seen: dict[str, Position] = {}
        while (event := next(self._events)).kind != "MappingEndEvent":
            where = self._place(event)
            key = self._key(event, path, depth)
            # Two spellings of one text (composed and decomposed letters) look the same and are one key.
            same = unicodedata.normalize("NFC", key)
            if same in seen:
                message = f"key `{key}` stands twice; it is already in line {seen[same].line}"
                self.notes.add("HCG-Y005", message, where, help="keep one of the two")
            seen[same] = where
            self.positions[(*path, key)] = where
            entries[key] = self._node(next(self._events), (*path, key), depth + 1)
        return entries

    def _key(self, event: _Event, path: Path, depth: int) -> str:
        where = self._place(event)
        key = self._node(event, (*path, ""), depth + 1)
        del self.values[(*path, "")]
        if not isinstance(key, str):
            shown = event.value if event.kind == "ScalarEvent" else "a mapping or list"
            self.notes.add(
                "HCG-Y013",
                f"this key is not text: {shown or 'nothing'}",
                where,
                help="write the key in quotes",
            )
            return f"{shown}\0{event.start}"  # a name of its own; the document is refused anyway
        if hidden := hidden_characters(key):
            self.notes.add("HCG-Y014", f"this key holds {', '.join(hidden)}", where, help="type the key anew")
        elif odd := mixed_scripts(key):
            self.notes.add("HCG-Y015", f"this key holds {', '.join(odd)}", where, help="type the key anew")
        return key

    def _scalar(self, event: _Event, where: Position) -> Tree:
        text: str = event.value
        if event.plain and event.tag is None:
            try:
                return plain_scalar(text)
            except ValueError as error:
                self.notes.add("HCG-Y012", str(error), where, help="write a finite number, or text in quotes")
                return None
        try:
            # Escapes may spell one character as a surrogate pair, as JSON does.
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.notes.add(
                "HCG-Y016", "an escape is half of a surrogate pair", where, help="write the whole pair"
            )
            return None

    def _place(self, event: _Event) -> Position:
        return self.notes.place(event.start, event.end)


def _event(event: object) -> _Event:
    """Take over what is needed from an event of the parser, whose classes have different attributes."""
    start, end = getattr(event, "start_mark", None), getattr(event, "end_mark", None)
    version = getattr(event, "version", None)
    return _Event(
        kind=type(event).__name__,
        start=getattr(start, "index", 0),
        end=getattr(end, "index", 0),
        value=getattr(event, "value", None) or "",
        plain=not getattr(event, "style", None),
        anchor=getattr(event, "anchor", None),
        tag=getattr(event, "tag", None),
        directives=version not in (None, (1, 2)) or bool(getattr(event, "tags", None)),
    )
