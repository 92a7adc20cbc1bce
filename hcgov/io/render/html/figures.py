"""Which intervals of a control are drawn, and what is written beside them."""

from collections.abc import Sequence

from hcgov.core.frozen import frozen
from hcgov.core.record import ControlV1, FindingV1
from hcgov.core.slices import NOT_RECORDED
from hcgov.io.render.catalogue import Labels
from hcgov.io.render.html.plots import SCALES, Plot, Row, Scale, axis, lay_out
from hcgov.io.render.numbers import interval, limit_text, number, percent
from hcgov.io.render.reading import SMALL, ends, rank, short, slice_name, small_slices

DRAWN = 16
"""Rows of one plot; the table below it has more."""


@frozen
class Figure:
    """A plot with what its reader must know; ``ident`` is unique on the page."""

    ident: str
    kind: str
    scale: Scale
    title: str
    summary: tuple[str, ...]
    left_out: int
    levels: tuple[tuple[str, str], ...]
    plot: Plot


def figures(
    control: ControlV1,
    slices: Sequence[FindingV1],
    judged: Sequence[FindingV1],
    prefix: str,
    words: Labels,
) -> tuple[Figure, ...]:
    """Return the plots of a control: its values by slice, and the comparisons that its limit judges."""
    judged_rates = {f.metric for f in judged if _scale(f) == "rate"}
    rates = [f for f in slices if _scale(f) == "rate" or _is_bare_rate(f)]
    made = [
        _rates(control, found, f"{prefix}r{index}", words)
        for index, (metric, found) in enumerate(_by_metric(rates))
        if metric not in judged_rates  # the plot with the limit shows these groups
    ]
    for index, (_, found) in enumerate(_by_metric(judged)):
        scales = {scale for f in found if (scale := _scale(f)) is not None}
        # Groups too small for a comparison have no value on any scale; they are named beside those that have.
        drawn = [f for f in found if _scale(f) is not None or (f.estimate is None and f.reason in SMALL)]
        if len(scales) == 1:
            made.append(_judged(control, drawn, f"{prefix}j{index}", words))
    return tuple(made)


def _by_metric(findings: Sequence[FindingV1]) -> tuple[tuple[str, list[FindingV1]], ...]:
    metrics = dict.fromkeys(finding.metric for finding in findings)
    return tuple((metric, [f for f in findings if f.metric == metric]) for metric in metrics)


def _scale(finding: FindingV1) -> Scale | None:
    """Return what a value is drawn on: by its method, or where that is any value with an error, by its range."""
    estimate = finding.estimate
    if estimate is None:
        return None
    known = SCALES.get(estimate.method)
    if known is not None or estimate.method != "student_t":
        return known
    low, high = estimate.statistics.get("low"), estimate.statistics.get("high")
    if low is None or high is None or low < -1.0 or high > 1.0:
        return None
    return "rate" if low >= 0.0 else "difference"


def _is_bare_rate(finding: FindingV1) -> bool:
    """Whether a value is a share that was worked out from counts alone, so that it has no interval."""
    estimate = finding.estimate
    return (
        estimate is not None
        and estimate.method == "point"
        and estimate.value is not None
        and len(finding.groups) == 1
        and 0 <= estimate.value <= 1
    )


def _rates(control: ControlV1, rates: Sequence[FindingV1], ident: str, words: Labels) -> Figure:
    small = small_slices(control)
    primary = [f for f in rates if f.depth <= 1] or list(rates)
    rows = [_rate_row(f, slice_name(f) in small, words) for f in primary[:DRAWN]]
    ruler = axis("rate", rows)
    levels = [
        f.estimate.display_level for f in primary if f.estimate is not None and f.estimate.display_level
    ]
    return Figure(
        ident=ident,
        kind="rates",
        scale="rate",
        title=words.metric(primary[0].metric),
        summary=tuple(f"{row.label}: {row.note}" for row in rows),
        left_out=len(primary) - len(rows),
        levels=(("display", _span(levels)),) if levels else (),
        plot=lay_out(rows, ruler),
    )


