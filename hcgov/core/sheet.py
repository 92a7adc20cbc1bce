"""A sheet: what a command tells about judgments, in sections of facts, tables, bars and heat maps.

Sheets are pure values; HTML, terminal and JSON are renderings of them.
"""

from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.text import Text


class Unit(StrEnum):
    """How a number is written."""

    PLAIN = "plain"
    """With three significant decimals."""
    COUNT = "count"
    SHARE = "share"
    """A share in [0, 1], written in percent."""
    POINTS = "points"
    """A difference of shares, written in percentage points with its sign."""
    MONEY = "money"
    SECONDS = "seconds"


@frozen
class Value:
    """A number with its interval.

    Parameters
    ----------
    value
        Finite; ``None`` where there is none, then ``why`` says why.
    low, high
        Ends of a two-sided interval at ``level``; ``None`` where there is none.
    people
        Distinct people behind it; a renderer that publishes suppresses small ones.
    """

    value: float | None
    unit: Unit = Unit.PLAIN
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    n: int | None = None
    people: int | None = None
    why: Text | None = None


Cell: TypeAlias = Text | Value
"""One cell of a table."""


@frozen
class Fact:
    """A name and what is so."""

    name: Text
    value: Cell


@frozen
class Facts:
    """A short list of facts."""

    facts: tuple[Fact, ...]


@frozen
class Grid:
    """A table: every row as long as ``head``.

    ``id`` is stable: machines find the table by it.
    """

    id: str
    title: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text | None = None


@frozen
class Bars:
    """Values with intervals, one below another on one axis.

    Parameters
    ----------
    mark
        A value that is marked on the axis, such as a target or no difference; ``None`` for none.
    """

    id: str
    title: Text
    rows: tuple[tuple[Text, Value], ...]
    mark: float | None = None
    mark_name: Text | None = None


@frozen
class Heat:
    """A matrix of numbers, such as agreement between every two raters; ``None`` where there is none."""

    id: str
    title: Text
    rows: tuple[Text, ...]
    columns: tuple[Text, ...]
    values: tuple[tuple[float | None, ...], ...]
    low: float = 0.0
    high: float = 1.0


class Tone(StrEnum):
    """How a note is meant."""

    PLAIN = "plain"
    WARNING = "warning"
    """Something that a reader must know before using the numbers."""
    CANNOT_TELL = "cannot_tell"


@frozen
class Note:
    """A sentence or two."""

    text: Text
    tone: Tone = Tone.PLAIN


Part: TypeAlias = Facts | Grid | Bars | Heat | Note


@frozen
class Section:
    """A part of a sheet with a heading.

    Parameters
    ----------
    id
        Stable, lower case with hyphens; an anchor.
    about
        What it shows and how to read it, for people who do not program.
    """

    id: str
    title: Text
    about: Text
    parts: tuple[Part, ...]


@frozen
class Sheet:
    """A whole sheet.

    Parameters
    ----------
    kind
        What it is, such as ``annotation-report`` or ``judge-card``.
    title, lead
        Heading, and what a reader should take away, in a few sentences.
    date
        ISO day on which it was made; an argument, never the clock's.
    sources
        What was read.
    """

    kind: str
    title: Text
    lead: tuple[Note, ...]
    sections: tuple[Section, ...]
    date: str
    sources: tuple[Source, ...] = field(default=())
