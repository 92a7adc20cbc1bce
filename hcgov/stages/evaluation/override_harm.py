"""People rarely undo what the machine got right."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.oversight import AdvisedParams, Task, advised, one_name, told, without
from hcgov.stages.worked import at_most

METRIC = "harmful_override"


class OverrideHarm(AdvisedParams):
    """Parameters of harmful overrides."""


def asks(params: OverrideHarm) -> Mapping[str, Request]:
    """Ask for labels, suggestions and what is right."""
    return params.labels("suggestion", "truth", may=("suggestion_shown",))


def examples() -> tuple[Example[OverrideHarm], ...]:
    """Return people who keep what is right, who undo it, few people, and nobody who knows what is right."""

    def work(people: int, kept: float) -> Long:
        tasks = (Task(each=30, agree=kept), Task(each=10, agree=0.1, right=False))
        return advised({"north": (people, tasks), "south": (people, tasks)})

    return told(
        OverrideHarm(),
        at_most("0.10"),
        ("what is right is kept", work(40, 0.96), Verdict.PASS),
        ("what is right is undone", work(40, 0.7), Verdict.FAIL),
        ("eight annotators", work(4, 0.96), Verdict.INCONCLUSIVE),
        ("nobody knows what is right", without(work(40, 0.96), "truth"), Verdict.INCONCLUSIVE),
        ("one label only", one_name(work(40, 0.96), "label"), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=OverrideHarm,
    examples=examples,
    limit=limits(METRIC, at_most="(0, 1)"),
    supports=(
        "nist-ai-rmf:GOVERN 3.2",
        "nist-ai-rmf:MAP 3.5",
        "nist-ai-rmf:MEASURE 2.8",
        "eu-ai-act:Art.14(1)-(4)",
        "iso-42001:A.9.3",
    ),
)
def override_harm(long: Long, params: OverrideHarm) -> Iterator[Measurement]:
    """P(override | suggestion right), in [0, 1], where a third party established what is right.

    Oversight that undoes good decisions costs those whom they would have helped, and looks diligent doing so. Shown
    beside it: how often people override at all, and how often an override improved the answer. Annotators and items
    are clusters (Clopper-Pearson on the effective sample). Source: Schemmer et al. 2023, IUI,
    doi:10.1145/3581641.3584066; Parasuraman & Riley 1997, Human Factors 39:230-253.
    """
    from hcgov.stages.judgments.oversight_advice import (  # noqa: PLC0415 - numpy only where rows are read
        KEY,
        advice,
        share_by_slice,
        unjudged,
    )
    from hcgov.stages.judgments.oversight_measuring import obstacles  # noqa: PLC0415

    found = advice(long)
    stopped = [
        *obstacles(long, METRIC, params, "label", key=KEY),
        *unjudged(long, METRIC, found, params, "truth"),
    ]
    if stopped:
        yield from stopped
        return
    seen = found.shown & found.judged
    overridden = ~found.took
    shown = (
        ("override_rate", "labels beside a suggestion", seen, overridden),
        ("override_precision", "overrides", seen & overridden, found.final_right),
    )
    for name, of, used, events in shown:
        yield from share_by_slice(long, found, params, name, of=of, used=used, events=events, shown=True)
    yield from share_by_slice(
        long,
        found,
        params,
        METRIC,
        of="labels beside a suggestion that was right",
        used=seen & found.advice_right,
        events=overridden,
    )
