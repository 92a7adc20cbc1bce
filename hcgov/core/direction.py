"""What is stricter: the declaration that every parameter of every check carries.

A parameter says it in its type: ``Annotated[int, Stricter.HIGHER] = Field(default=30, ge=1, le=1000)``. The bounds of
the field are its hard range. A value is stricter than another where it asks for all that the other asks for, and more.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from hcgov.core.frozen import frozen
from hcgov.core.span import Span


class _Marker:
    """What stands in ``Annotated``; editors see it in the JSON Schema."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core_schema), **self._shown()}

    def _shown(self) -> JsonSchemaValue:
        """Return the keys that the schema shows; every marker says its own."""
        raise NotImplementedError


class Stricter(_Marker, Enum):
    """Which value of a parameter is the stricter one."""

    HIGHER = "higher"
    LOWER = "lower"
    TRUE = "true"
    FALSE = "false"
    SUPERSET = "superset"
    """More entries ask for more."""
    SUBSET = "subset"
    """Fewer entries leave fewer ways out."""
    EACH_OF_ANY = "each_of_any"
    """Each entry lists what any one of will do: more entries, or shorter ones, ask for more."""
    IDENTITY = "identity"
    """It names what the control is about: another value makes another control."""

    def _shown(self) -> JsonSchemaValue:
        return {"stricter": self.value}

    def __str__(self) -> str:
        """Return it in words."""
        return _WORDS.get(self, self.value)


_WORDS = {
    Stricter.SUPERSET: "more entries",
    Stricter.SUBSET: "fewer entries",
    Stricter.EACH_OF_ANY: "more entries, or shorter ones",
    Stricter.IDENTITY: "another control",
}


@dataclass(frozen=True)
class Ordered(_Marker):
    """A choice whose values are ordered, from the loosest to the strictest."""

    values: tuple[str, ...]

    def _shown(self) -> JsonSchemaValue:
        return {"stricter": list(self.values)}

    def __str__(self) -> str:
        """Return for example ``list < judge``."""
        return " < ".join(self.values)


@dataclass(frozen=True)
class Neither(_Marker):
    """No value is stricter than another, for a reason: changing it is not comparable."""

    reason: str

    def _shown(self) -> JsonSchemaValue:
        return {"stricter": "neither", "why_neither": self.reason}

    def __str__(self) -> str:
        """Return it with the reason."""
        return f"neither: {self.reason}"


class LeftOut(StrEnum):
    """What it means that an optional parameter is left out."""

    LOOSEST = "loosest"
    """It asks for nothing."""
    INHERITED = "inherited"
    """The project's own value is taken, which may be stricter or looser than any that is written."""


Direction = Stricter | Ordered | Neither


@frozen
class Declaration:
    """What a parameter declares.

    Parameters
    ----------
    path
        Its name, after the names of the parameters it stands in.
    direction
        ``None`` where it declares none; text then is :attr:`Stricter.IDENTITY`.
    range
        The hard range of a number.
    """

    path: tuple[str, ...]
    field: FieldInfo
    direction: Direction | None
    left_out: LeftOut | None
    range: Span

    @property
    def name(self) -> str:
        """Return for example ``slices.min_people``."""
        return ".".join(self.path)

    @property
    def numeric(self) -> bool:
        """Whether it is a number."""
        return bool({int, float, Decimal} & set(_types(self.field.annotation)))


def declaration(field: FieldInfo, path: tuple[str, ...]) -> Declaration:
    """Read what a field declares."""
    marker = next((m for m in field.metadata if isinstance(m, Stricter | Ordered | Neither)), None)
    if marker is None and set(_types(field.annotation)) <= {str, type(None)}:
        marker = Stricter.IDENTITY
    return Declaration(
        path=path,
        field=field,
        direction=marker,
        left_out=next((m for m in field.metadata if isinstance(m, LeftOut)), None),
        range=_range(field),
    )


def declarations(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[Declaration]:
    """Yield what every parameter declares, those of nested models too."""
    for name, field in model.model_fields.items():
        nested = nested_model(field)
        if nested is not None:
            yield from declarations(nested, (*path, field.alias or name))
        else:
            yield declaration(field, (*path, field.alias or name))


def nested_model(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model that a field holds, or ``None``."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def undeclared(model: type[BaseModel]) -> tuple[str, ...]:
    """Return what the parameters of a check fail to declare, a sentence each; empty where nothing."""
    told = []
    for one in declarations(model):
        if one.direction is None:
            told.append(f"`{one.name}` does not say which value is stricter")
        if one.numeric and (one.range.low is None or one.range.high is None):
            told.append(f"`{one.name}` has no hard range (`ge` or `gt`, and `le` or `lt`)")
        optional = type(None) in _types(one.field.annotation)
        compared = one.direction is not Stricter.IDENTITY and not isinstance(one.direction, Neither)
        if optional and compared and one.left_out is None:
            told.append(f"`{one.name}` does not say what leaving it out means")
        told += [f"`{one.name}`: {fault}" for fault in _misfits(one)]
    return tuple(told)


_FITS: dict[Stricter, set[type]] = {
    Stricter.HIGHER: {int, float, Decimal},
    Stricter.LOWER: {int, float, Decimal},
    Stricter.TRUE: {bool},
    Stricter.FALSE: {bool},
    Stricter.SUPERSET: {tuple, list, set, frozenset},
    Stricter.SUBSET: {tuple, list, set, frozenset},
    Stricter.EACH_OF_ANY: {tuple, list},
}
"""Types of values that have such a direction; any other type has none but an order of choices."""


def _misfits(one: Declaration) -> Iterator[str]:
    """Say where the direction is not one that values of this type can have."""
    types = set(_types(one.field.annotation)) - {type(None)}
    choices = set(_choices(one.field.annotation))
    if isinstance(one.direction, Stricter) and not types <= _FITS.get(one.direction, types):
        yield f"`{one.direction.value}` does not fit its type"
    if isinstance(one.direction, Ordered) and set(one.direction.values) != choices:
        yield "the order is not over its choices"


class _Choice:
    """Stands for a value out of a few that are named."""


def _types(annotation: object) -> Iterator[type]:
    """Yield the types that a value may have; containers by themselves, whatever they hold."""
    origin = get_origin(annotation)
    if origin is Literal or (isinstance(annotation, type) and issubclass(annotation, Enum)):
        yield _Choice
    elif isinstance(origin, type) and issubclass(origin, Collection):
        yield origin
    elif get_args(annotation):
        for inner in get_args(annotation):
            yield from _types(inner)
    else:
        yield annotation if isinstance(annotation, type) else object


def _choices(annotation: object) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    else:
        for inner in get_args(annotation):
            yield from _choices(inner)


def _range(field: FieldInfo) -> Span:
    """Return the bounds of a field, which pydantic keeps as objects with one of these attributes each."""
    found: dict[str, Decimal] = {}
    for bound in field.metadata:
        for name in ("ge", "gt", "le", "lt"):
            if not isinstance(bound, _Marker | LeftOut) and getattr(bound, name, None) is not None:
                found[name] = Decimal(str(getattr(bound, name)))
    return Span(
        low=found.get("gt", found.get("ge")),
        high=found.get("lt", found.get("le")),
        low_open="gt" in found,
        high_open="lt" in found,
    )
