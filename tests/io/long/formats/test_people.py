"""Formats that describe people: what they said of themselves stays as they said it, and consent is honoured."""

import pytest

from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats import FORMATS
from hcgov.io.long.formats.describing import described
from hcgov.io.long.formats.rows import Options, UnreadableError

from .samples import CROWS, DICES, LEWIDI, LEWIDI_2023, PEOPLE, POPQUORN, SURVEY, document, lines, table


def test_unknown_prefer_not_to_say_other_expired_and_revoked_stay_apart():
    rows = FORMATS["lewidi"](document(PEOPLE), Options())
    assert rows.kind is LongKind.ANNOTATORS
    assert rows.groups["Gender"] == ["Female", None, "Prefer not to say", None]
    assert rows.groups["Age"] == ["56", None, "expired", "Other"]
    assert rows.columns["consent"] == [None, "revoked", None, None]


def test_expired_data_says_nothing_about_consent():
    assert described({"a": "DATA_EXPIRED", "b": "x"}) == ({"a": "expired", "b": "x"}, None)


def test_one_revoked_attribute_revokes_the_person():
    assert described({"a": "CONSENT_REVOKED", "b": "x"}) == ({"a": None, "b": None}, "revoked")


def test_annotators_of_items_and_of_their_file_have_one_name():
    items = FORMATS["lewidi"](document(LEWIDI), Options())
    people = FORMATS["lewidi"](document({"0": {"Age": 3}, "20": {"Age": 4}}), Options())
    assert items.columns["annotator"] == people.columns["annotator"] == ["Ann0", "Ann20"]


def test_both_editions_give_the_same_columns():
    for sample in (LEWIDI, LEWIDI_2023):
        rows = FORMATS["lewidi"](document(sample), Options())
        assert rows.rows == 2
        assert set(rows.columns) == {"item", "annotator", "label", "question"}


def test_further_questions_of_an_item_are_read_where_they_are_asked_for():
    one = FORMATS["lewidi"](document(LEWIDI_2023), Options(question="sexist"))
    assert one.columns["label"] == ["0", "1"]
    assert FORMATS["lewidi"](document(LEWIDI_2023), Options(question="*")).rows == 4
    with pytest.raises(UnreadableError, match="question asked for"):
        FORMATS["lewidi"](document(LEWIDI_2023), Options(question="else"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"annotations": "1,0,1"}, "3 annotations by 2 annotators"),
        ({"annotations": {"Ann2": "1"}}, "not those who annotated"),
        ({"annotators": None}, "who annotated is not said"),
        ({"annotations": {"Ann2": {"x": 1}, "Ann3": "1"}}, "a label is expected"),
    ],
)
def test_items_whose_people_are_not_clear_are_refused(change, told):
    with pytest.raises(UnreadableError) as raised:
        FORMATS["lewidi"](document({"1": {**LEWIDI_2023["1"], **change}}), Options())
    assert told in str(raised.value)


def test_no_message_names_a_person():
    with pytest.raises(UnreadableError) as raised:
        FORMATS["lewidi"](document({"Ann77": {"Age": [1]}}), Options())
    assert "Ann77" not in str(raised.value)


def test_dices_has_a_main_question_and_the_others_on_request():
    rows = FORMATS["dices"](table(DICES), Options())
    assert rows.columns["label"] == ["No"]
    assert rows.columns["truth"] == ["Yes"]
    assert rows.columns["seconds"] == [55.0]
    assert rows.groups["rater_gender"] == ["Woman"]
    assert "is_gold" not in rows.columns, "an expert's label is no attention check"
    every = FORMATS["dices"](table(DICES), Options(question="*"))
    assert list(every.columns["question"]) == ["Q2_harmful_content_overall", "Q_overall"]
    assert every.dropped == {"no_label": 1}
    assert "seconds" not in every.columns, "the time of all questions is the time of none"
    with pytest.raises(UnreadableError, match="no question `Q9`"):
        FORMATS["dices"](table(DICES), Options(question="Q9"))


def test_popquorn_keeps_rows_without_an_annotator_and_says_so():
    rows = FORMATS["popquorn"](table(POPQUORN, {**POPQUORN, "user_id": ""}), Options())
    assert rows.columns["annotator"] == ["0", None]
    assert rows.columns["label"] == ["1", "1"]
    assert "1 row does not say who judged" in str(rows.notes[0])


def test_popquorn_with_two_answers_asks_which():
    both = {**POPQUORN, "politeness": "3"}
    with pytest.raises(UnreadableError, match="not clear"):
        FORMATS["popquorn"](table(both), Options())
    assert FORMATS["popquorn"](table(both), Options(question="politeness")).columns["label"] == ["3"]


def test_crows_pairs_has_one_row_a_person_and_an_empty_list_is_an_answer():
    rows = FORMATS["crows-pairs"](table(CROWS), Options())
    assert rows.columns["label"] == ["age|gender", "(none)"]
    assert rows.columns["annotator"] == ["a1", "a2"]
    assert rows.groups["bias_type"] == ["age", "age"]


@pytest.mark.parametrize("cell", ["__import__('os').system('x')", "[1]", "(", "[" * 5000, "['a'", "{}", ""])
def test_crows_pairs_runs_nothing(cell):
    with pytest.raises(UnreadableError, match="a list of names is expected"):
        FORMATS["crows-pairs"](table({**CROWS, "annotations": cell}), Options())


def test_prism_people_are_described_without_their_free_text():
    rows = FORMATS["prism"](lines(SURVEY, {**SURVEY, "user_id": "u2", "consent": None}), Options())
    assert rows.kind is LongKind.ANNOTATORS
    assert rows.columns["consent"] == ["given", None], "what is not said is not given"
    assert rows.groups["gender"][0] == "Prefer not to say"
    assert rows.groups["ethnicity.simplified"][0] == "Other"
    assert "location.reside_country" not in rows.groups
    assert not any("self" in name for name in rows.groups)
