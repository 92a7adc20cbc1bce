"""Few sums are merged as whole numbers are added, and read as they were written; nothing else is read as sums."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.tables import few
from hcgov.io.tables.engine import Row

COLUMNS = ("g0", "f0", "n", "files_")
TEXTS = (True, False)
keys = st.tuples(st.sampled_from(["a", "ü\ud800", "", None]), st.sampled_from([0, 1, None]))
sums = st.tuples(st.integers(0, 2**70), st.integers(1, 3))
held = st.dictionaries(keys, sums, max_size=6).map(lambda all_: [(*key, *own) for key, own in all_.items()])


@given(rows=held)
def test_sums_are_read_as_they_were_written(rows: list[Row]) -> None:
    assert few.of_bytes(few.to_bytes(rows, COLUMNS, 2), COLUMNS, TEXTS) == rows


@given(rows=held)
def test_sums_of_other_columns_are_none(rows: list[Row]) -> None:
    written = few.to_bytes(rows, COLUMNS, 2)
    assert few.of_bytes(written, COLUMNS[::-1], TEXTS) is None
    assert few.of_bytes(written, COLUMNS, TEXTS[:1]) is None
    assert few.of_bytes(written[:-1], COLUMNS, TEXTS) is None
    other = {**json.loads(written), "rows": len(rows) + 1}
    assert few.of_bytes(json.dumps(other).encode(), COLUMNS, TEXTS) is None


@given(content=st.binary() | st.sampled_from([b"{}", b"[]", b"1", b"null", b"PAR1"]))
def test_anything_else_is_none(content: bytes) -> None:
    assert few.of_bytes(content, COLUMNS, TEXTS) is None


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("sums", [["5"], [1]]),
        ("sums", [[None], [1]]),
        ("sums", [[float("nan")], [1]]),
        ("sums", [[0.5], [1]]),
        ("sums", [[5], [0]]),
        ("sums", [[5], [-1]]),
        ("sums", [[True], [1]]),
        ("sums", [[1 << 127], [1]]),
        ("groups", [[[1], [0]], [[1], [0]]]),
        ("groups", [[["a"], [0]], [["1"], [0]]]),
        ("groups", [[[["a"]], [0]], [[1], [0]]]),
        ("groups", [[["a"], [-1]], [[1], [0]]]),
        ("groups", [[["a"], [True]], [[1], [0]]]),
        ("groups", [[["a"], [0]], [[True], [0]]]),
        ("groups", [["a", "0"], [[1], [0]]]),
        ("groups", [[{"a": 0}, {"0": 0}], [[1], [0]]]),
    ],
)
def test_what_no_sums_are_is_not_read_as_sums(part: str, value: object) -> None:
    written = json.loads(few.to_bytes([("a", 1, 5, 1)], COLUMNS, 2))
    assert few.of_bytes(json.dumps(written).encode(), COLUMNS, TEXTS) == [("a", 1, 5, 1)]
    assert few.of_bytes(json.dumps({**written, part: value}).encode(), COLUMNS, TEXTS) is None


def test_one_group_twice_is_not_read_as_sums() -> None:
    rows: list[Row] = [("a", 1, 5, 1), ("a", 1, 7, 1)]
    assert few.of_bytes(few.to_bytes(rows, COLUMNS, 2), COLUMNS, TEXTS) is None


@given(one=held, other=held)
def test_what_was_added_is_taken_away(one: list[Row], other: list[Row]) -> None:
    both = few.merged(one, other, 2)
    gone = [(*row[:2], *(-int(number or 0) for number in row[2:])) for row in other]
    assert sorted(map(repr, few.merged(both, gone, 2))) == sorted(map(repr, one))


def test_a_group_goes_with_its_last_file() -> None:
    rows: list[Row] = [("a", 0, 5, 2), ("b", 0, 0, 1)]
    assert few.merged(rows, [("a", 0, -5, -1), ("b", 0, 0, -1)], 2) == [("a", 0, 0, 1)]
