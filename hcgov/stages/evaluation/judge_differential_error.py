"""A judge errs no more often on one group than on another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import permutations

import numpy as np

from hcgov.core.check import Example, Request, check
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.comparing import ALL_PAIRS
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Floats, Mask, Refused
from hcgov.stages.judgments.judge_slices import NO_NUMBERS, Part, each_judge, few, parts, refusal, unrecorded
from hcgov.stages.judgments.judge_specimens import labelled, table
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.rates import REST
from hcgov.stages.worked import at_most
from hcgov.stats.crossed import crossed_share
from hcgov.stats.shares import difference

MISSED, ALARMED = "judge_false_negative_gap", "judge_false_positive_gap"


class JudgeDifferentialError(JudgeParams):
    """Parameters of the errors of a judge by group."""


def asks(params: JudgeDifferentialError) -> Mapping[str, Request]:
    """Ask for the scores by people and judges."""
    return {"long": params.request()}


def examples() -> tuple[Example[JudgeDifferentialError], ...]:
    """Return two topics: as right on both, often wrong on one, and too little of either."""
    even, uneven = {"health": 0.95, "law": 0.95}, {"health": 0.97, "law": 0.6}
    cases = {
        "as right on both": (labelled(items=900, group=even), Verdict.PASS),
        "wrong about law": (labelled(items=400, group=uneven), Verdict.FAIL),
        "few items": (labelled(items=16, group=even), Verdict.INCONCLUSIVE),
        "topics are not recorded": (labelled(items=100), Verdict.INCONCLUSIVE),
    }
    found = []
    for title, (rows, expect) in cases.items():
        recorded = any("topic" in row for row in rows)
        long = table(rows, groups=("topic",)) if recorded else table(rows)
        if not recorded:
            long = replace(long, rules=long.rules.model_copy(update={"by": ("topic",)}))
        found.append(
            Example(
                title=title,
                params=JudgeDifferentialError(positive=("1",)),
                evidence={"long": long},
                expect=expect,
                limit=at_most("0.10"),
            )
        )
    return tuple(found)


@check(
    asks=asks,
    params=JudgeDifferentialError,
    examples=examples,
    limit=limits(MISSED, ALARMED, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.11", "nist-ai-rmf:MEASURE 2.5", "eu-ai-act:Art.10(2)(f)"),
)
def judge_differential_error(long: Long, params: JudgeDifferentialError) -> Iterator[Measurement]:
    """Differences between groups in how often the judge misses, and how often it falsely raises, what people say.

    A judge that errs on one group makes that group's rates wrong, and no larger sample helps. Up to eight groups are
    compared with one another, more with everyone else. Source: Miettinen & Nurminen 1985, Statistics in Medicine
    4:213-226, on samples worth what people and items leave (Korn & Graubard 1998, Survey Methodology 24:193).
    """
    for one in each_judge(long, params):
        found = one.found
        if isinstance(found, Matched):
            shares = found.numeric and bool(((found.score >= 0) & (found.score <= 1)).all())
            found = found if shares else NO_NUMBERS
        refused = (
            found if isinstance(found, Refused) else found.trouble(np.ones(found.at.size, dtype=np.bool_))
        )
        if refused is not None or isinstance(found, Refused):
            assert refused is not None
            yield refusal(MISSED, refused, Slice(values=one.prefix))
            continue
        if not long.rules.by:
            told = text("no column of groups is declared, so there is nobody to compare")
            yield refusal(
                MISSED, Refused(reason=Reason.MISSING_DEMOGRAPHICS, text=told), Slice(values=one.prefix)
            )
        for column in long.rules.columns:
            here = [p for p in parts(long, found.at, one.prefix) if p.slice.columns[-1] == column]
            yield from _compared(found, here, long.rules.min_people)
        yield from unrecorded(long, found.at, MISSED, one.prefix)


def _compared(found: Matched, here: list[Part], needed: int) -> Iterator[Measurement]:
    """Yield the comparisons of the groups of one column, for both kinds of error."""
    alarm, missed = found.judge_score, 1.0 - found.judge_score
    for metric, said, errors in ((MISSED, found.score >= 0.5, missed), (ALARMED, found.score < 0.5, alarm)):
        large: list[_Side] = []
        for part in here:
            side = _side(found, errors, part.slice, part.mask & said, reported=part.reported)
            refused = few(part.slice, side.count.people or 0, needed)
            if refused is None:
                large.append(side)
                continue
            one = refusal(metric, refused, part.slice, depth=1, n=side.count.n, people=side.count.people or 0)
            yield replace(one, reason=Reason.REPORTED) if part.reported else one
        if len(here) == 1:
            told = text("everyone is {slice}: there is nobody to compare with", slice=here[0].slice)
            refused = Refused(reason=Reason.UNMATCHED_PAIRS, text=told)
            yield refusal(metric, refused, here[0].slice, depth=1)
        elif len(large) <= ALL_PAIRS:
            yield from (_pair(metric, first, second) for first, second in permutations(large, 2))
        else:
            for side in large:
                rest = _side(found, errors, REST, ~side.mask & said, reported=False)
                yield _pair(metric, side, rest)


@frozen
class _Side:
    """A group with how often the judge errs on it."""

    mask: Mask
    count: GroupCount
    estimate: Estimate
    reported: bool


def _side(found: Matched, errors: Floats, scope: Slice, mask: Mask, *, reported: bool) -> _Side:
    estimate = crossed_share(errors[mask], found.rows.where(mask))
    count = GroupCount(
        slice=scope,
        positives=float(errors[mask].sum()),
        n=int(mask.sum()),
        n_eff=estimate.n_eff,
        people=estimate.people,
    )
    return _Side(mask=mask, count=count, estimate=estimate, reported=reported)


def _pair(metric: str, one: _Side, other: _Side) -> Measurement:
    return Measurement(
        metric=metric,
        scope=one.count.slice,
        against=other.count.slice,
        depth=1,
        estimate=difference(one.estimate, other.estimate),
        groups=(one.count, other.count),
        reason=Reason.REPORTED if one.reported else None,
    )
