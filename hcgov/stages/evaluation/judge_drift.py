"""A judge scores the same things as it did in the first round."""

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
from hcgov.stages.judgments.judge_params import JudgeScoreParams
from hcgov.stages.judgments.judge_ratings import Floats, Ints, Mask, Ratings, Refused, in_unit, ratings
from hcgov.stages.judgments.judge_slices import NO_NUMBERS, named, refusal, sliced
from hcgov.stages.judgments.judge_specimens import Row, scale_table, scored
from hcgov.stages.worked import at_most
from hcgov.stats.crossed import Rows
from hcgov.stats.judges.gaps import mean_gap, smaller_side

METRICS = ("judge_drift_up", "judge_drift_down")


class JudgeDrift(JudgeScoreParams):
    """Parameters of the drift of a judge."""


def asks(params: JudgeDrift) -> Mapping[str, Request]:
    """Ask for the judgments and the round of each."""
    return {"long": params.request(("wave",))}


def examples() -> tuple[Example[JudgeDrift], ...]:
    """Return a judge that stays, one that became kinder, few items, and one round."""

    def rounds(items: int, shift: int, waves: int = 2) -> Long:
        rows: list[Row] = []
        for row in scored(items=items, each=0):
            for wave in range(waves):
                moved = shift if wave and int(str(row["item"])[1:]) % 2 else 0
                score = str(min(max(int(str(row["score"])) + moved, 1), 5))
                rows.append({**row, "score": score, "wave": f"2026-{wave}"})
        return scale_table(rows)

    cases = {
        "the same": (rounds(400, 0), Verdict.PASS),
        "kinder": (rounds(200, 1), Verdict.FAIL),
        "few items": (rounds(6, 1), Verdict.INCONCLUSIVE),
        "one round": (rounds(60, 0, 1), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title, params=JudgeDrift(), evidence={"long": long}, expect=expect, limit=at_most("0.06")
        )
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeDrift,
    examples=examples,
    limit=limits(*METRICS, at_most="[0, 1000)"),
    supports=("nist-ai-rmf:MEASURE 2.13", "nist-ai-rmf:MEASURE 2.4"),
)
def judge_drift(long: Long, params: JudgeDrift) -> Iterator[Measurement]:
    """Mean score of the last round minus that of the first, over what the judge scored in both, held both ways.

    A hosted judge changes without a word, and every figure that rests on it moves. The same things are scored again, so
    that nothing else can have moved. Source: Miller 2024, arXiv:2411.00640, paired differences; Schuirmann 1987,
    doi:10.1007/BF01068419.
    """
    found = ratings(long, params.positive)
    for name, prefix in named(found, params):
        one = again_of(found, name)
        if isinstance(one, Refused):
            yield refusal(METRICS[0], one, Slice(values=prefix))
            continue
        rows, moved = one
        people = found.cluster(rows)

        def value(
            mask: Mask, moved: Floats = moved, people: Ints = people
        ) -> Mapping[str, Estimate] | Refused:
            rows = Rows(people=people[mask])
            if smaller_side(rows) < 2:
                return Refused(
                    reason=Reason.SMALL_N, text=text("one item, or user, was scored in both rounds")
                )
            told = in_unit(found, moved[mask], params.unit)
            if isinstance(told, Refused):
                return told
            up, down = (mean_gap(sign * told[0], rows, reach=told[1]) for sign in (1.0, -1.0))
            return {METRICS[0]: up, METRICS[1]: down}

        known = found.user is not None
        yield from sliced(long, found.at[rows], people, METRICS, value, prefix, known=known)


def again_of(found: Ratings, judge: str) -> tuple[Ints, Floats] | Refused:
    """Return a score of each thing that a judge scored in the first and in the last round, and how it moved."""
    own = np.flatnonzero(found.of(judge) & (found.probe < 0) & (found.wave >= 0))
    waves = np.unique(found.wave[own])
    if waves.size < 2:
        return Refused(reason=Reason.UNMATCHED_PAIRS, text=text("the judge scored in one round only"))
    if not np.isfinite(found.score[own]).all():
        return NO_NUMBERS
    if np.ptp(found.score[own]) == 0.0:
        return Refused(
            reason=Reason.CONSTANT_OUTCOME, text=text("the judge gives the same score to everything")
        )
    size = int(found.unit.max()) + 1
    means = []
    for wave in (waves[0], waves[-1]):
        rows = own[found.wave[own] == wave]
        count = np.bincount(found.unit[rows], minlength=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            means.append(np.bincount(found.unit[rows], weights=found.score[rows], minlength=size) / count)
    moved = means[1] - means[0]
    unit, first = np.unique(found.unit[own], return_index=True)
    both = np.isfinite(moved[unit])
    if not both.any():
        return Refused(
            reason=Reason.UNMATCHED_PAIRS, text=text("nothing was scored in both the first and last round")
        )
    return own[first[both]], moved[unit[both]]
