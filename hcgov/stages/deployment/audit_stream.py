"""People go on auditing what was handed to the machine."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Stricter
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.occasion import Occasion
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.stages.judgments.oversight import one_name, without
from hcgov.stages.judgments.oversight_events import Use, events
from hcgov.stages.specimens import worked


class AuditStream(Params):
    """Parameters of the stream of audits."""

    table: str = Field(default="feedback", description="Table artifact of feedback: a row for every event.")
    min_share: Annotated[float, Stricter.HIGHER] = Field(
        default=0.05, gt=0, le=1, description="Least share of events that were drawn at random and audited."
    )
    max_open: Annotated[float, Stricter.LOWER] = Field(
        default=0.10, ge=0, le=1, description="Largest share of the drawn events whose audit is not finished."
    )
    max_days: Annotated[int, Stricter.LOWER] = Field(
        default=14, ge=1, le=3650, description="Most days since the last event that was audited."
    )


def asks(params: AuditStream) -> Mapping[str, Request]:
    """Ask for events, what was drawn of them, and what audits found."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.FEEDBACK,
            needs=("event", "user", "sampled_for_audit"),
            may=("at", "audit_label"),
        )
    }


def examples() -> tuple[Example[AuditStream], ...]:
    """Return a stream that is alive, one that died, one that is thin, and one whose days nobody knows."""

    def use(*, audited: int = 10, last_day: int = 1, found: bool = True) -> Long:
        one = Use(users=60, audited=audited, last_day=last_day, found=found)
        return events({"north": one, "south": one})

    return worked(
        AuditStream(),
        "long",
        {
            "every tenth is audited": (use(), Verdict.PASS),
            "every fiftieth is audited": (use(audited=50), Verdict.FAIL),
            "none is audited": (use(audited=0), Verdict.FAIL),
            "what was drawn is not looked at": (use(found=False), Verdict.FAIL),
            "the last audit is three months old": (use(last_day=90), Verdict.FAIL),
            "nobody knows when": (without(use(), "at"), Verdict.INCONCLUSIVE),
            "events stand there many times": (one_name(use(), "event"), Verdict.INCONCLUSIVE),
            "it lies in the future": (use(last_day=-5), Verdict.INCONCLUSIVE),
            "nothing happened yet": (events({}), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=asks,
    params=AuditStream,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MEASURE 2.4",
        "nist-ai-rmf:MANAGE 4.1",
        "eu-ai-act:Art.14(1)-(4)",
        "eu-ai-act:Art.72",
        "iso-42001:A.6.2.6",
    ),
)
def audit_stream(long: Long, params: AuditStream, occasion: Occasion) -> Iterator[Statement]:
    """Say which share of the machine's work people looked at, what they left open, and when they last looked.

    What was shown at the hand-over was shown of the people and the machine of that day. Without a random sample that
    people go on judging, nobody notices when either changes. Shares are counted, not estimated: all events are here.
    Source: the limits are this project's defaults, after Sculley et al. 2015, Hidden Technical Debt in Machine
    Learning Systems, NeurIPS 28; Regulation (EU) 2024/1689, Art. 72.
    """
    from hcgov.stages.judgments.oversight_audits import audits, day_number  # noqa: PLC0415 - numpy only here
    from hcgov.stages.judgments.oversight_columns import repeated  # noqa: PLC0415

    if not long.rows:
        nothing = text("`{table}` holds no events", table=params.table)
        yield Statement(about="events", answer=Answered.CANNOT_TELL, text=nothing, reason=Reason.SMALL_N)
        return
    again = int(repeated(long, "event").sum())
    if again:
        twice = text(
            "{n} {n|event stands|events stand} in `{table}` more than once", n=again, table=params.table
        )
        yield Statement(about="events", answer=Answered.CANNOT_TELL, text=twice, reason=Reason.REPEATED)
        return
    found = audits(long)
    drawn, finished = int(found.drawn.sum()), found.done | found.unsure
    looked_at = int(finished.sum())
    share = looked_at / long.rows
    yield Statement(
        about="share audited",
        answer=Answered.MET if share >= params.min_share else Answered.NOT_MET,
        text=text(
            "{n} of {rows} {rows|event was|events were} drawn at random and audited, {share}; at least {least}",
            n=looked_at,
            rows=long.rows,
            share=f"{share:.1%}",
            least=f"{params.min_share:.0%}",
        ),
    )
    if not drawn:
        return
    yield Statement(
        about="open audits",
        answer=Answered.MET if drawn - looked_at <= params.max_open * drawn else Answered.NOT_MET,
        text=text(
            "{n} of {drawn} {drawn|event|events} drawn for audit {n|is|are} not audited; at most {most} may be open",
            n=drawn - looked_at,
            drawn=drawn,
            most=f"{params.max_open:.0%}",
        ),
    )
    known = [float(at) for at in found.at[finished] if at == at]  # noqa: PLR0124 - no number is not itself
    yield _last(max(map(day_number, known), default=None), params, occasion)


def _last(last: int | None, params: AuditStream, occasion: Occasion) -> Statement:
    if last is None:
        answer, told = Answered.CANNOT_TELL, text("no audited event says when it was")
    elif (days := date.fromisoformat(occasion.date).toordinal() - last) < 0:
        answer, told = Answered.CANNOT_TELL, text("the last audited event lies in the future")
    else:
        answer = Answered.MET if days <= params.max_days else Answered.NOT_MET
        told = text(
            "the last audited event is {days} {days|day|days} old; at most {most}",
            days=days,
            most=params.max_days,
        )
    reason = Reason.UNKNOWN_FACT if answer is Answered.CANNOT_TELL else None
    return Statement(about="last audit", answer=answer, text=told, reason=reason)
