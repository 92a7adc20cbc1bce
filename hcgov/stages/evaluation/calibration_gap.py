"""In every slice scores promise, on average, what happens."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.scores import Scores, SliceScores
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.contrasting import each_alone
from hcgov.stages.scoring import ScoreParams, calibration_of, large, squared_mean_error
from hcgov.stages.worked import at_most
from hcgov.stages.worked_scores import BINS, score_table, score_verdicts, separated
from hcgov.stats.calibration import reliability
from hcgov.stats.means import student
from hcgov.stats.proportions import rate


class CalibrationGap(ScoreParams):
    """Parameters of calibration in the large."""


def asks(params: CalibrationGap) -> Mapping[str, Request]:
    """Ask for the histogram of the score by slice."""
    return {"scores": params.request}


def examples() -> tuple[Example[CalibrationGap], ...]:
    """Two regions, a mean score of one half: half of both have the label, a fifth of one have it, too few people."""
    even = separated(500, hit=375, alarm=125)
    fewer = ({0.75: 150, 0.25: 50}, {0.75: 350, 0.25: 450})
    return score_verdicts(
        CalibrationGap(table="predictions", bins=BINS),
        passes=score_table({"north": even, "south": separated(500, hit=370, alarm=130)}),
        fails=score_table({"north": even, "south": fewer}),
        cannot_tell=score_table({"north": even, "south": separated(12, hit=9, alarm=3)}),
        limit=at_most("0.05"),
    )


@check(
    asks=asks,
    params=CalibrationGap,
    examples=examples,
    limit=limits("calibration_gap", at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:MEASURE 2.5", "eu-ai-act:Art.13(3)(b)"),
)
def calibration_gap(scores: Scores, params: CalibrationGap) -> Iterator[Measurement]:
    """Distance of a slice's mean score from its observed rate, in [0, 1], with Student's interval.

    A score that promises one group too much, and another too little, misleads whoever decides by it, and an
    average hides both. The larger of the two one-sided bounds is held against the limit, so a slice passes only
    where scores are shown to be neither too high nor too low (two one-sided tests). The debiased calibration
    error (root mean square over groups of equal size) is shown beside it, without an interval, and never judged:
    near 0 its error is far from normal. Source: Van Calster et al. 2019, BMC
    Medicine 17:230; Kumar, Liang & Ma 2019, arXiv:1909.10155; Schuirmann 1987, J. Pharmacokinet. 15:657-680.
    """
    if scores.outside:
        note = text(
            "{rows} {rows|row|rows} of `{table}` {rows|has|have} a `{score}` outside 0 and 1: such scores promise no "
            "rate",
            rows=scores.outside,
            table=scores.table,
            score=scores.score,
        )
        yield Measurement(metric="calibration_gap", reason=Reason.MISSING_OUTCOMES, note=note)
        return
    slices = [scores.overall(), *(one for by in scores.rules.every_slicing() for one in scores.by(by))]
    width = (scores.high - scores.low) / scores.bins
    for one in slices:
        for told in (
            _shown(one, "mean_score_minus_rate", _signed(one, width)),
            _shown(one, "calibration_error", squared_mean_error(one)),
        ):
            beside = bool(set(one.slice.columns) & set(scores.rules.report))
            yield replace(told, reason=told.reason or Reason.REPORTED) if beside else told
    yield from _reliability(scores.overall())
    yield from each_alone(calibration_of(scores, "calibration_gap", params))


def _signed(one: SliceScores, width: float) -> Estimate | None:
    found = large(one, width)
    if found is None or found.se is None:
        return None
    people = None if one.people is None else one.people.people
    return student(found.value, found.se, found.df, n=one.rows.n, people=people, low=-1.0, high=1.0)


def _shown(one: SliceScores, metric: str, estimate: Estimate | None) -> Measurement:
    note = None
    if estimate is None:
        note = text("{metric} is undefined for {slice}", metric=metric, slice=one.slice)
    return Measurement(
        metric=metric,
        scope=one.slice,
        depth=one.slice.depth,
        estimate=estimate,
        reason=Reason.SMALL_N if estimate is None else None,
        note=note,
        shown=True,
    )


def _reliability(everyone: SliceScores) -> Iterator[Measurement]:
    """Show, for groups of everyone from the lowest scores to the highest, what they promise and what happened."""
    for number, group in enumerate(reliability(everyone.rows), start=1):
        note = text(
            "{n} {n|row|rows} of mean score {promised}: {observed} observed",
            n=group.n,
            promised=f"{group.mean_score:.4f}",
            observed=f"{group.rate:.4f}",
        )
        # Rows of people who repeat are worth less than these intervals say, so there are none.
        repeated = bool(everyone.clusters)
        estimate = None if repeated else rate(group.rows.events, group.n)
        yield Measurement(metric=f"reliability_{number:02d}", estimate=estimate, note=note, shown=True)
