import re

from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.tracking.names import clean, label, slug

PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@given(st.text(max_size=400))
def test_a_slug_is_a_plain_part_of_a_path(name):
    assert PART.fullmatch(slug(name))
    assert len(slug(name)) <= 100


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_names_never_share_a_slug(one, other):
    assert (slug(one) == slug(other)) == (one == other)


def test_a_name_that_stores_accept_stays_as_it_is():
    assert slug("EVL-01.b_2") == "EVL-01.b_2"


def test_a_label_stays_readable():
    assert label("Café für alle!") == "Cafe-fur-alle"
    assert label("招聘") == "unnamed"


@given(st.text(max_size=300), st.integers(1, 100))
def test_a_cleaned_value_fits_and_can_be_sent(value, limit):
    cleaned = clean(value, limit)
    assert len(cleaned) <= limit
    assert "\0" not in cleaned
    cleaned.encode("utf-8")
    assert clean("a\0b\ud800c\n", 10) == "abc\n"
