"""People do not mostly choose the longer response."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.preferring import Row, SlicedPreferenceParams, chosen, preferences, told
from hcgov.stages.worked import at_most

METRIC = "longer_chosen"
OF = "choices between responses of different length"


class PreferenceLengthBias(SlicedPreferenceParams):
    """Parameters of length bias."""

    unit: Annotated[Literal["words", "characters"], Stricter.IDENTITY] = Field(
        default="words",
        description="What length is counted in: words (runs of letters and digits), or characters.",
    )


def asks(params: PreferenceLengthBias) -> Mapping[str, Request]:
    """Ask for choices and responses."""
    return params.of("response_a", "response_b", slices=params.slices)


def examples() -> tuple[Example[PreferenceLengthBias], ...]:
    """Return choices that do not follow length, that do, and cases that cannot be told."""

    def table(share: float, people: int = 40, *, other: str = "No.") -> Long:
        rows: list[Row] = [
            {**row, "response_a": f"A long answer, number {i % 90}, with reasons.", "response_b": other}
            for i, row in enumerate(chosen(people, 30, share))
        ]
        return preferences(rows)

    same = table(0.5, other="A long answer, number 5, with nothing.")
    unknown = preferences(
        [{"prompt_id": f"q{i}", "choice": "a", "response_a": "a b", "response_b": "a"} for i in range(300)]
    )
    return told(
        PreferenceLengthBias(),
        at_most("0.60"),
        ("either as often", table(0.5), Verdict.PASS),
        ("mostly the longer one", table(0.8), Verdict.FAIL),
        ("one annotator", table(0.5, people=1), Verdict.INCONCLUSIVE),
        ("responses of the same length", same, Verdict.INCONCLUSIVE),
        ("nobody says who chose", unknown, Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=PreferenceLengthBias,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(f)", "iso-42001:A.7.4"),
)
def preference_length_bias(long: Long, params: PreferenceLengthBias) -> Iterator[Measurement]:
    """Share of choices that went to the longer response, among pairs of different length.

    A model that learns from such choices learns to talk at length. A longer response can be the better one, so beside
    the share is shown how the log odds of being chosen grow with a standard deviation more of length. Annotators and
    prompts are clusters. Source: Dubois et al. 2024, arXiv:2404.04475; Hu et al. 2024, arXiv:2407.01085.
    """
    import numpy as np  # noqa: PLC0415 - numpy only where rows are read

    from hcgov.stages.judgments import choosing, pairs  # noqa: PLC0415
    from hcgov.stats.preferences.biases import length_effect  # noqa: PLC0415

    texts = pairs.pair_texts(long)
    first, second = pairs.lengths(long, texts, pairs.words_of(texts), params.unit)
    mine, other = choosing.of_chosen(long, first, second)
    chose = choosing.decided(long)
    known = chose & np.isfinite(first) & np.isfinite(second)
    unknown = int(np.count_nonzero(chose & ~known))
    if unknown > params.max_missing * np.count_nonzero(chose):
        note = text(
            "{unknown} of {n} {n|choice|choices} {unknown|lacks|lack} a response",
            unknown=unknown,
            n=int(np.count_nonzero(chose)),
        )
        yield Measurement(metric=METRIC, reason=Reason.MISSING_OUTCOMES, note=note)
        return
    longer, differ = (mine > other).astype(np.float64), known & (mine != other)
    yield choosing.share_of(long, METRIC, longer, differ, OF)
    yield from choosing.by_group(long, METRIC, longer, differ)
    if choosing.obstacle(long, known, OF) is None:
        took_a = (pairs.outcomes(long)[known] == pairs.A).astype(np.float64)
        rows = pairs.clusters(long).where(known)
        effect = length_effect(took_a, (first - second)[known], rows)
        if effect is not None:
            yield Measurement(metric="length_log_odds", estimate=effect.slope, shown=True)
