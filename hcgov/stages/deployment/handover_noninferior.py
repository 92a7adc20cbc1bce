"""A task is handed to the machine only where it does it no worse than people."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.oversight import told
from hcgov.stages.judgments.oversight_compared import ComparedParams, Raters, scored
from hcgov.stages.worked import at_least

METRIC = "model_minus_people"


class HandoverNoninferior(ComparedParams):
    """Parameters of a hand-over."""

    model: str = Field(default="model", description="System that is to take the task over.")
    people: str = Field(
        default="people", description="Name under which the work of people stands as a system."
    )
    raters: Raters = Field(
        default="human", description="Whose scores count: those of people only, or of anybody."
    )


def asks(params: HandoverNoninferior) -> Mapping[str, Request]:
    """Ask for scores of both on the same items."""
    return params.request()


def examples() -> tuple[Example[HandoverNoninferior], ...]:
    """Return a machine that is no worse, one that is worse for one region, and what cannot tell."""

    def pair(users: int, first: float, second: float, *, unmatched: float = 0.0) -> Long:
        shares = (users, first, second)
        return scored({"north": shares, "south": shares}, systems=("model", "people"), unmatched=unmatched)

    both, apart = (
        pair(600, 0.9, 0.88),
        scored({"north": (900, 0.9, 0.85), "south": (900, 0.7, 0.85)}, systems=("model", "people")),
    )
    same = pair(600, 1.0, 1.0)
    return told(
        HandoverNoninferior(),
        at_least("-0.02"),
        ("no worse anywhere", both, Verdict.PASS),
        ("worse in the south", apart, Verdict.FAIL),
        ("forty users", pair(20, 0.9, 0.88), Verdict.INCONCLUSIVE),
        (
            "one answer only",
            scored({"north": (1, 1.0, 0.0)}, systems=("model", "people")),
            Verdict.INCONCLUSIVE,
        ),
        ("every score is the same", same, Verdict.INCONCLUSIVE),
        ("a fifth of the items has one answer", pair(600, 0.9, 0.88, unmatched=0.2), Verdict.INCONCLUSIVE),
        (
            "only a judge model scored",
            scored({"north": (600, 0.9, 0.88)}, systems=("model", "people"), raters=("judge",)),
            Verdict.INCONCLUSIVE,
        ),
    )


@check(
    asks=asks,
    params=HandoverNoninferior,
    examples=examples,
    limit=limits(METRIC, at_least="[-1, 0)"),
    supports=(
        "nist-ai-rmf:MANAGE 1.1",
        "nist-ai-rmf:MAP 3.5",
        "nist-ai-rmf:MEASURE 2.11",
        "eu-ai-act:Art.14(1)-(4)",
        "iso-42001:A.6.2.5",
    ),
)
def handover_noninferior(long: Long, params: HandoverNoninferior) -> Iterator[Measurement]:
    """Score of the machine minus that of people on the same items, in [-1, 1], by slice; the limit is the margin.

    A machine that is as good on the whole may be worse for those whom people understood best, and once it has taken
    over nobody does the task who would notice. Differences are paired by item, and by rater where he scored both;
    users (or items) are clusters, and raters where ten or more stand for others: with fewer the answer holds for these
    raters. Source: Piaggio et al. 2012, JAMA 308:2594-2604 (non-inferiority); Miettinen & Nurminen 1985, Statistics
    in Medicine 4:213-226; Tango 1998, Statistics in Medicine 17:891-908.
    """
    from hcgov.stages.judgments.oversight_pairs import compare  # noqa: PLC0415 - numpy only where rows are read

    yield from compare(
        long, METRIC, params.model, params.people, params, people_only=params.raters == "human"
    )
