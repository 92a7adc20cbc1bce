"""People who judge the same items agree."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Neither, Ordered
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Answered, Measurement, Observation, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.annotating import AnnotationParams, crowd, says
from hcgov.stages.judgments.oversight import told
from hcgov.stages.worked import at_least

METRICS = ("krippendorff_alpha", "gwet_ac", "fleiss_kappa", "percent_agreement")


class AnnotationAgreement(AnnotationParams):
    """Parameters of agreement."""

    coefficient: Annotated[
        Literal["krippendorff_alpha", "gwet_ac", "fleiss_kappa", "percent_agreement"],
        Neither("coefficients correct for chance in different ways"),
    ] = Field(
        default="krippendorff_alpha", description="Which coefficient the limit is about; all are shown."
    )
    annotators: Annotated[Literal["fixed", "drawn"], Ordered(("fixed", "drawn"))] = Field(
        default="drawn",
        description="Whether the annotators are the only ones who will ever judge (`fixed`), or some of many.",
    )
    subjective: Annotated[
        bool, Neither("whether labels are opinions is a fact of the question, no choice")
    ] = Field(
        default=False,
        description="Labels are opinions: agreement is shown and not judged; judge what explains disagreement.",
    )


def asks(params: AnnotationAgreement) -> Mapping[str, Request]:
    """Ask for items, annotators and labels."""
    return params.labels()


def examples() -> tuple[Example[AnnotationAgreement], ...]:
    """Return people who agree, who do not, and the tables of which nothing can be said."""

    def one(item: int, person: int) -> str:
        return "yes"

    cases = told(
        AnnotationAgreement(),
        at_least("0.667"),
        ("they agree", crowd(says(0.97), items=300), Verdict.PASS),
        ("they do not", crowd(says(0.5), items=300), Verdict.FAIL),
        ("few items", crowd(says(0.85), items=12), Verdict.INCONCLUSIVE),
        ("one annotator", crowd(says(0.9), people=1, each=1), Verdict.INCONCLUSIVE),
        ("one item", crowd(says(0.9), items=1), Verdict.INCONCLUSIVE),
        ("one label", crowd(one), Verdict.INCONCLUSIVE),
        ("nobody judges what another judges", crowd(says(0.9), each=1), Verdict.INCONCLUSIVE),
    )
    opinions = AnnotationAgreement(subjective=True)
    return (
        *cases,
        *told(opinions, at_least("0.667"), ("opinions", crowd(says(0.5)), Verdict.NOT_APPLICABLE)),
    )


@check(
    asks=asks,
    params=AnnotationAgreement,
    examples=examples,
    limit=limits(*METRICS, at_least="[0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.5",
        "nist-ai-rmf:MEASURE 2.13",
        "eu-ai-act:Annex IV.2(d)",
        "eu-ai-act:Art.10(2)(c)",
        "iso-42001:A.7.4",
    ),
)
def annotation_agreement(long: Long, params: AnnotationAgreement) -> Iterator[Observation]:
    """Agreement of people about the same items, corrected for chance, at most 1, with its interval.

    What a model is taught can be no surer than the people who teach it. Both the items and the people are taken to be
    some of many (jackknife over items, people and both, Student's t); where agreement is next to perfect and one label
    rare, alpha and kappa are low all the same, so that Gwet's coefficient is shown beside them. Low agreement about an
    opinion is no fault of anybody: such questions are shown and not judged. Source: Krippendorff 2011, Computing
    Krippendorff's Alpha-Reliability, whose customary limits are 0.667 and 0.80; Gwet 2008, British Journal of
    Mathematical and Statistical Psychology 61:29-48; Fleiss 1971, Psychological Bulletin 76:378-382.
    """
    from hcgov.stages.judgments.agreeing import coefficients  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stages.judgments.labels import labels_of, left_out  # noqa: PLC0415
    from hcgov.stages.judgments.obstacles import obstacle  # noqa: PLC0415

    labels = labels_of(long)
    stopped = obstacle(long, labels, params, params.coefficient)
    if params.subjective:
        yield Statement(
            about="opinions",
            answer=Answered.NOT_APPLICABLE,
            text=text(
                "labels are opinions: agreement is shown and not judged; {about}", about=str(left_out(labels))
            ),
        )
    if stopped is not None:
        if not params.subjective:
            yield stopped
        return
    for name, estimate in coefficients(labels, drawn=params.annotators == "drawn").items():
        judged = name == params.coefficient and not params.subjective
        yield Measurement(
            metric=name,
            estimate=estimate,
            shown=not judged,
            reason=Reason.FEW_CLUSTERS if estimate is None else None,
            note=left_out(labels),
        )
