"""Incremental counting: the files of a table are counted one by one, and counts of unchanged files are kept.

Sums over a table are sums over its files. Each file's sums are kept under the digest of its bytes, beside a key of
everything else that shapes them: the whole statement, and the versions that ran it. A later check digests every file
again and reads only those whose digest it does not know. What counts distinct people does not add up over files and
is not counted this way.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from hcgov import __version__
from hcgov.core.project import Table
from hcgov.io.tables import sql
from hcgov.io.tables.earlier import Earlier
from hcgov.io.tables.engine import Embedded
from hcgov.io.tables.place import Place

Query: TypeAlias = Callable[[str], str]
"""A group-by of any source that has a table's columns."""

MOST_ROWS = 2_000_000
"""Rows that the sums of all files may have; where there would be more, the table is counted in one piece."""

_FORMAT = "1"
_FILES_AT_ONCE = 32


def in_parts(where: Place, table: Table) -> bool:
    """Whether a table stands in several files and all that is asked of it adds up over them.

    Where a column names persons, it does not: a person may have rows in several files.
    """
    people = table.count is None and table.roles.person is not None
    return where.format == "parquet" and len(where.files) > 1 and not people


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Where the sums of each file of a table are kept, and which were found there.

    Parameters
    ----------
    earlier
        Where counts of earlier checks are.
    fresh
        Whether nothing is taken from them.
    digests
        Waits for the digest of every file, by its path.
    """

    earlier: Earlier
    fresh: bool
    digests: Callable[[], dict[Path, str]]
    _all: "list[Parts]" = field(default_factory=list)

    def parts(
        self, engine: Embedded, where: Place, called: str, scan: Callable[[Sequence[Path]], str]
    ) -> "Parts":
        """Return the files of a table, each counted on its own; see :class:`Parts`."""
        self._all.append(Parts(keeping=self, engine=engine, where=where, called=called, scan=scan))
        return self._all[-1]

    def save(self) -> None:
        """Keep what was counted for later checks; call it when the files are known not to have changed."""
        for parts in self._all:
            parts.save()

    def files_taken(self) -> tuple[str, ...]:
        """Return the files of which any count is an earlier one, relative to the folder of the table."""
        taken = {file.relative_to(parts.where.found) for parts in self._all for file in parts.taken}
        return tuple(sorted(file.as_posix() for file in taken))


@dataclass(frozen=True, kw_only=True)
class _Kept:
    key: str
    table: str
    columns: tuple[tuple[str, str], ...]
    """Names and types, first those of the groups."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A table in several files, each counted on its own.

    Parameters
    ----------
    keeping
        Where their sums are kept.
    engine, where
        The table in the embedded engine.
    called
        Its name there.
    scan
        Returns the query that reads some of its files.
    """

    keeping: Keeping
    engine: Embedded
    where: Place
    called: str
    scan: Callable[[Sequence[Path]], str]
    taken: set[Path] = field(default_factory=set)
    """Files whose counts were taken from an earlier check."""
    counted: list[_Kept] = field(default_factory=list)
    """What was counted at least in part, and may be kept once the files are known not to have changed."""

    @property
    def source(self) -> str:
        """Return the query that reads all files, as a source of others."""
        return self._source(self.where.files)

    def keep(self, name: str, query: Query, *, keys: int, merges: Sequence[str]) -> None:
        """Keep the rows of a group-by over all files in the engine, under a name.

        Parameters
        ----------
        query
            The group-by: first its groups, then its sums.
        keys
            How many groups.
        merges
            The aggregate that makes one of the sums of two files: SUM for all, if empty.

        Raises
        ------
        UnreadError
            A file that cannot be read as its format promises.
        """
        one = self._empty(name, query)
        found = set() if self.keeping.fresh else self._recall(one)
        missing = [i for i in range(len(self.where.files)) if i not in found]
        for done, chunk in _chunks(missing):
            parts = (self._part(i, query) for i in chunk)
            self.engine.read(f"INSERT INTO {one.table} {' UNION ALL '.join(parts)}")
            ((rows,),) = self.engine.read(sql.select(["COUNT(*)"], one.table))
            if int(rows or 0) * len(self.where.files) > MOST_ROWS * (len(found) + done):
                self.engine.keep(name, query(self.source))
                return
        self.taken.update(self.where.files[i] for i in found)
        if missing:
            self.counted.append(one)
        names = [column for column, _ in one.columns]
        sums = [
            f"CAST({merge}({column}) AS {type_}) AS {column}"
            for (column, type_), merge in zip(
                one.columns[keys:], merges or ["SUM"] * (len(names) - keys), strict=True
            )
        ]
        self.engine.keep(name, sql.grouped(names[:keys], sums, one.table))

    def save(self) -> None:
        """Keep what was counted, for :meth:`Keeping.save`."""
        import duckdb

        digests = self._digests()
        for one in self.counted:
            file = self.engine.session.folder / f"{one.table}.parquet"
            rows = sql.select(["file", *(_exactly(name, type_) for name, type_ in one.columns)], one.table)
            with suppress(duckdb.Error, OSError):
                self.engine.session.connection.execute(sql.written(rows, file, files=" ".join(digests)))
                self.keeping.earlier.write(one.key, file.read_bytes())

    def _empty(self, name: str, query: Query) -> _Kept:
        """Make the table of the sums by file, still without rows."""
        made = f"{name}_parts"
        self.engine.keep(made, f"{self._part(0, query)} LIMIT 0")
        described = self.engine.read(f"DESCRIBE {made}")
        columns = tuple((str(row[0]), str(row[1])) for row in described if row[0] != "file")
        return _Kept(key=self._key(query), table=made, columns=columns)

    def _key(self, query: Query) -> str:
        """Return a digest of all that shapes a file's sums, but for the file itself."""
        import duckdb

        statement = query(self._source([Path("part")]))
        about = (str(self.where.found), self.where.name)
        known = "\0".join((_FORMAT, __version__, duckdb.__version__, *about, statement))
        return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()

    def _recall(self, one: _Kept) -> set[int]:
        """Take the sums of files that an earlier check counted; return the positions of these files."""
        import duckdb

        content = self.keeping.earlier.read(one.key)
        if content is None:
            return set()
        file = self.engine.session.folder / f"{one.table}.parquet"
        run = self.engine.session.connection.execute
        names = [name for name, _ in one.columns]
        try:
            file.write_bytes(content)
            told = run(sql.written_about(file, "files")).fetchall()
            before = {digest: i for i, digest in enumerate(str(told[0][0]).split(" "))} if told else {}
            now = [(i, before[digest]) for i, digest in enumerate(self._digests()) if digest in before]
            if not now:
                return set()
            pairs = f"(VALUES {', '.join(str(pair) for pair in now)}) now(here, file)"
            rows = sql.select(["here", *names], f"{sql.read_parquet([file])} JOIN {pairs} USING (file)")
            run(f"INSERT INTO {one.table} {rows}")
            return {here for here, _ in now}
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except (duckdb.Error, OSError):  # not what we write: then all is counted
            return set()

    def _digests(self) -> list[str]:
        found = self.keeping.digests()
        return [found[path] for path in self.where.files]

    def _source(self, files: Sequence[Path]) -> str:
        return f"({self.scan(files)}) {self.called}"

    def _part(self, i: int, query: Query) -> str:
        grouped = query(self._source([self.where.files[i]]))
        return sql.select([f"{i} AS file", "*"], f"({grouped}) part")


def _chunks(files: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield files a few at a time, each time with the number of files up to then."""
    for start in range(0, len(files), _FILES_AT_ONCE):
        chunk = files[start : start + _FILES_AT_ONCE]
        yield start + len(chunk), chunk


def _exactly(column: str, type_: str) -> str:
    """Return a column as it is written: what Parquet has no type for would be rounded to a double."""
    return f"CAST({column} AS DECIMAL(38, 0)) AS {column}" if type_ == "HUGEINT" else column
