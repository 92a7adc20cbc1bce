"""JSON (RFC 8259) as plain values; what readers of JSON disagree about is refused."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from hcgov.core.evidence.source import Tree
from hcgov.io.parsed import Enough, Notes, Parsed, decode

__all__ = ["parse_json"]

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_HELP = "write plain JSON: no comments, no trailing commas, text in double quotes"


class _RepeatedKeyError(ValueError):
    """A key stands twice in an object."""


class _NotFiniteError(ValueError):
    """A number has no finite value."""


def parse_json(
    data: bytes, file: str, *, max_bytes: int = 16 << 20, deepest: int = 100, nan_is_null: bool = False
) -> Parsed:
    """Read one JSON document.

    Parameters
    ----------
    data
        Bytes of the file, UTF-8 with or without byte order mark.
    file
        Name used in messages.
    max_bytes
        Largest size that is read.
    deepest
        Most levels of nesting.
    nan_is_null
        Read ``NaN`` and ``Infinity``, which are no JSON but are written by common tools, as ``null``.

    Raises
    ------
    AuthoringError
        Syntax, size, encoding, empty document, duplicate keys, numbers that are not finite or longer than
        4300 digits, half surrogate pairs, depth.
    """
    text = decode(data, file, max_bytes)
    notes = Notes(file, text)
    found: Tree = None
    with suppress(Enough):  # what stopped the reading is among the notes
        found = _load(notes, nan_is_null=nan_is_null)
        _inspect(found, notes, deepest)
    notes.tell()
    return Parsed(data=found)


def _load(notes: Notes, *, nan_is_null: bool) -> Tree:
    if not notes.text.strip():
        raise notes.stop("HCG-Y004", "the file says nothing", notes.place(0))
    try:
        found: Tree = json.loads(
            notes.text,
            object_pairs_hook=_unrepeated,
            parse_constant=_null if nan_is_null else _refuse,
            parse_float=_finite_or_null if nan_is_null else _finite,
        )
    except json.JSONDecodeError as error:
        message = f"this is not valid JSON: {error.msg}"
        raise notes.stop("HCG-Y001", message, notes.place(error.pos), help=_HELP) from error
    except _RepeatedKeyError as error:
        where = notes.place(*_repeated(notes.text, str(error)))
        raise notes.stop(
            "HCG-Y005", f"key `{error}` stands twice", where, help="keep one of the two"
        ) from error
    except _NotFiniteError as error:
        where = notes.place(max(notes.text.find(str(error)), 0))
        raise notes.stop("HCG-Y012", f"`{error}` is not a finite number", where) from error
    except RecursionError as error:
        raise notes.stop("HCG-Y011", "far too many levels of nesting", notes.place(0)) from error
    except ValueError as error:
        # Python refuses to convert integers of more than 4300 digits, which takes quadratic time.
        raise notes.stop("HCG-Y012", "a number is too long to be read exactly", notes.place(0)) from error
    return found


def _unrepeated(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        raise _RepeatedKeyError(next(key for key in times if times[key] > 1))
    return found


def _refuse(constant: str) -> None:
    raise _NotFiniteError(constant)


def _null(_: str) -> None:
    return None


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise _NotFiniteError(number)
    return value


def _finite_or_null(number: str) -> float | None:
    value = float(number)
    return value if math.isfinite(value) else None


def _repeated(text: str, key: str) -> tuple[int, int]:
    """Return where a key stands for the second time in one object, as offsets."""
    open_objects: list[set[str] | None] = []
    before = ""
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in "{[":
            open_objects.append(set() if word == "{" else None)
        elif word in "}]":
            open_objects.pop()
        elif word[0] == '"' and before in "{," and open_objects and open_objects[-1] is not None:
            name = json.loads(word)
            if name == key and name in open_objects[-1]:
                return token.span()
            open_objects[-1].add(name)
        before = word
    return 0, 1


def _inspect(found: Tree, notes: Notes, deepest: int) -> None:
    """Look for what the parser lets through: depth, and half surrogate pairs."""
    text = notes.text
    surrogates = _SURROGATE.search(text) is not None
    if not surrogates and text.count("[") + text.count("{") <= deepest:
        return
    check: Callable[[str], None] = (lambda word: _whole(word, notes)) if surrogates else (lambda _: None)
    level: list[Tree] = [found]
    depth = 0
    while level:
        depth += 1
        below: list[Tree] = []
        for node in level:
            if isinstance(node, str):
                check(node)
            elif isinstance(node, list):
                below += node
            elif isinstance(node, dict):
                below += node.values()
                for key in node:
                    check(key)
        # ``level`` holds what stands inside ``depth - 1`` brackets; an empty bracket counts as well.
        if depth > deepest and any(isinstance(node, list | dict) for node in level):
            raise notes.stop("HCG-Y011", f"more than {deepest} levels of nesting", notes.place(0))
        level = below


def _whole(word: str, notes: Notes) -> None:
    try:
        word.encode()
    except UnicodeEncodeError as error:
        raise notes.stop(
            "HCG-Y016", "an escape is half of a surrogate pair", notes.place(0), help="write the whole pair"
        ) from error
