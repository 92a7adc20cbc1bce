"""The difference of two runs as text, Markdown and JSON."""

import json
from collections.abc import Callable, Iterator, Mapping

from hcgov.core.record import ReportV1
from hcgov.core.relation import Relation
from hcgov.io.render.numbers import interval, moment, number
from hcgov.io.render.plain import markdown, plain
from hcgov.judgement.run_difference import Became, Moved, RunDifference, Turned
from hcgov.judgement.value_difference import LEVEL, Delta

SCHEMA = "hcgov.diff/1"

ROWS = 20
"""Values that are printed; JSON has all of them."""

HEADINGS: Mapping[Became, str] = {
    Became.NEWLY_FAILING: "newly failing",
    Became.NEWLY_UNDECIDED: "newly undecided",
    Became.FIXED: "fixed",
    Became.NEWLY_PASSING: "newly passing",
    Became.NO_LONGER_JUDGED: "no longer judged",
    Became.NEW: "new controls",
    Became.REMOVED: "removed controls",
    Became.NOT_RUN: "not run this time",
}


def rendered(found: RunDifference, form: str) -> str:
    """Return a difference as ``text``, ``markdown`` or ``json``."""
    return _RENDERERS[form](found)


def difference_text(found: RunDifference) -> str:
    """Return a difference as lines for people."""
    lines = [
        f"{_run(found.before)} -> {_run(found.after)}",
        f"decision: {found.before.decision.value} -> {found.after.decision.value}",
    ]
    for became, heading in HEADINGS.items():
        turned = found.became(became)
        lines += ["", f"{heading}: {len(turned)}", *map(_turned, turned)] if turned else []
    same = len(found.became(Became.SAME))
    lines += ["", f"{same} {'control is' if same == 1 else 'controls are'} as before"]
    moved = _moved(found)
    if moved:
        lines += ["", "limits and parameters", *(f"  {_change(one)}" for one in moved)]
    telling, left = _telling(found)
    if telling:
        lines += ["", f"values ({LEVEL:.0%} intervals of the difference)"]
        lines += [f"  {plain(one.control)}  {_delta(one)}" for one in telling]
    if left:
        lines.append(f"  {left} more in `--output-format json`")
    notes = [f"note: {plain(str(note))}" for note in (*found.notes, *found.cautions)]
    return "\n".join([*lines, *([""] if notes else []), *notes]) + "\n"


def _run(report: ReportV1) -> str:
    return f"{plain(report.id)} ({moment(plain(report.created))})"


def _turned(one: Turned) -> str:
    was = _word(one.before) if one.before else "not there"
    now = _word(one.after) if one.after else "not there"
    new = " (new control)" if one.new and one.became is not Became.NEW else ""
    return f"  {plain(one.control)}  {was} -> {now}{new}  {plain(one.title)}"


def _word(verdict: str) -> str:
    return plain(verdict).replace("_", " ")


def _moved(found: RunDifference) -> list[Moved]:
    return [one for one in found.moved if one.change.relation is not Relation.NEUTRAL]


def _change(one: Moved) -> str:
    old, new = (plain(value) or "nothing" for value in (one.change.old, one.change.new))
    field = f" {plain(one.change.field)}:" if one.change.path else ""
    return f"{plain(one.control)} {field} {old} -> {new}: {one.change.relation.value}"


def _telling(found: RunDifference) -> tuple[list[Delta], int]:
    """Return the values that say most: whose verdict turned, then judged ones, those furthest from chance first."""
    moved = [one for one in found.deltas if one.turned or one.delta]
    ranked = sorted(moved, key=lambda one: (not one.turned, not one.apart, not one.judged, -abs(one.delta)))
    return ranked[:ROWS], len(found.deltas) - len(ranked[:ROWS])


def _delta(one: Delta) -> str:
    sign = "+" if one.delta >= 0 else ""
    turned = f"; {_word(one.verdict_before)} -> {_word(one.verdict_after)}" if one.turned else ""
    return (
        f"{plain(one.metric)}, {plain(one.about)}: {number(one.before)} -> {number(one.after)}, "
        f"{sign}{number(one.delta)} {_interval(one)}{turned}"
    )


