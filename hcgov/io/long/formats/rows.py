"""What the reader of a format hands over: rows under canonical names, what was left aside, or why there are none.

Rules that every reader keeps:

- Nothing is invented. What a file does not say is ``None``; "prefer not to say", "other" and expired attributes
  are values of their own.
- A value that several choices make up is their names in order, joined by ``|``; a person who was asked and chose
  nothing gave the answer ``(none)``.
- Numbers that are whole are named without a point, so that ``1`` and ``1.0`` are one label.
- A file is read whole or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.core.text import Text, text

Value: TypeAlias = str | float | bool | None
NOTHING_CHOSEN = "(none)"
ALL_QUESTIONS = "*"
"""As a question: every question of the file, also of one that has a main question."""
ANSWER_KEY = "answer_key"
"""Rater of what a file says is right, where no single person is named as having said so."""


class UnreadableError(ValueError):
    """A file cannot be read in its format; ``detail`` says in words for people what, where, why and what to do."""

    def __init__(self, template: str, **values: object) -> None:
        self.detail: Text = text(template, **values)
        super().__init__(str(self.detail))


@frozen
class Options:
    """What the project says of a file.

    Parameters
    ----------
    kind
        Which long table is asked for, where a format can give several; ``None`` takes what the file holds.
    question
        Which question, where a format holds several: empty takes its main question, or all where it has none;
        ``*`` takes all.
    dimension
        The respect in which preferences were asked for, where the file does not say it.
    columns
        Canonical column -> field of the file's records.
    declared
        Facts that the file does not say: ``rater`` (name of the judge), ``positions: people`` (the k-th of an
        item's anonymous scores is always the same person's).
    """

    kind: LongKind | None = None
    question: str = ""
    dimension: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)


@frozen
class Rows:
    """Rows of a long table.

    Parameters
    ----------
    kind
        Which long table.
    rows
        How many rows.
    columns
        By canonical name, one entry a row: names, numbers, moments (ISO 8601 or seconds since 1970), flags, texts.
    groups
        Columns that describe the person or what was judged, under their names in the file.
    notes
        What was left aside, and what readers should know.
    dropped
        Reason -> number of judgments that are not in the rows.
    """

    kind: LongKind
    rows: int
    columns: Mapping[str, Sequence[Value]]
    groups: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
