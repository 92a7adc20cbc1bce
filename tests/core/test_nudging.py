"""Numbers moved by one unit, and what that does to a control."""

from decimal import Decimal
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from hcgov.core.control import ControlSpec
from hcgov.core.direction import Stricter
from hcgov.core.limit import limits
from hcgov.core.nudging import Nudge, nudge, nudges, unit
from hcgov.core.relation import Relation
from hcgov.core.slices import SliceChoice
from hcgov.core.span import Span

LIMITS = limits("gap", at_most="[0, 1)")


class Parameters(BaseModel):
    share: Annotated[float, Stricter.LOWER] = Field(default=0.05, ge=0, le=1)
    people: Annotated[int, Stricter.HIGHER] = Field(default=30, ge=1, le=100)
    slices: SliceChoice = SliceChoice()


def _spec(**given_: object) -> ControlSpec:
    told = {"id": "X-1", "title": "A control", "stage": "evaluation", "check": "evaluation.rate_gap@1"}
    told |= {"severity": "high", "enforcement": "overridable", "why": "people", "fix": "mend"}
    return ControlSpec.model_validate({**told, "source": "paper", **given_})


def _moves(spec: ControlSpec) -> dict[tuple[str, str], Nudge]:
    return {
        (".".join(map(str, one.path)), str(one.new)): one
        for one in nudges(spec, params=Parameters, limits=LIMITS)
    }


@pytest.mark.parametrize(
    ("written", "one"), [("0.10", "0.01"), ("0.1", "0.1"), ("30", "1"), ("1E+3", "1"), ("-0.250", "0.001")]
)
def test_the_unit_is_that_of_the_last_digit(written: str, one: str) -> None:
    assert unit(Decimal(written)) == Decimal(one)


def test_each_written_number_is_moved_down_and_up_and_the_move_is_told() -> None:
    limit = {"at_most": "0.10", "confidence": "0.95"}
    spec = _spec(
        limit=limit, narrow={"at_most": "0.06"}, **{"with": {"share": "0.20", "slices": {"min_people": 20}}}
    )
    found = {key: one.relation for key, one in _moves(spec).items()}
    tighten, loosen = Relation.TIGHTEN, Relation.LOOSEN
    assert found == {
        ("limit.at_most", "0.09"): tighten,
        ("limit.at_most", "0.11"): loosen,
        ("limit.confidence", "0.94"): loosen,
        ("limit.confidence", "0.96"): tighten,
        ("narrow.at_most", "0.05"): tighten,
        ("narrow.at_most", "0.07"): loosen,
        ("with.share", "0.19"): tighten,
        ("with.share", "0.21"): loosen,
        ("with.slices.min_people", "19"): loosen,
        ("with.slices.min_people", "21"): tighten,
    }
    assert _moves(spec)["limit.at_most", "0.09"].spec.limit_value().value == Decimal("0.09")
    assert _moves(spec)["with.slices.min_people", "21"].spec.with_ == {
        "share": "0.20",
        "slices": {"min_people": 21},
    }


def test_no_move_leaves_the_hard_range_or_makes_a_mistake() -> None:
    spec = _spec(limit={"at_most": "0.9"}, narrow={"at_most": "0.9"}, **{"with": {"people": 1, "share": 1}})
    # The limit may not go to 1.0, which never fails; nor below `narrow`, nor `narrow` above it.
    assert set(_moves(spec)) == {
        ("narrow.at_most", "0.8"),
        ("with.people", "2"),
        ("with.share", "0"),
    }


def test_what_is_no_number_yet_is_not_moved() -> None:
    assert _moves(_spec(**{"with": {"share": "${most}", "people": True}})) == {}


@given(st.decimals("0", "1", places=3), st.booleans())
def test_moving_there_and_back_is_not_moving(value: Decimal, up: bool) -> None:
    within = Span.of("[0, 1]")
    moved = nudge(value, up=up, within=within)
    if moved is None:
        assert value in (0, 1)
    else:
        assert nudge(moved, up=not up, within=within) == value
