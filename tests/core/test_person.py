"""Who may be whom: spellings of one name share a reading, different names do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.person import readings, same_person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "ВОВ@acme.example",
            "вов@acme.example",
        ),  # Cyrillic both: alike as capitals, and the same as small letters
        ("ВОВ@acme.example", "bob@acme.example"),
        ("Jane Doe", "JANE  DOE"),
        ("Jáne Doe", "Jane\u00a0Doe"),
        ("jane@acme.example.", "jane@acme.example"),
        ("Ｊane@acme.example", "jane@acme.example"),
        ("b1ll@acme.example", "bIll@acme.example"),
        ("mailto:jane+x+y@acme.example", "<jane@ACME.example>"),
        ("cro@acme.example <jane@acme.example>", "jane@acme.example"),
        ('"jane"@acme.example', "jane@acme.example"),
        ("jane (at) acme.example", "jane@acme.example"),
    ],
)
def test_spellings_of_one_name_are_one_person(one: str, other: str):
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tim@acme.example", "tom@acme.example"),
        ("jane@acme.example", "jane@other.example"),
        ("Jane Doe", "Jane Roe"),
        ("мария@acme.example", "марина@acme.example"),
    ],
)
def test_different_names_are_different_people(one: str, other: str):
    assert not same_person(one, other)


@given(st.text(max_size=20))
def test_everybody_is_themselves(name: str):
    assert same_person(name, name)
    assert same_person(name, f" {name}\u200b")
    assert readings(name)
