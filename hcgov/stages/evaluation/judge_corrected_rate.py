"""A rate from a judge's labels keeps its limit once the judge's errors are taken off."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Neither
from hcgov.core.estimate import Estimate
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.slices import Slice
from hcgov.core.status import Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.judge_params import JudgeParams
from hcgov.stages.judgments.judge_rates import Labelling, by_errors, by_people, judge_only, labelling
from hcgov.stages.judgments.judge_ratings import Mask, Refused, ratings
from hcgov.stages.judgments.judge_slices import named, refusal, sliced
from hcgov.stages.judgments.judge_specimens import labelled, table
from hcgov.stages.worked import at_least

METRIC = "corrected_rate"
USEFUL = 1.05
"""With a smaller gain the judge adds nothing to what people's labels say."""


class JudgeCorrectedRate(JudgeParams):
    """Parameters of a rate with the help of a judge."""

    method: Annotated[
        Literal["ppi", "rogan_gladen"], Neither("either is valid where its assumption holds")
    ] = Field(
        default="ppi",
        description="`ppi` where the items that people label are drawn at random from all (it is the sharper one); "
        "`rogan_gladen` where their mix differs and only the judge's errors carry over.",
    )


def asks(params: JudgeCorrectedRate) -> Mapping[str, Request]:
    """Ask for the labels by people and the judge."""
    return {"long": params.request()}


def examples() -> tuple[Example[JudgeCorrectedRate], ...]:
    """Return a rate that holds, one that does not, few labels, and a judge alone."""
    good = labelled(items=2400, labelled_share=0.2, prevalence=0.92, people_right=1.0, each=1)
    flattered = labelled(items=2000, labelled_share=0.15, prevalence=0.6, people_right=1.0, lean=0.8, each=1)
    alone = tuple(row for row in good if row["rater_kind"] == "judge")
    cases = {
        "it holds": (good, Verdict.PASS),
        "the judge flatters": (flattered, Verdict.FAIL),
        "few labels": (
            labelled(items=60, labelled_share=0.3, prevalence=0.85, people_right=1.0, each=1),
            Verdict.INCONCLUSIVE,
        ),
        "only the judge": (alone, Verdict.INCONCLUSIVE),
    }
    return tuple(
        Example(
            title=title,
            params=JudgeCorrectedRate(positive=("1",)),
            evidence={"long": table(rows)},
            expect=expect,
            limit=at_least("0.85"),
        )
        for title, (rows, expect) in cases.items()
    )


@check(
    asks=asks,
    params=JudgeCorrectedRate,
    examples=examples,
    limit=limits(METRIC, at_least="(0, 1)", at_most="(0, 1)"),
    supports=("nist-ai-rmf:MEASURE 2.5", "nist-ai-rmf:MEASURE 2.13", "eu-ai-act:Art.15(1),(3)-(5)"),
)
def judge_corrected_rate(long: Long, params: JudgeCorrectedRate) -> Iterator[Measurement]:
    """Rate of what `positive` names, from people's labels on a part of the items and a judge's on all.

    Many cheap labels repeat the judge's error as often as they are many; corrected by people's labels on a random part
    they are worth something, at most twice those labels where the judge is no better than the system. A judge alone
    never passes. Source: Angelopoulos, Duchi & Zrnic 2023, arXiv:2311.01453; Lee et al. 2025, arXiv:2511.21140; Rogan &
    Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510.
    """
    found = ratings(long, params.positive)
    for name, prefix in named(found, params):
        told = labelling(found, name, params)
        if isinstance(told, Refused):
            yield refusal(METRIC, told, Slice(values=prefix))
            continue
        everyone = np.ones(told.units.at.size, dtype=np.bool_)
        yield from shown(told, everyone, params.method, prefix)

        def value(mask: Mask, told: Labelling = told) -> Mapping[str, Estimate] | Refused:
            one = by_people(told, mask) if params.method == "ppi" else by_errors(told, mask)
            if isinstance(one, Refused):
                return one
            return {METRIC: one if isinstance(one, Estimate) else one.estimate}

        known = found.user is not None
        yield from sliced(long, told.units.at, told.units.cluster, (METRIC,), value, prefix, known=known)


def shown(
    told: Labelling, mask: Mask, method: str, prefix: tuple[tuple[str, str], ...] = ()
) -> Iterator[Measurement]:
    """Yield what the judge alone would say, and what its help is worth, to be shown."""
    yield judge_only(told, mask, Slice(values=prefix))
    if method == "ppi":
        one = by_people(told, mask)
        if not isinstance(one, Refused):
            yield Measurement(
                metric="gain_by_judge",
                scope=Slice(values=prefix),
                shown=True,
                note=text(
                    "{labels} {labels|label|labels} of people, with the judge's, are worth {gain} times as many{adds}",
                    labels=one.labelled,
                    gain=f"{one.gain:.2f}",
                    adds="" if one.gain >= USEFUL else ": the judge adds nothing",
                ),
            )
