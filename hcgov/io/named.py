"""Small files that a manifest names: of the project as it is checked out, or as it stands at a commit."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, Position
from hcgov.io.files import read_regular
from hcgov.io.manifest import MOST_BYTES, understood
from hcgov.io.parsed import Parsed
from hcgov.io.parsed import Path as At
from hcgov.io.yaml import parse

Read = Callable[[str, int], bytes]
"""Reads at most so many bytes of a file that is named relative to the project, or raises ``OSError``."""

M = TypeVar("M", bound=BaseModel)


@frozen
class Named:
    """A file as a manifest names it, and where it does."""

    path: str
    where: Position | None = None


@frozen
class Document(Generic[M]):
    """A file that was understood, as far as it could be."""

    file: str
    data: bytes
    parsed: Parsed
    spec: M | None

    def where(self, *path: str | int) -> Position | None:
        """Return the place of a path's value, or of the nearest thing around it that has a place."""
        at: At = path
        for end in range(len(at), -1, -1):
            for places in (self.parsed.values, self.parsed.positions):
                if at[:end] in places:
                    return places[at[:end]]
        return None


def in_folder(root: Path) -> Read:
    """Return what reads files of the project as it is checked out; links must not lead outside."""

    def read(path: str, most: int) -> bytes:
        if not path.strip() or "\0" in path:
            raise OSError(errno.EINVAL, "that is no path")
        try:
            found = (root / path).resolve()
        except RuntimeError as error:
            raise OSError(errno.ELOOP, "a loop of symbolic links") from error
        if not found.is_relative_to(root.resolve()):
            raise OSError(errno.EACCES, "it leads outside the project")
        return read_regular(found, most)

    return read


def bytes_of(named: Named, read: Read, *, code: str, help: str = "") -> bytes:  # noqa: A002 - the field of Mistake
    """Return the bytes of a named file.

    Raises
    ------
    AuthoringError
        It cannot be read, or is larger than a manifest may be.
    """
    try:
        data = read(named.path, MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise OSError(errno.EFBIG, f"it is larger than {MOST_BYTES:,} bytes")
    except OSError as error:
        reason = str(error.strerror or error)
        message = f"cannot read `{named.path}`: {reason[:1].lower()}{reason[1:]}"
        raise AuthoringError([Mistake(code=code, message=message, where=named.where, help=help)]) from error
    return data


def read_document(
    named: Named, read: Read, model: type[M], *, code: str, what: str, made_by: str
) -> tuple[Document[M] | None, list[Mistake]]:
    """Read a named YAML file and hold it against its model; every mistake is told, with its place."""
    try:
        data = bytes_of(named, read, code=code, help=f"mend the path, or put {what} there; {made_by}")
        parsed = parse(data, named.path, max_bytes=MOST_BYTES)
    except AuthoringError as error:
        return None, list(error.mistakes)
    spec, told = understood(model, parsed, (), what=what)
    return Document(file=named.path, data=data, parsed=parsed, spec=spec), told
