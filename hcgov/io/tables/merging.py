"""SQL that makes the sums of a table out of the sums of its files. Pure.

Whole numbers that are added can be taken away again without loss. Where all sums are such, the sums of the whole table
are kept beside those of each file: what is gone is taken away from them and what is new is added, so that the other
files need not be merged once more. Extremes and sums of real numbers are merged file by file each time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from hcgov.core.frozen import frozen
from hcgov.io.tables import sql
from hcgov.io.tables.packed import Pack

Query: TypeAlias = Callable[[str], str]
"""A group-by of any source that has a table's columns."""
Columns: TypeAlias = tuple[tuple[str, str], ...]
"""Names and types, first those of the groups."""

MOST_PIECES = 8
"""Pieces that are carried over; where there would be more, all files are merged anew and kept as one."""

_LOSSLESS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL")


@frozen
class Sums:
    """A group-by over all files, and the names in the engine under which its sums are kept.

    Parameters
    ----------
    name
        Of the sums over all files.
    query
        The group-by.
    keys
        How many groups.
    merges
        The aggregate that makes one of the sums of two files: SUM for all, if empty.
    most
        Rows up to which sums of whole numbers are merged outside the engine.
    """

    name: str
    query: Query
    keys: int
    merges: Sequence[str]
    most: int = 0

    @property
    def parts(self) -> str:
        """Return the name of the sums by file."""
        return f"{self.name}_parts"

    def lossless(self, columns: Columns) -> bool:
        """Whether the sums of a file can be taken away again."""
        return set(self.merges) <= {"SUM"} and all(
            type_.startswith(_LOSSLESS) for _, type_ in columns[self.keys :]
        )

    def merged(self, columns: Columns, source: str, *, files: str) -> str:
        """Return the query for the sums over all files; ``files`` is the SQL of how many files a group is in."""
        names = [name for name, _ in columns]
        merges = self.merges or ["SUM"] * (len(names) - self.keys)
        sums = [
            f"CAST({merge}({name}) AS {type_}) AS {name}"
            for (name, type_), merge in zip(columns[self.keys :], merges, strict=True)
        ]
        sums.append(f"CAST({files} AS BIGINT) AS files_")
        return sql.grouped(names[: self.keys], sums, source) + f" HAVING {files} > 0"

    def signed(self, columns: Columns, source: str, sign: str, *, files: str) -> str:
        """Return the query for sums that are added or taken away, and in how many files each group is."""
        groups = [name for name, _ in columns[: self.keys]]
        sums = [f"{sign}CAST({name} AS {type_}) AS {name}" for name, type_ in columns[self.keys :]]
        return sql.select([*groups, *sums, f"{sign}{files} AS in_files"], source)


@frozen
class Change:
    """What has come and gone since the last check, by piece: the numbers of its files, those there twice twice."""

    come: Mapping[int, Sequence[int]]
    gone: Mapping[int, Sequence[int]]

    @property
    def pieces(self) -> tuple[int, ...]:
        """Return the pieces that have to be read."""
        return tuple(dict.fromkeys((*self.come, *self.gone)))


def change(before: Pack, now: Sequence[str], *, new: bool) -> Change | None:
    """Return how the files of the last check's total and those of now differ, apart from those that are new.

    ``None`` where there is no total, where merging all files is little more work, or where it is time to write them
    as one piece again.
    """
    if before.total is None or (new and len(before.pieces) >= MOST_PIECES):
        return None
    was, is_ = Counter(before.total.of), Counter(now)
    gone, come = was - is_, is_ - was
    if 2 * (gone.total() + come.total()) > len(now) or not all(digest in before.place for digest in gone):
        return None
    return Change(come=_by_piece(before, come), gone=_by_piece(before, gone))


def sums_now(
    sums: Sums, columns: Columns, total: Path, pieces: Mapping[int, Path], changed: Change, *, new: bool
) -> str:
    """Return the query for the sums over all files out of the last check's total and what has changed since."""
    scan = sql.read_parquet([total])
    if not new and not changed.pieces:
        names = [f"CAST({name} AS {type_}) AS {name}" for name, type_ in columns]
        return sql.select([*names, "files_"], scan)
    parts = [
        sums.signed(columns, scan, "", files="files_"),
        *_signed(sums, columns, pieces, changed, new=new),
    ]
    return sums.merged(columns, f"({' UNION ALL '.join(parts)}) part", files="SUM(in_files)")


def changes(sums: Sums, columns: Columns, pieces: Mapping[int, Path], changed: Change, *, new: bool) -> str:
    """Return the query for what is to be added to the last check's total, a row a group; empty if there is nothing."""
    parts = " UNION ALL ".join(_signed(sums, columns, pieces, changed, new=new))
    names = names_of(columns)
    added = [f"SUM({name}) AS {name}" for name in names[sums.keys :]]
    return sql.grouped(names[: sums.keys], added, f"({parts}) changed({', '.join(names)})") if parts else ""


def _signed(
    sums: Sums, columns: Columns, pieces: Mapping[int, Path], changed: Change, *, new: bool
) -> list[str]:
    parts = [sums.signed(columns, sums.parts, "", files="1")] if new else []
    for sign, by_piece in (("", changed.come), ("-", changed.gone)):
        parts += [
            sums.signed(columns, among(pieces[at], numbers), sign, files="1")
            for at, numbers in by_piece.items()
        ]
    return parts


def names_of(columns: Columns) -> list[str]:
    """Return the names of the columns of a total."""
    return [*(name for name, _ in columns), "files_"]


def among(piece: Path, numbers: Sequence[int]) -> str:
    """Return the rows of some files of a piece, by their numbers."""
    values = ", ".join(f"({number})" for number in numbers)
    return f"{sql.read_parquet([piece])} JOIN (VALUES {values}) among_(file) USING (file)"


def exactly(columns: Columns) -> list[str]:
    """Return columns as they are written: what Parquet has no type for would be rounded to a double."""
    return [
        f"CAST({name} AS DECIMAL(38, 0)) AS {name}" if type_ == "HUGEINT" else name for name, type_ in columns
    ]


def _by_piece(before: Pack, files: Mapping[str, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for digest, times in files.items():
        if (at := before.place.get(digest)) is not None:
            found.setdefault(at, []).extend([before.pieces[at].numbers[digest]] * times)
    return found
