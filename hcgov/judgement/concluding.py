"""The one function that decides: joined controls, what stands beside them, and the exit code.

The check decides by it, and whoever decides again from a record does too: there is no second way to a decision.
"""

from collections.abc import Sequence

from hcgov.core.frozen import frozen
from hcgov.core.status import (
    EXIT_CODES,
    EXIT_INTEGRITY,
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    Decision,
    Disposition,
    Verdict,
    decide,
)
from hcgov.core.text import Text, text

PASSING = (Decision.PASSED, Decision.PASSED_WITH_CONDITIONS)

TIGHTENED = {"waived": Disposition.WAIVED, "warned": Disposition.WARNED}
"""What may fail a gate although it does not block, by its word."""


@frozen
class Weighed:
    """A control as the decision sees it."""

    id: str
    stage: str
    verdict: Verdict
    disposition: Disposition


@frozen
class Circumstances:
    """What stands beside the controls.

    Parameters
    ----------
    unidentified
        What is released is named, and cannot be read.
    skipped
        Ids of the locked controls that were not run.
    fail_on
        Words of dispositions that fail the gate although they do not block.
    interrupted
        A person stopped the check.
    broken
        Names of the artifacts whose digest is not what it has to be.
    unregistered
        What is not as it was registered before: ``policy``, names of artifacts.
    weaker
        What the policies ask for less than at the trusted ref, a sentence each.
    disagrees_with
        Record of the same inputs that came to something else.
    unkept
        The ledger could not be written, so nobody could look the decision up.
    """

    unidentified: bool = False
    skipped: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = ()
    interrupted: bool = False
    broken: tuple[str, ...] = ()
    unregistered: tuple[str, ...] = ()
    weaker: tuple[str, ...] = ()
    disagrees_with: str = ""
    unkept: bool = False


@frozen
class Concluded:
    """A decision with its reason.

    Parameters
    ----------
    exit_code
        As of a gate that nobody waves through.
    tightened
        Ids of the controls that fail the gate only because somebody asked for it.
    """

    decision: Decision
    reason: Text
    exit_code: int
    tightened: tuple[str, ...]


def stage_decision(controls: Sequence[Weighed], stage: str) -> Decision:
    """Decide one stage; a stage without controls is incomplete."""
    return decide((c.verdict, c.disposition) for c in controls if c.stage == stage)


def overall(controls: Sequence[Weighed], stages: Sequence[str]) -> Decision:
    """Join controls into the decision of a release; where a stage is incomplete, so is the release."""
    joined = decide((c.verdict, c.disposition) for c in controls)
    if joined in PASSING and any(stage_decision(controls, stage) is Decision.INCOMPLETE for stage in stages):
        return Decision.INCOMPLETE
    return joined


def concluded(
    controls: Sequence[Weighed], stages: Sequence[str], reason: Text, beside: Circumstances
) -> Concluded:
    """Decide.

    Parameters
    ----------
    controls, stages
        Every judged control, and the stages that were asked for.
    reason
        Why the controls come to what they come to; it stands where nothing beside them weighs more.
    """
    decision = overall(controls, stages)
    if beside.unidentified and decision in PASSING:
        decision = Decision.INCOMPLETE
        reason = text("what is released cannot be read, so it is not known what was checked")
    if beside.skipped and decision in PASSING:
        decision = Decision.INCOMPLETE
        reason = text("locked controls were not run: {controls}", controls=", ".join(beside.skipped))
    if beside.unregistered and decision in PASSING:
        decision = Decision.INCOMPLETE
        reason = text("not as it was registered: {names}", names=", ".join(beside.unregistered))
    wanted = {TIGHTENED[word] for word in beside.fail_on}
    tightened = tuple(c.id for c in controls if c.disposition in wanted)
    if tightened and decision in PASSING:
        decision, reason = Decision.FAILED, text("--fail-on: {controls}", controls=", ".join(tightened))
    if beside.weaker:
        # A change may not decide about itself by rules that it has made easier.
        decision = Decision.FAILED
        reason = text("less is asked for than at the trusted ref: {what}", what="; ".join(beside.weaker))
    if beside.interrupted:
        reason = text("the check was interrupted; what was not read is missing")
        decision = _not_passing(decision)
    code = EXIT_CODES[decision]
    if beside.broken:
        # Whatever the controls say of it: evidence that is not what it has to be lets no release pass.
        decision = _not_passing(decision)
        code = EXIT_INTEGRITY
        reason = text(
            "{reason}; the digest of {names} is not what it has to be",
            reason=reason,
            names=", ".join(beside.broken),
        )
    if beside.disagrees_with:
        decision, code = _not_passing(decision), EXIT_INTEGRITY
        reason = text(
            "the same inputs came to something else in {record}: one of the two is not what it has to be",
            record=beside.disagrees_with,
        )
    if beside.unkept:
        decision, code = _not_passing(decision), EXIT_INTERNAL
        reason = text("the ledger could not be written, so nobody could look this decision up")
    if beside.interrupted:
        code = EXIT_INTERRUPTED
    return Concluded(decision=decision, reason=reason, exit_code=code, tightened=tightened)


def _not_passing(decision: Decision) -> Decision:
    return Decision.FAILED if decision is Decision.FAILED else Decision.INCOMPLETE
