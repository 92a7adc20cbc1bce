"""A judge is not swayed by an outright mention of what is known about the user, more than people are."""

from collections.abc import Iterator, Mapping

import numpy as np

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import flags
from hcgov.stages.judgments.judge_params import JudgeScoreParams
from hcgov.stages.judgments.judge_ratings import Mask, Refused, in_unit
from hcgov.stages.judgments.judge_slices import beside_people, each_judge, unknown_of
from hcgov.stages.judgments.judge_specimens import Row, scale_table, scored
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.worked import at_most
from hcgov.stats.judges.gaps import difference_in_gaps, mean_where

METRICS = ("mention_rewarded", "mention_punished")


class JudgeMentionBias(JudgeScoreParams):
    """Parameters of the effect of mentions on a judge."""


def asks(params: JudgeMentionBias) -> Mapping[str, Request]:
    """Ask for the scores, and which responses mention."""
    return {"long": params.request(("mentions",))}


def examples() -> tuple[Example[JudgeMentionBias], ...]:
    """Return a judge that is not swayed, one that rewards mentions, few items, and responses that all mention."""

    def mentioned(bonus: int, items: int, *, every: int = 2) -> Long:
        rows: list[Row] = []
        for row in scored(items=items):
            mentions = int(str(row["item"])[1:]) % every == 0
            score = int(str(row["score"]))
            if row["rater_kind"] == "judge" and mentions:
                score = min(max(score + bonus, 1), 5)
            rows.append({**row, "score": str(score), "mentions": str(mentions).lower()})
        return scale_table(rows)

    cases = {
        "not swayed": (mentioned(0, 600), Verdict.PASS),
        "rewards them": (mentioned(1, 200), Verdict.FAIL),
        "punishes them": (mentioned(-1, 200), Verdict.FAIL),
        "few items": (mentioned(0, 16), Verdict.INCONCLUSIVE),
        "all mention": (mentioned(0, 60, every=1), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=JudgeMentionBias(),
            evidence={"long": long},
            expect=expect,
            limit=at_most("0.075"),
        )
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeMentionBias,
    examples=examples,
    limit=limits(*METRICS, at_most="[0, 1000)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13"),
)
def judge_mention_bias(long: Long, params: JudgeMentionBias) -> Iterator[Measurement]:
    """Mean rating with a mention minus that without, by the judge minus by people, held against the limit both ways.

    To say outright what one knows of a person is the cheapest way to seem personal, and people hardly reward it: a
    judge that does selects for the show. Either direction is a finding. Source: arXiv:2606.06614, section on surface
    cues; Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136.
    """
    for one in each_judge(long, params):
        found = one.found
        if isinstance(found, Matched) and found.numeric:
            mentions, known = _mentions(found)
            if (mentions & known).any() and (~mentions & known).any():
                for who, values in (("judge", found.judge_score), ("people", found.score)):
                    yield Measurement(
                        metric=f"mention_effect_{who}",
                        scope=Slice(values=one.prefix),
                        estimate=mean_where(values[known], mentions[known], found.rows.where(known)),
                        shown=True,
                    )

    def value(found: Matched, mask: Mask) -> Mapping[str, Estimate] | Refused:
        return mention_bias_of(found, mask, params.unit)

    yield from beside_people(long, params, METRICS, value)


def mention_bias_of(found: Matched, mask: Mask, unit: str = "score") -> Mapping[str, Estimate] | Refused:
    """Return how much more a judge rewards, and punishes, mentions than people do, or why it is not known."""
    refused = found.trouble(mask)
    if refused is not None:
        return refused
    mentions, known = _mentions(found)
    if untold := unknown_of("mentions", known, mask):
        return untold
    known = known & mask
    if not (known & mentions).any() or not (known & ~mentions).any():
        told = text("all responses mention what is known of the user, or none does")
        return Refused(reason=Reason.UNMATCHED_PAIRS, text=told)
    in_units = in_unit(found.from_, (found.judge_score - found.score)[known], unit)
    if isinstance(in_units, Refused):
        return in_units
    (apart, reach), rows, where = in_units, found.rows.where(known), mentions[known]
    return {
        METRICS[0]: difference_in_gaps(apart, where, rows, reach=reach),
        METRICS[1]: difference_in_gaps(-apart, where, rows, reach=reach),
    }


def _mentions(found: Matched) -> tuple[Mask, Mask]:
    true, known = flags(found.from_.long, "mentions")
    return np.asarray(true[found.at]), np.asarray(known[found.at])
