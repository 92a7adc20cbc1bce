"""What formats of preference pairs share: how a prompt is named, and what chosen and rejected have in common."""

import hashlib
import json
from collections.abc import Sequence

from hcgov.core.evidence.source import Tree
from hcgov.io.long.formats.rows import UnreadableError
from hcgov.io.long.formats.values import kind_of, object_of

TURN = "\n\nAssistant:"
"""What opens a reply in transcripts of hh-rlhf."""

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")


def named_prompt(prompt: str) -> str:
    """Return the name of a prompt: the same for the same text, in every file."""
    return hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def messages(value: Tree, where: str) -> str | list[dict[str, Tree]] | None:
    """Return a text, or a chat whose every message says who speaks; nothing for null.

    Raises
    ------
    UnreadableError
        It is neither.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        raise UnreadableError(
            "{where}: a text or a chat is expected, not {what}", where=where, what=kind_of(value)
        )
    found = [object_of(one, where) for one in value]
    for one in found:
        if one.get("role") not in _ROLES:
            raise UnreadableError(
                "{where}: a message has the role `{role}`; it is one of {known}",
                where=where,
                role=str(one.get("role"))[:40],
                known=", ".join(_ROLES),
            )
    return found


def written(value: str | Sequence[dict[str, Tree]] | None) -> str | None:
    """Return a text, or a chat in one text: the words of a single message, else a transcript."""
    if value is None or isinstance(value, str):
        return value
    if len(value) == 1:
        return _words(value[0])
    return "\n\n".join(f"{one.get('role')}: {_words(one)}" for one in value)


def shared_chat(
    a: Sequence[dict[str, Tree]], b: Sequence[dict[str, Tree]]
) -> tuple[Sequence[dict[str, Tree]], Sequence[dict[str, Tree]], Sequence[dict[str, Tree]]]:
    """Return the messages that two chats begin with, and what remains of each."""
    length = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[:length], a[length:], b[length:]


def shared_text(a: str, b: str, opening: str = "") -> tuple[str, str, str]:
    r"""Return what two texts begin with, and what remains of each.

    With an ``opening``, the common part ends with the last of them, so that a reply keeps its first words where
    two replies begin alike; without one it ends before the space where the texts part.

    >>> shared_text("\n\nHuman: Hi\n\nAssistant: Yes.", "\n\nHuman: Hi\n\nAssistant: Yet.", TURN)
    ('\n\nHuman: Hi\n\nAssistant:', ' Yes.', ' Yet.')
    """
    length = _common(a, b)
    if opening:
        last = a.rfind(opening, 0, length)
        length = last + len(opening) if last >= 0 else 0
    elif 0 < length < max(len(a), len(b)) and a[length - 1] == " ":
        length -= 1
    return a[:length], a[length:], b[length:]


def _common(a: str, b: str) -> int:
    """Return the length of the common beginning, halving what is compared."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[:middle] == b[:middle] else (low, middle - 1)
    return low


def _words(message: dict[str, Tree]) -> str:
    content = message.get("content")
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
