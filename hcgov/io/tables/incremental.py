"""Incremental counting: the files of a table are counted one by one, and counts of unchanged files are kept.

Sums over a table are sums over its files. Each file's sums are kept under the digest of its bytes, beside a key of
everything else that shapes them: the whole statement, and the versions that ran it. A later check digests every file
again and reads only those whose digest it does not know. What counts distinct people does not add up over files and
is not counted this way.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from hcgov import __version__
from hcgov.core.frozen import frozen
from hcgov.core.project import Table
from hcgov.io.tables import few, sql
from hcgov.io.tables.earlier import Earlier
from hcgov.io.tables.engine import Embedded, Row
from hcgov.io.tables.footers import Footers
from hcgov.io.tables.merging import Change, Columns, Query, Sums, change, changes, names_of, sums_now
from hcgov.io.tables.packed import Pack, packed, unpacked
from hcgov.io.tables.place import Place
from hcgov.io.tables.saving import Counted

MOST_ROWS = 2_000_000
"""Rows that the sums of all files may have; where there would be more, the table is counted in one piece."""

MOST_MERGED = 1_000
"""Rows up to which sums are merged here; for more the engine is faster, for all that it plans."""

_FORMAT = "5"
_PARQUET = b"PAR1"
_FILES_AT_ONCE = 32


def in_parts(where: Place, table: Table) -> bool:
    """Whether a table stands in several files and all that is asked of it adds up over them.

    Where a column names persons, it does not: a person may have rows in several files.
    """
    people = table.count is None and table.roles.person is not None
    return where.format == "parquet" and len(where.files) > 1 and not people


@frozen
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
    footers
        The columns of the files, if they are kept too.
    """

    earlier: Earlier
    fresh: bool
    digests: Callable[[], dict[Path, str]]
    footers: Footers | None = None
    _all: "list[Parts]" = field(default_factory=list)

    def parts(
        self,
        engine: Embedded,
        where: Place,
        called: str,
        *,
        scan: Callable[[Sequence[Path]], str],
        in_pieces: Callable[[Path], str],
    ) -> "Parts":
        """Return the files of a table, each counted on its own; see :class:`Parts`."""
        one = Parts(keeping=self, engine=engine, where=where, called=called, scan=scan, in_pieces=in_pieces)
        self._all.append(one)
        return self._all[-1]

    def save(self) -> None:
        """Keep what was counted for later checks; call it when the files are known not to have changed."""
        for parts in self._all:
            parts.save()
        if self.footers is not None and any(parts.counted for parts in self._all):
            self.footers.save()

    def files_taken(self) -> tuple[str, ...]:
        """Return the files of which any count is an earlier one, relative to the folder of the table."""
        taken = {file.relative_to(parts.where.found) for parts in self._all for file in parts.taken}
        return tuple(sorted(file.as_posix() for file in taken))


