"""Chatbot Arena and its kin: battles of two models with their winner, as JSON, JSON Lines or CSV.

Layouts: ``model_a``, ``model_b`` and ``winner`` (``model_a``, ``model_b``, ``tie``, ``tie (bothbad)``, ``both_bad``)
with conversations or responses, and the wide one with ``winner_model_a``, ``winner_model_b``, ``winner_tie``. A tie
between bad responses is no tie between good ones: it is ``both_bad``.
"""

import json
from collections.abc import Mapping

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records_or_table
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.pairs import messages, named_prompt, shared_chat, written
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen
from hcgov.io.long.formats.values import name_of, named

FORMAT = "arena"
KINDS = (LongKind.PREFERENCES,)
SUFFIXES = (".json", ".jsonl", ".csv")

_WINNERS = {
    "model_a": "a",
    "a": "a",
    "model_b": "b",
    "b": "b",
    "tie": "tie",
    "tie (bothbad)": "both_bad",
    "tie(bothbad)": "both_bad",
    "bothbad": "both_bad",
    "both_bad": "both_bad",
    "both bad": "both_bad",
}
_WIDE = {"winner_model_a": "a", "winner_model_b": "b", "winner_tie": "tie"}
_PROMPTS = ("question_id", "prompt_id", "evaluation_session_id", "id")
_PEOPLE = ("judge", "judge_user_id", "annotator", "user_id")
_MOMENTS = ("tstamp", "timestamp", "submitted_at")
_GROUPS = ("turn", "anony", "is_code", "category", "platform")
_COLUMNS = (
    "prompt_id",
    "choice",
    "annotator",
    "prompt",
    "response_a",
    "response_b",
    "model_a",
    "model_b",
    "submitted_at",
    "language",
    "dimension",
)


def read(data: bytes, options: Options) -> Rows:
    """Read a file of battles; see the module for the layouts.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.PREFERENCES, _COLUMNS, options.columns)
    for where, record in records_or_table(data):
        models = named(record, "model_a", where), named(record, "model_b", where)
        choice = _choice(record, where)
        if choice is None:
            gathered.drop("no_choice")
            continue
        prompt, a, b = _texts(record, where)
        name = _first(record, _PROMPTS) or (None if prompt is None else named_prompt(prompt))
        shared = (name, choice, _first(record, _PEOPLE), prompt, a, b, *models, _first(record, _MOMENTS))
        language = name_of(record.get("language"))
        groups = {key: name_of(record.get(key)) for key in _GROUPS if key in record}
        gathered.add((*shared, language, options.dimension or None), groups, record)
    return gathered.finished("battles")


def fits(seen: Seen) -> bool:
    """Whether a file looks like battles."""
    return seen.has("model_a", "model_b") and (seen.has("winner") or seen.has(*_WIDE))


def _choice(record: Mapping[str, Tree], where: str) -> str | None:
    if "winner" in record:
        winner = name_of(record["winner"])
        if winner is None:
            return None
        found = (
            _WINNERS.get(winner.strip().casefold())
            or (
                # Some sets name the model that won.
                "a" if winner == record.get("model_a") != record.get("model_b") else None
            )
            or ("b" if winner == record.get("model_b") != record.get("model_a") else None)
        )
        if found is None:
            raise UnreadableError(
                "{where}: the winner `{winner}` is none of model_a, model_b, tie, tie (bothbad)",
                where=where,
                winner=winner[:40],
            )
        return found
    told = [choice for key, choice in _WIDE.items() if name_of(record.get(key)) in ("1", "true", "True")]
    if len(told) > 1:
        raise UnreadableError("{where} names more than one winner", where=where)
    if not told and not all(key in record for key in _WIDE):
        raise UnreadableError("{where} has no `winner`", where=where)
    return told[0] if told else None


def _texts(record: Mapping[str, Tree], where: str) -> tuple[str | None, str | None, str | None]:
    """Return prompt and both responses, as far as the record holds them."""
    chats = [record.get(f"conversation_{side}") for side in ("a", "b")]
    if all(chat is not None for chat in chats):
        a, b = (messages(chat, f"{where}, `conversation_{s}`") for chat, s in zip(chats, "ab", strict=True))
        if isinstance(a, list) and isinstance(b, list):
            common, rest_a, rest_b = shared_chat(a, b)
            return written(common), written(rest_a), written(rest_b)
        return None, written(a), written(b)
    return (
        _maybe_list(record.get("prompt")),
        _maybe_list(record.get("response_a")),
        _maybe_list(record.get("response_b")),
    )


def _maybe_list(value: Tree) -> str | None:
    """Return a text; turns that are written as a JSON list, as some sets do, are joined."""
    if isinstance(value, list):
        return "\n\n".join(name_of(one) or "" for one in value)
    if not isinstance(value, str):
        return name_of(value)
    if value.startswith("[") and value.endswith("]"):
        try:
            found: object = json.loads(value)
        except (ValueError, RecursionError):
            return value
        if isinstance(found, list) and all(isinstance(one, str) or one is None for one in found):
            return "\n\n".join(one or "" for one in found)
    return value


def _first(record: Mapping[str, Tree], keys: tuple[str, ...]) -> str | None:
    return next((name for key in keys if (name := name_of(record.get(key))) is not None), None)
