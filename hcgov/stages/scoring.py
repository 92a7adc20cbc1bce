"""AUC and calibration of slices, from histograms of scores."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated

from pydantic import Field

from hcgov.core.direction import Neither
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.counts import NOBODY
from hcgov.core.evidence.scores import BINS, Histogram, Scores, ScoresOf, SliceScores
from hcgov.core.measurement import GroupCount
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.measuring import Found, Valued
from hcgov.stages.rates import RateParams
from hcgov.stages.worst_scores import (
    Ends,
    PartlyScored,
    area_ends,
    gap_ends,
    outside,
    unknown_of,
    unknown_of_rest,
)
from hcgov.stats.auc import BinnedAuc, area, binned_auc
from hcgov.stats.calibration import InTheLarge, calibration_error, in_the_large
from hcgov.stats.jackknife import Jackknifed, delete_a_group
from hcgov.stats.means import student
from hcgov.stats.shares import share, worth


class ScoreParams(RateParams):
    """What every check on scores by slice takes."""

    score: str = Field(default="score", description="Role or outcome that holds the score.")
    label: str = Field(default="label", description="Outcome that holds what was true.")
    bins: Annotated[int, Neither("more bins tell more, of what keeps a limit and of what does not")] = Field(
        default=BINS,
        ge=10,
        le=1000,
        description="Bins of equal width that scores are counted in; more of them lose less.",
    )

    @property
    def request(self) -> ScoresOf:
        """The histograms that the check reads."""
        return ScoresOf(
            table=self.table, score=self.score, label=self.label, bins=self.bins, slices=self.slices
        )


def auc_of(scores: Scores, metric: str, params: ScoreParams) -> Found:
    """Return the area under the ROC curve of everyone and of every slice."""

    def value(one: SliceScores) -> Valued:
        return auc_of_slice(one, scores.exact)

    return _found(scores, metric, params, value, area_ends(scores.exact))


def calibration_of(scores: Scores, metric: str, params: ScoreParams) -> Found:
    """Return how far the mean score of everyone, and of every slice, lies from the observed rate, either way."""
    width = (scores.high - scores.low) / scores.bins

    def value(one: SliceScores) -> Valued:
        return calibration_of_slice(one, width)

    return _found(scores, metric, params, value, gap_ends(width))


def large(one: SliceScores, width: float) -> InTheLarge | None:
    """Return mean score minus observed rate of a slice."""
    return in_the_large(one.rows, _clusters(one), width)


def squared_mean_error(one: SliceScores) -> Estimate | None:
    """Return the debiased calibration error of a slice, to be shown."""
    value = calibration_error(one.rows, _clusters(one))
    if value is None:
        return None
    return Estimate(
        value=value, n=one.rows.n, n_eff=float(one.rows.n), people=_people(one), method=Method.POINT
    )


def _found(
    scores: Scores, metric: str, params: ScoreParams, value: Callable[[SliceScores], Valued], ends: Ends
) -> Found:
    overall = scores.overall()
    slices = {one.slice: one for by in scores.rules.every_slicing() for one in scores.by(by)}
    partly = {by: PartlyScored(scores.by(by)) for by in scores.rules.every_slicing()}
    nobody = sum(rows.n for bucket, rows in overall.clusters if bucket == NOBODY)

    def valued(one: SliceScores) -> Valued:
        found, may = value(one), partly[one.slice.columns].may_belong(one.slice) if one.slice.values else None
        return replace(found, unknown=unknown_of(one, may, found.estimate, ends))

    @cache
    def by(columns: tuple[str, ...]) -> tuple[Valued, ...]:
        return tuple(valued(one) for one in scores.by(columns))

    def rest(one: Valued) -> Valued:
        who = one.group.slice
        others, may = outside(slices[who], overall), partly[who.columns].may_belong(who)
        found = value(others)
        return replace(found, unknown=unknown_of_rest(others, may, found.estimate, ends))

    return Found(
        metric=metric,
        table=scores.table,
        of=f"`{scores.score}` and `{scores.label}`",
        people_known=scores.people_known,
        nobody=nobody,
        rules=scores.rules,
        source=scores.source,
        gaps=params.gaps,
        overall=valued(overall),
        by=by,
        rest=rest,
    )


def auc_of_slice(one: SliceScores, exact: Sequence[bool]) -> Valued:
    """Return the area under the ROC curve of one slice; ``exact`` says in which bins all scores are equal."""
    """Return the area under the ROC curve of a slice with its interval, or why it has none.

    ``exact`` says of each bin whether all scores in it are equal.
    """
    found = binned_auc(one.rows.positives, one.rows.negatives, exact)
    if found is None or one.people is None:
        note = text("{slice}: only one label occurs, so there is nothing to tell apart", slice=one.slice)
        return _valued(one, None, _fewest(one), reason=Reason.CONSTANT_OUTCOME, note=note)
    fewest = _fewest(one)
    variance, df = found.variance, None
    if one.clusters:
        jackknifed = _jackknifed(found, one)
        if jackknifed is None:
            note = text(
                "{slice}: without some of its people one label is gone, so no interval can be given",
                slice=one.slice,
            )
            return _valued(one, None, fewest, reason=Reason.FEW_PEOPLE, note=note)
        # Rows of one person may also differ more than chance would have it; they are never worth more than rows.
        variance, df = max(jackknifed.variance, variance or 0.0), jackknifed.df
    size = worth(found.value, variance, fewest=max(fewest, 1), most=float(one.rows.n), df=df)
    estimate = share(found.value, size, n=one.rows.n, people=_people(one), error=found.error)
    return _valued(one, estimate, fewest)


def _jackknifed(found: BinnedAuc, one: SliceScores) -> Jackknifed | None:
    left = (one.rows.minus(rows) for _, rows in one.clusters)
    without = [area(rows.positives, rows.negatives) for rows in left]
    values = [value for value in without if value is not None]
    return delete_a_group(found.value, values) if len(values) == len(without) else None


def calibration_of_slice(one: SliceScores, width: float) -> Valued:
    """Return how far the mean score of one slice lies from its observed rate; bins are ``width`` wide."""
    """Return how far a slice's mean score lies from its rate, either way, or why there is no interval.

    ``width`` is that of a bin.
    """
    found = large(one, width)
    if found is None or found.se is None or one.people is None:
        note = text("{slice}: too few rows for an interval", slice=one.slice)
        return _valued(one, None, _fewest(one), reason=Reason.SMALL_N, note=note)
    estimate = student(
        abs(found.value), found.se, found.df, n=one.rows.n, people=_people(one), low=0.0, high=1.0, aim=0.0
    )
    return _valued(one, estimate, _fewest(one))


def _valued(
    one: SliceScores,
    estimate: Estimate | None,
    fewest: int,
    *,
    reason: Reason | None = None,
    note: Text | None = None,
) -> Valued:
    rows = one.rows
    group = GroupCount(
        slice=one.slice,
        positives=rows.events,
        n=rows.n,
        n_eff=float(rows.n) if estimate is None else estimate.n_eff,
        people=_people(one),
    )
    return Valued(
        group=group, missing=one.missing, fewest=fewest, estimate=estimate, reason=reason, note=note
    )


def _fewest(one: SliceScores) -> int:
    return 0 if one.people is None else min(one.people.positives, one.people.negatives)


def _people(one: SliceScores) -> int | None:
    return None if one.people is None else one.people.people


def _clusters(one: SliceScores) -> tuple[Histogram, ...]:
    return tuple(rows for _, rows in one.clusters)
