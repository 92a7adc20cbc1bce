"""Setting parts of inherited controls by dotted paths."""

from collections.abc import Mapping

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import Mistake, Position, did_you_mean
from hcgov.core.policy import Path

FIXED = ("id", "stage", "check")
"""What makes a control the one it is: an override may not change it."""


def cannot_be_set(path: Path, tree: Mapping[str, Tree], where: Position | None) -> Mistake | None:
    """Return why nothing can be set at a path of a control, or ``None``."""
    dotted = ".".join(map(str, path))
    if path[0] in FIXED:
        return Mistake(
            code="HCG-R004",
            message=f"`{dotted}` makes the control the one it is, and cannot be overridden",
            where=where,
            help="disable the control, with who approved it, and write one of your own",
        )
    inside: Tree = dict(tree)
    for step in path[:-1]:
        found = inside.get(str(step)) if isinstance(inside, dict) else None
        if not isinstance(found, dict):
            keys = [str(key) for key in inside] if isinstance(inside, dict) else []
            return Mistake(
                code="HCG-R005",
                message=f"`{dotted}` leads nowhere in this control: `{step}` holds no keys",
                where=where,
                help=did_you_mean(str(step), keys) if keys else "",
            )
        inside = found
    return None


def with_value(tree: Mapping[str, Tree], path: Path, value: Tree) -> dict[str, Tree]:
    """Return a tree with the value at a path; a null takes the key away."""
    key, rest = str(path[0]), path[1:]
    if not rest and value is None:
        return {name: old for name, old in tree.items() if name != key}
    inner = tree.get(key)
    return {**tree, key: with_value(inner, rest, value) if rest and isinstance(inner, dict) else value}


def one_within_the_other(one: str, other: str) -> bool:
    """Whether one dotted path is the other, or leads into it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
