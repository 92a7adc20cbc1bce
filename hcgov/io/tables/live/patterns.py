r"""Patterns of the embedded engine for the regular expressions of another, where both find the same for certain.

What is written there is the small part of RE2's syntax that means one thing everywhere. Of each pattern only the
question is asked whether it is found, so greed does not matter. Classes and characters are written by their code
points, ``.`` as what it leaves out, and the end as the end of the text. Sources: PostgreSQL's "Advanced Regular
Expressions" (https://www.postgresql.org/docs/current/functions-matching.html) and ``java.util.regex.Pattern``.
"""

import re
from collections.abc import Mapping

from hcgov.core.frozen import frozen

_TOKEN = re.compile(
    r"""(?P<end>\(\?:\\n\?\\z\))
      | (?P<class>\[\^?(?:\\.|[^\\\]])+\])
      | (?P<letter>\\[dDwW])
      | (?P<edge>\\b)
      | (?P<plain>\\[tnrfv]|\\[!-/:-@\[-^`{-~]|[A-Za-z0-9 _\-,:;=!"%&'/<>@~`#])
      | (?P<any>\.)
      | (?P<group>\((?:\?:)?)
      | (?P<close>\))
      | (?P<or>\|)
      | (?P<begin>\^)
      | (?P<times>(?P<how>\{(?P<low>[0-9]{1,3})(?P<open>,(?P<high>[0-9]{1,3})?)?\}|[*+?])\??)""",
    re.VERBOSE,
)
_IN_CLASS = re.compile(
    r"\\x(?P<hex>[0-9a-f]{2})|\\(?P<letter>[dw])|\\(?P<escaped>[tnrfv]|[^A-Za-z0-9])|(?P<plain>[^\\])"
)
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_LETTERS = {"d": "0-9", "w": "A-Za-z0-9_"}


@frozen
class _Flavour:
    """What engines write differently, and what one of them cannot be asked."""

    end: str
    edge: str
    most: int
    backtracks: bool


_FLAVOURS: Mapping[str, _Flavour] = {
    "postgres": _Flavour(end=r"\Z", edge=r"\y", most=255, backtracks=False),
    "spark": _Flavour(end=r"\z", edge=r"\b", most=999, backtracks=True),
}


def pattern_in(re2: str, dialect: str) -> str | None:
    r"""Return the pattern that finds in another engine what one of RE2 finds here, or ``None`` if none is certain.

    >>> pattern_in(r"^[A-Z]{2}\d.(?:\n?\z)", "postgres")
    '^[A-Z]{2}[0-9][^\\u000a](?:\\u000a?\\Z)'
    >>> pattern_in("(a+)+b", "postgres"), pattern_in("(a+)+b", "spark")
    ('(?:a+)+b', None)
    """
    flavour = _FLAVOURS.get(dialect)
    if flavour is None:
        return None
    written, before, open_groups, closed = "", "", [False], False
    at = 0
    while at < len(re2):
        token = _TOKEN.match(re2, at)
        if token is None:
            return None
        at, kind = token.end(), token.lastgroup or ""
        if kind == "group":
            open_groups.append(False)
        elif kind == "close":
            if len(open_groups) == 1:
                return None
            closed = open_groups.pop()
            open_groups[-1] = open_groups[-1] or closed
        elif kind in ("times", "or"):
            if kind == "times" and not _may_repeat(token, before, flavour, closed):
                return None
            open_groups[-1] = True
        piece = _written(token, kind, flavour)
        if piece is None:
            return None
        written, before = written + piece, kind
    return written if len(open_groups) == 1 else None


def _may_repeat(token: re.Match[str], before: str, flavour: _Flavour, closed: bool) -> bool:
    """Tell whether a repetition means the same and ends: Java tries all ways to part a text among repetitions."""
    if before not in ("class", "letter", "plain", "any", "close"):
        return False
    if max(int(token["low"] or 0), int(token["high"] or 0)) > flavour.most:
        return False
    endless = token["how"] in ("*", "+") or (token["open"] is not None and token["high"] is None)
    many = endless or max(int(token["low"] or 0), int(token["high"] or 0)) > 1
    return not (flavour.backtracks and before == "close" and closed and many)


def _written(token: re.Match[str], kind: str, flavour: _Flavour) -> str | None:
    text = token[0]
    if kind == "class":
        return _class(text)
    if kind == "times":
        return token["how"]
    if kind == "plain":
        return _character(text)
    fixed = {
        "end": rf"(?:\u000a?{flavour.end})",
        "edge": flavour.edge,
        "any": r"[^\u000a]",
        "group": "(?:",
    }
    if kind == "letter":
        return f"[{'^' if text[1].isupper() else ''}{_LETTERS[text[1].lower()]}]"
    return fixed.get(kind, text)


def _class(text: str) -> str | None:
    """Return a class with its characters as code points."""
    inner = text[1:-1]
    negated, inner = inner.startswith("^"), inner.removeprefix("^")
    found: list[str] = []
    at = 0
    while at < len(inner):
        item = _IN_CLASS.match(inner, at)
        if item is None:
            return None
        at = item.end()
        if item["letter"]:
            found.append(_LETTERS[item["letter"]])
            continue
        found.append(_point(_value(item)))
        if inner[at : at + 1] == "-" and at + 1 < len(inner):
            last = _IN_CLASS.match(inner, at + 1)
            if last is None or last["letter"] or _value(last) < _value(item):
                return None
            found.append(f"-{_point(_value(last))}")
            at = last.end()
    return f"[{'^' if negated else ''}{''.join(found)}]"


def _value(item: re.Match[str]) -> str:
    if item["hex"]:
        return chr(int(item["hex"], 16))
    escaped = item["escaped"]
    return _CONTROLS.get(escaped, escaped) if escaped else item["plain"]


def _character(text: str) -> str:
    return _point(_CONTROLS.get(text[1], text[1]) if text.startswith("\\") else text)


def _point(character: str) -> str:
    return character if character.isalnum() else f"\\u{ord(character):04x}"
