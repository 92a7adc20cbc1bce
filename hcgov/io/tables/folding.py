"""Sums by group and bucket, few enough to be folded here: what the engine would sum, without asking it. Pure.

There are no more buckets than would fit a page. For so few rows the engine plans each of its statements many times
longer than it works at it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from operator import eq, mul
from struct import Struct
from typing import TypeAlias

from hcgov.core.evidence.counts import BUCKETS
from hcgov.core.frozen import frozen
from hcgov.io.tables.engine import Row

MOST_ROWS = 20_000
"""Rows up to which they are folded here."""
MOST_PLACES = (BUCKETS + 1) * MOST_ROWS
"""Buckets of all groups together up to which they are; buckets of one side are never more."""

Names: TypeAlias = tuple[str, ...]
Vectors: TypeAlias = Sequence[tuple[int, ...]]
"""For each rate the sums n and y, of each bucket one."""


@frozen
class Folded:
    """Sums n and y of each rate, by group and bucket.

    All numbers of a group stand side by side in one long number, in as many bits each: two groups are added in one
    addition, of which no part runs over into the next.

    Parameters
    ----------
    groups
        The numbers of each finest group, in 64 bits each.
    buckets, rates
        How many buckets and rates there are.
    """

    groups: Mapping[Names, int]
    buckets: int
    rates: int

    def by(self, places: Sequence[int]) -> dict[Names, Vectors]:
        """Return the sums of each slice by the groups at some places; of everyone where there are none."""
        found: dict[Names, int] = {}
        for names, numbers in self.groups.items():
            slice_ = tuple([names[place] for place in places])
            found[slice_] = found.get(slice_, 0) + numbers
        if not places:
            found.setdefault((), 0)
        return {slice_: self._vectors(numbers) for slice_, numbers in found.items()}

    def _vectors(self, numbers: int) -> Vectors:
        width = 2 * self.rates
        all_ = Struct(f"<{self.buckets * width}Q")
        flat = all_.unpack(numbers.to_bytes(all_.size, "little"))
        return [flat[at::width] for at in range(width)]


def folded(rows: Sequence[Row], *, groups: int, keys: Sequence[int], first: int, rates: int) -> Folded | None:
    """Return sums as they are folded; ``None`` where buckets are too many for that.

    Parameters
    ----------
    rows
        Groups, buckets, then n and y of each rate: whole numbers that add up to less than 2^63.
    groups
        How many groups there are.
    keys
        Places of what names the bucket.
    first
        Place of the first number.
    rates
        How many rates there are.
    """
    own = Struct(f"<{2 * rates}Q")
    places: dict[Row, int] = {}
    names: dict[Row, list[tuple[int, bytes]]] = {}
    buckets = slice(keys[0], keys[-1] + 1)  # those of a side, or of both
    for row in rows:
        bucket, name = row[buckets], row[:groups]
        if (at := places.get(bucket)) is None:
            at = places[bucket] = len(places)
        if (held := names.get(name)) is None:
            held = names[name] = []
        held.append((at, own.pack(*row[first:])))
    if len(names) * len(places) > MOST_PLACES:
        return None
    return Folded(
        groups={
            tuple([str(one) for one in name]): _side_by_side(numbers, len(places), own.size)
            for name, numbers in names.items()
        },
        buckets=len(places),
        rates=rates,
    )


def _side_by_side(numbers: Sequence[tuple[int, bytes]], buckets: int, width: int) -> int:
    """Return the numbers of a group as one; those of one bucket, which may have several rows, are added."""
    by_bucket = dict(numbers)
    more = [] if len(by_bucket) == len(numbers) else [*numbers]
    if more:
        by_bucket = {}
    for at, own in more:
        both = int.from_bytes(by_bucket.get(at, b""), "little") + int.from_bytes(own, "little")
        by_bucket[at] = both.to_bytes(width, "little")
    nothing = bytes(width)
    return int.from_bytes(b"".join([by_bucket.get(at, nothing) for at in range(buckets)]), "little")


def own_sums(vectors: Vectors) -> list[int]:
    """Return the sums of squares over buckets, in the order of :class:`~hcgov.io.tables.squares.Squares`."""
    found = []
    for n, y in _pairs(vectors):
        found += [len(n) - n.count(0), sum(n), sum(y), _dot(n, n), _dot(n, y), _dot(y, y), 0, 0]
    return found


def lacking_sums(vectors: Vectors, everyone: Vectors) -> list[int]:
    """Return what everyone else lacks of everyone, in the same order."""
    found = []
    for (n, y), (total, with_it) in zip(_pairs(vectors), _pairs(everyone), strict=True):
        gone = sum(compress(map(eq, n, total), n))
        found += [gone, _dot(n, total), _dot(n, with_it) + _dot(y, total), _dot(y, with_it)]
    return found


def _pairs(vectors: Vectors) -> Iterable[tuple[tuple[int, ...], tuple[int, ...]]]:
    return zip(vectors[::2], vectors[1::2], strict=True)


def _dot(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(map(mul, one, other))
