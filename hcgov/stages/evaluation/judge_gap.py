"""A judge scores neither higher nor lower than people do."""

from collections.abc import Iterator, Mapping
from functools import partial

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.judge_params import JudgeScoreParams
from hcgov.stages.judgments.judge_ratings import Mask, Refused, in_unit
from hcgov.stages.judgments.judge_slices import beside_people
from hcgov.stages.judgments.judge_specimens import scale_table, scored
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.worked import at_most
from hcgov.stats.judges.gaps import mean_gap

METRICS = ("judge_above_people", "judge_below_people")


class JudgeGap(JudgeScoreParams):
    """Parameters of the gap between a judge and people."""


def asks(params: JudgeGap) -> Mapping[str, Request]:
    """Ask for the scores by people and judges."""
    return {"long": params.request()}


def examples() -> tuple[Example[JudgeGap], ...]:
    """Return a judge that is fair, one that inflates, one without people, and one that always says the same."""
    rows = scored(shift=0.0, items=300)
    cases = {
        "as people do": (rows, Verdict.PASS),
        "half a point too high": (scored(shift=0.6), Verdict.FAIL),
        "few items": (rows[:40], Verdict.INCONCLUSIVE),
        "only the judge": (tuple(r for r in rows if r["rater_kind"] == "judge"), Verdict.INCONCLUSIVE),
        "one person": (tuple(r for r in rows if r["rater"] in ("judge-1", "p1")), Verdict.INCONCLUSIVE),
        "always three": (
            tuple({**r, "score": "3"} if r["rater_kind"] == "judge" else r for r in rows),
            Verdict.INCONCLUSIVE,
        ),
        "every judgment twice": ((*rows, *rows), Verdict.INCONCLUSIVE),
    }
    params = JudgeGap()
    return tuple(
        Example(
            title=title,
            params=params,
            evidence={"long": scale_table(given)},
            expect=expect,
            limit=at_most("0.075"),
        )
        for title, (given, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeGap,
    examples=examples,
    limit=limits(*METRICS, at_most="[0, 1000)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13", "nist-ai-rmf:MEASURE 2.11"),
)
def judge_gap(long: Long, params: JudgeGap) -> Iterator[Measurement]:
    """Mean of judge minus person over the same outputs, held against the limit in both directions.

    A judge that likes everything more than people do makes a system look better than it is to them; both one-sided
    bounds have to keep the limit (two one-sided tests), each clustered by user, or by person and item. Items that
    only one side saw are refused. Source: Schuirmann 1987, doi:10.1007/BF01068419; Miller 2024, arXiv:2411.00640;
    Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136.
    """
    yield from beside_people(long, params, METRICS, partial(_gaps, params.unit))


def _gaps(unit: str, found: Matched, mask: Mask) -> Mapping[str, Estimate] | Refused:
    refused = found.trouble(mask)
    if refused is not None:
        return refused
    told = in_unit(found.from_, (found.judge_score - found.score)[mask], unit)
    if isinstance(told, Refused):
        return told
    (apart, reach), rows = told, found.rows.where(mask)
    return {METRICS[0]: mean_gap(apart, rows, reach=reach), METRICS[1]: mean_gap(-apart, rows, reach=reach)}
