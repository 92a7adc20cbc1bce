"""From findings to dispositions, one decision a stage, and the one decision of the release."""

from collections.abc import Sequence
from dataclasses import dataclass

from hcgov.core.status import Decision, Disposition, Severity, Verdict, decide, dispose, worst
from hcgov.core.text import Text, text
from hcgov.judgement.engine import Assessed
from hcgov.judgement.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Decided:
    """An assessed control and what the gate does with it."""

    assessed: Assessed
    disposition: Disposition


@dataclass(frozen=True, kw_only=True)
class StageDecision:
    """The decision of one stage, with the number of controls by verdict."""

    stage: str
    title: str
    decision: Decision
    counts: dict[Verdict, int]


@dataclass(frozen=True, kw_only=True)
class Release:
    """The decision of the gate.

    Parameters
    ----------
    controls
        Every selected control, decided.
    supporting
        Controls that ran because another one reads their estimates; they decide nothing.
    stages
        Decisions by stage.
    blocking
        Ids of the controls that stand in the way, the firmest first.
    """

    controls: tuple[Decided, ...]
    supporting: tuple[Assessed, ...]
    stages: tuple[StageDecision, ...]
    decision: Decision
    reason: Text
    counts: dict[Verdict, int]
    blocking: tuple[str, ...]


def release(plan: Plan, assessed: Sequence[Assessed]) -> Release:
    """Decide.

    A stage without controls is incomplete, and so is the release then: nothing that was not looked at passes.
    """
    decided = tuple(_decided(a) for a in assessed if not a.control.supporting)
    stages = tuple(_stage(stage.id, stage.title, decided) for stage in plan.stages)
    overall = decide((d.assessed.verdict, d.disposition) for d in decided)
    if overall in (Decision.PASSED, Decision.PASSED_WITH_CONDITIONS) and any(
        s.decision is Decision.INCOMPLETE for s in stages
    ):
        overall = Decision.INCOMPLETE
    in_the_way = (Disposition.BLOCKED, Disposition.UNDETERMINED)
    blocking = sorted((d for d in decided if d.disposition in in_the_way), key=_first)
    return Release(
        controls=decided,
        supporting=tuple(a for a in assessed if a.control.supporting),
        stages=stages,
        decision=overall,
        reason=_reason(overall, decided, stages),
        counts=_counts(decided),
        blocking=tuple(d.assessed.control.spec.id for d in blocking),
    )


def _first(decided: Decided) -> tuple[int, int]:
    """Return the order in which controls stand in the way: blocked before undecided, gravest first."""
    return -decided.disposition, -tuple(Severity).index(decided.assessed.control.spec.severity)


def _decided(assessed: Assessed) -> Decided:
    enforcement = assessed.control.enforcement
    dispositions = [
        Disposition.LISTED if f.listed else dispose(f.verdict, enforcement, narrow=f.narrow)
        for f in assessed.findings
    ]
    # The control's own verdict is joined in, so that listing every finding can never clear a control.
    dispositions.append(dispose(assessed.verdict, enforcement, narrow=assessed.narrow))
    return Decided(assessed=assessed, disposition=worst(dispositions))


def _counts(decided: Sequence[Decided]) -> dict[Verdict, int]:
    return {verdict: sum(d.assessed.verdict is verdict for d in decided) for verdict in Verdict}


def _stage(id_: str, title: str, decided: Sequence[Decided]) -> StageDecision:
    own = [d for d in decided if d.assessed.control.spec.stage == id_]
    return StageDecision(
        stage=id_,
        title=title,
        decision=decide((d.assessed.verdict, d.disposition) for d in own),
        counts=_counts(own),
    )


def _reason(decision: Decision, decided: Sequence[Decided], stages: Sequence[StageDecision]) -> Text:
    total = len(decided)
    blocked = sum(d.disposition is Disposition.BLOCKED for d in decided)
    open_ = sum(d.disposition is Disposition.UNDETERMINED for d in decided)
    warned = sum(d.disposition is Disposition.WARNED for d in decided)
    if total == 0:
        return text("no control was selected, so nothing is known")
    if decision is Decision.FAILED:
        return text(
            "{blocked} of {total} controls are not met and block; {open} more could not be decided",
            blocked=blocked,
            total=total,
            open=open_,
        )
    empty = [s.title for s in stages if not any(s.counts.values())]
    if empty:
        return text(
            "no control looks at the stage {stages}, so nothing is known of it", stages=", ".join(empty)
        )
    if open_:
        return text("{open} of {total} controls could not be decided", open=open_, total=total)
    if decision is Decision.INCOMPLETE:
        return text("none of the {total} controls of a stage was met or not met", total=total)
    if warned:
        return text("nothing blocks; {warned} of {total} controls warn", warned=warned, total=total)
    return text("all {total} controls are met or do not apply", total=total)
