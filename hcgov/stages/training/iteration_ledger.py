"""Every cycle of improvement is measured on held-out data, and ends when it gains no more."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.oversight_ledger import (
    Cycle,
    cycle_faults,
    cycles,
    gained,
    points,
    stop_reached,
)
from hcgov.stages.records import where
from hcgov.stages.specimens import ONE, OTHER, record, worked


class IterationLedger(Params):
    """Parameters of the ledger of iterations."""

    artifact: str = Field(default="iteration_ledger", description="Record that lists the cycles in order.")
    min_cycles: Annotated[int, Stricter.HIGHER] = Field(
        default=2, ge=1, le=1000, description="Fewest cycles that make an iteration."
    )
    least_gain: Annotated[float, Stricter.HIGHER] = Field(
        default=0.005, ge=0, le=1, description="A cycle that gains less on held-out data gained too little."
    )
    in_a_row: Annotated[int, Stricter.LOWER] = Field(
        default=2, ge=1, le=100, description="So many such cycles in a row end the iteration."
    )
    need_cost: Annotated[bool, Stricter.TRUE] = Field(
        default=True, description="Whether every cycle has to say what it cost."
    )


def examples() -> tuple[Example[IterationLedger], ...]:
    """Return ledgers that hold, that lack a measure, that go on for nothing, and that wait for a person."""

    def cycle(name: str, before: float, after: float, **more: Tree) -> dict[str, Tree]:
        return {
            "id": name,
            "data": ONE,
            "change": "400 more labels of the items people disagreed on",
            "held_out": OTHER,
            "before": {"value": before, "n": 2000},
            "after": {"value": after, "n": 2000},
            "cost": 1200.0,
            **more,
        }

    def ledger(*entries: Mapping[str, Tree]) -> Record:
        return record("iteration_ledger", {"cycles": [dict(one) for one in entries]})

    first, second = cycle("c1", 0.78, 0.84), cycle("c2", 0.84, 0.86)
    flat = (cycle("c3", 0.86, 0.862), cycle("c4", 0.862, 0.863))
    fifth = cycle("c5", 0.863, 0.864)
    return worked(
        IterationLedger(),
        "record",
        {
            "two cycles": (ledger(first, second), Verdict.PASS),
            "two gained little, and that was the end": (ledger(first, second, *flat), Verdict.PASS),
            "it went on though two gained little": (ledger(first, second, *flat, fifth), Verdict.FAIL),
            "it went on, with a reason": (
                ledger(first, second, *flat, {**fifth, "continued_because": "a new language was added"}),
                Verdict.PASS,
            ),
            "a cycle was not measured": (
                ledger(first, {k: v for k, v in second.items() if k != "after"}),
                Verdict.FAIL,
            ),
            "it was measured on what it learned from": (
                ledger(first, {**second, "held_out": ONE}),
                Verdict.FAIL,
            ),
            "it was measured on what an earlier one learned from": (
                ledger({**first, "data": "c" * 64}, {**second, "held_out": "c" * 64}),
                Verdict.FAIL,
            ),
            "one reason is not for all that follow": (
                ledger(
                    first,
                    second,
                    *flat,
                    {**fifth, "continued_because": "a new language was added"},
                    cycle("c6", 0.864, 0.865),
                    cycle("c7", 0.865, 0.866),
                ),
                Verdict.FAIL,
            ),
            "something in between is not told": (ledger(first, cycle("c2", 0.8, 0.86)), Verdict.FAIL),
            "one cycle only": (ledger(first), Verdict.FAIL),
            "nothing is listed": (ledger(), Verdict.FAIL),
            "a change is still to be written": (ledger(first, {**second, "change": "TODO"}), Verdict.PENDING),
        },
    )


@check(
    asks=lambda p: {"record": RecordOf(artifact=p.artifact)},
    params=IterationLedger,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    absent_is_pending=True,
    supports=(
        "nist-ai-rmf:MANAGE 4.2",
        "nist-ai-rmf:MEASURE 4.3",
        "eu-ai-act:Art.17(1)",
        "iso-42001:A.6.2.4",
    ),
)
def iteration_ledger(record: Record, params: IterationLedger) -> Iterator[Statement]:
    """Say of each cycle what it gained on held-out data, and whether the iteration should have ended.

    A cycle that nobody measured on data it did not learn from is activity, not improvement; and cycles that gain
    nothing spend the time of those who label. Gains are shown with their interval; the stop rule compares the gains
    themselves, as it is no claim about a population. Source: the limits are this project's defaults, after Prechelt
    1998, Early Stopping - But When?, doi:10.1007/3-540-49430-8_3, and Dwork et al. 2015, Science 349:636-638 (reuse
    of held-out data).
    """
    parsed, faults = cycles(record)
    yield from faults
    found = [one for one in parsed if one is not None]
    if not found or len(found) < len(parsed):
        return
    count = Counter(one.id for one in found)
    learned: dict[str, str] = {}
    for place, one in enumerate(found):
        last = found[place - 1] if place else None
        said = list(cycle_faults(one, last, need_cost=params.need_cost, learned=learned))
        learned.setdefault(one.data, one.id)
        said += [text("two cycles are called `{id}`", id=one.id)] if count[one.id] > 1 else []
        at, about = where(record, ("cycles", place)), f"cycles[{place + 1}]"
        rose = gained(one)
        if not said and rose is not None:
            told = text("`{id}` gained {points}", id=one.id, points=points(rose))
            yield Statement(about=about, answer=Answered.MET, text=told, where=at)
        for number, told in enumerate(said):
            name = about if not number else f"{about} ({number + 1})"
            yield Statement(about=name, answer=Answered.NOT_MET, text=told, where=at)
    yield from _as_a_whole(found, params)


def _as_a_whole(found: Sequence[Cycle], params: IterationLedger) -> Iterator[Statement]:
    if len(found) < params.min_cycles:
        told = text(
            "{n} {n|cycle is|cycles are} listed; {least} make an iteration",
            n=len(found),
            least=params.min_cycles,
        )
        yield Statement(about="number of cycles", answer=Answered.NOT_MET, text=told)
    place = stop_reached(found, least=params.least_gain, in_a_row=params.in_a_row)
    if place is None:
        yield Statement(about="stop rule", answer=Answered.MET, text=text("the stop rule does not say stop"))
        return
    after = found[place + 1 :]
    row = text(
        "{cycles} {cycles|cycle|cycles} in a row up to `{id}` gained less than {least} points",
        cycles=params.in_a_row,
        id=found[place].id,
        least=f"{100 * params.least_gain:g}",
    )
    if not after:
        yield Statement(about="stop rule", answer=Answered.MET, text=text("{row}: stop here", row=row))
    elif after[0].continued_because:
        because = text("{row}; it went on because: {why}", row=row, why=after[0].continued_because)
        yield Statement(about="stop rule", answer=Answered.MET, text=because)
    else:
        told = text("{row}, and `{id}` went on without `continued_because`", row=row, id=after[0].id)
        yield Statement(about="stop rule", answer=Answered.NOT_MET, text=told)
