"""``hcgov.lock``: which packs, byte for byte, and which controls a project is decided by."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from hcgov.core.artifacts import Sha256
from hcgov.core.mistake import AuthoringError, Mistake, Position
from hcgov.core.policy import Pack, PackSource
from hcgov.io.manifest import MOST_BYTES, read_limited, understood
from hcgov.io.parsed import Parsed, nearest_place
from hcgov.io.yaml import parse

FILE = "hcgov.lock"
_HELP = "read what changed (`hcgov policy diff`), then write the lock anew with `hcgov policy lock`"
_NOTE = "# Written by `hcgov policy lock`: the packs and controls that decide. Read what changed before you renew it."


class LockedPack(BaseModel):
    """A pack as it was when the lock was written."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: str
    version: str
    file: str
    sha256: Sha256


class Lock(BaseModel):
    """The lock of a project."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    hcgov: int = Field(ge=1, le=1)
    kind: str = Field(pattern="^PolicyLock$")
    packs: tuple[LockedPack, ...]
    resolved: Sha256
    controls: tuple[str, ...]


def resolved_digest(packs: Sequence[Pack]) -> str:
    """Return the SHA-256 of everything that the controls of packs say after resolution, in order."""
    content = [
        {
            "pack": pack.home(index),
            "disabled": index < len(pack.history) and pack.history[index].disabled is not None,
            "control": spec.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
        for pack in packs
        for index, spec in enumerate(pack.spec.controls)
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def written_lock(packs: Sequence[Pack]) -> str:
    """Return the text of the lock of these packs."""
    lines = [_NOTE, "hcgov: 1", "kind: PolicyLock", "packs:"]
    for source in _sources(packs):
        lines.append(f"  - id: {_quoted(source.metadata.id)}")
        lines.append(f"    version: {_quoted(source.metadata.version)}")
        lines.append(f"    file: {_quoted(source.file)}")
        lines.append(f"    sha256: {_quoted(source.sha256)}")
    lines += [f"resolved: {_quoted(resolved_digest(packs))}", "controls:"]
    lines += [f"  - {_quoted(spec.id)}" for pack in packs for spec in pack.spec.controls]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text)  # a JSON string is a YAML string


def _sources(packs: Sequence[Pack]) -> list[PackSource]:
    return list({source.sha256: source for pack in packs for source in pack.sources}.values())


def read_lock(root: Path) -> tuple[Lock | None, Parsed | None, list[Mistake]]:
    """Read a project's lock; nothing where there is none.

    Returns
    -------
    The lock, the places of its parts, and every mistake in it.
    """
    path = root / FILE
    if not path.is_symlink() and not path.exists():
        return None, None, []
    try:
        return understood_lock(read_limited(path, FILE))
    except AuthoringError as error:
        return None, None, list(error.mistakes)


def understood_lock(data: bytes, shown: str = FILE) -> tuple[Lock | None, Parsed | None, list[Mistake]]:
    """Read a lock from its bytes, which may come from another place than the project's folder.

    Raises
    ------
    AuthoringError
        It is no text that could be read.
    """
    parsed = parse(data, shown, max_bytes=MOST_BYTES)
    lock, told = understood(Lock, parsed, (), what="the lock")
    return (None if told else lock), parsed, told


def lock_mistakes(lock: Lock, parsed: Parsed, packs: Sequence[Pack]) -> Iterator[Mistake]:
    """Tell where the packs in use are not those that are locked."""
    found = {source.metadata.id: source for source in _sources(packs)}
    locked = {entry.id: number for number, entry in enumerate(lock.packs)}
    before = len(found)
    for id_, number in locked.items():
        entry, source = lock.packs[number], found.get(id_)
        where = nearest_place(parsed.values, ("packs", number, "sha256")) or _top(parsed)
        if source is None:
            yield Mistake(
                code="HCG-P011",
                message=f"the lock pins the pack `{id_}`, which is not in use",
                where=nearest_place(parsed.values, ("packs", number, "id")) or _top(parsed),
                help=_HELP,
            )
        elif source.sha256 != entry.sha256:
            before -= 1
            yield Mistake(
                code="HCG-P010",
                message=f"`{source.file}` is not what the lock pins: {_versions(entry.version, source)}",
                where=where,
                help=_HELP,
            )
    for id_, source in found.items():
        if id_ not in locked:
            yield Mistake(
                code="HCG-P011",
                message=f"the pack `{id_}` ({source.file}) is in use, and the lock does not pin it",
                where=nearest_place(parsed.positions, ("packs",)),
                help=_HELP,
            )
    if before == len(found) == len(locked) and lock.resolved != resolved_digest(packs):
        yield Mistake(
            code="HCG-P012",
            message="the locked packs come to other controls than when they were locked",
            where=nearest_place(parsed.values, ("resolved",)),
            help="another version of hcgov may read them otherwise; " + _HELP,
        )


def _versions(locked: str, source: PackSource) -> str:
    version = source.metadata.version
    if version == locked:
        return f"its bytes changed, and its version is still {version}"
    return f"version {locked} was locked, and it is {version} now"


def _top(parsed: Parsed) -> Position | None:
    return nearest_place(parsed.positions, ())
