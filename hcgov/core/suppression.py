"""Suppression of small cells: which counts of a table by groups may not be published.

A cell of 1 to 10 people is suppressed, and so is every further cell from which it could be found by subtraction: of
any shown total, over any partition of it (secondary or complementary suppression; the bound of 11 is that of the
cell-size policy of the US Centers for Medicare & Medicaid Services, for percentages as well as counts).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

FEWEST = 11
"""Fewest people a published count may stand for."""

ROUNDED_TO = 5
"""Published counts are rounded to multiples of this."""

Key: TypeAlias = tuple[tuple[str, str], ...]
"""A slice by its columns and values, ordered by column; empty is everyone."""

Cells: TypeAlias = Mapping[Key, tuple[float, ...]]
"""Counts of each slice, such as people, those with the outcome, and those without it; people come first."""


def few(count: float, fewest: int = FEWEST) -> bool:
    """Whether a count is one of 1 to 10 people, or fewer than ``fewest``."""
    return 0 < count < fewest


def rounded(count: float) -> int:
    """Return a count rounded to five.

    >>> rounded(1795), rounded(23), rounded(12)
    (1795, 25, 10)
    """
    return int(ROUNDED_TO * ((count + ROUNDED_TO / 2) // ROUNDED_TO))


def suppressed(
    tables: Iterable[Cells], secret: Iterable[Key] = (), *, fewest: int = FEWEST
) -> frozenset[Key]:
    """Return the slices whose numbers may not be shown in any of some tables of the same people.

    Parameters
    ----------
    tables
        Counts by slice, of every slicing. Where a slicing divides a shown slice, its cells are that slice.
    secret
        Slices that may not be shown for another reason.
    fewest
        Fewest people a published count may stand for.

    Returns
    -------
    frozenset
        Every slice with a small count in any table, and as many of the next smallest as it takes that of every
        shown slice, over each way to divide it, no part is hidden alone, and the hidden parts together are not
        few. Where there is nothing further to hide, the slice itself is. A slice is hidden in all tables, for
        counts with one outcome and with the other add up to those without regard to it.

    Notes
    -----
    This is about subtraction. Solving several totals for one another (as linear equations) is not searched for.
    """
    tables = [dict(table) for table in tables]
    hidden = set(secret)
    for table in tables:
        hidden |= {key for key, counts in table.items() if any(few(count, fewest) for count in counts)}
    divided = [(table, tuple(_divisions(table))) for table in tables]
    while True:
        before = len(hidden)
        for table, divisions in divided:
            for whole, parts in divisions:
                _protect(table, whole, parts, hidden, fewest)
        if len(hidden) == before:
            return frozenset(hidden)


def changed_little(now: Cells, published: Cells, *, fewest: int = FEWEST) -> frozenset[Key]:
    """Return the slices whose counts differ by 1 to 10 from those published before: the difference is people."""
    return frozenset(
        key
        for key, counts in now.items()
        if key in published
        and any(few(abs(new - old), fewest) for new, old in zip(counts, published[key], strict=False))
    )


def _divisions(table: Cells) -> Iterator[tuple[Key, tuple[Key, ...]]]:
    """Yield every slice with each of its divisions by further columns."""
    slicings: dict[tuple[str, ...], list[Key]] = {}
    for key in sorted(table):
        slicings.setdefault(tuple(column for column, _ in key), []).append(key)
    for columns, wholes in slicings.items():
        for finer, parts in slicings.items():
            if set(columns) < set(finer):
                found: dict[Key, list[Key]] = {}
                for part in parts:
                    found.setdefault(tuple(pair for pair in part if pair[0] in columns), []).append(part)
                yield from ((whole, tuple(found[whole])) for whole in wholes if whole in found)


def _protect(table: Cells, whole: Key, parts: Sequence[Key], hidden: set[Key], fewest: int) -> None:
    """Hide parts of a shown slice, the smallest first, until subtraction tells nothing of those hidden."""
    if whole in hidden:
        return
    people = [part for part in parts if table[part][0] > 0]
    kept = sorted(
        (p for p in people if p not in hidden), key=lambda part: (table[part][0], part), reverse=True
    )
    out = [part for part in people if part in hidden]
    while len(out) == 1 or (out and any(few(count, fewest) for count in _together(table, out))):
        if not kept:
            hidden.add(whole)
            return
        out.append(kept.pop())
        hidden.add(out[-1])


def _together(table: Cells, parts: Sequence[Key]) -> tuple[float, ...]:
    return tuple(map(sum, zip(*(table[part] for part in parts), strict=True)))
