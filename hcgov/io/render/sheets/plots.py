"""Bars and heat maps of a sheet: where each mark stands. Pure numbers; the template draws them."""

import math
from dataclasses import replace

from hcgov.core.frozen import frozen
from hcgov.core.sheet import Bars, Heat, Unit
from hcgov.io.render.catalogue import Labels
from hcgov.io.render.html.plots import WIDTH, Axis, Plot, Row, Tick, lay_out
from hcgov.io.render.plain import clip
from hcgov.io.render.sheets.writing import amount

CELL = 64.0
LEFT = 190.0
TOP = 34.0
HEIGHT = 30.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@frozen
class Drawn:
    """A plot with what the template's macro needs beside it."""

    ident: str
    plot: Plot


@frozen
class Square:
    """One cell of a heat map, in user units; ``strength`` from 0 to 1 is how dark it is."""

    x: float
    y: float
    strength: float
    label: str
    light: bool


@frozen
class Map:
    """A laid-out heat map."""

    width: float
    height: float
    rows: tuple[tuple[float, str], ...]
    columns: tuple[tuple[float, str], ...]
    squares: tuple[Square, ...]
    size: tuple[float, float] = (CELL, HEIGHT)


def drawn(bars: Bars, ident: str, words: Labels) -> Drawn:
    """Return values with intervals on one axis that starts and ends at round numbers."""
    rows = [
        Row(
            label=words.text(name),
            value=value.value,
            low=_end(value.low),
            high=_end(value.high),
            note="" if value.value is None else amount(value.value, value.unit),
            hollow=value.value is None,
        )
        for name, value in bars.rows
    ]
    ruler = _ruler(bars)
    mark = bars.mark if bars.mark is not None and ruler.start <= bars.mark <= ruler.end else None
    label = "" if bars.mark_name is None else words.text(bars.mark_name)
    plot = lay_out(rows, ruler, limit=mark, limit_label=label)
    ticks = plot.ticks
    if {value.unit for _, value in bars.rows} <= {Unit.SHARE, Unit.POINTS}:
        ticks = tuple(
            Tick(x=tick.x, label=_percent(at, ruler), anchor=tick.anchor)
            for tick, at in zip(plot.ticks, ruler.ticks, strict=True)
        )
    # A mark is no limit: neither side of it is wrong.
    return Drawn(ident=ident, plot=replace(plot, wrong_side=None, ticks=ticks))


def heat_map(heat: Heat, words: Labels) -> Map:
    """Return a matrix with one square a number."""
    span = heat.high - heat.low
    squares = []
    for i, row in enumerate(heat.values):
        for j, value in enumerate(row):
            strength = 0.0 if value is None else min(max((value - heat.low) / span, 0.0), 1.0)
            squares.append(
                Square(
                    x=LEFT + CELL * j,
                    y=TOP + HEIGHT * i,
                    strength=round(0.06 + 0.84 * strength, 3) if value is not None else 0.0,
                    label="–" if value is None else f"{value:.2f}".replace("-", "−"),
                    light=strength > 0.55,
                )
            )
    return Map(
        width=max(LEFT + CELL * max(len(heat.columns), 1) + 8, WIDTH),
        height=TOP + HEIGHT * len(heat.rows) + 8,
        rows=tuple((TOP + HEIGHT * (i + 0.5) + 4, clip(words.text(n), 26)) for i, n in enumerate(heat.rows)),
        columns=tuple((LEFT + CELL * (j + 0.5), clip(words.text(n), 9)) for j, n in enumerate(heat.columns)),
        squares=tuple(squares),
    )


def _end(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _percent(value: float, ruler: Axis) -> str:
    sign = "+" if ruler.scale == "difference" else ""
    return f"{100 * value:{sign}g}".replace("-", "−") if value else "0"


def _ruler(bars: Bars) -> Axis:
    """Return 0 to 1 for shares, an axis around 0 for differences, else round numbers around what is drawn."""
    drawn_ = [
        v
        for _, value in bars.rows
        for v in (value.low, value.value, value.high)
        if v is not None and math.isfinite(v)
    ]
    drawn_ += [] if bars.mark is None else [bars.mark]
    units = {value.unit for _, value in bars.rows}
    if units == {Unit.SHARE} and all(0.0 <= v <= 1.0 for v in drawn_):
        return Axis(scale="rate", start=0.0, end=1.0, ticks=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
    low, high = min(drawn_, default=0.0), max(drawn_, default=1.0)
    if low < 0.0 < high or units == {Unit.POINTS}:
        reach = max(abs(low), abs(high), 1e-9)
        step = _step(reach / 2)
        end = step * math.ceil(reach / step)
        return Axis(scale="difference", start=-end, end=end, ticks=_ticks(-end, end, step))
    step = _step(((high - low) or abs(high) or 1.0) / 4)
    start, end = step * math.floor(low / step), step * math.ceil(high / step)
    end = end if end > start else start + step
    return Axis(scale="rate", start=start, end=end, ticks=_ticks(start, end, step))


def _step(about: float) -> float:
    """Return the nearest round step that is not smaller."""
    power = 10.0 ** math.floor(math.log10(about))
    return next(power * step for step in STEPS if power * step >= about * (1 - 1e-9))


def _ticks(start: float, end: float, step: float) -> tuple[float, ...]:
    return tuple(round(start + step * i, 10) for i in range(round((end - start) / step) + 1))
