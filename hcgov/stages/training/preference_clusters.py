"""Groups of opinion among the people are looked for, and kept apart where they are real."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Judged, check
from hcgov.core.direction import Neither, Stricter
from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Long
from hcgov.core.measurement import Answered, Measurement, Statement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.comparison_notes import obstacle, told
from hcgov.stages.judgments.comparisons import PreferenceParams, asked, choices
from hcgov.stages.judgments.opinion_groups import (
    FEWEST_PEOPLE,
    about_models,
    groups_of_opinion,
    kinds_of_people,
)
from hcgov.stages.judgments.preference_worked import judged, mixed
from hcgov.stages.specimens import worked
from hcgov.stats.preferences.clusters import Clustering
from hcgov.stats.preferences.mixture import Mixture


class PreferenceClusters(PreferenceParams):
    """Parameters of the groups of opinion."""

    kept_apart: Annotated[bool, Stricter.FALSE] = Field(
        default=False,
        description="Whether training keeps the groups that are found apart, by files or by weights.",
    )
    min_answers: Annotated[
        int, Neither("people with fewer answers are placed by chance, but left out they are not seen")
    ] = Field(default=5, ge=2, le=1000, description="Answers that a person needs to be placed.")
    min_people: Annotated[int, Stricter.HIGHER] = Field(
        default=FEWEST_PEOPLE,
        ge=10,
        le=1_000_000,
        description="People needed to say that there are no groups.",
    )
    min_placed: Annotated[float, Stricter.HIGHER] = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Least share of the people who answered enough to be placed, to say that there are no groups.",
    )


def examples() -> tuple[Example[PreferenceClusters], ...]:
    """Sixty people judge twenty prompts."""

    def table(people: int, *, camps: bool) -> Long:
        def choose(region: str, who: int, one: int) -> str:
            if not camps:
                return "ab"[(who * who * 31 + one * one * 17 + who * one * 7 + (who ^ one) * 13) % 11 % 2]
            likes = (one % 3 == 0) == (region == "north")
            return "a" if likes != (mixed(who, one) < 10) else "b"

        return judged(people, 20, choose)

    return worked(
        PreferenceClusters(),
        "long",
        {
            "no groups": (table(80, camps=False), Verdict.PASS),
            "two camps that a pooled reward would average": (table(80, camps=True), Verdict.FAIL),
            "twenty people": (table(20, camps=False), Verdict.INCONCLUSIVE),
            "one person": (table(1, camps=False), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=lambda params: {"long": asked(params)},
    params=PreferenceClusters,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=("nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(f)", "nist-ai-600-1:2.6", "iso-42001:A.7.4"),
)
def preference_clusters(long: Long, params: PreferenceClusters) -> Iterator[Statement | Measurement]:
    """Look for groups of people who choose alike, without asking who they are, and for kinds of people by strengths.

    Groups count only where they come back when people are drawn again (adjusted Rand index at least 0.8), where
    permuted items are never as distinct (p < 0.05), where they tell choices on items they were not found on, where
    fewer people stand between them than within, and where they are not merely who answered what; kinds only where
    they tell the choices of held-out people better. Such groups are no demographics: a pooled reward can fail people
    whom no column names. Source: Small et al. 2021, Recerca 26:2; Hennig 2007; Chakraborty et al. 2024, arXiv
    2402.08925.
    """
    found = choices(long, params.dimension)
    stopped = obstacle(found, long, models=False)
    if stopped is not None:
        yield Statement(about="groups", answer=Answered.CANNOT_TELL, reason=stopped[0], text=stopped[1])
        return
    clustering = groups_of_opinion(found, models=about_models(found), least_answers=params.min_answers)
    kinds = kinds_of_people(found)
    yield _said(long, clustering, kinds, params)
    yield from _shown(clustering, kinds)
    yield from told(found)


def _said(
    long: Long, clustering: Clustering | None, kinds: Mixture | None, params: PreferenceClusters
) -> Statement:
    placed = 0 if clustering is None else int(clustering.people.size)
    by_choice = 1 if clustering is None else clustering.k
    by_strength = 1 if kinds is None else kinds.k
    if max(by_choice, by_strength) > 1:
        return Statement(
            about="groups",
            answer=Answered.MET if params.kept_apart else Answered.NOT_MET,
            text=text(
                "people fall into groups of opinion: {k} by what they choose, {kinds} by how strong models are to "
                "them; {what}",
                k=by_choice,
                kinds=by_strength,
                what="training is said to keep them apart"
                if params.kept_apart
                else "one reward for all would follow the largest",
            ),
        )
    if placed < params.min_people:
        return Statement(
            about="groups",
            answer=Answered.CANNOT_TELL,
            reason=Reason.FEW_PEOPLE,
            text=text(
                "{n} {n|person|people} of `{table}` answered enough about what others answered "
                "too; at least {least} are needed to say that there are no groups",
                n=placed,
                table=long.table,
                least=params.min_people,
            ),
        )
    everyone = placed + (0 if clustering is None else clustering.left_out)
    if placed < params.min_placed * everyone:
        return Statement(
            about="groups",
            answer=Answered.CANNOT_TELL,
            reason=Reason.COVERAGE,
            text=text(
                "no evidence of groups of opinion among {n} of {all} {all|person|people}; the others answered too "
                "little to be placed",
                n=placed,
                all=everyone,
            ),
        )
    return Statement(
        about="groups",
        answer=Answered.MET,
        text=text("no evidence of groups of opinion among {n} {n|person|people}", n=placed),
    )


def _shown(clustering: Clustering | None, kinds: Mixture | None) -> Iterator[Measurement]:
    if clustering is not None:
        values = {
            "clusters": float(clustering.k),
            "clusters_proposed": float(clustering.proposed),
            "cluster_silhouette": clustering.silhouette,
            "cluster_stability": clustering.stability,
            "cluster_p": clustering.p,
            "cluster_p_held_out": clustering.p_held_out,
            "cluster_p_between": clustering.p_between,
            "cluster_by_missingness": clustering.masked,
        }
        for name, value in values.items():
            yield from _point(name, value, int(clustering.people.size))
    if kinds is not None:
        yield from _point("mixture_kinds", float(kinds.k), int(kinds.people.size))
        yield from _point("mixture_smallest_share", float(np.min(kinds.shares)), int(kinds.people.size))
        yield from _point("mixture_gain", kinds.gain, int(kinds.people.size))


def _point(name: str, value: float | None, people: int) -> Iterator[Measurement]:
    if value is not None:
        estimate = Estimate(value=value, n=people, n_eff=float(people), people=people, method=Method.POINT)
        yield Measurement(metric=name, estimate=estimate, shown=True)
