"""Authoring mistakes: what a person wrote wrongly, where, and how to mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from hcgov.core.frozen import frozen


@dataclass(frozen=True, kw_only=True, order=True)
class Position:
    """A place in a text file; line and column count from one."""

    file: str
    line: int
    column: int
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        """Return ``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"


@frozen
class Mistake:
    """One authoring mistake.

    Parameters
    ----------
    code
        Stable id such as ``HCG-C004``; ``hcgov explain`` knows each.
    message
        What is wrong, in one line.
    where
        The place in the file, where there is one.
    help
        How to mend it.
    """

    code: str
    message: str
    where: Position | None = None
    help: str = ""


class AuthoringError(Exception):
    """All mistakes found in manifest and policies, told together; nothing was evaluated."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(_line, self.mistakes)))


def _line(mistake: Mistake) -> str:
    """Return a mistake as one line: where, what, and how to mend it."""
    told = f"{mistake.where or ''} {mistake.code} {mistake.message}".strip()
    return f"{told} ({mistake.help})" if mistake.help else told


class NotKeptError(Exception):
    """A record could not be written: without it there is no decision that anybody could look up."""


class LedgerDamagedError(Exception):
    """The ledger is not what its checkpoint says, so nothing goes by it and nothing is appended: evidence integrity."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, or ``None`` where nothing is near.

    >>> nearest("treshold", ["threshold", "title"])
    'threshold'
    """
    choices = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), list(choices), n=1, cutoff=0.6)
    return choices[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a help line that names the nearest known name, or lists a few of them."""
    names = sorted(set(known))
    near = nearest(name, names)
    if near is not None:
        return f"did you mean `{near}`?"
    shown = ", ".join(f"`{n}`" for n in names[:8])
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"known: {shown}{more}" if names else ""
