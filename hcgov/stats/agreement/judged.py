"""Judgments as arrays: who gave which label to what."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.frozen import frozen

Ints: TypeAlias = NDArray[np.signedinteger[Any]]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

DENSE = 20_000_000
"""Up to so many counts (items times labels) stand in memory at once."""


class Metric(StrEnum):
    """How far two labels are apart."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@frozen
class Judged:
    """Judgments: one label a row, of one person about one item.

    Parameters
    ----------
    items, people, labels
        Codes from 0, each of shape (rows,); no person judges an item twice.
    n_items, n_people
        Items and people: larger than every code.
    values
        What each label is worth as a number, shape (labels,); in the order of the scale. For nominal labels any.
    """

    items: Ints
    people: Ints
    labels: Ints
    n_items: int
    n_people: int
    values: Floats

    @property
    def rows(self) -> int:
        """Number of judgments."""
        return int(self.items.size)

    @property
    def n_labels(self) -> int:
        """Labels that may be given, used or not."""
        return int(self.values.size)

    @property
    def in_one_block(self) -> bool:
        """Whether :meth:`counts` yields all items at once."""
        return self.n_items * max(self.n_labels, 1) <= DENSE

    def where(self, mask: Bools) -> "Judged":
        """Return some of the judgments; codes stay what they were."""
        return Judged(
            items=self.items[mask],
            people=self.people[mask],
            labels=self.labels[mask],
            n_items=self.n_items,
            n_people=self.n_people,
            values=self.values,
        )

    def ratings(self) -> Ints:
        """Return the number of judgments of each item, shape (n_items,)."""
        return np.bincount(self.items, minlength=self.n_items)

    def counts(self) -> Iterator[Ints]:
        """Yield how often each item was given each label, a block of items at a time, shape (items, labels).

        Blocks together hold every item that was judged; items nobody judged may stand in them with zeros.
        """
        q = max(self.n_labels, 1)
        if self.in_one_block:
            yield counted(self.items, self.labels, self.n_items, q)
            return
        size = max(DENSE // q, 1)
        order = np.argsort(self.items, kind="stable")
        items, labels = self.items[order], self.labels[order]
        ends = np.searchsorted(items, np.arange(0, self.n_items + size, size))
        for block, (start, end) in enumerate(pairwise(ends)):
            rows = min(size, self.n_items - block * size)
            yield counted(items[start:end] - block * size, labels[start:end], rows, q)


def counted(rows: Ints, labels: Ints, n: int, q: int) -> Ints:
    """Return how often each label stands in each of ``n`` rows, shape (n, q)."""
    place = np.multiply(rows, q, dtype=np.int64)
    place += labels
    return np.bincount(place, minlength=n * q).reshape(n, q)


def dense(codes: Ints) -> tuple[Ints, int]:
    """Return codes from 0 without gaps, in the same order, and how many there are; no code is negative."""
    if not codes.size:
        return codes.astype(np.int64), 0
    present = np.zeros(int(codes.max()) + 1, dtype=np.bool_)
    present[codes] = True
    place = np.cumsum(present) - 1
    return place[codes], int(place[-1]) + 1
