"""Whether the artifacts that a control reads are signed as it asks: by every role, and lately enough."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from hcgov.core.evidence.signatures import SignatureOf, Signatures, Signed
from hcgov.core.finding import Finding
from hcgov.core.status import Verdict
from hcgov.core.text import Text, text
from hcgov.judgement.planned import Planned
from hcgov.judgement.reading import NOBODY, artifacts_read


def asked_of(
    control: Planned, subject: Collection[str], describing: Mapping[str, str] = NOBODY
) -> tuple[SignatureOf, ...]:
    """Return the signatures that a control asks for: of all it reads, in each role."""
    return tuple(
        SignatureOf(artifact=artifact, role=role)
        for artifact in artifacts_read(control, tuple(subject), describing)
        for role in _roles(control)
    )


def _roles(control: Planned) -> tuple[str, ...]:
    named = (name for demand in control.spec.evidence for name in demand.signed_by)
    return tuple(dict.fromkeys(name.removeprefix("role:") for name in named))


def unsigned(
    control: Planned, signatures: Signatures, day: str, absent: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what lacks a signature, or has one that is too old.

    Parameters
    ----------
    day
        ISO date of the check, in UTC; a signature as old as ``max_age`` still counts.
    absent
        Artifacts that could not be read: that is told of them already.
    """
    if not control.spec.evidence or control.aside is not None:
        return
    asked = asked_of(control, signatures.subject, signatures.describing)
    if not asked:
        nothing = text("signed evidence is asked for, but the control reads no artifact that could be signed")
        yield _missing(control, control.spec.title, nothing)
    for request in asked:
        if request.artifact in absent:
            continue
        found = signatures.answers.get(request)
        if not isinstance(found, Signed):
            told = text("nobody looked for signatures") if found is None else found.detail
            yield _missing(control, request.artifact, told)
        elif (told_age := _too_old(control, found, date.fromisoformat(day))) is not None:
            yield _missing(control, request.artifact, told_age)


def signed_for(control: Planned, signatures: Signatures, day: str) -> tuple[Signed, ...]:
    """Return the signatures that count on a day, of those that a control asks for."""
    answers = (
        signatures.answers.get(request)
        for request in asked_of(control, signatures.subject, signatures.describing)
    )
    on = date.fromisoformat(day)
    return tuple(
        found for found in answers if isinstance(found, Signed) and _too_old(control, found, on) is None
    )


def _too_old(control: Planned, signed: Signed, day: date) -> Text | None:
    if signed.on > day:
        return text(
            "the signature of `{artifact}` by {role} is dated {on}, after this check; sign it again: {how}",
            artifact=signed.artifact,
            role=signed.role,
            on=signed.on,
            how=_how(signed.artifact),
        )
    asking = (demand for demand in control.spec.evidence if f"role:{signed.role}" in demand.signed_by)
    ages = [age.days for demand in asking if (age := demand.oldest()) is not None]
    days = (day - signed.on).days
    if not ages or days <= min(ages):
        return None
    return text(
        "`{artifact}` was signed by {role} on {on}, {days} {days|day|days} before this check, and may be "
        "{most} {most|day|days} old; make the evidence anew, or let {role} look again and renew: {how} --renew",
        artifact=signed.artifact,
        role=signed.role,
        on=signed.on,
        days=days,
        most=min(ages),
        how=_how(signed.artifact),
    )


def _how(artifact: str) -> str:
    return f"hcgov evidence sign {artifact} --key KEY"


def _missing(control: Planned, about: str, told: Text) -> Finding:
    return Finding(about=about, metric=control.spec.check, verdict=Verdict.MISSING, text=told)
