"""Cells rolled up to slices: which slice a cell belongs to is found once, whatever is summed over it."""

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple, TypeVar

from hcgov.core.frozen import frozen

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


class Parts(NamedTuple):
    """What a rate reads of each cell: rows in its denominator, those with the outcome, and those without a record.

    Where rows have weights, then their sum in the denominator, that of their squares, and either where the outcome is
    there.
    """

    n: list[int]
    positives: list[int]
    missing: list[int]
    weights: list[list[float]]


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
