"""Items are judged by several people, and each judgment is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import LeftOut, Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import CompleteParams, crowd, says
from hcgov.stages.specimens import worked


class AnnotationOverlap(CompleteParams):
    """Parameters of the overlap."""

    people: Annotated[int, Stricter.HIGHER] = Field(
        default=3, ge=2, le=1000, description="People who should judge an item."
    )
    share: Annotated[float, Stricter.HIGHER] = Field(
        default=0.95, gt=0, le=1, description="Share of the items that so many people have to have judged."
    )


def asks(params: AnnotationOverlap) -> Mapping[str, Request]:
    """Ask for items, annotators and labels."""
    return params.labels()


def examples() -> tuple[Example[AnnotationOverlap], ...]:
    """Return items with several judgments, with one each, a majority in place of judgments, and nothing."""
    nothing = crowd(lambda item, person: "", items=0)

    def skipped(item: int, person: int) -> str | None:
        return says(0.8)(item, person) if item < 40 else None

    return worked(
        AnnotationOverlap(),
        "long",
        {
            "five people each": (crowd(says(0.8)), Verdict.PASS),
            "two people each": (crowd(says(0.8), each=2), Verdict.FAIL),
            "one label each: judgments were not kept": (crowd(says(0.8), each=1), Verdict.FAIL),
            "most items were skipped": (crowd(skipped, each=3), Verdict.FAIL),
            "no judgment": (nothing, Verdict.INCONCLUSIVE),
            "nobody says whose most are": (
                replace(crowd(says(0.8)), left_out=(LeftOut(why="no_annotator", rows=5000),)),
                Verdict.INCONCLUSIVE,
            ),
        },
    )


@check(
    asks=asks,
    params=AnnotationOverlap,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "eu-ai-act:Art.10(2)(c)",
        "eu-ai-act:Annex IV.2(d)",
        "iso-42001:A.7.4",
    ),
)
def annotation_overlap(long: Long, params: AnnotationOverlap) -> Iterator[Statement]:
    """Share of the items that enough different people judged, with every single judgment in the table.

    With one judgment an item, or a majority in its place, nobody can see any more where people disagreed, or whose
    view was outvoted. A person who judges an item twice counts once, and an item without any judgment counts as one
    that too few judged. Where too many judgments are of nobody it cannot be told. Source: Ziems et al. 2026, arXiv
    2605.06901, sections 4.5 and 6.2.2; the numbers are defaults.
    """
    from hcgov.stages.judgments.labels import (  # noqa: PLC0415 - numpy only where rows are read
        items_of,
        labels_of,
        left_out,
    )
    from hcgov.stats.crossed import distinct  # noqa: PLC0415

    labels, item = labels_of(long), items_of(long)
    items = distinct(item[item >= 0])
    ratings = labels.judged.ratings()
    if not labels.judged.rows:
        yield Statement(
            about="overlap",
            answer=Answered.CANNOT_TELL,
            reason=Reason.MISSING_OUTCOMES,
            text=text("no row of `{table}` has item, annotator and label", table=long.table),
        )
        return
    rows = long.rows + long.unnamed
    if labels.nobody > params.max_missing * rows:
        yield Statement(
            about="overlap",
            answer=Answered.CANNOT_TELL,
            reason=Reason.FEW_PEOPLE,
            text=text(
                "{nobody} of {rows} {rows|row|rows} {nobody|says|say} not who judged; at most {share} may not",
                nobody=labels.nobody,
                rows=rows,
                share=f"{params.max_missing:.0%}",
            ),
        )
        return
    enough = int((ratings >= params.people).sum())
    kept = int(ratings.max()) > 1
    yield Statement(
        about="judgments are kept",
        answer=Answered.MET if kept else Answered.NOT_MET,
        text=text("the judgments of single people are there")
        if kept
        else text("every item has one judgment: those of further people, if there were any, were not kept"),
    )
    yield Statement(
        about="overlap",
        answer=Answered.MET if enough >= params.share * items else Answered.NOT_MET,
        text=text(
            "{enough} of {items} {items|item|items} ({share}) {enough|was|were} judged by {people} "
            "{people|person|people} or more; "
            "{needed} should be. {about}",
            enough=enough,
            items=items,
            share=f"{enough / items:.1%}",
            people=params.people,
            needed=f"{params.share:.0%}",
            about=str(left_out(labels)),
        ),
    )
