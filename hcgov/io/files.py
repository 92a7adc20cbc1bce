"""Files of a project: read once, digested from the same bytes, never outside the project, written whole."""

import errno
import hashlib
import os
import posixpath
import secrets
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io import refusals

_CHUNK = 1 << 20
_MOST_READERS = 4


@frozen
class Blob:
    """The bytes of one file; ``source.sha256`` is the digest of exactly these bytes."""

    data: bytes
    source: Source


def locate(root: Path, name: str, path: str, *, allowed_roots: tuple[Path, ...] = ()) -> Path | Absent:
    """Return where a path of the manifest leads, symbolic links resolved.

    Parameters
    ----------
    root
        Folder of the project.
    name
        Artifact, for messages.
    path
        As written in the manifest, relative to ``root``.
    allowed_roots
        Folders outside the project that the user allowed.
    """
    if not path.strip() or "\0" in path:
        return refusals.absent(Absence.NO_FILE, name, text("`{artifact}` has no usable path", artifact=name))
    try:
        found = (root / path).resolve()
        inside = any(found.is_relative_to(allowed.resolve()) for allowed in (root, *allowed_roots))
        there = inside and found.exists()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        return refusals.unreadable(name, path, error)
    if not inside:
        message = text(
            "`{path}` leads outside the project; copy it there, or allow its folder",
            path=path,
        )
        return refusals.absent(Absence.OUTSIDE_PROJECT, name, message)
    return found if there else refusals.no_file(root, name, path)


def read_blob(
    root: Path,
    name: str,
    kind: str,
    path: str,
    *,
    pinned: str | None = None,
    max_bytes: int = 16 << 20,
    allowed_roots: tuple[Path, ...] = (),
) -> Blob | Absent:
    """Read a file once and digest the same bytes.

    Parameters
    ----------
    root, name, kind, path
        Folder of the project; artifact, its kind and its path as the manifest names them.
    pinned
        SHA-256 (lower-case hex) that the bytes must have; ``None`` accepts any.
    max_bytes
        Largest file that is read.
    allowed_roots
        Folders outside the project that the user allowed.

    Returns
    -------
    Blob or Absent
        ``Absent`` where the file is outside, missing, no regular file, empty, too large, a Git LFS pointer,
        not readable, changed while it was read, or not the pinned one.
    """
    found = locate(root, name, path, allowed_roots=allowed_roots)
    if isinstance(found, Absent):
        return found
    try:
        data = _bytes_of(found, name, path, max_bytes)
    except OSError as error:
        return refusals.unreadable(name, path, error)
    if isinstance(data, Absent):
        return data
    if (refused := refusals.no_content(data[: len(refusals.LFS_POINTER)], name, path)) is not None:
        return refused
    digest = hashlib.sha256(data).hexdigest()
    if (refused := refusals.not_pinned(digest, pinned, name, path)) is not None:
        return refused
    return Blob(data=data, source=_source(root, name, kind, path, digest=digest, size=len(data)))


def digest_path(
    root: Path,
    name: str,
    kind: str,
    path: str,
    *,
    pinned: str | None = None,
    allowed_roots: tuple[Path, ...] = (),
    told: Callable[[Path, str], None] | None = None,
) -> Source | Absent:
    r"""Digest a file or folder of any size, in a stream.

    A folder's digest is the SHA-256 of its sorted lines ``<sha256>  <relative path>``, one a file, so that
    ``find . -type f -printf '%P\0' | xargs -0 sha256sum | LC_ALL=C sort | sha256sum`` gives the same. Each of its
    files is also ``told`` to whoever wants to know.
    """
    found = locate(root, name, path, allowed_roots=allowed_roots)
    if isinstance(found, Absent):
        return found
    try:
        folder = found.is_dir()
        roots = tuple(allowed.resolve() for allowed in (root, *allowed_roots))
        digested = (
            _digest_folder(found, name, path, roots, told) if folder else _digest_file(found, name, path)
        )
    except OSError as error:
        return refusals.unreadable(name, path, error)
    if isinstance(digested, Absent):
        return digested
    digest, size = digested
    refused = refusals.not_pinned(digest, pinned, name, path)
    return refused if refused is not None else _source(root, name, kind, path, digest=digest, size=size)


