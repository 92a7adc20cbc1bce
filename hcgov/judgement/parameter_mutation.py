"""Mutants of what is written as numbers, lists and choices: the limit, and the parameters of the check."""

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from hcgov.core.check import Check, Params
from hcgov.core.control import ControlSpec
from hcgov.core.direction import Declaration, Ordered, Stricter, declarations
from hcgov.core.evidence.source import Tree
from hcgov.core.limit import LimitRange
from hcgov.core.nudging import Nudge, nudges
from hcgov.core.policy import Path
from hcgov.core.relation import Relation
from hcgov.judgement.mutation_edits import Edit, Flip, named, value_at, written


def limit_flips(tree: dict[str, Tree]) -> Iterator[Flip]:
    """Yield the limit on its other side, without `narrow`, and at the usual confidence."""
    sides = {"at_most": "at_least", "at_least": "at_most"}
    for side, other in sides.items():
        if value_at(tree, ("limit", side)) is None:
            continue
        turned: Edit = (("limit", other), value_at(tree, ("limit", side)))
        edits: list[Edit] = [(("limit", side), None), turned, (("narrow",), None)]
        yield Flip(
            edits=tuple(edits),
            at=("limit", side),
            change=f"limit: {side} -> {other}",
            hint="a case that passes and one that fails, far from the limit",
        )
    if "narrow" in tree:
        hint = "a case inside the limit and outside `narrow`, with `disposition: warned`"
        yield Flip.to(tree, ("narrow",), None, hint)
    if value_at(tree, ("limit", "confidence")) is not None:
        yield Flip.to(tree, ("limit", "confidence"), None, _BETWEEN)


def number_flips(spec: ControlSpec, check: Check[Params]) -> Iterator[Flip]:
    """Yield each written number moved by one unit of its last digit, down and up."""
    try:
        limits: LimitRange | None = check.limits(check.params.model_validate(spec.with_))
    except ValidationError:
        return
    for nudge in nudges(spec, params=check.params, limits=limits):
        moved = value_at(written(nudge.spec), nudge.path)
        change = f"{named(nudge.path)}: {nudge.old} -> {nudge.new}"
        yield Flip(edits=((nudge.path, moved),), at=nudge.path, change=change, hint=_near(nudge))


_BETWEEN = "a case on which the bounds at the two confidences disagree"


def _near(nudge: Nudge) -> str:
    low, high = sorted((nudge.old, nudge.new))
    if nudge.path[0] in ("limit", "narrow") and nudge.path[-1] != "confidence":
        kind = "passes" if nudge.relation is Relation.TIGHTEN else "does not pass"
        if nudge.path[0] == "narrow":
            kind = f"{kind} without a warning"
        return f"a case that {kind}, with its deciding bound between {low} and {high}"
    if nudge.path[-1] == "confidence":
        return _BETWEEN
    return f"a case on which {named(nudge.path)} {low} and {high} disagree"


def parameter_flips(tree: dict[str, Tree], params: type[BaseModel]) -> Iterator[Flip]:
    """Yield parameters left to their defaults, lists without an entry, and every other choice."""
    for one in declarations(params):
        path: Path = ("with", *one.path)
        value = value_at(tree, path)
        if value is None:
            continue
        yield Flip.to(tree, path, None, f"a case on which `{one.name}` and its default disagree")
        yield from _entries(tree, path, value)
        yield from _choices(tree, path, value, one)


def _entries(tree: dict[str, Tree], path: Path, value: Tree) -> Iterator[Flip]:
    if not isinstance(value, list):
        return
    for number, entry in enumerate(value):
        rest = [*value[:number], *value[number + 1 :]]
        change = f"{named(path)}: without {entry if isinstance(entry, str) else f'entry {number + 1}'}"
        yield Flip.to(tree, path, rest, "a case that rests on this entry alone", change)


def _choices(tree: dict[str, Tree], path: Path, value: Tree, one: Declaration) -> Iterator[Flip]:
    if isinstance(value, bool):
        yield Flip.to(tree, path, not value, f"a case that `{one.name}` decides")
    elif isinstance(one.direction, Ordered):
        for other in one.direction.values:
            if other != value:
                yield Flip.to(tree, path, other, f"a case that `{one.name}` decides")
    elif one.direction is Stricter.IDENTITY and isinstance(value, dict):
        for key, entry in value.items():
            if entry in (0, 1) and not isinstance(entry, bool):
                hint = f"a case on which `{one.name}.{key}` 0 and 1 disagree"
                yield Flip.to(tree, (*path, key), 1 - int(str(entry)), hint)
