"""Mutants of a condition: comparators turned, numbers moved, branches dropped, quantifiers exchanged."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from hcgov.core.condition import ConditionError
from hcgov.core.condition_text import OF_NUMBERS, read_condition
from hcgov.core.evidence.source import Tree
from hcgov.core.nudging import unit
from hcgov.core.policy import Path
from hcgov.judgement.mutation_edits import shown

Changed: TypeAlias = tuple[Path, Tree, str, str]
"""Where something was changed, the condition after it, what differs, and what case would notice."""

TURNED: Mapping[str, tuple[str, ...]] = {
    "lt": ("le", "ge"),
    "le": ("lt", "gt"),
    "gt": ("ge", "le"),
    "ge": ("gt", "lt"),
    "eq": ("ne",),
    "ne": ("eq",),
    "in": ("not_in",),
    "not_in": ("in",),
    "subset": ("superset",),
    "superset": ("subset",),
}
QUANTIFIERS: Mapping[str, str] = {"all": "any", "any": "all", "none": "any"}

_DECIDES = "a case whose facts this part alone decides"


def condition_mutants(tree: Tree) -> Iterator[Changed]:
    """Yield the mutants of a condition as written out, each of which can be read."""
    for changed in _mutants(tree):
        try:
            read_condition(changed[1], {})
        except ConditionError:
            continue
        yield changed


def _mutants(tree: Tree) -> Iterator[Changed]:
    if not isinstance(tree, dict):
        return
    if "fact" in tree:
        yield from _comparison(tree)
    elif "not" in tree:
        yield (), tree["not"], "`not` is dropped", _DECIDES
        for at, changed, words, hint in _mutants(tree["not"]):
            yield ("not", *at), {"not": changed}, words, hint
    elif "at_least" in tree:
        yield from _at_least(tree)
    else:
        yield from _quantified(tree)


def _quantified(tree: dict[str, Tree]) -> Iterator[Changed]:
    key = next(iter(tree))
    parts = tree[key]
    several = isinstance(parts, list) and len(parts) > 1
    if key in QUANTIFIERS and (several or key == "none"):
        other = QUANTIFIERS[key]
        yield (key,), {other: parts}, f"`{key}` -> `{other}`", _DECIDES
    yield from _branches(tree, key)


def _at_least(tree: dict[str, Tree]) -> Iterator[Changed]:
    least = tree["at_least"]
    if isinstance(least, int):
        for moved in (least - 1, least + 1):
            hint = f"a case in which exactly {min(least, moved)} of the conditions hold"
            yield ("at_least",), {**tree, "at_least": moved}, f"{least} -> {moved}", hint
    yield from _branches(tree, "of")


def _branches(tree: dict[str, Tree], key: str) -> Iterator[Changed]:
    parts = tree[key]
    if not isinstance(parts, list):
        return
    for number, part in enumerate(parts):
        if len(parts) > 1:
            rest: Tree = {**tree, key: [*parts[:number], *parts[number + 1 :]]}
            yield (key, number), rest, f"{shown(part)} is dropped", _DECIDES
        for at, changed, words, hint in _mutants(part):
            within: Tree = {**tree, key: [*parts[:number], changed, *parts[number + 1 :]]}
            yield (key, number, *at), within, words, hint


def _comparison(tree: dict[str, Tree]) -> Iterator[Changed]:
    fact = tree["fact"]
    comparator = next(key for key in tree if key != "fact")
    value = tree[comparator]

    def to(changed: Tree, words: str, hint: str = _DECIDES) -> Changed:
        return (comparator,), changed, words, hint

    for other in TURNED.get(comparator, ()):
        yield to({"fact": fact, other: value}, f"{comparator} -> {other}")
    if comparator == "present":
        yield to({"fact": fact, comparator: not value}, f"{shown(value)} -> {shown(not value)}")
    elif comparator in ("matches", "between"):
        yield to({"not": dict(tree)}, f"{comparator} -> not {comparator}")
    entries = value if isinstance(value, list) else [value]
    for number, entry in enumerate(entries):
        rest = [*entries[:number], *entries[number + 1 :]]
        if isinstance(value, list) and comparator != "between" and rest:
            hint = f"a case whose `{fact}` is {shown(entry)}"
            yield to({"fact": fact, comparator: rest}, f"without {shown(entry)}", hint)
        for moved in _moved(entry) if comparator in _NUMBERED else ():
            new: Tree = (
                [*entries[:number], moved, *entries[number + 1 :]] if isinstance(value, list) else moved
            )
            hint = f"a case whose `{fact}` lies between {shown(entry)} and {shown(moved)}, or is one of them"
            yield to({"fact": fact, comparator: new}, f"{shown(entry)} -> {shown(moved)}", hint)


_NUMBERED = (*OF_NUMBERS, "between")


def _moved(value: Tree) -> tuple[int | float, ...]:
    """Return a number moved by one unit of its last digit, down and up."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ()
    one = unit(Decimal(str(value)))
    both = Decimal(str(value)) - one, Decimal(str(value)) + one
    return tuple(int(moved) if isinstance(value, int) else float(moved) for moved in both)
