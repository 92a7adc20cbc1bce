"""The embedded engine: one in-memory connection a table, closed to everything but the table's files and frames.

Messages of the engine quote rows; none of them reaches a person. What went wrong is told anew, with the
number of the line at most.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from hcgov.core.artifacts import CsvDialect
from hcgov.core.evidence.absent import Absence
from hcgov.core.frozen import frozen
from hcgov.core.text import Text, text
from hcgov.io.tables import sql
from hcgov.io.tables.ahead import AHEAD
from hcgov.io.tables.jsonlines import broken_line
from hcgov.io.tables.layout import reading, wrong_encoding
from hcgov.io.tables.place import Named, Place
from hcgov.io.tables.unread import UnreadError, unread

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

T = TypeVar("T")
Row: TypeAlias = tuple[str | int | None, ...]

_LINE = re.compile(r"CSV Error on Line: (\d+)")
_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


class Engine(Protocol):
    """What runs the statements on one table, whichever engine it is.

    Statements are written once, in the dialect of the embedded engine. Each method raises
    :class:`~hcgov.io.tables.unread.UnreadError` where the table does not hold what it promises or its engine does
    not answer; what an engine says itself reaches nobody, for it may quote rows.
    """

    def read(self, statement: str) -> list[Row]:
        """Run a query and return its rows."""

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query under a name, for later statements on the same table."""

    def frame(self, statement: str) -> "pd.DataFrame":
        """Run a query and return its rows as a data frame."""

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        """Run a query and yield its rows in batches of at most ``size``, in bounded memory."""


@frozen
class Session:
    """An open connection, a folder for what has to be written beside the table, and the thread that runs statements."""

    connection: "duckdb.DuckDBPyConnection"
    folder: Path
    beside: ThreadPoolExecutor

    def read(self, where: Named, dialect: CsvDialect, statement: str, *, before: int = 0) -> list[Row]:
        """Run a statement that reads a table's files.

        Parameters
        ----------
        where, dialect
            The table, for messages.
        statement
            SQL.
        before
            Lines of the file that the engine does not see, for line numbers.

        Raises
        ------
        UnreadError
            The files do not hold what their format promises.
        """
        with engine_errors(where, dialect, before):
            return self.interruptible(lambda: self.connection.execute(statement).fetchall())

    def interruptible(self, work: Callable[[], T]) -> T:
        """Do work of the engine in the thread beside, so that Ctrl-C is heard at once.

        In the thread that called it the engine looks at signals between pieces of work only, and a piece may take
        minutes.
        """
        import duckdb

        found = self.beside.submit(work)
        try:
            return found.result()
        except BaseException:
            if not found.done():  # it was not the statement that failed
                self.connection.interrupt()
                with suppress(duckdb.Error, RuntimeError):
                    found.result()
            raise


