"""Reviewers notice the errors that were put there for them to find."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Verdict
from hcgov.stages.judgments.oversight import AdvisedParams, Task, advised, told
from hcgov.stages.worked import at_most

METRIC = "seeded_errors_accepted"


class RubberStamping(AdvisedParams):
    """Parameters of rubber-stamping."""


def asks(params: RubberStamping) -> Mapping[str, Request]:
    """Ask for labels, suggestions, and the right answers of items that are checks."""
    return params.labels("suggestion", "is_gold", "gold_label", may=("suggestion_shown", "seconds"))


def examples() -> tuple[Example[RubberStamping], ...]:
    """Return reviewers who notice, who sign everything, few reviewers, and no seeded errors."""

    def review(people: int, accepted: float, *, seeded: int = 12) -> Long:
        tasks = (
            Task(each=30, agree=0.95, seeded=True),
            Task(each=seeded, agree=accepted, right=False, seeded=True),
        )
        return advised({"north": (people, tasks), "south": (people, tasks)})

    return told(
        RubberStamping(),
        at_most("0.20"),
        ("seeded errors are found", review(40, 0.08), Verdict.PASS),
        ("everything is signed", review(40, 0.9), Verdict.FAIL),
        ("six reviewers", review(3, 0.08), Verdict.INCONCLUSIVE),
        ("no errors were seeded", review(40, 0.08, seeded=0), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=RubberStamping,
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
def rubber_stamping(long: Long, params: RubberStamping) -> Iterator[Measurement]:
    """Share of seeded errors that were accepted, in [0, 1].

    They are suggestions on check items that differ from the known answer. Where the machine is nearly always right,
    its own errors are too few to show whether anybody still looks; errors that were put there show it. Time spent on
    those that passed is shown beside it. Annotators and items are clusters (Clopper-Pearson on the effective sample).
    Source: Parasuraman & Manzey 2010, Human Factors 52:381-410; Wolfe, Horowitz & Kenner 2005, Nature 435:439-440.
    """
    from hcgov.stages.judgments.arrays import flags, numbers  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stages.judgments.oversight_advice import KEY, advice, share_by_slice, unjudged  # noqa: PLC0415
    from hcgov.stages.judgments.oversight_columns import median_shown  # noqa: PLC0415
    from hcgov.stages.judgments.oversight_measuring import obstacles  # noqa: PLC0415

    found = advice(long, "gold_label")
    stopped = [
        *obstacles(long, METRIC, params, "label", key=KEY),
        *unjudged(long, METRIC, found, params, "gold_label"),
    ]
    if stopped:
        yield from stopped
        return
    seeded = found.shown & found.judged & ~found.advice_right & flags(long, "is_gold")[0]
    if long.has("seconds"):
        seconds = numbers(long, "seconds")
        for name, mask in (("seconds_accepted", found.took), ("seconds_noticed", ~found.took)):
            yield median_shown(name, seconds, seeded & mask, found.rows)
    yield from share_by_slice(
        long, found, params, METRIC, of="seeded errors that were reviewed", used=seeded, events=found.took
    )
