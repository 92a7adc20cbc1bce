"""Order statistics of a column from the few values that can be among them.

The first rows say about where a rank will fall. How many values lie below such places is counted in the scan; then each
rank lies between two of them for certain, and only values between those are put in order. Where the first rows
mislead, as in a sorted table, more values are: the answer is exact whatever they say.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hcgov.core.evidence.aggregates import Kind, Number, Ordered
from hcgov.core.frozen import frozen
from hcgov.io.tables import sql
from hcgov.io.tables.questions import Numbers, Question

MARGIN = 0.015
"""Share of the rows on each side of a rank: four standard errors of the median of 20 000 rows."""
MOST_SHARES = 8
"""Shares up to which values are counted before they are put in order: each costs two comparisons a row."""
MOST_KEPT = 2_000_000
"""Values of all columns that are expected to lie about ranks up to which the scan keeps them, in memory: 16 MB."""


def ranks_of(asked: Ordered, count: int) -> list[int]:
    """Return the ranks, from 0, of the order statistics that are asked of so many values."""
    return [_rank(share * (count - 1), asked.rounding) for share in asked.shares] if count else []


def _rank(index: float, rounding: str) -> int:
    whole = int(index)
    if rounding == "lower" or index == whole:
        return whole
    return whole + 1 if rounding == "higher" else round(index)


def sampled(column: str, shares: Iterable[float]) -> tuple[str, ...]:
    """Return the terms of a scan of the first rows that give two values about each share; none for many shares.

    Before them stand how many values are looked at, and how many different ones.
    """
    several = sorted(set(shares))
    if len(several) > MOST_SHARES:
        return ()
    about = [place for share in several for place in (max(share - MARGIN, 0.0), min(share + MARGIN, 1.0))]
    return (f"COUNT({column})", f"COUNT(DISTINCT {column})", *_quantiles(column, about))


@frozen
class Places:
    """Cuts through the values of a column, in ascending order.

    Parameters
    ----------
    column, kind
        Name of the column in the engine, and what it holds.
    cuts
        A value, and whether the cut is after all that are equal to it instead of before them.
    kept
        Gaps whose values the scan that counts also keeps, for the ranks will fall among them.
    """

    column: str
    kind: Kind
    cuts: tuple[tuple[Number, bool], ...] = ()
    kept: frozenset[int] = frozenset()

    def terms(self) -> tuple[str, ...]:
        """Return the terms of a scan: for each cut how many values are before it."""
        return tuple(f"COUNT_IF({self._before(value, last)})" for value, last in self.cuts)

    def among(self, gaps: Iterable[int]) -> str:
        """Return the condition that a value lies in one of the gaps."""
        return " OR ".join(self.gap(i) for i in sorted(gaps))

    def lists(self) -> tuple[str, ...]:
        """Return the term that keeps the values of a scan that lie in those gaps, if there are such."""
        return (f"LIST({self.column}) FILTER (WHERE {self.among(self.kept)})",) if self.kept else ()

    def gap(self, i: int) -> str:
        """Return the condition that a value lies between the cuts ``i - 1`` and ``i``."""
        after = [self._after(*self.cuts[i - 1])] if i else []
        before = [self._before(*self.cuts[i])] if i < len(self.cuts) else []
        return f"({' AND '.join((*after, *before)) or f'{self.column} IS NOT NULL'})"

    def only(self, i: int) -> Number | None:
        """Return the one value that lies between the cuts ``i - 1`` and ``i``, if there is no room for others."""
        value = self.cuts[i - 1][0] if i else None
        return value if value is not None and self.cuts[i : i + 1] == ((value, True),) else None

    def _before(self, value: Number, last: bool) -> str:
        return f"{self.column} {'<=' if last else '<'} {self._literal(value)}"

    def _after(self, value: Number, last: bool) -> str:
        return f"{self.column} {'>' if last else '>='} {self._literal(value)}"

    def _literal(self, value: Number) -> str:
        return str(value) if self.kind is Kind.WHOLE else f"CAST({sql.literal(repr(value))} AS DOUBLE)"


def places(column: str, kind: Kind, found: Numbers, rows: int, *, most: int = MOST_KEPT) -> Places:
    """Return the cuts at what the first rows gave: before the lower value of each pair, and after the upper one.

    Parameters
    ----------
    column, kind
        Name of the column in the engine, and what it holds.
    found
        What the terms of :func:`sampled` gave: how many values were looked at, how many different ones, and the
        pairs; nothing where no values were looked at.
    rows, most
        Rows of the table, and how many values may be expected between cuts for them to be kept in memory.
    """
    if not found:
        return Places(column=column, kind=kind)
    looked, distinct, *ends = found
    pairs = [
        (value, i % 2 == 1) for i, value in enumerate(ends) if value is not None and math.isfinite(value)
    ]
    made = Places(column=column, kind=kind, cuts=tuple(sorted(set(pairs))))
    # Of values that repeat, any number may lie between two of them.
    few = rows * MARGIN * len(pairs) <= most and 2 * (distinct or 0) > (looked or 0)
    return replace(made, kept=_between_pairs(made)) if few else made


def _between_pairs(made: Places) -> frozenset[int]:
    """Return the gaps that lie after the lower cut of a pair and before its upper one, and hold several values."""
    inside, found = 0, set()
    for i, (_, last) in enumerate(made.cuts):
        if inside > 0 and made.only(i) is None:
            found.add(i)
        inside += -1 if last else 1
    return frozenset(found)


@frozen
class Sought:
    """The values at some ranks of a column, known or still to be asked for.

    Parameters
    ----------
    known
        By rank, from 0.
    ranks
        The ranks that are not known, in the order of the answer to ``question``.
    question
        What gives them.
    """

    known: Mapping[int, Number]
    ranks: tuple[int, ...]
    question: Question

    def values(self, given: Numbers) -> dict[int, Number | None]:
        """Return the value at each rank, from the answer to the question."""
        return {**self.known, **dict(zip(self.ranks, given, strict=True))}


def sought(
    places: Places, counts: Numbers, count: int, ranks: Iterable[int], source: str, kept: str
) -> Sought:
    """Find the values at some ranks of a column.

    Parameters
    ----------
    places, counts
        Cuts, and what their terms gave.
    count
        Recorded values of the column.
    ranks
        From 0 to less than ``count``.
    source, kept
        The query of the column, and that of the values which the scan has kept.
    """
    # Gap i has the ranks from ``ends[i]`` to below ``ends[i + 1]``.
    ends = [0, *(int(number or 0) for number in counts), count]
    known: dict[int, Number] = {}
    gaps: dict[int, list[int]] = {}
    for rank in dict.fromkeys(ranks):
        i = sum(end <= rank for end in ends) - 1
        if (value := places.only(i)) is not None:
            known[rank] = value
        else:
            gaps.setdefault(i, []).append(rank)
    chosen, shares = sorted(gaps), []
    size, before = sum(ends[i + 1] - ends[i] for i in chosen), 0
    for i in chosen:
        # The middle of a rank's share of the values: no rounding can lead to another rank.
        shares += [(before + rank - ends[i] + 0.5) / size for rank in gaps[i]]
        before += ends[i + 1] - ends[i]
    within = sql.select([places.column], kept if places.kept.issuperset(chosen) else source)
    if places.kept != set(chosen):
        within += f" WHERE {places.among(chosen)}"
    question = Question(terms=_quantiles(places.column, shares), source=f"({within}) within")
    return Sought(known=known, ranks=tuple(rank for i in chosen for rank in gaps[i]), question=question)


def _quantiles(column: str, shares: Sequence[float]) -> tuple[str, ...]:
    listed = f"(QUANTILE_DISC({column}, [{', '.join(map(repr, shares))}]))"
    return tuple(f"{listed}[{i}]" for i in range(1, len(shares) + 1))
