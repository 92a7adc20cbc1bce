"""The embedded engine, opened ahead in a thread beside.

Opening an in-memory engine takes some fifteen milliseconds and closing it three, most of them without Python's lock:
about what a scan of a million rows takes. So the next engine is opened while something else is done, and a used one
is closed there too. An engine that stands ready has read nothing; it is closed off from everything but its table's
files by whoever takes it, and no engine is ever used for a second table.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}


_FOR_ALL = (
    # A moment in a time zone is written by the engine's own zone, and so are groups and persons of it.
    "SET TimeZone = 'UTC'",
    "SET enable_progress_bar = false",
    # Files are local: reading whole columns ahead takes up to three times the memory and saves no time.
    "SET disable_parquet_prefetching = true",
    "SET preserve_insertion_order = false",
)


def _open() -> "duckdb.DuckDBPyConnection":
    import duckdb

    connection = duckdb.connect(":memory:", config=_SETTINGS)
    connection.execute("; ".join(_FOR_ALL))
    return connection


class Ahead:
    """At most one engine that stands ready, and the thread that opens and closes engines.

    Safe for threads. Before a process forks, both are given up: threads are not forked, and an engine whose threads
    are gone cannot even be closed.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._ready: Future[duckdb.DuckDBPyConnection] | None = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._give_up, after_in_parent=self._lock.release, after_in_child=self._lock.release
            )

    def _give_up(self) -> None:
        self._lock.acquire()  # let go on either side of the fork
        thread, self._thread, ready, self._ready = self._thread, None, self._ready, None
        if thread is not None:
            if ready is not None:
                thread.submit(lambda: ready.result().close())
            thread.shutdown(wait=True)

    def prepare(self) -> None:
        """Begin to open an engine, if none stands ready."""
        with self._lock:
            if self._ready is None:
                self._ready = self._beside(_open)

    def _beside(self, work: Callable[[], T]) -> "Future[T] | None":
        """Have something done in the thread beside; ``None`` where the interpreter ends and takes nothing more."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hcgov-engines")
        try:
            return self._thread.submit(work)
        except RuntimeError:
            return None

    @contextmanager
    def engine(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        """Hand out an engine, and close it when it is done with; the next one is opened then."""
        self.prepare()
        with self._lock:
            ready, self._ready = self._ready, None
        connection = _open() if ready is None else ready.result()
        try:
            yield connection
        finally:
            with self._lock:
                closing = self._beside(connection.close)
            if closing is None:
                connection.close()
            else:
                self.prepare()


AHEAD = Ahead()
