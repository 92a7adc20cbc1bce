"""What parameters declare: which value is stricter, and a hard range."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, create_model

from hcgov.core.direction import LeftOut, Neither, Ordered, Stricter, declarations, undeclared
from hcgov.core.slices import SliceChoice, SliceRules


class Firm(StrEnum):
    LOOSE = "loose"
    FIRM = "firm"


def _with(annotation: object, **bounds: object) -> type[BaseModel]:
    return create_model("Planted", planted=(annotation, Field(**bounds)))


@pytest.mark.parametrize(
    ("annotation", "bounds", "told"),
    [
        (int, {"ge": 1, "le": 9}, "which value is stricter"),
        (Annotated[float | None, LeftOut.LOOSEST], {"ge": 1, "le": 9}, "which value is stricter"),
        (bool, {}, "which value is stricter"),
        (tuple[str, ...], {}, "which value is stricter"),
        (dict[str, int], {}, "which value is stricter"),
        (Literal["a", "b"], {}, "which value is stricter"),
        (Firm, {}, "which value is stricter"),
        (Annotated[int, Stricter.HIGHER], {}, "hard range"),
        (Annotated[int, Stricter.HIGHER], {"ge": 1}, "hard range"),
        (Annotated[Decimal, Stricter.LOWER], {"lt": 1}, "hard range"),
        (Annotated[int, Neither("for a reason")], {}, "hard range"),
        (Annotated[int | None, Stricter.HIGHER], {"ge": 1, "le": 9}, "leaving it out"),
        (Annotated[bool, Stricter.HIGHER], {}, "does not fit"),
        (Annotated[int, Stricter.SUPERSET], {"ge": 1, "le": 9}, "does not fit"),
        (Annotated[Literal["a", "b"], Stricter.TRUE], {}, "does not fit"),
        (Annotated[Literal["a", "b"], Ordered(("a", "c"))], {}, "order is not over its choices"),
    ],
)
def test_what_is_not_declared_is_told(annotation: object, bounds: dict[str, object], told: str) -> None:
    (fault,) = undeclared(_with(annotation, **bounds))
    assert "`planted`" in fault
    assert told in fault


@pytest.mark.parametrize(
    ("annotation", "bounds"),
    [
        (str, {}),
        (str | None, {}),
        (Annotated[int, Stricter.HIGHER], {"ge": 1, "le": 9}),
        (Annotated[float | None, Stricter.LOWER, LeftOut.LOOSEST], {"gt": 0, "lt": 1}),
        (Annotated[Literal["a", "b"], Ordered(("b", "a"))], {}),
        (Annotated[Firm, Ordered(("loose", "firm"))], {}),
        (Annotated[bool, Stricter.FALSE], {}),
        (Annotated[tuple[tuple[str, ...], ...], Stricter.EACH_OF_ANY], {}),
        (Annotated[int | None, Neither("for a reason")], {"ge": 1, "le": 9}),
    ],
)
def test_what_is_declared_is_enough(annotation: object, bounds: dict[str, object]) -> None:
    assert undeclared(_with(annotation, **bounds)) == ()


def test_parameters_within_parameters_declare_too() -> None:
    outer = create_model("Outer", slices=(_with(int), Field()))
    assert [fault.partition(" ")[0] for fault in undeclared(outer)] == ["`slices.planted`"] * 2


@pytest.mark.parametrize("model", [SliceChoice, SliceRules])
def test_slices_declare_all(model: type[BaseModel]) -> None:
    assert undeclared(model) == ()
    ranges = {one.name: str(one.range) for one in declarations(model)}
    assert ranges["coverage"] == "above 0 and at most 1"
    assert ranges["cross"] == "at least 1 and at most 3"


def test_editors_see_the_direction_in_the_schema() -> None:
    properties = SliceChoice.model_json_schema()["properties"]
    assert properties["min_people"]["stricter"] == "higher"
    assert _with(Annotated[int, Neither("why")]).model_json_schema()["properties"]["planted"] == {
        "title": "Planted",
        "type": "integer",
        "stricter": "neither",
        "why_neither": "why",
    }
