"""Counts of earlier checks on disk, outside every project: found by what was counted, named by their content."""

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hcgov.core.frozen import frozen
from hcgov.io.files import read_regular

MOST_BYTES = 200_000_000
"""Bytes that are kept, and that one entry may have; what was used longest ago goes first."""
MOST_ENTRIES = 500

_ENTRY = re.compile(r"[0-9a-f]{64}-[0-9a-f]{64}\.(counts|parquet)")
"""Parquet is what earlier versions wrote: it goes with time."""
_UNFINISHED = re.compile(r"\.hcgov-[0-9a-f]{16}\.tmp")
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


@frozen
class Earlier:
    """A folder of counts that earlier checks of this user have made.

    Nothing in it is needed: what is missing, damaged, not ours or cannot be read is counted again, and what cannot
    be written is not kept.
    """

    folder: Path

    def read(self, key: str) -> bytes | None:
        """Return what was kept under a key, or ``None``; its bytes are those that its name promises."""
        try:
            if not _is_ours(self.folder):
                return None
            found = [entry for entry in self._entries() if entry.name.startswith(f"{key}-")]
            for entry in found:
                content = read_regular(entry, MOST_BYTES)
                if entry.name == _name(key, content):
                    with suppress(OSError):
                        os.utime(entry)  # used last: goes last
                    return content
        except OSError:
            pass
        return None

    def write(self, key: str, content: bytes) -> None:
        """Keep something under a key, in place of what was there, whole or not at all."""
        if len(content) > MOST_BYTES:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not _is_ours(self.folder):
                return
            new = self.folder / _name(key, content)
            _write(new, content)
            self._sweep(key, new)

    def _sweep(self, key: str, new: Path) -> None:
        """Remove what was replaced, and what was used longest ago where there is too much."""
        total = number = 0
        for entry in self._entries():
            total, number = total + entry.stat().st_size, number + 1
            replaced = entry != new and entry.name.startswith(f"{key}-")
            if replaced or total > MOST_BYTES or number > MOST_ENTRIES:
                entry.unlink(missing_ok=True)

    def _entries(self) -> list[Path]:
        """Return our own files, those used last first; nothing else in the folder is read or removed."""
        return sorted(self._own(), key=lambda entry: entry.lstat().st_mtime_ns, reverse=True)

    def _own(self) -> Iterator[Path]:
        for entry in self.folder.iterdir():
            if _ENTRY.fullmatch(entry.name) or _UNFINISHED.fullmatch(entry.name):
                yield entry


def _name(key: str, content: bytes) -> str:
    return f"{key}-{hashlib.sha256(content).hexdigest()}.counts"


def _write(new: Path, content: bytes) -> None:
    """Write a file and then give it its name; not to disk at once, for what a crash tears is noticed by the name."""
    beside = new.with_name(f".hcgov-{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(content)
        beside.replace(new)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _is_ours(folder: Path) -> bool:
    """Whether nobody but this user can have written here, as far as the system tells."""
    if not hasattr(os, "geteuid"):
        return folder.is_dir()
    state = folder.stat()
    mine = state.st_uid == os.geteuid()
    return stat.S_ISDIR(state.st_mode) and mine and not state.st_mode & _OTHERS_MAY_WRITE
