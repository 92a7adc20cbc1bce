"""Counts over a table: the one kind of table evidence that judgement needs.

A check never sees rows. It asks for rates by slice; every request on a table is merged into one group-by at
the finest cell, and each slice is a sum of cells.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from math import fsum
from typing import Any, ClassVar, Literal, TypeVar

from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.core.evidence.rolling import Rolled
from hcgov.core.evidence.source import Source
from hcgov.core.frozen import compact, frozen
from hcgov.core.slices import Slice, SliceChoice, SliceRules

T = TypeVar("T")

BUCKETS = 32
"""Buckets that people, and items, are hashed into where rows belong to both."""

NOBODY = BUCKETS
"""The bucket of rows that name no person, or no item; they are one cluster."""


@frozen
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


@frozen
class CountsOf:
    """Ask for rates by slice of one table artifact.

    ``directed`` names the outcomes whose adverse direction must be declared, because only the disadvantaged
    slice may be accused. ``max_rows_per_person`` caps what one person's rows count for in a slice: more of them
    weigh as that many. ``half`` asks for the people of one half only, as a hash of who they are divides them: what
    is found in one half may be judged in the other.
    """

    table: str
    rates: tuple[Rate, ...]
    slices: SliceChoice = SliceChoice()
    directed: tuple[str, ...] = ()
    max_rows_per_person: int | None = None
    half: Literal["a", "b"] | None = None


@compact
class Cell:
    """Rows that agree in every group column and every outcome.

    ``flags`` holds 1, 0 or ``None`` (no outcome recorded) for each outcome; ``weights`` the sums of the rows'
    weights and of their squares, ``None`` where rows have no weights.
    """

    groups: tuple[str | None, ...]
    flags: tuple[int | None, ...]
    n: int
    weights: tuple[float, float] | None = None
    of: ClassVar[
        Callable[
            [tuple[str | None, ...], tuple[int | None, ...], int, tuple[float, float] | None],
            "Cell",
        ]
    ]


@compact
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
    crowd
        Who the rows belong to, and their weights; ``None`` where each row is a different person who weighs as
        much as any other.
    """

    slice: Slice
    n: int
    positives: int
    missing: int
    people: int | None
    crowd: Crowd | None = None
    of: ClassVar[Callable[[Slice, int, int, int, int | None, Crowd | None], "SliceSums"]]


PeopleKey = tuple[tuple[tuple[str, str], ...], Rate]
"""A slice's values and the rate whose denominator is counted."""


@frozen
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
    crowds
        Who the rows of each slice belong to, by slice and rate, where people repeat or rows belong to items;
        ``None`` where each row is a person.
    adverse
        For each outcome, whether it harms people when it is higher (``True``), lower (``False``), or the
        manifest does not say (absent).
    rules
        The slices of this control, as resolved from project and control.
    split
        Cells by slicing, where there are too many finest cells to hold: then ``cells`` is empty, only the
        slicings of ``rules`` and everyone, ``()``, can be asked for, and a cell's ``groups`` are those of its
        slicing.
    rolled
        The same cells, where others read them too: how they divide into slices is found once for all.
    """

    table: str
    columns: tuple[str, ...]
    outcomes: tuple[str, ...]
    cells: tuple[Cell, ...]
    people_known: bool
    rules: SliceRules
    source: Source
    crowds: Mapping[PeopleKey, Crowd] | None = None
    adverse: Mapping[str, bool] | None = None
    split: Mapping[tuple[str, ...], tuple[Cell, ...]] | None = None
    rolled: Rolled | None = field(default=None, compare=False, repr=False)

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
        return self.once(("by", rate, columns), lambda: tuple(self._sums(rate, columns)))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is made of these counts under a key; it is made when it is first asked for."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[no-any-return]  # what a key holds, one function has made

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def _weighted(self) -> bool:
        return any(
            cell.weights is not None for cell in (self.cells if self.split is None else self.split[()])
        )

    def _rolled(self, columns: tuple[str, ...]) -> Rolled:
        """Return the cells that slices of some columns are made of, ready to be rolled up."""
        if self.split is not None:
            cells = self.split[columns]
            return self.once(("split", columns), lambda: Rolled(cells, columns, self.outcomes))
        shared, named = self.rolled, (self.columns, self.outcomes)
        if shared is not None and shared.cells is self.cells and (shared.columns, shared.outcomes) == named:
            return shared
        return self.once("whole", lambda: Rolled(self.cells, self.columns, self.outcomes))

    def _sums(self, rate: Rate, columns: tuple[str, ...]) -> Iterator[SliceSums]:
        """Yield the sums of every slice of a slicing, ordered by slice."""
        rolled = self._rolled(columns)
        (found, slices), parts = rolled.slices(columns), rolled.parts(rate)
        known = self.people_known
        sums = zip(
            slices, found.sums(parts.n), found.sums(parts.positives), found.sums(parts.missing), strict=True
        )
        if self.crowds is None and not self._weighted:
            for slice_, n, positives, missing in sums:
                yield SliceSums.of(slice_, n, positives, missing, n if known else None, None)
            return
        for (slice_, n, positives, missing), weights in zip(sums, found.lists(parts.weights), strict=True):
            crowd = self._crowd(slice_.values, rate, n, weights)
            people = (n if crowd is None else crowd.people) if known else None
            yield SliceSums.of(slice_, n, positives, missing, people, crowd)

    def _crowd(
        self, values: tuple[tuple[str, str], ...], rate: Rate, n: int, weights: Sequence[Sequence[float]]
    ) -> Crowd | None:
        """Return who the rows belong to: as counted in the engine; of weighted rows that do not repeat, as summed."""
        crowd = None
        if self.crowds is not None:
            crowd = self.crowds.get((values, rate), Crowd(people=0, rows=0))
        if not self._weighted or (crowd is not None and crowd.by_person is not None):
            return crowd
        w, w2, wy, w2y = (fsum(column) for column in zip(*weights, strict=True)) if weights else (0.0,) * 4
        rows = Moments(clusters=n, n=w, y=wy, n2=w2, ny=w2y, y2=w2y)
        base = Crowd(people=n if self.people_known else None, rows=n) if crowd is None else crowd
        return replace(base, by_person=rows)


@frozen
class SharesOf:
    """Ask how the people of a table divide over the groups of one column, beside a target record."""

    table: str
    column: str


@frozen
class Shares:
    """People (or rows, where each row is a person) per group of one column."""

    table: str
    column: str
    groups: tuple[tuple[str | None, int], ...]
    people_known: bool
    source: Source


@frozen
class OverlapOf:
    """Ask which persons of one table are also listed in another."""

    table: str
    listed: str


@frozen
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
