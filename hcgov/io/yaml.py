"""YAML 1.2 with the place of every key and value; what could mislead a reader is refused.

The parser's events are read, never its constructor: no object of any type can be built, no alias is followed,
and depth is limited before anything recurses. Plain scalars are resolved by the core schema of YAML 1.2.2
(section 10.3.2), so ``no``, ``on``, ``1_0`` and ``12:30:00`` are text.
"""

import contextlib
import unicodedata
from collections.abc import Iterator, Mapping

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import Position
from hcgov.io.json import parse_json
from hcgov.io.lookalike import hidden_characters, mixed_scripts
from hcgov.io.parsed import CODES, Enough, Notes, Parsed, Path, decode
from hcgov.io.scalars import plain_scalar
from hcgov.io.yaml_events import (
    Event,
    Parser,
    anchor_of,
    is_plain,
    kind_of,
    parser_of,
    tag_of,
    text_of,
    word_of,
)

__all__ = ["CODES", "Parsed", "Path", "parse", "parse_json", "plain_scalar"]

DEEPEST = 20
"""Most levels of nesting."""


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
    found: Tree = None
    with contextlib.suppress(Enough):  # what stopped the reading is among the notes
        found = _Reader(notes).document()
    notes.tell()
    where = _Where(file, text)
    return Parsed(data=found, positions=_Places(where, "positions"), values=_Places(where, "values"))


class _Where:
    """The places of everything in a sound text, found when the first of them is asked for.

    Most files hold no mistake, and of a large policy few places are ever named; to keep them all takes several
    times as long as to read the file.
    """

    def __init__(self, file: str, text: str) -> None:
        self._file, self._text = file, text
        self._found: dict[str, dict[Path, Position]] = {}

    def all(self, which: str) -> dict[Path, Position]:
        if not self._found:
            reader = _Reader(Notes(self._file, self._text), placing=True)
            reader.document()
            self._found = {"positions": reader.positions, "values": reader.values}
        return self._found[which]


class _Places(Mapping[Path, Position]):
    """The places of keys, or of values, as a mapping that is filled when it is first looked into."""

    def __init__(self, where: _Where, which: str) -> None:
        self._where, self._which = where, which

    def __getitem__(self, path: Path) -> Position:
        return self._where.all(self._which)[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._where.all(self._which))

    def __len__(self) -> int:
        return len(self._where.all(self._which))

    def __contains__(self, path: object) -> bool:
        return path in self._where.all(self._which)


