"""Where a piece of evidence came from."""

from typing import TypeAlias

from hcgov.core.frozen import frozen


@frozen
class Source:
    """One source as it was read: the digest is that of the bytes whose content was used.

    A table in the engine of a connection, and a frame in memory, have no bytes of their own: then ``sha256`` is
    empty, nothing may rest on it, and ``counted`` says at least whether two readings told the same.

    Parameters
    ----------
    artifact
        Name in ``hcgov.yaml``.
    kind
        Kind of artifact.
    location
        Path relative to the project, or URI.
    sha256
        Lower-case hex digest; of a folder, the digest of the sorted list of its files' digests. Empty where
        there are no bytes to digest.
    size
        Bytes; ``None`` where there are none.
    rows
        Rows of a table; ``None`` for other kinds.
    counted
        SHA-256 over the answers that were read of a source without bytes of its own, else empty.
    counted_before
        Files of a folder whose bytes were digested now, but whose counts an earlier check has made, by that digest.
    """

    artifact: str
    kind: str
    location: str
    sha256: str
    size: int | None
    rows: int | None = None
    counted: str = ""
    counted_before: tuple[str, ...] = ()


Tree: TypeAlias = "bool | int | float | str | list[Tree] | dict[str, Tree] | None"
"""A parsed document: plain values only."""
