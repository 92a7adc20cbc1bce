"""A judge may stand in for a person: the alternative annotator test."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_ratings import Mask, Refused
from hcgov.stages.judgments.judge_slices import each_judge, few, parts
from hcgov.stages.judgments.judge_specimens import labelled, table
from hcgov.stages.judgments.judging import Matched, wants_ranks
from hcgov.stats.crossed import ranked
from hcgov.stats.judges.alternative import EPSILON, AlternativeTest, alternative_test


class JudgeAlternativeAnnotator(JudgeParams):
    """Parameters of the alternative annotator test."""

    replaces: Annotated[Literal["expert", "skilled", "crowd"], Stricter.IDENTITY] = Field(
        default="crowd",
        description="Whom the judge would replace; it is granted an advantage of 0.2, 0.15 or 0.1 for what it saves.",
    )
    winning_rate: Annotated[float, Stricter.HIGHER] = Field(
        default=0.5, gt=0, le=1, description="Share of people that it has to be shown to stand in for."
    )
    min_humans: Annotated[int, Stricter.HIGHER] = Field(
        default=3, ge=3, le=1000, description="Fewest people to hold it against."
    )
    min_items: Annotated[int, Stricter.HIGHER] = Field(
        default=30, ge=30, le=10_000, description="Fewest judgments of each of them."
    )


def asks(params: JudgeAlternativeAnnotator) -> Mapping[str, Request]:
    """Ask for the scores by people and judges."""
    return {"long": params.request()}


def examples() -> tuple[Example[JudgeAlternativeAnnotator], ...]:
    """Return a judge as good as people, one that is worse, and too few people or items."""
    cases = {
        "as good": (labelled(people=8), Verdict.PASS),
        "worse than most": (labelled(people=8, judge_right=0.55), Verdict.FAIL),
        "two people": (labelled(people=2, each=2), Verdict.INCONCLUSIVE),
        "twenty items each": (labelled(people=40, items=200), Verdict.INCONCLUSIVE),
        "one label": (labelled(people=8, prevalence=1.0, people_right=1.0), Verdict.INCONCLUSIVE),
    }
    params = JudgeAlternativeAnnotator()
    return tuple(
        Example(title=title, params=params, evidence={"long": table(rows)}, expect=expect)
        for title, (rows, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeAlternativeAnnotator,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13"),
)
def judge_alternative_annotator(long: Long, params: JudgeAlternativeAnnotator) -> Iterator[Statement]:
    """Hold the judge and each person in turn against the other people, and count whom it is shown to stand in for.

    A judge that replaces people has to be as close to the others as those it replaces, for each of them and in each
    group: a judge that speaks like the majority passes where most people are of one mind. Not passing is no proof
    against the judge; it fails where most people are shown to be better by more than what it saves. Source:
    Calderon, Reichart & Dror 2025, arXiv:2501.10970; Benjamini & Yekutieli 2001, doi:10.1214/aos/1013699998.
    """
    for one in each_judge(long, params):
        if isinstance(one.found, Refused):
            yield _cannot(Slice(values=one.prefix), one.found)
            continue
        found = one.found
        yield _told(found, np.ones(found.at.size, dtype=np.bool_), Slice(values=one.prefix), params, long)
        for part in parts(long, found.at, one.prefix):
            people = np.unique(found.rows.people[part.mask])
            refused = few(part.slice, int((people >= 0).sum()), long.rules.min_people)
            if part.reported:
                continue
            yield (
                _cannot(part.slice, refused) if refused else _told(found, part.mask, part.slice, params, long)
            )


def test_of(found: Matched, mask: Mask, params: JudgeAlternativeAnnotator) -> AlternativeTest | Refused:
    """Return the test on some of a judge's matched rows, or why there is none."""
    refused = found.trouble(mask)
    if refused is not None:
        return refused
    unit = ranked(found.unit[mask])[1]
    ranks = wants_ranks(found.from_)
    values = found.score if ranks else found.label.astype(np.float64)
    judge = found.judge_score if ranks else found.judge_label.astype(np.float64)
    sources = None if found.from_.user is None else found.rows.people[mask].astype(np.int64)
    return alternative_test(
        found.rater[mask],
        unit,
        values[mask],
        judge[mask],
        epsilon=EPSILON[params.replaces],
        scorer="rmse" if ranks else "accuracy",
        sources=sources,
        fewest_items=params.min_items,
    )


def _told(
    found: Matched, mask: Mask, scope: Slice, params: JudgeAlternativeAnnotator, long: Long
) -> Statement:
    test = test_of(found, mask, params)
    if isinstance(test, Refused):
        return _cannot(scope, test)
    tested = len(test.p_values)
    if test.winning_rate is None or test.advantage is None or tested < params.min_humans:
        told = text(
            "{slice}: {n} {n|person has|people have} {items} judgments that others made, too; {needed} are needed",
            slice=scope,
            n=tested,
            items=params.min_items,
            needed=params.min_humans,
        )
        return _cannot(scope, Refused(reason=Reason.FEW_PEOPLE, text=told))
    if test.covered < long.rules.coverage:
        told = text(
            "{slice}: the {n} {n|person|people} with {items} judgments gave only {share} of all",
            slice=scope,
            n=tested,
            items=params.min_items,
            share=f"{test.covered:.0%}",
        )
        return _cannot(scope, Refused(reason=Reason.COVERAGE, text=told))
    answer = Answered.MET if test.winning_rate >= params.winning_rate else Answered.CANNOT_TELL
    if test.beaten_by > 1.0 - params.winning_rate:
        answer = Answered.NOT_MET
    return Statement(
        about=f"{found.judge}, {scope}",
        answer=answer,
        reason=Reason.NEAR_THRESHOLD if answer is Answered.CANNOT_TELL else None,
        text=text(
            "{slice}: `{judge}` is shown to stand in for {rate} of {n} {n|person|people} (at least "
            "{needed}), is at least as "
            "close to the others as they are in {advantage} of judgments, and is shown to be worse than "
            "{worse} of them",
            slice=scope,
            judge=found.judge,
            rate=f"{test.winning_rate:.0%}",
            n=tested,
            needed=f"{params.winning_rate:.0%}",
            advantage=f"{test.advantage:.0%}",
            worse=f"{test.beaten_by:.0%}",
        ),
    )


def _cannot(scope: Slice, refused: Refused) -> Statement:
    return Statement(
        about=f"judge, {scope}", answer=Answered.CANNOT_TELL, reason=refused.reason, text=refused.text
    )
