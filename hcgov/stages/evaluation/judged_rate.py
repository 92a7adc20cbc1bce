"""A rate that a judge had a part in keeps its limit, where the judge is shown to agree with people."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_rates import Labelling, by_people, judge_only, labelling
from hcgov.stages.judgments.judge_ratings import Mask, Refused, ratings
from hcgov.stages.judgments.judge_slices import named, refusal, sliced
from hcgov.stages.judgments.judge_specimens import labelled, table
from hcgov.stages.judgments.judge_trust import trust_of
from hcgov.stages.judgments.judging import Matched
from hcgov.stages.worked import at_least

METRIC = "judged_rate"


class JudgedRate(JudgeParams):
    """Parameters of a rate that a judge had a part in."""

    margin: Annotated[float, Stricter.LOWER] = Field(
        default=0.10,
        ge=0,
        le=0.5,
        description="So much less than people agree with one another may the judge agree with them.",
    )
    level: Annotated[float, Stricter.HIGHER] = Field(
        default=0.95, ge=0.8, lt=1, description="One-sided confidence with which that has to be shown."
    )


def asks(params: JudgedRate) -> Mapping[str, Request]:
    """Ask for the labels by people and the judge."""
    return {"long": params.request()}


def examples() -> tuple[Example[JudgedRate], ...]:
    """Return a rate by people and a judge who agrees, one too low, one by a judge who does not, and a judge alone."""
    good = labelled(
        items=800, labelled_share=0.25, prevalence=0.9, people_right=0.97, judge_right=0.97, each=3
    )
    low = labelled(
        items=800, labelled_share=0.25, prevalence=0.6, people_right=0.97, judge_right=0.97, each=3
    )
    deaf = labelled(
        items=800, labelled_share=0.25, prevalence=0.9, people_right=0.97, judge_right=0.7, each=3
    )
    cases = {
        "it holds": (good, Verdict.PASS),
        "it does not": (low, Verdict.FAIL),
        "the judge does not agree with people": (deaf, Verdict.INCONCLUSIVE),
        "only the judge": (tuple(r for r in good if r["rater_kind"] == "judge"), Verdict.INCONCLUSIVE),
        "only people": (tuple(r for r in good if r["rater_kind"] == "human"), Verdict.PASS),
    }
    return tuple(
        Example(
            title=title,
            params=JudgedRate(positive=("1",), judge="judge-1"),
            evidence={"long": table(rows)},
            expect=expect,
            limit=at_least("0.80"),
        )
        for title, (rows, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgedRate,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)", at_most="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13", "eu-ai-act:Art.15(1),(3)-(5)"),
)
def judged_rate(long: Long, params: JudgedRate) -> Iterator[Measurement]:
    """Rate of what `positive` names, by people where they labelled and with the help of a judge where they did not.

    On every slice that the judge had a part in, its agreement with people is shown to reach theirs with one another,
    less a margin; else the slice cannot be told: a judge that does not speak for some people must not clear a system
    for them. What only people labelled needs no such proof; what only a judge labelled never passes, and is shown
    beside it. Source: Angelopoulos, Duchi & Zrnic 2023, arXiv:2311.01453; Gwet 2008, doi:10.1348/000711006X126600.
    """
    found = ratings(long, params.positive)
    for name, prefix in named(found, params):
        told = labelling(found, name, params)
        if isinstance(told, Refused):
            yield refusal(METRIC, told, Slice(values=prefix))
            continue
        yield judge_only(told, told.units.at >= 0, Slice(values=prefix))

        def value(mask: Mask, told: Labelling = told) -> Mapping[str, Estimate] | Refused:
            return _rate(told, mask, params)

        known = found.user is not None
        yield from sliced(long, told.units.at, told.units.cluster, (METRIC,), value, prefix, known=known)


def _rate(told: Labelling, mask: Mask, params: JudgedRate) -> Mapping[str, Estimate] | Refused:
    one = by_people(told, mask)
    if isinstance(one, Refused):
        return one
    if one.judged:
        beside = told.beside
        trusted = trust_of(beside, _same(told, beside, mask), margin=params.margin, level=params.level)
        if not trusted.shown:
            return Refused(reason=Reason.JUDGE_UNINFORMATIVE, text=trusted.why)
    return {METRIC: one.estimate}


def _same(told: Labelling, beside: Matched | Refused, mask: Mask) -> Mask | None:
    """Return which matched rows are about the things of a mask."""
    if isinstance(beside, Refused):
        return None
    ratings = beside.from_
    place = np.full(int(ratings.at.max()) + 1, -1)
    place[ratings.at] = ratings.unit
    wanted = np.zeros(int(ratings.unit.max()) + 1, dtype=np.bool_)
    wanted[place[told.units.at[mask]]] = True
    return np.asarray(wanted[place[beside.at]])
