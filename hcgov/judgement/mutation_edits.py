"""Edits of a control as it is written: paths, values, and words for what differs."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from hcgov.core.control import ControlSpec
from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.policy import Path

Edit = tuple[Path, Tree]
"""A path through mappings and its new value; ``None`` takes the key away."""


@frozen
class Flip:
    """One change: what is edited, where it stands, what differs in words, and what case would notice."""

    edits: tuple[Edit, ...]
    at: Path
    change: str
    hint: str

    @classmethod
    def to(cls, tree: Mapping[str, Tree], path: Path, value: Tree, hint: str, change: str = "") -> "Flip":
        """Return the change of one value to another."""
        old = value_at(tree, path)
        words = "dropped" if value is None else f"{shown(old)} -> {shown(value)}"
        return cls(edits=((path, value),), at=path, change=change or f"{named(path)}: {words}", hint=hint)


def written(spec: ControlSpec) -> dict[str, Tree]:
    """Return a control as it is written."""
    tree: dict[str, Tree] = spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return tree


def named(path: Path) -> str:
    """Return for example ``limit.at_most``."""
    return ".".join(map(str, path))


def shown(value: Tree) -> str:
    """Return a value in one line.

    >>> shown(["a", {"b": True}])
    '[a, {b: true}]'
    """
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {shown(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


def value_at(tree: "Tree | Mapping[str, Tree]", path: Sequence[str | int]) -> Tree:
    """Return the value at a path; ``None`` where there is none."""
    for key in path:
        tree = tree.get(str(key)) if isinstance(tree, Mapping) else None
    return tree if not isinstance(tree, Mapping) else dict(tree)


def with_edits(tree: Mapping[str, Tree], edits: Sequence[Edit]) -> dict[str, Tree]:
    """Return a tree with edits made; the old one stays as it is."""
    changed = dict(tree)
    for path, value in edits:
        changed = _with(changed, path, value)
    return changed


def _with(tree: Mapping[str, Tree], path: Path, value: Tree) -> dict[str, Tree]:
    key, rest = str(path[0]), path[1:]
    if rest:
        inner = tree.get(key)
        return {**tree, key: _with(inner if isinstance(inner, dict) else {}, rest, value)}
    if value is None:
        return {name: old for name, old in tree.items() if name != key}
    return {**tree, key: value}


def days_around(day: str) -> tuple[str, str]:
    """Return the day before and the day after.

    >>> days_around("2027-01-01")
    ('2026-12-31', '2027-01-02')
    """
    at, one = date.fromisoformat(day), timedelta(days=1)
    return (at - one).isoformat(), (at + one).isoformat()
