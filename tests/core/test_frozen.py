"""Frozen records: as the standard library's frozen dataclasses behave, whatever their making costs."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.finding import Bound
from hcgov.core.frozen import frozen


@frozen
class _Light:
    name: str
    size: int = 0
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}:{self.size}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Standard:
    name: str
    size: int = 0
    tags: tuple[str, ...] = ()


_PARTS = st.fixed_dictionaries(
    {"name": st.text()}, optional={"size": st.integers(), "tags": st.tuples(st.text())}
)


@given(one=_PARTS, other=_PARTS)
def test_records_are_equal_hash_and_read_as_those_of_the_standard_library(one, other):
    light, standard = _Light(**one), _Standard(**one)
    assert repr(light) == repr(standard).replace("_Standard", "_Light")
    assert hash(light) == hash(standard)
    assert (light == _Light(**other)) is (standard == _Standard(**other))
    assert isinstance(light, _Light)


@pytest.mark.parametrize("name", ["name", "size", "strange"])
def test_nothing_can_be_assigned_or_deleted(name):
    light = _Light(name="a", size=1)
    with pytest.raises(FrozenInstanceError, match=name):
        setattr(light, name, 2)
    with pytest.raises(FrozenInstanceError, match=name):
        delattr(light, name)
    assert light == _Light(name="a", size=1)


def test_what_is_replaced_is_frozen_too_and_leaves_the_first_as_it_was():
    first = _Light(name="a", size=1)
    second = replace(first, size=2)
    assert (first.label, second.label) == ("a:1", "a:2")
    with pytest.raises(FrozenInstanceError):
        second.size = 3  # type: ignore[misc]  # that it is refused is the point
    assert replace(second, size=1) == first


def test_a_missing_or_strange_field_is_told_and_the_order_of_fields_is_no_interface():
    with pytest.raises(TypeError, match="name"):
        _Light(size=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="strange"):
        replace(_Light(name="a"), strange=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        _Light("a")  # type: ignore[misc]


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))],
    ids=["copy", "deep", "pickle"],
)
def test_copies_are_equal_and_frozen(again):
    bound = Bound(value=0.5, level=0.95, end="lower")
    assert again(bound) == bound
    with pytest.raises(FrozenInstanceError):
        again(bound).value = 1.0


def test_a_record_cannot_be_inherited_from():
    with pytest.raises(TypeError, match="inherited"):

        class _Heir(_Light):
            pass