@frozen
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
    in_pieces
        Returns the query that reads one of them, in as many pieces as every core needs to have one.
    """

    keeping: Keeping
    engine: Embedded
    where: Place
    called: str
    scan: Callable[[Sequence[Path]], str]
    in_pieces: Callable[[Path], str]
    taken: set[Path] = field(default_factory=set)
    """Files whose counts were taken from an earlier check."""
    counted: list[Counted] = field(default_factory=list)
    """What is not kept yet."""
    few: dict[str, list[Row]] = field(default_factory=dict)
    """Sums that are so few that they are read here, and in how many files each group is."""

    @property
    def source(self) -> str:
        """Return the query that reads all files, as a source of others."""
        return self._source(self.where.files)

    def keep(
        self, name: str, query: Query, *, keys: int, merges: Sequence[str], most: int = 0
    ) -> list[Row] | None:
        """Keep the rows of a group-by over all files in the engine, under a name.

        Behind its columns may stand ``files_``, the number of files that a group is in.

        Parameters
        ----------
        query
            The group-by: first its groups, then its sums.
        keys
            How many groups.
        merges
            The aggregate that makes one of the sums of two files: SUM for all, if empty.
        most
            Rows of whole numbers up to which they are returned instead.

        Raises
        ------
        UnreadError
            A file that cannot be read as its format promises.
        """
        sums = Sums(name=name, query=query, keys=keys, merges=merges, most=most)
        content = None if self.keeping.fresh else self.keeping.earlier.read(self._key(query))
        before = None if content is None else unpacked(content)
        # Not what is written today: then all is counted.
        if before is None or not before.pieces or not self._keep(sums, before, self._digests()):
            self._keep(sums, Pack(), ())
        found = self.few.pop(name, None)
        return None if found is None else [row[:-1] for row in found]

    def _keep(self, sums: Sums, before: Pack, now: Sequence[str]) -> bool:
        """Keep sums with the help of those before; return whether these could be read.

        Parameters
        ----------
        now
            Digest of each file; not needed where there is nothing before.
        """
        everything = range(len(self.where.files))
        missing = [i for i in everything if not now or now[i] not in before.place]
        if not self._count(sums, missing, _known(before, now)):
            self.engine.keep(sums.name, sums.query(self.source))
            return True
        columns = self._columns(sums) if missing else before.columns
        since = change(before, now, new=bool(missing)) if columns == before.columns else None
        carried, files = before.pieces, missing
        if since is not None and not (made := self._change(sums, columns, before, since, new=bool(missing))):
            if made is not None:
                return False
            since = None
        if since is None:
            carried, files = (), [*everything]
            if not self._gather(sums, columns, before, now, made=bool(missing)):
                return False
            self.engine.keep(sums.name, sums.merged(columns, sums.parts, files="COUNT(*)"))
            self._take_few(sums)
        if since is None or missing or since.pieces:
            found = self.few.get(sums.name, [])
            few_ = found if len(found) <= MOST_MERGED else []
            self.counted.append(Counted(sums=sums, columns=columns, carried=carried, files=files, few=few_))
        self.taken.update(self.where.files[i] for i in set(everything).difference(missing))
        return True

    def _change(self, sums: Sums, columns: Columns, before: Pack, since: Change, *, new: bool) -> bool | None:
        """Make the sums of now of the last check's total; return whether it could be read.

        ``None`` where sums that were few have become too many for that.
        """
        total = before.total.content if before.total else b""
        pieces = {at: self._beside(sums, str(at), before.pieces[at].content) for at in since.pieces}
        if not sums.most or total.startswith(_PARQUET):
            query = sums_now(sums, columns, self._beside(sums, "total", total), pieces, since, new=new)
            return self._run(sql.kept(sums.name, query)) is not None and self._take_few(sums)
        texts = [type_ == "VARCHAR" for _, type_ in columns[: sums.keys]]
        rows = few.of_bytes(total, names_of(columns), texts)
        query = changes(sums, columns, pieces, since, new=new)
        changed = self._run(query) if query else []
        if rows is None or changed is None:
            return False
        found = few.merged(rows, changed, sums.keys) if changed else rows
        if len(found) > min(sums.most, MOST_MERGED):
            return None
        self.few[sums.name] = found
        return True

    def _take_few(self, sums: Sums) -> bool:
        """Read sums out of the engine, if they are few enough to be merged here from now on."""
        if sums.most:
            rows = self.engine.read(sql.first_rows("*", sums.name, sums.most + 1))
            if len(rows) <= sums.most:
                self.few[sums.name] = rows
        return True

    def save(self) -> None:
        """Keep what was counted, for :meth:`Keeping.save`."""
        import duckdb

        digests = self._digests()
        for one in self.counted:
            with suppress(duckdb.Error, OSError):
                if not one.identifies(self.engine.session):
                    pack = one.pack(self.engine.session, digests)
                    self.keeping.earlier.write(self._key(one.sums.query), packed(pack))

    def _count(self, sums: Sums, missing: Sequence[int], known: float) -> bool:
        """Count files, each on its own; return whether they and those that are known have not too many rows."""
        rows, done = known, len(self.where.files) - len(missing)
        for start in range(0, len(missing), _FILES_AT_ONCE):
            chunk = missing[start : start + _FILES_AT_ONCE]
            alone = len(missing) == 1  # several files are read by several threads as they are
            parts = " UNION ALL ".join(self._part(i, sums.query, alone=alone) for i in chunk)
            made = f"INSERT INTO {sums.parts} {parts}" if start else sql.kept(sums.parts, parts)
            ((counted,),) = self.engine.read(made)
            rows, done = rows + int(counted or 0), done + len(chunk)
            if rows * len(self.where.files) > MOST_ROWS * done:
                return False
        return True

    def _columns(self, sums: Sums) -> Columns:
        table = self.engine.session.connection.table(sums.parts)
        types = (str(type_) for type_ in table.types)
        return tuple(pair for pair in zip(table.columns, types, strict=True) if pair[0] != "file")

    def _gather(self, sums: Sums, columns: Columns, before: Pack, now: Sequence[str], *, made: bool) -> bool:
        """Put the sums of files that an earlier check counted beside the others."""
        if not made:
            names = ", ".join(f"{name} {type_}" for name, type_ in columns)
            if self._run(f"CREATE TEMP TABLE {sums.parts} (file INTEGER, {names})") is None:
                return False
        for at, piece in enumerate(before.pieces):
            here = [(i, piece.numbers[digest]) for i, digest in enumerate(now) if digest in piece.numbers]
            if here:
                pairs = f"(VALUES {', '.join(str(pair) for pair in here)}) now_(here, file)"
                file = self._beside(sums, str(at), piece.content)
                source = f"{sql.read_parquet([file])} JOIN {pairs} USING (file)"
                rows = sql.select(["here", *(name for name, _ in columns)], source)
                if self._run(f"INSERT INTO {sums.parts} {rows}") is None:
                    return False
        return True

    def _beside(self, sums: Sums, what: str, content: bytes) -> Path:
        """Write what was kept where the engine may read it."""
        file = self.engine.session.folder / f"{sums.name}_{what}.parquet"
        file.write_bytes(content)
        return file

    def _run(self, statement: str) -> list[Row] | None:
        """Run a statement on what was kept; return its rows if that is what we write."""
        import duckdb

        try:
            return self.engine.session.connection.execute(statement).fetchall()
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except duckdb.Error:
            return None

    def _key(self, query: Query) -> str:
        """Return a digest of all that shapes a file's sums, but for the file itself."""
        import duckdb

        statement = query(self._source([Path("part")]))
        about = (str(self.where.found), self.where.name)
        known = "\0".join((_FORMAT, __version__, duckdb.__version__, *about, statement))
        return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()

    def _digests(self) -> list[str]:
        found = self.keeping.digests()
        # A file that went away before it was digested is known to nobody; reading it tells.
        return [found.get(path, "") for path in self.where.files]

    def _source(self, files: Sequence[Path]) -> str:
        return f"({self.scan(files)}) {self.called}"

    def _part(self, i: int, query: Query, *, alone: bool) -> str:
        file = self.where.files[i]
        grouped = query(f"({self.in_pieces(file)}) {self.called}" if alone else self._source([file]))
        return sql.select([f"{i} AS file", "*"], f"({grouped}) part")


def _known(before: Pack, now: Sequence[str]) -> float:
    """Return about how many rows the sums of the files that are known have."""
    here = (before.pieces[before.place[digest]] for digest in now if digest in before.place)
    return sum(piece.rows / len(piece.numbers) for piece in here)
