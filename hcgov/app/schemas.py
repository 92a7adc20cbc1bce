"""JSON Schemas of what people write, for editors: those of policies know the checks that are installed."""

from collections.abc import Callable, Mapping
from pathlib import Path

from hcgov.io.files import write_atomically
from hcgov.io.plugins import load_built_in, load_registry
from hcgov.io.policies.schema import cases_schema, controls_schema, lock_schema, pack_schema
from hcgov.io.policies.schema_nodes import Node
from hcgov.io.render.schemas import (
    baseline_schema,
    described,
    manifest_schema,
    report_schema,
    waivers_schema,
)
from hcgov.io.render.schemas import schemas as of_models
from hcgov.judgement.planned import Registry

_BY_CHECKS: Mapping[str, tuple[Callable[[Registry], Node], str, str]] = {
    "pack": (pack_schema, "hcgov.policy-1", "Policy pack, version 1"),
    "controls": (
        controls_schema,
        "hcgov.policy-controls-1",
        "Further controls of a policy pack in a folder, version 1",
    ),
}
_BY_MODELS: Mapping[str, Callable[[], str]] = {
    "cases": lambda: described(cases_schema(), "hcgov.policy-cases-1", "Cases of a policy pack, version 1"),
    "lock": lambda: described(lock_schema(), "hcgov.policy-lock-1", "Lock of a project, version 1"),
    "waivers": waivers_schema,
    "baseline": baseline_schema,
    "manifest": manifest_schema,
    "report": report_schema,
}
KINDS = (*_BY_CHECKS, *_BY_MODELS)
"""Kinds of files that have a schema."""


def schema_of(kind: str, *, installed: bool = True) -> str:
    """Return the JSON Schema (draft 2020-12) of a kind of file.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    installed
        Know the checks of other installed packages too; else those that come with hcgov, whatever is installed.
    """
    if kind in _BY_MODELS:
        return _BY_MODELS[kind]()
    make, name, title = _BY_CHECKS[kind]
    return described(make(load_registry() if installed else load_built_in()), name, title)


def schemas() -> dict[str, str]:
    """Return every schema by its file name in ``reports/schemas``, the same wherever they are made."""
    names = {kind: f"{name}.schema.json" for kind, (_, name, _) in _BY_CHECKS.items()}
    names |= {"cases": "hcgov.policy-cases-1.schema.json", "lock": "hcgov.policy-lock-1.schema.json"}
    return {**of_models(), **{file: schema_of(kind, installed=False) for kind, file in names.items()}}


def write_schema(kind: str, path: Path) -> None:
    """Write the schema of a kind of file, for the checks that are installed.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, schema_of(kind).encode())
