"""Annotators are as accurate at the end of a sitting as at its beginning."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import CompleteParams, chance, crowd, truth
from hcgov.stages.judgments.oversight import told
from hcgov.stages.worked import at_most

METRIC = "fatigue_drop"


class AnnotationFatigue(CompleteParams):
    """Parameters of fatigue."""

    max_unplaced: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of the gold answers of which nobody says where in a sitting they were given.",
    )


def asks(params: AnnotationFatigue) -> Mapping[str, Request]:
    """Ask for labels, known answers, and where in a sitting an answer was given."""
    return params.labels("gold_label", may=("is_gold", "position", "session", "seconds"))


def examples() -> tuple[Example[AnnotationFatigue], ...]:
    """Return people who keep up, who tire, few people, and an order that nobody says was drawn at random."""

    def sitting(
        drop: float,
        people: int = 60,
        *,
        randomised: bool | None = True,
        skips: float = 0.0,
    ) -> Long:
        def label(item: int, person: int) -> str | None:
            if chance("skips", item, person) < skips * (item / 600):
                return None
            known = truth(item)
            right = chance("knows", item, person) < 0.95 - drop * (item / 600)
            return known if right else ("no" if known == "yes" else "yes")

        return crowd(
            label,
            people=people,
            items=600,
            each=min(6, people),
            more={
                "gold_label": lambda item, _: truth(item),
                "position": lambda item, _: float(item),
            },
            randomised=randomised,
        )

    return told(
        AnnotationFatigue(),
        at_most("0.05"),
        ("they keep up", sitting(0.0), Verdict.PASS),
        ("they tire", sitting(0.4), Verdict.FAIL),
        ("few people", sitting(0.1, people=6), Verdict.INCONCLUSIVE),
        ("they skip more and more", sitting(0.0, skips=0.4), Verdict.INCONCLUSIVE),
        ("the order was not drawn", sitting(0.0, randomised=None), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=AnnotationFatigue,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.13",
        "eu-ai-act:Art.10(2)(c)",
        "iso-42001:A.7.4",
        "iso-42001:A.4.6",
    ),
)
def annotation_fatigue(long: Long, params: AnnotationFatigue) -> Iterator[Measurement]:
    """How far accuracy on gold items falls from the start of a sitting to its end, within people, in [-1, 1].

    Work that tires people harms them first and the labels after. People differ in level, so that each has one of their
    own; the drop is the slope times the median length of a sitting. It tells of fatigue only where the order of items
    was drawn at random: else the hard ones may have come last. The time of an answer is shown beside it. Source:
    least squares with fixed effects and errors clustered by person, Arellano 1987, Oxford Bulletin of Economics and
    Statistics 49:431-434; degrees of freedom after Carter, Schnepel & Steigerwald 2017, Review of Economics and
    Statistics 99:698-709.
    """
    import numpy as np  # noqa: PLC0415 - numpy only where rows are read

    from hcgov.stages.judgments.arrays import numbers  # noqa: PLC0415
    from hcgov.stages.judgments.careful import gold_of, gold_unanswered, session_of  # noqa: PLC0415
    from hcgov.stages.judgments.labels import labels_of  # noqa: PLC0415
    from hcgov.stats.annotators.slopes import within_slope  # noqa: PLC0415
    from hcgov.stats.clusters import FEWEST  # noqa: PLC0415

    sitting = session_of(long)
    if sitting is None:
        note = text("`{table}` says neither when nor in which place an answer was given", table=long.table)
        yield Measurement(metric=METRIC, reason=Reason.MISSING_OUTCOMES, note=note)
        return
    if long.has("seconds"):
        seconds = numbers(long, "seconds")[sitting.rows]
        known = np.isfinite(seconds) & (seconds > 0.0)
        slower = within_slope(np.log(seconds[known]), sitting.position[known], sitting.people[known])
        if slower is not None:
            yield Measurement(metric="log_seconds_change", estimate=slower.estimate, shown=True)
    gold = gold_of(long, labels_of(long))
    place = np.full(long.rows, -1, dtype=np.int64)
    place[sitting.rows] = np.arange(sitting.rows.size)
    at = place[gold.rows]
    there = at >= 0
    unplaced, unanswered = int((~there).sum()), gold_unanswered(long)
    for lacking, of, most, what in (
        (unanswered, unanswered + int(at.size), params.max_missing, "no label or no annotator"),
        (unplaced, int(at.size), params.max_unplaced, "no place in a sitting"),
    ):
        if lacking > most * of:
            note = text(
                "{lacking} of {of} {of|judgment|judgments} of gold items {lacking|has|have} {what}; at most {most} "
                "may not",
                lacking=lacking,
                of=of,
                what=what,
                most=f"{most:.0%}",
            )
            yield Measurement(metric=METRIC, reason=Reason.MISSING_OUTCOMES, note=note)
            return
    found = within_slope(
        -gold.right[there].astype(np.float64),
        sitting.position[at[there]],
        sitting.people[at[there]],
        low=-1.0,
        high=1.0,
    )
    if found is None or found.people < FEWEST:
        yield Measurement(
            metric=METRIC,
            reason=Reason.FEW_PEOPLE,
            note=text(
                "{people} {people|person|people} judged gold items at several places of a sitting; at least {least} "
                "are needed",
                people=0 if found is None else found.people,
                least=FEWEST,
            ),
        )
        return
    randomised = long.randomised is True
    yield Measurement(
        metric=METRIC,
        estimate=found.estimate,
        reason=None if randomised else Reason.NOT_RANDOMISED,
        note=text(
            "over {span} answers, the median length of a sitting{order}",
            span=round(found.span),
            order=""
            if randomised
            else "; nobody says that items came in an order drawn at random, so that the hard "
            "ones may have come last",
        ),
    )
