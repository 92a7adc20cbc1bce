"""People and machine together are better than either alone."""

from collections.abc import Iterator, Mapping

from hcgov.core.check import Example, Request, check
from hcgov.core.evidence.long import Long
from hcgov.core.limit import limits
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.oversight import AdvisedParams, Task, advised, told, without
from hcgov.stages.worked import at_least

MACHINE, PEOPLE = "gain_over_machine", "gain_over_people"


class Complementarity(AdvisedParams):
    """Parameters of complementarity."""


def asks(params: Complementarity) -> Mapping[str, Request]:
    """Ask for labels, suggestions, what is right, and what people say without the machine."""
    return params.labels("suggestion", "truth", may=("suggestion_shown", "before"))


def examples() -> tuple[Example[Complementarity], ...]:
    """Return a team that is better than either, one that is worse, few people, and people who never worked alone."""

    def team(people: int, noticed: float, *, alone: float | None = 0.7, agree: float = 0.97) -> Long:
        tasks = [
            Task(each=32, agree=agree, before_right=alone),
            Task(each=8, agree=1 - noticed, right=False, before_right=alone),
        ]
        return advised({"north": (people, tasks), "south": (people, tasks)})

    blind = [
        *(Task(each=n, agree=a, right=r) for n, a, r in ((32, 0.97, True), (8, 0.3, False))),
        *(Task(each=n, agree=a, right=r, shown=False) for n, a, r in ((16, 0.7, True), (8, 0.3, False))),
    ]
    by_chance = advised({"north": (40, blind), "south": (40, blind)}, randomised=None)
    return told(
        Complementarity(),
        at_least("0.00"),
        ("better than either", team(40, 0.8), Verdict.PASS),
        (
            "better than either, against people who saw no suggestion",
            advised({"north": (40, blind)}),
            Verdict.PASS,
        ),
        ("worse than the machine", team(40, 0.3, agree=0.75), Verdict.FAIL),
        ("eight annotators", team(4, 0.8), Verdict.INCONCLUSIVE),
        ("people never worked alone", team(40, 0.8, alone=None), Verdict.INCONCLUSIVE),
        ("nobody says who worked alone by chance", by_chance, Verdict.INCONCLUSIVE),
        ("nobody knows what is right", without(team(40, 0.8), "truth"), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=Complementarity,
    examples=examples,
    limit=limits(MACHINE, PEOPLE, at_least="[0, 1)"),
    supports=(
        "nist-ai-rmf:GOVERN 3.2",
        "nist-ai-rmf:MAP 3.5",
        "nist-ai-rmf:MEASURE 2.8",
        "eu-ai-act:Art.14(1)-(4)",
        "iso-42001:A.9.3",
    ),
)
def complementarity(long: Long, params: Complementarity) -> Iterator[Measurement]:
    """Accuracy of people with the machine minus that of the machine, and of people alone, each in [-1, 1].

    Most teams of people and machines are worse than the better of the two; a person in the loop is then a cost that
    someone bears, and no safeguard. The gain over the better one is above the limit where both gains are (an
    intersection-union test). People alone are their answers before the suggestion, else an arm without suggestions
    that was drawn at random. Source: Bansal et al. 2021, CHI, doi:10.1145/3411764.3445717; Vaccaro, Almaatouq &
    Malone 2024, Nature Human Behaviour 8:2293-2303.
    """
    from hcgov.stages.judgments.oversight_advice import KEY, advice, unjudged  # noqa: PLC0415 - numpy only here
    from hcgov.stages.judgments.oversight_columns import same  # noqa: PLC0415
    from hcgov.stages.judgments.oversight_measuring import Metric, by_slice, obstacles  # noqa: PLC0415
    from hcgov.stats.oversight.arms import arm_difference  # noqa: PLC0415
    from hcgov.stats.oversight.reliance import gain_over  # noqa: PLC0415

    found = advice(long)
    stopped = [
        *obstacles(long, MACHINE, params, "label", key=KEY),
        *unjudged(long, MACHINE, found, params, "truth"),
    ]
    if stopped:
        yield from stopped
        return
    right, rows, seen = found.final_right, found.rows, found.shown & found.judged
    machine = Metric(
        name=MACHINE,
        of="labels beside a suggestion",
        rows=rows,
        used=seen,
        value=lambda mask: gain_over(right[mask], found.advice_right[mask], rows.where(mask)),
    )
    yield from by_slice(long, machine, params)
    alone = found.hidden & found.judged
    if long.has("before"):
        before, known = same(long, "before", "truth")
        used, value = seen & known, lambda mask: gain_over(right[mask], before[mask], rows.where(mask))
    elif alone.any() and long.randomised is True:
        used, value = (
            seen | alone,
            lambda mask: arm_difference(right[mask], seen[mask], rows.where(mask), aim=1.0),
        )
    else:
        reason = Reason.NOT_RANDOMISED if alone.any() else Reason.UNMATCHED_PAIRS
        note = text("`{table}` does not say what people answer without the machine", table=long.table)
        yield Measurement(metric=PEOPLE, reason=reason, note=note)
        return
    of = "labels with and without the machine"
    yield from by_slice(long, Metric(name=PEOPLE, of=of, rows=rows, used=used, value=value), params)
