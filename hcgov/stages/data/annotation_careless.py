"""Few annotators show signs of answering without reading."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import EVERYONE
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import AnnotationParams, chance, crowd, says
from hcgov.stages.judgments.oversight import told
from hcgov.stages.measuring import shown
from hcgov.stages.worked import at_most

METRIC = "careless_share"


class AnnotationCareless(AnnotationParams):
    """Parameters of the signs of careless answers."""

    max_untold: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of the judgments that people made of whom too little is known to say anything.",
    )


def asks(params: AnnotationCareless) -> Mapping[str, Request]:
    """Ask for labels, and for times, order, lengths and texts where they are."""
    return params.labels(may=("seconds", "words", "text", "position"))


def examples() -> tuple[Example[AnnotationCareless], ...]:
    """Return people who read, many who do not, few people, and a table without times and texts."""

    def some(careless: float, people: int = 200, *, timed: bool = True) -> Long:
        def rushes(person: int) -> bool:
            return chance("rushes", person) < careless

        base = says(0.8, ("a", "b", "c"))

        def seconds(item: int, person: int) -> float:
            return 0.8 if rushes(person) else 6.0 + 20.0 * chance("time", item, person)

        return crowd(
            lambda item, person: "a" if rushes(person) else base(item, person),
            people=people,
            items=20 * people // 4,
            each=4,
            more={"seconds": seconds} if timed else {},
        )

    return told(
        AnnotationCareless(),
        at_most("0.15"),
        ("they read", some(0.04), Verdict.PASS),
        ("many do not", some(0.4), Verdict.FAIL),
        ("few people", some(0.04, people=12), Verdict.INCONCLUSIVE),
        ("labels only", some(0.04, timed=False), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=AnnotationCareless,
    examples=examples,
    limit=limits(METRIC, at_most="(0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.13",
        "eu-ai-act:Art.10(2)(c)",
        "eu-ai-act:Art.10(3)-(4)",
        "iso-42001:A.7.4",
    ),
)
def annotation_careless(long: Long, params: AnnotationCareless) -> Iterator[Measurement]:
    """Share of the annotators who show two independent signs or more of answering without reading.

    Signs are answers faster than anybody reads (2 s, or 12 words a second), one label again and again, and copies of
    one free text. They are reasons to look and to ask, **never to withhold pay**: experts, people who use screen
    readers and people who read in their second language show them as well, so that the share is also told by group,
    for the filter itself can be unfair. Source: Meade & Craig 2012, Psychological Methods 17:437-455 (10 to 12 % answer
    carelessly, and different signs find different people); Clopper & Pearson 1934, Biometrika 26:404-413.
    """
    from hcgov.stages.judgments.careful import carefulness  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stages.judgments.label_slices import LabelSlices  # noqa: PLC0415
    from hcgov.stats.proportions import rate  # noqa: PLC0415

    found = carefulness(long)
    could, flagged = found.signs.could_tell(), found.signs.flagged()
    answers, judgments = int(found.signs.answers.sum()), long.rows + long.unnamed
    untold = answers - int(found.signs.answers[could].sum())
    people, n = int(could.size), int(could.sum())
    note = text(
        "{flagged} of {n} {n|annotator|annotators} of whom enough is known {flagged|shows|show} two signs or more; of "
        "{rest} nothing can be said (fewer than ten answers, or neither times nor texts). Flags are never a reason to "
        "withhold pay",
        flagged=int((flagged & could).sum()),
        n=n,
        rest=people - n,
    )
    if n < long.rules.min_people:
        yield Measurement(metric=METRIC, reason=Reason.FEW_PEOPLE, note=note)
        return
    for lacking, of, most, what in (
        (judgments - answers, judgments, params.max_missing, "rows have no label or no annotator"),
        (untold, answers, params.max_untold, "judgments are of people of whom nothing can be said"),
    ):
        if lacking > most * of:
            told_ = text(
                "{lacking} of {of} {what}; at most {most} may be. {note}",
                lacking=lacking,
                of=of,
                what=what,
                most=f"{most:.0%}",
                note=note,
            )
            yield Measurement(metric=METRIC, reason=Reason.MISSING_OUTCOMES, note=told_)
            return
    count = float((flagged & could).sum())
    group = GroupCount(slice=EVERYONE, positives=count, n=n, n_eff=float(n), people=n)
    yield Measurement(metric=METRIC, estimate=rate(count, n, people=n), groups=(group,), note=note)
    seen = flagged[could]
    slices = LabelSlices(
        long=long,
        params=params,
        rows=found.first[could],
        people=could.nonzero()[0],
        positives=seen,
        value=lambda mask: rate(float(seen[mask].sum()), int(mask.sum()), people=int(mask.sum())),
        metric=METRIC,
        of="label",
    )
    for one in shown(slices.found(cross=1), "careless_share_by_group", lambda valued: valued.estimate):
        if one.scope != EVERYONE:
            yield one
