"""What is stricter: each field by its direction, and the laws of an order over all of them."""

from itertools import permutations
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from hcgov.core.control import ControlSpec
from hcgov.core.direction import LeftOut, Neither, Ordered, Stricter
from hcgov.core.relation import Change, Relation
from hcgov.core.slices import SliceChoice
from hcgov.core.strictness import compare, stricter_or_equal

SPEC: dict[str, object] = {
    "id": "X-1",
    "title": "A control",
    "stage": "evaluation",
    "check": "evaluation.rate_gap@1",
    "limit": {"at_most": "0.10"},
    "severity": "high",
    "enforcement": "overridable",
    "why": "people",
    "fix": "mend",
    "source": "convention",
    "supports": ("a:1", "a:2"),
}
TIGHTEN, LOOSEN, NEUTRAL, INCOMPARABLE = Relation


class Parameters(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = "t"
    higher: Annotated[int, Stricter.HIGHER] = Field(default=10, ge=1, le=20)
    lower: Annotated[float | None, Stricter.LOWER, LeftOut.LOOSEST] = Field(default=None, ge=0, le=1)
    must: Annotated[bool, Stricter.TRUE] = False
    may: Annotated[bool, Stricter.FALSE] = False
    required: Annotated[tuple[str, ...], Stricter.SUPERSET] = ("a",)
    allowed: Annotated[tuple[str, ...], Stricter.SUBSET] = ("a", "b")
    sections: Annotated[tuple[tuple[str, ...], ...], Stricter.EACH_OF_ANY] = (("a", "b"),)
    choice: Annotated[Literal["low", "middle", "high"], Ordered(("low", "middle", "high"))] = "middle"
    bins: Annotated[int, Neither("a reason")] = Field(default=5, ge=1, le=9)
    slices: SliceChoice = SliceChoice()


def _spec(change: dict[str, object] | None = None, **with_: object) -> ControlSpec:
    return ControlSpec.model_validate(SPEC | {"with": with_} | (change or {}))


def _changes(old: ControlSpec | None, new: ControlSpec | None) -> tuple[Change, ...]:
    return compare(old, new, params=Parameters, major=1)


@pytest.mark.parametrize(
    ("old", "new", "field", "found"),
    [
        ({}, {"limit": {"at_most": "0.09"}}, "limit.at_most", TIGHTEN),
        ({}, {"limit": {"at_least": "0.10"}}, "limit", INCOMPARABLE),
        ({}, {"limit": None}, "limit", LOOSEN),
        ({"limit": {"at_least": "0.80"}}, {"limit": {"at_least": "0.81"}}, "limit.at_least", TIGHTEN),
        ({}, {"limit": {"at_most": "0.10", "confidence": "0.96"}}, "limit.confidence", TIGHTEN),
        ({}, {"narrow": {"at_most": "0.05"}}, "narrow", TIGHTEN),
        ({"narrow": {"at_most": "0.05"}}, {"narrow": {"at_most": "0.06"}}, "narrow.at_most", LOOSEN),
        ({}, {"enforcement": "mandatory"}, "enforcement", TIGHTEN),
        ({}, {"enforcement": "advisory"}, "enforcement", LOOSEN),
        ({}, {"enforcement": {"high": "mandatory", "else": "overridable"}}, "enforcement.high", TIGHTEN),
        ({}, {"enforcement": {"low": "advisory", "else": "overridable"}}, "enforcement.low", LOOSEN),
        ({}, {"severity": "critical"}, "severity", TIGHTEN),
        ({}, {"safety": "strict"}, "safety", TIGHTEN),
        ({}, {"small_slices": "list", "small_slices_reason": ""}, "small_slices", LOOSEN),
        ({}, {"title": "Another title"}, "title", NEUTRAL),
        ({}, {"why": "other people"}, "why", NEUTRAL),
        ({}, {"fix": "mend it"}, "fix", NEUTRAL),
        ({}, {"source": "paper"}, "source", NEUTRAL),
        ({}, {"supports": ("a:1",)}, "supports", NEUTRAL),
        ({}, {"stage": "data"}, "stage", INCOMPARABLE),
        ({}, {"id": "X-2"}, "id", INCOMPARABLE),
        ({}, {"check": "evaluation.rate_gap@2"}, "check", INCOMPARABLE),
        ({}, {"check": "evaluation.slice_deficit@1"}, "check", INCOMPARABLE),
    ],
)
def test_each_field_has_its_direction(
    old: dict[str, object], new: dict[str, object], field: str, found: Relation
) -> None:
    reasoned = {"small_slices_reason": "Few are asked."}
    before, after = _spec(old | reasoned), _spec(old | new | reasoned)
    (there,) = _changes(before, after)
    assert (there.field, there.relation) == (field, found)
    (back,) = _changes(after, before)
    assert (back.field, back.relation, back.old, back.new) == (field, found.reversed, there.new, there.old)


@pytest.mark.parametrize(
    ("old", "new", "field", "found"),
    [
        ({}, {"higher": 11}, "higher", TIGHTEN),
        ({}, {"higher": 9}, "higher", LOOSEN),
        ({}, {"lower": 1}, "lower", TIGHTEN),
        ({"lower": 0.2}, {"lower": 0.1}, "lower", TIGHTEN),
        ({}, {"must": True}, "must", TIGHTEN),
        ({}, {"may": True}, "may", LOOSEN),
        ({}, {"required": ["b", "a"]}, "required", TIGHTEN),
        ({}, {"required": ["b"]}, "required", INCOMPARABLE),
        ({}, {"allowed": ["b"]}, "allowed", TIGHTEN),
        ({}, {"allowed": ["b", "a"]}, "allowed", NEUTRAL),
        ({}, {"sections": [["a"]]}, "sections", TIGHTEN),
        ({}, {"sections": [["a"], ["c"]]}, "sections", TIGHTEN),
        ({}, {"sections": [["a", "b", "c"]]}, "sections", LOOSEN),
        ({}, {"sections": [["c"]]}, "sections", INCOMPARABLE),
        ({}, {"choice": "high"}, "choice", TIGHTEN),
        ({}, {"choice": "low"}, "choice", LOOSEN),
        ({}, {"bins": 6}, "bins", INCOMPARABLE),
        ({}, {"table": "u"}, "table", INCOMPARABLE),
        ({}, {"slices": {"min_people": 1}}, "slices.min_people", TIGHTEN),
        ({}, {"slices": {"by": ["sex"]}}, "slices.by", INCOMPARABLE),
        ({"slices": {"by": ["sex", "age"]}}, {"slices": {"by": ["sex"]}}, "slices.by", LOOSEN),
        ({}, {"slices": {"cross": 2}}, "slices.cross", INCOMPARABLE),
        ({}, {"slices": {"cross": 3}}, "slices.cross", TIGHTEN),
        ({}, {"slices": {"cross": 1}}, "slices.cross", LOOSEN),
    ],
)
def test_each_parameter_goes_by_what_it_declares(
    old: dict[str, object], new: dict[str, object], field: str, found: Relation
) -> None:
    (there,) = _changes(_spec(**old), _spec(**new))
    assert (there.field, there.relation) == (f"with.{field}", found)
    (back,) = _changes(_spec(**new), _spec(**old))
    assert back.relation is found.reversed


def test_what_is_written_otherwise_and_means_the_same_is_no_change() -> None:
    told = _spec({"enforcement": {"else": "overridable"}, "limit": {"at_most": 0.1}}, higher=10, slices={})
    assert _changes(_spec({"check": "evaluation.rate_gap"}), told) == ()


def test_what_a_check_that_is_not_installed_declares_is_not_known() -> None:
    (one,) = compare(_spec(higher=10), _spec(higher=11), params=None)
    assert (one.field, one.relation, one.old, one.new) == ("with.higher", INCOMPARABLE, "10", "11")
    (unfit,) = _changes(_spec(higher="${most}"), _spec(higher=11))
    assert unfit.relation is INCOMPARABLE


def test_a_control_that_is_gone_or_disabled_is_looser() -> None:
    assert [c.relation for c in _changes(_spec(), None)] == [LOOSEN]
    assert [c.relation for c in _changes(None, _spec())] == [TIGHTEN]
    assert _changes(None, None) == ()


def test_a_clause_that_is_supported_no_longer_is_told() -> None:
    (one,) = _changes(_spec(), _spec({"supports": ("a:2", "a:3")}))
    assert (one.relation, one.note) == (NEUTRAL, "no longer supports a:1")


def test_more_people_are_no_stricter_where_small_slices_are_only_listed() -> None:
    listed = {"small_slices": "list", "small_slices_reason": "Few are asked."}
    old, new = ({"slices": {"min_people": n}} for n in (30, 1000))
    (one,) = _changes(_spec(listed, **old), _spec(listed, **new))
    assert (one.relation, "not judged" in one.note) == (INCOMPARABLE, True)
    assert stricter_or_equal(_spec(listed, **old), _spec(None, **new), params=Parameters)


def test_a_field_that_nothing_is_known_of_may_loosen() -> None:
    class Later(ControlSpec):
        later: int = 0

    known = set(ControlSpec.model_fields)
    old, new = (Later.model_validate(SPEC | {"later": n}) for n in (0, 1))
    ControlSpec.model_fields["later"] = Later.model_fields["later"]
    try:
        (one,) = _changes(old, new)
    finally:
        del ControlSpec.model_fields["later"]
    assert (one.field, one.relation) == ("later", INCOMPARABLE)
    assert set(ControlSpec.model_fields) == known


def _some(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


_names = st.lists(st.sampled_from("abc"), max_size=3)
_columns = st.lists(st.sampled_from("abc"), min_size=1, max_size=2)
_each = {
    "table": st.sampled_from("tu"),
    "higher": st.integers(9, 11),
    "lower": _some(st.sampled_from([0.1, 0.2])),
    "must": st.booleans(),
    "may": st.booleans(),
    "required": _names,
    "allowed": _names,
    "sections": st.lists(_columns, max_size=2),
    "choice": st.sampled_from(["low", "middle", "high"]),
    "bins": st.integers(5, 6),
    "slices": st.fixed_dictionaries(
        {},
        optional={
            "by": _some(_columns),
            "cross": _some(st.integers(1, 3)),
            "min_people": _some(st.integers(1, 3)),
        },
    ),
}
_with = st.sampled_from(sorted(_each)).flatmap(lambda name: st.fixed_dictionaries({name: _each[name]}))
_firm = st.sampled_from(["advisory", "overridable", "mandatory"])
_limit = st.fixed_dictionaries(
    {"at_most": st.sampled_from(["0.1", "0.2"])}, optional={"confidence": st.sampled_from(["0.9", "0.95"])}
)
_fields = {
    "with": _with,
    "check": st.sampled_from(["evaluation.rate_gap", "evaluation.rate_gap@1", "evaluation.rate_gap@2"]),
    "limit": _some(_limit | st.just({"at_least": "0.1"})),
    "narrow": _some(st.sampled_from([{"at_most": "0.05"}, {"at_most": "0.06"}, {"at_least": "0.2"}])),
    "severity": st.sampled_from(["low", "high"]),
    "enforcement": _firm | st.fixed_dictionaries({"else": _firm}, optional={"high": _firm, "low": _firm}),
    "safety": st.sampled_from(["standard", "strict"]),
    "small_slices": st.sampled_from(["judge", "list"]),
    "title": st.sampled_from(["A title", "Another title"]),
    "supports": st.lists(st.sampled_from(["a:1", "a:2"]), max_size=2),
}


def _steps(draw: st.DrawFn) -> tuple[ControlSpec | None, ...]:
    """Three controls that differ in few fields, so that orders between them are not rare."""
    given, told = dict(SPEC, small_slices_reason="Few are asked."), []
    for _ in range(3):
        for key in draw(st.lists(st.sampled_from(sorted(_fields)), min_size=1, max_size=2)):
            given[key] = draw(_fields[key])
        told.append(ControlSpec.model_validate(given) if draw(st.integers(0, 9)) else None)
    return tuple(told)


_controls = st.composite(_steps)()


def _at_least(old: ControlSpec | None, new: ControlSpec | None) -> bool:
    return stricter_or_equal(old, new, params=Parameters, major=1)


@given(_controls)
def test_it_is_an_order(controls: tuple[ControlSpec | None, ...]) -> None:
    assert all(_changes(one, one) == () for one in controls)
    for first, second, third in permutations(controls):
        if _at_least(first, second) and _at_least(second, third):
            assert _at_least(first, third)
        if _at_least(first, second) and _at_least(second, first):
            assert {one.relation for one in _changes(first, second)} <= {NEUTRAL}


@given(_controls)
def test_undoing_a_change_undoes_what_it_did(controls: tuple[ControlSpec | None, ...]) -> None:
    first, second, _ = controls
    there = {one.path: one.relation for one in _changes(first, second)}
    back = {one.path: one.relation.reversed for one in _changes(second, first)}
    assert there == back
