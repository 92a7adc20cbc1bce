"""Every question of a checklist is answered by a person who may answer it."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Answer, Answers, AnswersOf, Question
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import did_you_mean
from hcgov.core.occasion import Occasion
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.days import age
from hcgov.stages.prose import placeholder
from hcgov.stages.specimens import source, worked

Judgement = tuple[Answered, Text]


class ChecklistAnswered(Params):
    """Parameters of an attested checklist."""

    checklist: str = Field(description="Id of the checklist.")
    max_age_days: Annotated[int, Stricter.LOWER] = Field(
        default=365,
        ge=1,
        le=36_500,
        description="Oldest answer that still counts, in days.",
    )


def examples() -> tuple[Example[ChecklistAnswered], ...]:
    """Return a checklist that is answered well, one with a `no`, one not answered, and one answer too old."""
    question = Question(id="Q1", question="May it be built?", why="People live with it.", who=("owner",))

    def answered(*answers: Answer) -> Answers:
        return Answers(
            checklist="purpose-and-people",
            title="Purpose and people",
            questions=(question,),
            answers=answers,
            source=source("answers") if answers else None,
        )

    def said(answer: str, on: str = "2026-11-02", comment: str = "") -> Answers:
        return answered(
            Answer(question="Q1", answer=answer, by="A. Person", role="owner", on=on, comment=comment)
        )

    return worked(
        ChecklistAnswered(checklist="purpose-and-people"),
        "answers",
        {
            "answered yes by the owner": (said("yes"), Verdict.PASS),
            "does not apply, as the comment says": (
                said("not_applicable", comment="No caller is recorded."),
                Verdict.NOT_APPLICABLE,
            ),
            "answered no": (said("no"), Verdict.FAIL),
            "answered on a day to come": (said("yes", on="2027-01-01"), Verdict.FAIL),
            "not answered yet": (answered(), Verdict.PENDING),
            "answered too long ago": (said("yes", on="2024-01-01"), Verdict.MISSING),
            "the person cannot judge": (said("cannot_judge"), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=lambda p: {"answers": AnswersOf(checklist=p.checklist)},
    params=ChecklistAnswered,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MAP 1.2", "nist-ai-rmf:MAP 3.5", "eu-ai-act:Art.14(1)-(4)", "iso-42001:A.5.3"),
)
def checklist_answered(
    answers: Answers, params: ChecklistAnswered, occasion: Occasion
) -> Iterator[Statement]:
    """Say for each question whether it has a valid, passing answer.

    Valid is an answer with a name, an allowed role and a day. Of one person only the latest answer counts; a
    refusal by anyone counts, whatever the role. Some things only people can know; what makes their word
    evidence is that someone stands for it, by name and on a day. Source: policy of the organisation.
    """
    known = [question.id for question in answers.questions]
    if not known:
        yield Statement(
            about="the checklist", answer=Answered.CANNOT_TELL, text=text("the checklist has no questions")
        )
    for question in answers.questions:
        mine = _latest([answer for answer in answers.answers if answer.question == question.id])
        judged = [(_judge(question, answer, params, occasion), answer) for answer in mine]
        (result, found), answer = _joined(judged)
        yield Statement(
            about=f"question {question.id}",
            answer=result,
            text=text("{question}: {found}", question=question.id, found=found),
            where=answer.where if answer is not None else None,
        )
    strays = {answer.question: answer.where for answer in answers.answers if answer.question not in known}
    for stray, place in strays.items() if known else ():
        hint = did_you_mean(stray, known)
        yield Statement(
            about=f"answer {stray}",
            answer=Answered.CANNOT_TELL,
            text=text("there is no question `{id}`; {hint}", id=stray, hint=hint),
            where=place,
        )


def _latest(answers: list[Answer]) -> list[Answer]:
    """Keep of each person in each role the latest answer; ISO days sort as text."""
    latest: dict[tuple[str, str], Answer] = {}
    for answer in sorted(answers, key=lambda one: one.on):
        latest[(answer.by.strip(), answer.role.strip())] = answer
    return list(latest.values())


def _joined(judged: list[tuple[Judgement, Answer]]) -> tuple[Judgement, Answer | None]:
    """Join the answers of several people: a refusal or a doubt stands, else one valid answer is enough."""
    order = (
        Answered.NOT_MET,
        Answered.CANNOT_TELL,
        Answered.MET,
        Answered.NOT_APPLICABLE,
        Answered.MISSING,
        Answered.PENDING,
    )
    for wanted in order:
        for judgement, answer in judged:
            if judgement[0] is wanted:
                return judgement, answer
    return (Answered.PENDING, text("not answered yet")), None


def _judge(question: Question, answer: Answer, params: ChecklistAnswered, occasion: Occasion) -> Judgement:
    if answer.answer == "no" and "no" not in question.passing:
        return Answered.NOT_MET, text("answered no")
    if placeholder(answer.by) or placeholder(answer.role):
        return Answered.PENDING, text("the answer has no name or no role, so nobody stands for it")
    if question.who and answer.role.strip() not in question.who:
        roles = ", ".join(question.who)
        return Answered.PENDING, text(
            "answered by {role}; an answer by {roles} is awaited", role=answer.role, roles=roles
        )
    return _timely(answer, params, occasion) or _content(question, answer)


def _timely(answer: Answer, params: ChecklistAnswered, occasion: Occasion) -> Judgement | None:
    """Say what is wrong with the day of an answer, or nothing."""
    days = age(answer.on, occasion.date)
    if days is None:
        return Answered.PENDING, text("the answer has no day, such as 2026-11-21")
    if days < 0:
        return Answered.NOT_MET, text("the answer bears a day to come, {on}", on=answer.on)
    if days > params.max_age_days:
        return Answered.MISSING, text(
            "answered {days} {days|day|days} ago; answers count for {most} {most|day|days}",
            days=days,
            most=params.max_age_days,
        )
    return None


def _content(question: Question, answer: Answer) -> Judgement:
    if answer.answer == "cannot_judge":
        return Answered.CANNOT_TELL, text("{role} cannot judge it", role=answer.role)
    if answer.answer == "not_applicable":
        if placeholder(answer.comment):
            return Answered.PENDING, text("said not to apply, without the comment that says why")
        return Answered.NOT_APPLICABLE, text(
            "does not apply, with a comment, {role}, {on}", role=answer.role, on=answer.on
        )
    if answer.answer in question.passing:
        return Answered.MET, text(
            "answered {answer} by {role} on {on}", answer=answer.answer, role=answer.role, on=answer.on
        )
    return Answered.NOT_MET, text("answered {answer}", answer=answer.answer)
