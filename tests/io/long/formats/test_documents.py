"""Bytes to records and rows: the place of what is wrong is told, and nothing is read in part."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.long.formats import documents
from hcgov.io.long.formats.documents import document, records, table
from hcgov.io.long.formats.rows import UnreadableError

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), PLAIN, max_size=4), min_size=1, max_size=5))
def test_lists_and_lines_of_the_same_records_read_alike(entries):
    expected = [one for _, one in records(json.dumps(entries).encode())]
    assert expected == entries
    written = "\r\n".join(json.dumps(one, ensure_ascii=True) for one in entries)
    assert [one for _, one in records(f"\n{written}\n\n".encode())] == entries


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"a": 1}\n{"a": 2', "line 2: this is not valid JSON"),
        (b'{"a": 1}\n{"a": 2, "a": 3}\n', "line 2: key `a` stands twice"),
        (b'{"a": 1}\n{"a": NaN}', "line 2: `NaN` is not a finite number"),
        (b'{"a": 1}\n{"a": 1e999}', "line 2: `1e999` is not a finite number"),
        (b'{"a": 1}\n\n{"a": "\\ud800"}', "line 3: an escape is half of a surrogate pair"),
        (b'{"a": 1}\n[1]', "line 2: an object is expected, not a list"),
        (b'{"a": 1}\n{"a": "\xff"}', "line 2: byte 0xff is not UTF-8"),
        (b'{"a": 1}\n{"a": ' + b"1" * 5000 + b"}", "line 2: a number is too long"),
        (b'{"a": 1}\n{"a": ' + b"[" * 200 + b"]" * 200 + b"}", "line 2: more than 100 levels"),
        (b'{"a": 1}\n{"a": ' + b"[" * 100_000, "line 2: "),
        (b'[{"a": 1}, 3]', "record 2: an object is expected, not a number"),
        (b'[{"a": 1},\n {"a": 1]', "line 2, column 9: this is not valid JSON"),
        (b"3", "the file holds a number, but a list of records is expected"),
        (b"PK\x03\x04rest", "zip archive"),
        ('{"a": 1}'.encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(data, told):
    with pytest.raises(UnreadableError) as raised:
        list(records(data))
    assert told in str(raised.value)


def test_brackets_in_text_are_no_nesting():
    line = json.dumps({"a": "[{" * 500}).encode()
    assert [one for _, one in records(line + b"\n" + line)] == [{"a": "[{" * 500}] * 2


def test_a_document_may_stand_over_many_lines():
    assert document(b'{\n "a": {\n "b": 1}}') == {"a": {"b": 1}}
    assert [one for _, one in records(b'{\n "a": 1}')] == [{"a": 1}]


def test_an_archive_is_read_whole_or_not_at_all(monkeypatch):
    packed = gzip.compress(b'{"a": 1}\n' * 1000)
    assert len(list(records(packed))) == 1000
    assert len(list(records(gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n')))) == 2
    for damaged in (packed[:-9], packed[:20], packed[:-8] + b"\0" * 8, packed[:30] + b"\xff" + packed[31:]):
        with pytest.raises(UnreadableError, match="cut off or damaged"):
            list(records(damaged))
    monkeypatch.setattr(documents, "MOST_BYTES", 5000)
    with pytest.raises(UnreadableError, match="unpacks to more than 5,000 bytes"):
        list(records(packed))
    with pytest.raises(UnreadableError, match="at most 5,000 are read"):
        list(records(b'{"a": 1}\n' * 1000))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"a,b\n1,2\n3\n", "line 3 has 1 cells, but the header has 2"),
        (b"a,b\n1,2,3\n", "line 2 has 3 cells"),
        (b"a,a\n1,2\n", "names the column `a` twice"),
        (b",\n1,2\n", "no header"),
        (b'a,b\n1,"2\n', "cannot be read"),
        (b'a,b\n1,"2"x\n', "cannot be read"),
        (b"a,b\n1,\0\n", "NUL"),
        (b"a,b\n1,2\n3,\xe9\n", "line 3 is not UTF-8"),
    ],
)
def test_a_table_that_is_none_is_told(data, told):
    with pytest.raises(UnreadableError) as raised:
        list(table(data))
    assert told in str(raised.value)


def test_line_breaks_in_quotes_belong_to_a_cell():
    assert [row for _, row in table(b'a,b\r\n"x\ny",2\r\n')] == [{"a": "x\ny", "b": "2"}]


def test_a_row_without_cells_is_no_row():
    assert len(list(table(b"a,b\n1,2\n\n3,4\n"))) == 2
