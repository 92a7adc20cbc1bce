"""The JSON Schema of a policy pack, for editors: made from the models and the checks that are installed.

It is discriminated on ``check``, so that an editor completes ``with:`` by the parameters of that very check, and knows
which side of a limit makes sense. Whatever `hcgov policy validate` accepts, it accepts; it cannot say everything that
`validate` says.
"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hcgov.core.cases import PolicyCases
from hcgov.core.check import Check, Judged, Params
from hcgov.core.condition import COMPARATORS, QUANTIFIERS
from hcgov.core.condition_text import OF_LISTS, OF_NUMBERS
from hcgov.core.limit import LimitRange, Side
from hcgov.core.plainly import NUMBER
from hcgov.core.policy import Controls, PackSpec
from hcgov.core.span import Span
from hcgov.io.policies.lock import Lock
from hcgov.io.policies.schema_nodes import (
    PARAMETER,
    Node,
    at,
    null,
    number_in,
    opened,
    parameter,
    tidied,
    unless_null,
)
from hcgov.judgement.planned import Registry
from hcgov.judgement.setting import FIXED

_SPOKEN = ("ControlSpec", "LimitSpec", "NarrowSpec", "EnforcementByProfile", "EvidenceDemand")
"""Models in which the parameters of a pack may stand."""
_CHOICES = ("Severity", "Enforcement")


def pack_schema(registry: Registry) -> Node:
    """Return the schema of a pack: of one in one file, and of the `pack.yaml` of one in a folder."""
    made = _made(PackSpec, registry)
    for name, node in (("facts", {"$ref": "#/$defs/condition"}), ("parameters", None)):
        named = at(made, "properties", name)
        named["additionalProperties"] = False
        if node is not None:
            named["patternProperties"] = dict.fromkeys(at(named, "patternProperties"), node)
    at(made, "$defs", "Parameter")["allOf"] = list(_typed_defaults())
    fixed = "|".join(FIXED)
    at(made, "$defs", "Override", "properties", "set")["propertyNames"] = {
        "pattern": rf"^(?!({fixed})(\.|$))"
    }
    return made


def controls_schema(registry: Registry) -> Node:
    """Return the schema of a file of further controls in the folder of a pack."""
    return _made(Controls, registry)


def cases_schema() -> Node:
    """Return the schema of a file of cases."""
    return tidied(PolicyCases.model_json_schema(by_alias=True, mode="validation"))


def lock_schema() -> Node:
    """Return the schema of a project's lock."""
    return tidied(Lock.model_json_schema(by_alias=True, mode="validation"))


def _made(model: type[BaseModel], registry: Registry) -> Node:
    made: Node = tidied(model.model_json_schema(by_alias=True, mode="validation"))
    definitions = at(made, "$defs")
    for name in (*_SPOKEN, *_CHOICES):
        if name in definitions:
            definitions[name] = opened(at(definitions, name))
    refs, parameters = _parameters_of(registry)
    definitions |= parameters
    definitions["parameter"] = {
        "type": "string",
        "pattern": PARAMETER,
        "description": "A parameter of this pack, alone: `${max_gap}`.",
    }
    definitions["condition"] = _condition()
    definitions["plain"] = {"type": ["string", "number", "boolean"]}
    _limits(definitions)
    _control(at(definitions, "ControlSpec"), registry, refs)
    return made


# Parameters of packs


def _typed_defaults() -> Iterator[Node]:
    """Yield for each type of parameter what its default may be."""
    text = {"type": "string", "pattern": NUMBER}
    ratio = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, text]}
    defaults = {
        "ratio": ratio,
        "number": {"anyOf": [{"type": "number"}, text]},
        "integer": {"anyOf": [{"type": "integer"}, text]},
        "text": {"type": "string"},
        "boolean": {"type": "boolean"},
    }
    for name, default in defaults.items():
        properties: Node = {"default": default}
        if name in ("text", "boolean"):
            properties["stricter"] = {"const": "none"}
        yield {
            "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
            "then": {"properties": properties},
        }


# Conditions


