"""Numbers and truth values are taken only from what plainly is one."""

import re
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from hcgov.core.control import LimitSpec
from hcgov.core.plainly import NUMBER, Plainly, oddly_written


class Colour(StrEnum):
    RED = "red"


class Inner(Plainly):
    depth: int | None = None


class Sample(Plainly):
    count: Annotated[int, Field(ge=0)] = 0
    share: float = 0.0
    exact: Decimal = Decimal(0)
    sure: bool = False
    name: str = ""
    mode: Literal["1_0", "b"] = "b"
    colour: Colour = Colour.RED
    either: int | str = 0
    groups: dict[str, int] = Field(default_factory=dict)
    several: tuple[int, ...] = ()
    inner: Inner = Inner()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("count", "1_0"),
        ("count", " 3"),
        ("count", True),
        ("share", "1_0.5"),
        ("share", "٠.٥"),
        ("share", False),
        ("exact", "1_0"),
        ("sure", "no"),
        ("sure", "yes"),
        ("sure", 1),
        ("groups", {"a": True}),
        ("groups", {"a": "1_0"}),
        ("several", [1, "2_0"]),
        ("inner", {"depth": "1_0"}),
        ("inner", {"depth": True}),
    ],
)
def test_what_only_seems_to_be_a_value_is_refused(key: str, value: object):
    with pytest.raises(ValidationError):
        Sample.model_validate({key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("count", "30"),
        ("share", 1),
        ("share", "0.05"),
        ("exact", "1e-3"),
        ("sure", True),
        ("name", "no"),
        ("mode", "1_0"),
        ("colour", "red"),
        ("either", "1_0"),
        ("groups", {"a": 1}),
        ("inner", {"depth": None}),
    ],
)
def test_what_plainly_is_one_is_taken(key: str, value: object):
    assert Sample.model_validate({key: value})


@given(st.text(alphabet="0123456789.eE+-_ ٠infa", max_size=8))
def test_a_limit_in_text_is_taken_where_the_schema_of_editors_takes_it(text: str):
    try:
        LimitSpec(at_most=text)  # type: ignore[arg-type]  # text, as it is written
    except ValidationError:
        taken = False
    else:
        taken = True
    assert not (taken and oddly_written(text))
    number = re.fullmatch(NUMBER, text) is not None
    assert taken == (number and isfinite(float(text)))  # 1e310 is written as a number is, and is none
