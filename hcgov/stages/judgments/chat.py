"""Whether a text that is a conversation is a well-formed one."""

import json
import re
from enum import StrEnum
from itertools import pairwise

_TURN = re.compile(r"(?:^|\n\n)(Human|Assistant):")
_ROLES = {"system", "developer", "user", "assistant", "tool"}


class Part(StrEnum):
    """Which part of a preference a text is."""

    PROMPT = "prompt"
    RESPONSE = "response"


def fault(text: str, part: Part) -> str | None:
    """Return what is wrong with a conversation: ``no_content``, ``role``, ``order`` or ``end``; ``None`` for nothing.

    A conversation is a JSON list of messages with ``role`` and ``content``, or a transcript of ``Human:`` and
    ``Assistant:`` turns; any other text is no conversation and has no fault. The system speaks first, people and
    assistant take turns, a prompt ends with the person (or with a turn of the assistant that is begun), a response with
    the assistant.

    >>> fault('[{"role": "user", "content": "Hi"}, {"role": "user", "content": "Hello?"}]', Part.PROMPT)
    'order'
    >>> fault("Just a question?", Part.PROMPT) is None
    True
    """
    if text.lstrip().startswith("[{"):
        try:
            told = json.loads(text)
        except ValueError:
            return None  # it begins like a list, and is a text
        return _fault_of(told, part) if isinstance(told, list) else None
    turns = _TURN.findall(text) if "Human:" in text or "Assistant:" in text else []
    if len(turns) < 2:
        return None
    if any(one == other for one, other in pairwise(turns)):
        return "order"
    return None


def _fault_of(messages: list[object], part: Part) -> str | None:
    roles: list[str] = []
    for message in messages:
        if not isinstance(message, dict) or "role" not in message:
            return None if not roles else "role"
        if message["role"] not in _ROLES:
            return "role"
        if not message.get("content") and not message.get("tool_calls"):
            return "no_content"
        roles.append(str(message["role"]))
    spoken = [role for role in roles if role in {"user", "assistant"}]
    late = any(role in {"system", "developer"} for role in roles[1:])
    if late or ("tool" not in roles and any(a == b for a, b in pairwise(spoken))):
        return "order"
    last = spoken[-1] if spoken else ""
    return None if last == ("user" if part is Part.PROMPT else "assistant") else "end"


def content(text: str) -> object:
    """Return a conversation as the list of its messages where it is one in JSON, else the text itself."""
    if text.lstrip().startswith("[{"):
        try:
            told = json.loads(text)
        except ValueError:
            return text
        if isinstance(told, list) and all(isinstance(one, dict) and "role" in one for one in told):
            return told
    return text
