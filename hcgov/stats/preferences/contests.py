"""Comparisons of two competitors, one row a judgment, and their counts by pair."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.signedinteger[Any]]
Bools: TypeAlias = NDArray[np.bool_]

FIRST, SECOND, TIE = 0, 1, 2
"""Outcomes of a comparison: who was shown (or written) first won, the other did, or neither."""

MOST_COMPETITORS = 2000
"""The information matrix is dense: more competitors than this are refused."""


@frozen
class Contests:
    """Judged comparisons.

    Parameters
    ----------
    competitors
        How many there are; their codes run from 0.
    first, second
        Codes of the two competitors of each row, shape (n,); they differ.
    outcome
        :data:`FIRST`, :data:`SECOND` or :data:`TIE` of each row. What is no outcome, such as "both are bad", is no
        row here.
    people
        Code of who judged each row; a negative code is nobody, and all of those are one cluster. All pairs that one
        ranking implies carry the code of its author (or of the ranking), so that they are one cluster.
    items
        Code of what the row was about, such as the prompt, where several rows are about the same; else ``None``.
    weights
        Weight of each row, at least 0; ``None`` for 1.
    """

    competitors: int
    first: Codes
    second: Codes
    outcome: Codes
    people: Codes
    items: Codes | None = None
    weights: Floats | None = None

    @property
    def rows(self) -> int:
        """How many judgments there are."""
        return int(self.first.size)

    @property
    def distinct_people(self) -> int:
        """Distinct people; rows of nobody are none."""
        return int(np.unique(self.people[self.people >= 0]).size)

    @property
    def weight(self) -> Floats:
        """Weight of each row, shape (n,)."""
        return np.ones(self.rows) if self.weights is None else self.weights

    def where(self, mask: Bools) -> "Contests":
        """Return some of the rows."""
        return Contests(
            competitors=self.competitors,
            first=self.first[mask],
            second=self.second[mask],
            outcome=self.outcome[mask],
            people=self.people[mask],
            items=None if self.items is None else self.items[mask],
            weights=None if self.weights is None else self.weights[mask],
        )


@frozen
class Cells:
    """Counts of outcomes by pair.

    Parameters
    ----------
    first, second
        Codes of the competitors, shape (cells,).
    counts
        Weight of the rows by outcome, shape (cells, 3).
    of_row
        Cell of each row.
    turned
        Whether the row stands in its cell the other way round.
    """

    first: Codes
    second: Codes
    counts: Floats
    of_row: Codes
    turned: Bools


def cells_of(contests: Contests, *, ordered: bool) -> Cells:
    """Count outcomes by pair: where ``ordered``, by who came first; else with the smaller code first."""
    turned = np.zeros(contests.rows, dtype=np.bool_) if ordered else contests.first > contests.second
    first = np.where(turned, contests.second, contests.first).astype(np.int64)
    second = np.where(turned, contests.first, contests.second).astype(np.int64)
    pairs, of_row = np.unique(first * contests.competitors + second, return_inverse=True)
    outcome = oriented(contests.outcome, turned)
    counts = sums(of_row * 3 + outcome, contests.weight, 3 * pairs.size)
    return Cells(
        first=pairs // contests.competitors,
        second=pairs % contests.competitors,
        counts=counts.reshape(-1, 3),
        of_row=of_row,
        turned=turned,
    )


def oriented(outcome: Codes, turned: Bools) -> Codes:
    """Return outcomes as they are when the competitors of some rows change places."""
    changed = np.where(outcome == FIRST, SECOND, np.where(outcome == SECOND, FIRST, TIE))
    return np.where(turned, changed, outcome)


def sums(place: Codes, weights: Floats, size: int) -> Floats:
    """Return the sum of weights in each place from 0 to ``size - 1``."""
    return np.bincount(place, weights=weights, minlength=size).astype(np.float64)
