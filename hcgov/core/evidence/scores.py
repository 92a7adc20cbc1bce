"""Scores by slice, as histograms: what areas under the curve and calibration are computed from.

A check never sees a score. Rows are counted by slice, label, bin of the score and, where people repeat, bucket
of the person, in the engine that holds the table; every slice is a sum of such cells.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from operator import add, sub
from typing import TypeAlias

from hcgov.core.evidence.source import Source
from hcgov.core.frozen import frozen
from hcgov.core.slices import NOT_RECORDED, Slice, SliceChoice, SliceRules

BINS = 100
"""Bins of equal width that scores are counted in, unless a control asks for more."""

UNIT = 1_000_000_000
"""Sums of scores are kept in billionths: whole numbers add up to the same in any order, on any engine."""


@frozen
class ScoresOf:
    """Ask for the histogram of a score by slice and label.

    ``score`` and ``label`` are roles or derived outcomes of the table, not columns.
    """

    table: str
    score: str = "score"
    label: str = "label"
    bins: int = BINS
    slices: SliceChoice = SliceChoice()


@frozen
class Histogram:
    """Rows by bin of their score, lowest first, those whose label is 1 apart from those whose label is 0.

    ``positive_totals`` and ``negative_totals`` are the sums of the scores in each bin, in billionths; they are 0
    where any score of the table lies outside [0, 1].
    """

    positives: tuple[int, ...]
    negatives: tuple[int, ...]
    positive_totals: tuple[int, ...]
    negative_totals: tuple[int, ...]

    @property
    def events(self) -> int:
        """Rows whose label is 1."""
        return sum(self.positives)

    @property
    def n(self) -> int:
        """Rows with a label and a score."""
        return sum(self.positives) + sum(self.negatives)

    def plus(self, other: "Histogram") -> "Histogram":
        """Return both together."""
        return self._joined(other, subtract=False)

    def minus(self, other: "Histogram") -> "Histogram":
        """Return what is left without ``other``, which must be a part of this."""
        return self._joined(other, subtract=True)

    def _joined(self, other: "Histogram", *, subtract: bool) -> "Histogram":
        each = sub if subtract else add
        return Histogram(
            positives=tuple(map(each, self.positives, other.positives)),
            negatives=tuple(map(each, self.negatives, other.negatives)),
            positive_totals=tuple(map(each, self.positive_totals, other.positive_totals)),
            negative_totals=tuple(map(each, self.negative_totals, other.negative_totals)),
        )


def no_rows(bins: int) -> Histogram:
    """Return the histogram of nobody."""
    none = (0,) * bins
    return Histogram(positives=none, negatives=none, positive_totals=none, negative_totals=none)


@frozen
class ScoreCell:
    """Rows that agree in every group column and in the person's bucket.

    ``missing`` counts those without a label or a score; ``bucket`` is ``None`` where each row is a person.
    """

    groups: tuple[str | None, ...]
    rows: Histogram
    missing: int
    bucket: int | None = None


@frozen
class SideCount:
    """Distinct people of a slice with a label and a score: all, with a label of 1, and with a label of 0."""

    people: int
    positives: int
    negatives: int


@frozen
class SliceScores:
    """The scores of one slice.

    Parameters
    ----------
    slice
        Who.
    rows
        Histogram of the rows with a label and a score.
    missing
        Rows without one of them.
    people
        Distinct people, by label; ``None`` where unknown.
    clusters
        ``(bucket, histogram)`` for each bucket of people, where people repeat; else empty.
    """

    slice: Slice
    rows: Histogram
    missing: int
    people: SideCount | None
    clusters: tuple[tuple[int, Histogram], ...] = ()


SliceKey: TypeAlias = tuple[tuple[str, str], ...]


@frozen
class Scores:
    """The answer to :class:`ScoresOf`.

    Parameters
    ----------
    columns
        Names of the cells' ``groups``, in order.
    bins, low, high
        Number of bins, and the range that they divide evenly: [0, 1], or the least and greatest score of the
        table where some lie outside.
    exact
        For each bin, whether all scores of the table in it are equal: then nothing was lost by binning there.
    outside
        Rows whose score lies outside [0, 1]; such scores have an order, but are no probabilities.
    people_known
        Whether people can be counted: each row is a person, or a person column exists.
    people
        Distinct people by slice, where people repeat; ``None`` where each row is a person.
    rules
        The slices of this control, as resolved from project and control.
    """

    table: str
    score: str
    label: str
    columns: tuple[str, ...]
    bins: int
    low: float
    high: float
    exact: tuple[bool, ...]
    outside: int
    cells: tuple[ScoreCell, ...]
    people_known: bool
    rules: SliceRules
    source: Source
    people: Mapping[SliceKey, SideCount] | None = None

    def overall(self) -> SliceScores:
        """Return the scores of everyone."""
        found = self.by(())
        return (
            found[0]
            if found
            else SliceScores(slice=Slice(), rows=no_rows(self.bins), missing=0, people=self._people((), None))
        )

    def by(self, columns: tuple[str, ...]) -> tuple[SliceScores, ...]:
        """Return every slice of a slicing that has any row, ordered by slice."""
        if columns not in self._rolled_up:
            self._rolled_up[columns] = self._slices(columns)
        return self._rolled_up[columns]

    @cached_property
    def _rolled_up(self) -> dict[tuple[str, ...], tuple[SliceScores, ...]]:
        return {}

    def _slices(self, columns: tuple[str, ...]) -> tuple[SliceScores, ...]:
        places = tuple(self.columns.index(column) for column in columns)
        found: dict[SliceKey, dict[int | None, Histogram]] = {}
        missing: dict[SliceKey, int] = {}
        for cell in self.cells:
            names = (NOT_RECORDED if g is None else g for g in (cell.groups[place] for place in places))
            key = tuple(zip(columns, names, strict=True))
            missing[key] = missing.get(key, 0) + cell.missing
            buckets = found.setdefault(key, {})
            before = buckets.get(cell.bucket)
            buckets[cell.bucket] = cell.rows if before is None else before.plus(cell.rows)
        return tuple(self._slice(key, found[key], missing[key]) for key in sorted(found))

    def _slice(self, key: SliceKey, buckets: Mapping[int | None, Histogram], missing: int) -> SliceScores:
        rows = together(buckets.values(), self.bins)
        clusters = ((bucket, one) for bucket, one in buckets.items() if bucket is not None and one.n)
        return SliceScores(
            slice=Slice(values=key),
            rows=rows,
            missing=missing,
            people=self._people(key, rows),
            clusters=tuple(sorted(clusters, key=lambda pair: pair[0])),
        )

    def _people(self, key: SliceKey, rows: Histogram | None) -> SideCount | None:
        if not self.people_known:
            return None
        if self.people is not None:
            return self.people.get(key, SideCount(people=0, positives=0, negatives=0))
        n, events = (0, 0) if rows is None else (rows.n, rows.events)
        return SideCount(people=n, positives=events, negatives=n - events)


def together(histograms: Iterable[Histogram], bins: int) -> Histogram:
    """Return the sum of histograms."""
    return reduce(Histogram.plus, histograms, no_rows(bins))
