"""Records that people write: what is wrong in them, where, and what still waits to be written."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hcgov.core.evidence.documents import Record
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import Position
from hcgov.core.text import Text, text
from hcgov.core.validation import mistakes_from
from hcgov.stages.prose import characters, placeholder

Path = tuple[str | int, ...]
M = TypeVar("M", bound="Written")


class Written(BaseModel):
    """Base of every part of a record: frozen, blanks trimmed, an unknown key is a mistake.

    The models are built when a record is first read, as most runs read few kinds of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


def where(record: Record, path: Path) -> Position | None:
    """Return the place of a path, or of its nearest ancestor that has one."""
    for end in range(len(path), -1, -1):
        if path[:end] in record.positions:
            return record.positions[path[:end]]
    return None


def dotted(path: Path) -> str:
    """Write a path as people do.

    >>> dotted(("data_workers", "annotators", 0, "name"))
    'data_workers.annotators[1].name'
    """
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).lstrip(".") or "the record"


def unwritten(record: Record, value: Tree, path: Path) -> Iterator[Statement]:
    """Say where a placeholder stands: a person must still write these, so they are pending."""
    for at in _placeholders(value, path):
        yield Statement(
            about=dotted(at),
            answer=Answered.PENDING,
            text=text("`{path}` is a placeholder: a person must still write it", path=dotted(at)),
            where=where(record, at),
        )


def _placeholders(value: Tree, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _placeholders(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _placeholders(part, (*path, index))
    elif isinstance(value, str) and value.strip() and placeholder(value):
        yield path


def read(
    record: Record,
    value: Tree,
    model: type[M],
    path: Path = (),
    *,
    answer: Answered = Answered.NOT_MET,
    placeholders: bool = True,
) -> tuple[M | None, tuple[Statement, ...]]:
    """Hold a part of a record against a model.

    Parameters
    ----------
    record, value, path
        The record, the part, and where the part stands in it.
    model
        What the part must look like.
    answer
        What a fault means: usually that the record does not hold what was asked for.
    placeholders
        Whether to look for placeholders in the part.

    Returns
    -------
    The parsed part (``None`` where anything is wrong or a placeholder), and what is to be said about it.
    """
    pending = tuple(unwritten(record, value, path)) if placeholders else ()
    try:
        parsed = model.model_validate(value)
    except ValidationError as error:
        waiting = {statement.about for statement in pending}
        faults = tuple(_faults(record, error, model, path, answer))
        return None, (*pending, *(fault for fault in faults if fault.about not in waiting))
    return (None if pending else parsed), pending


def _faults(
    record: Record, error: ValidationError, model: type[BaseModel], path: Path, answer: Answered
) -> Iterator[Statement]:
    def place(at: Path) -> Position | None:
        return where(record, at)

    mistakes = mistakes_from(error, model, key=place, value=place, prefix=path)
    for item, mistake in zip(error.errors(include_url=False), mistakes, strict=True):
        at = (*path, *item["loc"])
        hint = f"; {mistake.help}" if mistake.help else ""
        yield Statement(
            about=dotted(at),
            answer=answer,
            text=text("{path}: {message}{hint}", path=dotted(at), message=_once(mistake.message), hint=hint),
            where=mistake.where,
        )


def _once(message: str) -> str:
    """Return a message without the path that it starts with, where the path is told before it."""
    path, end, rest = message.partition("`: ")
    return rest if end and path.startswith("`") and "`" not in path[1:] else message


class NoneBecause(Written):
    """An honest ``none``, with the reason."""

    none: str = Field(min_length=1)


def listed(
    record: Record, value: Tree, path: Path, *, hint: str, reason_characters: int
) -> tuple[list[Tree], tuple[Statement, ...]]:
    """Read ``[entry, …]`` or ``{none: reason}`` at a path.

    Returns
    -------
    The entries (empty for a reasoned ``none``), and what is to be said where neither stands there.
    """
    name, place = dotted(path), where(record, path)

    def said(answer: Answered, found: Text) -> tuple[list[Tree], tuple[Statement, ...]]:
        return [], (Statement(about=name, answer=answer, text=found, where=place),)

    if isinstance(value, list) and value:
        return value, ()
    if isinstance(value, dict):
        reason, faults = read(record, value, NoneBecause, path)
        if reason is None:
            return [], faults
        if characters(reason.none) < reason_characters:
            return said(
                Answered.NOT_MET,
                text(
                    "`{name}` is none, and the reason has fewer than {least} {least|character|characters}",
                    name=name,
                    least=reason_characters,
                ),
            )
        return said(Answered.MET, text("`{name}` is none, with a reason", name=name))
    return said(
        Answered.NOT_MET,
        text("`{name}` is missing or empty: {hint}, or write `none:` with the reason", name=name, hint=hint),
    )
