"""Geometry of interval plots: where each mark, tick and word stands. Pure numbers; the template draws them.

Domains are fixed by what is measured, never fitted to the data, so that plots of two releases can be laid beside
each other: rates from 0 to 1; differences from −0.5 to 0.5, or −1 to 1 where something lies outside; ratios on a
log scale from 1/4 to 4, or 1/16 to 16. What lies outside the axis ends in an arrow, and the table has the number.
"""

import math
from collections.abc import Sequence
from typing import Literal

from hcgov.core.frozen import frozen
from hcgov.io.render.plain import cells, clip

Scale = Literal["rate", "difference", "ratio"]

LABELS = 240.0
"""Left edge of the plotting area; group names stand before it."""
PLOT = 400.0
"""Width of the plotting area."""
WIDTH = 940.0
TOP = 34.0
"""Room above the rows for the words of the limit; without a limit a third of it."""
ROW = 28.0
FOOT = 30.0
LABEL_CELLS = 34

SCALES: dict[str, Scale] = {
    "clopper_pearson": "rate",
    "wilson": "rate",
    "miettinen_nurminen": "difference",
    "koopman": "ratio",
    "clopper_pearson_over_target": "ratio",
    "beta_binomial_sequence": "rate",
}
"""What is plotted, by the method of its bounds; values of other methods stand in tables only."""


@frozen
class Row:
    """One interval to draw.

    ``low`` or ``high`` is ``None`` where that end is not bounded. ``hollow`` marks what is shown but too small
    to judge. ``tone`` is a verdict, or empty for values that are not judged.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    note: str
    tone: str = ""
    hollow: bool = False


@frozen
class Axis:
    """A horizontal axis with fixed ends and ticks."""

    scale: Scale
    start: float
    end: float
    ticks: tuple[float, ...]

    def x(self, value: float) -> float:
        """Return where a value stands, kept inside the plotting area; in user units from the left edge."""
        if self.scale == "ratio":
            if value <= self.start:
                return LABELS
            share = math.log(value / self.start) / math.log(self.end / self.start)
        else:
            share = (value - self.start) / (self.end - self.start)
        return round(LABELS + PLOT * min(max(share, 0.0), 1.0), 1)


@frozen
class Mark:
    """One drawn row."""

    y: float
    label: str
    note: str
    tone: str
    hollow: bool
    x: float | None
    low: float
    high: float
    open_low: bool
    open_high: bool


@frozen
class Tick:
    """One tick with its words."""

    x: float
    label: str
    anchor: str = "middle"


@frozen
class Plot:
    """A laid-out plot in user units; ``bottom`` is where the axis stands."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    zero: float | None
    limit: Tick | None
    wrong_side: tuple[float, float] | None


def axis(scale: Scale, rows: Sequence[Row], limit: float | None = None) -> Axis:
    """Return the fixed axis for a scale: the narrow one, or the wide one where something lies outside it."""
    drawn = [v for row in rows for v in (row.low, row.value, row.high) if v is not None]
    drawn += [] if limit is None else [limit]
    if scale == "rate":
        return Axis(scale=scale, start=0.0, end=1.0, ticks=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
    if scale == "difference":
        if all(abs(v) <= 0.5 for v in drawn):
            return Axis(scale=scale, start=-0.5, end=0.5, ticks=(-0.5, -0.25, 0.0, 0.25, 0.5))
        return Axis(scale=scale, start=-1.0, end=1.0, ticks=(-1.0, -0.5, 0.0, 0.5, 1.0))
    if all(0.25 <= v <= 4 for v in drawn):
        return Axis(scale=scale, start=0.25, end=4.0, ticks=(0.25, 0.5, 1.0, 2.0, 4.0))
    return Axis(scale=scale, start=0.0625, end=16.0, ticks=(0.0625, 0.25, 1.0, 4.0, 16.0))


def lay_out(
    rows: Sequence[Row],
    ruler: Axis,
    *,
    limit: float | None = None,
    limit_label: str = "",
    side: Literal["at_most", "at_least"] = "at_most",
) -> Plot:
    """Place rows on an axis, with the limit as a rule and the side where it is not met."""
    top = TOP if limit is not None else TOP / 3
    bottom = top + ROW * len(rows)
    edge = None if limit is None else ruler.x(limit)
    right = LABELS + PLOT
    wrong = None
    if edge is not None:
        wrong = (edge, round(right - edge, 1)) if side == "at_most" else (LABELS, round(edge - LABELS, 1))
    middle = {"difference": 0.0, "ratio": 1.0}.get(ruler.scale)
    return Plot(
        width=WIDTH,
        height=round(bottom + FOOT, 1),
        left=LABELS,
        right=right,
        top=round(top, 1),
        bottom=round(bottom, 1),
        marks=tuple(_mark(row, ruler, top + ROW * (i + 0.5)) for i, row in enumerate(rows)),
        ticks=tuple(Tick(x=ruler.x(t), label=tick_text(t, ruler)) for t in ruler.ticks),
        zero=None if middle is None else ruler.x(middle),
        limit=None if edge is None else _limit_tick(edge, limit_label),
        wrong_side=wrong,
    )


def _mark(row: Row, ruler: Axis, y: float) -> Mark:
    low = ruler.start if row.low is None else row.low
    high = ruler.end if row.high is None else row.high
    return Mark(
        y=round(y, 1),
        label=clip(row.label, LABEL_CELLS),
        note=row.note,
        tone=row.tone,
        hollow=row.hollow,
        x=None if row.value is None else ruler.x(row.value),
        low=ruler.x(low),
        high=ruler.x(high),
        open_low=row.low is None or row.low < ruler.start,
        open_high=row.high is None or row.high > ruler.end,
    )


def _limit_tick(x: float, label: str) -> Tick:
    # A long label near an end is anchored to that end, so that it stays inside the picture.
    half = cells(label) * 3.4
    if x + half > WIDTH:
        return Tick(x=x, label=label, anchor="end")
    return Tick(x=x, label=label, anchor="start" if x - half < 0 else "middle")


def tick_text(value: float, ruler: Axis) -> str:
    """Return the words of a tick: differences carry their sign, small ratios are fractions.

    >>> tick_text(0.25, Axis(scale="ratio", start=0.25, end=4, ticks=()))
    '1/4'
    >>> tick_text(-0.5, Axis(scale="difference", start=-0.5, end=0.5, ticks=()))
    '−0.5'
    """
    if ruler.scale == "ratio":
        return f"1/{1 / value:g}" if value < 1 else f"{value:g}×"
    if ruler.scale == "difference" and value > 0:
        return f"+{value:g}"
    return f"{value:g}".replace("-", "−")


def bar(
    counts: Sequence[tuple[str, int]], *, width: float = 760.0, gap: float = 3.0
) -> tuple[tuple[str, float, float, int], ...]:
    """Return the segments of a stacked bar as ``(kind, x, width, count)``; nothing for zero counts.

    Every segment is at least 8 units wide, so that one failure among hundreds can be seen.
    """
    kept = [(kind, n) for kind, n in counts if n > 0]
    total = sum(n for _, n in kept)
    if not kept:
        return ()
    least = 8.0
    room = width - gap * (len(kept) - 1)
    small = [n for _, n in kept if room * n / total < least]
    scale = (room - least * len(small)) / max(total - sum(small), 1)
    segments: list[tuple[str, float, float, int]] = []
    x = 0.0
    for kind, n in kept:
        wide = least if room * n / total < least else n * scale
        segments.append((kind, round(x, 1), round(wide, 1), n))
        x += wide + gap
    return tuple(segments)
