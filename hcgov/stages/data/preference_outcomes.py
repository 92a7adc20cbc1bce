"""People find something to prefer among what they are shown."""

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.comparison_notes import lacking, told
from hcgov.stages.judgments.comparisons import OUTCOMES, A, B, PreferenceParams, asked, choices
from hcgov.stages.judgments.preference_slices import Group, each_group
from hcgov.stages.judgments.preference_worked import judged, mixed
from hcgov.stages.worked import at_most
from hcgov.stats.clusters import FEWEST
from hcgov.stats.crossed import crossed_share

METRIC = "outcome_share"


class PreferenceOutcomes(PreferenceParams):
    """Parameters of the outcomes."""

    outcome: Annotated[Literal["both_bad", "tie", "skip"], Stricter.IDENTITY] = Field(
        default="both_bad", description="Outcome whose share must keep the limit."
    )


def examples() -> tuple[Example[PreferenceOutcomes], ...]:
    """Two regions judge ten prompts."""

    def table(people: int, north: int, south: int) -> Long:
        bad = {"north": north, "south": south}
        return judged(
            people,
            10,
            lambda region, who, one: "both_bad" if mixed(who, one) < bad[region] else "ab"[who % 2],
        )

    told_ = (
        ("seldom are both bad", table(160, 5, 6), Verdict.PASS),
        ("in the south half of them are", table(160, 5, 50), Verdict.FAIL),
        ("too few people in each region", table(24, 5, 6), Verdict.INCONCLUSIVE),
        ("one person", table(1, 5, 5), Verdict.INCONCLUSIVE),
        ("everybody skips", judged(160, 10, lambda *_: "skip"), Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=PreferenceOutcomes(),
            evidence={"long": evidence},
            expect=verdict,
            limit=at_most("0.20"),
        )
        for title, evidence, verdict in told_
    )


@check(
    asks=lambda params: {"long": asked(params)},
    params=PreferenceOutcomes,
    examples=examples,
    limit=limits(METRIC, at_most="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(f)", "iso-42001:A.7.4"),
)
def preference_outcomes(long: Long, params: PreferenceOutcomes) -> Iterator[Measurement]:
    """Share of judgments with an outcome, of everyone and of every group, with people and prompts as clusters.

    Where both candidates are bad, a ranking of them tells nobody what would be good; where that is so in one group,
    the candidates were made for the others. "Both bad" is no tie: the five outcomes are kept and counted apart.
    Source: Clopper & Pearson 1934, Biometrika 26:404-413; Cameron, Gelbach & Miller 2011.
    """
    found = choices(long, params.dimension)
    stopped = lacking(found, long, models=False)
    if stopped is not None:
        yield Measurement(metric=METRIC, reason=stopped[0], note=stopped[1])
        return
    used = found.counted & (found.choice >= 0) & (found.people >= 0)
    people = int(np.unique(found.people[used]).size)
    if people < FEWEST:
        note = text(
            "{n} {n|person|people} judged in `{table}`; with fewer than {least} nothing is known of how they differ",
            n=people,
            table=long.table,
            least=FEWEST,
        )
        yield Measurement(metric=METRIC, reason=Reason.FEW_PEOPLE, note=note)
        return
    happened = found.choice == OUTCOMES.index(params.outcome)
    preferred = np.isin(found.choice, (A, B))
    if not (used & (preferred | happened)).any():
        note = text(
            "nobody preferred either response in `{table}`: every judgment is a tie, bad or skipped, so that nothing "
            "tells how people would have chosen",
            table=long.table,
        )
        yield Measurement(metric=METRIC, reason=Reason.CONSTANT_OUTCOME, note=note)
        return
    yield Measurement(metric=METRIC, estimate=crossed_share(happened[used], found.rows.where(used)))

    def share(group: Group) -> Estimate:
        return crossed_share(happened[group.rows], found.clusters(group.rows))

    if long.rules.by:
        yield from each_group(long, METRIC, found.people, used, share)
    yield from told(found)
