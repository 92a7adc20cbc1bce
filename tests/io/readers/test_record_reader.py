"""Records and expectation suites."""

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Record
from hcgov.io.readers import record, suite


def test_a_yaml_record_has_places_and_a_json_record_has_none(blob):
    found = record.read(blob("workers:\n- name: x\n  paid: no\n", "a.yaml", "record"))
    assert found.data == {"workers": [{"name": "x", "paid": "no"}]}
    assert found.positions[("workers", 0, "paid")].line == 3
    assert record.read(blob('{"a": [1]}', "a.json")) == Record(
        data={"a": [1]}, source=blob('{"a": [1]}', "a.json").source
    )
    assert record.read(blob("- 1\n", "A.YML")).data == [1]


@pytest.mark.parametrize(
    ("text", "location", "reason", "told"),
    [
        ("a: 1\na: 2\n", "a.yaml", Absence.UNREADABLE, "line 2, column 1"),
        ('{"a": 1, "a": 2}', "a.json", Absence.UNREADABLE, "column 10"),
        ("# nothing\n", "a.yaml", Absence.EMPTY_FILE, "says nothing"),
        ("just text", "a.yaml", Absence.UNREADABLE, "bare value"),
        ("null", "a.json", Absence.UNREADABLE, "bare value"),
        ("a,b\n1,2\n", "a.csv", Absence.WRONG_KIND, ".csv"),
        (b"a: \xff", "a.yaml", Absence.WRONG_ENCODING, "UTF-8"),
        ("a: " + "x" * (1 << 20), "a.yaml", Absence.TOO_LARGE, "bytes"),
    ],
)
def test_a_record_that_cannot_be_read_says_why_and_where(blob, text, location, reason, told):
    found = record.read(blob(text, location))
    assert isinstance(found, Absent)
    assert found.reason is reason
    assert told in str(found.detail)
    assert location in str(found.detail)


def test_many_mistakes_are_counted_not_listed(blob):
    found = record.read(blob("".join(f"a{i}: &x 1\n" for i in range(9)), "a.yaml"))
    assert "and 6 more" in str(found.detail)


def test_a_suite_has_expectations(blob):
    text = '{"name": "s", "expectations": [{"type": "expect_column_to_exist", "kwargs": {"column": "a"}}]}'
    assert suite.read(blob(text, "s.json")).data["name"] == "s"
    for empty in (
        '{"name": "s"}',
        '{"expectations": []}',
        '{"expectations": {}}',
        '{"expectations": ["a"]}',
        "[1]",
    ):
        assert suite.read(blob(empty, "s.json")).reason is Absence.UNREADABLE
    assert suite.read(blob("{", "s.json")).reason is Absence.UNREADABLE
