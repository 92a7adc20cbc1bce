"""Kept counts as bytes: a line of JSON that says what follows, then rows of Parquet, piece after piece.

A pass adds a piece with the sums of the files that it counted; those before it are carried over as they are, so that
what has not changed is not written anew by the engine.
"""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from hcgov.core.frozen import frozen

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@frozen
class Piece:
    """Sums of some files, each on its own.

    Parameters
    ----------
    content
        Parquet, whose column ``file`` numbers them.
    rows
        How many rows it has.
    numbers
        The number of each file, by its digest.
    """

    content: bytes
    rows: int
    numbers: Mapping[str, int]


@frozen
class Total:
    """Sums of some files together.

    Parameters
    ----------
    content
        Parquet, whose column ``files_`` says in how many files each group is.
    of
        Digest of each file, one that is there twice twice.
    """

    content: bytes
    of: Sequence[str]


@frozen
class Pack:
    """All that is kept under one key.

    Parameters
    ----------
    columns
        Names and types, first those of the groups.
    pieces
        Sums by file; no file is in two of them.
    total
        Sums of all files of the last check, where they can be taken apart again.
    """

    columns: tuple[tuple[str, str], ...] = ()
    pieces: tuple[Piece, ...] = ()
    total: Total | None = None

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Which piece a file is in, by its digest."""
        return {digest: at for at, piece in enumerate(self.pieces) for digest in piece.numbers}


@frozen
class _Piece:
    bytes: int
    rows: int
    numbers: dict[str, int]


@frozen
class _Total:
    bytes: int
    of: list[str]


@frozen
class _Head:
    columns: tuple[tuple[str, str], ...]
    pieces: tuple[_Piece, ...]
    total: _Total | None


def packed(pack: Pack) -> bytes:
    """Return a pack as bytes."""
    pieces = tuple(
        _Piece(bytes=len(one.content), rows=one.rows, numbers=dict(one.numbers)) for one in pack.pieces
    )
    total = None if pack.total is None else _Total(bytes=len(pack.total.content), of=list(pack.total.of))
    head = _heads().dump_json(_Head(columns=pack.columns, pieces=pieces, total=total))
    contents = [one.content for one in pack.pieces]
    return b"".join([head, b"\n", *contents, pack.total.content if pack.total is not None else b""])


def unpacked(content: bytes) -> Pack | None:
    """Return a pack that was written as bytes; ``None`` where this is none."""
    from pydantic import ValidationError

    end = content.find(b"\n") + 1
    try:
        head = _heads().validate_json(content[:end])
    except ValidationError:
        return None
    lengths = [*(one.bytes for one in head.pieces), *([] if head.total is None else [head.total.bytes])]
    contents = []
    for length in lengths:
        contents.append(content[end : end + length])
        end += length
    if end != len(content) or any(length < 0 for length in lengths):
        return None
    pieces = tuple(
        Piece(content=own, rows=one.rows, numbers=one.numbers)
        for one, own in zip(head.pieces, contents, strict=False)
    )
    total = None if head.total is None else Total(content=contents[-1], of=head.total.of)
    return Pack(columns=head.columns, pieces=pieces, total=total)


@cache
def _heads() -> "TypeAdapter[_Head]":
    from pydantic import TypeAdapter

    return TypeAdapter(_Head)
