"""What a model shows off as a writer it does not reward as a judge."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import codes, flags
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Ratings, Refused, ratings
from hcgov.stages.judgments.judge_specimens import Row, scale_table
from hcgov.stats.judges.correlation import RankCorrelation, rank_correlation


class JudgeCarryOver(JudgeParams):
    """Parameters of the carry-over from writer to judge."""

    alpha: Annotated[float, Stricter.HIGHER] = Field(
        default=0.05, gt=0, le=0.2, description="Error probability of saying that there is a carry-over."
    )
    max_correlation: Annotated[float, Stricter.LOWER] = Field(
        default=0.5, ge=0, lt=1, description="Rank correlation that has to be ruled out for none."
    )


def asks(params: JudgeCarryOver) -> Mapping[str, Request]:
    """Ask for the scores, mentions, and the families of outputs and judges."""
    return {"long": params.request(("mentions", "family", "rater_family"))}


@frozen
class CarryOver:
    """Families that both write and judge, with how often each mentions and how much its judge rewards mentions."""

    families: tuple[str, ...]
    mentions: tuple[float, ...]
    rewards: tuple[float, ...]
    correlation: RankCorrelation | None


def examples() -> tuple[Example[JudgeCarryOver], ...]:
    """Return families whose judges reward what they do, ones that do not, and the five of the paper."""

    def judged(families: int, carried: bool, swap: bool = False) -> Long:
        order = list(range(families))
        if swap:
            order[-1], order[-2] = order[-2], order[-1]
        rows: list[Row] = []
        for writer in range(families):
            for item in range(40):
                mentions = item < 2 + 2 * writer
                own: dict[str, str | float | None] = {
                    "item": f"{writer}-{item}",
                    "family": f"f{writer:02}",
                    "mentions": str(mentions).lower(),
                }
                for judge in range(families):
                    bonus = (order[judge] if carried else -order[judge]) * 0.05
                    score = 3.0 + (bonus if mentions else 0.0)
                    rows.append(
                        {
                            **own,
                            "rater": f"judge-{judge:02}",
                            "rater_kind": "judge",
                            "rater_family": f"f{judge:02}",
                            "score": f"{score:.2f}",
                        }
                    )
        return scale_table(rows)

    cases = {
        "as they write": (judged(8, carried=True), Verdict.FAIL),
        "against how they write": (judged(8, carried=False), Verdict.PASS),
        "five families, correlation 0.90": (judged(5, carried=True, swap=True), Verdict.INCONCLUSIVE),
        "two families": (judged(2, carried=True), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(title=title, params=JudgeCarryOver(), evidence={"long": long}, expect=expect)
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeCarryOver,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13"),
)
def judge_carry_over(long: Long, params: JudgeCarryOver) -> Iterator[Statement]:
    """Spearman's correlation, over model families, of how often each mentions and how much its judge rewards mentions.

    A family that rewards its own habit makes the habit spread, and its score says nothing about users. Families are
    few: up to nine every order is tried, for the usual approximation calls 0.90 over five families significant (0.04)
    where the exact two-sided p-value is 0.083. Source: arXiv:2606.06614; Bonett & Wright 2000, doi:10.1007/BF02294183.
    """
    found = carry_over_of(ratings(long, params.positive))
    about = "families that write and judge"
    if isinstance(found, Refused):
        yield Statement(about=about, answer=Answered.CANNOT_TELL, reason=found.reason, text=found.text)
        return
    one = found.correlation
    if one is None:
        told = text(
            "{n} {n|family writes and judges|families write and judge}, or all do alike: nothing can be told",
            n=len(found.families),
        )
        yield Statement(about=about, answer=Answered.CANNOT_TELL, reason=Reason.SMALL_N, text=told)
        return
    answer = Answered.CANNOT_TELL
    if one.rho > 0 and one.p < params.alpha:
        answer = Answered.NOT_MET
    elif one.upper(1.0 - params.alpha) <= params.max_correlation:
        answer = Answered.MET
    yield Statement(
        about=about,
        answer=answer,
        reason=Reason.SMALL_N if answer is Answered.CANNOT_TELL else None,
        text=text(
            "over {n} families, how often each mentions and how much its judge rewards mentions correlate with {rho} "
            "({how} two-sided p {p}); at most {upper} is allowed by the data and {limit} by the control",
            n=one.n,
            rho=f"{one.rho:.2f}",
            how="exact" if one.exact else "approximate",
            p=f"{one.p:.3f}",
            upper=f"{one.upper(1.0 - params.alpha):.2f}",
            limit=f"{params.max_correlation:g}",
        ),
    )


def carry_over_of(found: Ratings) -> CarryOver | Refused:
    """Return how the habits of writers and judges go together, over the families that are both."""
    if not np.isfinite(found.score).all():
        return Refused(reason=Reason.MISSING_OUTCOMES, text=text("scores are names, not numbers"))
    long = found.long
    true, known = (one[found.at] for one in flags(long, "mentions"))
    writer, judge = codes(long, "family")[found.at], codes(long, "rater_family")[found.at]
    writers, judges = long.codes("family").names, long.codes("rater_family").names
    honest = known & (found.probe < 0)
    told: list[tuple[str, float, float]] = []
    for name in sorted(set(writers) & set(judges)):
        wrote = honest & (writer == writers.index(name))
        outputs, first = np.unique(found.unit[wrote], return_index=True)
        ruled = honest & ~found.human & (judge == judges.index(name))
        if not outputs.size or not (ruled & true).any() or not (ruled & ~true).any():
            continue
        reward = found.score[ruled & true].mean() - found.score[ruled & ~true].mean()
        told.append((name, float(true[wrote][first].mean()), float(reward)))
    mentions, rewards = (np.round(np.array([one[k] for one in told]), 12) for k in (1, 2))
    return CarryOver(
        families=tuple(one[0] for one in told),
        mentions=tuple(float(one) for one in mentions),
        rewards=tuple(float(one) for one in rewards),
        correlation=rank_correlation(mentions, rewards) if told else None,
    )
