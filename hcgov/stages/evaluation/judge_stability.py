"""A judge that is asked again says the same."""

from collections.abc import Iterator, Mapping

import numpy as np

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Mask, Ratings, Refused, combined, ratings
from hcgov.stages.judgments.judge_slices import named, sliced
from hcgov.stages.judgments.judge_specimens import Row, labelled, table
from hcgov.stages.judgments.judging import given_twice
from hcgov.stages.worked import at_least
from hcgov.stats.judges.consistency import repeated

METRIC = "judge_stability"


class JudgeStability(JudgeParams):
    """Parameters of the stability of a judge."""


def asks(params: JudgeStability) -> Mapping[str, Request]:
    """Ask for the judgments and which repetition they are."""
    return {"long": params.request(("repetition",))}


def examples() -> tuple[Example[JudgeStability], ...]:
    """Return a judge that repeats itself, one that wavers, one asked rarely twice, and one that was not."""

    def asked(items: int, same: float, times: int = 2) -> Long:
        draw = np.random.default_rng(5)
        rows: list[Row] = []
        for row in labelled(items=items, each=0):
            for k in range(times):
                kept = k == 0 or draw.random() < same
                score = row["score"] if kept else str(1 - int(str(row["score"])))
                rows.append({**row, "score": score, "repetition": str(k)})
        return table(rows)

    cases = {
        "says the same": (asked(400, 0.98), Verdict.PASS),
        "wavers": (asked(400, 0.7), Verdict.FAIL),
        "few items": (asked(10, 0.9), Verdict.INCONCLUSIVE),
        "asked once": (asked(200, 1.0, 1), Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=JudgeStability(),
            evidence={"long": long},
            expect=expect,
            limit=at_least("0.90"),
        )
        for title, (long, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeStability,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13"),
)
def judge_stability(long: Long, params: JudgeStability) -> Iterator[Measurement]:
    """Share of pairs of repetitions of the same question in which the judge gives the same answer.

    Of a judge that wavers it depends on the day what is found. A judge asked at temperature 0 seems steadier than it is
    in use. Source: Shi et al. 2024, arXiv:2406.07791; Clopper-Pearson on what the items, or users, are worth.
    """
    found = ratings(long, params.positive)
    for name, prefix in named(found, params):
        own = np.flatnonzero(found.of(name) & (found.probe < 0))

        def value(
            mask: Mask, own: np.ndarray[tuple[int], np.dtype[np.int64]] = own
        ) -> Mapping[str, Estimate] | Refused:
            one = stability_of(found, own[mask])
            return one if isinstance(one, Refused) else {METRIC: one[0]}

        known = found.user is not None
        yield from sliced(long, found.at[own], found.cluster(own), (METRIC,), value, prefix, known=known)


def stability_of(
    found: Ratings, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[Estimate, int] | Refused:
    """Return the stability of a judge over some of its scores, or why there is none."""
    asked = np.zeros(found.at.size, dtype=np.bool_)
    asked[rows] = True
    if again := given_twice(found, asked):
        return again
    units = combined(found.unit[rows], found.order[rows]) if rows.size else found.unit[rows]
    one = repeated(units, found.label[rows], found.cluster(rows)) if rows.size else None
    if one is None:
        return Refused(reason=Reason.UNMATCHED_PAIRS, text=text("no item was put to the judge twice"))
    if np.ptp(found.label[rows]) == 0:
        return Refused(
            reason=Reason.CONSTANT_OUTCOME,
            text=text("the judge gives the same score to everything, so that it repeats itself says nothing"),
        )
    return found.known_people(one[0]), one[1]
