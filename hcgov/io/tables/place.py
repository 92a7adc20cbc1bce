"""Where a table stands on disk, and in which format."""

import os
import stat
from pathlib import Path
from typing import Literal, TypeAlias

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.frozen import frozen
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.files import locate as locate_path
from hcgov.io.refusals import LFS_POINTER, no_content, no_regular_file, unreadable
from hcgov.io.tables.unread import UnreadError, unread

Format: TypeAlias = Literal["parquet", "csv", "jsonl"]
Fingerprint: TypeAlias = tuple[tuple[str, int, int, int], ...]
"""Path, size, time of change in nanoseconds and inode of each file of a table."""

_SUFFIXES: dict[str, Format] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


@frozen
class Named:
    """A table as messages speak of it, wherever it stands.

    Parameters
    ----------
    name
        Artifact.
    path
        Where it is, as written in the manifest.
    """

    name: str
    path: str

    @property
    def typed(self) -> bool:
        """Whether columns have types of their own; CSV and JSON Lines hold text."""
        return True


@frozen
class Place(Named):
    """A table in files that are there.

    Parameters
    ----------
    found
        The file or folder itself.
    files
        The files that hold its rows: one, or the Parquet files of a folder in the order of their names.
    format
        How they are written.
    """

    found: Path
    files: tuple[Path, ...]
    format: Format

    @property
    def typed(self) -> bool:
        """Whether columns have types of their own; CSV and JSON Lines hold text."""
        return self.format == "parquet"

    @property
    def file(self) -> Path:
        """The first file; of CSV and JSON Lines the only one."""
        return self.files[0]

    @property
    def zipped(self) -> bool:
        """Whether a text file is compressed with gzip, which its name says."""
        return self.format != "parquet" and self.file.suffix.lower() == ".gz"

    @property
    def size(self) -> int:
        """Bytes of its files, as they stand now; 0 where one is gone, which reading it tells."""
        try:
            return sum(file.stat().st_size for file in self.files)
        except OSError:
            return 0

    def shown(self, file: Path) -> str:
        """Return a file's path as the manifest would write it."""
        return self.path if file == self.found else f"{self.path}/{file.relative_to(self.found).as_posix()}"

    def fingerprint(self) -> Fingerprint:
        """Return what changes when anyone writes to the table; files that came or went count too."""
        files = _parts(self.found) if self.found.is_dir() else self.files
        states = ((str(file), file.stat()) for file in files)
        return tuple((name, state.st_size, state.st_mtime_ns, state.st_ino) for name, state in states)


def place(name: str, table: Table, root: Path, allowed_roots: tuple[Path, ...]) -> Place:
    """Find a table's files and check that there is content to read.

    Raises
    ------
    UnreadError
        No path, outside the project, missing, no regular file, 0 bytes, a Git LFS pointer, a folder without
        Parquet files, or a name that does not tell the format.
    """
    if table.path is None:
        detail = text("table `{artifact}` has no path; tables are read from files", artifact=name)
        raise unread(Absence.WRONG_KIND, name, detail)
    found = locate_path(root, name, table.path, allowed_roots=allowed_roots)
    if isinstance(found, Absent):
        raise UnreadError(found)
    try:
        here = Place(
            name=name, path=table.path, found=found, files=_files(found), format=_format(name, table, found)
        )
        if not here.files:
            detail = text("folder `{path}` holds no Parquet file", path=table.path)
            raise unread(Absence.NO_FILE, name, detail)
        for file in here.files:
            _has_content(here, file)
    except OSError as error:
        raise UnreadError(unreadable(name, table.path, error)) from error
    return here


def _format(name: str, table: Table, found: Path) -> Format:
    if found.is_dir():
        if table.format in (None, "parquet"):
            return "parquet"
        detail = text(
            "`{path}` is a folder, but only Parquet tables may be folders; name the file in it",
            path=table.path,
        )
        raise unread(Absence.WRONG_KIND, name, detail)
    if table.format is not None:
        return table.format
    suffixes = [suffix.lower() for suffix in found.suffixes]
    known = _SUFFIXES.get(next((s for s in reversed(suffixes) if s != ".gz"), ""))
    if known is None:
        detail = text(
            "the name `{path}` does not tell how the table is written; add `format: csv`, `jsonl` or "
            "`parquet`",
            path=table.path,
        )
        raise unread(Absence.WRONG_KIND, name, detail)
    return known


def _files(found: Path) -> tuple[Path, ...]:
    return _parts(found) if found.is_dir() else (found,)


def _parts(folder: Path) -> tuple[Path, ...]:
    """Return the Parquet files below a folder; by convention names with ``.`` or ``_`` first are no data."""
    parts = []
    for here, folders, files in os.walk(folder):
        folders[:] = [entry for entry in folders if not entry.startswith((".", "_"))]
        parts += [
            Path(here, entry)
            for entry in files
            if entry.lower().endswith((".parquet", ".pq")) and not entry.startswith((".", "_"))
        ]
    return tuple(sorted(parts))


def _has_content(here: Place, file: Path) -> None:
    shown = here.shown(file)
    if not stat.S_ISREG(file.stat().st_mode):
        raise UnreadError(no_regular_file(here.name, shown))
    with file.open("rb") as stream:
        refused = no_content(stream.read(len(LFS_POINTER)), here.name, shown)
    if refused is not None:
        raise UnreadError(refused)