def _rate_row(finding: FindingV1, small: bool, words: Labels) -> Row:
    estimate, label = finding.estimate, group_label(finding)
    if estimate is None:
        return Row(label=label, value=None, low=None, high=None, note="", hollow=True)
    hollow = small or finding.reason in SMALL or estimate.value is None
    note = f"{number(estimate.value)} {interval(estimate.low, estimate.high)}".strip()
    tail = f"n = {estimate.n:,}"
    if hollow:
        note = "" if estimate.value is None else number(estimate.value)
        why = words.reason(finding.reason or "small_n")
        tail = f"{tail}, {why}" if estimate.n else why
    if finding.reason == "reported":
        note = number(estimate.value)  # its range is drawn, and stands in the table; both would not fit
        tail = f"{tail}, {words.reason(finding.reason)}"
    bare = estimate.low is None and estimate.high is None
    return Row(
        label=label,
        value=estimate.value,
        low=estimate.value if bare else estimate.low,
        high=estimate.value if bare else estimate.high,
        note=f"{note}  {tail}".strip(),
        hollow=hollow,
    )


def group_label(finding: FindingV1) -> str:
    """Return a group by its values; with the columns where a value alone would not tell which is meant."""
    name = slice_name(finding)
    return name if NOT_RECORDED in finding.slice.values() else short(name)


def _judged(control: ControlV1, found: Sequence[FindingV1], ident: str, words: Labels) -> Figure:
    scale: Scale = next((known for f in found if (known := _scale(f)) is not None), "rate")
    # The worst first: a plot of sixteen out of thirty pairs must not hide the pair that fails.
    chosen = sorted(found, key=lambda f: (rank(f.verdict), f.depth))[:DRAWN]
    rows = [_judged_row(f, scale, words) for f in chosen]
    limit = control.limit
    at = float(limit.value) if limit is not None else None
    ruler = axis(scale, rows, at)
    bounds = [b for f in chosen for b in (f.pass_bound, f.fail_bound)]
    return Figure(
        ident=ident,
        kind="judged",
        scale=scale,
        title=words.metric(chosen[0].metric),
        summary=tuple(f"{row.label}: {row.note}" for row in rows),
        left_out=len(found) - len(chosen),
        levels=tuple(
            (end, _span(levels))
            for end in ("lower", "upper")
            if (levels := [bound.level for bound in bounds if bound is not None and bound.end == end])
        ),
        plot=lay_out(
            rows,
            ruler,
            limit=at,
            limit_label=words.say("limit {limit}").replace("{limit}", limit_text(limit)),
            side=limit.side if limit is not None else "at_most",
        ),
    )


def _span(levels: Sequence[float]) -> str:
    """Return confidence levels as ``95 %``, or ``99.44–99.58 %`` where a correction gave each its own."""
    low, high = percent(min(levels)), percent(max(levels))
    return low if low == high else f"{low.removesuffix('%').rstrip()}–{high}"


def _judged_row(finding: FindingV1, scale: Scale, words: Labels) -> Row:
    low, high = ends(finding)
    estimate = finding.estimate
    value = estimate.value if estimate is not None else None
    small = finding.reason in SMALL
    n = estimate.n if estimate is not None else sum(group.n for group in finding.groups)
    note = f"{number(value)} {interval(low, high)}".strip()
    if small:
        note = f"n = {n:,}, {words.reason(finding.reason)}" if n else words.reason(finding.reason)
    bare = low is None and high is None
    return Row(
        label=comparison(finding, scale),
        value=value,
        low=value if bare else low,
        high=value if bare else high,
        note=note,
        tone=finding.verdict,
        hollow=small,
    )


def comparison(finding: FindingV1, scale: Scale | None = None) -> str:
    """Return what is compared, in short: ``African-American − Caucasian``; the slice alone where it stands alone."""
    name = short(slice_name(finding))
    if not finding.against:
        return name
    sign = "÷" if (scale or _scale(finding)) == "ratio" else "−"
    return f"{name} {sign} {short(finding.against)}"
