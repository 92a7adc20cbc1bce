"""The probabilities that a judge gives mean what they say."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.arrays import numbers
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Floats, Mask, Refused
from hcgov.stages.judgments.judge_slices import beside_people, unknown_of
from hcgov.stages.judgments.judge_specimens import Row, labelled, table
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.worked import at_most
from hcgov.stats.judges.calibration import Calibrated, calibrated

METRIC = "judge_squared_calibration_error"


class JudgeCalibration(JudgeParams):
    """Parameters of the calibration of a judge."""


def asks(params: JudgeCalibration) -> Mapping[str, Request]:
    """Ask for the scores, and for the probabilities of the judge."""
    return {"long": params.request(("probability",))}


def examples() -> tuple[Example[JudgeCalibration], ...]:
    """Return probabilities that hold, ones that are too sure, and too few."""

    def told(items: int, sure: float) -> Long:
        rows = labelled(judge_right=0.85, people_right=1.0, items=items, each=1)
        own = iter(np.random.default_rng(3).random(items))
        with_it: list[Row] = []
        for row in rows:
            p = sure + (next(own) - 0.5) * 0.01 if row["rater_kind"] == "judge" else 1.0
            with_it.append({**row, "probability": p if row["score"] == "1" else 1.0 - p})
        return table(with_it)

    cases = {
        "they hold": (told(900, 0.85), Verdict.PASS),
        "too sure": (told(900, 0.995), Verdict.FAIL),
        "few items": (told(24, 0.85), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=JudgeCalibration(positive=("1",)),
            evidence={"long": long},
            expect=expect,
            limit=at_most("0.01"),
        )
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeCalibration,
    examples=examples,
    limit=limits(METRIC, at_most="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.9"),
)
def judge_calibration(long: Long, params: JudgeCalibration) -> Iterator[Measurement]:
    """Mean squared distance of the judge's probability from the share of people who say 1, without what noise adds.

    Whoever acts on a judge's certainty needs it to be true; a limit of 0.01 is a calibration error of 0.10. The plain
    estimate is too large in small samples and is not used. Source: Kumar, Liang & Ma 2019, arXiv:1909.10155; Kott
    2001, Journal of Official Statistics 17:521.
    """
    told = numbers(long, "probability")

    def value(found: Matched, mask: Mask) -> Mapping[str, Estimate] | Refused:
        one = calibration_of(found, mask, told)
        return one if isinstance(one, Refused) else {METRIC: one.squared}

    for one in beside_people(long, params, (METRIC,), value):
        yield one
        if one.estimate is not None and one.depth == 0 and one.estimate.value is not None:
            root = replace(one.estimate, value=max(one.estimate.value, 0.0) ** 0.5)
            yield Measurement(
                metric="judge_calibration_error",
                scope=one.scope,
                shown=True,
                note=text("calibration error {value}", value=f"{root.value:.3f}"),
            )


def calibration_of(found: Matched, mask: Mask, told: Floats) -> Calibrated | Refused:
    """Return the calibration of a judge on some of its matched rows, or why there is none."""
    refused = found.trouble(mask, constant=False)
    if refused is not None:
        return refused
    given = _of_judge(found, told)
    known = mask & np.isfinite(given)
    if known.any() and (untold := unknown_of("probability", np.isfinite(given), mask)):
        return untold
    if not known.any():
        return Refused(
            reason=Reason.MISSING_OUTCOMES, text=text("`{judge}` gives no probabilities", judge=found.judge)
        )
    if not (
        ((given[known] >= 0) & (given[known] <= 1)).all() and np.isin(found.score[known], (0.0, 1.0)).all()
    ):
        return Refused(
            reason=Reason.MISSING_OUTCOMES,
            text=text("probabilities lie in [0, 1], and `positive` says which scores count as 1"),
        )
    # Clusters of the coarser kind: users, else items, whose people share one probability.
    clusters = found.unit if found.from_.user is None else found.rows.people
    one = calibrated(given[known], found.score[known], clusters[known])
    if one is None:
        return Refused(
            reason=Reason.SMALL_N, text=text("too few items share a probability for its error to be known")
        )
    people = found.rows.where(known).distinct_people
    return replace(one, squared=replace(one.squared, people=people))


def _of_judge(found: Matched, told: Floats) -> Floats:
    """Return the judge's mean probability about what each matched row is about; NaN where it gave none."""
    ratings = found.from_
    rows = ratings.of(found.judge) & (ratings.probe < 0)
    value, unit = told[ratings.at[rows]], ratings.unit[rows]
    known = np.isfinite(value)
    size = int(ratings.unit.max()) + 1
    count = np.bincount(unit[known], minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(unit[known], weights=value[known], minlength=size) / count
    place = np.full(int(ratings.at.max()) + 1, -1)
    place[ratings.at] = ratings.unit
    return np.asarray(mean[place[found.at]], dtype=np.float64)
