"""Bad outputs are rare in every slice: by audits drawn at random, with people's feedback beside them."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.limit import limits
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.oversight import JudgedParams, one_name, told, without
from hcgov.stages.judgments.oversight_events import Use, events
from hcgov.stages.worked import at_most

METRIC = "audited_bad_rate"


class FeedbackRate(JudgedParams):
    """Parameters of feedback on outputs."""

    table: str = Field(default="feedback", description="Table artifact of feedback: a row for every event.")
    question: str = Field(default="", max_length=0, description="Feedback has no questions: left out.")
    negative: Annotated[tuple[str, ...], Stricter.SUPERSET] = Field(
        default=("down", "report", "reject"), min_length=1, description="Signals that say an output was bad."
    )


def asks(params: FeedbackRate) -> Mapping[str, Request]:
    """Ask for signals, and what audits found."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.FEEDBACK,
            needs=("event", "user", "signal"),
            may=("sampled_for_audit", "audit_label"),
            slices=params.slices,
        )
    }


def examples() -> tuple[Example[FeedbackRate], ...]:
    """Return few bad outputs, many in one region, few users, feedback alone, and an audit that says one thing."""

    def use(users: int = 200, south: float = 0.04) -> Long:
        return events({"north": Use(users=users, audited=5), "south": Use(users=users, audited=5, bad=south)})

    doubled = one_name(use(), "event")
    return told(
        FeedbackRate(),
        at_most("0.10"),
        ("few are bad", use(), Verdict.PASS),
        ("many are bad in the south", use(south=0.3), Verdict.FAIL),
        ("ten users", use(users=5), Verdict.INCONCLUSIVE),
        ("feedback alone", without(use(), "sampled_for_audit", "audit_label"), Verdict.INCONCLUSIVE),
        ("audits that were drawn were not done", without(use(), "audit_label"), Verdict.INCONCLUSIVE),
        ("events stand there many times", doubled, Verdict.INCONCLUSIVE),
        ("nothing yet", events({}), Verdict.INCONCLUSIVE),
    )


@check(
    asks=asks,
    params=FeedbackRate,
    examples=examples,
    limit=limits(METRIC, at_most="(0, 1)"),
    supports=(
        "nist-ai-rmf:MEASURE 3.3",
        "nist-ai-rmf:MEASURE 2.4",
        "nist-ai-rmf:MEASURE 4.3",
        "eu-ai-act:Art.72",
        "iso-42001:A.6.2.6",
    ),
)
def feedback_rate(long: Long, params: FeedbackRate) -> Iterator[Measurement]:
    """Share of bad outputs among those drawn at random and audited, in [0, 1].

    Those who press a button are not those who use the system: few answer, and the loudest and the most patient of
    them. So feedback is shown, with how many answered, how far it lies from the audits, and what it would be if all
    the silent were content or none; only the audits decide, and without them nothing does. Users are clusters
    (Clopper-Pearson on the effective sample). Source: Manski 1989, Journal of Human Resources 24:343-360; Hu, Pavlou &
    Zhang 2009, Communications of the ACM 52(10):144-147.
    """
    from hcgov.stages.judgments.oversight_audits import audits  # noqa: PLC0415 - numpy only where rows are read
    from hcgov.stages.judgments.oversight_columns import repeated  # noqa: PLC0415
    from hcgov.stages.judgments.oversight_responses import bad_rate, beside  # noqa: PLC0415

    again = int(repeated(long, "event").sum())
    if not long.rows or again:
        nothing = text("`{table}` holds no events", table=params.table)
        doubled = text(
            "{n} {n|event stands|events stand} in `{table}` more than once", n=again, table=params.table
        )
        reason = Reason.REPEATED if again else Reason.SMALL_N
        yield Measurement(metric=METRIC, reason=reason, note=doubled if again else nothing)
        return
    found = audits(long)
    yield from beside(long, found, params, params.negative)
    drawn, done = int(found.drawn.sum()), int(found.done.sum())
    if not drawn:
        alone = text(
            "nothing in `{table}` was drawn at random for audit: feedback alone says nothing of those who are silent",
            table=params.table,
        )
        yield Measurement(metric=METRIC, reason=Reason.NOT_RANDOMISED, note=alone)
    elif drawn - done > params.max_missing * drawn:
        open_audits = text(
            "{n} of {drawn} {drawn|event|events} drawn for audit {n|is|are} not found good or bad; at most {most}",
            n=drawn - done,
            drawn=drawn,
            most=f"{params.max_missing:.0%}",
        )
        yield Measurement(metric=METRIC, reason=Reason.MISSING_OUTCOMES, note=open_audits)
    else:
        yield from bad_rate(long, found, params, METRIC)
