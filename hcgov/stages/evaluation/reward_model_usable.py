"""A reward model ranks responses at least as well as one further person would."""

from collections.abc import Iterator

from hcgov.core.check import Example, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import EVERYONE, Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.personal_params import JudgedParams, asking
from hcgov.stages.worked import at_least

METRIC = "reward_minus_person"


class RewardModelUsable(JudgedParams):
    """Parameters of the check of reward models; `rater` names the reward model, the best one if empty."""


def examples() -> tuple[Example[RewardModelUsable], ...]:
    """Sees what people agree on, sees nothing, few people, one rater, and no such model."""
    from hcgov.stages.judgments.personal_worked import response  # noqa: PLC0415 - numpy loads only where it is needed

    shares = (0.3, 0.3, 0.4)
    told = (
        ("sees what people agree on", "", response(shares, reward=1.0), Verdict.PASS),
        ("sees nothing of it", "", response(shares), Verdict.FAIL),
        ("twelve people", "", response(shares, reward=1.0, users=12), Verdict.INCONCLUSIVE),
        ("one rater", "", response(shares, reward=1.0, raters=1), Verdict.INCONCLUSIVE),
        ("no such model", "another", response(shares, reward=1.0), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=RewardModelUsable(rater=rater),
            evidence={"long": long},
            expect=expect,
            limit=at_least("-0.05"),
        )
        for title, rater, long, expect in told
    )


@check(
    asks=lambda p: asking(p, may=("source", "score")),
    params=RewardModelUsable,
    examples=examples,
    limit=limits(METRIC, at_least="(-1, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.13", "nist-ai-rmf:MEASURE 2.5", "iso-42001:A.6.2.4"),
)
def reward_model_usable(long: Long, params: RewardModelUsable) -> Iterator[Measurement]:
    """Rank correlation of a reward model with people's mean rating, minus what one further person would reach.

    One person against the mean of others is the least that may stand in for people: a model below it is not usable
    as a gate, however it compares with other models. Shown beside it are the ceilings and the best judge. Source:
    Spearman 1910, British Journal of Psychology 3:271; Brown 1910, ibid. 3:296; jackknife over users (Kott 2001).
    """
    from hcgov.stages.judgments.personal_judging import unjudged  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_response import ranked, replies_of  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_rows import obstacle, of_people, only_synthetic, stage_rows  # noqa: PLC0415 - numpy loads only where it is needed
    from hcgov.stages.judgments.personal_slices import nothing  # noqa: PLC0415 - numpy loads only where it is needed

    everything = stage_rows(long, "3")
    own = of_people(everything)
    why = only_synthetic(everything) or obstacle(own, min_raters=params.min_raters)
    if why is not None:
        yield nothing(METRIC, why)
        return
    models = {own.rater_names[code] for code in own.raters[own.reward].tolist()}
    for name in sorted(models if not params.rater else models & {params.rater}):
        if missed := unjudged(own, name, params.max_missing):
            yield nothing(METRIC, missed)
            return
    found = ranked(replies_of(own), params.rater)
    for names, scope in ((found.judges, "rater"), (found.rewards, "rater")):
        for name, estimate in names:
            at = Slice(values=((scope, name),))
            reason = None if estimate else Reason.CONSTANT_OUTCOME
            yield Measurement(
                metric="rank_correlation", scope=at, depth=1, estimate=estimate, reason=reason, shown=True
            )
    beside = (
        ("between_people", found.between_people),
        ("one_person", found.one_person),
        ("perfect_model", found.perfect),
        ("reward_minus_judge", found.reward_minus_judge),
    )
    for metric, estimate in beside:
        if estimate is not None:
            yield Measurement(metric=metric, estimate=estimate, shown=True)
    estimate = found.reward_minus_person
    least, people = long.rules.min_people, 0 if estimate is None else estimate.people or 0
    if estimate is None:
        note = text("no reward model, or no two people, can be held against people's ratings")
        yield Measurement(metric=METRIC, scope=EVERYONE, reason=Reason.UNMATCHED_PAIRS, note=note)
    elif people < least:
        note = text("{n} {n|person|people}; {least} are needed", n=people, least=least)
        yield Measurement(metric=METRIC, scope=EVERYONE, reason=Reason.FEW_PEOPLE, note=note)
    else:
        yield Measurement(metric=METRIC, scope=EVERYONE, estimate=estimate)
