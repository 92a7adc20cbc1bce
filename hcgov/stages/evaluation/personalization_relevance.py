"""What a model finds relevant for a prompt is what most people find relevant."""

from collections.abc import Iterator

from hcgov.core.check import Example, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.personal_params import JudgedParams, asking
from hcgov.stages.worked import at_least

METRIC = "f1"


class PersonalizationRelevance(JudgedParams):
    """Parameters of the F1 of relevance."""


def examples() -> tuple[Example[PersonalizationRelevance], ...]:
    """Close to people, selecting far too much, few people, and no judge at all."""
    from hcgov.stages.judgments.personal_worked import relevance  # noqa: PLC0415 - numpy loads only where it is needed

    told = {
        "close to people": ("", relevance(more=0.02), Verdict.PASS),
        "selects far too much": ("", relevance(more=0.45), Verdict.FAIL),
        "twelve people": ("", relevance(more=0.02, users=12), Verdict.INCONCLUSIVE),
        "nobody wants anything": ("", relevance(more=0.1, wanted=0.0), Verdict.INCONCLUSIVE),
        "a judge that has no row": ("another", relevance(more=0.02), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=PersonalizationRelevance(rater=rater),
            evidence={"long": long},
            expect=expect,
            limit=at_least("0.70"),
        )
        for title, (rater, long, expect) in told.items()
    )


@check(
    asks=lambda p: asking(p, may=("source", "prompt_id")),
    params=PersonalizationRelevance,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.3", "iso-42001:A.6.2.4"),
)
def personalization_relevance(long: Long, params: PersonalizationRelevance) -> Iterator[Measurement]:
    """F1 of a model's selection against what most people selected, in [0, 1]; pairs that split people are left out.

    Read it beside over-selection: whoever selects everything has a recall of 1. What is used without mattering
    distracts, and tells people that they are watched. Source: van Rijsbergen 1979, Information Retrieval, chapter 7;
    Zhang et al. 2026, arXiv 2606.06614; two-way jackknife over users and prompts.
    """
    from hcgov.stages.judgments.personal_judging import each_judge  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_relevance import f1_of, pairs_of  # noqa: PLC0415 - numpy loads only where it is needed

    yield from each_judge(
        long, "2", METRIC, params, lambda rows, name: f1_of(p := pairs_of(rows), p.judged[name])
    )
