"""People agree with themselves, as far as they were asked twice."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import TableParams, chance, crowd, says
from hcgov.stages.specimens import worked

METRIC = "test_retest"


class AnnotationRetest(TableParams):
    """Parameters of test and retest."""

    minutes: Annotated[float, Stricter.HIGHER] = Field(
        default=30.0,
        ge=0,
        le=1_000_000,
        description="Minutes that should lie between test and retest, or else:",
    )
    positions: Annotated[float, Stricter.HIGHER] = Field(
        default=50.0, ge=0, le=1_000_000, description="Other answers that should lie between them."
    )


def asks(params: AnnotationRetest) -> Mapping[str, Request]:
    """Ask for labels, and for when and in which place they were given."""
    return params.labels(may=("position",))


def examples() -> tuple[Example[AnnotationRetest], ...]:
    """Return a crowd that was asked twice, and one that was not."""
    first = says(0.8)

    def twice(item: int, person: int) -> str:
        # Every item stands under two names here, which `item` undoes.
        again = chance("again", item, person) < 0.1
        said = first(item // 2, person)
        return ("no" if said == "yes" else "yes") if item % 2 and again else said

    asked = crowd(
        twice,
        people=20,
        items=400,
        each=20,
        more={
            "item": lambda item, _: f"i{item // 2}",
            "position": lambda item, _: float(item % 2 * 400 + item),
        },
    )
    return worked(
        AnnotationRetest(),
        "long",
        {
            "asked twice": (asked, Verdict.NOT_EVALUATED),
            "asked once": (crowd(first), Verdict.NOT_EVALUATED),
        },
    )


@check(
    asks=asks,
    params=AnnotationRetest,
    examples=examples,
    judged=Judged.SHOWN,
    supports=("nist-ai-rmf:MEASURE 2.13", "eu-ai-act:Art.10(2)(c)", "iso-42001:A.7.4"),
)
def annotation_retest(long: Long, params: AnnotationRetest) -> Iterator[Measurement]:
    """Share of repeats with the same label: same person, same item, far enough apart; shown, never judged.

    People who change their mind about the same item set the ceiling of every other agreement: no two people can be
    asked to agree more than each agrees with himself. Repeats that follow closely are remembered, not judged again, and
    do not count. Source: Clopper & Pearson 1934, Biometrika 26:404-413, on the effective sample (people and items are
    clusters); the distances are conventions.
    """
    import numpy as np  # noqa: PLC0415 - numpy only where rows are read

    from hcgov.stages.judgments.arrays import codes, numbers  # noqa: PLC0415
    from hcgov.stages.judgments.labels import items_of  # noqa: PLC0415
    from hcgov.stats.annotators.retest import repeats  # noqa: PLC0415
    from hcgov.stats.crossed import Rows, crossed_share  # noqa: PLC0415

    label, person, item = codes(long, "label"), codes(long, "annotator"), items_of(long)
    usable = np.where((label >= 0) & (item >= 0), person, -1)
    found = repeats(
        item,
        usable,
        seconds=numbers(long, "submitted_at") if long.has("submitted_at") else None,
        position=numbers(long, "position") if long.has("position") else None,
        minutes=params.minutes,
        positions=params.positions,
    )
    used = found.apart | ~found.known
    note = text(
        "{repeats} {repeats|repeat|repeats}; {close} {close|follows|follow} too closely and {close|is|are} left out, "
        "of {unknown} it is not known how far apart they are",
        repeats=int(found.first.size),
        close=int((~used).sum()),
        unknown=int((~found.known).sum()),
    )
    if not used.any():
        yield Measurement(metric=METRIC, reason=Reason.UNMATCHED_PAIRS, note=note, shown=True)
        return
    first, second = found.first[used], found.second[used]
    same = (label[first] == label[second]).astype(np.float64)
    rows = Rows(people=person[first], items=item[first])
    yield Measurement(metric=METRIC, estimate=crossed_share(same, rows), note=note, shown=True)
