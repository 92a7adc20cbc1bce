"""Cells rolled up to slices: which slice a cell belongs to is found once, whatever is summed over it."""

from collections.abc import Sequence
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from hcgov.core.frozen import frozen
from hcgov.core.slices import NOT_RECORDED, Slice

if TYPE_CHECKING:
    from hcgov.core.evidence.counts import Cell, Rate

T = TypeVar("T")

Key = tuple[str, ...]
"""The groups of a slice, one for each column it is sliced by."""


@frozen
class Slicing:
    """How cells divide into the slices of some columns.

    Parameters
    ----------
    slices
        Groups of each slice, sorted.
    places
        For each cell, in order, the position of its slice.
    """

    slices: tuple[Key, ...]
    places: tuple[int, ...]

    def sums(self, values: Sequence[int]) -> list[int]:
        """Return the sum over each slice of one value a cell."""
        sums = [0] * len(self.slices)
        for place, value in zip(self.places, values, strict=True):
            sums[place] += value
        return sums

    def lists(self, values: Sequence[T]) -> list[list[T]]:
        """Return, for each slice, the values of its cells."""
        lists: list[list[T]] = [[] for _ in self.slices]
        for place, value in zip(self.places, values, strict=True):
            lists[place].append(value)
        return lists


def slicing(cells: Sequence[Key], at: Sequence[int]) -> Slicing:
    """Return how cells divide by some of their groups.

    Parameters
    ----------
    cells
        The groups of each cell.
    at
        Positions of those that slice; none puts all cells into one slice.
    """
    # Of one position or none the getter would give no tuple.
    own = itemgetter(*at) if len(at) > 1 else lambda groups: tuple([groups[place] for place in at])
    keys = [own(groups) for groups in cells]
    slices = tuple(sorted(set(keys)))
    place = {key: i for i, key in enumerate(slices)}
    return Slicing(slices=slices, places=tuple([place[key] for key in keys]))


class Parts(NamedTuple):
    """What a rate reads of each finest slice.

    Rows in its denominator, those with the outcome, and those without a record of it. Where rows have weights, then
    their sum in the denominator, that of their squares, and either where the outcome is there.
    """

    n: list[int]
    positives: list[int]
    missing: list[int]
    weights: list[list[float]]


class Rolled:
    """Cells, and what is found of them once for all who read them.

    Parameters
    ----------
    cells
        Cells of a table.
    columns, outcomes
        Names of their groups and flags, in order.
    """

    def __init__(
        self, cells: "tuple[Cell, ...]", columns: tuple[str, ...], outcomes: tuple[str, ...]
    ) -> None:
        self.cells, self.columns, self.outcomes = cells, columns, outcomes
        self._slices: dict[tuple[str, ...], tuple[Slicing, tuple[Slice, ...]]] = {}
        self._parts: dict[Rate, Parts] = {}

    @cached_property
    def _finest(self) -> tuple[list[Key], list[int]]:
        """The finest slices, by their groups as recorded, and for each cell the position of its slice."""
        place: dict[tuple[str | None, ...], int] = {}
        places = [place.setdefault(cell.groups, len(place)) for cell in self.cells]
        return [tuple([NOT_RECORDED if g is None else str(g) for g in groups]) for groups in place], places

    def slices(self, columns: tuple[str, ...]) -> tuple[Slicing, tuple[Slice, ...]]:
        """Return how the finest slices divide into those of some columns, and these."""
        if columns not in self._slices:
            found = slicing(self._finest[0], [self.columns.index(column) for column in columns])
            slices = [Slice(values=tuple(zip(columns, key, strict=True))) for key in found.slices]
            self._slices[columns] = found, tuple(slices)
        return self._slices[columns]

    def parts(self, rate: "Rate") -> Parts:
        """Return what a rate reads of each finest slice."""
        if rate not in self._parts:
            self._parts[rate] = self._read(rate)
        return self._parts[rate]

    def _read(self, rate: "Rate") -> Parts:
        finest, places = self._finest
        size = len(finest)
        parts = Parts([0] * size, [0] * size, [0] * size, [[0.0] * 4 for _ in range(size)])
        outcome = self.outcomes.index(rate.outcome)
        given = [(self.outcomes.index(name), value) for name, value in rate.given]
        for cell, at in zip(self.cells, places, strict=True):
            flag = cell.flags[outcome]
            for place, value in given:
                known = cell.flags[place]
                if known is None:
                    flag = None
                elif known != value:
                    break
            else:
                if flag is None:
                    parts.missing[at] += cell.n
                    continue
                parts.n[at] += cell.n
                parts.positives[at] += cell.n * flag
                for place, weight in enumerate(cell.weights or ()):
                    parts.weights[at][place] += weight
                    parts.weights[at][place + 2] += weight * flag
        return parts
