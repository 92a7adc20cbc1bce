"""Sections on a machine that works alone: how much it could decide, and whether an automated task is still its."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Bars, Cell, Grid, Section, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.deployment.automation_state import AutomationState
from hcgov.stages.judgments.arrays import Bools, Floats, codes, numbers
from hcgov.stages.judgments.oversight_audits import audits, declared_slices, in_order
from hcgov.stages.judgments.oversight_columns import same
from hcgov.stages.judgments.sheets.oversight import cannot_tell
from hcgov.stats.oversight.automation import FallBack, last_audited
from hcgov.stats.oversight.selective import risk_curve
from hcgov.stats.oversight.selective import routing as routed

Rows: TypeAlias = NDArray[np.int64]


def routing(long: Long, *, risks: Sequence[float] = (0.01, 0.02, 0.05, 0.10)) -> Section:
    """Return how much a machine could decide alone: risk against coverage, one row an item.

    Parameters
    ----------
    long
        Annotations with suggestions, how sure the machine was of them, and what is right.
    risks
        Shares of errors that could be borne among what it decides alone.
    """
    about = text(
        "If the machine decided alone where it is most sure, and people looked at the rest: how often it would be "
        "wrong among its own. The bound holds for items like these; drawn at random, not chosen because they were hard."
    )
    title = text("What the machine could decide alone")
    known = (
        _sure_items(long)
        if long.has("suggestion", "suggestion_score", "truth")
        else np.zeros(0, dtype=np.int64)
    )
    if known.size < 2:
        note = cannot_tell(
            text("`{table}` does not say how sure the machine was, or what is right", table=long.table)
        )
        return Section(id="routing", title=title, about=about, parts=(note,))
    sure = numbers(long, "suggestion_score")[known]
    wrong = ~same(long, "suggestion", "truth")[0][known]
    curve = risk_curve(sure, wrong)
    assert curve is not None
    places = [int(np.searchsorted(curve.coverage, share - 1e-12)) for share in (0.1, 0.25, 0.5, 0.75, 1.0)]
    rows = [
        (
            text("the surest {share}", share=f"{curve.coverage[place]:.0%}"),
            Value(
                value=float(curve.risk[place]),
                unit=Unit.SHARE,
                n=round(float(curve.coverage[place]) * known.size),
            ),
        )
        for place in dict.fromkeys(places)
    ]
    grid = Grid(
        id="routing",
        title=text("Automatic up to a risk, at 95 % confidence"),
        head=tuple(text(name) for name in ("risk at most", "decided alone", "errors among them", "bound")),
        rows=tuple(_routed(sure, wrong, risk) for risk in risks),
    )
    bars = Bars(
        id="risk-coverage", title=text("Errors among what the machine decides alone"), rows=tuple(rows)
    )
    return Section(id="routing", title=title, about=about, parts=(bars, grid))


def automation(long: Long, params: AutomationState) -> Section:
    """Return who does an automated task now, for everyone and each slice, from the audits of its work."""
    about = text(
        "Whether the task that the machine took over is still its to do. The interval holds at all times together, so "
        "it may be read every day; where it lies above the limit, people decide again."
    )
    title = text("Automated task")
    found = audits(long)
    if not found.done.any():
        note = cannot_tell(text("nothing in `{table}` was audited", table=long.table))
        return Section(id="automation", title=title, about=about, parts=(note,))
    slices = list(declared_slices(long))
    rule = FallBack(
        assisted_above=params.assisted_above,
        human_above=params.human_above,
        alpha=params.alpha / len(slices),
        window=params.window,
    )
    rows: list[tuple[Cell, ...]] = []
    bars: list[tuple[Text, Value]] = []
    for scope, mask in slices:
        stands = last_audited(in_order(found, mask), rule)
        people = found.rows.where(mask & found.done).distinct_people
        enough = stands.seen >= params.min_audits and (not scope.depth or people >= long.rules.min_people)
        why = text(
            "{n} {n|audit|audits} of {people} {people|user|users}: too few", n=stands.seen, people=people
        )
        value = Value(value=None, unit=Unit.SHARE, why=why, n=stands.seen, people=people)
        if enough and stands.window_seen:
            low, high = stands.bounds
            rate = stands.window_errors / stands.window_seen
            value = Value(
                value=rate,
                unit=Unit.SHARE,
                low=low,
                high=high,
                level=stands.level,
                n=stands.window_seen,
                people=people,
            )
        events = Value(value=float(mask.sum()), unit=Unit.COUNT)
        seen = Value(value=float(stands.seen), unit=Unit.COUNT)
        fell = text("never") if stands.fell_at is None else text("at audit {n}", n=stands.fell_at)
        rows.append((text("{who}", who=scope), text(stands.state.value), events, seen, value, fell))
        bars.append((text("{who}", who=scope), value))
    head = ("who", "done by", "events", "audited", "bad, present window", "fell back")
    grid = Grid(id="automation", title=title, head=tuple(text(h) for h in head), rows=tuple(rows))
    chart = Bars(
        id="automation-errors",
        title=text("Bad among audited events"),
        rows=tuple(bars),
        mark=params.assisted_above,
        mark_name=text("people decide again"),
    )
    return Section(id="automation", title=title, about=about, parts=(grid, chart))


def _sure_items(long: Long) -> Rows:
    """Return the first row of each item whose suggestion has a score and is known to be right or wrong."""
    known = same(long, "suggestion", "truth")[1] & np.isfinite(numbers(long, "suggestion_score"))
    place = np.flatnonzero(known & (codes(long, "item") >= 0))
    return place[np.unique(codes(long, "item")[place], return_index=True)[1]]


def _routed(sure: Floats, wrong: Bools, risk: float) -> tuple[Cell, ...]:
    found = routed(sure, wrong, risk=risk)
    why = text("no threshold is shown to keep it")
    nothing = Value(value=None, unit=Unit.SHARE, why=why)
    limit = text("{risk}", risk=f"{risk:.0%}")
    if found is None:
        return limit, nothing, Value(value=None, unit=Unit.COUNT, why=why), nothing
    return (
        limit,
        Value(value=found.coverage, unit=Unit.SHARE, n=found.decided),
        Value(value=float(found.errors), unit=Unit.COUNT),
        Value(value=found.bound, unit=Unit.SHARE),
    )
