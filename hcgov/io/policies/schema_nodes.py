"""Parts of a JSON Schema: tidied for readers, and opened for the parameters of packs."""

from typing import TypeAlias

from hcgov.core.plainly import NUMBER
from hcgov.core.span import Span

Node: TypeAlias = dict[str, object]

PARAMETER = r"^\$\{[A-Za-z][A-Za-z0-9._-]*\}$"
"""A parameter that stands alone, as a regular expression."""

_ABOUT = ("description", "default", "stricter", "why_neither")
"""What tells of a value and does not bind it."""
_BINDING = ("pattern", "minLength", "maxLength", "enum", "const", "format")
_INSIDE = ("properties", "$defs")


def null() -> Node:
    """Return what allows nothing but null."""
    return {"type": "null"}


def unless_null(node: Node) -> Node:
    """Return what allows null too; mistakes inside are told where they are, as they are not of a choice."""
    return {"if": {"not": null()}, "then": node}


def parameter() -> Node:
    """Return what allows a parameter that stands alone."""
    return {"$ref": "#/$defs/parameter"}


def at(node: Node, *path: str) -> Node:
    """Return the mapping at a path.

    Raises
    ------
    TypeError
        Something else stands there.
    """
    for key in path:
        found = node[key]
        if not isinstance(found, dict):
            raise TypeError(f"`{key}` holds no mapping")
        node = found
    return node


def tidied(node: Node) -> Node:
    """Return a schema without titles that only repeat names, without empty defaults, and with plain descriptions."""
    kept: Node = {}
    for key, value in node.items():
        if key in _INSIDE and isinstance(value, dict):
            kept[key] = {name: _tidied(inner) for name, inner in value.items()}
        elif key == "description":
            kept[key] = " ".join(str(value).partition("\n\n")[0].replace("``", "`").split())
        elif key not in ("title", "default", "const", "enum"):
            kept[key] = _tidied(value)
        elif key != "title" and not (key == "default" and (value is None or isinstance(value, dict))):
            kept[key] = value
    match kept.get("anyOf"):
        case [{"$ref": str() as ref}, {"type": "null"}]:
            del kept["anyOf"]
            kept |= unless_null({"$ref": ref})
    return kept


def _tidied(value: object) -> object:
    if isinstance(value, dict):
        return tidied(value)
    return [_tidied(inner) for inner in value] if isinstance(value, list) else value


def opened(node: Node) -> Node:
    """Return a schema in which a parameter may stand wherever a plain value may, and numbers may be text."""
    if "anyOf" in node:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return {**rest, "anyOf": _branches(node["anyOf"])}
    if _binds(node):
        about = {key: value for key, value in node.items() if key in _ABOUT}
        return {**about, "anyOf": _branches([{k: v for k, v in node.items() if k not in _ABOUT}])}
    made = dict(node)
    if isinstance(properties := node.get("properties"), dict):
        made["properties"] = {name: opened(inner) for name, inner in properties.items()}
    for key in ("additionalProperties", "items"):
        if isinstance(inner := node.get(key), dict):
            made[key] = opened(inner)
    return made


def _branches(given: object) -> list[Node]:
    """Return ways to write a value, with that of a parameter where one of them is a plain value that is bound."""
    branches = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    found: list[Node] = [one if _binds(one) else opened(one) for one in branches]
    numeric = any(one.get("type") in ("number", "integer") for one in found)
    if numeric and not any(one.get("type") == "string" for one in found):
        found.append({"type": "string", "pattern": NUMBER})
    free = any(one.get("type") == "string" and not _binds(one) for one in found)
    bound = any(map(_binds, found))
    return [*found, parameter()] if bound and not free and parameter() not in found else found


def _binds(node: Node) -> bool:
    """Whether this is a plain value that text such as `${max_gap}` does not fit."""
    if node.get("type") in ("number", "integer", "boolean"):
        return True
    return any(key in node for key in _BINDING)


def number_in(span: Span) -> Node:
    """Return what allows a number within a span."""
    made: Node = {"type": "number"}
    if span.low is not None:
        made["exclusiveMinimum" if span.low_open else "minimum"] = float(span.low)
    if span.high is not None:
        made["exclusiveMaximum" if span.high_open else "maximum"] = float(span.high)
    return made
