"""What is measured on synthetic items holds on people's own; a claim rests on people's."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Neither
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.limit import limits
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Verdict
from hcgov.stages.judgments.personal_params import PersonalParams
from hcgov.stages.worked import at_most

ABOVE, BELOW = "human_minus_synthetic", "synthetic_minus_human"


class SyntheticGap(PersonalParams):
    """Parameters of the gap between sources."""

    table: str = Field(default="evaluations", description="Evaluations artifact with items of both sources.")
    question: str = Field(default="", description="Only rows of this question; all if empty.")
    positive: Annotated[tuple[str, ...], Neither("it says what is counted")] = Field(
        default=(),
        description="Scores that count as 1; without any, scores are numbers and means are compared.",
    )


def asks(params: SyntheticGap) -> dict[str, Request]:
    """Ask for scores with their source and user."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.EVALUATIONS,
            needs=("item", "rater", "rater_kind", "score", "source", "user"),
            slices=params.slices,
            question=params.question,
        )
    }


def examples() -> tuple[Example[SyntheticGap], ...]:
    """Alike, apart, numbers apart, synthetic only, people's only, few users."""
    from hcgov.stages.judgments.personal_worked import both_sources  # noqa: PLC0415 - numpy loads only where it is needed

    shares, numbers = SyntheticGap(positive=("good",)), SyntheticGap()
    told = (
        ("alike", shares, both_sources(0.8, 0.8, users=150), Verdict.PASS),
        ("apart", shares, both_sources(0.55, 0.8), Verdict.FAIL),
        ("numbers alike", numbers, both_sources(0.8, 0.8, users=150, words=("0", "1")), Verdict.PASS),
        ("numbers apart", numbers, both_sources(0.55, 0.8, words=("0", "1")), Verdict.FAIL),
        ("synthetic only", shares, both_sources(None, 0.8), Verdict.INCONCLUSIVE),
        ("people's only", shares, both_sources(0.8, None), Verdict.INCONCLUSIVE),
        ("twelve users", shares, both_sources(0.8, 0.8, users=12), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(title=title, params=params, evidence={"long": long}, expect=expect, limit=at_most("0.05"))
        for title, params, long, expect in told
    )


@check(
    asks=asks,
    params=SyntheticGap,
    examples=examples,
    limit=limits(ABOVE, BELOW, at_most="(0, inf)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.13",
        "nist-ai-rmf:MEASURE 2.3",
        "nist-ai-rmf:MAP 2.3",
        "iso-42001:A.6.2.4",
    ),
)
def synthetic_gap(long: Long, params: SyntheticGap) -> Iterator[Measurement]:
    """Metric on people's items minus that on synthetic ones, and the inverse: one limit holds both ways.

    Only people's judgments count on either side. Inside the limit, synthetic items may support a claim about a
    release; outside it, or without people's items, they do not, however many they are. Whether both sources ask for
    the same things is for people to say. Source: Ziems et al. 2026, arXiv 2605.06901, section 5; Zhang et al. 2026,
    arXiv 2606.06614; Miettinen & Nurminen 1985, Welch 1947, with users as clusters.
    """
    from hcgov.stages.judgments.personal_rows import obstacle  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_slices import measured, nothing  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_sources import evaluation_rows, level, sources_apart  # noqa: PLC0415 - numpy loads only where it is needed

    rows = evaluation_rows(long, params.positive)
    why = obstacle(rows, min_raters=params.min_raters)
    if why is not None:
        yield nothing(ABOVE, why)
        return
    share = bool(params.positive)
    for name, mask in (("human", ~rows.synthetic), ("synthetic", rows.synthetic)):
        estimate = level(rows, mask, share=share)
        if estimate is not None:
            scope = Slice(values=(("source", name),))
            yield Measurement(metric="level", scope=scope, depth=1, estimate=estimate, shown=True)
    for metric, sign in ((ABOVE, 1.0), (BELOW, -1.0)):
        told = sources_apart(rows, share=share, sign=sign)
        yield from measured(rows, metric, "`score`", told, params.gaps)
