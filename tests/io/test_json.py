"""JSON: what readers disagree about is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.mistake import AuthoringError
from hcgov.io.json import parse_json


def mistake_in(text: str | bytes, **options):
    with pytest.raises(AuthoringError) as raised:
        parse_json(text if isinstance(text, bytes) else text.encode(), "a.json", **options)
    return raised.value.mistakes[0]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ('{"a": 1,\n "b": }', "HCG-Y001", 2, 7),
        ('{"a": 1,}', "HCG-Y001", 1, 9),
        ('{"a": {"b": 1,\n "c": [{"b": 2}],\n "b": 3}}', "HCG-Y005", 3, 2),
        ('{"\\u0061": 1, "a": "a"}', "HCG-Y005", 1, 15),
        ("[1,\n NaN]", "HCG-Y012", 2, 2),
        ("[-Infinity]", "HCG-Y012", 1, 2),
        ("[1e999]", "HCG-Y012", 1, 2),
        ("[" + "1" * 5000 + "]", "HCG-Y012", 1, 1),
        ('["\\ud800"]', "HCG-Y016", 1, 1),
        ('{"\\udc00": 1}', "HCG-Y016", 1, 1),
        ("[" * 101 + "]" * 101, "HCG-Y011", 1, 1),
        ("[" * 100_000, "HCG-Y011", 1, 1),
        ("", "HCG-Y004", 1, 1),
        (" \n", "HCG-Y004", 1, 1),
    ],
)
def test_a_mistake_is_told_with_its_place(text, code, line, column):
    mistake = mistake_in(text)
    assert (mistake.code, mistake.where.line, mistake.where.column) == (code, line, column)


def test_a_hundred_levels_are_read():
    assert parse_json(b"[" * 100 + b"]" * 100, "a.json").data
    assert parse_json(b"[" + b"[]," * 200 + b"[]]", "a.json").data


def test_a_file_larger_than_allowed_and_other_encodings_are_refused():
    assert mistake_in("[1, 2, 3]", max_bytes=8).code == "HCG-Y003"
    assert mistake_in("[1]".encode("utf-16")).code == "HCG-Y002"


def test_numbers_that_are_not_finite_can_be_read_as_null():
    data = b'{"a": NaN, "b": -Infinity, "c": 1e999, "d": 1.5}'
    assert parse_json(data, "a.json", nan_is_null=True).data == {"a": None, "b": None, "c": None, "d": 1.5}


def test_a_whole_surrogate_pair_is_one_character():
    assert parse_json(b'["\\ud83d\\ude00"]', "a.json").data == ["\U0001f600"]


@given(st.binary(max_size=80) | st.text(alphabet='[]{}:,"\\u01aDd8e+-.NI \n', max_size=60).map(str.encode))
def test_any_bytes_are_read_as_python_reads_them_or_refused(data):
    try:
        found = parse_json(data, "a.json").data
    except AuthoringError as error:
        told = error.mistakes
    else:
        told = ()
        assert found == json.loads(data.decode("utf-8-sig"))
    assert all(mistake.where is not None for mistake in told)
