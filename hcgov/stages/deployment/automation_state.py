"""An automated task falls back to people when audits show that it errs too often."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from hcgov.core.check import Example, Judged, Params, Request, check
from hcgov.core.direction import Neither, Stricter
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.long_tables import LongKind
from hcgov.core.measurement import Answered, Statement
from hcgov.core.slices import SliceChoice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text, text
from hcgov.stages.judgments.oversight import without
from hcgov.stages.judgments.oversight_events import Use, events
from hcgov.stages.specimens import worked
from hcgov.stats.clusters import FEWEST
from hcgov.stats.oversight.automation import Audited, FallBack, TaskState, last_audited


class AutomationState(Params):
    """Parameters of the state of an automated task."""

    table: str = Field(default="feedback", description="Table artifact of feedback: a row for every event.")
    slices: SliceChoice = Field(
        default=SliceChoice(), description="Tightens the project's slices for this control."
    )
    assisted_above: Annotated[float, Stricter.LOWER] = Field(
        default=0.10, gt=0, lt=1, description="Share of bad events above which people decide again."
    )
    human_above: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        gt=0,
        lt=1,
        description="Share of bad events above which the machine does not even suggest.",
    )
    alpha: Annotated[float, Neither("a larger one falls back sooner, and more often without cause")] = Field(
        default=0.05,
        gt=0,
        le=0.5,
        description="Probability of ever falling back without cause, all slices together.",
    )
    window: Annotated[int, Neither("a shorter one sees late changes sooner, and small ones later")] = Field(
        default=400, ge=20, le=1_000_000, description="Audits after which counting begins anew."
    )
    min_audits: Annotated[int, Stricter.HIGHER] = Field(
        default=30, ge=1, le=1_000_000, description="Fewest audits of a slice that say anything."
    )
    max_open: Annotated[float, Stricter.LOWER] = Field(
        default=0.10,
        ge=0,
        le=1,
        description="Largest share of the events drawn in a slice that were not found good or bad.",
    )
    max_unrecorded: Annotated[float, Stricter.LOWER] = Field(
        default=0.20,
        ge=0,
        le=1,
        description="Largest share of audits whose group in a slice column is not recorded.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> "AutomationState":
        if self.human_above < self.assisted_above:
            raise ValueError("`human_above` lies below `assisted_above`")
        return self


def asks(params: AutomationState) -> Mapping[str, Request]:
    """Ask for events in time, and what audits found."""
    return {
        "long": LongOf(
            table=params.table,
            kind=LongKind.FEEDBACK,
            needs=("event", "user", "sampled_for_audit", "audit_label", "at"),
            slices=params.slices,
        )
    }


def examples() -> tuple[Example[AutomationState], ...]:
    """Return a task that stays automated, that drifts for all, for one region, and too few audits."""

    def use(south: float | None = None, **more: float) -> Long:
        north = Use(users=60, each=40, **more)  # type: ignore[arg-type]  # shares
        return events({"north": north, "south": Use(users=60, each=40, bad_later=south)})

    few = Use(users=60, each=2)
    return worked(
        AutomationState(),
        "long",
        {
            "it errs in 4 %": (use(), Verdict.PASS),
            "it errs ever more often": (use(bad_later=0.5), Verdict.FAIL),
            "it drifts in the south": (use(south=0.4), Verdict.FAIL),
            "few audits": (events({"north": few, "south": few}), Verdict.INCONCLUSIVE),
            "eight users": (events({"north": Use(users=8, each=90)}), Verdict.INCONCLUSIVE),
            "nothing was audited": (without(use(), "audit_label"), Verdict.INCONCLUSIVE),
            "nobody knows in which order": (without(use(), "at"), Verdict.INCONCLUSIVE),
            "more errors than the limit, too few to be sure": (
                events({"north": Use(users=60, each=10, bad=0.15)}),
                Verdict.INCONCLUSIVE,
            ),
            "nobody says whose events they are": (replace(use(), groups={}), Verdict.INCONCLUSIVE),
        },
    )


@check(
    asks=asks,
    params=AutomationState,
    examples=examples,
    judged=Judged.BY_STATEMENT,
    supports=(
        "nist-ai-rmf:MANAGE 2.4",
        "nist-ai-rmf:MEASURE 2.4",
        "nist-ai-rmf:MANAGE 4.1",
        "eu-ai-act:Art.14(1)-(4)",
        "iso-42001:A.6.2.6",
    ),
)
def automation_state(long: Long, params: AutomationState) -> Iterator[Statement]:
    """Say who does the task, for everyone and each slice, and at which audit it fell back to people.

    A task that was handed over stays so as long as a confidence sequence over the audits does not lie above the limit;
    it may be read after every audit. Above the first limit people decide again and the machine suggests, above the
    second it does not even suggest; it never comes back by itself. Counting begins anew after each window, which
    spends its own part of the error, so that a good past does not hide a bad present. The slices share the error. A
    share of errors above the limit that is no proof yet, and audits that were drawn and not done, decide nothing.
    Source: Howard, Ramdas, McAuliffe & Sekhon 2021, Annals of Statistics 49:1055-1080.
    """
    from hcgov.stages.judgments.oversight_audits import (  # noqa: PLC0415 - numpy only where rows are read
        audits,
        day_number,
        declared_slices,
        in_order,
        moment_of,
        unrecorded,
    )
    from hcgov.stages.judgments.oversight_columns import repeated  # noqa: PLC0415

    again = int(repeated(long, "event").sum())
    if again:
        told = text(
            "{n} {n|event stands|events stand} in `{table}` more than once", n=again, table=params.table
        )
        yield _unknown("events", told, Reason.REPEATED)
        return
    found = audits(long)
    people = [
        (scope, mask, found.rows.where(mask & found.done).distinct_people)
        for scope, mask in declared_slices(long)
    ]
    enough = [n >= (long.rules.min_people if scope.depth else FEWEST) for scope, _, n in people]
    rule = FallBack(
        assisted_above=params.assisted_above,
        human_above=params.human_above,
        alpha=params.alpha / max(sum(enough), 1),
        window=params.window,
    )
    done = int(found.done.sum())
    for column, n in unrecorded(long, found.done):
        if n > params.max_unrecorded * done:
            told = text("{n} of {all} {all|audit says|audits say} no {column}", n=n, all=done, column=column)
            yield _unknown(f"{column}: not recorded", told, Reason.MISSING_DEMOGRAPHICS)
    for (scope, mask, n), many in zip(people, enough, strict=True):
        at, who = found.at[mask & found.done], str(scope)
        drawn, left = int((mask & found.drawn).sum()), int((mask & found.drawn & ~found.done).sum())
        if not many:
            told = text(
                "{who}: audits of {n} {n|user|users}, which is too few to say who does the task", who=who, n=n
            )
            yield _unknown(who, told, Reason.FEW_PEOPLE)
        elif bool((at != at).any()):  # noqa: PLR0124 - NaN is not itself
            yield _unknown(
                who, text("{who}: audited events do not say when they were", who=who), Reason.UNKNOWN_FACT
            )
        else:
            stands = last_audited(in_order(found, mask), rule)
            when = None if stands.fell_at is None else moment_of(found, mask, stands.fell_at)
            day = "" if when is None else date.fromordinal(day_number(when)).isoformat()
            if stands.state is TaskState.AUTOMATED and left > params.max_open * drawn:
                told = text(
                    "{who}: {left} of {drawn} {drawn|event|events} drawn for audit {left|was|were} not found good or "
                    "bad",
                    who=who,
                    left=left,
                    drawn=drawn,
                )
                yield _unknown(who, told, Reason.MISSING_OUTCOMES)
            else:
                yield _stated(who, stands, day, params)


def _unknown(about: str, told: Text, reason: Reason) -> Statement:
    return Statement(about=about, answer=Answered.CANNOT_TELL, text=told, reason=reason)


def _stated(who: str, stands: Audited, day: str, params: AutomationState) -> Statement:
    counted: Text = text(
        "{errors} of {seen} {seen|audited event|audited events} bad", errors=stands.errors, seen=stands.seen
    )
    if stands.state is not TaskState.AUTOMATED:
        told = text(
            "{who}: {state} since audit {place} on {day} ({counted})",
            who=who,
            state=stands.state.value,
            place=stands.fell_at,
            day=day,
            counted=counted,
        )
        return Statement(about=who, answer=Answered.NOT_MET, text=told)
    if stands.seen < params.min_audits:
        told = text("{who}: {counted}; {least} are needed", who=who, counted=counted, least=params.min_audits)
        return _unknown(who, told, Reason.SMALL_N)
    if _share(stands, params) > params.assisted_above:
        told = text(
            "{who}: {counted}, more than {limit}; too few to say that this is no chance",
            who=who,
            counted=counted,
            limit=f"{params.assisted_above:.0%}",
        )
        return _unknown(who, told, Reason.NEAR_THRESHOLD)
    told = text("{who}: automated ({counted})", who=who, counted=counted)
    return Statement(about=who, answer=Answered.MET, text=told)


def _share(stands: Audited, params: AutomationState) -> float:
    """Return the share of errors in the present window, or in all where that holds too few audits."""
    if stands.window_seen >= params.min_audits:
        return stands.window_errors / stands.window_seen
    return stands.errors / max(stands.seen, 1)
