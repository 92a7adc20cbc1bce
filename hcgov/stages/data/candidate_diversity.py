"""The responses that people choose between differ."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.preferring import PreferenceParams, Row, preferences, told
from hcgov.stages.worked import at_most

METRIC = "alike_candidates"
FEWEST_PROMPTS = 10


class CandidateDiversity(PreferenceParams):
    """Parameters of the diversity of candidates."""

    cosine: Annotated[float, Stricter.LOWER] = Field(
        default=0.9,
        gt=0,
        lt=1,
        description="Mean cosine of TF-IDF vectors above which the responses to a prompt are alike.",
    )
    max_missing: Annotated[float, Stricter.LOWER] = Field(
        default=0.05, ge=0, le=1, description="Largest share of prompts without two recorded responses."
    )
    overlap: Annotated[int, Stricter.HIGHER] = Field(
        default=10,
        ge=2,
        le=10_000,
        description="Ratings of a prompt from which on it shows how opinions are spread.",
    )


def asks(params: CandidateDiversity) -> Mapping[str, Request]:
    """Ask for both responses."""
    return params.of("response_a", "response_b")


def examples() -> tuple[Example[CandidateDiversity], ...]:
    """Return prompts whose responses differ, are alike, and too few prompts."""

    def table(alike: int, prompts: int, more: str | None = " Really.") -> Long:
        rows: list[Row] = []
        for i in range(prompts):
            one = f"I would take the number {i} bus, because it is cheap and it stops near the old market."
            same = None if more is None else one + more
            other = same if i < alike else f"Walk: {i} minutes of fresh air do everybody good."
            rows.append(
                {
                    "annotator": f"p{i % 9}",
                    "prompt_id": f"q{i}",
                    "choice": "a",
                    "response_a": one,
                    "response_b": other,
                }
            )
        return preferences(rows)

    return told(
        CandidateDiversity(cosine=0.8),
        at_most("0.20"),
        ("they differ", table(4, 200), Verdict.PASS),
        ("most are alike", table(150, 200), Verdict.FAIL),
        ("most are word for word the same", table(150, 200, ""), Verdict.FAIL),
        ("most are not recorded", table(150, 200, None), Verdict.INCONCLUSIVE),
        ("three prompts", table(0, 3), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=CandidateDiversity,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-600-1:2.6", "eu-ai-act:Art.10(2)(d)"),
)
def candidate_diversity(long: Long, params: CandidateDiversity) -> Iterator[Measurement]:
    """Share of prompts whose responses are nearly the same, by the mean cosine of their TF-IDF vectors.

    Where all responses say the same, people who want different things cannot show it, and look as if they agreed.
    Beside are shown the mean cosine, the mean distance of runs of two words, and how many prompts have many ratings.
    Prompts are the units. Source: Zhang et al. 2025, arXiv:2507.09650; Spärck Jones 1972, doi:10.1108/eb026526.
    """
    import numpy as np  # noqa: PLC0415 - numpy only where rows are read

    from hcgov.stages.judgments.candidates import diversity  # noqa: PLC0415
    from hcgov.stages.judgments.pairs import pair_texts, words_of  # noqa: PLC0415
    from hcgov.stats.crossed import Rows, crossed_mean, crossed_share  # noqa: PLC0415

    texts = pair_texts(long)
    found = diversity(long, texts, words_of(texts))
    prompts = int(found.cosine.size)
    if prompts < FEWEST_PROMPTS:
        note = text(
            "{n} {n|prompt has|prompts have} two responses; {least} are needed",
            n=prompts,
            least=FEWEST_PROMPTS,
        )
        yield Measurement(metric=METRIC, reason=Reason.SMALL_N, note=note)
        return
    if found.alone > params.max_missing * (prompts + found.alone):
        note = text(
            "{n} of {all} {all|prompt|prompts} {n|has|have} no two responses that are recorded",
            n=found.alone,
            all=prompts + found.alone,
        )
        yield Measurement(metric=METRIC, reason=Reason.MISSING_OUTCOMES, note=note)
        return
    units = Rows(people=np.arange(prompts))
    yield Measurement(metric=METRIC, estimate=crossed_share(found.cosine > params.cosine, units))
    yield Measurement(
        metric="mean_cosine", estimate=crossed_mean(found.cosine, units, low=0.0, high=1.0), shown=True
    )
    yield Measurement(
        metric="mean_distance", estimate=crossed_mean(found.distance, units, low=0.0, high=1.0), shown=True
    )
    many = found.ratings >= params.overlap
    yield Measurement(
        metric="prompts_with_many_ratings",
        estimate=crossed_share(many, Rows(people=np.arange(many.size))),
        shown=True,
    )
