"""A judge agrees with people about as well as people agree with one another."""

from collections.abc import Iterator, Mapping

import numpy as np

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Verdict
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Mask, Refused
from hcgov.stages.judgments.judge_slices import each_judge, refusal, sliced
from hcgov.stages.judgments.judge_specimens import labelled, table
from hcgov.stages.judgments.judge_trust import ceiling_of
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.worked import at_most
from hcgov.stats.judges.ceiling import Ceiling

METRIC = "judge_agreement_deficit"


class JudgeCeiling(JudgeParams):
    """Parameters of the agreement of a judge with people."""


def asks(params: JudgeCeiling) -> Mapping[str, Request]:
    """Ask for the scores by people and judges."""
    return {"long": params.request()}


def examples() -> tuple[Example[JudgeCeiling], ...]:
    """Return a judge like people, one that often errs, one with few items, and items that one person judged each."""
    cases = {
        "like people": (labelled(), Verdict.PASS),
        "often wrong": (labelled(judge_right=0.6), Verdict.FAIL),
        "few items": (labelled(items=12), Verdict.INCONCLUSIVE),
        "nobody judged the same": (labelled(each=1), Verdict.INCONCLUSIVE),
        "one label": (labelled(prevalence=1.0, people_right=1.0), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=JudgeCeiling(),
            evidence={"long": table(rows)},
            expect=expect,
            limit=at_most("0.10"),
        )
        for title, (rows, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeCeiling,
    examples=examples,
    limit=limits(METRIC, at_most="[-1, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13"),
)
def judge_ceiling(long: Long, params: JudgeCeiling) -> Iterator[Measurement]:
    """Agreement of people with one another minus agreement of the judge with them, over the same judgments.

    People disagree, too; what a judge can reach is their own agreement, and a judge that falls short of it by more
    than the limit speaks for nobody. Labels: Gwet's AC1; scores: Spearman's correlation with the mean of the others.
    Each person is held against the others only, for a majority holds its members' own votes. Source: Gwet 2008,
    doi:10.1348/000711006X126600; Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136.
    """
    for one in each_judge(long, params):
        scope, found = Slice(values=one.prefix), one.found
        if isinstance(found, Refused):
            yield refusal(METRIC, found, scope)
            continue
        everyone = np.ones(found.at.size, dtype=np.bool_)
        whole = ceiling_of(found, everyone)
        if isinstance(whole, Ceiling):
            yield Measurement(metric="judge_agreement", scope=scope, estimate=whole.judge, shown=True)
            yield Measurement(metric="people_agreement", scope=scope, estimate=whole.people, shown=True)

        def value(
            mask: Mask, found: Matched = found, whole: Ceiling | Refused = whole
        ) -> Mapping[str, Estimate] | Refused:
            ceiling = whole if mask.all() else ceiling_of(found, mask)
            return ceiling if isinstance(ceiling, Refused) else {METRIC: ceiling.deficit}

        yield from sliced(long, found.at, found.rows.people, (METRIC,), value, one.prefix)
