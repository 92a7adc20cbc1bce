r"""Regular expressions that Python and RE2 read alike, or can be made to.

Great Expectations matches as Python does. The engine matches with RE2, in linear time and many rows at once; what
the two read differently is rewritten here, or the pattern is left to the library. Differences are those between
https://docs.python.org/3/library/re.html and https://github.com/google/re2/wiki/Syntax: ``$`` before a last line
end, what ``\s`` holds, letters and digits beyond ASCII, and all that RE2 does not have.
"""

import re
import warnings

from hcgov.core.frozen import frozen

LONGEST = 500
MOST_REPEATS = 1_000
"""Product of all counted repetitions; RE2 writes them out, and refuses what grows too large."""

_SPACES = r"\t\n\v\f\r\x1c-\x1f "
r"""What ``\s`` holds in Python below 128; RE2's has neither the vertical tab nor the four separators."""

_TOKEN = re.compile(
    r"""(?P<class>\[\^?(?:\\[dws]|\\[tnrfv]|\\[!-/:-@\[-^`{-~]|[^\\\]\[&~|])+\])
      | (?P<letter>\\[dDwWbBsS])
      | (?P<plain>\\[tnrfv]|\\[!-/:-@\[-^`{-~]|[A-Za-z0-9 _\-,:;=!"%&'/<>@~`]|\#)
      | (?P<any>\.)
      | (?P<group>\((?:\?:)?)
      | (?P<close>\))
      | (?P<or>\|)
      | (?P<begin>\^)
      | (?P<end>\$)
      | (?P<times>\{(?P<low>[0-9]{1,3})(?P<several>,(?P<high>[0-9]{1,3})?)?\}\??|[*+?]\??)""",
    re.VERBOSE,
)
_ASCII_ONLY = re.compile(r"\\[dDwWbBsS]")


@frozen
class Common:
    """A pattern in RE2's syntax.

    ``only_ascii`` says that it means the same only where the text is ASCII.
    """

    re2: str
    only_ascii: bool


def common(pattern: str) -> Common | None:
    r"""Return the pattern of RE2 that finds what Python's ``re.search`` finds, or ``None`` if none is known.

    Whatever is not certain, and a pattern beyond printable ASCII, is ``None``.

    >>> common("^[A-Z]{2}[0-9]+$").re2
    '^[A-Z]{2}[0-9]+(?:\\n?\\z)'
    >>> common("(?=a)") is None
    True
    """
    if len(pattern) > LONGEST or not all(" " <= c <= "~" for c in pattern) or not _compiles(pattern):
        return None
    written: list[str] = []
    repeats, at, depth, before = 1, 0, 0, ""
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return None
        at, kind = token.end(), token.lastgroup or ""
        depth += (kind == "group") - (kind == "close")
        if kind == "end" and (depth or pattern[at : at + 1] not in ("", "|")):
            return None  # elsewhere it may stand before a line end that still has to be matched
        if kind == "times":
            if before not in ("class", "letter", "plain", "any", "close"):
                return None  # a group with a flag, or a repetition that gives nothing back
            repeats *= max(1, int(token["low"] or 1), int(token["high"] or 0))
        written.append(_rewritten(token[0], kind))
        before = kind
    if repeats > MOST_REPEATS:
        return None
    return Common(re2="".join(written), only_ascii=_ASCII_ONLY.search(pattern) is not None)


def _rewritten(text: str, kind: str) -> str:
    if kind == "end":
        return r"(?:\n?\z)"
    if kind == "class":
        return re.sub(r"\\(.)", lambda found: _SPACES if found[1] == "s" else found[0], text)
    if text == r"\s":
        return f"[{_SPACES}]"
    return f"[^{_SPACES}]" if text == r"\S" else text


def _compiles(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what may come to mean something else is not certain
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError, Warning):
        return False
    return True
