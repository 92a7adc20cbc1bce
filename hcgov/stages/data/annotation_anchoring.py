"""Suggestions of a machine do not pull labels towards themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.oversight import AdvisedParams, Task, advised, told
from hcgov.stages.worked import at_most

METRIC = "anchoring"


class AnnotationAnchoring(AdvisedParams):
    """Parameters of anchoring."""


def asks(params: AnnotationAnchoring) -> Mapping[str, Request]:
    """Ask for labels, suggestions and whether they were shown."""
    return params.labels("suggestion", "suggestion_shown")


def examples() -> tuple[Example[AnnotationAnchoring], ...]:
    """Return labels that do not follow, that follow, few annotators, arms not at random, and one arm only."""

    def arms(people: int, shown: float, *, randomised: bool | None = True, hidden: int = 20) -> Long:
        tasks = (Task(each=40, agree=shown), Task(each=hidden, agree=0.8, shown=False))
        return advised({"north": (people, tasks), "south": (people, tasks)}, randomised=randomised)

    good = arms(40, 0.8)
    only = advised({"north": (1, (Task(each=40, agree=0.8), Task(each=20, agree=0.8, shown=False)))})
    item = replace(good.codes("item"), codes=good.codes("label").codes)
    doubled = replace(good, columns={**good.columns, "item": item})
    return told(
        AnnotationAnchoring(),
        at_most("0.05"),
        ("labels stay what they are", good, Verdict.PASS),
        ("labels follow", arms(40, 0.97), Verdict.FAIL),
        ("four annotators", arms(2, 0.8), Verdict.INCONCLUSIVE),
        ("one annotator", only, Verdict.INCONCLUSIVE),
        (
            "nobody says that the arms were drawn at random",
            arms(40, 0.8, randomised=None),
            Verdict.INCONCLUSIVE,
        ),
        ("nobody worked without suggestions", arms(40, 0.8, hidden=0), Verdict.INCONCLUSIVE),
        ("labels stand there many times", doubled, Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=AnnotationAnchoring,
    examples=examples,
    limit=limits(METRIC, at_most="[0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 2.8",
        "nist-ai-rmf:MAP 3.5",
        "eu-ai-act:Art.14(1)-(4)",
        "eu-ai-act:Art.10(2)(f)",
        "iso-42001:A.7.4",
    ),
)
def annotation_anchoring(long: Long, params: AnnotationAnchoring) -> Iterator[Measurement]:
    """Share of labels equal to the suggestion where it was seen, minus where it was not, in [-1, 1].

    Labels that follow the machine teach it its own opinion, and the people behind them seem to agree who were only
    shown the way. Only suggestions that were hidden at random tell the pull apart from easy items. Annotators and
    items are clusters (jackknife, Student's t). Source: Tversky & Kahneman 1974, Science 185:1124-1131; Cameron,
    Gelbach & Miller 2011, Journal of Business & Economic Statistics 29:238-249.
    """
    from hcgov.stages.judgments.oversight_advice import KEY, advice, unsaid  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stages.judgments.oversight_measuring import Metric, by_slice, obstacles  # noqa: PLC0415
    from hcgov.stats.crossed import crossed_share  # noqa: PLC0415
    from hcgov.stats.oversight.arms import arm_difference  # noqa: PLC0415

    stopped = list(obstacles(long, METRIC, params, "label", key=KEY))
    if long.randomised is not True:
        note = text(
            "`{table}` does not declare `randomised: true`: who saw suggestions may differ from who saw none",
            table=long.table,
        )
        stopped.append(Measurement(metric=METRIC, reason=Reason.NOT_RANDOMISED, note=note))
    found = advice(long)
    stopped += unsaid(long, METRIC, found, params)
    used = found.shown | found.hidden
    for arm, name in (
        (found.shown, "with a suggestion"),
        (found.hidden, "without a suggestion that was kept back"),
    ):
        if not arm.any() and not stopped:
            note = text("`{table}` holds no labels {arm}", table=long.table, arm=name)
            stopped.append(Measurement(metric=METRIC, reason=Reason.UNMATCHED_PAIRS, note=note))
    if stopped:
        yield from stopped
        return
    for arm, name in ((found.shown, "agreement_shown"), (found.hidden, "agreement_hidden")):
        share = Metric(
            name=name,
            of="labels beside a suggestion",
            rows=found.rows,
            used=arm,
            value=lambda mask: crossed_share(found.took[mask], found.rows.where(mask)),
            events=found.took,
        )
        yield from by_slice(long, share, params, shown=True)
    pull = Metric(
        name=METRIC,
        of="labels with and without a suggestion",
        rows=found.rows,
        used=used,
        value=lambda mask: arm_difference(found.took[mask], found.shown[mask], found.rows.where(mask)),
        events=found.took,
    )
    yield from by_slice(long, pull, params)
