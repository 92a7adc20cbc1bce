"""A majority vote speaks for every group as often."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.core.text import text
from hcgov.stages.contrasting import comparisons
from hcgov.stages.judgments.annotating import AnnotationParams, Says, chance, crowd, halves, says
from hcgov.stages.judgments.oversight import told
from hcgov.stages.measuring import shown
from hcgov.stages.worked import at_most

METRIC = "majority_gap"


class AnnotationMajorityGap(AnnotationParams):
    """Parameters of the majority representation gap."""


def asks(params: AnnotationMajorityGap) -> Mapping[str, Request]:
    """Ask for items, annotators and labels."""
    return params.labels()


def apart(minority: int) -> Says:
    """Return people of whom every so many see things the other way round than the rest."""
    base = says(0.9)

    def label(item: int, person: int) -> str:
        said = base(item, person)
        other = person % minority == 1 and chance("sees", item) < 0.6
        return ("yes" if said == "no" else "no") if other else said

    return label


def examples() -> tuple[Example[AnnotationMajorityGap], ...]:
    """Return groups that are heard alike, one that is outvoted, few people, and no groups."""

    def third(person: int) -> str:
        return "south" if person % 3 == 1 else "north"

    return told(
        AnnotationMajorityGap(),
        at_most("0.10"),
        ("heard alike", crowd(says(0.9), people=120, items=600, region=halves), Verdict.PASS),
        ("outvoted", crowd(apart(3), people=120, items=600, region=third), Verdict.FAIL),
        ("few people", crowd(says(0.9), people=20, items=100, region=halves), Verdict.INCONCLUSIVE),
        ("no groups", crowd(says(0.9), people=120, items=300), Verdict.INCONCLUSIVE),
        ("groups of nobody", crowd(says(0.9), people=90, region=lambda _: None), Verdict.INCONCLUSIVE),
        ("one label", crowd(lambda item, person: "yes", region=halves), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=AnnotationMajorityGap,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.11",
        "nist-ai-600-1:2.6",
        "eu-ai-act:Art.10(2)(f)",
        "iso-42001:A.5.4",
    ),
)
def annotation_majority_gap(long: Long, params: AnnotationMajorityGap) -> Iterator[Measurement]:
    """How much less often the labels of a group are those of the majority of the others, in [-1, 1].

    A group that is outvoted vanishes from majority labels, and a model that learns them never hears it; then keep the
    labels of each person, or the share of each label. The own vote is left out; where the others are tied, there is no
    majority, and such judgments are counted apart. Groups judge the same items, so that the error is that of the
    difference, with people and items as clusters. Source: Prabhakaran, Davani & Diaz 2021, arXiv:2110.05699;
    Miettinen & Nurminen 1985, Statistics in Medicine 4:213-226, on the effective samples.
    """
    from hcgov.stages.judgments.group_labels import majority_shares  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stages.judgments.labels import labels_of  # noqa: PLC0415
    from hcgov.stages.judgments.obstacles import obstacle  # noqa: PLC0415

    labels = labels_of(long)
    stopped = obstacle(long, labels, params, METRIC)
    if stopped is not None:
        yield stopped
        return
    found = majority_shares(long, labels, params, METRIC)
    yield Measurement(
        metric="compared_with_majority",
        shown=True,
        note=text(
            "{compared} judgments are compared; {tied} are not because the others are tied, {alone} because nobody "
            "else judged the item",
            compared=int(found.y.size),
            tied=found.found.tied,
            alone=found.found.alone,
        ),
    )
    yield from found.slices.lacking()
    named = found.slices.found(identifying=False)
    yield from shown(named, "with_the_majority", lambda one: one.estimate)
    yield from comparisons(found.slices.found(), found.gap)
