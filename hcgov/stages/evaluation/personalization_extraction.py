"""Attributes drawn from people's conversations are no more often wrong than those from synthetic ones."""

from collections.abc import Iterator

from hcgov.core.check import Example, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Verdict
from hcgov.stages.judgments.personal_params import PersonalParams, asking
from hcgov.stages.worked import at_most

METRIC = "problem_rate_gap"


class PersonalizationExtraction(PersonalParams):
    """Parameters of the gap between sources."""


def examples() -> tuple[Example[PersonalizationExtraction], ...]:
    """As wrong on both sources, far more often on people's own, one source only, few people, one rater."""
    from hcgov.stages.judgments.personal_worked import extraction  # noqa: PLC0415 - numpy loads only where it is needed

    told = {
        "alike": (extraction(0.10, 0.10, users=120), Verdict.PASS),
        "22 points apart": (extraction(0.42, 0.20), Verdict.FAIL),
        "people's only": (extraction(0.10, None), Verdict.INCONCLUSIVE),
        "synthetic only": (extraction(None, 0.10), Verdict.INCONCLUSIVE),
        "twelve people": (extraction(0.10, 0.10, users=12), Verdict.INCONCLUSIVE),
        "one rater": (extraction(0.10, 0.10, raters=1), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=PersonalizationExtraction(),
            evidence={"long": long},
            expect=expect,
            limit=at_most("0.05"),
        )
        for title, (long, expect) in told.items()
    )


@check(
    asks=lambda p: asking(p, "source", may=()),
    params=PersonalizationExtraction,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.3",
        "nist-ai-rmf:MEASURE 2.13",
        "nist-ai-rmf:MAP 2.3",
        "iso-42001:A.6.2.4",
    ),
)
def personalization_extraction(long: Long, params: PersonalizationExtraction) -> Iterator[Measurement]:
    """Share of people's judgments that do not accept an attribute: people's own minus synthetic conversations.

    A judgment does not accept where it is `uncertain` or `reject`. What works on made-up conversations fails on
    people's own, who change topics, quote others and act for friends; then only people's conversations tell how good
    extraction is. Users are the clusters, and judges' labels do not count. Source: Zhang et al. 2026, arXiv
    2606.06614 (22 points); Miettinen & Nurminen 1985, Statistics in Medicine 4:213, on the effective samples.
    """
    from hcgov.stages.judgments.personal_extraction import gap_of, problematic, share_of  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_rows import obstacle, stage_rows, unsourced  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_slices import measured, nothing  # noqa: PLC0415 - numpy loads only where it is needed

    everything = stage_rows(long, "1")
    why = unsourced(everything) or obstacle(everything, min_raters=params.min_raters)
    if why is not None:
        yield nothing(METRIC, why)
        return
    rows = everything.where(everything.human)
    bad = problematic(rows)
    for name, mask in (("human", ~rows.synthetic), ("synthetic", rows.synthetic)):
        one = share_of(bad, rows)(mask)
        scope = Slice(values=(("source", name),))
        yield Measurement(
            metric="problem_rate",
            scope=scope,
            estimate=one.estimate,
            reason=one.reason,
            note=one.note,
            shown=True,
        )
    yield from measured(rows, METRIC, "`label`", gap_of(bad, rows), params.gaps)
