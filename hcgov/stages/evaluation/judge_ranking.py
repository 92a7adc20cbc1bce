"""A judge puts systems in the order in which people put them."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import codes
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Refused
from hcgov.stages.judgments.judge_slices import NO_NUMBERS, each_judge
from hcgov.stages.judgments.judge_specimens import scale_table, scored
from hcgov.stages.judgments.judge_units import units_of
from hcgov.stages.judgments.judging import Matched
from hcgov.stats.judges.ranking import Ranking, needed_share, ranking

SYSTEMS = ("s1", "s2", "s3", "s4")


class JudgeRanking(JudgeParams):
    """Parameters of the order of systems."""

    least: Annotated[float, Stricter.HIGHER] = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Share of the pairs that people tell apart to be ordered rightly.",
    )
    min_pairs: Annotated[int, Stricter.HIGHER] = Field(
        default=3, ge=1, le=10_000, description="Fewest pairs of systems that people tell apart."
    )
    level: Annotated[float, Stricter.HIGHER] = Field(
        default=0.95, ge=0.8, lt=1, description="Confidence of what is shown, over all pairs together."
    )


def asks(params: JudgeRanking) -> Mapping[str, Request]:
    """Ask for the scores, and whose output each is about."""
    return {"long": params.request(("system",))}


def examples() -> tuple[Example[JudgeRanking], ...]:
    """Return a judge that orders as people do, one that orders the other way, few items, and one system."""
    rows = scored(systems=SYSTEMS, items=150)
    turned = tuple(
        {**r, "score": str(6 - int(str(r["score"])))} if r["rater_kind"] == "judge" else r for r in rows
    )
    cases = {
        "as people do": (rows, Verdict.PASS),
        "the other way round": (turned, Verdict.FAIL),
        "few items": (scored(systems=SYSTEMS, items=6), Verdict.INCONCLUSIVE),
        "one system": (scored(systems=SYSTEMS[:1], items=60), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(title=title, params=JudgeRanking(), evidence={"long": scale_table(given)}, expect=expect)
        for title, (given, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeRanking,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13"),
)
def judge_ranking(long: Long, params: JudgeRanking) -> Iterator[Statement]:
    """Share of the pairs of systems that people tell apart which the judge orders the same way.

    Most judges are used to say which system is better, and only that: this is what they have to get right. Pairs count
    as right, or wrong, where the judge's difference is so for more than chance, over all pairs together. Source: Kocmi
    et al. 2021, arXiv:2107.10821; Kott 2001, Journal of Official Statistics 17:521, for the errors.
    """
    for one in each_judge(long, params):
        about = f"judge, {Slice(values=one.prefix)}"
        found = ranking_of(one.found, params.level)
        if isinstance(found, Refused):
            yield Statement(about=about, answer=Answered.CANNOT_TELL, reason=found.reason, text=found.text)
            continue
        ends = needed_share(found)
        answer = Answered.CANNOT_TELL
        if ends is not None and found.pairs >= params.min_pairs:
            if ends[0] >= params.least:
                answer = Answered.MET
            elif ends[1] < params.least:
                answer = Answered.NOT_MET
        yield Statement(
            about=about,
            answer=answer,
            reason=Reason.SMALL_N if answer is Answered.CANNOT_TELL else None,
            text=text(
                "of {pairs} {pairs|pair|pairs} of systems that people tell apart, `{judge}` orders {right} as they do; "
                "{sure} {sure|is|are} shown right and {wrong} shown wrong",
                pairs=found.pairs,
                judge=one.name,
                right=found.right,
                sure=found.shown_right,
                wrong=found.shown_wrong,
            ),
        )


def ranking_of(found: Matched | Refused, level: float = 0.95) -> Ranking | Refused:
    """Return how a judge orders systems beside people, over what both scored, or why it is not known."""
    if isinstance(found, Refused):
        return found
    if not found.numeric:
        return NO_NUMBERS
    refused = found.trouble(np.ones(found.at.size, dtype=np.bool_))
    if refused is not None:
        return refused
    ratings = found.from_
    units = units_of(ratings, found.judge, codes(ratings.long, "system")[ratings.at].astype(np.int64))
    both = units.labelled & np.isfinite(units.judge) & (units.system >= 0)
    one = ranking(units.system[both], units.judge[both], units.people[both], units.cluster[both], level=level)
    if one is None:
        return Refused(
            reason=Reason.UNMATCHED_PAIRS,
            text=text("people and the judge scored outputs of fewer than two systems"),
        )
    return one