def _condition() -> Node:
    """Return the schema of a condition, which may hold others."""
    one, plain = {"$ref": "#/$defs/condition"}, {"$ref": "#/$defs/plain"}
    several: Node = {"type": "array", "minItems": 1, "items": one}
    properties: Node = {
        "fact": {"type": "string", "pattern": rf"^system\..|{PARAMETER}", "description": "What it is about."},
        **dict.fromkeys(COMPARATORS, plain),
        **{name: {"type": "array", "minItems": 1, "items": plain} for name in OF_LISTS},
        **{name: {"anyOf": [{"type": "number"}, parameter()]} for name in OF_NUMBERS},
        "between": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": {"anyOf": [{"type": "number"}, parameter()]},
            "description": "Two numbers, the lower first; both belong to it.",
        },
        "present": {"anyOf": [{"type": "boolean"}, parameter()]},
        "matches": {"type": "string", "description": "A text in which `*` stands for anything."},
        **dict.fromkeys(QUANTIFIERS, several),
        "not": one,
        "at_least": {"anyOf": [{"type": "integer", "minimum": 1}, parameter()]},
        "of": several,
    }
    joins = [name for name in QUANTIFIERS if name != "at_least"]
    return {
        "description": "The name of a condition under `facts`, or a mapping such as "
        "`{fact: system.users, eq: internal}` or `{all: [...]}`.",
        "type": ["string", "object"],
        "if": {"type": "object"},
        "then": {
            "properties": properties,
            "additionalProperties": False,
            "minProperties": 1,
            "if": {"required": ["fact"]},
            "then": {
                "propertyNames": {"enum": ["fact", *COMPARATORS]},
                "minProperties": 2,
                "maxProperties": 2,
            },
            "else": {
                "if": {"required": ["at_least"]},
                "then": {"propertyNames": {"enum": ["at_least", "of"]}, "required": ["of"]},
                "else": {"propertyNames": {"enum": joins}, "maxProperties": 1},
            },
        },
    }


# Controls, by their checks


def _parameters_of(registry: Registry) -> tuple[dict[str, Node], Node]:
    """Return by check what refers to the schema of its parameters, and these schemas."""
    models = {check.params: check.id for check in registry.checks.values()}
    template = "#/$defs/with.{model}"
    refs, found = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, ref_template=template
    )
    by_model = {model: ref for (model, _), ref in refs.items()}
    named: Node = {f"with.{name}": opened(tidied(node)) for name, node in found.get("$defs", {}).items()}
    return {check.id: by_model[check.params] for check in registry.checks.values()}, named


def _control(control: Node, registry: Registry, refs: Mapping[str, Node]) -> None:
    """Make the schema of a control say what goes with its check."""
    properties = at(control, "properties")
    properties["check"] = _known_checks(registry, at(properties, "check").get("description", ""))
    if not registry.broken:
        stages = {"enum": list(registry.stages)}
        properties["stage"] = {
            "description": "When it is judged.",
            "anyOf": [stages, parameter()],
        }
    properties["applies_when"] = {
        "description": at(properties, "applies_when").get("description", ""),
        **unless_null({"$ref": "#/$defs/condition"}),
    }
    control["allOf"] = [
        {
            "if": {
                "properties": {"small_slices": {"const": "list"}},
                "required": ["small_slices"],
            },
            "then": {
                "properties": {"small_slices_reason": {"pattern": r"\S"}},
                "required": ["small_slices_reason"],
            },
        },
        {
            "if": {"properties": {"narrow": {"type": "object"}}, "required": ["narrow"]},
            "then": {"required": ["limit"]},
        },
        *(_of_check(check, refs[check.id]) for check in registry.checks.values()),
    ]


def _known_checks(registry: Registry, description: object) -> Node:
    known: list[Node] = [
        {"enum": list(_names(check)), "description": check.title} for check in registry.checks.values()
    ]
    owners = "|".join(name.replace(".", r"\.") for name in registry.broken)
    unknowable: list[Node] = [{"type": "string", "pattern": rf"^({owners})\."}] if owners else []
    return {"description": description, "anyOf": [*known, *unknowable, parameter()]}


def _names(check: Check[Params]) -> tuple[str, str]:
    return f"{check.id}@{check.major}", check.id


def _of_check(check: Check[Params], parameters: Node) -> Node:
    """Return what a control is held to when it names this check."""
    needed = any(field.is_required() for field in check.params.model_fields.values())
    required = ["with"] if needed else []
    properties: Node = {"with": parameters}
    if check.judged is Judged.BY_LIMIT:
        required.append("limit")
        known = check.limit if isinstance(check.limit, LimitRange) else None
        properties["limit"] = {"type": "object", **_sides(known)}
        properties["narrow"] = _sides(known, required=False)
    else:
        properties |= {"limit": null(), "narrow": null()}
    return {
        "if": {"properties": {"check": {"enum": list(_names(check))}}, "required": ["check"]},
        "then": {"properties": properties, "required": required},
    }


def _sides(known: LimitRange | None, *, required: bool = True) -> Node:
    """Return which sides of a limit make sense, and what each may be."""
    if known is None:
        return {}
    sides: Mapping[Side, Span | None] = {side: known.on(side) for side in Side}
    properties: Node = {
        side.value: null() if span is None else {"anyOf": [number_in(span), {"type": "string"}, null()]}
        for side, span in sides.items()
    }
    only = [side.value for side, span in sides.items() if span is not None]
    return {"properties": properties, **({"required": only} if required and len(only) == 1 else {})}


def _limits(definitions: Node) -> None:
    """Say that a limit has exactly one side."""
    for name in ("LimitSpec", "NarrowSpec"):
        if name in definitions:
            at(definitions, name)["oneOf"] = [
                {"required": [side.value], "properties": {side.value: {"not": null()}}} for side in Side
            ]
