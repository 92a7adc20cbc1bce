"""Examine a project and its surroundings; change nothing."""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from hcgov import __version__
from hcgov.app.project import Loaded, load_project
from hcgov.core.evidence.absent import Absent
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError
from hcgov.core.project import Artifact, Table
from hcgov.core.text import text
from hcgov.io.files import digest_path
from hcgov.io.manifest import FILE
from hcgov.io.tracking.probe import probe
from hcgov.io.tracking.protocol import StoreError
from hcgov.io.tracking.uri import choose_store, shown

PACKAGES = (
    "duckdb",
    "mlflow",
    "great-expectations",
    "fairlearn",
    "pydantic",
    "typer",
    "jinja2",
    "numpy",
    "pandas",
    "scipy",
)
MARKS = {"good": "●", "note": "○", "bad": "■"}
PROBE_SECONDS = 3.0


@frozen
class Sign:
    """One thing that was looked at: ``good``, ``note`` (worth knowing) or ``bad``."""

    topic: str
    state: str
    text: str

    @property
    def mark(self) -> str:
        """A mark and the state in a word, never by colour alone."""
        return f"{MARKS[self.state]} {self.state:<4}"

    def as_json(self) -> dict[str, str]:
        """Return the sign as plain values."""
        return asdict(self)


def examine(root: Path, tracking_uri: str = "") -> tuple[Sign, ...]:
    """Look at versions, project, artifacts, tracking store and folders."""
    signs = [
        Sign(topic="hcgov", state="good", text=f"{__version__}, Python {platform.python_version()}"),
        *_packages(),
    ]
    manifest_uri = ""
    if not (root / FILE).exists():
        signs.append(Sign(topic="project", state="note", text=f"no {FILE} in {root}; `hcgov init` makes one"))
    else:
        try:
            loaded = load_project(root)
        except AuthoringError as error:
            signs += [
                Sign(topic="project", state="bad", text=f"{m.where or FILE}: {m.message}")
                for m in error.mistakes
            ]
        else:
            manifest_uri = loaded.manifest.project.tracking.uri
            signs += _project(loaded)
    signs += _store(root, tracking_uri, manifest_uri)
    signs += _folders(root)
    return tuple(signs)


def _packages() -> Iterator[Sign]:
    for name in PACKAGES:
        try:
            yield Sign(topic="package", state="good", text=f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Sign(topic="package", state="bad", text=f"{name} is not installed")


def _project(loaded: Loaded) -> Iterator[Sign]:
    project = loaded.manifest.project
    held = text(
        "{system} {version}: {n} {n|control|controls} of {packs} {packs|pack|packs}",
        system=project.system.name,
        version=project.system.version,
        n=len(loaded.plan.controls),
        packs=len(loaded.packs),
    )
    yield Sign(topic="project", state="good", text=str(held))
    for owner, reason in loaded.registry.broken.items():
        yield Sign(topic="plug-in", state="bad", text=f"`{owner}` could not be imported: {reason}")
    if not project.subject:
        yield Sign(
            topic="subject",
            state="note",
            text="`subject:` does not say what is released; sign-offs cannot be bound",
        )
    for name, artifact in project.artifacts.items():
        if isinstance(artifact, Table) and artifact.connection is not None:
            where = f"`{name}` is read live through `{artifact.connection}`: its content has no digest to pin"
            yield Sign(topic="artifact", state="note", text=where)
        elif artifact.path is not None:
            yield _pin(name, artifact, artifact.path, loaded)
            if isinstance(artifact, Table) and not _tells_people(artifact):
                told = f"`{name}` does not say who is a person; slices will stay undecided"
                yield Sign(topic="artifact", state="note", text=told)


def _pin(name: str, artifact: Artifact, path: str, loaded: Loaded) -> Sign:
    """Say whether a file is there, and is the one that the manifest pins."""
    manifest = loaded.manifest
    found = digest_path(manifest.root, name, artifact.kind, path, allowed_roots=manifest.allowed_roots)
    if isinstance(found, Absent):
        return Sign(topic="artifact", state="bad", text=str(found.detail))
    if artifact.sha256 is None:
        told = f"`{name}` is not pinned; to pin it: `sha256: {found.sha256}`"
        return Sign(topic="artifact", state="note", text=told)
    if artifact.sha256 != found.sha256:
        told = f"`{name}` has another digest than the one pinned: {found.sha256}"
        return Sign(topic="artifact", state="bad", text=told)
    return Sign(topic="artifact", state="good", text=f"`{name}` is as pinned")


def _tells_people(table: Table) -> bool:
    return table.unit != "row" or table.roles.person is not None or table.count is not None


def _store(root: Path, flag: str, manifest: str) -> Iterator[Sign]:
    store = choose_store(root, environ=os.environ, flag=flag, manifest=manifest)
    try:
        probe(store.uri, seconds=PROBE_SECONDS, create=False)
    except StoreError as error:
        state = "note" if store.embedded else "bad"
        yield Sign(topic="tracking", state=state, text=str(error.reason))
    else:
        yield Sign(topic="tracking", state="good", text=f"{shown(store.uri)} answers")


def _folders(root: Path) -> Iterator[Sign]:
    writable = os.access(root, os.W_OK)
    yield Sign(
        topic="folder",
        state="good" if writable else "bad",
        text=f"{root.resolve()} can{'' if writable else 'not'} be written",
    )
    encoding = (sys.stdout.encoding or "").lower()
    if "utf" not in encoding:
        yield Sign(
            topic="terminal",
            state="note",
            text=f"output encoding is {encoding or 'unknown'}; set PYTHONIOENCODING=utf-8",
        )
