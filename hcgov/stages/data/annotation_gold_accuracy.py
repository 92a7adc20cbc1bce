"""Annotators know the answers that are known."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Neither, Stricter
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Answered, GroupCount, Measurement, Observation, Statement
from hcgov.core.slices import EVERYONE
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import AnnotationParams, chance, crowd, truth
from hcgov.stages.judgments.oversight import told
from hcgov.stages.measuring import shown
from hcgov.stages.worked import at_least

METRIC = "gold_accuracy"


class AnnotationGoldAccuracy(AnnotationParams):
    """Parameters of gold accuracy."""

    floor: Annotated[float, Stricter.HIGHER] = Field(
        default=0.80, gt=0, lt=1, description="Gold accuracy of a person below which somebody should look."
    )
    fewest_gold: Annotated[int, Stricter.HIGHER] = Field(
        default=15, ge=5, le=1000, description="Gold items from which on anything is said of a person."
    )
    subjective: Annotated[
        bool, Neither("whether labels are opinions is a fact of the question, no choice")
    ] = Field(
        default=False, description="Labels are opinions: then no answer is gold, and nothing is judged."
    )


def asks(params: AnnotationGoldAccuracy) -> Mapping[str, Request]:
    """Ask for labels and the answers that are known."""
    return params.labels("gold_label", may=("is_gold",))


def examples() -> tuple[Example[AnnotationGoldAccuracy], ...]:
    """Return people who know, who guess, few people, no gold item, and opinions."""

    def gold(right: float, people: int = 60, *, used: str = "true", skips: float = 0.0) -> Long:
        def label(item: int, person: int) -> str | None:
            if chance("skips", item, person) < skips:
                return None
            known = truth(item)
            wrong = "no" if known == "yes" else "yes"
            return known if chance("knows", item, person) < right else wrong

        return crowd(
            label,
            people=people,
            items=600,
            more={
                "gold_label": lambda item, _: truth(item) if chance("gold", item) < 0.2 else None,
                "is_gold": lambda item, _: used if chance("gold", item) < 0.2 else "false",
            },
        )

    limit = at_least("0.80")
    cases = told(
        AnnotationGoldAccuracy(),
        limit,
        ("they know", gold(0.95), Verdict.PASS),
        ("they guess", gold(0.6), Verdict.FAIL),
        ("four people", gold(0.85, people=6), Verdict.INCONCLUSIVE),
        ("half of them is skipped", gold(0.95, skips=0.5), Verdict.INCONCLUSIVE),
        ("no gold item", gold(0.95, used="false"), Verdict.INCONCLUSIVE),
    )
    opinions = AnnotationGoldAccuracy(subjective=True)
    return (*cases, *told(opinions, limit, ("opinions", gold(0.6), Verdict.NOT_APPLICABLE)))


@check(
    asks=asks,
    params=AnnotationGoldAccuracy,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.13",
        "eu-ai-act:Art.10(2)(c)",
        "eu-ai-act:Annex IV.2(d)",
        "iso-42001:A.7.4",
    ),
)
def annotation_gold_accuracy(long: Long, params: AnnotationGoldAccuracy) -> Iterator[Observation]:
    """Share of judgments of gold items that are the known answer, with people and items as clusters.

    Gold items tell whether a question is understood and attended to, where it has one right answer; a gold answer to a
    question of taste or offence is one culture's answer, and nobody may be measured by it. Of a person nothing is said
    with fewer than 15 gold items, and only what an exact bound allows; it is a reason to talk, never to withhold pay.
    Source: Clopper & Pearson 1934, Biometrika 26:404-413, on effective sizes (Korn & Graubard 1998, Survey Methodology
    24:193-201).
    """
    from hcgov.stages.judgments.careful import (  # noqa: PLC0415 - numpy only where rows are read
        gold_by_person,
        gold_of,
        gold_unanswered,
    )
    from hcgov.stages.judgments.label_slices import LabelSlices  # noqa: PLC0415
    from hcgov.stages.judgments.labels import labels_of  # noqa: PLC0415
    from hcgov.stats.clusters import FEWEST  # noqa: PLC0415
    from hcgov.stats.crossed import Rows, crossed_share  # noqa: PLC0415

    if params.subjective:
        yield Statement(
            about="opinions",
            answer=Answered.NOT_APPLICABLE,
            text=text("labels are opinions: no answer to them is gold, so that nobody is measured by one"),
        )
        return
    gold = gold_of(long, labels_of(long))
    unanswered = gold_unanswered(long)
    if unanswered > params.max_missing * (unanswered + gold.rows.size):
        yield Measurement(
            metric=METRIC,
            reason=Reason.MISSING_OUTCOMES,
            note=text(
                "{n} of {all} {all|judgment|judgments} of gold items {n|has|have} no label or no annotator; at most "
                "{most} may not",
                n=unanswered,
                all=unanswered + int(gold.rows.size),
                most=f"{params.max_missing:.0%}",
            ),
        )
        return
    y = gold.right.astype(float)
    rows = Rows(people=gold.people, items=gold.items)
    if gold.n_people < FEWEST:
        yield Measurement(
            metric=METRIC,
            reason=Reason.FEW_PEOPLE if gold.n_people else Reason.MISSING_OUTCOMES,
            note=text(
                "{people} {people|person|people} judged a gold item of `{table}`, {rows} {rows|time|times}; at least "
                "{least} are needed",
                people=gold.n_people,
                table=long.table,
                rows=int(y.size),
                least=FEWEST,
            ),
        )
        return
    estimate = crossed_share(y, rows)
    yield Measurement(
        metric=METRIC,
        estimate=estimate,
        groups=(
            GroupCount(
                slice=EVERYONE,
                positives=float(y.sum()),
                n=int(y.size),
                n_eff=estimate.n_eff,
                people=gold.n_people,
            ),
        ),
    )
    people = gold_by_person(gold, floor=params.floor, fewest=params.fewest_gold)
    yield Measurement(
        metric="people_below_floor",
        estimate=Estimate(
            value=float(people.below),
            n=people.told,
            n_eff=float(people.told),
            people=people.told,
            method=Method.POINT,
        ),
        shown=True,
        note=text(
            "{below} of {told} {told|person|people} with at least {fewest} gold items {below|is|are} surely below "
            "{floor}, {above} surely not; of the other {rest} nothing can be said. This is no reason to withhold pay",
            below=people.below,
            told=people.told,
            fewest=params.fewest_gold,
            floor=f"{params.floor:.0%}",
            above=people.above,
            rest=gold.n_people - people.below - people.above,
        ),
    )
    slices = LabelSlices(
        long=long,
        params=params,
        rows=gold.rows,
        people=gold.people,
        positives=gold.right,
        value=lambda mask: crossed_share(y[mask], rows.where(mask)),
        metric=METRIC,
        of="gold answer",
    )
    for one in shown(slices.found(cross=1), "gold_accuracy_by_group", lambda valued: valued.estimate):
        if one.scope != EVERYONE:
            yield one
