"""Label Studio: each control a question, ground truth the known answer, what was skipped no label."""

import copy

import pytest

from hcgov.io.long.formats.label_studio import read
from hcgov.io.long.formats.rows import Options, UnreadableError

from .samples import STUDIO, document, studio_result


def rows_of(*tasks, **options):
    return read(document(list(tasks)), Options(**options))


def task(**change):
    return {**copy.deepcopy(STUDIO), **change}


def annotated(*results, **change):
    one = {"id": 1, "completed_by": 1, "result": list(results), "was_cancelled": False, **change}
    return task(annotations=[one], predictions=[])


def test_each_control_is_a_question_and_a_person_is_an_id():
    rows = rows_of(STUDIO)
    assert list(zip(rows.columns["question"], rows.columns["label"], strict=True)) == [
        ("tone", "kind"),
        ("tone", "rude"),
        ("stars", "4"),
    ]
    assert rows.columns["annotator"] == ["10", "11", "11"]
    assert rows.groups["language"] == ["en"] * 3


def test_the_time_of_a_questionnaire_is_not_the_time_of_an_answer():
    assert rows_of(STUDIO).columns["seconds"] == [4.288, None, None]


def test_ground_truth_is_the_known_answer_and_no_opinion():
    rows = rows_of(STUDIO)
    assert rows.columns["is_gold"] == [True, True, False]
    assert rows.columns["gold_label"] == ["kind", "kind", None]
    assert rows.dropped == {"ground_truth": 1, "region": 1, "skipped": 1}


def test_two_ground_truths_that_differ_are_no_known_answer():
    two = task()
    other = copy.deepcopy(two["annotations"][2])
    other["result"] = [studio_result("tone", "choices", choices=["rude"])]
    two["annotations"].append(other)
    assert "gold_label" not in rows_of(two).columns


def test_without_a_word_on_ground_truth_nobody_knows():
    rows = rows_of(annotated(studio_result("tone", "choices", choices=["kind"])))
    assert "is_gold" not in rows.columns


def test_free_text_goes_with_the_answers_of_the_same_person():
    assert rows_of(STUDIO).columns["text"] == [None, "because\nso", "because\nso"]


def test_a_prediction_is_a_suggestion_unless_there_are_several():
    assert rows_of(STUDIO).columns["suggestion"] == ["kind", "kind", None]
    rows = rows_of(task(predictions=[*STUDIO["predictions"], *STUDIO["predictions"]]))
    assert "suggestion" not in rows.columns
    assert "which of them was shown is not known" in str(rows.notes[0])


@pytest.mark.parametrize(
    ("result", "label"),
    [
        (studio_result("q", "choices", choices=["b", "a"]), "a|b"),
        (studio_result("q", "rating", rating=3), "3"),
        (studio_result("q", "number", number=0.25), "0.25"),
        (studio_result("q", "pairwise", selected="left"), "left"),
        (studio_result("q", "taxonomy", taxonomy=[["A", "A1"], ["B"]]), "A/A1|B"),
        (studio_result("q", "choices", choices=[]), "(none)"),
    ],
)
def test_values_by_type(result, label):
    assert rows_of(annotated(result)).columns["label"] == [label]


def test_cancelled_and_drafts_have_their_status():
    answer = studio_result("tone", "choices", choices=["kind"])
    one = annotated(answer, was_cancelled=True)
    one["drafts"] = [{"id": 2, "completed_by": 2, "result": [answer]}]
    assert rows_of(one).columns["status"] == ["discarded", "draft"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"annotations": 3}, "a list is expected, not a number"),
        ({"annotations": [3]}, "an object is expected, not a number"),
        ({"annotations": [{"result": 3}]}, "`annotations[0]`, `result`: a list is expected"),
        (
            {"annotations": [{"lead_time": "soon", "result": STUDIO["annotations"][0]["result"]}]},
            "no finite number",
        ),
        ({"annotations": [{"completed_by": [1], "result": STUDIO["annotations"][0]["result"]}]}, "is a list"),
        ({"id": None}, "`id` is null"),
    ],
)
def test_what_cannot_be_understood_is_refused(change, told):
    with pytest.raises(UnreadableError) as raised:
        rows_of(task(**change))
    assert told in str(raised.value)


def test_a_minimal_export_has_no_annotations_and_says_so():
    with pytest.raises(UnreadableError, match="not as JSON-MIN"):
        rows_of({"id": 1, "tone": "kind", "annotator": 1})


def test_one_question_answered_twice_by_one_annotation_is_refused():
    both = [studio_result("q", "choices", choices=["a"]), studio_result("q", "choices", choices=["b"])]
    with pytest.raises(UnreadableError, match="answered twice"):
        rows_of(annotated(*both))
