"""Raw choices between two alternatives, one a row, made ready for counting: each person once for each pair."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def totals(place: Ints, weights: Floats, size: int) -> Floats:
    """Return the sum of weights at each place from 0 on, shape (size,)."""
    return np.asarray(np.bincount(place, weights=weights, minlength=size), dtype=np.float64)


def ratios(part: Floats, whole: Floats) -> Floats:
    """Return part over whole, NaN where the whole is not above 0."""
    return np.asarray(
        np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=np.asarray(whole > 0.0)),
        dtype=np.float64,
    )


MOST_CELLS = 50_000_000
"""More cells of a pairwise table than this are refused rather than held in memory."""


class TooManyCells(ValueError):  # noqa: N818 - named for what is the case
    """The scopes have so many alternatives that their pairwise tables would not fit into memory."""


@frozen
class Ballots:
    """Choices between pairs of alternatives within scopes.

    Parameters
    ----------
    scope
        What is decided by itself, such as a prompt or a dimension, shape (rows,): codes from 0.
    person
        Who chose, shape (rows,): codes from 0.
    a, b
        The alternatives, shape (rows,): codes from 0 within the scope, never the same in a row.
    y
        1 where ``a`` was preferred, 0 where ``b`` was, 0.5 for a tie, shape (rows,).
    group
        Group of each person, shape (people,); negative for people of none.
    weight
        Weight of each person, shape (people,), finite and not negative.
    scopes, alternatives, groups
        How many there are at most.
    item
        What the row is about, such as its prompt, where rows share it, shape (rows,).
    """

    scope: Ints
    person: Ints
    a: Ints
    b: Ints
    y: Floats
    group: Ints
    weight: Floats
    scopes: int
    alternatives: int
    groups: int
    item: Ints | None = None

    @property
    def rows(self) -> int:
        """Number of choices."""
        return int(self.scope.size)

    @property
    def people(self) -> int:
        """People with at least one choice."""
        return int(np.unique(self.person).size)

    def where(self, mask: Bools) -> "Ballots":
        """Return some of the rows; people, scopes and alternatives keep their codes."""
        return Ballots(
            scope=self.scope[mask],
            person=self.person[mask],
            a=self.a[mask],
            b=self.b[mask],
            y=self.y[mask],
            group=self.group,
            weight=self.weight,
            scopes=self.scopes,
            alternatives=self.alternatives,
            groups=self.groups,
            item=None if self.item is None else self.item[mask],
        )

    def pairs(self) -> tuple[Ints, Ints, Floats, Ints, Ints]:
        """Return every person's mean choice on every pair: scope, person, y, and the two alternatives, lower first.

        A pair that a person judged several times counts once: repetitions are no further people.
        """
        turned = self.a > self.b
        low, high = np.where(turned, self.b, self.a), np.where(turned, self.a, self.b)
        y = np.where(turned, 1.0 - self.y, self.y)
        size = self.alternatives
        people = self.weight.size
        key = ((self.scope * people + self.person) * size + low) * size + high
        distinct, place, count = np.unique(key, return_inverse=True, return_counts=True)
        mean = np.bincount(place, weights=y) / count
        pair, low, high = distinct // (size * size), distinct // size % size, distinct % size
        return pair // people, pair % people, mean, low, high

    @property
    def repeated(self) -> int:
        """Rows beyond the first of the same person on the same pair."""
        return self.rows - int(self.pairs()[0].size)
