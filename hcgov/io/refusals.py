"""Why a file is refused, in sentences for people."""

from contextlib import suppress
from pathlib import Path

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.mistake import nearest
from hcgov.core.text import Text, text

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""First bytes of the stand-in that Git LFS leaves where the content was not fetched."""


def no_content(start: bytes, name: str, path: str) -> Absent | None:
    """Refuse a file by its first bytes: none at all, or a Git LFS pointer."""
    if not start:
        return absent(Absence.EMPTY_FILE, name, text("`{path}` is empty (0 bytes)", path=path))
    if start == LFS_POINTER:
        message = text(
            "`{path}` is a Git LFS pointer, not the content; run `git lfs pull` in its repository", path=path
        )
        return absent(Absence.LFS_POINTER, name, message)
    return None


def not_pinned(digest: str, pinned: str | None, name: str, path: str) -> Absent | None:
    """Refuse bytes whose digest is not the pinned one."""
    if pinned is None or digest == pinned:
        return None
    message = text(
        "`{path}` has SHA-256 {found}, but the manifest pins {pinned}; review the file, then pin it anew",
        path=path,
        found=digest,
        pinned=pinned,
    )
    return absent(Absence.WRONG_DIGEST, name, message)


def no_file(root: Path, name: str, path: str) -> Absent:
    """Name the first part of a path that is missing, and what stands there instead."""
    here = root
    for part in Path(path).parts:
        if part == ".." or (here / part).exists():
            here /= part
            continue
        near = None
        with suppress(OSError):  # the hint is a courtesy
            near = nearest(part, (entry.name for entry in here.iterdir())) if here.is_dir() else None
        if near is not None:
            message = text("there is no `{path}`; did you mean `{near}`?", path=path, near=near)
            return absent(Absence.NO_FILE, name, message)
        break
    return absent(Absence.NO_FILE, name, text("there is no `{path}` in the project", path=path))


def is_folder(name: str, path: str) -> Absent:
    """Refuse a folder that stands where a file is asked for."""
    message = text("`{path}` is a folder, but a file is asked for; name the file in it", path=path)
    return absent(Absence.WRONG_KIND, name, message)


def no_regular_file(name: str, path: str) -> Absent:
    """Refuse a device or pipe that stands where a file is asked for."""
    message = text("`{path}` is a device or pipe, not a regular file", path=path)
    return absent(Absence.WRONG_KIND, name, message)


def changed(name: str, path: str) -> Absent:
    """Refuse a file that changed while it was read."""
    message = text("`{path}` changed while it was read; check again when nothing writes to it", path=path)
    return absent(Absence.CHANGED, name, message)


def unreadable(name: str, path: str, error: Exception) -> Absent:
    """Refuse what the operating system could not read."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return absent(Absence.UNREADABLE, name, text("`{path}` cannot be read: {why}", path=path, why=why))


def absent(reason: Absence, name: str, detail: Text) -> Absent:
    """Build the absence of an artifact."""
    return Absent(reason=reason, artifact=name, detail=detail)
