"""Decide again from a record, by the function that the check decides by, and tell what in it does not follow."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from hcgov.core.evidence.absent import INTEGRITY
from hcgov.core.frozen import frozen
from hcgov.core.record import ControlV1, FindingV1, LimitV1, ReportV1, SubjectV1, WaiverV1
from hcgov.core.status import Disposition, Enforcement, Severity, Verdict, dispose, worst
from hcgov.core.text import Text, text
from hcgov.judgement.concluding import TIGHTENED, Circumstances, Concluded, Weighed, concluded, stage_decision
from hcgov.judgement.engine import joined

IN_THE_WAY = (Disposition.BLOCKED, Disposition.UNDETERMINED)
_BROKEN = frozenset(reason.value for reason in INTEGRITY)


@frozen
class Redecided:
    """A record that was decided again.

    Parameters
    ----------
    concluded
        The decision, without ``exit_zero``.
    blocking
        Ids of the controls that stand in the way.
    ended
        Ids of the waivers that accepted something, and have ended since.
    """

    concluded: Concluded
    blocking: tuple[str, ...]
    ended: tuple[str, ...]


def redecide(
    report: ReportV1, *, on: str, stages: Sequence[str] = (), fail_on: Sequence[str] = ()
) -> Redecided:
    """Decide again.

    Parameters
    ----------
    report
        A record in which :func:`contradictions` finds nothing.
    on
        ISO date; waivers that ended before it accept nothing any more.
    stages
        Stages that are asked for; all that ran where empty.
    fail_on
        Dispositions that fail the gate, beside those that failed the check.
    """
    asked = tuple(stages) or tuple(stage.id for stage in report.stages if stage.ran)
    weighed = [_weighed(control, report, on) for control in report.controls if control.stage in asked]
    words = tuple(dict.fromkeys((*report.decision.fail_on, *fail_on)))
    found = _concluded(report, weighed, asked, words)
    ended = {w.id for w in report.waivers if w.used and w.expires < on}
    return Redecided(concluded=found, blocking=_blocking(report, weighed, found), ended=tuple(sorted(ended)))


def contradictions(report: ReportV1) -> Iterator[Text]:
    """Yield what in a record does not follow from what it says itself; nothing where all of it follows."""
    if strange := _strange(report):
        yield text("`{word}` is no word that this version knows", word=strange)
        return
    for control in report.controls:
        yield from _of_control(control, report)
    if twice := _repeated([control.id for control in report.controls]):
        yield text("the control {control} stands in it twice", control=twice)
    ran = tuple(stage.id for stage in report.stages if stage.ran)
    if strays := [c.id for c in report.controls if c.stage not in ran]:
        yield text("{controls} are of a stage that did not run", controls=", ".join(strays))
    weighed = [_weighed(control, report, report.occasion) for control in report.controls]
    for stage in report.stages:
        follows = stage_decision(weighed, stage.id).value if stage.ran else ""
        if stage.decision != follows:
            yield text(
                "its stage {stage} says `{said}`, and its controls come to `{follows}`",
                stage=stage.id,
                said=stage.decision,
                follows=follows,
            )
    yield from _of_decision(report, weighed, ran)
    if not _of_its_parts(report.subject):
        yield text("the digest of what is released is not that of its parts")


def _of_its_parts(subject: SubjectV1) -> bool:
    """Whether the digest of a subject is that of its one part, or over the sorted lines of several."""
    if not subject.parts or not subject.sha256:
        return True
    lines = sorted(f"{part.sha256}  {part.artifact}\n" for part in subject.parts)
    whole = hashlib.sha256("".join(lines).encode()).hexdigest()
    return subject.sha256 == (subject.parts[0].sha256 if len(lines) == 1 else whole)


def _strange(report: ReportV1) -> str:
    """Return the first word of a vocabulary that does not belong to it; empty where all do."""
    verdicts = [control.verdict for control in report.controls]
    verdicts += [finding.verdict for control in report.controls for finding in control.findings]
    pairs = (
        (verdicts, Verdict),
        ([control.enforcement for control in report.controls], Enforcement),
        ([control.severity for control in report.controls], Severity),
        (report.decision.fail_on, TIGHTENED),
    )
    return next((word for words, known in pairs for word in words if word not in {*known}), "")


def _of_decision(report: ReportV1, weighed: Sequence[Weighed], ran: Sequence[str]) -> Iterator[Text]:
    said = report.decision
    found = _concluded(report, weighed, ran, said.fail_on)
    if said.value != found.decision.value:
        yield text(
            "it says `{said}`, and its controls come to `{follows}`",
            said=said.value,
            follows=found.decision.value,
        )
    code = 0 if said.exit_zero and not said.interrupted else found.exit_code
    if said.exit_code != code:
        yield text(
            "it says exit {said}, and its controls come to exit {follows}", said=said.exit_code, follows=code
        )
    counted = {verdict.value: sum(one.verdict is verdict for one in weighed) for verdict in Verdict}
    if {word: n for word, n in said.counts.items() if n} != {word: n for word, n in counted.items() if n}:
        yield text("its counts are not those of its controls")
    if set(said.blocking) != set(_blocking(report, weighed, found)):
        yield text("what it says stands in the way is not what does")
    if set(said.skipped) - set(report.left_out):
        yield text("it skips controls that it does not leave out")


def _concluded(
    report: ReportV1, weighed: Sequence[Weighed], stages: Sequence[str], fail_on: Sequence[str]
) -> Concluded:
    said = report.decision
    return concluded(
        weighed,
        stages,
        text("{n} {n|control|controls} decided", n=len(weighed)),
        Circumstances(
            unidentified=said.unidentified,
            skipped=said.skipped,
            fail_on=tuple(fail_on),
            interrupted=said.interrupted,
            broken=tuple(one.artifact for one in report.evidence if one.absent in _BROKEN),
            unregistered=said.unregistered,
            weaker=said.weaker,
            disagrees_with=said.disagrees_with,
            unkept=said.unkept,
        ),
    )


def _blocking(report: ReportV1, weighed: Sequence[Weighed], found: Concluded) -> tuple[str, ...]:
    """Return what stands in the way: blocked before undecided, gravest first, then what was asked to fail."""
    words = [severity.value for severity in Severity]
    gravity = {control.id: words.index(control.severity) for control in report.controls}
    inside = sorted(
        (one for one in weighed if one.disposition in IN_THE_WAY),
        key=lambda one: (-one.disposition, -gravity[one.id]),
    )
    ids = [one.id for one in inside]
    return tuple(dict.fromkeys((*ids, *found.tightened)))


def _weighed(control: ControlV1, report: ReportV1, on: str) -> Weighed:
    return Weighed(
        id=control.id,
        stage=control.stage,
        verdict=Verdict(control.verdict),
        disposition=_disposition(control, _waivers(report), on),
    )


def _of_control(control: ControlV1, report: ReportV1) -> Iterator[Text]:
    """Yield where verdict and disposition of a control are not those of its findings."""
    verdict = joined(Verdict(f.verdict) for f in control.findings if not f.listed)
    if control.verdict != verdict.value:
        yield text(
            "{control} says `{said}`, and its findings come to `{follows}`",
            control=control.id,
            said=control.verdict,
            follows=verdict.value,
        )
        return
    known = _waivers(report)
    for finding in control.findings:
        if finding.verdict == Verdict.PASS and not _keeps(finding, control.limit):
            yield text(
                "{control}: `{about}` is said to pass, and its bound lies beyond the limit",
                control=control.id,
                about=finding.about,
            )
        if finding.waiver and (why := _misused(finding, control, known.get(finding.waiver), report)):
            yield text(
                "{control} is waived by {waiver}, {why}", control=control.id, waiver=finding.waiver, why=why
            )
    disposition = _disposition(control, known, report.occasion)
    if control.disposition != disposition.word:
        yield text(
            "{control} is `{said}`, and its findings come to `{follows}`",
            control=control.id,
            said=control.disposition,
            follows=disposition.word,
        )


def _keeps(finding: FindingV1, limit: LimitV1 | None) -> bool:
    """Whether the bounds of a finding lie on the right side of the control's limit, as far as it shows any."""
    if limit is None:
        return True
    bounds = [bound for bound in (finding.pass_bound, finding.worst_case) if bound is not None]
    value = Decimal(limit.value)
    if limit.side == "at_most":
        return all(bound.value is not None and bound.value <= value for bound in bounds)
    return all(bound.value is not None and bound.value >= value for bound in bounds)


