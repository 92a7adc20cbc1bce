"""Long tables of people's judgments: one row a judgment, never a majority, a mean or a consensus."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind, Scale
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.core.text import Text

NOT_A_VALUE = -1
"""Code of what is not recorded."""


@frozen
class LongOf:
    """Ask for columns of a long table.

    Parameters
    ----------
    table
        Artifact of kind ``kind``.
    kind
        Which long table it has to be.
    needs
        Canonical columns without which there is no answer; one that the artifact lacks is missing evidence.
    may
        Canonical columns that are read where they are there.
    slices
        Columns that describe people (or, in ``evaluations``, what was judged); :attr:`Long.groups` holds them.
    question
        Only rows of this question; empty for all. Needs the column ``question``.
    """

    table: str
    kind: LongKind
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    slices: SliceChoice = SliceChoice()
    question: str = ""


@frozen
class Codes:
    """A column of names: one code a row, and what the codes mean.

    Parameters
    ----------
    codes
        ``array("i")``, one entry a row: an index of ``names``, or -1 where nothing is recorded. Read it with
        ``numpy.frombuffer(codes, dtype=numpy.int32)``, which copies nothing.
    names
        Every name once, in the order of a declared scale, else sorted. ``prefer not to say``, ``other`` and
        ``expired`` are names of their own and never -1.
    """

    codes: "array[int]" = field(repr=False)
    names: tuple[str, ...] = field(repr=False)  # they may be ids of people, which stand in no log


@frozen
class Numbers:
    """A column of numbers: ``array("d")``, NaN where nothing is recorded. Moments are seconds since 1970, UTC."""

    values: "array[float]" = field(repr=False)


@frozen
class Texts:
    """A column of texts that are read as texts, such as a prompt; ``None`` where nothing is recorded."""

    values: tuple[str | None, ...] = field(repr=False)


Column: TypeAlias = Codes | Numbers | Texts


@frozen
class LeftOut:
    """Rows that the table holds and no number may rest on.

    ``why`` is ``withdrawn`` (consent was revoked), ``discarded``, ``draft``, ``no_annotator`` or ``not_asked_for``
    (``only`` of the mapping takes others); people are counted where the rows say who.
    """

    why: str
    rows: int
    people: int | None = None


@frozen
class Long:
    """Columns of a long table, every column with one entry a row.

    Parameters
    ----------
    columns
        By canonical name: those asked for that are there.
    groups
        By name of a slicing column: the group of each row's person. Of the columns that the control's slices name,
        those that the artifact (or its annotators) has.
    scale
        What kind of values ``label`` or ``score`` are, where the artifact says so.
    low, high
        Ends of the scale, where the artifact says so.
    randomised
        Whether the order in which things were shown was drawn at random: ``None`` where nobody says.
    declared
        Further facts that the artifact declares, such as ``rater_is_user: "true"``.
    left_out
        Rows that are not in here, and why.
    rules
        The slices of this control, as resolved from project and control.
    notes
        What readers of the table should know, such as rows that its format could not say enough about.
    source, further
        Where it was read, and where its annotators or mapping were read.
    """

    table: str
    kind: LongKind
    rows: int
    columns: Mapping[str, Column]
    groups: Mapping[str, Codes] = field(default_factory=dict)
    scale: Scale = Scale.NOMINAL
    low: float | None = None
    high: float | None = None
    randomised: bool | None = None
    declared: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Text, ...] = ()
    rules: SliceRules = field(default_factory=SliceRules)
    source: Source
    further: tuple[Source, ...] = ()

    def codes(self, name: str) -> Codes:
        """Return a column of names.

        Raises
        ------
        KeyError
            The table has no such column.
        TypeError
            It holds numbers or texts.
        """
        found = self.columns[name]
        if not isinstance(found, Codes):
            raise TypeError(f"`{name}` holds no names")
        return found

    def numbers(self, name: str) -> "array[float]":
        """Return a column of numbers; errors are those of :meth:`codes`."""
        found = self.columns[name]
        if not isinstance(found, Numbers):
            raise TypeError(f"`{name}` holds no numbers")
        return found.values

    def texts(self, name: str) -> tuple[str | None, ...]:
        """Return a column of texts; errors are those of :meth:`codes`."""
        found = self.columns[name]
        if not isinstance(found, Texts):
            raise TypeError(f"`{name}` holds no texts")
        return found.values

    @property
    def unnamed(self) -> int:
        """Rows that are not in here because they do not say who judged."""
        return sum(one.rows for one in self.left_out if one.why == "no_annotator")

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return all(name in self.columns for name in names)


def coded(values: Sequence[str | None], names: Sequence[str] = ()) -> Codes:
    """Return a column of names from one value a row; ``names`` gives their order where there is one.

    >>> coded(["no", "yes", None, "no"]).names
    ('no', 'yes')
    """
    order = tuple(names) or tuple(sorted({value for value in values if value is not None}))
    place = {name: i for i, name in enumerate(order)}
    return Codes(
        codes=array("i", [NOT_A_VALUE if value is None else place[value] for value in values]), names=order
    )


def numbered(values: Sequence[float | None]) -> Numbers:
    """Return a column of numbers from one value a row."""
    return Numbers(values=array("d", [float("nan") if value is None else float(value) for value in values]))
