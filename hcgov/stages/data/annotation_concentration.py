"""Labels come from many people, none of whom made too many."""

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


class AnnotationConcentration(CompleteParams):
    """Parameters of the concentration of labour."""

    max_share: Annotated[float, Stricter.LOWER] = Field(
        default=0.10, gt=0, le=1, description="Largest share of the judgments that one person may have made."
    )
    max_tenth: Annotated[float, Stricter.LOWER] = Field(
        default=0.50,
        ge=0.1,
        le=1,
        description="Largest share that the busiest tenth of people may have made.",
    )
    min_effective: Annotated[float, Stricter.HIGHER] = Field(
        default=30.0,
        ge=1,
        le=1_000_000,
        description="Fewest people with equal shares that would weigh the same: (sum n)^2 / sum n^2.",
    )


def asks(params: AnnotationConcentration) -> Mapping[str, Request]:
    """Ask for items, annotators and labels."""
    return params.labels()


def examples() -> tuple[Example[AnnotationConcentration], ...]:
    """Return a crowd, a few people, one person, and nobody."""
    nobody, good = crowd(says(0.8), items=0), crowd(says(0.8), people=60, items=300)
    return worked(
        AnnotationConcentration(),
        "long",
        {
            "a crowd": (good, Verdict.PASS),
            "five people": (crowd(says(0.8), people=5, items=300), Verdict.FAIL),
            "one annotator": (crowd(says(0.8), people=1, each=1), Verdict.FAIL),
            "nobody": (nobody, Verdict.INCONCLUSIVE),
            "nobody says whose most are": (
                replace(good, left_out=(LeftOut(why="no_annotator", rows=5000),)),
                Verdict.INCONCLUSIVE,
            ),
        },
    )


@check(
    asks=asks,
    params=AnnotationConcentration,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "nist-ai-rmf:GOVERN 3.1",
        "eu-ai-act:Art.10(3)-(4)",
        "iso-42001:A.7.4",
    ),
)
def annotation_concentration(long: Long, params: AnnotationConcentration) -> Iterator[Statement]:
    """Tell what the busiest person and the busiest tenth made of the judgments, and the effective number of people.

    Where a few people made most labels, the model learns those few, whoever else took part. Source: the inverse of
    Herfindahl's index as an effective number, Hill 1973, Ecology 54:427-432; Ziems et al. 2026, arXiv 2605.06901,
    section 3.1.3; the limits are defaults.
    """
    from hcgov.stages.judgments.arrays import codes  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stats.annotators.concentration import concentration  # noqa: PLC0415

    people = codes(long, "annotator")[codes(long, "label") >= 0]
    nobody, rows = int((people < 0).sum()) + long.unnamed, int(people.size) + long.unnamed
    if nobody > params.max_missing * rows:
        yield Statement(
            about="concentration",
            answer=Answered.CANNOT_TELL,
            reason=Reason.FEW_PEOPLE,
            text=text(
                "{nobody} of {rows} {rows|judgment|judgments} {nobody|says|say} not whose {nobody|it is|they are}; at "
                "most {share} may not",
                nobody=nobody,
                rows=rows,
                share=f"{params.max_missing:.0%}",
            ),
        )
        return
    found = concentration(people)
    if found is None:
        yield Statement(
            about="concentration",
            answer=Answered.CANNOT_TELL,
            reason=Reason.FEW_PEOPLE,
            text=text("no row of `{table}` says whose label it is", table=long.table),
        )
        return

    def answer(met: bool) -> Answered:
        return Answered.MET if met else Answered.NOT_MET

    yield Statement(
        about="busiest person",
        answer=answer(found.largest <= params.max_share),
        text=text(
            "the busiest of {people} {people|person|people} made {share} of {rows} judgments; at most {most} are "
            "allowed",
            people=found.people,
            share=f"{found.largest:.1%}",
            rows=found.rows,
            most=f"{params.max_share:.0%}",
        ),
    )
    yield Statement(
        about="busiest tenth",
        answer=answer(found.top_tenth <= params.max_tenth),
        text=text(
            "the busiest tenth of people made {share} of the judgments (the busiest hundredth {percent}); at most "
            "{most} are allowed; Gini's index is {gini}",
            share=f"{found.top_tenth:.1%}",
            percent=f"{found.top_percent:.1%}",
            most=f"{params.max_tenth:.0%}",
            gini=f"{found.gini:.2f}",
        ),
    )
    yield Statement(
        about="effective people",
        answer=answer(found.effective >= params.min_effective),
        text=text(
            "{effective} {effective|person|people} with equal shares would weigh the same; at least "
            "{least} are asked for",
            effective=f"{found.effective:.1f}",
            least=f"{params.min_effective:g}",
        ),
    )
