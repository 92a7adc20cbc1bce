"""Requirements on a Markdown document: front matter that is set, and sections that are filled."""

from collections.abc import Iterator

from hcgov.core.evidence.documents import Card, Section
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import Position, did_you_mean
from hcgov.core.text import Text, text
from hcgov.stages.prose import characters, only_links, placeholder

Alternatives = tuple[tuple[str, ...], ...]
"""Sections that are required, each with the headings of which any one will do; the first gives the name."""


def front_matter(card: Card, keys: tuple[str, ...]) -> Iterator[Statement]:
    """Say for each key whether the front matter has it, with a value that says something."""
    top = Position(file=card.source.location, line=1, column=1)
    for key in keys:
        if key not in card.front_matter:
            answer = Answered.NOT_MET
            found = text(
                "the front matter has no `{key}`; {hint}",
                key=key,
                hint=did_you_mean(key, card.front_matter) or "there is no front matter",
            )
        elif not _says_something(card.front_matter[key]):
            answer = Answered.NOT_MET
            found = text("`{key}` in the front matter is empty or a placeholder", key=key)
        else:
            answer, found = Answered.MET, text("the front matter has `{key}`", key=key)
        yield Statement(about=f"front matter {key}", answer=answer, text=found, where=top)


def _says_something(value: Tree) -> bool:
    if isinstance(value, dict):
        return any(_says_something(part) for part in value.values())
    if isinstance(value, list):
        return any(_says_something(part) for part in value)
    return value is not None and not (isinstance(value, str) and placeholder(value))


def filled_sections(
    card: Card, required: Alternatives, *, min_characters: int, links_suffice: bool = False
) -> Iterator[Statement]:
    """Say for each required section whether it is there and filled.

    Parameters
    ----------
    card, required
        The document and the sections it must have.
    min_characters
        Fewest characters of a section with all below it.
    links_suffice
        Whether an address alone is an answer, as it is for a contact. Elsewhere what stands behind a link
        was not read, so it cannot be told whether it answers.
    """
    for headings in required:
        answer, found, section = _judge(card, headings, min_characters, links_suffice)
        where = None
        if section is not None:
            where = Position(file=card.source.location, line=section.line, column=1)
        yield Statement(about=f"section {headings[0]}", answer=answer, text=found, where=where)


def _judge(
    card: Card, headings: tuple[str, ...], min_characters: int, links_suffice: bool
) -> tuple[Answered, Text, Section | None]:
    name = headings[0]
    under = card.under(*headings)
    if not under:
        known = [section.heading for section in card.sections]
        hint = did_you_mean(name, known) if known else "the document has no headings"
        return (
            Answered.NOT_MET,
            text("there is no section like `{name}`; {hint}", name=name, hint=hint),
            None,
        )
    told = [section.text for section in under if section.filled]
    if not told:
        return (
            Answered.NOT_MET,
            text("`{name}` has a heading, but nothing or only a placeholder below it", name=name),
            under[0],
        )
    if not links_suffice and all(only_links(part) for part in told):
        return (
            Answered.CANNOT_TELL,
            text("`{name}` only points elsewhere, and what stands there was not read", name=name),
            under[0],
        )
    length = sum(characters(part) for part in told)
    if length < min_characters:
        return (
            Answered.NOT_MET,
            text(
                "`{name}` has {length} {length|character|characters}; at least {least} {least|is|are} asked for",
                name=name,
                length=length,
                least=min_characters,
            ),
            under[0],
        )
    return (
        Answered.MET,
        text("`{name}` is filled: {length} {length|character|characters}", name=name, length=length),
        under[0],
    )
