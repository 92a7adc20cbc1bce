"""JudgeBench: pairs of responses with an answer key, and what a judge decided in both orders, as JSON Lines.

Layout: the set and ``outputs/`` of its repository (Tan et al. 2024, https://arxiv.org/abs/2410.12784). Each judgment
decides between the responses as they were shown; the second shows them swapped, so its decision is turned back here:
``a`` is response A in either order. ``label`` comes from the answer key of the questions, not from a person who read
the responses: it is a row of ``answer_key``.
"""

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ANSWER_KEY, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import list_of, name_of, named, needed, object_of

FORMAT = "judgebench"
KINDS = (LongKind.EVALUATIONS,)
SUFFIXES = (".jsonl",)

_NEEDED = ("pair_id", "response_A", "response_B", "label")
_SCORES = {"A>B": "a", "B>A": "b", "A=B": "tie", "B=A": "tie"}
_SWAPPED = {"a": "b", "b": "a", "tie": "tie"}
_COLUMNS = ("item", "rater", "rater_kind", "score", "system", "order")


def read(data: bytes, options: Options) -> Rows:
    """Read a set or a judge's outputs; see the module for the layouts.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.EVALUATIONS, _COLUMNS, options.columns)
    for where, record in records(data):
        for key in _NEEDED:
            needed(record, key, where)
        item, system = named(record, "pair_id", where), name_of(record.get("response_model"))
        groups = {"source": name_of(record.get("source"))}
        key_score = _score(record["label"], f"{where}, `label`")
        gathered.add((item, ANSWER_KEY, "human", key_score, system, None), groups, record)
        judgments = record.get("judgments")
        given = [] if judgments is None else list_of(judgments, f"{where}, `judgments`")
        if len(given) > 2:
            raise UnreadableError(
                "{where} has {n} judgments; two orders are known", where=where, n=len(given)
            )
        for number, entry in enumerate(given):
            at = f"{where}, `judgments[{number}]`"
            one = object_of(entry, at)
            if name_of(one.get("decision")) is None:
                gathered.drop("no_score")
                continue
            shown = _score(one["decision"], f"{at}, `decision`")
            score, order = (_SWAPPED[shown], "ba") if number else (shown, "ab")
            gathered.add((item, _judge(one, record, options), "judge", score, system, order), groups, record)
    gathered.note("labels are the answer key of the questions, not what people judged")
    return gathered.finished("labels or judgments")


def fits(seen: Seen) -> bool:
    """Whether a file looks like one of the two."""
    return seen.shape is Shape.JSON and seen.has(*_NEEDED)


def _judge(judgment: dict[str, Tree], record: dict[str, Tree], options: Options) -> str:
    about = judgment.get("judgment")
    model = name_of(about.get("judge_model")) if isinstance(about, dict) else None
    return options.declared.get("rater") or model or name_of(record.get("judge_name")) or "judge"


def _score(value: Tree, where: str) -> str:
    found = _SCORES.get((name_of(value) or "").strip())
    if found is None:
        raise UnreadableError("{where} is none of A>B, B>A and A=B", where=where)
    return found
