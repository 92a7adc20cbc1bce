"""The pairwise sets of Prometheus' evaluation: Auto-J's (``autoj_pairwise.json``) and HHH alignment.

Layouts: ``prompt``, ``response 1``, ``response 2`` and ``label`` (0: the first is better, 1: the second, 2: tie;
README of Auto-J), and ``chosen_instruction`` with ``rejected_instruction``, each a prompt of Prometheus around
the response. Auto-J's file is JSON Lines under the name of a JSON file. Of HHH the respect (``source``: harmless,
helpful, honest, other) is the dimension. Who chose is not said.
"""

from collections.abc import Mapping

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.pairs import named_prompt
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import name_of, needed, text_of

FORMAT = "prometheus"
KINDS = (LongKind.PREFERENCES,)
SUFFIXES = (".json", ".jsonl")

_AUTOJ = ("prompt", "response 1", "response 2", "label")
_HHH = ("chosen_instruction", "rejected_instruction")
_CHOICES = {"0": "a", "1": "b", "2": "tie"}
_ASKED = "###The instruction to evaluate:\n"
_ANSWERED = "###Response to evaluate:\n"
_RUBRIC = "###Score Rubric"
_COLUMNS = ("prompt_id", "choice", "prompt", "response_a", "response_b", "dimension")


def read(data: bytes, options: Options) -> Rows:
    """Read a file of either layout; see the module.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.PREFERENCES, _COLUMNS, options.columns)
    for where, record in records(data):
        if any(key in record for key in _HHH):
            prompt, a, b = _unwrapped(record, where)
            choice, dimension = "a", name_of(record.get("source"))
            groups = {"source": dimension}
        else:
            prompt, a, b = (
                text_of(needed(record, key, where), f"{where}, `{key}`") or "" for key in _AUTOJ[:3]
            )
            choice, dimension = _choice(record, where), None
            groups = {"scenario": name_of(record.get("scenario"))}
        pair = (named_prompt(prompt), choice, prompt, a, b)
        gathered.add((*pair, dimension or options.dimension or None), groups, record)
    return gathered.finished("pairs")


def fits(seen: Seen) -> bool:
    """Whether a file looks like one of the two."""
    return seen.shape is Shape.JSON and (seen.has(*_HHH) or seen.has(*_AUTOJ))


def _choice(record: Mapping[str, Tree], where: str) -> str:
    label = name_of(needed(record, "label", where))
    if label not in _CHOICES:
        raise UnreadableError("{where}: `label` is none of 0, 1 and 2", where=where)
    return _CHOICES[label]


def _unwrapped(record: Mapping[str, Tree], where: str) -> tuple[str, str, str]:
    """Return instruction and both responses out of the two prompts that hold them."""
    found = []
    for key in _HHH:
        whole = text_of(needed(record, key, where), f"{where}, `{key}`") or ""
        asked, answered, rest = whole.find(_ASKED), whole.find(_ANSWERED), whole.rfind(_RUBRIC)
        if not 0 <= asked < answered < rest:
            raise UnreadableError(
                "{where}: `{key}` does not hold an instruction, a response and a rubric under their headings",
                where=where,
                key=key,
            )
        prompt = whole[asked + len(_ASKED) : answered].strip()
        found.append((prompt, whole[answered + len(_ANSWERED) : rest].strip()))
    (prompt, a), (other, b) = found
    if prompt != other:
        raise UnreadableError("{where}: the two responses answer different instructions", where=where)
    return prompt, a, b
