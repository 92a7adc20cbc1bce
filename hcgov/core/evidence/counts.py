"""Counts over a table: the one kind of table evidence that judgement needs.

A check never sees rows. It asks for rates by slice; every request on a table is merged into one group-by at
the finest cell, and each slice is a sum of cells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hcgov.core.evidence.source import Source
from hcgov.core.slices import NOT_RECORDED, Slice, SliceChoice, SliceRules

BUCKETS = 64
"""Buckets that people who repeat are hashed into."""

NOBODY = BUCKETS
"""The bucket of rows that name no person; they are one cluster, and no person."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """The share of rows with ``outcome`` among the rows where ``given`` holds.

    Names are roles or derived outcomes of the table artifact, not columns. A false-positive rate is
    ``Rate(outcome="prediction", given=(("label", 0),))``.
    """

    outcome: str
    given: tuple[tuple[str, int], ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome the rate reads."""
        return (self.outcome, *(name for name, _ in self.given))


@dataclass(frozen=True, kw_only=True)
class CountsOf:
    """Ask for rates by slice of one table artifact.

    ``directed`` names the outcomes whose adverse direction must be declared, because only the disadvantaged
    slice may be accused.
    """

    table: str
    rates: tuple[Rate, ...]
    slices: SliceChoice = SliceChoice()
    directed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Rows that agree in every group column, every outcome and the person's bucket.

    ``flags`` holds 1, 0 or ``None`` (no outcome recorded) for each outcome; ``bucket`` is ``None`` where each
    row is a different person.
    """

    groups: tuple[str | None, ...]
    flags: tuple[int | None, ...]
    n: int
    bucket: int | None = None


@dataclass(frozen=True, kw_only=True)
class SliceSums:
    """Sums of one slice for one rate.

    Parameters
    ----------
    slice
        Who.
    n, positives
        Rows in the denominator, and those with the outcome.
    missing
        Rows of the slice whose outcome (or condition) is not recorded; they are in no denominator.
    people
        Distinct people in the denominator; ``None`` where unknown.
    clusters
        ``(bucket, n, positives)`` for each bucket of people, where people repeat; else empty.
    """

    slice: Slice
    n: int
    positives: int
    missing: int
    people: int | None
    clusters: tuple[tuple[int, int, int], ...] = ()


_Finest = tuple[tuple[str, ...], int | None, int, int, int]
"""Groups, bucket, rows in the denominator, those with the outcome, and rows without a record of it."""

PeopleKey = tuple[tuple[tuple[str, str], ...], Rate]
"""A slice's values and the rate whose denominator is counted."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The answer to :class:`CountsOf`.

    Parameters
    ----------
    columns, outcomes
        Names of the cells' ``groups`` and ``flags``, in order.
    cells
        Finest cells; shared by every control on the table.
    people_known
        Whether people can be counted: each row is a person, or a person column exists.
    people
        Distinct people by slice and rate, where people repeat; ``None`` where each row is a person.
    adverse
        For each outcome, whether it harms people when it is higher (``True``), lower (``False``), or the
        manifest does not say (absent).
    rules
        The slices of this control, as resolved from project and control.
    split
        Cells by slicing, where there are too many finest cells to hold: then ``cells`` is empty, only the
        slicings of ``rules`` and everyone, ``()``, can be asked for, and a cell's ``groups`` are those of its
        slicing.
    """

    table: str
    columns: tuple[str, ...]
    outcomes: tuple[str, ...]
    cells: tuple[Cell, ...]
    people_known: bool
    rules: SliceRules
    source: Source
    people: Mapping[PeopleKey, int] | None = None
    adverse: Mapping[str, bool] | None = None
    split: Mapping[tuple[str, ...], tuple[Cell, ...]] | None = None

    @cached_property
    def rows(self) -> int:
        """Rows of the table."""
        return sum(cell.n for cell in (self.cells if self.split is None else self.split[()]))

    def overall(self, rate: Rate) -> SliceSums:
        """Return the sums over everyone."""
        found = self.by(rate, ())
        return found[0] if found else SliceSums(slice=Slice(), n=0, positives=0, missing=0, people=0)

    def by(self, rate: Rate, columns: tuple[str, ...]) -> tuple[SliceSums, ...]:
        """Return the sums of every slice of a slicing that has any row, ordered by slice."""
        key = (rate, columns)
        if key not in self._rolled_up:
            self._rolled_up[key] = tuple(sorted(self._sums(rate, columns), key=lambda sums: sums.slice))
        return self._rolled_up[key]

    @cached_property
    def _rolled_up(self) -> dict[tuple[Rate, tuple[str, ...]], tuple[SliceSums, ...]]:
        return {}

    @cached_property
    def _folded(self) -> dict[tuple[Rate, tuple[str, ...]], tuple[_Finest, ...]]:
        return {}

    def _finest(self, rate: Rate, columns: tuple[str, ...]) -> tuple[_Finest, ...]:
        """Return cells with the outcomes folded into this rate's sums: once for all slicings, unless split."""
        key = (rate, () if self.split is None else columns)
        if key in self._folded:
            return self._folded[key]
        outcome = self.outcomes.index(rate.outcome)
        given = tuple((self.outcomes.index(name), value) for name, value in rate.given)
        folded: dict[tuple[tuple[str | None, ...], int | None], list[int]] = {}
        for cell in self.cells if self.split is None else self.split[columns]:
            sums = folded.setdefault((cell.groups, cell.bucket), [0, 0, 0])
            conditions = [(cell.flags[place], value) for place, value in given]
            if any(flag is not None and flag != value for flag, value in conditions):
                continue
            flag = cell.flags[outcome]
            if flag is None or any(known is None for known, _ in conditions):
                sums[2] += cell.n
            else:
                sums[0] += cell.n
                sums[1] += cell.n * flag
        self._folded[key] = tuple(
            (tuple(NOT_RECORDED if g is None else str(g) for g in groups), bucket, n, positives, missing)
            for (groups, bucket), (n, positives, missing) in folded.items()
        )
        return self._folded[key]

    def _sums(self, rate: Rate, columns: tuple[str, ...]) -> Iterator[SliceSums]:
        named = self.columns if self.split is None else columns
        places = tuple(named.index(column) for column in columns)
        totals: dict[tuple[str, ...], list[int]] = {}
        buckets: dict[tuple[str, ...], dict[int, list[int]]] = {}
        for groups, bucket, n, positives, missing in self._finest(rate, columns):
            key = tuple([groups[place] for place in places])
            total = totals.setdefault(key, [0, 0, 0])
            total[0] += n
            total[1] += positives
            total[2] += missing
            if bucket is not None and n:
                one = buckets.setdefault(key, {}).setdefault(bucket, [0, 0])
                one[0] += n
                one[1] += positives
        for key, (n, positives, missing) in totals.items():
            values = tuple(zip(columns, key, strict=True))
            yield SliceSums(
                slice=Slice(values=values),
                n=n,
                positives=positives,
                missing=missing,
                people=self._people(values, rate, n),
                clusters=tuple((at, b[0], b[1]) for at, b in sorted(buckets.get(key, {}).items())),
            )

    def _people(self, values: tuple[tuple[str, str], ...], rate: Rate, n: int) -> int | None:
        if not self.people_known:
            return None
        return n if self.people is None else self.people.get((values, rate), 0)


@dataclass(frozen=True, kw_only=True)
class SharesOf:
    """Ask how the people of a table divide over the groups of one column, beside a target record."""

    table: str
    column: str


@dataclass(frozen=True, kw_only=True)
class Shares:
    """People (or rows, where each row is a person) per group of one column."""

    table: str
    column: str
    groups: tuple[tuple[str | None, int], ...]
    people_known: bool
    source: Source


@dataclass(frozen=True, kw_only=True)
class OverlapOf:
    """Ask which persons of one table are also listed in another."""

    table: str
    listed: str


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """How many listed persons stand in the table, and in how many of its rows.

    ``unidentified`` counts rows of the table without a person, which cannot be cleared.
    """

    people: int
    rows: int
    listed: int
    unidentified: int
    source: Source
    listed_source: Source
