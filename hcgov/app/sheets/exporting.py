"""Write training files from judgments, with a manifest that says what became of every judgment."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.longs import Asked, read
from hcgov.app.sheets.leading import sheet_of
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.sheet import Sheet
from hcgov.core.text import text

if TYPE_CHECKING:
    from hcgov.stages.judgments.recipes import Recipe

BATCH = 10_000


@frozen
class Exported:
    """What was written, and the sheet that tells of it."""

    sheet: Sheet
    written: tuple[Path, ...]


def export_preferences(
    asked: Asked, recipe: "Recipe", folder: Path, *, date: str, parquet: bool = True
) -> Exported:
    """Write the files of an export into a folder that is new or empty.

    Parameters
    ----------
    recipe
        How judgments become rows.
    folder
        Where; its files are ``preference-train.jsonl`` and so on, the same as Parquet, ``manifest.json`` and
        ``README.md``.
    parquet
        Whether the Parquet files are written too.

    Raises
    ------
    AuthoringError
        The judgments cannot be read, the folder is not empty or cannot be written, or nothing can be exported.
    """
    from hcgov.stages.judgments.export_files import digest_of, files, lines
    from hcgov.stages.judgments.export_manifest import data_card, manifest
    from hcgov.stages.judgments.exports import export, weights_of
    from hcgov.stages.judgments.sheets.export import sections as export_sections

    long = read(asked, LongKind.PREFERENCES, needs=("response_a", "response_b"))
    for column in (recipe.contested_by, recipe.balance, recipe.group):
        if column and column not in long.groups:
            raise _mistake(f"there is no column `{column}` that describes people", "name it with `--by` too")
    try:
        weights = weights_of(long)
    except ValueError as error:
        raise _mistake(str(error), "mend the column `weight`, or leave it out") from error
    found = export(long, recipe, weights=weights)
    if found.refused is not None:
        raise _mistake(str(found.refused[1]), "")
    written: list[Path] = []
    digests: dict[str, tuple[str, int]] = {}
    try:
        _empty(folder)
        for name, rows in files(found).items():
            kept = list(rows)
            if not kept:
                continue
            at = folder / f"{name}.jsonl"
            at.write_bytes(b"".join(lines(kept)))
            digests[at.name] = digest_of(lines(kept))
            written.append(at)
            if parquet:
                beside = folder / f"{name}.parquet"
                write_parquet(beside, kept)
                digests[beside.name] = (_sha256(beside), len(kept))
                written.append(beside)
        written += _told(folder, manifest(found, digests), data_card(found, digests))
    except OSError as error:
        raise _mistake(
            f"cannot write to `{folder}`: {error.strerror or error}", "choose another folder"
        ) from error
    title = text("Training files from {table}", table=asked.artifact or asked.target.name)
    sheet = sheet_of("preference-export", title, long, export_sections(found, digests), date)
    return Exported(sheet=sheet, written=tuple(written))


def write_parquet(path: Path, rows: Iterable[dict[str, object]]) -> None:
    """Write rows as Parquet; columns are those of all rows, and what a row does not say is null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kept = list(rows)
    columns = list(dict.fromkeys(name for row in kept for name in row))
    whole = pa.table({name: [row.get(name) for row in kept] for name in columns})
    pq.write_table(whole, path, row_group_size=BATCH)


def _told(folder: Path, manifest: dict[str, Tree], card: str) -> Iterator[Path]:
    at = folder / "manifest.json"
    at.write_text(
        json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
    )
    yield at
    readme = folder / "README.md"
    readme.write_text(card, encoding="utf-8")
    yield readme


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise _mistake(f"`{folder}` is not empty", "name a new folder; nothing is overwritten")


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _mistake(message: str, help_: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help=help_)])
