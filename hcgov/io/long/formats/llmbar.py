"""LLMBar: pairs with the output that follows its instruction, and what a judge said in both orders, as JSON.

Layout: ``dataset.json`` and ``evaluators/<judge>/<prompt>/result.json`` of its repository (Zeng et al. 2023,
https://arxiv.org/abs/2310.07641). A score is ``a`` where output 1 wins and ``b`` where output 2 does, in either
order; ``ba`` is the order in which output 2 was shown first. ``label``, on which the authors agreed, is a row of
``answer_key``. Where a judge was asked again because its orders disagreed, the last answer counts, as in the
published figures. The item is the pair's place in the file, from 1. The judge is named by its folder: declare it.
"""

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ANSWER_KEY, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import list_of, name_of, needed, object_of

FORMAT = "llmbar"
KINDS = (LongKind.EVALUATIONS,)
SUFFIXES = (".json",)

UNNAMED = "judge"
"""Rater of a file that does not name its judge."""

_OUTPUTS = ("output_1", "output_2", "label")
_SCORES = {"1": "a", "2": "b", "tie": "tie"}
_ORDERS = {"swap = False": "ab", "swap = True": "ba"}
_COLUMNS = ("item", "rater", "rater_kind", "score", "order")


def read(data: bytes, options: Options) -> Rows:
    """Read a set or a judge's results; see the module for the layouts.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.EVALUATIONS, _COLUMNS, options.columns)
    judge = options.declared.get("rater", "")
    judged = False
    for number, (where, record) in enumerate(records(data), start=1):
        item = str(number)
        for key in _OUTPUTS:
            needed(record, key, where)
        gathered.add(
            (item, ANSWER_KEY, "human", _score(record["label"], f"{where}, `label`"), None), None, record
        )
        rounds = record.get("results")
        if rounds is None:
            continue
        listed = list_of(rounds, f"{where}, `results`")
        if not listed:
            gathered.drop("no_score")
            continue
        judged = True
        gathered.drop("earlier_round", len(listed) - 1)
        last = object_of(listed[-1], f"{where}, `results`")
        for key, order in _ORDERS.items():
            answer = object_of(needed(last, key, f"{where}, `results`"), f"{where}, `{key}`")
            winner = name_of(answer.get("winner"))
            if winner is None or winner.casefold() == "none":
                gathered.drop("no_score")
                continue
            score = _score(winner, f"{where}, `{key}`")
            gathered.add((item, judge or UNNAMED, "judge", score, order), None, record)
    if judged and not judge:
        gathered.note("the file does not name its judge; declare it as `rater`")
    return gathered.finished("labels or results")


def fits(seen: Seen) -> bool:
    """Whether a file looks like one of the two."""
    return seen.shape is Shape.JSON and seen.has("input", *_OUTPUTS)


def _score(value: Tree, where: str) -> str:
    found = _SCORES.get((name_of(value) or "").casefold())
    if found is None:
        raise UnreadableError("{where} is none of 1 and 2", where=where)
    return found
