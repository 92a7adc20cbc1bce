"""What a registry holds, as the program asks for it; the tracking process does the asking."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import field
from typing import Protocol, TypeAlias

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.text import Text
from hcgov.io.tracking import protocol
from hcgov.io.tracking.protocol import Message, word
from hcgov.io.tracking.tracker import Tracker
from hcgov.io.tracking.uri import Store

PATIENCE = 10.0
"""Seconds that a registry may be silent."""
_WHILE = 600.0
_DOWNLOAD = 24 * 3600.0


@frozen
class NoAnswer:
    """Why a registry did not answer; ``code`` is one of those of :mod:`~hcgov.io.tracking.protocol`."""

    code: str
    reason: Text


@frozen
class Fetched:
    """A model version, downloaded.

    Parameters
    ----------
    path
        Where its artifacts were laid down.
    source
        Address that it was registered with, without credentials.
    tags
        Tags of it that begin with ``hcgov.``.
    aliases
        Aliases of its model, with the version that each points to.
    """

    path: str
    source: str
    tags: Mapping[str, str]
    aliases: Mapping[str, str]


@frozen
class Target:
    """What is to be moved: an alias, or a tag with its value, of one model version."""

    name: str
    version: str
    alias: str = ""
    key: str = ""
    value: str = ""

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"alias `{self.alias}`" if self.alias else f"tag `{self.key}={self.value}`"


@frozen
class Moved:
    """What stood there before, and what stands there now.

    Parameters
    ----------
    moved
        Whether anything was written; not where somebody was first.
    before, after
        Version that the alias pointed to; empty for none.
    tags
        All tags of the version, read again.
    """

    moved: bool
    before: str
    after: str
    tags: Mapping[str, str] = field(default_factory=dict)


@frozen
class Pointer:
    """An alias, or a tag that was promoted to, and our tags of the version behind it."""

    target: Target
    there: bool
    tags: Mapping[str, str]


class Asked(Protocol):
    """What answers jobs about a registry: a tracking process."""

    def ask(self, job: Message, *, seconds: float | None = None) -> Message:
        """Return the message ``found``, or ``failed``."""


class Registry:
    """A registry; every answer may be that there is none."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def fetch(self, target: Target, folder: str) -> Fetched | NoAnswer:
        """Download a model version into a folder; with no folder, only look at it."""
        found = self._ask(_DOWNLOAD, do=protocol.FETCH, folder=folder, **_named(target))
        if isinstance(found, NoAnswer):
            return found
        return Fetched(
            path=word(found, "path"),
            source=word(found, "source"),
            tags=_texts(found, "tags"),
            aliases=_texts(found, "aliases"),
        )

    def move(self, target: Target, tags: Mapping[str, str], expected: str) -> Moved | NoAnswer:
        """Tag the version, then move the alias unless it points elsewhere than ``expected``."""
        pairs: list[Tree] = [[key, value] for key, value in tags.items()]
        found = self._ask(_WHILE, do=protocol.MOVE, tags=pairs, expected=expected, **_named(target))
        if isinstance(found, NoAnswer):
            return found
        return Moved(
            moved=found.get("moved") is True,
            before=word(found, "before"),
            after=word(found, "after"),
            tags=_texts(found, "tags"),
        )

    def restore(self, target: Target, before: str) -> bool | NoAnswer:
        """Let the alias point where it did; says whether it was still ours to put back."""
        found = self._ask(_WHILE, do=protocol.RESTORE, before=before, **_named(target))
        return found if isinstance(found, NoAnswer) else found.get("restored") is True

    def aliases(self) -> tuple[Pointer, ...] | NoAnswer:
        """List every alias of every registered model."""
        found = self._ask(_DOWNLOAD, do=protocol.ALIASES)
        return found if isinstance(found, NoAnswer) else tuple(_pointer(row) for row in _rows(found))

    def tagged(self, name: str, key: str, value: str) -> tuple[Pointer, ...] | NoAnswer:
        """List the versions of a model that carry a tag with this value."""
        found = self._ask(_WHILE, do=protocol.TAGGED, name=name, key=key, value=value)
        if isinstance(found, NoAnswer):
            return found
        return tuple(_pointer({**row, "name": name, "key": key, "value": value}) for row in _rows(found))

    def _ask(self, seconds: float, **job: Tree) -> Message | NoAnswer:
        message = self._asked.ask(job, seconds=seconds)
        found = message.get("registry")
        if word(message, "event") != protocol.FOUND:
            return NoAnswer(code=word(message, "code"), reason=protocol.sentence(message))
        return found if isinstance(found, dict) else {"rows": found}


Connect: TypeAlias = Callable[[Store, Mapping[str, str]], AbstractContextManager[Registry]]
"""Opens the registry of a store, given the environment variables."""


@contextmanager
def connected(store: Store, environ: Mapping[str, str]) -> Iterator[Registry]:
    """Open the registry of a store in a tracking process of its own; a store that is not there is not made."""
    with Tracker.start(store, environ, patience=PATIENCE, create=False) as tracker:
        yield Registry(tracker)


def _named(target: Target) -> dict[str, Tree]:
    return {
        "name": target.name,
        "version": target.version,
        "alias": target.alias,
        "key": target.key,
        "value": target.value,
    }


def _rows(found: Message) -> list[Message]:
    rows = found.get("rows")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _pointer(row: Message) -> Pointer:
    target = Target(**{key: word(row, key) for key in ("name", "version", "alias", "key", "value")})
    return Pointer(target=target, there=row.get("there") is not False, tags=_texts(row, "tags"))


def _texts(found: Message, key: str) -> dict[str, str]:
    value = found.get(key)
    return {name: str(one) for name, one in value.items()} if isinstance(value, dict) else {}
