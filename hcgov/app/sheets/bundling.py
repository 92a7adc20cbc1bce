"""Write a bundle for researchers: tables in which no cell tells of few people, in one archive."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.longs import Asked, read
from hcgov.core.long_tables import LongKind
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import write_atomically

if TYPE_CHECKING:
    from hcgov.stages.judgments.bundles import Bundle

WRITTEN = (1980, 1, 1, 0, 0, 0)
"""Moment of every file in the archive: equal tables give equal bytes."""


def write_bundle(
    asked: Asked, path: Path, *, k: int, before: Path | None = None, memory: Path | None = None
) -> tuple[int, int]:
    """Write a bundle; return how many tables it has, and how many cells are not shown.

    Parameters
    ----------
    before
        Memory of the bundle that was published before: cells that differ little from it are hidden, too.
    memory
        Where to write the memory of this one. It holds small counts, and is not to be published.

    Raises
    ------
    AuthoringError
        The judgments cannot be read, say too little, or the file cannot be written.
    """
    from hcgov.stages.judgments.bundle_memory import memory_of
    from hcgov.stages.judgments.bundles import bundle_of
    from hcgov.stages.judgments.choices import NoChoices

    long = read(asked, LongKind.PREFERENCES, needs=("annotator",), texts=False)
    try:
        previous = None if before is None else _remembered(before)
        made = bundle_of(long, k=k, previous=previous)
    except ValueError as error:
        raise _mistake(str(error)) from error
    if isinstance(made, NoChoices):
        raise _mistake(str(made.note))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in made.tables:
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(table.head)
            writer.writerows(table.rows)
            _add(archive, f"{table.name}.csv", text.getvalue())
        _add(archive, "note.json", json.dumps(made.note, ensure_ascii=False, indent=2) + "\n")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, held.getvalue())
        if memory is not None:
            memory.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(memory, json.dumps(memory_of(made), ensure_ascii=False, allow_nan=False) + "\n")
    except OSError as error:
        raise _mistake(f"cannot write `{path}`: {error.strerror or error}") from error
    return len(made.tables), sum(table.suppressed for table in made.tables)


def _remembered(path: Path) -> "Bundle":
    """Return what is known of the bundle before; without it the difference of the two could tell of few people."""
    from hcgov.stages.judgments.bundle_memory import remembered

    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _mistake(f"cannot read `{path}`: {error.strerror or error}") from error
    except ValueError as error:
        raise _mistake(f"`{path}` is no memory of a bundle") from error
    try:
        return remembered(told)
    except ValueError as error:  # the counts in it stand in no message
        raise _mistake(f"`{path}` is no memory of a bundle") from error


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, date_time=WRITTEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o444 << 16  # nobody is meant to change it
    archive.writestr(entry, text)


def _mistake(message: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help="")])
