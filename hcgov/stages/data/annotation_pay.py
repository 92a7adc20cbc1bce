"""Annotators are paid at least a floor for an hour of work."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import TableParams, chance, crowd, says
from hcgov.stages.specimens import worked

LEAST_SECONDS, MOST_SECONDS = 0.01, 1e7
"""No answer takes less time than the first, or more than the second (four months): other times are mistakes."""
MOST_PAY = 1e7
"""Nobody is paid more for one answer in any currency in use."""


class AnnotationPay(TableParams):
    """Parameters of the pay."""

    floor: Annotated[float, Stricter.HIGHER] = Field(
        default=8.0,
        gt=0,
        le=10_000,
        description="Least pay for an hour, in the currency of the table; a legal minimum wage goes before it.",
    )
    max_untimed: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of the judgments of which pay or time may be unknown.",
    )


def asks(params: AnnotationPay) -> Mapping[str, Request]:
    """Ask for pay and time of each judgment."""
    return params.labels("pay", "seconds")


def examples() -> tuple[Example[AnnotationPay], ...]:
    """Return fair pay, pay below the floor, pay that leaves out the slow, and times that are not known."""

    def paid(each: float, slow: float = 1.0, *, timed: float = 1.0) -> Long:
        def seconds(item: int, person: int) -> float:
            if chance("timed", item, person) >= timed:
                return 0.0
            return (20.0 + 10.0 * chance("time", item, person)) * (slow if person % 3 == 0 else 1.0)

        return crowd(says(0.8), people=30, more={"pay": lambda *_: each, "seconds": seconds})

    return worked(
        AnnotationPay(),
        "long",
        {
            "fair": (paid(0.10), Verdict.PASS),
            "below the floor": (paid(0.03), Verdict.FAIL),
            "below it for those who take longer": (paid(0.08, 3.0), Verdict.FAIL),
            "times are not known": (paid(0.10, timed=0.3), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=asks,
    params=AnnotationPay,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "eu-ai-act:Art.10(2)(b)",
        "iso-42001:A.4.6",
        "iso-42001:A.5.4",
    ),
)
def annotation_pay(long: Long, params: AnnotationPay) -> Iterator[Statement]:
    """Pay for an hour of each person, from all their judgments: the median, and the quarter who earn least.

    Pay by the piece looks fair at the median and starves those who read slowly or carefully; so the 25th percentile
    has to reach the floor as well. Source: Prolific's payment principles (a minimum of 6 GBP or 8 USD an hour);
    Silberman et al. 2018, Responsible research with crowds, Communications of the ACM 61(3):39-41.
    """
    import numpy as np  # noqa: PLC0415 - numpy only where rows are read

    from hcgov.stages.judgments.arrays import codes, numbers  # noqa: PLC0415

    pay, seconds, person = numbers(long, "pay"), numbers(long, "seconds"), codes(long, "annotator")
    timed = (seconds >= LEAST_SECONDS) & (seconds <= MOST_SECONDS)
    known = timed & (pay >= 0.0) & (pay <= MOST_PAY) & (person >= 0)
    if int((~known).sum()) > params.max_untimed * long.rows or not known.any():
        yield Statement(
            about="pay",
            answer=Answered.CANNOT_TELL,
            reason=Reason.MISSING_OUTCOMES,
            text=text(
                "of {unknown} of {rows} {rows|judgment|judgments} pay, time or person is not known; at most "
                "{share} may be",
                unknown=int((~known).sum()),
                rows=long.rows,
                share=f"{params.max_untimed:.0%}",
            ),
        )
        return
    _, who = np.unique(person[known], return_inverse=True)
    hourly = 3600.0 * np.bincount(who, weights=pay[known]) / np.bincount(who, weights=seconds[known])
    for about, share in (("median", 0.5), ("quarter who earn least", 0.25)):
        value = float(np.quantile(hourly, share))
        yield Statement(
            about=about,
            answer=Answered.MET if value >= params.floor else Answered.NOT_MET,
            text=text(
                "the {about} of {people} {people|person|people} earned {value} or less for an hour; the floor "
                "is {floor}",
                about="first half" if share == 0.5 else "quarter",
                people=hourly.size,
                value=f"{value:.2f}",
                floor=f"{params.floor:.2f}",
            ),
        )
