"""What was found, what the gate does about it, and how both are joined.

A *verdict* says what was measured; a *disposition* says what the gate does with it; a *decision* is the
one answer for a stage or a release. The joins are maxima over stated chains, so they are associative,
commutative and idempotent, adding a finding never improves a decision, and nothing at all never passes.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Verdict(StrEnum):
    """What the evidence says about one control or one slice of it."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    MISSING = "missing"
    PENDING = "pending"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"
    NOT_EVALUATED = "not_evaluated"


class Reason(StrEnum):
    """Why a finding could not be decided."""

    SMALL_N = "small_n"
    FEW_PEOPLE = "few_people"
    FEW_CLUSTERS = "few_clusters"
    SMALL_AND_APART = "small_and_apart"
    NEAR_THRESHOLD = "near_threshold"
    NOT_RANDOMISED = "not_randomised"
    MISSING_DEMOGRAPHICS = "missing_demographics"
    MISSING_OUTCOMES = "missing_outcomes"
    NOT_CONNECTED = "not_connected"
    JUDGE_UNINFORMATIVE = "judge_uninformative"
    UNMATCHED_PAIRS = "unmatched_pairs"
    CONSTANT_OUTCOME = "constant_outcome"
    SUPPRESSED = "suppressed"
    COVERAGE = "coverage"
    NO_INTERVAL = "no_interval"
    ABSENT_GROUP = "absent_group"
    UNDECLARED_GROUP = "undeclared_group"
    LOOK_ALIKE = "look_alike_groups"
    IDENTIFIER = "identifier_column"
    REPEATED = "repeated_judgments"
    UNUSABLE_WEIGHTS = "unusable_weights"
    REPORTED = "reported"
    UNKNOWN_FACT = "unknown_fact"


class Severity(StrEnum):
    """Harm to people if the control is violated."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class RiskProfile(StrEnum):
    """How much is at stake in the system under audit."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"


class Enforcement(StrEnum):
    """How firmly the gate insists on a control."""

    ADVISORY = "advisory"
    OVERRIDABLE = "overridable"
    MANDATORY = "mandatory"


class Disposition(IntEnum):
    """What the gate does with a finding; the order is the chain over which findings are joined."""

    LISTED = 0
    CLEAR = 1
    WARNED = 2
    WAIVED = 3
    UNDETERMINED = 4
    BLOCKED = 5

    @property
    def word(self) -> str:
        """The name used in records and on screens."""
        return self.name.lower()


class Decision(StrEnum):
    """The one answer of a gate."""

    PASSED = "passed"
    PASSED_WITH_CONDITIONS = "passed_with_conditions"
    INCOMPLETE = "incomplete"
    FAILED = "failed"


_UNDECIDED = {Verdict.INCONCLUSIVE, Verdict.MISSING, Verdict.PENDING}


def dispose(
    verdict: Verdict, enforcement: Enforcement, *, narrow: bool = False, disabled: bool = False
) -> Disposition:
    """Say what the gate does with one verdict.

    Parameters
    ----------
    verdict, enforcement
        The finding's verdict and how firmly its control is enforced.
    narrow
        The verdict is a pass that lies inside the limit but outside the control's ``narrow`` limit.
    disabled
        The control was switched off (only meaningful with ``not_evaluated``).
    """
    if verdict is Verdict.ERROR:
        return Disposition.UNDETERMINED
    if verdict is Verdict.NOT_APPLICABLE:
        return Disposition.CLEAR
    if verdict is Verdict.NOT_EVALUATED:
        blocked = disabled and enforcement is Enforcement.MANDATORY
        return Disposition.BLOCKED if blocked else Disposition.LISTED
    if verdict is Verdict.PASS:
        return Disposition.WARNED if narrow else Disposition.CLEAR
    if enforcement is Enforcement.ADVISORY:
        return Disposition.WARNED
    return Disposition.UNDETERMINED if verdict in _UNDECIDED else Disposition.BLOCKED


def worst(dispositions: Iterable[Disposition]) -> Disposition:
    """Join findings into one disposition: the maximum; nothing at all is undetermined, never clear."""
    return max(dispositions, default=Disposition.UNDETERMINED)


def decide(controls: Iterable[tuple[Verdict, Disposition]]) -> Decision:
    """Join the controls of a stage or release into its decision.

    The vacuity guard is part of the join: zero controls, or controls of which none passed or failed,
    are ``incomplete``, never ``passed``.
    """
    seen = tuple(controls)
    joined = worst(disposition for _, disposition in seen)
    if joined is Disposition.BLOCKED:
        return Decision.FAILED
    decisive = any(verdict in (Verdict.PASS, Verdict.FAIL) for verdict, _ in seen)
    if joined is Disposition.UNDETERMINED or not decisive:
        return Decision.INCOMPLETE
    return Decision.PASSED_WITH_CONDITIONS if joined is Disposition.WAIVED else Decision.PASSED


EXIT_CODES = {
    Decision.PASSED: 0,
    Decision.PASSED_WITH_CONDITIONS: 0,
    Decision.FAILED: 1,
    Decision.INCOMPLETE: 3,
}
EXIT_USAGE = 2
EXIT_INTEGRITY = 4
EXIT_INTERNAL = 70
EXIT_INTERRUPTED = 130
