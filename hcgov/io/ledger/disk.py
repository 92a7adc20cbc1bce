"""What reaches the disk, and in which order: single system calls, each of which may be the last one."""

import errno
import os
from pathlib import Path

_CANNOT_FLUSH = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What file systems answer that cannot flush a folder."""


def open_file(path: Path, flags: int, mode: int = 0o666) -> int:
    """Open a file that is no symbolic link.

    Raises
    ------
    OSError
        It cannot be opened, or is a link: a project that somebody sent must not lead writes elsewhere.
    """
    safe = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | safe, mode)


def append_to(path: Path, data: bytes, *, mode: int = 0o666, end: int | None = None) -> None:
    """Append to a file and wait until it is on disk.

    Parameters
    ----------
    end
        Where the file has to end before; what is written is taken back to there if it cannot be written whole.

    Raises
    ------
    OSError
        It could not be written.
    """
    file = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode)
    try:
        try:
            _write_all(file, data)
            os.fsync(file)
        except OSError:
            if end is not None:
                os.ftruncate(file, end)
            raise
    finally:
        os.close(file)


def cut(path: Path, end: int) -> None:
    """Cut a file off and wait until that is on disk."""
    file = open_file(path, os.O_WRONLY)
    try:
        os.ftruncate(file, end)
        os.fsync(file)
    finally:
        os.close(file)


def replace_with(path: Path, data: bytes) -> None:
    """Put other content in place of a file at once: beside it, to disk, renamed, folder to disk.

    The name beside is always the same, so that what a killed writer left is written over by the next.
    """
    beside = path.with_name(f"{path.name}.new")
    file = open_file(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        _write_all(file, data)
        os.fsync(file)
    finally:
        os.close(file)
    os.replace(beside, path)  # noqa: PTH105 - one system call, by its name
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise
    finally:
        os.close(file)


def _write_all(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]
