"""Argilla: whose response is whose, and how far it got."""

import json

import pytest

from hcgov.io.long.formats.argilla import read
from hcgov.io.long.formats.rows import Options, UnreadableError

from .samples import ARGILLA, ARGILLA_NESTED, document, lines


def rows_of(*entries, **options):
    return read(document(list(entries)), Options(**options))


def test_responses_stand_beside_their_people_and_their_status():
    rows = rows_of(ARGILLA)
    assert list(rows.columns["label"]) == ["kind", "rude", "a|b", "(none)"]
    assert list(rows.columns["annotator"]) == ["u1", "u2", "u1", "u2"]
    assert list(rows.columns["question"]) == ["tone", "tone", "topics", "topics"]
    assert list(rows.columns["status"]) == ["submitted", "discarded", "submitted", "submitted"]
    assert set(rows.columns["item"]) == {"7"}
    assert rows.dropped == {"no_label": 1}, "a draft without a value is no label"


def test_the_suggestion_belongs_to_its_question_and_nobody_says_that_it_was_shown():
    rows = rows_of(ARGILLA)
    assert list(rows.columns["suggestion"]) == ["kind", "kind", None, None]
    assert list(rows.columns["suggestion_agent"]) == ["model-1", "model-1", None, None]
    assert "suggestion_shown" not in rows.columns


def test_one_question_and_every_question():
    assert set(rows_of(ARGILLA, question="topics").columns["question"]) == {"topics"}
    assert rows_of(ARGILLA, question="*").rows == 4
    with pytest.raises(UnreadableError, match="no responses"):
        rows_of(ARGILLA, question="else")


def test_metadata_is_a_group_and_may_be_a_column():
    rows = rows_of({**ARGILLA, "version": "v2", "n": 12}, columns={"guideline": "version", "words": "n"})
    assert set(rows.groups["language"]) == {"en"}
    assert list(rows.columns["guideline"]) == ["v2"] * 4
    assert list(rows.columns["words"]) == ["12"] * 4


def test_a_nested_export_does_not_say_the_status():
    rows = rows_of(ARGILLA_NESTED)
    assert list(rows.columns["label"]) == ["kind", "rude"]
    assert list(rows.columns["annotator"]) == ["u1", "u2"]
    assert "status" not in rows.columns
    assert rows.groups["language"] == ["en", "en"]
    assert "does not say which responses were submitted" in str(rows.notes[0])


def test_records_without_responses_give_no_row_but_do_no_harm():
    assert read(lines({"id": "1", "tone.responses": None}, ARGILLA), Options()).rows == 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tone.responses.users": ["u1"]}, "nobody can say whose is whose"),
        ({"tone.responses.status": ["submitted", "done", "draft"]}, "status `done` is none of"),
        ({"tone.responses": "kind"}, "a list is expected, not text"),
        ({"tone.responses": [{"a": 1}, "x", "y"]}, "a label is expected, not an object"),
        ({"id": None}, "`id` is null"),
    ],
)
def test_what_cannot_be_understood_is_refused(change, told):
    with pytest.raises(UnreadableError) as raised:
        rows_of({**ARGILLA, **change})
    assert told in str(raised.value)


def test_rankings_are_labels_and_spans_are_counted():
    ranked = [{"value": "b", "rank": 2}, {"value": "a", "rank": 1}, {"value": "c", "rank": 2}]
    spans = [{"start": 0, "end": 2, "label": "x"}]
    record = {"id": "1", "q.responses": [ranked, spans], "q.responses.users": ["u", "v"]}
    rows = read(json.dumps([record]).encode(), Options())
    assert rows.columns["label"] == ["a>b=c"]
    assert rows.dropped == {"span": 1}
