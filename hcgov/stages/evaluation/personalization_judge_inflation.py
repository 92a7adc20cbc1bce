"""A judge finds personalised responses neither better nor worse than people do."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, check
from hcgov.core.direction import Neither
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import LimitRange, limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.personal_params import JudgedParams, asking
from hcgov.stages.worked import at_most
from hcgov.stats.means import student

ABOVE, BELOW = "judge_inflation", "judge_deflation"


class PersonalizationJudgeInflation(JudgedParams):
    """Parameters of the inflation by judges."""

    scale: Annotated[Literal["net_win", "rating"], Neither("shares and points are not comparable")] = Field(
        default="net_win",
        description="`net_win`: wins minus losses, in shares; `rating`: mean rating, in points from 1 to 5.",
    )


def limit_range(params: PersonalizationJudgeInflation) -> LimitRange:
    """Return which limits decide anything on the chosen scale."""
    return limits(ABOVE, BELOW, at_most="(0, 2)" if params.scale == "net_win" else "(0, 4)")


def examples() -> tuple[Example[PersonalizationJudgeInflation], ...]:
    """As people, far more generous, points instead of shares, few people, and a judge without rows."""
    from hcgov.stages.judgments.personal_worked import response  # noqa: PLC0415 - numpy loads only where it is needed

    shares = (0.3, 0.3, 0.4)
    wins, points = PersonalizationJudgeInflation(), PersonalizationJudgeInflation(scale="rating")
    told = (
        ("as people", wins, response(shares), "0.10", Verdict.PASS),
        ("far more generous", wins, response(shares, flatters=0.5), "0.10", Verdict.FAIL),
        ("far more points", points, response(shares, flatters=0.5), "0.20", Verdict.FAIL),
        ("twelve people", wins, response(shares, users=12), "0.10", Verdict.INCONCLUSIVE),
        (
            "a judge that has no row",
            PersonalizationJudgeInflation(rater="another"),
            response(shares),
            "0.10",
            Verdict.INCONCLUSIVE,
        ),
    )
    return tuple(
        Example(title=title, params=params, evidence={"long": long}, expect=expect, limit=at_most(limit))
        for title, params, long, limit, expect in told
    )


@check(
    asks=asking,
    params=PersonalizationJudgeInflation,
    examples=examples,
    limit=limit_range,
    supports=("nist-ai-rmf:MEASURE 2.13", "nist-ai-rmf:MEASURE 2.5", "iso-42001:A.6.2.4"),
)
def personalization_judge_inflation(
    long: Long, params: PersonalizationJudgeInflation
) -> Iterator[Measurement]:
    """Mean of a judge minus that of people over the same responses, and the inverse: one limit holds both ways.

    A judge may rank as people do and still call everything good: the judge with the best rank correlation in the
    source is also 0.84 points too generous. Scores of a judge outside the limit support no claim. Source: Zhang et
    al. 2026, arXiv 2606.06614, table 6; paired differences, Student's t with users as clusters.
    """
    from hcgov.stages.judgments.personal_judging import each_judge  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_response import replies_of, shift  # noqa: PLC0415 - numpy loads only where it is needed

    found = each_judge(
        long,
        "3",
        ABOVE,
        params,
        lambda rows, name: shift(replies_of(rows), rows.named(name) & rows.judge, params.scale),
    )
    for one in found:
        yield one
        if one.estimate is not None:
            yield replace(one, metric=BELOW, estimate=_negative(one.estimate))


def _negative(estimate: Estimate) -> Estimate:
    known = dict(estimate.statistics)
    end = known["high"]
    return student(
        None if estimate.value is None else -estimate.value,
        known.get("se"),
        known.get("df", 0.0),
        n=estimate.n,
        people=estimate.people,
        n_eff=estimate.n_eff,
        low=-end,
        high=end,
        aim=0.0,
    )