class _Reader:
    """Turns the parser's events into plain values, and notes every mistake on the way.

    With ``placing`` it keeps the place of every key and value as well.
    """

    def __init__(self, notes: Notes, *, placing: bool = False) -> None:
        self.notes = notes
        self.positions: dict[Path, Position] = {}
        self.values: dict[Path, Position] = {}
        self._placing = placing
        self._last: Event | None = None
        self._sound: set[str] = set()
        self._parser: Parser | None = None

    def _next(self) -> Event:
        try:
            if self._parser is None:
                self._parser = parser_of(self.notes.text)
            event = self._last = self._parser.get_event()
        except Exception as error:
            raise self._refused(error) from error
        return event

    def _refused(self, error: Exception) -> Exception:
        """Note why the parser gives up; what it does not tell by itself is handed back as it is."""
        from yaml.error import MarkedYAMLError, YAMLError
        from yaml.reader import ReaderError

        if isinstance(error, ReaderError):
            return self.notes.stop(
                "HCG-Y016",
                f"character U+{error.character:04X} is not allowed in YAML",
                self.notes.place(error.position),
                help="remove it, or write it as an escape inside double quotes",
            )
        if isinstance(error, MarkedYAMLError):
            mark = error.problem_mark or error.context_mark
            return self._syntax(error.problem or error.context, mark.index if mark else self._at())
        if isinstance(error, YAMLError | ValueError | OverflowError):
            # The parser turns an escape such as "\UFFFFFFFF" into a character without looking at its range.
            return self._syntax("an escape names no character", self._at())
        return error

    def _at(self) -> int:
        return 0 if self._last is None else self._last.start_mark.index

    def document(self) -> Tree:
        first = self._next()
        if kind_of(first) == "StreamStartEvent":
            first = self._next()
        if kind_of(first) == "StreamEndEvent":
            raise self._empty()
        self._directives(first)
        root = self._next()
        self.positions[()] = self.values[()] = self._place(root)
        if kind_of(root) == "ScalarEvent" and is_plain(root) and text_of(root) == "":
            raise self._empty()
        data = self._node(root, (), 1)
        self._next()  # the end of the document
        after = self._next()
        if kind_of(after) != "StreamEndEvent":
            raise self.notes.stop(
                "HCG-Y010",
                "a second document begins here",
                self._place(after),
                help="keep one document in a file and remove the line `---`",
            )
        return data

    def _empty(self) -> Enough:
        return self.notes.stop("HCG-Y004", "the file says nothing", self.notes.place(0))

    def _directives(self, start: Event) -> None:
        if getattr(start, "version", None) not in (None, (1, 2)) or getattr(start, "tags", None):
            where = self.notes.place(self.notes.text.find("%"))
            self.notes.add(
                "HCG-Y017", "YAML directives are refused", where, help="remove the line; YAML 1.2 is read"
            )

    def _syntax(self, problem: str | None, index: int) -> Enough:
        where = self.notes.place(index)
        if self.notes.text[index : index + 1] == "\t":
            return self.notes.stop("HCG-Y009", "a tab stands here", where, help="use spaces")
        return self.notes.stop("HCG-Y001", f"this is not valid YAML: {problem or 'no reason given'}", where)

    def _node(self, event: Event, path: Path, depth: int) -> Tree:
        if self._placing:
            self.values[path] = self._place(event)
        word = word_of(event)
        if word is not None:
            return word
        kind = kind_of(event)
        if kind == "ScalarEvent":
            return self._scalar(event)
        if kind == "AliasEvent":
            self.notes.add(
                "HCG-Y007",
                f"alias `*{anchor_of(event)}` is refused",
                self._place(event),
                help="write the value out",
            )
            return None
        self._no_extras(event)
        if depth > DEEPEST:
            raise self.notes.stop("HCG-Y011", f"more than {DEEPEST} levels of nesting", self._place(event))
        return self._sequence(path, depth) if kind == "SequenceStartEvent" else self._mapping(path, depth)

    def _no_extras(self, event: Event) -> None:
        if (anchor := anchor_of(event)) is not None:
            self.notes.add(
                "HCG-Y006", f"anchor `&{anchor}` is refused", self._place(event), help="write the value out"
            )
        if (tag := tag_of(event)) is not None:
            self.notes.add("HCG-Y008", f"tag `{tag}` is refused", self._place(event), help="remove the tag")

    def _sequence(self, path: Path, depth: int) -> list[Tree]:
        items: list[Tree] = []
        at = path
        while kind_of(event := self._next()) != "SequenceEndEvent":
            if self._placing:
                at = (*path, len(items))
                self.positions[at] = self._place(event)
            items.append(self._node(event, at, depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Tree]:
        entries: dict[str, Tree] = {}
        seen: dict[str, Event] = {}
        at = path
        while kind_of(event := self._next()) != "MappingEndEvent":
            word = word_of(event)
            key = word if word in self._sound else self._key(event, path, depth)
            # Two spellings of one text (composed and decomposed letters) look the same and are one key.
            same = key if key.isascii() else unicodedata.normalize("NFC", key)
            if same in seen:
                message = f"key `{key}` stands twice; it is already in line {self._place(seen[same]).line}"
                self.notes.add("HCG-Y005", message, self._place(event), help="keep one of the two")
            seen[same] = event
            if self._placing:
                at = (*path, key)
                self.positions[at] = self._place(event)
            entries[key] = self._node(self._next(), at, depth + 1)
        return entries

    def _key(self, event: Event, path: Path, depth: int) -> str:
        key = self._node(event, (*path, ""), depth + 1)
        if self._placing:
            del self.values[(*path, "")]
        if not isinstance(key, str):
            shown = text_of(event) if kind_of(event) == "ScalarEvent" else "a mapping or list"
            self.notes.add(
                "HCG-Y013",
                f"this key is not text: {shown or 'nothing'}",
                self._place(event),
                help="write the key in quotes",
            )
            return f"{shown}\0{event.start_mark.index}"  # a name of its own; the document is refused anyway
        if key not in self._sound:
            self._look_at(key, event)
        return key

    def _look_at(self, key: str, event: Event) -> None:
        """Refuse a key that a reader would take for another one; few different keys stand in a file."""
        if hidden := hidden_characters(key):
            told = ("HCG-Y014", f"this key holds {', '.join(hidden)}")
        elif odd := mixed_scripts(key):
            told = ("HCG-Y015", f"this key holds {', '.join(odd)}")
        else:
            self._sound.add(key)
            return
        self.notes.add(*told, self._place(event), help="type the key anew")

    def _scalar(self, event: Event) -> Tree:
        text = text_of(event)
        tag = tag_of(event)
        if tag is not None or anchor_of(event) is not None:
            self._no_extras(event)
        if tag is None and is_plain(event):
            try:
                return plain_scalar(text)
            except ValueError as error:
                self.notes.add(
                    "HCG-Y012",
                    str(error),
                    self._place(event),
                    help="write a finite number, or text in quotes",
                )
                return None
        if text.isascii():
            return text
        try:
            # Escapes may spell one character as a surrogate pair, as JSON does.
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.notes.add(
                "HCG-Y016",
                "an escape is half of a surrogate pair",
                self._place(event),
                help="write the whole pair",
            )
            return None

    def _place(self, event: Event) -> Position:
        return self.notes.place(event.start_mark.index, event.end_mark.index)
