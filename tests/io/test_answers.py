"""Checklists and what people answered."""

from pathlib import Path

import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Answers, Question
from hcgov.core.mistake import AuthoringError
from hcgov.io.answers import CODES, load_checklist, read_answers
from hcgov.io.data import data_path

CHECKLIST = """\
kind: Checklist
id: purpose
version: 1
title: Purpose
questions:
- id: Q1
  question: Is it needed?
  why: Not everything that can be built should be.
  who: [owner]
- id: Q2
  question: Are people watched in secret?
  why: It harms them.
  evidence: The notice that people get.
  passing: [no, not_applicable]
"""
ANSWERS = """\
kind: Answers
checklist: purpose
version: 1
answers:
- question: Q1
  answer: yes
  by: A. Person
  role: owner
  on: 2026-11-02
- question: Q2
  answer: no
  comment:
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "checklists").mkdir()
    (tmp_path / "answers").mkdir()
    (tmp_path / "checklists" / "purpose.yaml").write_text(CHECKLIST)
    return tmp_path


def answered(project: Path, text: str = ANSWERS) -> Answers | Absent:
    (project / "answers" / "purpose.yaml").write_text(text)
    return read_answers("purpose", project, "answers", checklists=(project / "checklists",))


def test_yes_and_no_are_text_and_every_answer_has_its_place(project):
    found = answered(project)
    assert [(a.question, a.answer, a.by, a.role, a.on, a.comment) for a in found.answers] == [
        ("Q1", "yes", "A. Person", "owner", "2026-11-02", ""),
        ("Q2", "no", "", "", "", ""),
    ]
    assert [answer.where.line for answer in found.answers] == [5, 10]
    assert found.title == "Purpose"
    assert found.source.location == "answers/purpose.yaml"
    assert found.questions[0] == Question(
        id="Q1", question="Is it needed?", why="Not everything that can be built should be.", who=("owner",)
    )
    assert found.questions[1].passing == ("no", "not_applicable")


def test_without_a_file_there_are_no_answers_yet(project):
    found = read_answers("purpose", project, "answers", checklists=(project / "checklists",))
    assert (found.answers, found.source, len(found.questions)) == ((), None, 2)
    assert read_answers("purpose", project, "no-folder", checklists=(project / "checklists",)).source is None


def test_an_entry_left_blank_is_no_answer(project):
    found = answered(project, ANSWERS.replace("answer: no", "answer:"))
    assert [answer.question for answer in found.answers] == ["Q1"]
    assert found.source is not None


def test_earlier_answers_of_a_person_are_kept(project):
    earlier = "- {question: Q1, answer: no, by: A. Person, role: owner, on: 2025-01-01}\n"
    assert len(answered(project, ANSWERS + earlier).answers) == 3


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "question: Q2",
            "question: Q22",
            "line 10, column 13: there is no question `Q22` (did you mean `Q2`?)",
        ),
        ("2026-11-02", "2.11.2026", "line 9, column 7: `on` is no day"),
        ("2026-11-02", "2026-02-30", "`on` is no day"),
        ("answer: yes", "answer: true", "line 6, column 11"),
        ("answer: yes", "answer: maybe", "line 6, column 11"),
        ("kind: Answers", "kind: Anwsers", "line 1, column 7"),
        ("by: A", "bye: A", "unknown key `bye`"),
        ("version: 1", "version: 2", "line 3, column 10: the answers are to version 2"),
        ("checklist: purpose", "checklist: porpoise", "line 2, column 12"),
        (
            "  comment:\n",
            "- {question: Q2, answer: no}\n",
            "line 12, column 3: question `Q2` is answered twice",
        ),
        ("  comment:\n", "  answer: yes\n", "key `answer` stands twice"),
        ("answers:\n", "answers: 3\nx:\n", "answers"),
    ],
)
def test_mistakes_in_answers_are_told_with_their_place(project, old, new, told):
    found = answered(project, ANSWERS.replace(old, new))
    assert isinstance(found, Absent)
    assert found.reason is Absence.UNREADABLE
    assert told in str(found.detail)
    assert "answers/purpose.yaml" in str(found.detail)


def test_a_second_answer_names_nobody(project):
    twice = ANSWERS + "- {question: Q1, answer: no, by: A. Person, role: owner, on: 2026-11-02}\n"
    assert "A. Person" not in str(answered(project, twice).detail)


def test_an_empty_file_of_answers_is_not_the_same_as_none(project):
    assert answered(project, "").reason is Absence.EMPTY_FILE
    assert answered(project, "# later\n").reason is Absence.EMPTY_FILE


def test_answers_outside_the_project_are_refused(project):
    inner = project / "inner"
    inner.mkdir()
    answered(project)
    found = read_answers("purpose", inner, "../answers", checklists=(project / "checklists",))
    assert found.reason is Absence.OUTSIDE_PROJECT


def test_an_unknown_checklist_is_told_with_the_nearest(project):
    found = read_answers("purpos", project, "answers", checklists=(project / "checklists",))
    assert found.reason is Absence.NOT_DECLARED
    assert "`purpose`" in str(found.detail)


@pytest.mark.parametrize("id_", ["../checklists/purpose", "", "/etc/passwd", "PURPOSE", "purpose.yaml"])
def test_an_id_is_never_a_path(project, id_):
    with pytest.raises(AuthoringError) as raised:
        load_checklist(id_, project / "checklists")
    assert raised.value.mistakes[0].code == "HCG-K001"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("id: Q2", "id: Q1", "HCG-K002", 10),
        ("id: purpose", "id: purposes", "HCG-K004", 2),
        ("  why: It harms them.\n", "", "HCG-C005", 10),
        ("who:", "whom:", "HCG-C004", 9),
        ("[no, not_applicable]", "[]", "HCG-C006", 14),
        ("title: Purpose\n", "title: Purpose\ntitle: Other\n", "HCG-Y005", 5),
    ],
)
def test_mistakes_in_a_checklist_are_told_with_their_place(project, old, new, code, line):
    (project / "checklists" / "purpose.yaml").write_text(CHECKLIST.replace(old, new))
    with pytest.raises(AuthoringError) as raised:
        load_checklist("purpose", project / "checklists")
    assert [(m.code, m.where.line) for m in raised.value.mistakes] == [(code, line)]
    found = read_answers("purpose", project, "answers", checklists=(project / "checklists",))
    assert found.reason is Absence.UNREADABLE


def test_a_project_cannot_replace_a_shipped_checklist(project, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "purpose.yaml").write_text(CHECKLIST)
    with pytest.raises(AuthoringError) as raised:
        load_checklist("purpose", project / "checklists", own)
    assert raised.value.mistakes[0].code == "HCG-K003"


def test_every_shipped_checklist_is_read():
    shipped = sorted(data_path("checklists").glob("*.yaml"))
    assert [load_checklist(path.stem).id for path in shipped] == [path.stem for path in shipped]


def test_every_code_is_explained_in_one_line():
    assert len(CODES) == 8
    assert all("\n" not in told for told in CODES.values())
