"""The project of a case: a copy of its base in a folder of its own, changed as the case says."""

import csv
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from hcgov.core.cases import Case, Change, Replacement
from hcgov.core.evidence.source import Tree
from hcgov.io.manifest import FILE as MANIFEST
from hcgov.io.manifest import MOST_BYTES, Manifest, read_limited, read_manifest
from hcgov.io.policies.cases import CaseFile
from hcgov.io.yaml import parse

LEFT_BEHIND = (".hcgov", ".git", "__pycache__", "hcgov.lock")
"""What is no part of a project's content; a lock pins packs, and cases are about one pack alone."""

_ROLES = ("label", "prediction", "score", "person")
_PEOPLE = "n"
_STATED = ("name", "version", "risk_profile", "owner")


class NoProjectError(Exception):
    """The project of a case cannot be made; each reason is a sentence."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(self.reasons))


def project_of(case: Case, file: CaseFile, folder: Path) -> Manifest:
    """Make the project of a case in an empty folder, and read its manifest.

    Raises
    ------
    NoProjectError
        The case changes what is not there, leads out of the folder, or makes a manifest that holds mistakes.
    """
    if file.base is not None:
        ignored = shutil.ignore_patterns(*LEFT_BEHIND)
        shutil.copytree(file.base, folder, dirs_exist_ok=True, symlinks=True, ignore=ignored)
        text = read_limited(folder / MANIFEST, MANIFEST)
        manifest = _mapping(parse(text, MANIFEST, max_bytes=MOST_BYTES).data)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        system: Tree = {"name": "case", "version": "1", "risk_profile": "standard"}
        manifest = {"hcgov": 1, "kind": "Project", "system": system, "policies": ["case"], "artifacts": {}}
    told: list[str] = []
    changes: tuple[Change, ...] = (file.spec, case)
    for change in changes:
        _change_manifest(change, manifest, told)
    _tables(changes, manifest, folder, file, told)
    changed = _files(changes, manifest, folder, told, based=file.base is not None)
    if told:
        raise NoProjectError(told)
    for artifact in _mapping(manifest.get("artifacts")).values():
        if isinstance(artifact, dict) and artifact.get("path") in changed:
            artifact.pop("sha256", None)  # a case is about the content, and not about the pin
    # JSON is YAML, and needs no care for quotes.
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    found, mistakes = read_manifest(folder)
    if found is None or mistakes:
        raise NoProjectError(f"hcgov.yaml of the case: {one.message}" for one in mistakes)
    return found


def _mapping(tree: Tree) -> dict[str, Tree]:
    return tree if isinstance(tree, dict) else {}


def _change_manifest(change: Change, manifest: dict[str, Tree], told: list[str]) -> None:
    for dotted, value in change.manifest.items():
        _set(manifest, dotted, value, told)
    for name, fact in change.facts.items():
        at = f"system.{name}" if name in _STATED else f"system.facts.{name}"
        _set(manifest, at, fact, told, absent_is_fine=True)


def _set(
    tree: dict[str, Tree], dotted: str, value: object, told: list[str], *, absent_is_fine: bool = False
) -> None:
    *above, last = dotted.split(".")
    for key in above:
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            told.append(f"`{dotted}` leads nowhere in the manifest: `{key}` holds no keys")
            return
        tree = below
    if value is not None:
        tree[last] = json.loads(json.dumps(value))  # a copy, as several cases share those of their file
    elif last in tree:
        del tree[last]
    elif not absent_is_fine:
        told.append(f"the manifest has no `{dotted}` to take away")


def _tables(
    changes: Iterable[Change], manifest: dict[str, Tree], folder: Path, file: CaseFile, told: list[str]
) -> None:
    """Write inline tables, and declare what their columns say of themselves."""
    given = {name: text for change in changes for name, text in change.evidence.items()}
    artifacts = _mapping(manifest.setdefault("artifacts", {}))
    groups: list[str] = []
    for name, text in given.items():
        entry = artifacts.setdefault(name, {"kind": "table", "path": f"{name}.csv"})
        if not isinstance(entry, dict) or entry.setdefault("kind", "table") != "table":
            told.append(f"`evidence: {name}` is no table in the manifest")
            continue
        path = entry.setdefault("path", f"{name}.csv")
        if not str(path).endswith(".csv"):
            told.append(f"`evidence: {name}` is text of a CSV file, and the artifact's path is `{path}`")
            continue
        groups += _declare(entry, text)
        entry.pop("sha256", None)
        _write(folder, str(path), text, told)
    if file.base is not None:
        return
    groups += _of_other_cases(artifacts, given, file)
    if groups and "slices" not in manifest:
        manifest["slices"] = {"by": list(dict.fromkeys(groups))}


def _of_other_cases(artifacts: dict[str, Tree], given: Iterable[str], file: CaseFile) -> list[str]:
    """Declare tables that other cases of a file give rows, and this one none; return their groups."""
    others = {name: text for case in file.spec.cases for name, text in case.evidence.items()}
    groups: list[str] = []
    for name, text in others.items():
        entry = artifacts.setdefault(name, {})
        if name not in given and isinstance(entry, dict):
            artifacts[name] = {"kind": "table", "path": f"{name}.csv", **entry}
            groups += _declare(_mapping(artifacts[name]), text)
    return groups


def _declare(entry: dict[str, Tree], text: str) -> list[str]:
    """Add roles and who is counted to a table that does not say; return the columns that are left: groups."""
    header = next(csv.reader(text.splitlines()), [])
    roles = _mapping(entry.setdefault("roles", {}))
    known = {str(column) for column in roles.values() if isinstance(column, str)}
    for role in (role for role in _ROLES if role in header and role not in roles):
        roles[role] = role
        known.add(role)
    if "count" not in entry and "unit" not in entry and "person" not in roles:
        entry |= {"count": {"column": _PEOPLE, "unit": "person"}} if _PEOPLE in header else {"unit": "person"}
    known.add(str(_mapping(entry.get("count")).get("column")))
    for name, outcome in _mapping(entry.get("outcomes")).items():
        known |= {name, str(_mapping(outcome).get("column", name))}
    return [column for column in header if column not in known]


def _files(
    changes: Iterable[Change], manifest: dict[str, Tree], folder: Path, told: list[str], *, based: bool
) -> set[str]:
    """Remove, edit and write files; return the paths that were changed."""
    changed: set[str] = set()
    named = {_mapping(entry).get("path") for entry in _mapping(manifest.get("artifacts")).values()}
    for change in changes:
        for path in change.remove:
            found = _inside(folder, path, told)
            if found is not None and not found.is_file():
                told.append(f"there is no `{path}` to remove")
            elif found is not None:
                found.unlink()
        for path, edits in change.edit.items():
            _edit(folder, path, edits, told)
        for path, content in change.files.items():
            if based and path not in named and not (folder / path).is_file():
                told.append(f"the base holds no `{path}`, and no artifact is there")
            else:
                _write(folder, path, content, told)
        changed |= {*change.remove, *change.edit, *change.files}
    return changed


def _edit(folder: Path, path: str, edits: Iterable[Replacement], told: list[str]) -> None:
    found = _inside(folder, path, told)
    if found is None or not found.is_file():
        told.append(f"there is no `{path}` to edit")
        return
    content = found.read_text(encoding="utf-8")
    for edit in edits:
        if edit.old not in content:
            told.append(f"`{path}` holds no `{edit.old}` to edit")
        content = content.replace(edit.old, edit.new)
    found.write_text(content, encoding="utf-8")


def _write(folder: Path, path: str, content: str, told: list[str]) -> None:
    found = _inside(folder, path, told)
    if found is not None:
        found.parent.mkdir(parents=True, exist_ok=True)
        found.write_text(content, encoding="utf-8")


def _inside(folder: Path, path: str, told: list[str]) -> Path | None:
    """Return a path of the project; none that leads out of it, by its name or by a link."""
    try:
        found = (folder / path).resolve()
        within = found.is_relative_to(folder.resolve()) and found != folder.resolve()
    except (OSError, RuntimeError, ValueError):
        within = False
    if not within:
        told.append(f"`{path}` leads out of the case's project")
        return None
    return found
