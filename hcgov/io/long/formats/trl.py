"""TRL: preference sets (``prompt``, ``chosen``, ``rejected``) and unpaired ones (``completion``, ``label``).

Layout: TRL's dataset formats, standard (texts) and conversational (chats), with an explicit or an implicit prompt;
an implicit one is what ``chosen`` and ``rejected`` begin with. The chosen response is response a: where the two
stood is not said. Further fields that bear the name of a canonical column are read; every other scalar one is a
group. An unpaired set holds judgments of single responses, which are annotations with the labels ``true`` and
``false``; no pair is made of them.
"""

from collections.abc import Iterator, Mapping

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.io.long.formats.documents import Record, peeked, records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.pairs import messages, named_prompt, shared_chat, shared_text, written
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError, Value
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import name_of

FORMAT = "trl"
KINDS = (LongKind.PREFERENCES, LongKind.ANNOTATIONS)
SUFFIXES = (".jsonl", ".json")

_PAIRED = ("chosen", "rejected")
_UNPAIRED = ("completion", "label")
_OWN = ("prompt_id", "choice", "prompt", "response_a", "response_b", "dimension")
_FURTHER = tuple(name for name in COLUMNS[LongKind.PREFERENCES] if name not in _OWN)
_UNPAIRED_OWN = ("item", "label", "text")
_UNPAIRED_FURTHER = tuple(name for name in COLUMNS[LongKind.ANNOTATIONS] if name not in _UNPAIRED_OWN)

_KNOWN = frozenset((*_OWN, *_FURTHER, *_PAIRED, *_UNPAIRED, *_UNPAIRED_FURTHER))


def read(data: bytes, options: Options) -> Rows:
    """Read a set of either kind; see the module for the layouts.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    first, found = peeked(records(data))
    if all(key in first for key in _PAIRED):
        return _paired(found, options)
    if all(key in first for key in _UNPAIRED):
        return _unpaired(found, options)
    raise UnreadableError(
        "the first record has neither `chosen` and `rejected` nor `completion` and `label`, which TRL's sets have"
    )


def fits(seen: Seen) -> bool:
    """Whether a file looks like such a set, and not like transcripts of hh-rlhf."""
    if seen.shape is not Shape.JSON:
        return False
    if seen.has(*_PAIRED):
        chosen = seen.first["chosen"]
        return not (isinstance(chosen, str) and chosen.lstrip().startswith("Human:"))
    return seen.has("prompt", *_UNPAIRED)


def pair_of(record: Mapping[str, Tree], where: str) -> tuple[str, str | None, str | None]:
    """Return prompt, chosen and rejected response of a record.

    Raises
    ------
    UnreadableError
        One is missing, or they are of different kinds.
    """
    for key in _PAIRED:
        if record.get(key) is None:
            raise UnreadableError("{where} has no `{key}`", where=where, key=key)
    chosen, rejected = (messages(record[key], f"{where}, `{key}`") for key in _PAIRED)
    prompt = messages(record.get("prompt"), f"{where}, `prompt`")
    if isinstance(chosen, str) != isinstance(rejected, str):
        raise UnreadableError("{where}: one of the responses is a text, the other a chat", where=where)
    if prompt is not None:
        return written(prompt) or "", written(chosen), written(rejected)
    if isinstance(chosen, str) and isinstance(rejected, str):
        return shared_text(chosen, rejected)
    common, a, b = shared_chat(chosen or [], rejected or [])  # type: ignore[arg-type]  # texts went above
    return written(common) or "", written(a), written(b)


def _paired(found: Iterator[Record], options: Options) -> Rows:
    gathered = Gathered(LongKind.PREFERENCES, (*_OWN, *_FURTHER), options.columns)
    for where, record in found:
        prompt, a, b = pair_of(record, where)
        name = name_of(record.get("prompt_id")) or named_prompt(prompt)
        dimension = name_of(record.get("dimension")) or options.dimension or None
        further = _further(record, _FURTHER)
        gathered.add((name, "a", prompt, a, b, dimension, *further), _groups(record), record)
    return gathered.finished("preferences")


def _unpaired(found: Iterator[Record], options: Options) -> Rows:
    gathered = Gathered(LongKind.ANNOTATIONS, (*_UNPAIRED_OWN, *_UNPAIRED_FURTHER), options.columns)
    for where, record in found:
        label = record.get("label")
        if not isinstance(label, bool):
            raise UnreadableError("{where}: `label` is neither true nor false", where=where)
        completion = written(messages(record.get("completion"), f"{where}, `completion`"))
        prompt = written(messages(record.get("prompt"), f"{where}, `prompt`")) or ""
        item = name_of(record.get("item")) or named_prompt(f"{prompt}\0{completion or ''}")
        further = _further(record, _UNPAIRED_FURTHER)
        gathered.add((item, name_of(label), None, *further), _groups(record), record)
    return gathered.finished("judged responses")


def _further(record: Mapping[str, Tree], names: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple([name_of(record[name]) if name in record else None for name in names])


def _groups(record: Mapping[str, Tree]) -> dict[str, str | None]:
    return {k: name_of(v) for k, v in record.items() if k not in _KNOWN and not isinstance(v, list | dict)}
