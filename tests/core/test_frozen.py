"""Frozen records: as the standard library's frozen dataclasses behave, whatever their making costs."""

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from functools import cached_property

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.finding import Bound
from hcgov.core.frozen import compact, frozen
from hcgov.core.limit import Limit, Side


@frozen
class _Plain:
    name: str
    size: int = 0
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}:{self.size}"


@compact
class _Compact:
    name: str
    size: int = 0
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}:{self.size}"


@dataclass(frozen=True, kw_only=True)
class _Standard:
    name: str
    size: int = 0
    tags: tuple[str, ...] = ()


class NoTruth:
    """What is compared element by element, and the comparison has a truth of its own."""

    __hash__ = None  # type: ignore[assignment]  # as an array has none

    def __eq__(self, other: object) -> object:  # type: ignore[override]  # as an array's is no truth
        return [True]


_PARTS = st.fixed_dictionaries(
    {"name": st.text()}, optional={"size": st.integers(), "tags": st.tuples(st.text())}
)
both = pytest.mark.parametrize("kind", [_Plain, _Compact], ids=["frozen", "compact"])


@both
@given(one=_PARTS, other=_PARTS)
def test_records_are_equal_hash_and_read_as_those_of_the_standard_library(kind, one, other):
    light, standard = kind(**one), _Standard(**one)
    assert repr(light) == repr(standard).replace("_Standard", kind.__name__)
    assert hash(light) == hash(standard)
    assert (light == kind(**other)) is (standard == _Standard(**other))
    assert asdict(light) == asdict(standard)
    assert isinstance(light, kind)
    assert is_dataclass(light)
    assert light != standard


@both
@pytest.mark.parametrize("name", ["name", "size", "strange"])
def test_nothing_can_be_assigned_or_deleted(kind, name):
    light = kind(name="a", size=1)
    with pytest.raises(FrozenInstanceError, match=name):
        setattr(light, name, 2)
    with pytest.raises(FrozenInstanceError, match=name):
        delattr(light, name)
    assert light == kind(name="a", size=1)


@both
def test_what_is_replaced_is_frozen_too_and_leaves_the_first_as_it_was(kind):
    first = kind(name="a", size=1)
    second = replace(first, size=2)
    assert (first.label, second.label) == ("a:1", "a:2")
    with pytest.raises(FrozenInstanceError):
        second.size = 3
    assert replace(second, size=1) == first


@both
def test_a_missing_or_strange_field_is_told_and_the_order_of_fields_is_no_interface(kind):
    with pytest.raises(TypeError, match=r"missing .*name"):
        kind(size=1)
    with pytest.raises(TypeError, match=r"unexpected .*strange"):
        replace(kind(name="a"), strange=1)
    with pytest.raises(TypeError, match="positional"):
        kind("a")


@both
@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))],
    ids=["copy", "deep", "pickle"],
)
def test_copies_are_equal_and_frozen(kind, again):
    light = kind(name="a", tags=("b",))
    assert again(light) == light
    with pytest.raises(FrozenInstanceError):
        again(light).name = "c"


def test_a_compact_record_cannot_be_inherited_from():
    with pytest.raises(TypeError, match="inherited"):

        class _Heir(_Compact):
            pass


def test_a_frozen_record_can_and_its_heir_has_the_fields_of_both():
    @frozen
    class Heir(_Plain):
        more: float = 0.5

    heir = Heir(name="a")
    assert [one.name for one in fields(Heir)] == ["name", "size", "tags", "more"]
    assert (heir.label, heir.more) == ("a:0", 0.5)
    assert heir != _Plain(name="a")
    with pytest.raises(FrozenInstanceError):
        heir.more = 1.0


def test_what_a_field_says_of_itself_holds_as_in_the_standard_library():
    def described(make):
        @make
        class Described:
            of: tuple[int, ...]
            made: list[int] = field(default_factory=list)
            aside: int = field(default=0, compare=False)
            loose: dict[str, int] = field(default_factory=dict, hash=False)
            hidden: int = field(default=0, repr=False)

        return Described

    ours, standard = described(frozen), described(dataclass(frozen=True, kw_only=True))
    for kind in (ours, standard):
        one, other = kind(of=(1,)), kind(of=(1,), aside=2)
        assert one == other
        assert one.made == []
        assert one.made is not other.made
        assert one != kind(of=(1,), loose={"a": 1})
        with pytest.raises(TypeError, match="unhashable"):  # of the list, which counts; the mapping does not
            hash(one)
        assert hash(kind(of=(1,), made=())) == hash(((1,), (), 0))  # type: ignore[arg-type]  # what counts
    assert repr(ours(of=(1,), hidden=3)) == repr(standard(of=(1,), hidden=3))
    assert "hidden" not in repr(ours(of=()))


def test_fields_may_have_any_name_and_the_last_word_is_the_class_s_own():
    @frozen
    class Named:
        values: int
        names: int = 1
        cls: int = 2

        def __post_init__(self) -> None:
            if self.values < 0:
                raise ValueError("below zero")

        def __repr__(self) -> str:
            return "mine"

        @cached_property
        def twice(self) -> int:
            return 2 * self.values

    named = Named(values=4)
    assert (named.values, named.names, named.cls, named.twice) == (4, 1, 2, 8)
    assert named == Named(values=4)  # what is kept beside the fields is no part of it
    assert repr(named) == "mine"
    with pytest.raises(ValueError, match="below zero"):
        Named(values=-1)


def test_a_record_of_one_field_compares_it_as_a_tuple_does():
    @frozen
    class One:
        of: object

    @dataclass(frozen=True, kw_only=True)
    class Standard:
        of: object

    nan = float("nan")
    assert One(of=nan) == One(of=nan)
    assert Standard(of=nan) == Standard(of=nan)
    assert hash(One(of=1)) == hash(Standard(of=1))
    assert (One(of=NoTruth()) == One(of=NoTruth())) is True


def test_a_record_without_fields_is_equal_to_any_other_of_its_class():
    @frozen
    class Nothing:
        pass

    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(())
    with pytest.raises(TypeError, match="unexpected"):
        Nothing(more=1)  # type: ignore[call-arg]  # a field that it has not is what is tried


def test_an_heir_s_own_check_is_made_and_an_own_equality_leaves_the_hash():
    @frozen
    class Checked:  # noqa: PLW1641 - that the decorator gives it a hash is the point
        size: int

        def __post_init__(self) -> None:
            pass

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Checked)

    class Heir(Checked):
        def __post_init__(self) -> None:
            raise ValueError("looked at")

    assert Checked(size=1) == Checked(size=2)
    assert hash(Checked(size=1)) == hash((1,))
    with pytest.raises(ValueError, match="looked at"):
        Heir(size=1)


def test_a_field_that_cannot_be_given_is_refused_when_the_class_is_made():
    with pytest.raises(TypeError, match="is given or has a default"):

        @frozen
        class Odd:
            size: int = field(default=0, init=False)


def test_a_record_that_holds_itself_can_be_shown():
    inside: list[object] = []
    one = _Plain(name="a", tags=inside)  # type: ignore[arg-type]  # a list that can be filled later
    inside.append(one)
    assert repr(one) == "_Plain(name='a', size=0, tags=[...])"


@pytest.mark.parametrize(
    "one", [Bound(value=0.5, level=0.95, end="lower"), Limit(side=Side.AT_MOST, value="0.1")], ids=repr
)
def test_the_product_s_own_records_are_frozen(one):
    assert replace(one) == one
    with pytest.raises(FrozenInstanceError):
        setattr(one, fields(one)[0].name, None)
