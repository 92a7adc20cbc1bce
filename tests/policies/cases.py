"""Cases of a policy pack: small changes to an example project, and what one control must then say.

A case file is YAML::

    hcgov: 1
    kind: PolicyCases
    pack: hc-core                # the pack whose controls are meant
    base: support-copilot        # the example that cases start from
    manifest: {}                 # changes of its manifest that every case of the file begins with
    cases:
      - control: HC-DAT-02
        name: maintenance is left out
        files: {path: content}   # files that are written anew
        edit: {path: {old: new}} # text that is replaced; it must be there
        remove: [path]           # files that are deleted; they must be there
        manifest: {dotted.path: value}   # parts of the manifest that are set; null removes a part
        expect: fail             # pass, fail, inconclusive, missing, pending or error
        says: no section         # a part of what must be said, if given

A file that a case changes loses its pin (``sha256``), as the case is about its content and not about the pin.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from ruamel.yaml import YAML

from hcgov.app.check import Asked, run_check
from hcgov.core.record import ControlV1
from hcgov.io.data import data_path

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
UNDECIDED = frozenset({"inconclusive", "missing", "pending", "error"})


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Case(_Spec):
    """One case of one control."""

    control: str
    name: str = Field(min_length=3)
    files: dict[str, str] = {}
    edit: dict[str, dict[str, str]] = {}
    remove: tuple[str, ...] = ()
    manifest: dict[str, JsonValue] = {}
    expect: Literal["pass", "fail", "inconclusive", "missing", "pending", "error"]
    says: str = ""

    def __str__(self) -> str:
        return f"{self.control} {self.name}"


class PolicyCases(_Spec):
    """A file of cases."""

    hcgov: Literal[1]
    kind: Literal["PolicyCases"]
    pack: str
    base: str
    manifest: dict[str, JsonValue] = {}
    cases: tuple[Case, ...] = Field(min_length=1)


def load_cases(folder: Path) -> tuple[PolicyCases, ...]:
    """Read every case file of a folder.

    Raises
    ------
    ValueError
        There is none, or two cases of a control have the same name.
    """
    read = YAML(typ="safe", pure=True).load
    loaded = tuple(PolicyCases.model_validate(read(path)) for path in sorted(folder.glob("*.cases.yaml")))
    names = Counter(str(case) for file in loaded for case in file.cases)
    twice = [name for name, times in names.items() if times > 1]
    if not loaded or twice:
        raise ValueError(f"two cases have the same name: {twice}" if twice else f"no cases in {folder}")
    return loaded


def gaps(cases: Iterable[Case], controls: Iterable[str]) -> list[str]:
    """Say which controls lack a passing, a failing or a cannot-tell case, and which cases are about no control."""
    expected: dict[str, set[str]] = {control: set() for control in controls}
    told = []
    for case in cases:
        if case.control in expected:
            expected[case.control].add(case.expect)
        else:
            told.append(f"{case}: there is no such control")
    for control, kinds in expected.items():
        told += [f"{control}: no case expects `{kind}`" for kind in ("pass", "fail") if kind not in kinds]
        told += [] if kinds & UNDECIDED else [f"{control}: no case in which it cannot be told"]
    return told


def run_case(case: Case, file: PolicyCases, folder: Path) -> ControlV1:
    """Build the project of a case in an empty folder and return what its control says.

    Raises
    ------
    ValueError
        The case changes what is not there.
    """
    shutil.copytree(
        data_path("examples", file.base),
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns(".hcgov", "__pycache__"),
    )
    _change_files(case, folder)
    manifest = YAML(typ="safe", pure=True).load(folder / "hcgov.yaml")
    for path, value in (*file.manifest.items(), *case.manifest.items()):
        _set(manifest, path.split("."), value)
    changed = {*case.files, *case.edit, *case.remove}
    for artifact in manifest["artifacts"].values():
        if artifact.get("path") in changed:
            artifact.pop("sha256", None)
    # JSON is YAML, and needs no care for quotes.
    (folder / "hcgov.yaml").write_text(json.dumps(manifest), encoding="utf-8")
    checked = run_check(Asked(root=folder, now=NOW, select=(case.control,)), lambda _: None)
    return next(control for control in checked.report.controls if control.id == case.control)


def _change_files(case: Case, folder: Path) -> None:
    for path in case.remove:
        if not (folder / path).is_file():
            raise ValueError(f"{case}: there is no `{path}` to remove")
        (folder / path).unlink()
    for path, edits in case.edit.items():
        content = (folder / path).read_text(encoding="utf-8")
        for old, new in edits.items():
            if old not in content:
                raise ValueError(f"{case}: `{path}` holds no `{old}`")
            content = content.replace(old, new)
        (folder / path).write_text(content, encoding="utf-8")
    for path, content in case.files.items():
        if not (folder / path).is_file():
            raise ValueError(f"{case}: no artifact of the example is `{path}`")
        (folder / path).write_text(content, encoding="utf-8")


def _set(tree: dict[str, JsonValue], path: list[str], value: JsonValue) -> None:
    for key in path[:-1]:
        below = tree.get(key)
        if not isinstance(below, dict):
            raise ValueError(f"the manifest has no `{'.'.join(path[:-1])}`")
        tree = below
    # Parts are copied, as several cases share those of their file.
    if value is None:
        del tree[path[-1]]
    else:
        tree[path[-1]] = json.loads(json.dumps(value))
