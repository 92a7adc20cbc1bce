"""Numbers and truth values as people write them: what merely could be read as one is refused.

YAML 1.2 hands on ``no``, ``1_0`` and ``12:30:00`` as text, and ``true`` is no number. Python's own conversions would
take some of these all the same.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"
"""A finite number as text, as a regular expression of JSON Schema."""

_NUMBERS = frozenset({int, float, Decimal})
_ODD = "a number is written in digits, such as 10 or 0.10, without `_`, blanks or other signs"


def oddly_written(text: str) -> bool:
    """Whether a text is no plain number, although conversion might read one in it.

    >>> oddly_written("0.10"), oddly_written("1_0"), oddly_written(" 3")
    (False, True, True)
    """
    return "_" in text or not text.isascii() or text != text.strip()


def in_digits(value: object) -> object:
    """Return a value as it is, unless it is text that only seems to be a number.

    Raises
    ------
    ValueError
        Digits are joined by ``_``, stand among blanks, or are those of another script.
    """
    if isinstance(value, str) and oddly_written(value):
        raise ValueError(_ODD)
    return value


def whole(value: object) -> object:
    """Return a value as it is, unless it is ``true``, ``false`` or a fraction, which Python takes for whole numbers.

    Raises
    ------
    ValueError
        It is one of these.
    """
    if isinstance(value, bool | float):
        raise ValueError(f"a whole number is needed here, not {str(value).lower()}")
    return value


class Plainly(BaseModel):
    """A model whose numbers and truth values are taken only from what plainly is one."""

    model_config = ConfigDict(defer_build=True)

    @field_validator("*", mode="before")
    @classmethod
    def _plainly(cls, value: object, info: ValidationInfo) -> object:
        field = cls.model_fields.get(info.field_name or "")
        if field is not None:
            for one in _plain_values(value):
                _hold(one, _types_of(cls, info.field_name or ""))
        return value


def _plain_values(value: object) -> Iterator[bool | int | str]:
    if isinstance(value, bool | int | str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _plain_values(inner)


def _hold(value: bool | int | str, types: frozenset[type]) -> None:
    numeric = bool(types & _NUMBERS)
    if isinstance(value, bool):
        if numeric and bool not in types:
            raise ValueError(f"a number is needed here, not {str(value).lower()}")
    elif bool in types and not numeric and str not in types:
        raise ValueError("write `true` or `false`")
    elif numeric and str not in types:
        in_digits(value)


@lru_cache(maxsize=4096)
def _types_of(model: type[BaseModel], name: str) -> frozenset[type]:
    return frozenset(_leaves(model.model_fields[name].annotation))


def _leaves(annotation: object) -> Iterator[type]:
    """Yield the types of the plain values in a field; for choices and models, none that a number could be."""
    origin = get_origin(annotation)
    if origin is Literal or (isinstance(annotation, type) and issubclass(annotation, Enum | BaseModel)):
        yield str
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _leaves(get_args(annotation)[1])
    elif origin is not None:
        for inner in get_args(annotation):
            yield from _leaves(inner)
    elif isinstance(annotation, type):
        yield annotation