@frozen
class Embedded:
    """The embedded engine as one table sees it.

    Parameters
    ----------
    session
        The open connection, which tables that are compared share.
    where, dialect
        The table, for messages.
    before
        Lines of a CSV file that the engine does not see.
    """

    session: Session
    where: Named
    dialect: CsvDialect
    before: int = 0

    def read(self, statement: str) -> list[Row]:
        """Run a query and return its rows."""
        return self.session.read(self.where, self.dialect, statement, before=self.before)

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query under a name."""
        self.read(sql.kept(name, query))

    def frame(self, statement: str) -> "pd.DataFrame":
        """Run a query and return its rows as a data frame."""
        with engine_errors(self.where, self.dialect, self.before):
            return self.session.connection.execute(statement).df()

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        """Run a query and yield its rows in batches of at most ``size``, in bounded memory."""
        import pyarrow as pa

        with engine_errors(self.where, self.dialect, self.before):
            # A relation streams its rows; what `execute` returns would hold them all.
            rows = self.session.connection.sql(statement)
            read = rows.to_arrow_reader if hasattr(rows, "to_arrow_reader") else rows.fetch_record_batch
            try:
                yield from read(size) or ()
            except (pa.ArrowException, OSError) as error:
                # Damage that shows only in the middle, in the engine's words, which may quote rows.
                raise _explained(self.where, self.dialect, str(error), self.before) from None


@contextmanager
def session(files: Sequence[Path], *, ordered: bool = False, memory: str = "") -> Iterator[Session]:
    """Open an in-memory engine that can read the given files and its own temporary folder, nothing else.

    Parameters
    ----------
    ordered
        Rows keep the order of the file, which costs memory.
    memory
        Most memory that the engine takes, such as ``2GB``; what does not fit is written to its temporary folder.
        The engine's own default, most of the machine's, if empty.
    """
    with tempfile.TemporaryDirectory(prefix="hcgov-") as made:
        folder = Path(made).resolve()
        allowed = ", ".join(sql.literal(path) for file in files for path in {str(file), sql.glob(file)})
        closed = (
            f"SET temp_directory = {sql.literal(str(folder))}",
            *(("SET preserve_insertion_order = true",) if ordered else ()),
            *((f"SET memory_limit = {sql.literal(memory)}",) if memory else ()),
            f"SET allowed_paths = [{allowed}]",
            f"SET allowed_directories = [{sql.literal(str(folder))}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        )
        with AHEAD.engine() as connection:
            connection.execute("; ".join(closed))
            beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hcgov-statements")
            try:
                yield Session(connection=connection, folder=folder, beside=beside)
            finally:
                beside.shutdown(wait=False)
                if _in_use(folder):
                    connection.close()  # the engine's own files go before their folder does


def _in_use(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:  # somebody has swept it away: nothing is known of what was in it
        return True


@contextmanager
def engine_errors(where: Named, dialect: CsvDialect, before: int = 0) -> Iterator[None]:
    """Turn the engine's errors about data into :class:`UnreadError`; errors in our own SQL stay errors.

    Raises
    ------
    KeyboardInterrupt
        A person stopped the run: the engine takes the signal for itself and tells it as an error of its own.
    """
    import duckdb

    our_own = (
        duckdb.ParserException,
        duckdb.SyntaxException,
        duckdb.BinderException,
        duckdb.CatalogException,
    )
    try:
        yield
    except duckdb.Error as error:
        # A damaged file may raise any other kind, down to the bare base class.
        if isinstance(error, duckdb.InterruptException):
            raise KeyboardInterrupt from None
        if isinstance(error, our_own):
            raise
        if isinstance(error, duckdb.OutOfMemoryException):
            detail = text("`{path}` does not fit into memory and temporary space", path=where.path)
            found = unread(Absence.TOO_LARGE, where.name, detail)
        else:
            found = _explained(where, dialect, str(error), before)
        # `from None`: the engine's message may quote a row about a person.
        raise found from None
    except RuntimeError as error:
        if "interrupted" not in str(error):
            raise
        raise KeyboardInterrupt from None


def _explained(where: Named, dialect: CsvDialect, message: str, before: int) -> UnreadError:
    """Return what is wrong with a table, by what the engine says, of which no more than a line's number is shown."""
    if isinstance(where, Place):
        return _EXPLAIN[where.format](where, dialect, message, before)
    return unread(
        Absence.UNREADABLE, where.name, text("the rows of `{path}` cannot be read", path=where.path)
    )


def _csv(where: Place, dialect: CsvDialect, message: str, before: int) -> UnreadError:
    if "unicode" in message and (bad := _misread(where, dialect)) is not None:
        return bad
    found = _LINE.search(message)
    if found is None:
        detail = text(
            "`{path}` is not CSV as its dialect says; are line ends, quotes and delimiter the same "
            "throughout?",
            path=where.path,
        )
        return unread(Absence.UNREADABLE, where.name, detail)
    return unread(Absence.UNREADABLE, where.name, _csv_line(where, message, int(found[1]) + before))


def _csv_line(where: Place, message: str, line: int) -> Text:
    width = _WIDTH.search(message)
    if width is not None:
        return text(
            "line {line} of `{path}` has {found} {found|field|fields} where {expected} {expected|is|are} expected",
            line=line,
            path=where.path,
            found=width[2],
            expected=width[1],
        )
    if "quote" in message:
        return text(
            "line {line} of `{path}` has a quote that is not closed rightly", line=line, path=where.path
        )
    return text("line {line} of `{path}` cannot be read as CSV", line=line, path=where.path)


def _jsonl(where: Place, dialect: CsvDialect, message: str, before: int) -> UnreadError:
    if (bad := _misread(where, dialect)) is not None:
        return bad
    with reading(where, dialect):
        return broken_line(where)


def _parquet(where: Place, dialect: CsvDialect, message: str, before: int) -> UnreadError:
    # The engine names the file, which in a folder is the news; nothing else of its message is used.
    file = next((file for file in where.files if str(file) in message), where.found)
    detail = text(
        "`{path}` is damaged, cut off or not Parquet; write it again from its source", path=where.shown(file)
    )
    return unread(Absence.UNREADABLE, where.name, detail)


def _misread(where: Place, dialect: CsvDialect) -> UnreadError | None:
    with reading(where, dialect):
        return wrong_encoding(where, dialect)


_EXPLAIN: dict[str, Callable[[Place, CsvDialect, str, int], UnreadError]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
