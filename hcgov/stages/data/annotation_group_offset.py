"""No group of people judges the same items more severely than the others."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Neither
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.long_tables import Scale
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.contrasting import comparisons
from hcgov.stages.judgments.annotating import AnnotationParams, Says, chance, crowd, halves, says
from hcgov.stages.judgments.oversight import told
from hcgov.stages.worked import at_most

METRIC = "group_offset"
STARS = ("1", "2", "3", "4", "5")


class AnnotationGroupOffset(AnnotationParams):
    """Parameters of the rater-group offset."""

    unit: Annotated[
        Literal["sd", "points"], Neither("standard deviations and points of the scale are different units")
    ] = Field(
        default="sd",
        description="In standard deviations of all judgments, or in points of the scale (for two labels: shares).",
    )


def asks(params: AnnotationGroupOffset) -> Mapping[str, Request]:
    """Ask for items, annotators and labels."""
    return params.labels()


def examples() -> tuple[Example[AnnotationGroupOffset], ...]:
    """Return groups as severe as each other, one that is severer, few people, names, and no item in common."""

    def severe(by: int) -> Says:
        base = says(0.6, STARS)

        def label(item: int, person: int) -> str:
            more = by if person % 2 and chance("severe", item, person) < 0.8 else 0
            return str(min(int(base(item, person)) + more, 5))

        return label

    def stars(label: Says, people: int = 80, items: int = 500) -> Long:
        return replace(crowd(label, people=people, items=items, region=halves), scale=Scale.INTERVAL)

    names = crowd(says(0.8, ("fine", "rude", "unclear")), people=80, region=halves)
    alone = replace(crowd(severe(0), people=80, items=400, each=1, region=halves), scale=Scale.INTERVAL)
    return told(
        AnnotationGroupOffset(),
        at_most("0.30"),
        ("as severe", stars(severe(0)), Verdict.PASS),
        ("severer", stars(severe(1)), Verdict.FAIL),
        ("few people", stars(severe(0), people=20), Verdict.INCONCLUSIVE),
        ("labels that are no numbers", names, Verdict.INCONCLUSIVE),
        ("no item in common", alone, Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=AnnotationGroupOffset,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 10]"),
    supports=(
        "nist-ai-rmf:MEASURE 2.11",
        "nist-ai-600-1:2.6",
        "eu-ai-act:Art.10(2)(f)",
        "iso-42001:A.5.4",
    ),
)
def annotation_group_offset(long: Long, params: AnnotationGroupOffset) -> Iterator[Measurement]:
    """How far the judgments of a group lie from those of the others on the same items, at least 0.

    If a group is severer, then the labels depend on who happened to be asked, and so does the model that learns them;
    it does not say which group is right. Every item has its own level, so that it does not matter who got the harder
    ones; people and items are clusters (jackknife, Student's t). Source: Cameron, Gelbach & Miller 2011, Journal of
    Business & Economic Statistics 29:238-249, on least squares with a level for each item.
    """
    from hcgov.stages.judgments.group_labels import offsets  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stages.judgments.labels import labels_of  # noqa: PLC0415
    from hcgov.stages.judgments.obstacles import obstacle  # noqa: PLC0415

    labels = labels_of(long)
    stopped = obstacle(long, labels, params, METRIC)
    if stopped is not None:
        yield stopped
        return
    found = offsets(long, labels, params, METRIC, scaled=params.unit == "sd")
    if found is None:
        yield Measurement(
            metric=METRIC,
            reason=Reason.MISSING_OUTCOMES,
            note=text("labels are names without an order, so that none is more severe than another"),
        )
        return
    yield from found.slices.lacking()
    slices = found.slices.found(cross=1)
    for column in found.slices.grouping:
        for one in slices.by((column,)):
            signed = found.signed(found.slices.masks[one.group.slice])
            yield Measurement(
                metric="signed_offset",
                scope=one.group.slice,
                depth=1,
                estimate=signed if signed.value is not None else None,
                groups=(one.group,),
                shown=True,
            )
    yield from comparisons(slices, found.size, pairs=False)
