"""AlpacaEval: what a judge preferred, as JSON.

Layout: ``annotations.json`` of its results (https://github.com/tatsu-lab/alpaca_eval). ``preference`` runs from 1
(output 1, the reference) to 2 (output 2); 0 is a tie and null means that the judge gave no valid answer. A judge
that weighs its answer gives numbers between: what lies below 1.5 prefers output 1, what lies above output 2.
"""

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.pairs import named_prompt
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import name_of, needed, number_of, text_of

FORMAT = "alpaca-eval"
KINDS = (LongKind.PREFERENCES,)
SUFFIXES = (".json", ".jsonl")

_NEEDED = ("instruction", "output_1", "output_2", "preference")
_COLUMNS = (
    "prompt_id",
    "choice",
    "annotator",
    "prompt",
    "response_a",
    "response_b",
    "model_a",
    "model_b",
    "label_source",
    "dimension",
)


def read(data: bytes, options: Options) -> Rows:
    """Read annotations; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.PREFERENCES, _COLUMNS, options.columns)
    weighed = 0
    for where, record in records(data):
        for key in _NEEDED:
            needed(record, key, where)
        preference = number_of(record["preference"], f"{where}, `preference`")
        if preference is None:
            gathered.drop("no_valid_answer")
            continue
        weighed += preference not in (0.0, 1.0, 1.5, 2.0)
        prompt = text_of(record["instruction"], f"{where}, `instruction`") or ""
        judge = name_of(record.get("annotator"))
        outputs = [text_of(record[key], f"{where}, `{key}`") for key in ("output_1", "output_2")]
        models = [name_of(record.get(key)) for key in ("generator_1", "generator_2")]
        pair = (named_prompt(prompt), _choice(preference, where), judge, prompt, *outputs, *models)
        source = "human" if _is_person(record) else "judge"
        groups = {"dataset": name_of(record.get("dataset"))}
        gathered.add((*pair, source, options.dimension or None), groups, record)
    if weighed:
        gathered.note("{n} {n|preference was|preferences were} weighed and stand here as a choice", n=weighed)
    return gathered.finished("preferences")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such annotations."""
    return seen.shape is Shape.JSON and seen.has(*_NEEDED)


def _choice(preference: float, where: str) -> str:
    if preference in (0.0, 1.5):
        return "tie"
    if not 1.0 <= preference <= 2.0:
        raise UnreadableError(
            "{where}: preference {value} is neither 0 nor between 1 and 2", where=where, value=preference
        )
    return "a" if preference < 1.5 else "b"


def _is_person(record: dict[str, Tree]) -> bool:
    """Whether people annotated: cross-annotations name an annotator by a number, judges have names."""
    return isinstance(record.get("annotator"), int) or "annotator_index" in record
