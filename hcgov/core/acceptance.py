"""What a waiver accepts: the rules, all in one place, as a function of the waiver, the control and the day."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from hcgov.core.finding import Finding
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit
from hcgov.core.person import same_person
from hcgov.core.status import Enforcement, Severity
from hcgov.core.terms import LONGEST, LONGEST_ABSENCE, NEEDS_SIGNATURE, Waiver, last_day
from hcgov.core.text import Text, text

if TYPE_CHECKING:
    from hcgov.core.waiver import WaiverSpec


class State(StrEnum):
    """Where a waiver stands on a day; only one that is in force accepts anything."""

    IN_FORCE = "in_force"
    NOT_STARTED = "not_started"
    EXPIRED = "expired"
    OTHER_SUBJECT = "other_subject"
    OTHER_CHECK = "other_check"
    UNSIGNED = "unsigned"
    INVALID = "invalid"


class Refusal(StrEnum):
    """Why a waiver does not accept a finding."""

    NOT_IN_FORCE = "not_in_force"
    OTHER_VERDICT = "other_verdict"
    OTHER_SLICE = "other_slice"
    WORSE = "worse"
    NO_VALUE = "no_value"


@frozen
class Waivable:
    """What the rules ask of a control; ``check`` is its check with the major version, ``rate_gap@1``."""

    id: str
    check: str
    severity: Severity
    enforcement: Enforcement
    limit: Limit | None = None


@frozen
class Problem:
    """What is wrong with a waiver against the policy; ``at`` is the path in the waiver."""

    code: str
    at: tuple[str | int, ...]
    message: Text
    help: str = ""


@frozen
class Occasioned:
    """The circumstances a waiver is held against.

    Parameters
    ----------
    on
        The day, in UTC.
    subject
        SHA-256 of what is released, in hexadecimal; empty where it is not known.
    longest
        Most days of a waiver by severity.
    """

    on: date
    subject: str
    longest: Mapping[Severity, int]


@frozen
class Standing:
    """Where a waiver stands, and why in a sentence."""

    state: State
    why: Text


@frozen
class Acceptance:
    """What a waiver says of the findings of a control: for each, why it is not accepted, or ``None``."""

    standing: Standing
    refusals: tuple[Refusal | None, ...]


def acceptance(
    waiver: Waiver, control: Waivable, findings: Sequence[Finding], occasion: Occasioned
) -> Acceptance:
    """Say which findings of an assessed control a waiver accepts.

    Parameters
    ----------
    control
        The control the findings are of; a waiver of another control accepts none.
    findings
        Findings of the control, whatever their verdict.
    """
    standing = standing_of(waiver, control if waiver.spec.control == control.id else None, occasion)
    if standing.state is not State.IN_FORCE:
        return Acceptance(standing=standing, refusals=(Refusal.NOT_IN_FORCE,) * len(findings))
    return Acceptance(standing=standing, refusals=tuple(_refused(waiver, f) for f in findings))


def standing_of(waiver: Waiver, control: Waivable | None, occasion: Occasioned) -> Standing:
    """Say where a waiver stands; ``control`` is ``None`` where the policy has no control of its name."""
    spec, on = waiver.spec, occasion.on
    if on > spec.expires:
        return _standing(State.EXPIRED, text("it ended on {day}", day=spec.expires))
    if control is None:
        return _standing(State.INVALID, text("there is no control `{control}`", control=spec.control))
    wrong = problems(waiver, control, occasion.longest)
    if wrong:
        return _standing(State.INVALID, wrong[0].message)
    if on < spec.starts:
        return _standing(State.NOT_STARTED, text("it starts on {day}", day=spec.starts))
    if spec.check and spec.check != control.check:
        message = text(
            "it is for `{own}`, and the control now uses `{check}`", own=spec.check, check=control.check
        )
        return _standing(State.OTHER_CHECK, message)
    if not occasion.subject:
        return _standing(State.OTHER_SUBJECT, text("the digest of what is released is not known"))
    if spec.scope.subject != f"sha256:{occasion.subject}":
        message = text(
            "it is for the subject {own}, and this is {subject}",
            own=_short(spec.scope.subject.removeprefix("sha256:")),
            subject=_short(occasion.subject),
        )
        return _standing(State.OTHER_SUBJECT, message)
    return _signed(waiver, control)


def _signed(waiver: Waiver, control: Waivable) -> Standing:
    if waiver.unsigned:
        message = text("the signature of {who} is not there", who=", ".join(waiver.unsigned))
        return _standing(State.UNSIGNED, message)
    if control.severity in NEEDS_SIGNATURE and not waiver.signed_by:
        message = text(
            "a control of severity {severity} is waived only by a signed approval, and no signature was verified",
            severity=control.severity.value,
        )
        return _standing(State.UNSIGNED, message)
    return _standing(State.IN_FORCE, text("it is in force until {day}", day=waiver.spec.expires))


def problems(
    waiver: Waiver, control: Waivable, longest: Mapping[Severity, int] = LONGEST
) -> tuple[Problem, ...]:
    """Return what makes a waiver invalid for its control: it could never take effect as it is written."""
    spec, told = waiver.spec, [*flaws(waiver.spec)]
    if control.enforcement is Enforcement.MANDATORY:
        message = text(
            "`{control}` is mandatory, and mandatory controls cannot be waived", control=control.id
        )
        told.append(Problem(code="HCG-W004", at=("control",), message=message, help=_MEND))
    most = longest[control.severity]
    absence = any(verdict in ("missing", "pending") for verdict in spec.accepts)
    if absence:
        most = min(most, LONGEST_ABSENCE)
    if spec.days > most:
        message = text(
            "the waiver runs for {days} days; at most {most} are allowed for {what}",
            days=spec.days,
            most=most,
            what="evidence that is missing or pending"
            if absence and most < longest[control.severity]
            else f"severity {control.severity.value}",
        )
        help_ = f"let it end on {last_day(spec.starts, most)} or earlier, and ask anew then"
        told.append(Problem(code="HCG-W005", at=("expires",), message=message, help=help_))
    told += _ceiling_problems(waiver, control)
    return tuple(told)


def flaws(spec: "WaiverSpec") -> tuple[Problem, ...]:
    """Return what is wrong with a waiver whatever the policy says: its days, and who approves."""
    told = []
    if spec.expires < spec.starts:
        message = text("it ends on {last}, before it starts on {first}", last=spec.expires, first=spec.starts)
        told.append(Problem(code="HCG-W007", at=("expires",), message=message))
    for index, approval in enumerate(spec.approvals):
        if same_person(approval.by, spec.requested_by):
            message = text(
                "`{by}` approves what `{who}` asks for, and may be the same person",
                by=approval.by,
                who=spec.requested_by,
            )
            help_ = "somebody else approves; capitals, look-alike letters and plus-addresses make no second person"
            told.append(Problem(code="HCG-W003", at=("approvals", index, "by"), message=message, help=help_))
    return tuple(told)


_MEND = "mend what the control names, or let the policy's owner decide whether it must be mandatory"


def _ceiling_problems(waiver: Waiver, control: Waivable) -> list[Problem]:
    ceiling = waiver.spec.scope.observed
    if ceiling is None:
        return []
    at: tuple[str | int, ...] = ("scope", "observed")
    if control.limit is None:
        message = text("`{control}` has no limit, so no value is observed", control=control.id)
        return [Problem(code="HCG-W006", at=at, message=message, help="remove `observed`")]
    if ceiling.side is not control.limit.side:
        message = text(
            "the limit of `{control}` is {limit}, so `{side}` bounds nothing",
            control=control.id,
            limit=control.limit,
            side=ceiling.side.value,
        )
        help_ = f"write `observed: {{{control.limit.side.value}: …}}`"
        return [Problem(code="HCG-W006", at=at, message=message, help=help_)]
    return []


def _refused(waiver: Waiver, finding: Finding) -> Refusal | None:
    """Say why a waiver that is in force does not accept a finding; ``None`` where it does.

    The ceiling is compared with the point estimate: that is the number which who approved has read, it is never
    kinder than the bound that decides FAIL, and having fewer data does not soften it.
    """
    spec = waiver.spec
    if finding.verdict.value not in spec.accepts:
        return Refusal.OTHER_VERDICT
    if spec.scope.slices and not _within(spec.scope.slices, finding):
        return Refusal.OTHER_SLICE
    ceiling = spec.scope.observed
    if ceiling is None or finding.verdict.value in ("missing", "pending"):
        return None
    value = finding.estimate.value if finding.estimate is not None else None
    if value is None:
        return Refusal.NO_VALUE
    return None if ceiling.holds(value) else Refusal.WORSE


def _within(slices: Mapping[str, tuple[str, ...]], finding: Finding) -> bool:
    """Whether a finding is about one of the named groups, on exactly the named columns.

    Who accepts what is found for older people has not accepted what is found for older women.
    """
    if finding.scope is None or finding.scope.rest_of:
        return False
    own = dict(finding.scope.values)
    return own.keys() == slices.keys() and all(own[column] in groups for column, groups in slices.items())


def _standing(state: State, why: Text) -> Standing:
    return Standing(state=state, why=why)


def _short(digest: str) -> str:
    return f"{digest[:12]}…"
