"""Checklists, and what people of a project answered.

A checklist is ``<id>.yaml`` with ``kind: Checklist``; the answers to it are ``<folder>/<id>.yaml`` in the
project, with ``kind: Answers``. Both are YAML 1.2, so ``yes`` and ``no`` are text.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Answer, Answers, Question
from hcgov.core.evidence.source import Source
from hcgov.core.mistake import AuthoringError, Mistake, Position, did_you_mean
from hcgov.core.text import text
from hcgov.core.validation import mistakes_from
from hcgov.io.data import data_path
from hcgov.io.files import read_blob
from hcgov.io.parsed import Parsed, nearest_place
from hcgov.io.readers.absences import from_mistakes
from hcgov.io.yaml import parse

CODES: dict[str, str] = {
    "HCG-K001": "There is no checklist of this id.",
    "HCG-K002": "Two questions of a checklist have the same id.",
    "HCG-K003": "A checklist of the project has the id of a shipped one.",
    "HCG-K004": "The checklist's id differs from its file name, or the answers are to another checklist.",
    "HCG-K005": "The answers were given to another version of the checklist.",
    "HCG-K006": "The checklist has no such question.",
    "HCG-K007": "The same person gave two answers to one question in one role on one day.",
    "HCG-K008": "A day is not written as year-month-day, or there is no such day.",
}
"""What each code means, one line each."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")

Maybe = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""Text; a key without a value is the empty text."""

Version = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class QuestionSpec(_Spec):
    """One question as a checklist's author writes it."""

    id: str = Field(min_length=1, description="Stable id, such as Q1.")
    question: str = Field(min_length=1, description="The question, to be answered yes or no.")
    why: str = Field(min_length=1, description="Why it matters to people.")
    who: tuple[str, ...] = Field(default=(), description="Roles that may answer; any role if left out.")
    evidence: Maybe = Field(default="", description="What an answer should point to.")
    passing: tuple[Literal["yes", "no", "not_applicable"], ...] = Field(
        default=("yes",), min_length=1, description="Answers that meet the question."
    )


class Checklist(_Spec):
    """A checklist as its author writes it."""

    kind: Literal["Checklist"]
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="The file's name without `.yaml`.")
    version: Version = Field(min_length=1)
    title: str = Field(min_length=1)
    description: Maybe = ""
    questions: tuple[QuestionSpec, ...] = Field(min_length=1)


class _AnswerSpec(_Spec):
    question: str
    answer: Annotated[
        Literal["yes", "no", "not_applicable", "cannot_judge", ""],
        BeforeValidator(lambda value: "" if value is None else value),
    ]
    by: Maybe = ""
    role: Maybe = ""
    on: Maybe = ""
    comment: Maybe = ""
    evidence: Maybe = ""


class _AnswersSpec(_Spec):
    kind: Literal["Answers"]
    checklist: str
    version: Version
    answers: tuple[_AnswerSpec, ...] = ()


def load_checklist(id_: str, *folders: Path) -> Checklist:
    """Read a checklist by its id.

    Parameters
    ----------
    id_
        Id of the checklist.
    folders
        Where checklists stand: shipped ones, then the project's own. Left out: only the shipped ones.

    Raises
    ------
    AuthoringError
        No checklist of this id, or two; or every mistake in it.
    """
    searched = folders or (data_path("checklists"),)
    found = [folder / f"{id_}.yaml" for folder in searched if _ID.match(id_)]
    found = [path for path in found if path.is_file()]
    if not found:
        known = (path.stem for folder in searched if folder.is_dir() for path in folder.glob("*.yaml"))
        message = f"there is no checklist `{id_}`"
        raise AuthoringError([Mistake(code="HCG-K001", message=message, help=did_you_mean(id_, known))])
    if len(found) > 1:
        message = f"the project's checklist `{id_}` has the id of a shipped one"
        raise AuthoringError(
            [Mistake(code="HCG-K003", message=message, where=_top(found[1].name), help="give it another id")]
        )
    blob = read_blob(found[0].parent, id_, "checklist", found[0].name)
    if isinstance(blob, Absent):
        where = _top(found[0].name)
        raise AuthoringError([Mistake(code="HCG-K001", message=str(blob.detail), where=where)])
    parsed = parse(blob.data, f"checklists/{found[0].name}")
    checklist = _validated(Checklist, parsed, f"checklist {id_}")
    if mistakes := list(_checklist_mistakes(checklist, id_, parsed)):
        raise AuthoringError(mistakes)
    return checklist


