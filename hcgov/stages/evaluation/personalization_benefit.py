"""People find the personalised response better than the generic one more often than worse."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, check
from hcgov.core.direction import Neither
from hcgov.core.evidence.long import Long
from hcgov.core.limit import LimitRange, limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.personal_params import PersonalParams, asking
from hcgov.stages.worked import at_least, at_most

NET, NO_BETTER = "net_win", "no_better"


class PersonalizationBenefit(PersonalParams):
    """Parameters of the benefit to people."""

    measure: Annotated[
        Literal["net_win", "no_better"], Neither("one counts losses, the other what makes no difference")
    ] = Field(
        default="net_win",
        description="`net_win`: share of wins minus that of losses, at least the limit; `no_better`: share of "
        "judgments that find the personalised response no better, at most the limit.",
    )


def limit_range(params: PersonalizationBenefit) -> LimitRange:
    """Return which limits decide anything about the chosen measure."""
    return limits(NET, at_least="(-1, 1)") if params.measure == NET else limits(NO_BETTER, at_most="(0, 1)")


def examples() -> tuple[Example[PersonalizationBenefit], ...]:
    """Mostly better, mostly worse, not told apart, few people, one rater, and judges only."""
    from hcgov.stages.judgments.personal_worked import response  # noqa: PLC0415 - numpy loads only where it is needed

    better, worse, even = (0.1, 0.2, 0.7), (0.6, 0.2, 0.2), (0.25, 0.5, 0.25)
    net, share = PersonalizationBenefit(), PersonalizationBenefit(measure=NO_BETTER)
    told = (
        ("mostly better", net, response(better), Verdict.PASS),
        ("mostly worse", net, response(worse), Verdict.FAIL),
        ("as often better as worse", net, response(even), Verdict.INCONCLUSIVE),
        ("twelve people", net, response(better, users=12), Verdict.INCONCLUSIVE),
        ("one rater", net, response(better, raters=1), Verdict.INCONCLUSIVE),
        ("judges only", net, response(better, raters=0), Verdict.INCONCLUSIVE),
        ("a third is no better", share, response(better), Verdict.PASS),
        ("four fifths are no better", share, response(worse), Verdict.FAIL),
    )
    return tuple(
        Example(
            title=title,
            params=params,
            evidence={"long": long},
            expect=expect,
            limit=at_least("0") if params.measure == NET else at_most("0.50"),
        )
        for title, params, long, expect in told
    )


@check(
    asks=asking,
    params=PersonalizationBenefit,
    examples=examples,
    limit=limit_range,
    supports=(
        "nist-ai-rmf:MEASURE 2.3",
        "nist-ai-rmf:MEASURE 4.3",
        "nist-ai-rmf:MAP 2.3",
        "iso-42001:A.6.2.4",
    ),
)
def personalization_benefit(long: Long, params: PersonalizationBenefit) -> Iterator[Measurement]:
    """Net win of the personalised response, in [-1, 1], or the share that is no better (rating 3 or less), in [0, 1].

    Only people's judgments count: models find personalised responses better than people do. Without a benefit,
    what was learned about people was taken for nothing. Source: Zhang et al. 2026, arXiv 2606.06614 (54.6 % no
    better); Student's t and Clopper & Pearson 1934 with users as clusters.
    """
    from hcgov.stages.judgments.personal_extraction import share_of  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_response import net_win, no_better  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_rows import obstacle, of_people, only_synthetic, stage_rows  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_slices import measured, nothing  # noqa: PLC0415 - numpy loads only where it is needed

    everything = stage_rows(long, "3")
    own = of_people(everything)
    why = only_synthetic(everything) or obstacle(own, min_raters=params.min_raters)
    if why is not None:
        yield nothing(params.measure, why)
        return
    rows = own.where(own.human)
    told = net_win(rows) if params.measure == NET else share_of(no_better(rows), rows)
    yield from measured(rows, params.measure, "`label`", told, params.gaps)
