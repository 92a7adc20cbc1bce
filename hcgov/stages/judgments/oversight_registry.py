"""The registry of prompts: versions, what each says, where it comes from, and what it was tested on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from hashlib import sha256

from pydantic import Field

from hcgov.core.evidence.documents import Record
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import did_you_mean
from hcgov.core.text import Text, text
from hcgov.stages.records import Written, read, where

HEX = r"^[0-9a-f]{64}$"


class PromptVersion(Written):
    """One version of a prompt or of instructions to people."""

    id: str = Field(min_length=1)
    text: str = ""
    sha256: str = Field(pattern=HEX)
    parent: str = ""
    change: str = ""
    regression_set: str = ""
    other_set_because: str = ""


def digest(said: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as a registry records it.

    >>> digest("Be brief.")[:12]
    '213c22ed7234'
    """
    return sha256(said.encode()).hexdigest()


def versions(record: Record) -> tuple[tuple[PromptVersion | None, ...], tuple[Statement, ...]]:
    """Return the versions that a registry lists (``None`` for one that cannot be read), and what is wrong in them."""
    data = record.data if isinstance(record.data, dict) else {}
    listed = data.get("prompts")
    if not isinstance(listed, list) or not listed:
        found = text(
            "`prompts` lists no version: each with `id`, `text`, `sha256`, `parent` and `regression_set`"
        )
        return (), (
            Statement(
                about="prompts", answer=Answered.NOT_MET, text=found, where=where(record, ("prompts",))
            ),
        )
    parsed: list[PromptVersion | None] = []
    said: list[Statement] = []
    for place, entry in enumerate(listed):
        # Prompts hold placeholders of their own, such as `{question}` or `<name>`.
        one, faults = read(record, entry, PromptVersion, ("prompts", place), placeholders=False)
        raw = entry.get("text") if isinstance(entry, dict) else None
        # Blanks at the ends of a prompt are part of it.
        parsed.append(
            one if one is None or not isinstance(raw, str) else one.model_copy(update={"text": raw})
        )
        said += faults
    return tuple(parsed), tuple(said)


def lineage_faults(found: Sequence[PromptVersion]) -> Iterator[tuple[int, Text]]:
    """Yield what is wrong in how versions descend: two with one id, unknown parents, circles; by place."""
    count = Counter(one.id for one in found)
    by_id = {one.id: one for one in found}
    for place, one in enumerate(found):
        if count[one.id] > 1:
            yield place, text("{n} versions are called `{id}`", n=count[one.id], id=one.id)
        elif one.parent and one.parent not in by_id:
            hint = did_you_mean(one.parent, [other for other in by_id if other != one.id])
            yield (
                place,
                text(
                    "`{id}` descends from `{parent}`, which is not listed; {hint}",
                    id=one.id,
                    parent=one.parent,
                    hint=hint,
                ),
            )
        elif _circular(one, by_id):
            yield place, text("`{id}` descends from itself", id=one.id)


def _circular(one: PromptVersion, by_id: dict[str, PromptVersion]) -> bool:
    seen: set[str] = set()
    at: PromptVersion | None = one
    while at is not None and at.parent:
        if at.parent == one.id:
            return True
        if at.parent in seen:
            return False  # a circle further up is told of those who stand in it
        seen.add(at.parent)
        at = by_id.get(at.parent)
    return False


def text_faults(one: PromptVersion, parent: PromptVersion | None) -> Iterator[tuple[Answered, Text]]:
    """Yield what is wrong with a version by itself, and beside its parent."""
    if not one.text:
        yield (
            Answered.CANNOT_TELL,
            text("`{id}` does not hold its text: nobody can see what was said", id=one.id),
        )
    elif digest(one.text) != one.sha256:
        found = text(
            "the text of `{id}` is not the one its digest is of: it was changed without a new version",
            id=one.id,
        )
        yield Answered.NOT_MET, found
    if not one.regression_set:
        yield Answered.NOT_MET, text("`{id}` names no regression set that it was tested on", id=one.id)
    elif (
        parent is not None
        and parent.regression_set not in ("", one.regression_set)
        and not one.other_set_because
    ):
        found = text(
            "`{id}` was tested on another set than `{parent}`, so the two cannot be compared; freeze the set, or write "
            "`other_set_because`",
            id=one.id,
            parent=parent.id,
        )
        yield Answered.NOT_MET, found
    if parent is not None and not one.change:
        yield Answered.NOT_MET, text("`{id}` does not say what was changed, and why", id=one.id)


def difference(one: PromptVersion, parent: PromptVersion) -> tuple[str, ...]:
    """Return the lines in which a version differs from its parent, with ``-`` and ``+`` before them."""
    lines = unified_diff(parent.text.splitlines(), one.text.splitlines(), n=0, lineterm="")
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))
