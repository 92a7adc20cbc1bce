"""Rates whose labels are partly a judge's: what people's labels, and the judge's errors on them, make of them."""

from dataclasses import field, replace

import numpy as np

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason
from hcgov.core.text import text
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Floats, Mask, Ratings, Refused
from hcgov.stages.judgments.judge_slices import NO_NUMBERS, matched
from hcgov.stages.judgments.judge_units import Units, units_of
from hcgov.stages.judgments.judging import Matched, no_such_score
from hcgov.stats.crossed import Rows, crossed_share, distinct, worth_of
from hcgov.stats.judges.ppi import Powered, powered_share
from hcgov.stats.judges.rogan_gladen import LEAST, Errors, corrected_share

LEVEL = 0.95
LABELS_NEEDED = 50
"""Fewest labels of people for a rate with the help of a judge."""
EACH_NEEDED = 50
"""Fewest positives, and negatives, among people's labels for the errors of a judge to be known at all."""


@frozen
class Labelling:
    """Labels of a judge and of people.

    Parameters
    ----------
    units
        One row a thing that was labelled.
    beside
        The judge's labels beside people's, or why they cannot be put there.
    drawn
        Whether it is recorded which items were drawn at random for people.
    users
        Whether clusters are people; else they are items.
    """

    judge: str
    units: Units = field(repr=False)
    beside: Matched | Refused = field(repr=False)
    drawn: bool
    users: bool

    def known_people(self, estimate: Estimate) -> Estimate:
        """Return an estimate whose people are not known where clusters are items."""
        return estimate if self.users else replace(estimate, people=None)


def labelling(found: Ratings, judge: str, params: JudgeParams) -> Labelling | Refused:
    """Return the labels of a judge and of people; refused where they are no outcomes between 0 and 1."""
    if not found.at.size:
        return Refused(
            reason=Reason.SMALL_N, text=text("`{table}` holds no judgments", table=found.long.table)
        )
    if found.unheard:
        return no_such_score(found)
    if lost := found.few_lost(judge):
        return lost
    if not np.isfinite(found.score).all() or found.score.min() < 0.0 or found.score.max() > 1.0:
        return NO_NUMBERS
    return Labelling(
        judge=judge,
        units=units_of(found, judge),
        beside=matched(found, judge, params),
        drawn=found.drawn is not None,
        users=found.user is not None,
    )


def by_people(told: Labelling, mask: Mask) -> Powered | Refused:
    """Return the rate by prediction-powered inference over some of the things, or why there is none.

    Where people labelled all of them the judge is not used.
    """
    units = told.units
    known = mask & units.labelled & np.isfinite(units.people)
    only = mask & units.judged_only
    if not known.any():
        return _alone(told, mask)
    if not only.any():
        estimate = crossed_share(units.people[known], Rows(people=units.cluster[known]))
        n = int(known.sum())
        return Powered(estimate=estimate, trust=0.0, gain=1.0, labelled=n, judged=0)
    if isinstance(told.beside, Refused):
        return told.beside
    if not told.drawn:
        return Refused(
            reason=Reason.NOT_RANDOMISED,
            text=text(
                "no column `calibration` says that the items which people labelled were drawn at random"
            ),
        )
    both = known & np.isfinite(units.judge)
    if int(both.sum()) < LABELS_NEEDED:
        return _few(int(both.sum()))
    one = powered_share(
        units.people[both],
        units.judge[both],
        Rows(people=units.cluster[both]),
        units.judge[only],
        Rows(people=units.cluster[only]),
    )
    return _few(0) if one is None else one


def by_errors(told: Labelling, mask: Mask) -> Estimate | Refused:
    """Return the rate by the judge alone, corrected for its errors on what people labelled, or why there is none.

    The errors are those on the same things (``mask``); people's items need not have the same mix of labels.
    """
    units = told.units
    known = mask & units.labelled & np.isfinite(units.people) & np.isfinite(units.judge)
    only = mask & units.judged_only
    test = only if only.any() else mask & np.isfinite(units.judge)
    if not known.any():
        return _alone(told, mask)
    said_so = units.people[known]
    fewest = int(min(said_so.sum(), (1.0 - said_so).sum()) + 1e-9)
    if fewest < EACH_NEEDED:
        return Refused(
            reason=Reason.SMALL_N,
            text=text(
                "people labelled {n} {n|item|items} of the rarer kind; {needed} of either are needed",
                n=fewest,
                needed=EACH_NEEDED,
            ),
        )
    hits, positives = _said(units, known, units.people)
    alarms, negatives = _said(units, known, 1.0 - units.people)
    errors = Errors(
        hits=hits * positives,
        positives=positives,
        rejections=(1.0 - alarms) * negatives,
        negatives=negatives,
    )
    said = worth_of(units.judge[test], Rows(people=units.cluster[test]))
    people = distinct(units.cluster[mask])
    one = corrected_share(said.mean or 0.0, said.n_eff, errors, n=int(mask.sum()), people=people, level=LEVEL)
    if one is None:
        return Refused(
            reason=Reason.JUDGE_UNINFORMATIVE,
            text=text(
                "hit rate minus alarm rate of `{judge}` is at least {worth} ({level} confidence) and has to exceed "
                "{least}",
                judge=told.judge,
                worth=f"{errors.worth(LEVEL):.2f}",
                level=f"{LEVEL:.0%}",
                least=LEAST,
            ),
        )
    return one


def _said(units: Units, known: Mask, weight: Floats) -> tuple[float, float]:
    """Return how often the judge says 1 of what people call so, and the observations that this is worth.

    A thing that people are split about counts on both sides, by the share of people on each: the judge's rate is then
    the people's rate through these errors, which a majority in their place would bend.
    """
    own = known & (weight > 0.0)
    w = weight[own]
    worth = worth_of(units.judge[own], Rows(people=units.cluster[own]))
    kish = float(w.sum() ** 2 / (w @ w)) / w.size
    return float(w @ units.judge[own] / w.sum()), worth.n_eff * kish


def judge_only(told: Labelling, mask: Mask, scope: Slice) -> Measurement:
    """Return the rate that the judge alone says, to be shown: it may warn and never decides."""
    known = mask & np.isfinite(told.units.judge)
    own = Rows(people=told.units.cluster[known])
    estimate = told.known_people(crossed_share(told.units.judge[known], own)) if known.any() else None
    return Measurement(
        metric="rate_by_judge_alone",
        scope=scope,
        estimate=estimate,
        shown=True,
        note=text(
            "`{judge}` alone says {value}; that may warn, and never passes",
            judge=told.judge,
            value="nothing" if estimate is None or estimate.value is None else f"{estimate.value:.4f}",
        ),
    )


def _alone(told: Labelling, mask: Mask) -> Refused:
    known = mask & np.isfinite(told.units.judge)
    share = float(told.units.judge[known].mean()) if known.any() else None
    return Refused(
        reason=Reason.JUDGE_UNINFORMATIVE,
        text=text(
            "only `{judge}` labelled {n} {n|item|items} here (its rate: {share}); a judge alone never passes",
            judge=told.judge,
            n=int(known.sum()),
            share="none" if share is None else f"{share:.3f}",
        ),
    )


def _few(labels: int) -> Refused:
    return Refused(
        reason=Reason.SMALL_N,
        text=text(
            "people labelled {n} {n|item|items} that the judge labelled, too; {needed} are needed",
            n=labels,
            needed=LABELS_NEEDED,
        ),
    )