def _interval(one: Delta) -> str:
    if one.interval is None:
        return f"no interval: {one.why}"
    perhaps = " if these are different people" if one.people == "perhaps" else ""
    return f"{interval(*one.interval)}{perhaps}"


def difference_markdown(found: RunDifference) -> str:
    """Return a difference as Markdown, for a comment on a pull request."""
    lines = [
        f"**{markdown(_word(found.before.decision.value))} → {markdown(_word(found.after.decision.value))}**",
        "",
        f"{markdown(_run(found.before))} → {markdown(_run(found.after))}",
    ]
    turned = [one for became in HEADINGS for one in found.became(became)]
    if turned:
        lines += ["", "| What | Control | Before | After |", "| --- | --- | --- | --- |"]
        lines += [_row(one) for one in turned]
    moved = _moved(found)
    if moved:
        lines += ["", "Limits and parameters:", "", *(f"- {markdown(_change(one))}" for one in moved)]
    telling, left = _telling(found)
    if telling:
        lines += ["", f"| Control | Value | Before | After | Difference ({LEVEL:.0%} interval) |"]
        lines += ["| --- | --- | --- | --- | --- |", *map(_value_row, telling)]
    if left:
        lines += ["", f"{left} more values in the JSON form."]
    notes = (*found.notes, *found.cautions)
    lines += ["", *(f"- {markdown(plain(str(note)))}" for note in notes)] if notes else []
    return "\n".join(lines) + "\n"


def _row(one: Turned) -> str:
    cells = (
        HEADINGS[one.became],
        markdown(plain(one.control)),
        markdown(_word(one.before)) or "–",
        markdown(_word(one.after)) or "–",
    )
    return f"| {' | '.join(cells)} |"


def _value_row(one: Delta) -> str:
    sign = "+" if one.delta >= 0 else ""
    cells = (
        markdown(plain(one.control)),
        markdown(f"{plain(one.metric)}, {plain(one.about)}"),
        number(one.before),
        number(one.after),
        markdown(f"{sign}{number(one.delta)} {_interval(one)}"),
    )
    return f"| {' | '.join(cells)} |"


def difference_json(found: RunDifference) -> str:
    """Return a difference as one JSON document, schema ``hcgov.diff/1``."""
    document = {
        "schema": SCHEMA,
        "before": _identity(found.before),
        "after": _identity(found.after),
        "controls": [
            {
                "control": one.control,
                "became": one.became.value,
                "before": one.before,
                "after": one.after,
                "new": one.new,
            }
            for one in found.controls
        ],
        "moved": [
            {
                "control": one.control,
                "field": one.change.field,
                "relation": one.change.relation.value,
                "old": one.change.old,
                "new": one.change.new,
            }
            for one in found.moved
        ],
        "values": [_value(one) for one in found.deltas],
        "notes": [str(note) for note in (*found.notes, *found.cautions)],
    }
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _identity(report: ReportV1) -> Mapping[str, str]:
    return {"id": report.id, "created": report.created, "decision": report.decision.value}


def _value(one: Delta) -> Mapping[str, object]:
    return {
        "control": one.control,
        "metric": one.metric,
        "about": one.about,
        "judged": one.judged,
        "before": one.before,
        "after": one.after,
        "delta": one.delta,
        "interval": one.interval,
        "level": None if one.interval is None else LEVEL,
        "method": one.method,
        "why_no_interval": one.why,
        "people": one.people,
        "verdict_before": one.verdict_before,
        "verdict_after": one.verdict_after,
    }


def comparison_lines(found: RunDifference) -> Iterator[str]:
    """Yield a comparison as it stands below the results of a check: what turned and what moved, no values."""
    yield f"compared with {_run(found.before)}, which was {_word(found.before.decision.value)}"
    for became, heading in HEADINGS.items():
        turned = found.became(became)
        if turned:
            yield f"{heading}: {len(turned)}"
            yield from map(_turned, turned)
    for one in _moved(found):
        yield f"  {_change(one)}"
    if not found.worsened:
        yield "nothing newly fails or is newly undecided"
    yield from (f"note: {plain(str(note))}" for note in found.notes)


_RENDERERS: Mapping[str, Callable[[RunDifference], str]] = {
    "text": difference_text,
    "markdown": difference_markdown,
    "json": difference_json,
}
