"""Which attempt a look is: the same look is the same attempt, and another one comes after all before it."""

from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.attempts import Look, place_of, places

looks = st.builds(
    Look,
    at=st.sampled_from([("answers",), ("answers:2027",), ("answers", "labels")]),
    data=st.sampled_from("abcdef"),
)


@given(st.lists(looks), looks)
def test_a_look_keeps_its_place_whatever_comes_after(earlier: list[Look], look: Look) -> None:
    first = place_of(look, earlier)
    assert place_of(look, [*earlier, look]) == first
    assert place_of(look, [*earlier, look, *earlier]) == first


@given(st.lists(looks))
def test_places_at_the_same_labels_are_counted_without_gaps(taken: list[Look]) -> None:
    found: dict[tuple[str, ...], set[int]] = {}
    for index, look in enumerate(taken):
        found.setdefault(look.at, set()).add(place_of(look, taken[:index]))
    for numbers in found.values():
        assert numbers == set(range(1, len(numbers) + 1))


def test_labels_of_another_sample_start_anew() -> None:
    before = [Look(at=("answers",), data=data) for data in "abc"]
    assert places([Look(at=("answers",), data="d"), Look(at=("answers:2027",), data="d")], before) == {
        ("answers",): 4,
        ("answers:2027",): 1,
    }
