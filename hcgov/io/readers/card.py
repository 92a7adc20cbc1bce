"""Hugging Face model cards and dataset cards: YAML front matter, then Markdown."""

import re

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Card
from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError
from hcgov.io.files import Blob
from hcgov.io.parsed import decode
from hcgov.io.readers.absences import from_mistakes, unreadable
from hcgov.io.readers.markdown import LARGEST, sections
from hcgov.io.yaml import parse

_OPENING = re.compile(r"\s*^---[ \t]*$", re.MULTILINE)
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)


def read(blob: Blob) -> Card | Absent:
    """Read a card.

    A card without front matter, or with one that is not a mapping in YAML 1.2, is absent, with the line.
    """
    try:
        text = _with_newlines(decode(blob.data, blob.source.location, LARGEST))
        split = _split(text)
        if isinstance(split, str):
            return unreadable(blob, split)
        header, body = split
        front_matter: Tree = parse(header.encode(), blob.source.location).data
    except AuthoringError as error:
        return from_mistakes(blob, error)
    if not isinstance(front_matter, dict):
        return unreadable(blob, "the front matter in line 1 is not a mapping of names to values")
    first_line = header.count("\n") + 2
    return Card(front_matter=front_matter, sections=sections(body, first_line=first_line), source=blob.source)


def read_markdown(blob: Blob) -> Card | Absent:
    """Read a Markdown document that needs no front matter; where it has one, it is read as a card is."""
    try:
        text = _with_newlines(decode(blob.data, blob.source.location, LARGEST))
    except AuthoringError as error:
        return from_mistakes(blob, error)
    if not text.strip():
        return unreadable(blob, "the document holds only blanks", reason=Absence.EMPTY_FILE)
    if _OPENING.match(text) and not isinstance(_split(text), str):
        return read(blob)
    return Card(front_matter={}, sections=sections(text), source=blob.source)


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split(text: str) -> tuple[str, str] | str:
    """Return the front matter, from the first line on so that lines keep their numbers, and the body."""
    opening = _OPENING.match(text)
    if opening is None:
        return "there is no front matter: line 1 of a card is `---`, followed by YAML and a second `---`"
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        line = text.count("\n", 0, opening.end()) + 1
        return f"the front matter that begins in line {line} is never closed by a second `---`"
    return text[: closing.start()], text[closing.end() + 1 :]
