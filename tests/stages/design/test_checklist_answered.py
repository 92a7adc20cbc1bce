import pytest

from hcgov.core.evidence.documents import Answer, Answers, Question
from hcgov.core.measurement import Answered
from hcgov.core.occasion import Occasion
from hcgov.stages.design.checklist_answered import ChecklistAnswered, checklist_answered

QUESTION = Question(id="Q1", question="Is it so?", why="It matters.", who=("owner", "council"))


def told(*given, questions=(QUESTION,), max_age_days=365):
    answers = Answers(checklist="c", title="C", questions=tuple(questions), answers=tuple(given), source=None)
    params = ChecklistAnswered(checklist="c", max_age_days=max_age_days)
    return list(checklist_answered(answers=answers, params=params, occasion=Occasion(date="2026-11-21")))


def said(answer="yes", *, by="Jane Roe", role="owner", on="2026-11-01", comment="", question="Q1"):
    return Answer(question=question, answer=answer, by=by, role=role, on=on, comment=comment)


def only(*given, **options):
    (statement,) = told(*given, **options)
    assert "Jane" not in str(statement.text)
    return statement.answer


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (said(), Answered.MET),
        (said("no"), Answered.NOT_MET),
        (said("no", role="visitor"), Answered.NOT_MET),
        (said("no", by="", on=""), Answered.NOT_MET),
        (said(by=""), Answered.PENDING),
        (said(by="TBD"), Answered.PENDING),
        (said(role=""), Answered.PENDING),
        (said(role="visitor"), Answered.PENDING),
        (said(on=""), Answered.PENDING),
        (said(on="last week"), Answered.PENDING),
        (said(on="2026-11-22"), Answered.NOT_MET),
        (said(on="2025-11-21"), Answered.MET),
        (said(on="2025-11-20"), Answered.MISSING),
        (said("not_applicable"), Answered.PENDING),
        (said("not_applicable", comment="n/a"), Answered.PENDING),
        (said("not_applicable", comment="Nobody is recorded."), Answered.NOT_APPLICABLE),
        (said("cannot_judge"), Answered.CANNOT_TELL),
        (said("maybe"), Answered.NOT_MET),
        (said(""), Answered.NOT_MET),
    ],
)
def test_one_answer(answer, expected):
    assert only(answer) is expected


def test_no_answer_is_pending():
    assert only() is Answered.PENDING


def test_of_one_person_only_the_latest_answer_counts():
    assert only(said("no", on="2026-10-01"), said("yes", on="2026-11-01")) is Answered.MET
    assert only(said("yes", on="2026-11-01"), said("no", on="2026-11-02")) is Answered.NOT_MET
    assert only(said("yes", on="2026-11-01"), said("no", on="2026-10-01")) is Answered.MET


def test_one_valid_answer_is_enough_beside_invalid_ones_but_not_beside_a_refusal_or_a_doubt():
    council = said(by="A. Other", role="council")
    assert only(said(on="2020-01-01"), council) is Answered.MET
    assert only(said("no"), council) is Answered.NOT_MET
    assert only(said("cannot_judge"), council) is Answered.CANNOT_TELL


def test_a_question_without_roles_may_be_answered_by_anyone_with_a_name():
    anyone = Question(id="Q1", question="Is it so?", why="It matters.")
    assert only(said(role="visitor"), questions=(anyone,)) is Answered.MET
    assert only(said(role="visitor", by=""), questions=(anyone,)) is Answered.PENDING


def test_a_question_whose_good_answer_is_no_is_met_by_no():
    inverted = Question(id="Q1", question="Is it so?", why="It matters.", passing=("no",))
    assert only(said("no"), questions=(inverted,)) is Answered.MET
    assert only(said("yes"), questions=(inverted,)) is Answered.NOT_MET
    assert only(said("no", role="visitor"), questions=(inverted,)) is Answered.MET


def test_an_answer_to_no_question_leaves_the_question_pending_and_is_told():
    first, second = told(said(question="Q11"))
    assert first.answer is Answered.PENDING
    assert second.answer is Answered.CANNOT_TELL
    assert "did you mean `Q1`?" in str(second.text)


def test_a_checklist_without_questions_tells_nothing():
    assert only(questions=()) is Answered.CANNOT_TELL
    assert [s.answer for s in told(said(), questions=())] == [Answered.CANNOT_TELL]
