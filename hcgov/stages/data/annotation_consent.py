"""Every judgment that is used stands under a valid consent."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hcgov.core.check import Example, Judged, Request, check
from hcgov.core.evidence.long import LeftOut, Long
from hcgov.core.measurement import Answered, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import TableParams, crowd, says
from hcgov.stages.specimens import worked


class AnnotationConsent(TableParams):
    """Parameters of the consent of annotators."""


def asks(params: AnnotationConsent) -> Mapping[str, Request]:
    """Ask for annotators and their consent."""
    return params.labels("consent")


def examples() -> tuple[Example[AnnotationConsent], ...]:
    """Return consent of all, one whose consent expired, and one of whom nothing is known."""

    def consent(of_last: str) -> Long:
        return crowd(
            says(0.8), people=30, more={"consent": lambda _, person: of_last if person == 29 else "given"}
        )

    given = consent("given")
    withdrawn = replace(given, left_out=(LeftOut(why="withdrawn", rows=12, people=2),))
    return worked(
        AnnotationConsent(),
        "long",
        {
            "all agreed": (given, Verdict.PASS),
            "two withdrew and are not used": (withdrawn, Verdict.PASS),
            "one expired": (consent("expired"), Verdict.FAIL),
            "one is unknown": (consent("unknown"), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=asks,
    params=AnnotationConsent,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.2",
        "nist-ai-rmf:MEASURE 2.10",
        "nist-ai-600-1:2.4",
        "eu-ai-act:Art.10(2)(b)",
        "iso-42001:A.7.3",
    ),
)
def annotation_consent(long: Long, params: AnnotationConsent) -> Iterator[Statement]:
    """Share of the used judgments whose person's consent is given; expired and unknown consent are told apart.

    People who judge are participants with rights, not a resource: a judgment without a valid consent may not be used,
    and one that was withdrawn has to be gone from every number. Who they are is counted, never printed. Source:
    Regulation (EU) 2016/679, Art. 6, 7 and 17; Ziems et al. 2026, arXiv 2605.06901, section 3.3.2.
    """
    import numpy as np  # noqa: PLC0415

    from hcgov.stages.judgments.arrays import Bools, codes  # noqa: PLC0415 - numpy only where rows are read

    found, person = codes(long, "consent"), codes(long, "annotator")
    names = long.codes("consent").names

    def told(
        about: str, where: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]", answer: Answered, what: str
    ) -> Statement:
        rows, people = int(where.sum()), int(np.unique(person[where & (person >= 0)]).size)
        return Statement(
            about=about,
            answer=Answered.MET if not rows else answer,
            reason=Reason.UNKNOWN_FACT if rows and answer is Answered.CANNOT_TELL else None,
            text=text(
                "{rows} of {all} {all|judgment|judgments}, of {people} {people|person|people}, {rows|stands|stand} "
                "under {what}",
                rows=rows,
                all=long.rows,
                people=people,
                what=what,
            ),
        )

    def means(*wanted: str) -> "Bools":
        return np.isin(found, [i for i, name in enumerate(names) if name in wanted])

    if not long.rows:
        yield Statement(
            about="consent",
            answer=Answered.CANNOT_TELL,
            reason=Reason.MISSING_OUTCOMES,
            text=text("`{table}` has no row", table=long.table),
        )
        return
    yield told("expired consent", means("expired"), Answered.NOT_MET, "a consent that has expired")
    yield told("withdrawn consent", means("revoked"), Answered.NOT_MET, "a consent that was withdrawn")
    yield told(
        "unknown consent",
        ~means("given", "expired", "revoked"),
        Answered.CANNOT_TELL,
        "a consent of which nothing is known",
    )
    gone = next((one for one in long.left_out if one.why == "withdrawn"), None)
    if gone is not None:
        yield Statement(
            about="left out",
            answer=Answered.MET,
            text=text(
                "{rows} {rows|judgment|judgments} of people who withdrew {rows|is|are} in no number",
                rows=gone.rows,
            ),
        )
