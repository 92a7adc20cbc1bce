"""A judge that labels preferences does not favour models of its own family."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, coded
from hcgov.core.limit import limits
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools, Floats, by_judge
from hcgov.stages.judgments.choosing import MOST_LACKING
from hcgov.stages.judgments.comparisons import EVEN, A, B, Choices, PreferenceParams, asked, choices
from hcgov.stages.judgments.preference_worked import mixed, preferences
from hcgov.stages.worked import at_most
from hcgov.stats.clusters import FEWEST
from hcgov.stats.crossed import crossed_mean

METRIC = "source_bias"


class PreferenceSourceBias(PreferenceParams):
    """Parameters of the bias of a judge towards its own family."""

    families: Annotated[dict[str, str], Stricter.IDENTITY] = Field(
        min_length=1,
        description="Family of each model and of each judge, by name; only whoever made them knows it.",
    )
    min_overlap: Annotated[int, Stricter.HIGHER] = Field(
        default=30, ge=10, le=1_000_000, description="Fewest pairs that people chose between, too."
    )


def asks(params: PreferenceSourceBias) -> Mapping[str, Request]:
    """Ask for choices with their models, and for who made them."""
    return {"long": asked(params, "model_a", "model_b", "label_source")}


def examples() -> tuple[Example[PreferenceSourceBias], ...]:
    """Return a judge without favourites, one with, few people, and families that nobody told."""
    families = {"oak-2": "oak", "beech-1": "beech", "oak-judge": "oak"}

    def table(bonus: int, people: int = 40, *, prompts: int = 120) -> Long:
        rows = [
            (f"p{who}", "north", f"q{one}", "oak-2", "beech-1", "a" if mixed(who, one) < 50 else "b")
            for who in range(people)
            for one in range(prompts)
        ]
        judged = [
            ("oak-judge", "north", f"q{one}", "oak-2", "beech-1", "a" if mixed(7, one) < 50 + bonus else "b")
            for one in range(prompts)
        ]
        long = preferences([*rows, *judged])
        source = coded(["human"] * len(rows) + ["judge"] * len(judged))
        return Long(**{**vars(long), "columns": {**long.columns, "label_source": source}})

    cases = (
        ("it chooses as people do", table(0), families, Verdict.PASS),
        ("it favours its own", table(40), families, Verdict.FAIL),
        ("three people", table(0, 3), families, Verdict.INCONCLUSIVE),
        ("few pairs in common", table(0, prompts=12), families, Verdict.INCONCLUSIVE),
        (
            "nobody says whose judge it is",
            table(0),
            {"oak-2": "oak", "beech-1": "beech"},
            Verdict.INCONCLUSIVE,
        ),
        ("its own family only", table(0), {**families, "beech-1": "oak"}, Verdict.INCONCLUSIVE),
    )
    return tuple(
        Example(
            title=title,
            params=PreferenceSourceBias(families=told),
            evidence={"long": long},
            expect=expect,
            limit=at_most("0.15"),
        )
        for title, long, told, expect in cases
    )


@check(
    asks=asks,
    params=PreferenceSourceBias,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.11", "eu-ai-act:Art.10(2)(f)"),
)
def preference_source_bias(long: Long, params: PreferenceSourceBias) -> Iterator[Measurement]:
    """How much more often a judge prefers its own family than people do on the same pairs, in [-1, 1].

    Who sells both the judge and a model would write the labels that this model is chosen by. What people prefer, too,
    is no bias and cancels. Pairs within a family, or between two others, tell nothing of it. People and prompts are
    clusters. Source: Panickssery, Bowman & Feng 2024, arXiv:2404.13076; Zheng et al. 2023, arXiv:2306.05685.
    """
    found = choices(long, params.dimension)
    names = long.codes("annotator").names
    judged = by_judge(long) & (found.choice >= A) & (found.choice <= EVEN)
    judges = np.unique(found.people[judged & (found.people >= 0)]).tolist()
    if not judges:
        note = text("no row of `{table}` is a named judge's choice", table=long.table)
        yield Measurement(metric=METRIC, reason=Reason.SMALL_N, note=note)
    for code in judges:
        yield _of_judge(found, names[code], judged & (found.people == code), params)


def _of_judge(found: Choices, judge: str, judged: Bools, params: PreferenceSourceBias) -> Measurement:
    """Return the bias of one judge, or why it is not known."""
    scope = Slice(values=(("judge", judge),))

    def unknown(reason: Reason, note: Text) -> Measurement:
        return Measurement(metric=METRIC, scope=scope, depth=1, reason=reason, note=note)

    own = params.families.get(judge)
    lacking = _among(found, [name not in params.families for name in found.names])
    if own is None or (judged & (lacking[0] | lacking[1])).sum() > MOST_LACKING * judged.sum():
        return unknown(
            Reason.UNKNOWN_FACT, text("the family of `{judge}`, or of models, is not told", judge=judge)
        )
    first, second = _among(found, [params.families.get(name) == own for name in found.names])
    apart = (first != second) & ~lacking[0] & ~lacking[1]
    prefers = np.where(found.choice == A, 1.0, np.where(found.choice == B, 0.0, 0.5))
    prefers = np.where(first, prefers, 1.0 - prefers)
    theirs = found.between_models & apart & np.isin(found.items, found.items[judged & apart])
    pairs, people = np.unique(found.items[theirs]).size, np.unique(found.people[theirs]).size
    if pairs < params.min_overlap:
        return unknown(
            Reason.UNMATCHED_PAIRS,
            text(
                "people chose in {n} of the pairs in which `{judge}` chose between its family and others; {least} are "
                "needed",
                n=pairs,
                judge=judge,
                least=params.min_overlap,
            ),
        )
    if people < FEWEST:
        note = text("{n} {n|person|people} chose, too; at least {least} are needed", n=people, least=FEWEST)
        return unknown(Reason.FEW_PEOPLE, note)
    gap = (_by_item(found, prefers, judged & apart) - prefers)[theirs]
    if np.ptp(gap) == 0.0:
        return unknown(Reason.CONSTANT_OUTCOME, text("every choice on these pairs is the same"))
    estimate = crossed_mean(gap, found.rows.where(theirs), low=-1.0, high=1.0)
    count = GroupCount(slice=scope, positives=0.0, n=estimate.n, n_eff=estimate.n_eff, people=people)
    return Measurement(metric=METRIC, scope=scope, depth=1, estimate=estimate, groups=(count,))


def _among(found: Choices, of_model: list[bool]) -> tuple[Bools, Bools]:
    """Return of either side of each row whether its model is one of these; a model that is not known is none."""
    told = np.array([*of_model, False], dtype=np.bool_)
    return told[found.first], told[found.second]


def _by_item(found: Choices, value: Floats, rows: Bools) -> Floats:
    """Return at every row the mean of a value over these rows of the same item."""
    size = int(found.items.max(initial=0)) + 1
    n = np.bincount(found.items[rows], minlength=size)
    total = np.bincount(found.items[rows], weights=value[rows], minlength=size)
    return np.asarray((total / np.maximum(n, 1))[found.items], dtype=np.float64)