def read_answers(
    checklist_id: str, root: Path, folder: str, *, checklists: tuple[Path, ...] | None = None
) -> Answers | Absent:
    """Read what a project answered to a checklist.

    Parameters
    ----------
    checklist_id
        Id of the checklist.
    root, folder
        Folder of the project, and the folder of answers in it.
    checklists
        Where checklists stand; left out: the shipped ones and the project's own ``checklists/``.

    Returns
    -------
    Answers or Absent
        Without any answer where no file exists yet; an entry whose ``answer`` is blank is no answer.
        ``Absent`` where the checklist or the file has mistakes, with the first few and their places.
    """
    try:
        checklist = load_checklist(
            checklist_id, *(checklists or (data_path("checklists"), root / "checklists"))
        )
    except AuthoringError as error:
        reason = Absence.NOT_DECLARED if error.mistakes[0].code == "HCG-K001" else Absence.UNREADABLE
        return Absent(reason=reason, artifact=checklist_id, detail=text("{why}", why=_told(error.mistakes)))
    blob = read_blob(root, checklist_id, "answers", f"{folder}/{checklist_id}.yaml")
    if isinstance(blob, Absent):
        return _answers(checklist) if blob.reason is Absence.NO_FILE else blob
    try:
        parsed = parse(blob.data, blob.source.location)
        given = _validated(_AnswersSpec, parsed, "the answers")
        if mistakes := list(_answers_mistakes(given, checklist, parsed)):
            raise AuthoringError(mistakes)
    except AuthoringError as error:
        return from_mistakes(blob, error)
    answers = tuple(
        Answer(**entry.model_dump(), where=parsed.positions.get(("answers", index)))
        for index, entry in enumerate(given.answers)
        if entry.answer
    )
    return _answers(checklist, answers=answers, source=blob.source)


def _answers(checklist: Checklist, answers: tuple[Answer, ...] = (), source: Source | None = None) -> Answers:
    questions = tuple(Question(**question.model_dump()) for question in checklist.questions)
    return Answers(
        checklist=checklist.id, title=checklist.title, questions=questions, answers=answers, source=source
    )


_Model = TypeVar("_Model", bound=BaseModel)


def _validated(model: type[_Model], parsed: Parsed, what: str) -> _Model:
    try:
        return model.model_validate(parsed.data)
    except ValidationError as error:
        mistakes = mistakes_from(
            error,
            model,
            key=lambda path: nearest_place(parsed.positions, path),
            value=lambda path: nearest_place(parsed.values, path),
            what=what,
        )
        raise AuthoringError(mistakes) from error


def _checklist_mistakes(checklist: Checklist, id_: str, parsed: Parsed) -> Iterator[Mistake]:
    if checklist.id != id_:
        message = f"the checklist's id is `{checklist.id}`, but its file is `{id_}.yaml`"
        yield Mistake(code="HCG-K004", message=message, where=parsed.values.get(("id",)))
    seen: set[str] = set()
    for index, question in enumerate(checklist.questions):
        if question.id in seen:
            where = parsed.values.get(("questions", index, "id"))
            yield Mistake(code="HCG-K002", message=f"question `{question.id}` stands twice", where=where)
        seen.add(question.id)


def _answers_mistakes(given: _AnswersSpec, checklist: Checklist, parsed: Parsed) -> Iterator[Mistake]:
    if given.checklist != checklist.id:
        message = f"the answers are to checklist `{given.checklist}`, not to `{checklist.id}`"
        yield Mistake(code="HCG-K004", message=message, where=parsed.values.get(("checklist",)))
    if given.version != checklist.version:
        message = f"the answers are to version {given.version}; the checklist is at {checklist.version}"
        where = parsed.values.get(("version",))
        yield Mistake(code="HCG-K005", message=message, where=where, help="review them, then set the version")
    known = [question.id for question in checklist.questions]
    seen: set[tuple[str, ...]] = set()
    for index, entry in enumerate(given.answers):
        at = ("answers", index)
        if entry.question not in known:
            where = parsed.values.get((*at, "question"))
            message = f"there is no question `{entry.question}`"
            yield Mistake(
                code="HCG-K006", message=message, where=where, help=did_you_mean(entry.question, known)
            )
        same = (entry.question, entry.by.strip(), entry.role.strip(), entry.on)
        if entry.answer and same in seen:
            message = f"question `{entry.question}` is answered twice by one person in one role on one day"
            yield Mistake(code="HCG-K007", message=message, where=parsed.positions.get(at))
        seen |= {same} if entry.answer else set()
        if entry.on and not _is_day(entry.on):
            where = parsed.values.get((*at, "on"))
            yield Mistake(code="HCG-K008", message="`on` is no day", where=where, help="write 2026-11-02")


def _is_day(written: str) -> bool:
    if not _DAY.match(written):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _told(mistakes: Iterable[Mistake]) -> str:
    return "; ".join(
        f"{mistake.where or ''} {mistake.message}{f' ({mistake.help})' if mistake.help else ''}".strip()
        for mistake in mistakes
    )


def _top(file: str) -> Position:
    return Position(file=f"checklists/{file}", line=1, column=1)
