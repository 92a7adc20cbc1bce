"""Exceptions as they go over the wire, and what there is to tell about them."""

from collections.abc import Iterator
from datetime import date

from hcgov.core.acceptance import Refusal, State
from hcgov.core.finding import Finding
from hcgov.core.record import PositionV1, WaiverV1
from hcgov.core.status import Verdict
from hcgov.core.terms import ENDS_SOON
from hcgov.core.text import Text, text
from hcgov.judgement.decision import Decided, Release
from hcgov.judgement.evidence_index import sentence
from hcgov.judgement.exceptions import Used
from hcgov.judgement.saying import number

_CODES = {
    State.EXPIRED: "HCG-W103",
    State.NOT_STARTED: "HCG-W104",
    State.OTHER_SUBJECT: "HCG-W105",
    State.UNSIGNED: "HCG-W106",
    State.OTHER_CHECK: "HCG-W109",
    State.INVALID: "HCG-W109",
}

_SETTLED = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)

Told = tuple[str, Text]
"""A notice: its code and its sentence."""


def record_waiver(used: Used) -> WaiverV1:
    """Return a waiver as it goes over the wire."""
    spec, where = used.waiver.spec, used.waiver.where
    return WaiverV1(
        id=spec.id,
        control=spec.control,
        subject=spec.scope.subject,
        starts=spec.starts.isoformat(),
        expires=spec.expires.isoformat(),
        owner=spec.owner,
        reason=spec.reason,
        accepts=spec.accepts,
        slices=spec.scope.slices,
        ceiling="" if spec.scope.observed is None else str(spec.scope.observed),
        compensating=spec.compensating,
        requested_by=spec.requested_by,
        approved_by=tuple(f"{approval.by} ({approval.role})" for approval in spec.approvals),
        signed_by=used.waiver.signed_by,
        state=used.standing.state.value,
        why=sentence(used.standing.why),
        used=bool(used.accepted),
        where=None if where is None else PositionV1(file=where.file, line=where.line, column=where.column),
    )


def waiver_of(decided: Decided, released: Release) -> WaiverV1 | None:
    """Return the waiver that stands for a control: the first to end of those that accept any of it."""
    own = [
        used
        for used in released.waivers.values()
        if used.waiver.spec.control == decided.assessed.control.spec.id and used.accepted
    ]
    first = min(own, key=lambda used: (used.waiver.spec.expires, used.waiver.id), default=None)
    return None if first is None else record_waiver(first)


def exception_notices(released: Release, on: date) -> Iterator[Told]:
    """Yield what has to be known of exceptions: those that do not apply, that nothing needs, that end soon."""
    for used in released.waivers.values():
        yield from _of_waiver(used, on)
    yield from _of_baseline(released)


def _of_waiver(used: Used, on: date) -> Iterator[Told]:
    spec, state = used.waiver.spec, used.standing.state
    if state is not State.IN_FORCE:
        yield (
            _CODES[state],
            text(
                "the waiver {id} of {control} accepts nothing: {why}",
                id=spec.id,
                control=spec.control,
                why=used.standing.why,
            ),
        )
        return
    for finding, refusal in used.beyond:
        yield "HCG-W107", _beyond(used, finding, refusal)
    if used.shared:
        yield (
            "HCG-W108",
            text(
                "the waivers {first} and {id} accept the same finding of {control}; {first} counts, as the first by id",
                first=", ".join(dict.fromkeys(used.shared)),
                id=spec.id,
                control=spec.control,
            ),
        )
    elif used.judged and not used.accepted:
        yield (
            "HCG-W101",
            text(
                "the waiver {id} of {control} is not used: nothing that it accepts was found; remove it",
                id=spec.id,
                control=spec.control,
            ),
        )
    left = (spec.expires - on).days
    if left < ENDS_SOON:
        yield (
            "HCG-W102",
            text(
                "the waiver {id} of {control} ends on {day}, with {n} {n|day|days} left after this one",
                id=spec.id,
                control=spec.control,
                day=spec.expires,
                n=left,
            ),
        )


def _beyond(used: Used, finding: Finding, refusal: Refusal) -> Text:
    spec = used.waiver.spec
    if refusal is Refusal.NO_VALUE or finding.estimate is None:
        return text(
            "the waiver {id} accepts {ceiling} for {control}, and no value was observed of {about}: it is not accepted",
            id=spec.id,
            ceiling=spec.scope.observed,
            control=spec.control,
            about=finding.about,
        )
    return text(
        "the waiver {id} accepts {ceiling} for {control}, and {about} was observed at {value} (the point estimate): "
        "that is worse, and it is not accepted",
        id=spec.id,
        ceiling=spec.scope.observed,
        control=spec.control,
        about=finding.about,
        value=number(finding.estimate.value),
    )


def _of_baseline(released: Release) -> Iterator[Told]:
    for decided in released.controls:
        control, excepted = decided.assessed.control.spec.id, decided.excepted
        for finding, word in zip(decided.assessed.findings, excepted.known, strict=True):
            if word == "new":
                message = text(
                    "{control}, {about}: a new failure; the baseline does not know it",
                    control=control,
                    about=finding.about,
                )
                yield "HCG-B101", message
            elif word == "worse":
                message = text(
                    "{control}, {about}: a known failure that got worse (now {value})",
                    control=control,
                    about=finding.about,
                    value=number(finding.estimate.value if finding.estimate is not None else None),
                )
                yield "HCG-B102", message
    for entry in released.baseline.expired:
        message = text(
            "{control}, {about}: the baseline's entry of {owner} ended on {day} and counts no more",
            control=entry.control,
            about=entry.about,
            owner=entry.owner,
            day=entry.expires,
        )
        yield "HCG-B103", message
    settled = {d.assessed.control.spec.id for d in released.controls if d.assessed.verdict in _SETTLED}
    for entry in released.baseline.idle:
        if entry.control in settled:
            message = text(
                "{control}, {about}: this known failure is gone; `hcgov baseline update --only-improve` drops the "
                "entry of {owner}",
                control=entry.control,
                about=entry.about,
                owner=entry.owner,
            )
            yield "HCG-B104", message
