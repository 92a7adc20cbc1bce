"""DICES: ratings of the safety of conversations, one row a rater and conversation, as CSV.

Layout: the schemas of DICES-350 and DICES-990 in their repository. ``Q_overall`` is the main question; the others
are read where they are asked for. ``safety_gold`` is one expert's label and no answer to check attention with, so
it is what a third party established (``truth``). The main question and those that end in ``_overall`` are derived
by the publishers from the rater's own answers.
"""

from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.describing import REVOKED, described
from hcgov.io.long.formats.documents import fields_of, table
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ALL_QUESTIONS, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import name_of, named, number_of

FORMAT = "dices"
KINDS = (LongKind.ANNOTATIONS,)
SUFFIXES = (".csv",)

MAIN = "Q_overall"
_NEEDED = ("rater_id", "item_id", MAIN)
_COLUMNS = ("item", "annotator", "label", "question", "consent", "seconds", "submitted_at", "truth")
_ITEM = ("degree_of_harm", "harm_type")


def read(data: bytes, options: Options) -> Rows:
    """Read a file; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.ANNOTATIONS, _COLUMNS, options.columns)
    questions: list[str] = []
    for where, row in table(data):
        if not questions:
            fields_of(row, _NEEDED, "DICES table")
            questions = _asked(tuple(row), options.question)
        people = {key: row[key] for key in row if key.startswith("rater_") and key != "rater_id"}
        people |= {key: row[key] for key in ("rater_raw_race", "phase") if key in row}
        groups, consent = described(people)
        groups |= {key: name_of(row[key]) for key in _ITEM if key in row}
        seconds = number_of(row.get("answer_time_ms"), f"{where}, `answer_time_ms`")
        item, rater = named(row, "item_id", where), name_of(row["rater_id"])
        for question in questions:
            label = name_of(row[question])
            if label is None:
                gathered.drop("no_label")
                continue
            shared = (item, rater, label, question, consent if consent == REVOKED else None)
            # The time is that of the whole questionnaire.
            spent = None if seconds is None or len(questions) > 1 else seconds / 1000.0
            truth = name_of(row.get("safety_gold")) if question == MAIN else None
            gathered.add((*shared, spent, name_of(row.get("answer_timestamp")), truth), groups, row)
    gathered.note("the time of an answer is that of all questions on a conversation together")
    return gathered.finished("ratings")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such a table."""
    return seen.shape is Shape.TABLE and seen.has(*_NEEDED)


def _asked(columns: tuple[str, ...], question: str) -> list[str]:
    known = [name for name in columns if name == MAIN or (name[:1] == "Q" and name[1:2].isdigit())]
    if question == ALL_QUESTIONS:
        return known
    wanted = question or MAIN
    if wanted not in known:
        raise UnreadableError(
            "the file has no question `{wanted}`; it has {known}", wanted=wanted, known=", ".join(known)
        )
    return [wanted]
