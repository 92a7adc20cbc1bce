"""YAML 1.2 with places: what is read, what is refused, and where the finger points."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.yaml import CODES, parse, plain_scalar


def mistakes_in(text: str | bytes) -> tuple[Mistake, ...]:
    with pytest.raises(AuthoringError) as raised:
        parse(text if isinstance(text, bytes) else text.encode(), "hcgov.yaml")
    return raised.value.mistakes


def codes_in(text: str | bytes) -> list[str]:
    return [mistake.code for mistake in mistakes_in(text)]


# Oracle: YAML 1.2.2 section 10.3.2, core schema, with its own example 10.9.
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("0o7", 7),
        ("0x3A", 58),
        ("-19", -19),
        ("+12", 12),
        ("007", 7),
        ("0.", 0.0),
        ("-0.0", -0.0),
        (".5", 0.5),
        ("+12e03", 12000.0),
        ("-2E+05", -200000.0),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("1_0", "1_0"),
        ("12:30:00", "12:30:00"),
        ("2024-01-01", "2024-01-01"),
        ("0b1", "0b1"),
        ("1e", "1e"),
        ("٣", "٣"),
        ("1\n", "1\n"),
    ],
)
def test_a_plain_scalar_means_what_the_core_schema_says(written, value):
    found = plain_scalar(written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", [".nan", ".NaN", ".inf", "-.Inf", "+.INF", "1e999", "9" * 401])
def test_a_number_that_is_not_finite_or_exact_is_refused(written):
    assert codes_in(f"a: {written}") == ["HCG-Y012"]


def test_a_quoted_scalar_is_text():
    assert parse(b"a: '1'\nb: \"true\"\nc: ~\nd: |\n  1\n", "f").data == {
        "a": "1",
        "b": "true",
        "c": None,
        "d": "1\n",
    }


def test_the_place_of_an_entry_is_its_key_and_of_an_item_its_value():
    parsed = parse(b"name: x\nslices:\n  columns: [race, sex]\n", "hcgov.yaml")
    key, value = parsed.positions[("slices", "columns")], parsed.values[("slices", "columns")]
    assert (key.line, key.column, key.width, key.source) == (3, 3, 7, "  columns: [race, sex]")
    assert (value.line, value.column) == (3, 12)
    item = parsed.positions[("slices", "columns", 1)]
    assert (item.line, item.column, item.width) == (3, 19, 3)
    assert item == parsed.values[("slices", "columns", 1)]
    assert parsed.positions[()].line == 1


def test_places_survive_a_byte_order_mark_and_windows_line_ends():
    parsed = parse("\ufeffa: 1\r\nb:\r\n  c: é\r\n".encode(), "f")
    assert parsed.data == {"a": 1, "b": {"c": "é"}}
    place = parsed.values[("b", "c")]
    assert (place.line, place.column, place.source) == (3, 6, "  c: é")


def test_an_empty_key_has_a_place_of_its_own():
    parsed = parse(b'"": 1\na:\n  "": 2\n', "f")
    assert parsed.data == {"": 1, "a": {"": 2}}
    assert parsed.positions[("a", "")].line == 3


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "HCG-Y005", 3, 1),
        ("a:\n  caf\u00e9: 1\n  cafe\u0301: 2\n", "HCG-Y005", 3, 3),
        ("a: &x 1\n", "HCG-Y006", 1, 4),
        ("a: *x\n", "HCG-Y007", 1, 4),
        ("a: !!python/object:os.system ls\n", "HCG-Y008", 1, 4),
        ("a: !!str 1\n", "HCG-Y008", 1, 4),
        ("a:\n\tb: 1\n", "HCG-Y009", 2, 1),
        ("a: 1\n---\nb: 2\n", "HCG-Y010", 2, 1),
        ("1: a\n", "HCG-Y013", 1, 1),
        ("true: a\n", "HCG-Y013", 1, 1),
        ("? [a]\n: b\n", "HCG-Y013", 1, 3),
        ("lim\u200bit: 1\n", "HCG-Y014", 1, 1),
        ("a: 1\n\u202etimil: 1\n", "HCG-Y014", 2, 1),
        ("\u2066a\u2069: 1\n", "HCG-Y014", 1, 1),
        ("a\u3164: 1\n", "HCG-Y014", 1, 1),
        ("p\u043elicy: 1\n", "HCG-Y015", 1, 1),
        ("limi\u03c4: 1\n", "HCG-Y015", 1, 1),
        ("\uff4cimit: 1\n", "HCG-Y015", 1, 1),
        ("a: b: c\n", "HCG-Y001", 1, 5),
        ("a: [1, 2\n", "HCG-Y001", 2, 1),
        ("a: 1\nb: \u0007\n", "HCG-Y016", 2, 4),
        ('a: "\\ud83d"\n', "HCG-Y001", 1, 7),
        ('a: "\\UFFFFFFFF"\n', "HCG-Y001", 1, 7),
        ("%YAML 1.1\n---\na: no\n", "HCG-Y017", 1, 1),
        ("", "HCG-Y004", 1, 1),
        ("# only a comment\n", "HCG-Y004", 1, 1),
        ("---\n", "HCG-Y004", 1, 1),
    ],
)
def test_a_mistake_is_told_with_its_place(text, code, line, column):
    first = mistakes_in(text)[0]
    assert (first.code, first.where.line, first.where.column) == (code, line, column)
    assert first.where.file == "hcgov.yaml"
    assert first.where.source == text.lstrip("\ufeff").split("\n")[line - 1]


def test_all_mistakes_are_told_together():
    text = "a: &x 1\nb: *x\nb: 2\nc: .nan\n3: d\n"
    assert codes_in(text) == ["HCG-Y006", "HCG-Y007", "HCG-Y005", "HCG-Y012", "HCG-Y013"]


def test_a_file_full_of_mistakes_is_not_read_to_its_end():
    assert len(mistakes_in("".join(f"k{i}: &a x\n" for i in range(1000)))) == 50


@pytest.mark.parametrize("key", ["цель", "목적", "目的", "größe", "группа_a", "naïve", "الغرض", "προς"])
def test_keys_in_other_languages_are_welcome(key):
    assert parse(f"{key}: 1".encode(), "f").data == {key: 1}


def test_twenty_levels_are_read_and_one_more_is_refused():
    assert parse(b"[" * 20 + b"]" * 20, "f").data is not None
    assert codes_in("[" * 21 + "]" * 21) == ["HCG-Y011"]
    assert codes_in("[" * 100_000) == ["HCG-Y011"]


def test_a_file_larger_than_allowed_is_refused_before_it_is_parsed():
    assert parse(b"a: " + b"x" * 97, "f", max_bytes=100).data == {"a": "x" * 97}
    with pytest.raises(AuthoringError) as raised:
        parse(b"a: " + b"x" * 98, "f", max_bytes=100)
    assert raised.value.mistakes[0].code == "HCG-Y003"


def test_bytes_that_are_not_utf8_are_refused_with_their_place():
    mistake = mistakes_in("a: 1\nb: é\n".encode("latin-1"))[0]
    assert (mistake.code, mistake.where.line, mistake.where.column) == ("HCG-Y002", 2, 4)
    assert "UTF-16" in mistakes_in("a: 1".encode("utf-16"))[0].message


def test_a_character_may_be_escaped_but_not_as_a_surrogate_pair():
    assert parse(b'a: "\\U0001F600"', "f").data == {"a": "\U0001f600"}
    assert [m.code for m in mistakes_in('a: "\\ud83d\\ude00"')] == ["HCG-Y001"]


def test_a_merge_key_is_a_key_like_any_other():
    assert parse(b"<<: {a: 1}", "f").data == {"<<": {"a": 1}}


def test_every_code_is_explained_in_one_line():
    assert all(code.startswith("HCG-Y") and "\n" not in told for code, told in CODES.items())


PIECES = st.sampled_from(
    "ab:-[]{},\"'|>&*!#%?~@`+ \\1.\t\r\n\0\x85\u00e9\u2028\u202e\ufeff"
) | st.sampled_from(
    [
        ": ",
        "- ",
        "  ",
        "&x",
        "*x",
        "!!int ",
        "---",
        "...",
        "\\u00",
        "\\x",
        "\\U0011",
        "%YAML 1.",
        "%TAG ! x",
        "|2",
        ">-",
    ]
)


def told_or_read(data):
    """Return what was told, and what was read."""
    try:
        return (), parse(data, "f")
    except AuthoringError as error:
        return error.mistakes, None


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read_or_refused_with_a_place(text):
    told, parsed = told_or_read(text.encode())
    assert bool(told) != bool(parsed)
    assert all(mistake.where is not None and mistake.code in CODES for mistake in told)
    assert parsed is None or parsed.positions.keys() <= parsed.values.keys()


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    told, parsed = told_or_read(data)
    assert bool(told) != bool(parsed)
    assert parsed is None or () in parsed.values


KEYS = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=6)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | KEYS
TREES = st.recursive(
    LEAVES, lambda t: st.lists(t, max_size=3) | st.dictionaries(KEYS, t, max_size=3), max_leaves=12
)


@given(TREES)
def test_json_is_yaml_with_the_same_values(tree):
    import json

    data = json.dumps(tree).encode()
    found = parse(data, "f").data
    assert _alike(found, tree)


def _alike(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=0)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return one == other and type(one) is type(other)
