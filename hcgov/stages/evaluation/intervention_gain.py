"""A remedy helps people whom it has not learned from."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.personal_params import PersonalParams, asking
from hcgov.stages.worked import at_least

ACCEPTANCE, F1 = "acceptance_gain", "f1_gain"


class InterventionGain(PersonalParams):
    """Parameters of the gain by a remedy."""

    remedy: Annotated[Literal["verify", "relevance"], Stricter.IDENTITY] = Field(
        default="verify",
        description="`verify`: attributes that a verifier flags are taken out (stage 1); `relevance`: a classifier "
        "selects attributes instead of a judge (stage 2).",
    )
    predictions: str = Field(
        default="",
        description="Rater whose rows are the remedy's predictions, made elsewhere for people it has not learned "
        "from; empty trains a small classifier here, with users in one fold only.",
    )
    baseline: str = Field(
        default="", description="Judge that selected before (stage 2); the one with the highest F1 if empty."
    )
    recall_weight: Annotated[float, Stricter.IDENTITY] = Field(
        default=1.0,
        ge=0.25,
        le=4,
        description="How much finding what is wrong weighs against taking out what is right: 2 where misses cost more.",
    )


def examples() -> tuple[Example[InterventionGain], ...]:
    """Return a verifier with telling words, one that flags at random, a classifier, few people, and no predictions."""
    from hcgov.stages.judgments.personal_worked import extraction, flagged_at_random, relevance  # noqa: PLC0415 - numpy loads only where it is needed

    verify, select = InterventionGain(), InterventionGain(remedy="relevance")
    told = (
        ("telling words", verify, extraction(0.3, None), Verdict.PASS),
        ("flags at random", InterventionGain(predictions="guess"), flagged_at_random(), Verdict.FAIL),
        ("selects instead of a judge", select, relevance(more=0.4), Verdict.PASS),
        ("twelve people", verify, extraction(0.3, None, users=12), Verdict.INCONCLUSIVE),
        ("no predictions", InterventionGain(predictions="none"), extraction(0.3, None), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(title=title, params=params, evidence={"long": long}, expect=expect, limit=at_least("0.05"))
        for title, params, long, expect in told
    )


@check(
    asks=lambda p: asking(p, may=("source", "prompt_id", "attribute", "prompt", "evidence", "score")),
    params=InterventionGain,
    examples=examples,
    limit=limits(ACCEPTANCE, F1, at_least="(-1, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 4.3",
        "nist-ai-rmf:MANAGE 4.2",
        "nist-ai-rmf:MEASURE 2.3",
        "iso-42001:A.6.2.4",
    ),
)
def intervention_gain(long: Long, params: InterventionGain) -> Iterator[Measurement]:
    """Change by a remedy for the same people: acceptance after minus before (stage 1), or F1 (stage 2).

    A remedy that is tested on people it has learned from looks better than it is. What it costs stands beside it:
    the share of good attributes that are lost, and how often it selects. Source: Zhang et al. 2026, arXiv 2606.06614
    (verify-and-refine, relevance training); jackknife over users, and prompts, of the paired difference (Kott 2001).
    """
    from hcgov.stages.judgments.personal_gain import relevance_gain, verify_gain  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_rows import obstacle, of_people, only_synthetic, stage_rows  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_slices import nothing  # noqa: PLC0415 - numpy loads only where it is needed

    stage, metric = ("1", ACCEPTANCE) if params.remedy == "verify" else ("2", F1)
    everything = stage_rows(long, stage)
    own = of_people(everything)
    why = only_synthetic(everything) or obstacle(own, min_raters=params.min_raters)
    if why is not None:
        yield nothing(metric, why)
    elif params.remedy == "verify":
        yield from verify_gain(own, metric, params.predictions, params.recall_weight)
    else:
        yield from relevance_gain(own, metric, params.predictions, params.baseline)