def _waivers(report: ReportV1) -> Mapping[str, WaiverV1]:
    return {waiver.id: waiver for waiver in report.waivers}


def _misused(finding: FindingV1, control: ControlV1, waiver: WaiverV1 | None, report: ReportV1) -> str:
    """Say why a waiver cannot accept what the record has it accept; empty where it can."""
    if waiver is None:
        return "which the record does not hold"
    if waiver.state != "in_force" or waiver.control != control.id:
        return "which is not in force for it"
    if finding.verdict not in waiver.accepts:
        return f"which does not accept `{finding.verdict}`"
    if waiver.subject != f"sha256:{report.subject.sha256}":
        return "which is for another subject"
    if not waiver.starts <= report.occasion <= waiver.expires:
        return "which does not run on that day"
    if control.enforcement == Enforcement.MANDATORY.value:
        return "and mandatory controls cannot be waived"
    return ""


def _disposition(control: ControlV1, waivers: Mapping[str, WaiverV1], on: str) -> Disposition:
    """Return what the gate does with a control on a day, as :mod:`~hcgov.judgement.exceptions` does."""
    findings = [_of_finding(finding, control, waivers, on) for finding in control.findings]
    own = _plain(control, control.verdict, narrow=control.narrow)
    if own in IN_THE_WAY and _accepted(control, findings, waivers, on):
        own = Disposition.WAIVED
    return worst((*findings, own))


def _of_finding(
    finding: FindingV1, control: ControlV1, waivers: Mapping[str, WaiverV1], on: str
) -> Disposition:
    plain = Disposition.LISTED if finding.listed else _plain(control, finding.verdict, narrow=finding.narrow)
    waived = plain in IN_THE_WAY and _runs(finding.waiver, waivers, on)
    known = plain is Disposition.BLOCKED and finding.baseline == "known"
    return Disposition.WAIVED if waived or known else plain


def _accepted(
    control: ControlV1, findings: Sequence[Disposition], waivers: Mapping[str, WaiverV1], on: str
) -> bool:
    """Whether everything that gives a control its verdict is accepted."""
    giving = [
        disposition
        for finding, disposition in zip(control.findings, findings, strict=True)
        if finding.verdict == control.verdict and not finding.listed
    ]
    if giving:
        return not any(one in IN_THE_WAY for one in giving)
    return control.waiver is not None and _runs(control.waiver.id, waivers, on)


def _runs(name: str, waivers: Mapping[str, WaiverV1], on: str) -> bool:
    return name in waivers and on <= waivers[name].expires


def _plain(control: ControlV1, verdict: str, *, narrow: bool) -> Disposition:
    return dispose(
        Verdict(verdict), Enforcement(control.enforcement), narrow=narrow, disabled=control.disabled
    )


def _repeated(ids: Sequence[str]) -> str:
    return next((one for place, one in enumerate(ids) if one in ids[:place]), "")
