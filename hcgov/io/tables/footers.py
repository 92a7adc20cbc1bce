"""Columns of Parquet files that an earlier check has seen, by the digest of their bytes.

Their footers are not read again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from hcgov import __version__
from hcgov.core.frozen import frozen
from hcgov.io.tables.earlier import Earlier
from hcgov.io.tables.place import Place

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MOST_BYTES = 256_000_000
"""Bytes of a table whose digest is soon there. Of a larger one it is not waited for: footers are read beside it."""

Tops: TypeAlias = tuple[tuple[str | int | None, ...], ...]
"""Top-level columns of one Parquet file, as its footer describes them."""


@frozen
class Footers:
    """The columns that all files of a table have.

    Parameters
    ----------
    where
        The table.
    earlier
        Where counts of earlier checks are.
    fresh
        Whether nothing is taken from them.
    digests
        Waits for the digest of every file, by its path.
    """

    where: Place
    earlier: Earlier
    fresh: bool
    digests: Callable[[], dict[Path, str]]
    _found: list[Tops] = field(default_factory=list)

    def seen(self) -> tuple[Tops, tuple[Path, ...]] | None:
        """Return the columns that an earlier check has seen, and the files whose columns it has not."""
        if self.fresh or self.where.size > MOST_BYTES:
            return None
        content = self.earlier.read(self._key())
        before = None if content is None else _read(content)
        if before is None:
            return None
        now, known = self.digests(), frozenset(before.files)
        return before.columns, tuple(file for file in self.where.files if now.get(file) not in known)

    def found(self, columns: Tops) -> None:
        """Take down the columns of all files."""
        self._found.append(columns)

    def save(self) -> None:
        """Keep the columns for later checks; call it when the files are known not to have changed."""
        now = self.digests()
        for columns in self._found[-1:]:
            seen = _Seen(columns=columns, files=tuple(now[file] for file in self.where.files))
            self.earlier.write(self._key(), _adapter().dump_json(seen))

    def _key(self) -> str:
        import duckdb

        known = "\0".join(
            ("footers 1", __version__, duckdb.__version__, str(self.where.found), self.where.name)
        )
        return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()


@frozen
class _Seen:
    columns: Tops
    files: tuple[str, ...]


def _read(content: bytes) -> _Seen | None:
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(content, strict=True)
    except ValidationError:
        return None


@cache
def _adapter() -> "TypeAdapter[_Seen]":
    from pydantic import TypeAdapter

    return TypeAdapter(_Seen)
