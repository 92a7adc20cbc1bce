"""Label Studio: tasks exported as JSON, with every annotation.

Layout: Label Studio's task format (docs/source/includes/task_format.md of its repository). Each control tag
(``from_name``) is a question. Regions, which mark a part of an item, are no judgment of the item and are left aside.
An annotation marked as ground truth is the known answer, not one more opinion.
"""

from collections.abc import Iterator, Sequence

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ALL_QUESTIONS, NOTHING_CHOSEN, Options, Rows, UnreadableError, Value
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import kind_of, list_of, name_of, named, number_of, object_of, scalar

FORMAT = "label-studio"
KINDS = (LongKind.ANNOTATIONS,)
SUFFIXES = (".json", ".jsonl")

_COLUMNS = (
    "item",
    "annotator",
    "label",
    "question",
    "status",
    "text",
    "seconds",
    "submitted_at",
    "is_gold",
    "gold_label",
    "suggestion",
    "suggestion_agent",
)
_TEXTS = ("textarea",)
_LABELS = {"choices": "choices", "rating": "rating", "number": "number", "pairwise": "selected"}


@frozen
class _Answers:
    """What one annotation or prediction says: the label of each question, and free text."""

    labels: dict[str, str]
    text: str | None = None
    regions: int = 0


@frozen
class _Gold:
    """What is known of a task beforehand: whether the export tells, and the answer to each question."""

    told: bool
    labels: dict[str, str]
    annotations: int


def read(data: bytes, options: Options) -> Rows:
    """Read an export; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.ANNOTATIONS, _COLUMNS, options.columns)
    several = 0
    for where, task in records(data):
        item = named(task, "id", where)
        annotations = _annotations(task, where)
        gold = _gold(annotations, where)
        suggestions, agent, ambiguous = _suggestions(task, where)
        several += ambiguous
        data_ = task.get("data")
        record = data_ if isinstance(data_, dict) else {}
        groups = {k: name_of(v) for k, v in record.items() if isinstance(v, str | bool | int | float)}
        gathered.drop("ground_truth", gold.annotations)
        for at, status, one in annotations:
            for question, given in _given(at, status, one, gathered):
                if options.question in ("", ALL_QUESTIONS, question):
                    known, suggested = gold.labels.get(question), suggestions.get(question)
                    beforehand = (known is not None if gold.told else None, known)
                    machine = (suggested, agent if suggested else None)
                    gathered.add((item, *given, *beforehand, *machine), groups, record)
    if several:
        gathered.note(
            "{n} {n|task has|tasks have} several predictions; which of them was shown is not known", n=several
        )
    return gathered.finished("annotations")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such an export."""
    return seen.shape is Shape.JSON and seen.has("data", "annotations") and "instances" not in seen.first


def _given(
    where: str, status: str, annotation: dict[str, Tree], gathered: Gathered
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield each question that an annotation answers, with person, label, question, status, text and time."""
    if annotation.get("ground_truth") is True:
        return
    answers = _answers(annotation.get("result"), where)
    gathered.drop("region", answers.regions)
    if not answers.labels:
        gathered.drop("skipped" if status == "discarded" else "no_label")
    alone = len(answers.labels) == 1
    seconds = number_of(annotation.get("lead_time"), f"{where}, `lead_time`") if alone else None
    who, moment = _who(annotation.get("completed_by"), where), name_of(annotation.get("created_at"))
    for question, label in answers.labels.items():
        yield question, (who, label, question, status, answers.text, seconds, moment)


def _annotations(task: dict[str, Tree], where: str) -> list[tuple[str, str, dict[str, Tree]]]:
    """Return place, status and content of each annotation and draft."""
    found = []
    for key, status in (("annotations", "submitted"), ("drafts", "draft")):
        if key == "annotations" and key not in task:
            raise UnreadableError(
                "{where} has no `annotations`; export as JSON, not as JSON-MIN", where=where
            )
        entries = task.get(key)
        for number, entry in enumerate([] if entries is None else list_of(entries, f"{where}, `{key}`")):
            at = f"{where}, `{key}[{number}]`"
            one = object_of(entry, at)
            found.append((at, "discarded" if one.get("was_cancelled") is True else status, one))
    return found


def _gold(annotations: Sequence[tuple[str, str, dict[str, Tree]]], where: str) -> _Gold:
    told = [one for _, _, one in annotations if isinstance(one.get("ground_truth"), bool)]
    golden = [one for one in told if one["ground_truth"] is True]
    labels: dict[str, str] = {}
    split: set[str] = set()
    for one in golden:
        for question, label in _answers(one.get("result"), where).labels.items():
            if labels.setdefault(question, label) != label:
                split.add(question)
    return _Gold(
        told=bool(told),
        labels={question: label for question, label in labels.items() if question not in split},
        annotations=len(golden),
    )


def _suggestions(task: dict[str, Tree], where: str) -> tuple[dict[str, str], str | None, bool]:
    """Return the suggested labels and the model, and whether there were several models so that it is unknown."""
    entries = task.get("predictions")
    found = [
        object_of(entry, f"{where}, `predictions`")
        for entry in ([] if entries is None else list_of(entries, f"{where}, `predictions`"))
        if not isinstance(entry, int)  # some exports give the predictions' ids only
    ]
    if len(found) != 1:
        return {}, None, len(found) > 1
    answers = _answers(found[0].get("result"), f"{where}, `predictions[0]`")
    return answers.labels, name_of(found[0].get("model_version")), False


def _answers(result: Tree, where: str) -> _Answers:
    labels: dict[str, str] = {}
    texts: list[str] = []
    regions = 0
    for entry in [] if result is None else list_of(result, f"{where}, `result`"):
        one = object_of(entry, f"{where}, `result`")
        kind, value = name_of(one.get("type")) or "", one.get("value")
        if kind in _TEXTS and isinstance(value, dict):
            texts += _texts(value.get("text"), where)
        elif kind in (*_LABELS, "taxonomy"):
            question = named(one, "from_name", f"{where}, `result`")
            label = _label(kind, object_of(value, f"{where}, `{question}`"), f"{where}, `{question}`")
            if label is not None and labels.setdefault(question, label) != label:
                raise UnreadableError(
                    "{where}: `{question}` is answered twice", where=where, question=question
                )
        else:
            regions += 1
    return _Answers(labels=labels, text="\n".join(texts) or None, regions=regions)


def _label(kind: str, value: dict[str, Tree], where: str) -> str | None:
    if kind == "taxonomy":
        paths = ("/".join(_texts(path, where)) for path in list_of(value.get("taxonomy"), where))
        return "|".join(sorted(set(paths))) or NOTHING_CHOSEN
    return scalar(value.get(_LABELS[kind]), where)


def _texts(value: Tree, where: str) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        found = name_of(one)
        if found is not None:
            yield found
        elif one is not None and not isinstance(one, str):
            raise UnreadableError("{where}: a text is expected, not {what}", where=where, what=kind_of(one))


def _who(value: Tree, where: str) -> str | None:
    """Return who annotated: a number, or an object with an id."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("id", "email") if value.get(key) is not None), None)
    if isinstance(value, list):
        raise UnreadableError("{where}: `completed_by` is a list", where=where)
    return name_of(value)
