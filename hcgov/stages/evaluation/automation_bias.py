"""People rarely let pass what the machine got wrong."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.oversight import AdvisedParams, Task, advised, told, without
from hcgov.stages.worked import at_most

METRIC = "automation_bias"


class AutomationBias(AdvisedParams):
    """Parameters of automation bias."""


def asks(params: AutomationBias) -> Mapping[str, Request]:
    """Ask for labels, suggestions, what is right, and answers before the suggestion."""
    return params.labels("suggestion", "truth", may=("suggestion_shown", "before"))


def examples() -> tuple[Example[AutomationBias], ...]:
    """Return people who notice errors, who do not, few people, a machine without errors, and answers before it."""

    def work(people: int, passed: float, *, before: float | None = None) -> Long:
        tasks = (
            Task(each=30, agree=0.95, before_right=before),
            Task(each=20, agree=passed, right=False, before_right=before),
        )
        return advised({"north": (people, tasks), "south": (people, tasks)})

    perfect = (Task(each=30, agree=0.95),)
    return told(
        AutomationBias(),
        at_most("0.20"),
        ("errors are noticed", work(40, 0.1), Verdict.PASS),
        ("errors are noticed, and people had answered before", work(40, 0.1, before=0.7), Verdict.PASS),
        ("errors are let pass", work(40, 0.5), Verdict.FAIL),
        ("eight annotators", work(4, 0.1), Verdict.INCONCLUSIVE),
        (
            "the machine made no error",
            advised({"north": (40, perfect), "south": (40, perfect)}),
            Verdict.INCONCLUSIVE,
        ),
        ("nobody knows what is right", without(work(40, 0.1), "truth"), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=AutomationBias,
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
def automation_bias(long: Long, params: AutomationBias) -> Iterator[Measurement]:
    """P(accept | suggestion wrong), in [0, 1], where a third party established what is right.

    A person in the loop who waves errors through protects nobody, and takes the blame for the machine. Relative
    reliance on the machine and on oneself (RAIR, RSR) are shown only where the answer before the suggestion is
    recorded: without it they are not identified. Annotators and items are clusters (Clopper-Pearson on the effective
    sample). Source: Goddard, Roudsari & Wyatt 2012, JAMIA 19:121-127; Schemmer et al. 2023,
    doi:10.1145/3581641.3584066.
    """
    from hcgov.stages.judgments.oversight_advice import (  # noqa: PLC0415 - numpy only where rows are read
        KEY,
        advice,
        share_by_slice,
        unjudged,
    )
    from hcgov.stages.judgments.oversight_columns import same  # noqa: PLC0415
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
    if long.has("before", "truth"):
        before, known = same(long, "before", "truth")
        chances = (
            ("relative_ai_reliance", "right suggestions after a wrong answer", ~before & found.advice_right),
            (
                "relative_self_reliance",
                "wrong suggestions after a right answer",
                before & ~found.advice_right,
            ),
        )
        for name, of, chance in chances:
            yield from share_by_slice(
                long,
                found,
                params,
                name,
                of=of,
                used=seen & known & chance,
                events=found.final_right,
                shown=True,
            )
    yield from share_by_slice(
        long,
        found,
        params,
        METRIC,
        of="labels beside a suggestion that was wrong",
        used=seen & ~found.advice_right,
        events=found.took,
    )
