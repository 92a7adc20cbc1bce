"""What people's part is said to have improved is shown on held-out data."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, check
from hcgov.core.evidence.documents import Record, RecordOf
from hcgov.core.evidence.source import Tree
from hcgov.core.measurement import Answered, Statement
from hcgov.core.mistake import did_you_mean
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stages.judgments.oversight_ledger import Claim, Cycle, claims, cycles, gained, points
from hcgov.stages.records import where
from hcgov.stages.specimens import ONE, OTHER, record, worked
from hcgov.stats.bounds import upper
from hcgov.stats.oversight.progress import shown_to_improve

LEVEL = 0.95
"""One-sided confidence at which a gain is shown."""


class ImprovementClaims(Params):
    """Parameters of the claims of improvement."""

    artifact: str = Field(
        default="iteration_ledger",
        description="Record that lists cycles and, under `claims`, what is claimed.",
    )


def examples() -> tuple[Example[ImprovementClaims], ...]:
    """Return a claim that is shown, that is not measured, that is wrong, and that few items cannot show."""

    def ledger(claimed: Sequence[Mapping[str, Tree]], *, after: float = 0.84, n: int = 2000) -> Record:
        cycle: dict[str, Tree] = {
            "id": "c1",
            "data": ONE,
            "change": "400 more labels",
            "held_out": OTHER,
            "before": {"value": 0.78, "n": n},
            "after": {"value": after, "n": n},
        }
        bare: dict[str, Tree] = {"id": "c2", "data": ONE, "change": "a new guideline"}
        return record("iteration_ledger", {"cycles": [cycle, bare], "claims": [dict(one) for one in claimed]})

    def at(value: float) -> dict[str, Tree]:
        return {"value": value, "n": 2000}

    accuracy: dict[str, Tree] = {"benefit": "accuracy", "cycle": "c1"}
    return worked(
        ImprovementClaims(),
        "record",
        {
            "it is shown": (ledger([accuracy]), Verdict.PASS),
            "nothing was measured": (ledger([{"benefit": "safety", "cycle": "c2"}]), Verdict.FAIL),
            "it became worse": (ledger([accuracy], after=0.7), Verdict.FAIL),
            "few items": (ledger([accuracy], n=50), Verdict.INCONCLUSIVE),
            "the cycle is not listed": (ledger([{"benefit": "accuracy", "cycle": "c9"}]), Verdict.FAIL),
            "it was measured on what it learned from": (
                ledger([{**accuracy, "held_out": ONE, "before": at(0.78), "after": at(0.9)}]),
                Verdict.FAIL,
            ),
            "nothing is claimed": (ledger([]), Verdict.NOT_APPLICABLE),
        },
    )


@check(
    asks=lambda p: {"record": RecordOf(artifact=p.artifact)},
    params=ImprovementClaims,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 4.3",
        "nist-ai-rmf:MAP 3.1",
        "eu-ai-act:Art.15(1),(3)-(5)",
        "iso-42001:A.6.2.4",
    ),
)
def improvement_claims(record: Record, params: ImprovementClaims) -> Iterator[Statement]:
    """Say of each claim whether a measure on held-out data rose, and by how much, with its interval.

    That people in the loop improve a system is said far more often than shown, and those who pay for it with their
    time are owed a number. Met where the lower 95 % bound of the gain is above zero; not met where nothing was
    measured, or the measure fell. Source: Miettinen & Nurminen 1985, Statistics in Medicine 4:213-226; Vaccaro,
    Almaatouq & Malone 2024, Nature Human Behaviour 8:2293-2303.
    """
    found, faults = claims(record)
    yield from faults
    if not found and not faults:
        nothing = text("`{artifact}` claims no benefit", artifact=params.artifact)
        yield Statement(about="claims", answer=Answered.NOT_APPLICABLE, text=nothing)
    listed = {one.id: one for one in cycles(record)[0] if one is not None}
    for place, claim in found:
        answer, told, reason = _judged(claim, listed)
        at = where(record, ("claims", place))
        yield Statement(about=f"claims[{place + 1}]", answer=answer, text=told, reason=reason, where=at)


def _judged(claim: Claim, listed: Mapping[str, Cycle]) -> tuple[Answered, Text, Reason | None]:
    if claim.cycle and claim.cycle not in listed:
        told = text(
            "{benefit}: cycle `{id}` is not listed, or cannot be read; {hint}",
            benefit=claim.benefit,
            id=claim.cycle,
            hint=did_you_mean(claim.cycle, listed),
        )
        return Answered.NOT_MET, told, None
    rose, held_out = gained(claim), claim.held_out
    if rose is None and claim.cycle:
        rose, held_out = gained(listed[claim.cycle]), listed[claim.cycle].held_out
    known = list(listed)
    before = known[: known.index(claim.cycle) + 1] if claim.cycle else known
    taught = next((id_ for id_ in before if rose is not None and listed[id_].data == held_out), None)
    if taught is not None:
        told = text("{benefit}: measured on data that `{id}` learned from", benefit=claim.benefit, id=taught)
        return Answered.NOT_MET, told, None
    if rose is None:
        told = text(
            "{benefit}: nothing was measured on held-out data before and after", benefit=claim.benefit
        )
        return Answered.NOT_MET, told, None
    told = text("{benefit}: {points}", benefit=claim.benefit, points=points(rose))
    if shown_to_improve(rose, LEVEL):
        return Answered.MET, told, None
    if upper(rose, LEVEL) <= 0.0:
        return Answered.NOT_MET, told, None
    return Answered.CANNOT_TELL, told, Reason.SMALL_N
