"""Parameters of policy packs: their values, and `${name}` in controls."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import Mistake, Position, did_you_mean
from hcgov.core.plainly import oddly_written
from hcgov.core.policy import Extend, PackHead, Parameter, Path, Places

_WHOLE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9._-]*)\}\Z")
_MARK = "${"

Where = Callable[..., Position | None]


def own_values(head: PackHead, given: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return the values of a pack's parameters: those given, else the defaults."""
    return {name: given.get(name, parameter.default) for name, parameter in head.parameters.items()}


def parameter_mistakes(head: PackHead, places: Places) -> list[Mistake]:
    """Tell defaults that their own type or range refuses, and ranges that hold nothing."""
    told = []
    for name, parameter in head.parameters.items():
        if (
            parameter.minimum is not None
            and parameter.maximum is not None
            and parameter.minimum > parameter.maximum
        ):
            told.append(
                Mistake(
                    code="HCG-R008",
                    message=f"parameter `{name}`: nothing lies between {parameter.minimum} and {parameter.maximum}",
                    where=places.value("parameters", name, "minimum"),
                    help="exchange `minimum` and `maximum`",
                )
            )
            continue
        if parameter.stricter != "none" and parameter.type in ("text", "boolean"):
            told.append(
                Mistake(
                    code="HCG-R008",
                    message=f"parameter `{name}` is no number, so neither direction of it is stricter",
                    where=places.value("parameters", name, "stricter"),
                    help="write `stricter: none`",
                )
            )
        problem = _problem(parameter, parameter.default)
        if problem:
            where = places.value("parameters", name, "default")
            told.append(
                Mistake(code="HCG-R008", message=f"parameter `{name}`: its default {problem}", where=where)
            )
    return told


def given_values(
    extend: Extend, parent: PackHead, places: Places, at: Path
) -> tuple[dict[str, Tree], list[Mistake]]:
    """Return the values that a pack gives to the parameters of one that it extends, with what is wrong in them."""
    values: dict[str, Tree] = {}
    told = []
    for name, value in extend.with_.items():
        where = places.value(*at, "with", name)
        parameter = parent.parameters.get(name)
        if parameter is None:
            told.append(
                Mistake(
                    code="HCG-R009",
                    message=f"`{parent.metadata.id}` has no parameter `{name}`",
                    where=places.key(*at, "with", name),
                    help=did_you_mean(name, parent.parameters),
                )
            )
            continue
        problem = _problem(parameter, value)
        if problem:
            told.append(Mistake(code="HCG-R008", message=f"`{name}` {problem}", where=where))
            continue
        if extend.loosen is None and _asks_for_less(parameter, value):
            told.append(
                Mistake(
                    code="HCG-R010",
                    message=f"`{name}: {value}` asks for less than the {parameter.default} of `{parent.metadata.id}`",
                    where=where,
                    help="add `loosen: {reason: …, approved_by: …}` to this entry; every report then says so",
                )
            )
            continue
        values[name] = value  # type: ignore[assignment]  # a plain value, as `_problem` has just seen
    return values, told


def _problem(parameter: Parameter, value: object) -> str:
    """Return what is wrong with a value of a parameter; empty if nothing is."""
    if parameter.type == "text":
        return "" if isinstance(value, str) else "is no text"
    if parameter.type == "boolean":
        return "" if isinstance(value, bool) else "is neither true nor false"
    number = _number(value)
    if number is None:
        return "is no finite number"
    if parameter.type == "integer" and number != number.to_integral_value():
        return "is no whole number"
    if parameter.type == "ratio" and not 0 <= number <= 1:
        return f"is {number}, and a ratio lies between 0 and 1"
    if parameter.minimum is not None and number < parameter.minimum:
        return f"is {number}, and may be no less than {parameter.minimum}"
    if parameter.maximum is not None and number > parameter.maximum:
        return f"is {number}, and may be no more than {parameter.maximum}"
    return ""


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and oddly_written(value):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _asks_for_less(parameter: Parameter, value: object) -> bool:
    new, old = _number(value), _number(parameter.default)
    if parameter.stricter == "none" or new is None or old is None:
        return False
    return new > old if parameter.stricter == "lower" else new < old


def substituted(
    tree: Mapping[str, Tree], values: Mapping[str, Tree], where: Where
) -> tuple[dict[str, Tree], list[Mistake]]:
    """Put the values of parameters in the place of `${name}` wherever one stands alone as a value.

    Parameters
    ----------
    where
        From a path in the tree to its place.
    """
    if not any(map(_speaks, tree.values())):
        return dict(tree), []
    told: list[Mistake] = []
    return {key: _put(value, values, (key,), where, told) for key, value in tree.items()}, told


def _speaks(tree: Tree) -> bool:
    """Whether a parameter stands anywhere in a tree; in most controls of a large policy none does."""
    if isinstance(tree, str):
        return _MARK in tree
    if isinstance(tree, dict):
        return any(map(_speaks, tree.values()))
    return isinstance(tree, list) and any(map(_speaks, tree))


def _put(tree: Tree, values: Mapping[str, Tree], at: Path, where: Where, told: list[Mistake]) -> Tree:
    if isinstance(tree, dict):
        return {key: _put(value, values, (*at, key), where, told) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_put(value, values, (*at, number), where, told) for number, value in enumerate(tree)]
    if not isinstance(tree, str) or _MARK not in tree:
        return tree
    found = _WHOLE.match(tree)
    if found is None:
        told.append(
            Mistake(
                code="HCG-R011",
                message=f"`{tree}`: a parameter stands alone, nothing before or after it",
                where=where(*at),
                help='such as `at_most: "${max_gap}"`',
            )
        )
        return tree
    name = found[1]
    if name not in values:
        told.append(
            Mistake(
                code="HCG-R012",
                message=f"there is no parameter `{name}` in this pack",
                where=where(*at),
                help=did_you_mean(name, values) or "declare it under `parameters:`",
            )
        )
        return tree
    return values[name]
