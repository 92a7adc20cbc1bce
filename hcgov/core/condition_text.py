"""From a condition as written in a policy to a :class:`~hcgov.core.condition.Condition`."""

from collections.abc import Mapping
from typing import TypeAlias

from hcgov.core.condition import (
    COMPARATORS,
    QUANTIFIERS,
    Comparison,
    Condition,
    ConditionError,
    Joined,
    Plain,
    Value,
)
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import did_you_mean

Path: TypeAlias = tuple[str | int, ...]

OF_LISTS = ("between", "in", "not_in", "subset", "superset")
OF_NUMBERS = ("lt", "le", "gt", "ge")


def read_condition(tree: Tree, named: Mapping[str, Condition], at: Path = ()) -> Condition:
    """Read a condition.

    Parameters
    ----------
    tree
        The name of a condition under `facts:`; or a mapping that holds one quantifier (``all``, ``any``, ``none``,
        ``not``, ``at_least`` with ``of``), or ``fact`` with one comparator.
    named
        The conditions that names stand for.
    at
        Path of the tree in the file, for errors.

    Raises
    ------
    ConditionError
        With the path of what is wrong.
    """
    if isinstance(tree, str):
        if tree not in named:
            raise ConditionError(f"there is no fact `{tree}` under `facts:`", at, did_you_mean(tree, named))
        return named[tree]
    if not isinstance(tree, dict) or not tree:
        raise ConditionError(
            "a condition is a name, or a mapping such as `{fact: system.users, eq: internal}`", at
        )
    if "fact" in tree:
        return _comparison(tree, at)
    return _joined(tree, named, at)


def _joined(tree: dict[str, Tree], named: Mapping[str, Condition], at: Path) -> Condition:
    keys = [key for key in tree if not (key == "of" and "at_least" in tree)]
    if len(keys) != 1 or keys[0] not in QUANTIFIERS:
        odd = next((key for key in keys if key not in QUANTIFIERS), keys[-1])
        known = (*QUANTIFIERS, "fact")
        raise ConditionError(
            f"`{odd}` does not belong here; a condition has one of {', '.join(f'`{k}`' for k in known)}",
            (*at, odd),
            did_you_mean(odd, known),
        )
    key = keys[0]
    if key == "not":
        return Joined(quantifier="none", parts=(read_condition(tree[key], named, (*at, key)),))
    if key == "at_least":
        return _at_least(tree, named, at)
    return Joined(quantifier=key, parts=_parts(tree[key], named, (*at, key)))


def _at_least(tree: dict[str, Tree], named: Mapping[str, Condition], at: Path) -> Condition:
    least = tree["at_least"]
    if isinstance(least, bool) or not isinstance(least, int):
        raise ConditionError(
            "`at_least` takes a whole number, with the conditions in `of`", (*at, "at_least")
        )
    if "of" not in tree:
        raise ConditionError("`at_least` needs `of: [...]`", at, "write `{at_least: 2, of: [a, b, c]}`")
    parts = _parts(tree["of"], named, (*at, "of"))
    if not 1 <= least <= len(parts):
        raise ConditionError(
            f"`at_least: {least}` of {len(parts)} conditions is always or never so", (*at, "at_least")
        )
    return Joined(quantifier="at_least", parts=parts, least=least)


def _parts(tree: Tree, named: Mapping[str, Condition], at: Path) -> tuple[Condition, ...]:
    if not isinstance(tree, list) or not tree:
        # The empty "all of" would always hold; nobody means that.
        raise ConditionError("a list of one or more conditions is needed", at)
    return tuple(read_condition(part, named, (*at, number)) for number, part in enumerate(tree))


def _comparison(tree: dict[str, Tree], at: Path) -> Comparison:
    fact = tree["fact"]
    if not isinstance(fact, str) or not fact.startswith("system.") or fact == "system.":
        raise ConditionError(
            "a fact is named `system.` and what the manifest states of it",
            (*at, "fact"),
            "such as `system.risk_profile`",
        )
    keys = [key for key in tree if key != "fact"]
    odd = [key for key in keys if key not in COMPARATORS]
    if odd:
        raise ConditionError(
            f"unknown comparator `{odd[0]}`", (*at, odd[0]), did_you_mean(odd[0], COMPARATORS)
        )
    if len(keys) != 1:
        raise ConditionError(
            "one comparator belongs beside `fact`", at, "such as `eq: internal`; join several with `all`"
        )
    return Comparison(fact=fact, comparator=keys[0], value=_value(keys[0], tree[keys[0]], (*at, keys[0])))


def _value(comparator: str, tree: Tree, at: Path) -> Value:
    if comparator in OF_LISTS:
        if not isinstance(tree, list) or not tree:
            raise ConditionError(f"`{comparator}` takes a list", at)
        values = tuple(_plain(one, (*at, number)) for number, one in enumerate(tree))
        return _range(values, at) if comparator == "between" else values
    value = _plain(tree, at)
    if comparator in OF_NUMBERS and not _is_number(value):
        raise ConditionError(f"`{comparator}` takes a number", at)
    if comparator == "present" and not isinstance(value, bool):
        raise ConditionError("`present` takes true or false", at)
    if comparator == "matches" and not isinstance(value, str):
        raise ConditionError("`matches` takes a text in which `*` stands for anything", at)
    return value


def _range(values: tuple[Plain, ...], at: Path) -> Value:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(values) != 2 or len(numbers) != 2:
        raise ConditionError(
            "`between` takes two numbers", at, "such as `between: [0, 17]`; both ends belong to it"
        )
    if numbers[0] > numbers[1]:
        raise ConditionError(
            f"`between: [{values[0]}, {values[1]}]` is empty", at, "write the lower end first"
        )
    return values


def _is_number(value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(tree: Tree, at: Path) -> Plain:
    if isinstance(tree, bool | int | float | str):
        return tree
    raise ConditionError("a plain value is needed: text, a number, true or false", at)
