"""Text from outside made fit to be shown: nothing invisible, nothing that re-orders the line, nothing endless.

A report is read as evidence. A name that holds a right-to-left override, an escape sequence or ten thousand
letters must not change how the words around it look. JSON keeps the text as it was; every rendering for people
goes through :func:`plain_report` first.
"""

import re
import unicodedata
from collections.abc import Mapping
from operator import is_
from typing import TypeVar

from pydantic import BaseModel

LONGEST = 1_000
"""Characters of one text that are shown; the whole of it is in report.json."""

_KEPT = "\u200c\u200d\u200e\u200f"
"""Joiners and direction marks that Persian, Hindi, Hebrew and emoji need; they cannot re-order other text."""

_MARKDOWN = re.compile(r"([\\`*_\[\]|~#!{}])")
_LINE_START = re.compile(r"^(\s*\d{0,9})([-+=.)])(?=\s|$|[-=])")

_NO_TEXT = (bool, int, float)

M = TypeVar("M", bound=BaseModel)


def plain(text: str, *, longest: int = LONGEST) -> str:
    r"""Return text that shows what it holds.

    Line breaks become spaces, control and bidirectional formatting characters become ``[U+202E]``, halves of
    surrogate pairs become U+FFFD, and more than ``longest`` characters end in a note of how many were left out.

    >>> plain("a\u202eb\nc\x1b[31m")
    'a[U+202E]b c[U+001B][31m'
    >>> plain("x" * 12, longest=10)
    'xxxxxxxxxx … (2 more characters)'
    """
    more = len(text) - longest
    shown = text if more <= 0 else text[:longest]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else _shown(c) for c in shown)
    return shown if more <= 0 else f"{shown} … ({more:,} more characters)"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\n\r\t" or category.startswith("Z"):
        return " "
    if category == "Cs":
        return "\ufffd"
    return character if character in _KEPT else f"[U+{ord(character):04X}]"


def plain_report(model: M) -> M:
    """Return a wire object in which every text is :func:`plain`; parts where it is already are the same objects."""
    changed = {
        name: plain_ for name, value in model.__dict__.items() if (plain_ := _plain_value(value)) is not value
    }
    return model.model_copy(update=changed) if changed else model


def _plain_value(value: object) -> object:
    if value is None or isinstance(value, _NO_TEXT):
        return value
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, BaseModel):
        return plain_report(value)
    if isinstance(value, tuple | list):
        items = [_plain_value(item) for item in value]
        same = all(map(is_, items, value))
        return value if same else type(value)(items)
    if isinstance(value, Mapping):
        texts = {plain(str(key)): _plain_value(item) for key, item in value.items()}
        same = all(map(is_, texts, value)) and all(map(is_, texts.values(), value.values()))
        return value if same and len(texts) == len(value) else texts
    return value


def markdown(text: str) -> str:
    r"""Return text that Markdown and HTML show as it is.

    >>> markdown("<b> *x* | [y](z)")
    '&lt;b&gt; \\*x\\* \\| \\[y\\](z)'
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A backslash before the punctuation keeps "- x", "1. x" and "===" from opening a list or a heading.
    return _LINE_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", escaped))


def markdown_sentence(text: str) -> str:
    r"""Return a sentence as :func:`markdown` does, with what stands between backticks as code.

    >>> markdown_sentence("no file `a_b` *here*")
    'no file `a_b` \\*here\\*'
    """
    parts = text.split("`")
    if len(parts) % 2 == 0 or any("|" in part or not part.strip() for part in parts[1::2]):
        return markdown(text)
    return "`".join(part if index % 2 else markdown(part) for index, part in enumerate(parts))


def cells(text: str) -> int:
    """Return how many terminal cells a text takes: wide characters take two, marks that combine none.

    >>> cells("ab"), cells("模型")
    (2, 4)
    """
    return sum(_cell(c) for c in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str, width: int) -> str:
    """Return a text cut to ``width`` cells, with an ellipsis where something was cut.

    >>> clip("African-American", 8)
    'African…'
    """
    if cells(text) <= width:
        return text
    kept: list[str] = []
    room = width - 1
    for character in text:
        room -= _cell(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"
