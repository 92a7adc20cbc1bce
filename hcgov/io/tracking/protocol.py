"""What the check and its tracking process say to each other: one JSON object a line, both ways.

The check says ``open`` once, then ``log``, ``read`` or a job of the registry any number of times, and closes the
pipe to end.
The process says what it is about to do, so that the check knows how long silence is still work.
"""

import json
from typing import TypeAlias

from hcgov.core.evidence.source import Tree
from hcgov.core.text import Text

Message: TypeAlias = dict[str, Tree]

# Jobs of the registry.
FETCH = "fetch"
MOVE = "move"
RESTORE = "restore"
ALIASES = "aliases"
TAGGED = "tagged"
OF_REGISTRY = (FETCH, MOVE, RESTORE, ALIASES, TAGGED)

# What the process is about to do.
PROBING = "probing"
IMPORTING = "importing"
CONNECTING = "connecting"
OPENING = "opening"
READY = "ready"
# What it has done of a job.
RUN = "run"
LOGGED = "logged"
ARTIFACT = "artifact"
# What ends a job, or everything.
DONE = "done"
FOUND = "found"
FAILED = "failed"
GONE = "gone"

# Why something failed.
UNREACHABLE = "unreachable"
NO_STORE = "no_store"
REFUSED = "refused"
BAD_RECORD = "bad_record"
NOT_FOUND = "not_found"
BAD_URI = "bad_uri"
NO_RUN = "no_run"


def encode(message: Message) -> bytes:
    """Return a message as one line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message | None:
    """Return the message of a line; ``None`` where the line is none."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def word(message: Message, key: str) -> str:
    """Return a text value; empty where there is none."""
    value = message.get(key)
    return value if isinstance(value, str) else ""


def words(message: Message, key: str) -> list[tuple[str, str]]:
    """Return a list of text pairs; empty where there is none."""
    value = message.get(key)
    pairs = value if isinstance(value, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2]


def failed(code: str, reason: Text) -> Message:
    """Return the message that something failed, with its sentence as template and values."""
    return {
        "event": FAILED,
        "code": code,
        "template": reason.template,
        "values": dict(reason.values),
    }


def sentence(message: Message) -> Text:
    """Return the sentence that a message carries."""
    values = message.get("values")
    pairs = values.items() if isinstance(values, dict) else ()
    return Text(
        template=word(message, "template"),
        values=tuple((key, str(value)) for key, value in pairs),
    )


class StoreError(Exception):
    """A store, record or address cannot be used; carries the code and the sentence for people."""

    def __init__(self, code: str, reason: Text) -> None:
        self.code = code
        self.reason = reason
        super().__init__(str(reason))
