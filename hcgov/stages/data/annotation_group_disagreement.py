"""Disagreement is not explained by who judges."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Neither
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.stages.contrasting import each_alone
from hcgov.stages.data.annotation_majority_gap import apart
from hcgov.stages.judgments.annotating import AnnotationParams, crowd, halves, says
from hcgov.stages.judgments.oversight import told
from hcgov.stages.worked import at_most
from hcgov.stats.multiplicity import holm_adjusted

if TYPE_CHECKING:
    from hcgov.stages.judgments.group_labels import Permuted
    from hcgov.stats.agreement.groups import Association

METRIC = "group_association"


class AnnotationGroupDisagreement(AnnotationParams):
    """Parameters of group-explained disagreement."""

    draws: Annotated[int, Neither("more permutations make the p-value finer, neither higher nor lower")] = (
        Field(
            default=499,
            ge=99,
            le=9999,
            description="Permutations of groups between people; of very many judgments at most 199, on a sample.",
        )
    )
    seed: Annotated[int, Neither("it decides which permutations are drawn")] = Field(
        default=20240607, ge=0, le=2**31 - 1, description="Seed of the permutations."
    )


def asks(params: AnnotationGroupDisagreement) -> Mapping[str, Request]:
    """Ask for items, annotators and labels."""
    return params.labels()


def examples() -> tuple[Example[AnnotationGroupDisagreement], ...]:
    """Return groups that do not matter, groups that do, few people, and no groups."""
    params = AnnotationGroupDisagreement(draws=99)
    return told(
        params,
        at_most("1.20"),
        ("groups do not matter", crowd(says(0.9), people=80, items=700, each=6, region=halves), Verdict.PASS),
        (
            "groups see it differently",
            crowd(apart(2), people=80, items=700, each=6, region=halves),
            Verdict.FAIL,
        ),
        ("few people", crowd(says(0.9), people=20, region=halves), Verdict.INCONCLUSIVE),
        ("no groups", crowd(says(0.9), people=80), Verdict.INCONCLUSIVE),
        (
            "everyone is of one group",
            crowd(says(0.9), people=80, region=lambda _: "north"),
            Verdict.INCONCLUSIVE,
        ),
        ("agreement by chance alone", crowd(says(0.0), people=80, region=halves), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=AnnotationGroupDisagreement,
    examples=examples,
    limit=limits(METRIC, at_most="[1, 10]"),
    supports=(
        "nist-ai-rmf:MEASURE 2.11",
        "nist-ai-600-1:2.6",
        "eu-ai-act:Art.10(2)(f)",
        "eu-ai-act:Art.10(2)(d)",
        "iso-42001:A.5.4",
    ),
)
def annotation_group_disagreement(long: Long, params: AnnotationGroupDisagreement) -> Iterator[Measurement]:
    """Agreement within a group over agreement across its border: above 1 the group sees things its own way.

    Where who judges explains what is judged, the axis has to be kept: a majority vote would turn one group's view into
    the truth. That says nothing about who is right. The index has a jackknife over people, items and both; beside it
    stands how often groups drawn at random come out as high (people are permuted, not rows; Holm over the groups of a
    column). A group is a proxy of many things, and no group is a worse judge for it. Source: Prabhakaran et al. 2024,
    GRASP, NAACL, arXiv:2311.05074; Wong, Paritosh & Aroyo 2021, arXiv:2106.07393.
    """
    from hcgov.stages.judgments.group_labels import (  # noqa: PLC0415 - numpy only where rows are read
        Cohesion,
        cohesion,
        permutation_p_values,
    )
    from hcgov.stages.judgments.labels import Labels, labels_of, people_groups  # noqa: PLC0415
    from hcgov.stages.judgments.obstacles import obstacle  # noqa: PLC0415

    def permuted(found: Cohesion, labels: Labels, column: str) -> Iterator[Measurement]:
        groups, names = people_groups(long, labels, column)
        drawn = permutation_p_values(found, groups, draws=params.draws, seed=params.seed)
        p_values, order = drawn.p_values, sorted(drawn.p_values)
        for group, p in zip(order, holm_adjusted([p_values[g] for g in order]), strict=True):
            own = found.of(groups == group)
            people = int((groups == group).sum())
            yield Measurement(
                metric="permutation_p",
                scope=Slice(values=((column, names[group]),)),
                depth=1,
                estimate=Estimate(
                    value=p, n=drawn.judgments, n_eff=float(drawn.draws), people=people, method=Method.POINT
                ),
                shown=True,
                note=_beside(own, drawn, params.seed),
            )

    labels = labels_of(long)
    stopped = obstacle(long, labels, params, METRIC)
    if stopped is not None:
        yield stopped
        return
    found = cohesion(long, labels, params, METRIC)
    yield from found.slices.lacking()
    slices = found.slices.found(cross=1)
    if slices.rules.by:
        yield from each_alone(slices)
    for column in found.slices.grouping:
        yield from permuted(found, labels, column)


def _beside(own: "Association", drawn: "Permuted", seed: int) -> Text:
    told = {
        "within": _written(own.cohesion),
        "across": _written(own.across),
        "draws": drawn.draws,
        "groups": len(drawn.p_values),
    }
    if drawn.sampled:
        return text(
            "agreement within {within}, across {across}; {draws} permutations of groups between people, on "
            "{judgments} judgments of items drawn at random (seed {seed}), p-value corrected by Holm for {groups} "
            "{groups|group|groups}",
            **told,
            judgments=drawn.judgments,
            seed=seed,
        )
    return text(
        "agreement within {within}, across {across}; {draws} permutations of groups between people, p-value "
        "corrected by Holm for {groups} {groups|group|groups}",
        **told,
    )


def _written(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
