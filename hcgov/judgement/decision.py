"""From findings to dispositions, one decision a stage, and the one decision of the release."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from hcgov.core.frozen import frozen
from hcgov.core.known import Compared
from hcgov.core.status import Decision, Disposition, Severity, Verdict
from hcgov.core.text import Text, text
from hcgov.judgement.concluding import Weighed, overall, stage_decision
from hcgov.judgement.engine import Assessed
from hcgov.judgement.exceptions import (
    IN_THE_WAY,
    Baselined,
    Excepted,
    Used,
    Waiving,
    compared,
    excepted,
    standings,
)
from hcgov.judgement.plan import Plan


@frozen
class Decided:
    """An assessed control, what the gate does with it, and the exceptions that were made."""

    assessed: Assessed
    excepted: Excepted

    @property
    def disposition(self) -> Disposition:
        """What the gate does, exceptions included."""
        return self.excepted.disposition

    @property
    def weighed(self) -> Weighed:
        """What of it decides."""
        spec = self.assessed.control.spec
        return Weighed(
            id=spec.id, stage=spec.stage, verdict=self.assessed.verdict, disposition=self.disposition
        )


@frozen
class StageDecision:
    """The decision of one stage, with the number of controls by verdict."""

    stage: str
    title: str
    decision: Decision
    counts: dict[Verdict, int]


@frozen
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
    waivers
        Every waiver of the project by id: where it stands, and what it was used for.
    baseline
        How the failures compare with those that are known.
    """

    controls: tuple[Decided, ...]
    supporting: tuple[Assessed, ...]
    stages: tuple[StageDecision, ...]
    decision: Decision
    reason: Text
    counts: dict[Verdict, int]
    blocking: tuple[str, ...]
    waivers: Mapping[str, Used] = field(default_factory=dict)
    baseline: Compared = field(default_factory=Compared)


def release(
    plan: Plan,
    assessed: Sequence[Assessed],
    waivers: Waiving | None = None,
    baseline: Baselined | None = None,
) -> Release:
    """Decide.

    Parameters
    ----------
    waivers, baseline
        Exceptions, verified already; ``None`` where the project has none.

    A stage without controls is incomplete, and so is the release then: nothing that was not looked at passes.
    """
    judged = [a for a in assessed if not a.control.supporting]
    used = standings(waivers, judged) if waivers is not None else {}
    words, known = compared(baseline, judged)
    decided = tuple(Decided(assessed=a, excepted=excepted(a, waivers, used, words)) for a in judged)
    stages = tuple(_stage(stage.id, stage.title, decided) for stage in plan.stages)
    decision = overall([one.weighed for one in decided], [stage.id for stage in plan.stages])
    blocking = sorted((d for d in decided if d.disposition in IN_THE_WAY), key=_first)
    return Release(
        controls=decided,
        supporting=tuple(a for a in assessed if a.control.supporting),
        stages=stages,
        decision=decision,
        reason=_reason(decision, decided, stages),
        counts=_counts(decided),
        blocking=tuple(d.assessed.control.spec.id for d in blocking),
        waivers=used,
        baseline=known,
    )


def _first(decided: Decided) -> tuple[int, int]:
    """Return the order in which controls stand in the way: blocked before undecided, gravest first."""
    return -decided.disposition, -tuple(Severity).index(decided.assessed.control.spec.severity)


def _counts(decided: Sequence[Decided]) -> dict[Verdict, int]:
    return {verdict: sum(d.assessed.verdict is verdict for d in decided) for verdict in Verdict}


def _stage(id_: str, title: str, decided: Sequence[Decided]) -> StageDecision:
    own = [d for d in decided if d.assessed.control.spec.stage == id_]
    return StageDecision(
        stage=id_,
        title=title,
        decision=stage_decision([one.weighed for one in own], id_),
        counts=_counts(own),
    )


def _reason(decision: Decision, decided: Sequence[Decided], stages: Sequence[StageDecision]) -> Text:
    total = len(decided)
    blocked = sum(d.disposition is Disposition.BLOCKED for d in decided)
    open_ = sum(d.disposition is Disposition.UNDETERMINED for d in decided)
    if total == 0:
        return text("no control was selected, so nothing is known")
    if decision is Decision.FAILED:
        return text(
            "{blocked} of {total} {total|control|controls} {blocked|is not met and blocks|are not met and block}; "
            "{open} more could not be decided",
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
        return text(
            "{open} of {total} {total|control|controls} could not be decided", open=open_, total=total
        )
    if decision is Decision.INCOMPLETE:
        return text("none of the {total} {total|control|controls} of a stage was met or not met", total=total)
    return _passing(decided)


def _passing(decided: Sequence[Decided]) -> Text:
    """Say on what a release passes."""
    total = len(decided)
    waived = sum(d.disposition is Disposition.WAIVED for d in decided)
    if waived:
        return text(
            "nothing blocks; {waived} of {total} {total|control|controls} {waived|passes|pass} only by an exception",
            waived=waived,
            total=total,
        )
    warned = sum(d.disposition is Disposition.WARNED for d in decided)
    if warned:
        return text(
            "nothing blocks; {warned} of {total} {total|control|controls} {warned|warns|warn}",
            warned=warned,
            total=total,
        )
    aside = sum(d.assessed.verdict is Verdict.NOT_EVALUATED for d in decided)
    if aside:
        return text(
            "nothing blocks; {aside} of {total} {total|control|controls} {aside|was|were} not evaluated",
            aside=aside,
            total=total,
        )
    return text(
        "{total|the|all} {total} {total|control is met or does not apply|controls are met or do not apply}",
        total=total,
    )
