"""Sections from records of people: the ledger of iterations, and the registry of prompts."""

from hcgov.core.evidence.documents import Record
from hcgov.core.sheet import Bars, Cell, Grid, Note, Part, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.oversight_ledger import Claim, Cycle, claims, cycles, gained, stop_reached
from hcgov.stages.judgments.oversight_registry import PromptVersion, difference, versions
from hcgov.stages.judgments.values import value_of
from hcgov.stats.oversight.progress import cost_per_point, interval, shown_to_improve


def iterations(record: Record, *, least_gain: float = 0.005, in_a_row: int = 2) -> Section:
    """Return the learning curve of a ledger: what each cycle gained on held-out data, and what a point of it cost.

    Parameters
    ----------
    record
        The ledger.
    least_gain, in_a_row
        The stop rule: so many cycles in a row that gain less.
    """
    about = text(
        "Each cycle of improvement: what it gained on data that it did not learn from, and what a percentage point "
        "cost. Where the interval of a gain contains 0, the cycle is not shown to have improved anything."
    )
    parsed, faults = cycles(record)
    found = [one for one in parsed if one is not None]
    parts: list[Part] = []
    if faults:
        told = text("{n} {n|entry of the ledger is|entries of the ledger are} not as asked", n=len(faults))
        parts.append(Note(text=told, tone=Tone.WARNING))
    if found:
        parts += [_table(found), _curve(found)]
        place = stop_reached(found, least=least_gain, in_a_row=in_a_row)
        if place is not None:
            parts.append(Note(text=text("the stop rule says stop after `{id}`", id=found[place].id)))
    else:
        parts.append(Note(text=text("the ledger lists no cycle"), tone=Tone.CANNOT_TELL))
    claimed = [claim for _, claim in claims(record)[0]]
    if claimed:
        parts.append(_benefits(claimed, found))
    return Section(id="iterations", title=text("Cycles of improvement"), about=about, parts=tuple(parts))


def prompts(record: Record) -> Section:
    """Return the versions of a prompt, with what each changed in its parent."""
    about = text(
        "Every version of the instructions, what it descends from, and the lines in which it differs."
    )
    found = [one for one in versions(record)[0] if one is not None]
    title = text("Versions of instructions")
    if not found:
        note = Note(text=text("the registry lists no version"), tone=Tone.CANNOT_TELL)
        return Section(id="prompts", title=title, about=about, parts=(note,))
    by_id = {one.id: one for one in found}
    head = tuple(text(name) for name in ("version", "descends from", "changed", "lines", "tested on"))
    grid = Grid(
        id="prompts",
        title=title,
        head=head,
        rows=tuple(_version(one, by_id.get(one.parent)) for one in found),
    )
    return Section(id="prompts", title=title, about=about, parts=(grid,))


def _table(found: list[Cycle]) -> Grid:
    head = ("cycle", "change", "before", "after", "gain", "labels", "cost", "cost of a point")
    return Grid(
        id="iterations",
        title=text("Cycles"),
        head=tuple(text(name) for name in head),
        rows=tuple(_cycle(one) for one in found),
    )


def _cycle(one: Cycle) -> tuple[Cell, ...]:
    rose = gained(one)
    unmeasured = text("not measured on held-out data")
    gain = value_of(rose, Unit.POINTS, why=unmeasured)
    point = None if rose is None or rose.value is None else cost_per_point(one.cost, rose.value)
    why = text("the cycle says no cost, or gained nothing")
    return (
        text("{id}", id=one.id),
        text("{change}", change=one.change),
        _held_out(one, "before"),
        _held_out(one, "after"),
        gain,
        Value(value=None if one.labels is None else float(one.labels), unit=Unit.COUNT, why=text("not told")),
        Value(value=one.cost, unit=Unit.MONEY, why=text("not told")),
        Value(value=point, unit=Unit.MONEY, why=why),
    )


def _held_out(one: Cycle, when: str) -> Value:
    measure = one.before if when == "before" else one.after
    if measure is None or not one.held_out:
        return Value(value=None, unit=Unit.SHARE, why=text("not measured on held-out data"))
    low, high = interval(measure.measured)
    return Value(value=measure.value, unit=Unit.SHARE, low=low, high=high, n=measure.n)


def _curve(found: list[Cycle]) -> Bars:
    rows: list[tuple[Text, Value]] = [(text("before `{id}`", id=found[0].id), _held_out(found[0], "before"))]
    rows += [(text("after `{id}`", id=one.id), _held_out(one, "after")) for one in found]
    return Bars(id="learning-curve", title=text("Measure on held-out data"), rows=tuple(rows))


def _benefits(claimed: list[Claim], found: list[Cycle]) -> Grid:
    """Return what is claimed, each with the number that it rests on."""
    by_id = {one.id: one for one in found}
    rows: list[tuple[Cell, ...]] = []
    for claim in claimed:
        rose = gained(claim)
        if rose is None and claim.cycle in by_id:
            rose = gained(by_id[claim.cycle])
        shown = text("yes") if rose is not None and shown_to_improve(rose) else text("no")
        gain = value_of(rose, Unit.POINTS, why=text("not measured on held-out data"))
        rows.append(
            (text("{benefit}", benefit=claim.benefit), text("{id}", id=claim.cycle or "-"), gain, shown)
        )
    head = tuple(text(name) for name in ("benefit claimed", "cycle", "gain on held-out data", "shown"))
    return Grid(id="benefits", title=text("Benefits claimed"), head=head, rows=tuple(rows))


def _version(one: PromptVersion, parent: PromptVersion | None) -> tuple[Cell, ...]:
    lines = "" if parent is None else "\n".join(difference(one, parent))
    return (
        text("{id}", id=one.id),
        text("{parent}", parent=one.parent or "-"),
        text("{change}", change=one.change or "-"),
        text("{lines}", lines=lines or "-"),
        text("{digest}", digest=one.regression_set[:12] or "-"),
    )
