"""Where a piece of evidence came from."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source as it was read: the digest is that of the bytes whose content was used.

    Parameters
    ----------
    artifact
        Name in ``hcgov.yaml``.
    kind
        Kind of artifact.
    location
        Path relative to the project, or URI.
    sha256
        Lower-case hex digest; of a folder, the digest of the sorted list of its files' digests.
    size
        Bytes.
    rows
        Rows of a table; ``None`` for other kinds.
    """

    artifact: str
    kind: str
    location: str
    sha256: str
    size: int
    rows: int | None = None


Tree: TypeAlias = "bool | int | float | str | list[Tree] | dict[str, Tree] | None"
"""A parsed document: plain values only."""
