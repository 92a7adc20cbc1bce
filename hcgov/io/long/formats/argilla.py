"""Argilla 2: records exported as JSON or JSON Lines, flattened (``<question>.responses``) or nested.

Layout: ``argilla.records`` of Argilla 2.8 (``to_list(flatten=True)`` and ``to_json``). A flattened export tells the
status of a response (submitted, draft, discarded); a nested one does not, and then it is not recorded here. Nothing
in an export says whether annotators saw a suggestion, or when they answered.
"""

from collections.abc import Iterator

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ALL_QUESTIONS, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import list_of, name_of, named, object_of, scalar

FORMAT = "argilla"
KINDS = (LongKind.ANNOTATIONS,)
SUFFIXES = (".json", ".jsonl", ".ndjson")

_RESPONSES = ".responses"
_SUGGESTION = ".suggestion"
_STATUSES = COLUMNS[LongKind.ANNOTATIONS]["status"].values
_COLUMNS = ("item", "annotator", "label", "question", "status", "suggestion", "suggestion_agent")


def read(data: bytes, options: Options) -> Rows:
    """Read an export; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.ANNOTATIONS, _COLUMNS, options.columns)
    nested = False
    for where, record in records(data):
        item = named(record, "id", where)
        nested = nested or _is_nested(record)
        groups = {} if _is_nested(record) else _descriptions(record)
        metadata = record.get("metadata")
        if _is_nested(record) and isinstance(metadata, dict):
            groups = {key: name_of(value) for key, value in metadata.items()}
        for question in _questions(record):
            if options.question not in ("", ALL_QUESTIONS, question):
                continue
            suggestion, agent = _suggestion(record, question, where)
            for value, user, status in _responses(record, question, where):
                label = _label(value, f"{where}, `{question}`", gathered)
                if label is not None:
                    gathered.add((item, user, label, question, status, suggestion, agent), groups, record)
    if nested:
        gathered.note("the export is nested: it does not say which responses were submitted")
    return gathered.finished("responses to a question")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such an export."""
    if seen.shape is not Shape.JSON or "id" not in seen.first:
        return False
    return any(key.endswith((_RESPONSES, _SUGGESTION)) for key in seen.first) or _is_nested(dict(seen.first))


def _is_nested(record: dict[str, Tree]) -> bool:
    return isinstance(record.get("responses"), dict) and isinstance(record.get("fields"), dict)


def _descriptions(record: dict[str, Tree]) -> dict[str, str | None]:
    """Return fields and metadata, which a flattened record does not tell apart."""
    return {
        key: name_of(value)
        for key, value in record.items()
        if isinstance(value, str | bool | int | float)
        and key not in ("id", "_server_id", "status")
        and not key.endswith((_SUGGESTION, ".suggestion.agent", ".suggestion.score"))
    }


def _questions(record: dict[str, Tree]) -> list[str]:
    if _is_nested(record):
        return list(object_of(record["responses"], "`responses`"))
    return [key.removesuffix(_RESPONSES) for key in record if key.endswith(_RESPONSES)]


def _responses(
    record: dict[str, Tree], question: str, where: str
) -> Iterator[tuple[Tree, str | None, str | None]]:
    """Yield value, person and status of each response to a question."""
    if _is_nested(record):
        answers = object_of(record["responses"], where).get(question)
        for answer in [] if answers is None else list_of(answers, f"{where}, `responses.{question}`"):
            one = object_of(answer, f"{where}, `responses.{question}`")
            yield one.get("value"), name_of(one.get("user_id")), _status(one.get("status"), where)
        return
    values = record.get(f"{question}{_RESPONSES}")
    if values is None:
        return
    answers = list_of(values, f"{where}, `{question}{_RESPONSES}`")
    users = _beside(record, f"{question}{_RESPONSES}.users", len(answers), where)
    statuses = _beside(record, f"{question}{_RESPONSES}.status", len(answers), where)
    for value, user, status in zip(answers, users, statuses, strict=True):
        yield value, name_of(user), _status(status, where)


def _beside(record: dict[str, Tree], key: str, length: int, where: str) -> list[Tree]:
    if record.get(key) is None:
        return [None] * length
    found = list_of(record[key], f"{where}, `{key}`")
    if len(found) != length:
        raise UnreadableError(
            "{where}: `{key}` has {found} entries for {length} responses; nobody can say whose is whose",
            where=where,
            key=key,
            found=len(found),
            length=length,
        )
    return found


def _status(value: Tree, where: str) -> str | None:
    found = name_of(value)
    if found is not None and found not in _STATUSES:
        raise UnreadableError(
            "{where}: status `{status}` is none of {known}",
            where=where,
            status=found[:40],
            known=", ".join(_STATUSES),
        )
    return found


def _suggestion(record: dict[str, Tree], question: str, where: str) -> tuple[str | None, str | None]:
    if _is_nested(record):
        suggestions = record.get("suggestions")
        one = suggestions.get(question) if isinstance(suggestions, dict) else None
        found = one if isinstance(one, dict) else {}
        value, agent = found.get("value"), found.get("agent")
    else:
        value = record.get(f"{question}{_SUGGESTION}")
        agent = record.get(f"{question}{_SUGGESTION}.agent")
    if value is None or _spans(value):
        return None, None
    return _named_label(value, f"{where}, suggestion for `{question}`"), name_of(agent)


def _label(value: Tree, where: str, gathered: Gathered) -> str | None:
    """Return the label of a response; ``None`` where it is none, which is counted."""
    if _spans(value):
        gathered.drop("span")
        return None
    label = _named_label(value, where)
    if label is None:
        gathered.drop("no_label")
    return label


def _named_label(value: Tree, where: str) -> str | None:
    if isinstance(value, list) and value and all(isinstance(one, dict) and "rank" in one for one in value):
        return _ranking(value, where)
    return scalar(value, where)


def _ranking(value: list[Tree], where: str) -> str:
    """Return a ranking from best to worst, ``a>b=c``."""
    ranks: dict[int, list[str]] = {}
    for entry in value:
        one = object_of(entry, where)
        rank, name = one.get("rank"), name_of(one.get("value"))
        if not isinstance(rank, int) or isinstance(rank, bool) or name is None:
            raise UnreadableError("{where}: each entry of a ranking needs `value` and `rank`", where=where)
        ranks.setdefault(rank, []).append(name)
    return ">".join("=".join(sorted(ranks[rank])) for rank in sorted(ranks))


def _spans(value: Tree) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) and "start" in one for one in value)
