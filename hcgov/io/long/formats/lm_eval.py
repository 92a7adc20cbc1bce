"""lm-evaluation-harness: logged samples (``samples_<task>_<date>.jsonl``), one line a document and filter.

Layout: the harness' ``--log_samples``, versions 0.4 and later. Each metric is a question and its own rater: it is no
person. Where a task has several filters, the question is ``metric,filter`` as in the harness' results. The model is
told by the file's place only.
"""

from collections.abc import Iterator

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ALL_QUESTIONS, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import list_of, name_of, named, needed

FORMAT = "lm-eval"
KINDS = (LongKind.EVALUATIONS,)
SUFFIXES = (".jsonl", ".json")

_NEEDED = ("doc_id", "target", "filtered_resps")
_KNOWN = (
    *_NEEDED,
    "doc",
    "arguments",
    "resps",
    "filter",
    "metrics",
    "doc_hash",
    "prompt_hash",
    "target_hash",
    "sample_len",
    "task_name",
    "native_id",
)
_COLUMNS = ("item", "rater", "rater_kind", "score", "question")


def read(data: bytes, options: Options) -> Rows:
    """Read samples; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.EVALUATIONS, _COLUMNS, options.columns)
    for where, record in records(data):
        for key in _NEEDED:
            needed(record, key, where)
        item, filter_ = named(record, "doc_id", where), name_of(record.get("filter"))
        for metric, score in _metrics(record, where):
            question = metric if filter_ in (None, "none") else f"{metric},{filter_}"
            if score is None:
                gathered.drop("no_score")
            elif options.question in ("", ALL_QUESTIONS, question):
                gathered.add((item, metric, "judge", score, question), None, record)
    return gathered.finished("scored documents")


def fits(seen: Seen) -> bool:
    """Whether a file looks like logged samples."""
    return seen.shape is Shape.JSON and seen.has(*_NEEDED)


def _metrics(record: dict[str, Tree], where: str) -> Iterator[tuple[str, str | None]]:
    """Yield each metric with its value for one document; what is no single value has none."""
    told = record.get("metrics")
    if told is not None:
        for entry in list_of(told, f"{where}, `metrics`"):
            name = name_of(entry)
            if name is None or name not in record:
                raise UnreadableError("{where} names a metric that it does not hold", where=where)
            yield name, name_of(record[name])
        return
    for key, value in record.items():
        if key not in _KNOWN and isinstance(value, bool | int | float):
            yield key, name_of(value)
