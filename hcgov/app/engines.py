"""Where the tables of a run stand, and what whoever runs it says about engines."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.mistake import Mistake, did_you_mean
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.manifest import Manifest
from hcgov.io.tables import Engines

MEMORY = re.compile(r"[1-9][0-9]{0,5}(\.[0-9]{1,6})? ?([KMGT]i?B)", re.IGNORECASE)


def engines_of(manifest: Manifest) -> Engines:
    """Return where tables may stand: connections with this process's environment, frames, and the embedded engine."""
    return Engines(
        connections=manifest.project.connections,
        environ=os.environ,
        frames=manifest.frames,
        memory=manifest.memory,
        counts=counts_folder(os.environ, manifest.root),
        fresh=manifest.fresh,
    )


def counts_folder(environ: Mapping[str, str], root: Path) -> Path | None:
    """Return where this user's checks keep the counts of each file of a table, or ``None`` for none.

    It is the user's own cache and no part of a project: what came with a project must not stand in for counting it.
    Where the folder is named inside the project, or in the repository that it is a part of, nothing is kept or taken.
    """
    folder = _cache(environ)
    if folder is None:
        return None
    project = root.resolve()
    whole = next((above for above in (project, *project.parents) if (above / ".git").exists()), project)
    return None if (folder / "counts").resolve().is_relative_to(whole) else folder / "counts"


def _cache(environ: Mapping[str, str]) -> Path | None:
    if named := environ.get("HCGOV_CACHE"):
        return None if named == os.devnull else Path(named)
    home = Path(environ.get("HOME", ""))
    if sys.platform == "win32":
        base = Path(environ.get("LOCALAPPDATA", ""))
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(environ.get("XDG_CACHE_HOME", ""))
        base = base if base.is_absolute() else home / ".cache"
    return base / "hcgov" if base.is_absolute() else None


def usage_mistakes(manifest: Manifest | None, frames: Mapping[str, object], memory: str) -> list[Mistake]:
    """Return what is wrong with what the caller handed over."""
    return [*_memory_mistakes(memory), *_frame_mistakes(manifest, frames)]


def _memory_mistakes(memory: str) -> Iterator[Mistake]:
    if memory and MEMORY.fullmatch(memory) is None:
        yield Mistake(
            code="HCG-U001",
            message=f"`--memory-limit {memory}` is no size",
            help="write a number with a unit, such as 2GB or 512MB",
        )


def _frame_mistakes(manifest: Manifest | None, frames: Mapping[str, object]) -> Iterator[Mistake]:
    artifacts = {} if manifest is None else manifest.project.artifacts
    tables = [name for name, artifact in artifacts.items() if isinstance(artifact, Table)]
    for name in frames if manifest is not None else ():
        if name not in tables:
            yield Mistake(
                code="HCG-U001",
                message=f"a frame was handed over for `{name}`, which is no table of the manifest",
                help=did_you_mean(name, tables),
            )


def no_digest(name: str) -> Absent:
    """Return the absence of a digest: a table that is read live, or in memory, has no bytes of its own."""
    detail = text(
        "`{artifact}` is read live, so it has no digest that anything could be bound to; name an export of it",
        artifact=name,
    )
    return Absent(reason=Absence.NO_DIGEST, artifact=name, detail=detail)


def is_live(name: str, manifest: Manifest) -> bool:
    """Whether an artifact is a table that is read live or was handed over in memory."""
    artifact = manifest.project.artifacts.get(name)
    return name in manifest.frames or (isinstance(artifact, Table) and artifact.relation is not None)
