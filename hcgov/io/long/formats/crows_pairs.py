"""CrowS-Pairs: sentence pairs with the kinds of bias that each of five people saw in them, as CSV.

Layout: ``crows_pairs_anonymized.csv`` of its repository. The item is the pair's number. ``bias_type`` and
``stereo_antistereo`` describe the pair as its writer and the publishers settled them; they are groups of the item.
"""

import ast

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import fields_of, table
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import name_of, named, scalar

FORMAT = "crows-pairs"
KINDS = (LongKind.ANNOTATIONS,)
SUFFIXES = (".csv",)

_NEEDED = ("sent_more", "sent_less", "annotations", "anon_annotators")
_ITEM = ("bias_type", "stereo_antistereo")
_LONGEST = 4096
_COLUMNS = ("item", "annotator", "label", "question")
_QUESTION = "bias_type"


def read(data: bytes, options: Options) -> Rows:
    """Read a file; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.ANNOTATIONS, _COLUMNS, options.columns)
    for number, (where, row) in enumerate(table(data)):
        if not number:
            fields_of(row, _NEEDED, "CrowS-Pairs table")
        item = named(row, "", where) if "" in row else str(number)
        labels = _literal(row["annotations"], f"{where}, `annotations`")
        people = _literal(row["anon_annotators"], f"{where}, `anon_annotators`")
        if len(labels) != len(people):
            raise UnreadableError(
                "{where} has {labels} annotations by {people} annotators; nobody can say whose is whose",
                where=where,
                labels=len(labels),
                people=len(people),
            )
        groups = {key: name_of(row[key]) for key in _ITEM if key in row}
        for label, who in zip(labels, people, strict=True):
            value = scalar(label, f"{where}, `annotations`")
            gathered.add((item, name_of(who), value, _QUESTION), groups, row)
    return gathered.finished("annotations")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such a table."""
    return seen.shape is Shape.TABLE and seen.has(*_NEEDED)


def _literal(cell: str, where: str) -> list[Tree]:
    """Return a list that was written as Python writes it; nothing in it is run."""
    try:
        found: object = ast.literal_eval(cell) if len(cell) <= _LONGEST else None
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        found = None
    if not isinstance(found, list) or not all(_plain(one) for one in found):
        raise UnreadableError("{where}: a list of names is expected", where=where)
    return found


def _plain(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
