"""Aggregates of a table: what can be asked of its columns in one scan, and the numbers that answer.

Questions name columns and the values that an author of a suite wrote; answers are counts and numbers. No value
of the data is asked for by row, and none comes back but extremes and order statistics of numeric columns.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.text import Text

Number: TypeAlias = int | float
Bound: TypeAlias = int | float | datetime | None
Answer: TypeAlias = tuple[Number | None, ...]


class Kind(StrEnum):
    """What a column holds, as a data frame of the table would hold it."""

    WHOLE = "whole numbers"
    NUMBER = "numbers"
    SINGLE = "numbers of 32 bits"
    FLAG = "booleans"
    TEXT = "text"
    MOMENT = "dates"
    OTHER = "something else"


@frozen
class Between:
    """A recorded value lies between two bounds.

    ``None`` bounds nothing. Numbers are compared as 64-bit floating-point numbers, dates as moments.
    """

    low: Bound = None
    high: Bound = None
    strict_low: bool = False
    strict_high: bool = False


@frozen
class Among:
    """A recorded value is one of the given, which are all text, all numbers or all booleans."""

    values: tuple[str | int | float | bool, ...]


@frozen
class Matching:
    """Somewhere in the text a pattern of RE2 is found."""

    pattern: str


@frozen
class OfLength:
    """The text's length, in code points, lies between two bounds."""

    between: Between


@frozen
class Ascii:
    """The text holds no character beyond ASCII."""


Test: TypeAlias = Between | Among | Matching | OfLength | Ascii


@frozen
class Recorded:
    """How many values of a column are recorded: neither null nor NaN."""

    column: str


@frozen
class Passing:
    """How many recorded values pass a test."""

    column: str
    test: Test


@frozen
class Distinct:
    """How many distinct recorded values there are, exactly; of those that pass the test, if there is one."""

    column: str
    test: Among | None = None


@frozen
class Repeated:
    """How many rows have the same values in some columns as another row, and how many have none recorded.

    Rows without any recorded value repeat nothing; beside another value a null is a value like others.
    """

    columns: tuple[str, ...]


@frozen
class Extremes:
    """The least and the greatest recorded number."""

    column: str


@frozen
class Sum:
    """The sum of recorded numbers: exact for whole numbers, compensated for others (Kahan's algorithm)."""

    column: str


@frozen
class Deviation:
    """The sample standard deviation of recorded numbers, updated value by value (Welford's algorithm)."""

    column: str


@frozen
class Ordered:
    """Order statistics: the recorded numbers at given shares of the way from the first to the last.

    Parameters
    ----------
    shares
        From 0 to 1. Of n numbers the one at index ``share * (n - 1)`` is taken, from 0.
    rounding
        Where the index falls between two: ``nearest`` (halves to the even index), ``lower`` or ``higher``.
    """

    column: str
    shares: tuple[float, ...]
    rounding: str = "nearest"


@frozen
class Greater:
    """How many rows hold a greater value left than right, and how many have both, and none, recorded."""

    left: str
    right: str
    or_equal: bool = False


Aggregate: TypeAlias = (
    Recorded | Passing | Distinct | Repeated | Extremes | Sum | Deviation | Ordered | Greater
)


@frozen
class Aggregates:
    """What was asked of a table, from one snapshot of it.

    Parameters
    ----------
    kinds
        What each column holds, by its name in the order of the table; ``None`` where it was not looked at.
    rows
        Rows of the table.
    answers
        The numbers, in the order that the aggregate's description names them; ``None`` is a number that does
        not exist, as the least of none.
    stays
        The connection in whose engine the rows stay, so that nothing but aggregates can be computed on them; empty
        where they can be read.
    refused
        What that engine was not asked, with the reason.
    """

    kinds: Mapping[str, Kind | None]
    rows: int
    answers: Mapping[Aggregate, Answer]
    source: Source
    stays: str = ""
    refused: Mapping[Aggregate, Text] = field(default_factory=dict)

    def count(self, asked: Aggregate, place: int = 0) -> int:
        """Return a count among the numbers of an answer."""
        return int(self.answers[asked][place] or 0)

    def number(self, asked: Aggregate, place: int = 0) -> Number | None:
        """Return one of the numbers of an answer."""
        return self.answers[asked][place]