def read_regular(path: Path, most: int) -> bytes:
    """Read the first ``most`` bytes of a regular file.

    Raises
    ------
    OSError
        It cannot be read, or is a folder, pipe or device: reading those may never end.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder, but a file is asked for")
    with os.fdopen(_open(path), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is a device or pipe, not a regular file")
        return file.read(most)


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all: beside the target under a unique name, to disk, then renamed.

    Text is written as UTF-8 with its line ends unchanged. Missing folders are made. A target that is no
    regular file, such as a pipe, is written directly.

    Raises
    ------
    OSError
        The file could not be written; what was there before is still there.
    """
    content = data.encode() if isinstance(data, str) else data
    target = path.resolve()
    if target.exists() and not target.is_file() and not target.is_dir():
        target.write_bytes(content)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.parent / f".hcgov-{secrets.token_hex(8)}.tmp"
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # some file systems cannot flush a folder; the rename itself has happened
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _open(found: Path) -> int:
    # Without O_NONBLOCK, opening a named pipe that nobody writes to waits for ever.
    return os.open(found, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def _bytes_of(found: Path, name: str, path: str, max_bytes: int) -> bytes | Absent:
    if found.is_dir():
        return refusals.is_folder(name, path)
    with os.fdopen(_open(found), "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            return refusals.no_regular_file(name, path)
        if before.st_size > max_bytes:
            message = text(
                "`{path}` has {size} bytes; at most {most} are read for this kind of artifact",
                path=path,
                size=f"{before.st_size:,}",
                most=f"{max_bytes:,}",
            )
            return refusals.absent(Absence.TOO_LARGE, name, message)
        data = file.read(max_bytes + 1)
    return data if len(data) == before.st_size else refusals.changed(name, path)


def _digest_file(found: Path, name: str, path: str) -> tuple[str, int] | Absent:
    digest = hashlib.sha256()
    size = 0
    with os.fdopen(_open(found), "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            return refusals.no_regular_file(name, path)
        chunk = file.read(_CHUNK)
        if (refused := refusals.no_content(chunk[: len(refusals.LFS_POINTER)], name, path)) is not None:
            return refused
        while chunk:
            digest.update(chunk)
            size += len(chunk)
            chunk = file.read(_CHUNK)
        after = os.fstat(file.fileno())
    if size != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        return refusals.changed(name, path)
    return digest.hexdigest(), size


def _digest_folder(
    found: Path,
    name: str,
    path: str,
    roots: tuple[Path, ...],
    told: Callable[[Path, str], None] | None,
) -> tuple[str, int] | Absent:
    entries = _regular_entries(found, name, path, roots)
    if isinstance(entries, Absent):
        return entries
    lines: list[bytes] = []
    total = 0
    shown = [entry.relative_to(found).as_posix() for entry in entries]
    # hashlib lets go of the interpreter's lock.
    readers = ThreadPoolExecutor(max_workers=min(_MOST_READERS, os.cpu_count() or 1))
    try:
        all_digested = readers.map(lambda e, s: _digest_file(e, name, f"{path}/{s}"), entries, shown)
        for entry, relative, digested in zip(entries, shown, all_digested, strict=True):
            if isinstance(digested, Absent) and digested.reason is not Absence.EMPTY_FILE:
                return digested
            digest, size = (hashlib.sha256().hexdigest(), 0) if isinstance(digested, Absent) else digested
            if told is not None:
                told(entry, digest)
            lines.append(f"{digest}  ".encode() + os.fsencode(relative) + b"\n")
            total += size
    finally:
        readers.shutdown(cancel_futures=True)
    if not lines:
        message = text("folder `{path}` holds no file", path=path)
        return refusals.absent(Absence.EMPTY_FILE, name, message)
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest(), total


def _regular_entries(found: Path, name: str, path: str, roots: tuple[Path, ...]) -> list[Path] | Absent:
    entries: list[Path] = []
    for folder, folders, files in os.walk(found, onerror=_raise):
        here = Path(folder)
        for entry in (*folders, *files):
            relative = (here / entry).relative_to(found).as_posix()
            if (refused := _odd_entry(here / entry, name, f"{path}/{relative}", roots)) is not None:
                return refused
        entries += [here / entry for entry in files]
    return entries


def _raise(error: OSError) -> None:
    raise error  # os.walk would leave out a folder that it cannot list


def _odd_entry(entry: Path, name: str, path: str, roots: tuple[Path, ...]) -> Absent | None:
    """Refuse what would make a folder's digest ambiguous or lead it elsewhere."""
    if "\n" in entry.name:
        message = text("a file in `{path}` has a line break in its name", path=posixpath.dirname(path))
        return refusals.absent(Absence.UNREADABLE, name, message)
    if not entry.is_symlink():
        return None
    target = entry.resolve()
    if not any(target.is_relative_to(root) for root in roots):
        message = text("`{path}` is a symbolic link that leads outside the project", path=path)
        return refusals.absent(Absence.OUTSIDE_PROJECT, name, message)
    if target.is_dir():
        message = text("`{path}` is a symbolic link to a folder; put the folder itself there", path=path)
        return refusals.absent(Absence.UNREADABLE, name, message)
    return None


def _source(root: Path, name: str, kind: str, path: str, /, *, digest: str, size: int) -> Source:
    location = posixpath.normpath(path.replace(os.sep, "/"))
    if Path(path).is_absolute():
        with suppress(ValueError):  # under an allowed root: there is no relative path, and the path was given
            location = Path(path).resolve().relative_to(root.resolve()).as_posix()
    return Source(artifact=name, kind=kind, location=location, sha256=digest, size=size)
