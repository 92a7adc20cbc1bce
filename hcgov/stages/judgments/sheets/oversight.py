"""Sections on people beside a machine: anchoring and reliance, and what labels cost."""

from collections.abc import Iterable, Iterator

import numpy as np

from hcgov.core.estimate import Method
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.sheet import Bars, Cell, Fact, Facts, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.slices import EVERYONE
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools, Floats, codes, numbers
from hcgov.stages.judgments.oversight import AdvisedParams
from hcgov.stages.judgments.oversight_advice import Advice, advice, share_by_slice
from hcgov.stages.judgments.oversight_measuring import Metric, by_slice
from hcgov.stages.judgments.oversight_streams import chosen
from hcgov.stages.judgments.values import value_of
from hcgov.stats.oversight.arms import arm_difference
from hcgov.stats.oversight.progress import cost_per_accepted
from hcgov.stats.oversight.reliance import gain_over


def reliance(long: Long) -> Section:
    """Return what suggestions of a machine do to labels: anchoring, overrides, errors let pass, and what both gain."""
    about = text(
        "How people use the machine's suggestions. Anchoring compares labels with and without a suggestion; the other "
        "figures need to know what is right from somebody who is neither the annotator nor the machine."
    )
    parts: tuple[Part, ...]
    if not long.has("suggestion") or not long.rows:
        parts = (cannot_tell(text("`{table}` records no suggestions of a machine", table=long.table)),)
    else:
        found = advice(long)
        parts = (*_pull(long, found), *_reliance(long, found))
    return Section(id="reliance", title=text("Reliance on suggestions"), about=about, parts=parts)


def label_cost(long: Long, *, currency: str = "") -> Section:
    """Return what labels cost: of each accepted one, by the way their items were chosen."""
    about = text(
        "What was paid for labels, counted for all of them, and what one that was accepted cost. Labels that were "
        "discarded are paid too; whether pay reaches a floor is told elsewhere."
    )
    title = text("Cost of labels")
    if not long.has("pay") or not np.isfinite(numbers(long, "pay")).any():
        unpaid = cannot_tell(text("`{table}` does not say what was paid", table=long.table))
        return Section(id="label-cost", title=title, about=about, parts=(unpaid,))
    pay, accepted = numbers(long, "pay"), codes(long, "label") >= 0
    rows = [_cost(text("all labels"), pay, accepted, np.ones(long.rows, dtype=np.bool_))]
    rows += [
        _cost(text("{stream} items", stream=name), pay, accepted, chosen(long, name))
        for name in ("random", "active", "audit")
        if chosen(long, name).any()
    ]
    head = (
        text("labels"),
        text("paid"),
        text("accepted"),
        text("cost of an accepted label"),
        text("pay unknown"),
    )
    left = [one for one in long.left_out if one.why in ("discarded", "draft")]
    aside = sum(one.rows for one in left)
    note = text(
        "{n} {n|row was|rows were} discarded or left as drafts; what they cost is not in here{currency}",
        n=aside,
        currency=f"; amounts in {currency}" if currency else "",
    )
    grid = Grid(id="label-cost", title=title, head=head, rows=tuple(rows), note=note)
    return Section(id="label-cost", title=title, about=about, parts=(grid,))


def _pull(long: Long, found: Advice) -> Iterator[Part]:
    if not found.hidden.any():
        yield cannot_tell(text("no suggestion was kept back: how far they pull labels cannot be told"))
        return
    if long.randomised is not True:
        yield Note(
            text=text(
                "nobody says that suggestions were kept back at random: the difference may be that of items"
            ),
            tone=Tone.WARNING,
        )
    pull = Metric(
        name="anchoring",
        of="labels with and without a suggestion",
        rows=found.rows,
        used=found.shown | found.hidden,
        value=lambda mask: arm_difference(found.took[mask], found.shown[mask], found.rows.where(mask)),
    )
    yield _bars(
        "anchoring",
        text("Labels equal to the suggestion: seen minus kept back"),
        by_slice(long, pull, AdvisedParams()),
        Unit.POINTS,
        mark=(0.0, text("no anchoring")),
    )


def _reliance(long: Long, found: Advice) -> Iterator[Part]:
    seen = found.shown & found.judged
    if not seen.any():
        yield cannot_tell(text("nobody says what is right: overrides and errors let pass cannot be judged"))
        return
    params, overridden = AdvisedParams(), ~found.took
    told = (
        ("override_rate", text("suggestions that were not taken"), seen, overridden),
        ("override_precision", text("overrides that are right"), seen & overridden, found.final_right),
        (
            "harmful_override",
            text("right suggestions that were not taken"),
            seen & found.advice_right,
            overridden,
        ),
        (
            "automation_bias",
            text("wrong suggestions that were taken"),
            seen & ~found.advice_right,
            found.took,
        ),
    )
    facts = []
    for name, title, used, events in told:
        measured = list(share_by_slice(long, found, params, name, of=str(title), used=used, events=events))
        facts.append(Fact(name=title, value=_value(measured[0], Unit.SHARE)))
        if len(measured) > 1 and name in ("harmful_override", "automation_bias"):
            yield _bars(name.replace("_", "-"), title, measured, Unit.SHARE)
    gain = Metric(
        name="gain_over_machine",
        of="labels beside a suggestion",
        rows=found.rows,
        used=seen,
        value=lambda mask: gain_over(
            found.final_right[mask], found.advice_right[mask], found.rows.where(mask)
        ),
    )
    everyone = next(by_slice(long, gain, params))
    both = text("people with the machine, minus the machine alone")
    yield Facts(facts=(*facts, Fact(name=both, value=_value(everyone, Unit.POINTS))))


def _bars(
    name: str,
    title: Text,
    measured: Iterable[Measurement],
    unit: Unit,
    mark: tuple[float, Text] | None = None,
) -> Bars:
    return Bars(
        id=name,
        title=title,
        rows=tuple((_who(one), _value(one, unit)) for one in measured if not one.shown),
        mark=None if mark is None else mark[0],
        mark_name=None if mark is None else mark[1],
    )


def _who(one: Measurement) -> Text:
    return text("everyone") if one.scope == EVERYONE else text("{who}", who=one.scope)


def _value(one: Measurement, unit: Unit) -> Value:
    """Return the value of a measurement; where it cannot be judged, only why."""
    estimate = None if one.reason is not None else one.estimate
    if estimate is not None and estimate.method is Method.POINT:
        return Value(value=estimate.value, unit=unit, n=estimate.n, people=estimate.people)
    return value_of(estimate, unit, why=one.note)


def _cost(
    name: Text,
    pay: Floats,
    accepted: Bools,
    mask: Bools,
) -> tuple[Cell, ...]:
    known = np.isfinite(pay) & mask
    paid, kept = float(pay[known].sum()), int((accepted & known).sum())
    each = cost_per_accepted(paid, kept)
    why = None if each is not None else text("no label was accepted")
    return (
        name,
        Value(value=paid, unit=Unit.MONEY),
        Value(value=float(kept), unit=Unit.COUNT),
        Value(value=each, unit=Unit.MONEY, why=why),
        Value(value=float((mask & ~known).sum()), unit=Unit.COUNT),
    )


def cannot_tell(told: Text) -> Note:
    """Return a sentence that says why something cannot be told."""
    return Note(text=told, tone=Tone.CANNOT_TELL)
