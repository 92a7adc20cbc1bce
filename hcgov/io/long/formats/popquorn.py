"""POPQUORN: ratings and rewritings with what annotators said of themselves, as CSV.

Layout: ``raw_data.csv`` of each of its four tasks (Pei and Jurgens, https://arxiv.org/abs/2306.06826). Where a table
was written with people as decimal numbers, ``229.0`` is person ``229``. A rewriting is free text: it is the label
and the text of its row.
"""

import re
from collections.abc import Mapping

from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.describing import described
from hcgov.io.long.formats.documents import fields_of, table
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import name_of, named

FORMAT = "popquorn"
KINDS = (LongKind.ANNOTATIONS,)
SUFFIXES = (".csv",)

_NEEDED = ("instance_id", "user_id")
_PEOPLE = ("gender", "race", "age", "occupation", "education")
_RATINGS = ("offensiveness", "politeness")
_TEXTS = ("revised email", "answer")
_COLUMNS = ("item", "annotator", "label", "question", "consent", "text")
_WHOLE = re.compile(r"(-?\d+)\.0")


def read(data: bytes, options: Options) -> Rows:
    """Read a file; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.ANNOTATIONS, _COLUMNS, options.columns)
    question, nobody = "", 0
    for where, row in table(data):
        if not question:
            fields_of(row, _NEEDED, "POPQUORN table")
            question = _question(row, options.question)
        item, label = _whole(named(row, "instance_id", where)), _whole(name_of(row[question]))
        if label is None:
            gathered.drop("no_label")
            continue
        who = _whole(name_of(row["user_id"]))
        nobody += who is None
        groups, consent = described({key: row[key] for key in _PEOPLE if key in row})
        written = row[question] if question in _TEXTS else None
        gathered.add((item, who, label, question, consent, written), groups, row)
    if nobody:
        gathered.note("{n} {n|row does|rows do} not say who judged", n=nobody)
    return gathered.finished("judgments")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such a table."""
    return seen.shape is Shape.TABLE and seen.has(*_NEEDED) and any(seen.has(q) for q in (*_RATINGS, *_TEXTS))


def _question(row: Mapping[str, str], wanted: str) -> str:
    known = [name for name in (*_RATINGS, *_TEXTS) if name in row]
    if wanted and wanted not in row:
        raise UnreadableError("the file has no column `{wanted}`, the question asked for", wanted=wanted)
    if not wanted and len(known) != 1:
        raise UnreadableError(
            "which column holds the answer is not clear; name it under `question:`; the columns are {columns}",
            columns=", ".join(row),
        )
    return wanted or known[0]


def _whole(name: str | None) -> str | None:
    found = None if name is None else _WHOLE.fullmatch(name)
    return found[1] if found else name
