"""Waivers as people keep them: a draft from a record, where each stands on a day, a signature over one."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

from hcgov.app.exceptions import Exceptions, load_exceptions
from hcgov.app.project import load_project
from hcgov.app.rendering import read_record
from hcgov.app.save import newest
from hcgov.app.trusted import head_side
from hcgov.core.acceptance import Occasioned, State, standing_of
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake, did_you_mean
from hcgov.core.record import ControlV1, FindingV1, ReportV1
from hcgov.core.status import Severity
from hcgov.core.terms import ENDS_SOON, LONGEST, LONGEST_ABSENCE, NEEDS_SIGNATURE, Waiver, last_day
from hcgov.io.files import locate, write_atomically
from hcgov.io.manifest import load_manifest
from hcgov.io.quoting import quoted

ACCEPTABLE = ("fail", "inconclusive", "missing", "pending")
_DIGITS = Decimal("0.0001")
USABLE = (State.IN_FORCE, State.NOT_STARTED)


@frozen
class Asking:
    """What is known of a waiver that is asked for; what is empty is left for people to fill in."""

    control: str
    starts: date
    id: str = ""
    owner: str = ""
    requested_by: str = ""
    reason: str = ""
    approver: str = ""
    role: str = "risk-owner"


@frozen
class Row:
    """A waiver on a day: where it stands and why, whether it ends soon, and whether the newest record used it."""

    waiver: Waiver
    state: str
    why: str
    ends_soon: bool
    used: bool | None


def draft(asking: Asking, record: Path) -> str:
    """Return a file with one waiver for what a record says of a control, complete but for what people must say.

    Parameters
    ----------
    record
        A report.json, or the folder of a project; its newest record.

    Raises
    ------
    AuthoringError
        The control cannot be waived, or there is nothing to waive.
    """
    report = read_record(record)
    control = next((c for c in report.controls if c.id == asking.control), None)
    if control is None:
        known = [c.id for c in report.controls]
        raise _refused(f"the record has no control `{asking.control}`", did_you_mean(asking.control, known))
    objection = _objection(control, report)
    if objection:
        raise _refused(f"`{control.id}` cannot be waived: {objection}", control.fix)
    return _written(asking, control, report)


def _objection(control: ControlV1, report: ReportV1) -> str:
    if control.enforcement == "mandatory":
        return "it is mandatory"
    if control.verdict == "error":
        return "it could not be checked; mend what broke"
    if control.verdict not in ACCEPTABLE:
        return f"its verdict is `{control.verdict}`, and nothing of it stands in the way"
    if control.enforcement == "advisory":
        return "it is advice, and blocks nothing"
    if not report.subject.sha256:
        return (
            "the record does not know the digest of what is released; name it under `subject:` in hcgov.yaml"
        )
    return ""


def _written(asking: Asking, control: ControlV1, report: ReportV1) -> str:
    found = [f for f in control.findings if f.verdict in ACCEPTABLE and not f.listed]
    accepts = [verdict for verdict in ACCEPTABLE if verdict in {control.verdict, *(f.verdict for f in found)}]
    severity = Severity(control.severity)
    days = LONGEST[severity]
    if {"missing", "pending"}.intersection(accepts):
        days = min(days, LONGEST_ABSENCE)
    id_ = asking.id or f"W-{asking.starts:%Y%m%d}-{control.id}"[:64]
    signed = severity in NEEDS_SIGNATURE
    lines = [
        "hcgov: 1",
        "kind: WaiverSet",
        "waivers:",
        f"  - id: {quoted(id_)}",
        f"    control: {quoted(control.id)}",
        f"    check: {quoted(_with_major(control.check))}",
        f"    accepts: [{', '.join(accepts)}]",
        "    scope:",
        f"      subject: {quoted(f'sha256:{report.subject.sha256}')}",
        *_slices(found),
        *_ceiling(found, control),
        f"    reason: {quoted(asking.reason)} # why the risk is accepted",
        "    compensating: [] # what protects people meanwhile",
        f"    owner: {quoted(asking.owner)} # who answers for the risk",
        f"    requested_by: {quoted(asking.requested_by)}",
        f"    starts: {quoted(asking.starts.isoformat())}",
        f"    expires: {quoted(last_day(asking.starts, days).isoformat())} # at most {days} days, both included",
        "    approvals: # never by who asks",
        f"      - by: {quoted(asking.approver)}",
        f"        role: {quoted(asking.role)}",
        *(
            [f"        signature: {quoted(f'{id_}.dsse.json')} # hcgov waiver sign {id_} --key …"]
            if signed
            else []
        ),
    ]
    return "\n".join(lines) + "\n"


def _with_major(check: str) -> str:
    return check if "@" in check else f"{check}@1"


def _slices(found: Sequence[FindingV1]) -> list[str]:
    """Restrict the draft to the groups that are found, where all findings are on the same columns."""
    columns = {tuple(sorted(finding.slice)) for finding in found}
    if len(columns) != 1 or columns == {()}:
        return []
    groups = {column: sorted({finding.slice[column] for finding in found}) for column in next(iter(columns))}
    return [
        "      slices:",
        *(
            f"        {quoted(column)}: [{', '.join(quoted(name) for name in names)}]"
            for column, names in groups.items()
        ),
    ]


def _ceiling(found: Sequence[FindingV1], control: ControlV1) -> list[str]:
    """Bound the draft by the worst observed value, rounded away from the limit to four digits."""
    values = [
        Decimal(repr(f.estimate.value))
        for f in found
        if f.estimate is not None and f.estimate.value is not None
    ]
    if control.limit is None or not values:
        return []
    side = control.limit.side
    worst = max(values) if side == "at_most" else min(values)
    shown = worst.quantize(_DIGITS, rounding=ROUND_CEILING if side == "at_most" else ROUND_FLOOR)
    note = " # the observed value, as a point estimate; anything worse blocks again"
    return [f"      observed: {{{side}: {quoted(str(shown))}}}{note}"]


def rows(root: Path, on: date, *, strict: bool) -> tuple[Row, ...]:
    """Return every waiver of a project with where it stands on a day.

    Parameters
    ----------
    strict
        Whether a waiver that could never take effect is a mistake; else it is a row with the reason.

    Raises
    ------
    AuthoringError
        Manifest, policies or the form of the waivers hold mistakes.
    """
    loaded = load_project(root)
    exceptions = load_exceptions(loaded, on, strict=strict)
    report = _newest(root)
    subject = "" if report is None else report.subject.sha256
    used = {} if report is None else {waiver.id: waiver.used for waiver in report.waivers}
    return tuple(
        _row(waiver, exceptions, subject, used.get(waiver.id)) for waiver in exceptions.waivers.waivers
    )


def _row(waiver: Waiver, exceptions: Exceptions, subject: str, used: bool | None) -> Row:
    occasion = Occasioned(on=exceptions.on, subject=subject, longest=exceptions.waivers.longest)
    standing = standing_of(waiver, exceptions.known.get(waiver.spec.control), occasion)
    left = (waiver.spec.expires - exceptions.on).days
    in_force = standing.state is State.IN_FORCE
    return Row(
        waiver=waiver,
        state=standing.state.value,
        why=str(standing.why),
        ends_soon=standing.state in USABLE and left < ENDS_SOON,
        used=used if in_force else None,
    )


def _newest(root: Path) -> ReportV1 | None:
    return read_record(root) if newest(root).is_file() else None


def exit_code(found: Sequence[Row], *, recorded: bool) -> int:
    """Return 0 where every waiver is or will be in force, 1 where one is not, 3 where no record tells the subject."""
    lost = [row for row in found if row.state not in (*USABLE, State.OTHER_SUBJECT)]
    elsewhere = [row for row in found if row.state == State.OTHER_SUBJECT]
    if lost or (elsewhere and recorded):
        return 1
    return 3 if elsewhere else 0


def is_recorded(root: Path) -> bool:
    """Whether the newest record of a project says what is released."""
    report = _newest(root)
    return report is not None and bool(report.subject.sha256)


def sign_waiver(root: Path, id_: str, key: Path, by: str = "") -> Path:
    """Sign a waiver for one of its approvers, and write the signature where the waiver names it.

    Parameters
    ----------
    by
        Whose approval it is, where the waiver has several.

    Raises
    ------
    AuthoringError
        There is no such waiver or approval, it names no place for a signature, or the key may not approve it.
    """
    from hcgov.io.approvals import NotApproved, signed
    from hcgov.io.signing import load_private

    side, told = head_side(load_manifest(root))
    if told:
        raise AuthoringError(told)
    written = next((one for one in side.written.waivers if one.spec.id == id_), None)
    if written is None:
        raise _refused(
            f"there is no waiver `{id_}`", did_you_mean(id_, [w.spec.id for w in side.written.waivers])
        )
    asked = [(i, one) for i, one in enumerate(written.spec.approvals) if by in ("", one.by)]
    if len(asked) != 1:
        names = ", ".join(approval.by for approval in written.spec.approvals)
        raise _refused(
            f"`{id_}` has {len(asked)} approvals that could be meant", f"say which with --by: {names}"
        )
    index, approval = asked[0]
    if not approval.signature or not _inside(root, approval.signature):
        where = written.where("approvals", index)
        message = f"the approval of `{approval.by}` names no place in the project for its signature"
        help_ = f"add `signature: {id_}.dsse.json`"
        raise AuthoringError([Mistake(code="HCG-W009", message=message, where=where, help=help_)])
    try:
        envelope = signed(written.spec, approval, load_private(key))
    except NotApproved as why:
        where = written.where("approvals", index)
        raise AuthoringError([Mistake(code="HCG-W009", message=f"{id_}: {why}", where=where)]) from why
    path = root / approval.signature
    write_atomically(path, envelope)
    return path


def _inside(root: Path, path: str) -> bool:
    from hcgov.core.evidence.absent import Absence

    found = locate(root, "signature", path)
    return isinstance(found, Path) or found.reason is Absence.NO_FILE


def _refused(message: str, help_: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-U001", message=message, help=help_)])
