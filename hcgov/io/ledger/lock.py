"""One writer at a time. The lock is the system's own, so that it goes with the process that held it."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hcgov.io.ledger.disk import open_file

_BUSY = (errno.EAGAIN, errno.EACCES)
_PAUSE = 0.005


@contextmanager
def locked(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock of a file, which stays where it is: to remove it would let two writers in.

    Parameters
    ----------
    seconds
        Longest wait.

    Raises
    ------
    TimeoutError
        Another process held it all the while.
    OSError
        The file cannot be opened, or its file system knows no locks.
    """
    try:
        import fcntl
    except ImportError:
        with _elsewhere(path, seconds=seconds):
            yield
        return
    file = open_file(path, os.O_RDWR | os.O_CREAT)
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in _BUSY:
                    raise
                if time.monotonic() >= until:
                    raise TimeoutError(
                        errno.ETIMEDOUT, f"another process has been writing for {seconds:g} seconds"
                    ) from error
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(file)


@contextmanager
def _elsewhere(path: Path, *, seconds: float) -> Iterator[None]:
    """Lock on systems without ``flock``, by a library that knows them."""
    import filelock

    try:
        with filelock.FileLock(path, timeout=seconds):
            yield
    except filelock.Timeout as error:
        raise TimeoutError(
            errno.ETIMEDOUT, f"another process has been writing for {seconds:g} seconds"
        ) from error
