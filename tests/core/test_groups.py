"""Names that read alike: one reading, whatever the alphabet, the case or the form of the letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.confusables import LATIN, in_latin
from hcgov.core.groups import look_alikes

NAMES = st.text("aAbBоОаАвВ Νν\u200b", min_size=1, max_size=4)


@pytest.mark.parametrize(("letter", "latin"), sorted(LATIN.items()))
def test_every_letter_of_the_table_is_one_group_with_the_latin_one(letter: str, latin: str) -> None:
    # Both sides of the table are single characters that normal forms leave alone, or the table is never reached.
    assert unicodedata.normalize("NFKD", letter) == letter
    assert latin.isascii()
    assert look_alikes([letter, latin]) == ((latin, letter),)
    assert look_alikes([f"group {letter}", f"GROUP {latin}"]) != ()


@pytest.mark.parametrize(
    "names",
    [
        ("F", "M"),
        ("женщины", "мужчины"),
        ("ж", "м"),
        ("0", "O"),
        ("1", "l"),
        ("東", "西"),
        ("ü", "u"),
        ("α", "β"),
    ],
)
def test_different_names_stay_different(names: tuple[str, str]) -> None:
    assert look_alikes(names) == ()


@given(st.lists(NAMES, max_size=8))
def test_no_name_stands_in_two_sets_and_order_plays_no_part(names: list[str]) -> None:
    found = look_alikes(names)
    flat = [name for alike in found for name in alike]
    assert len(flat) == len(set(flat))
    assert found == look_alikes(reversed(names))


@given(NAMES, NAMES)
def test_names_that_are_the_same_in_latin_letters_and_small_ones_read_alike(one: str, other: str) -> None:
    same = in_latin(one).casefold().split() == in_latin(other).casefold().split()
    visible = "\u200b" not in one + other
    if one != other and same and visible:
        assert look_alikes([one, other])
