"""Signed approvals of waivers: what an approver signs, and whether a signature says so.

A signature is over an in-toto statement that names the waiver, the digest of its content, its control, what is
released, who approves and in which role. A waiver that was changed afterwards is another one.
"""

import hashlib
from datetime import date

from hcgov.core.evidence.source import Tree
from hcgov.core.mistake import AuthoringError
from hcgov.core.person import same_person
from hcgov.core.waiver import Approval, WaiverSpec
from hcgov.io.canonical import canonical
from hcgov.io.signing import (
    IN_TOTO,
    PrivateKey,
    Refusal,
    Statement,
    Trust,
    parse_envelope,
    read_statement,
    sign,
    verify,
)

PREDICATE = "https://hcgov.dev/waiver-approval/v1"
ROLES = ("risk-owner", "waiver-approver")
"""Roles whose holders may accept a risk; a key for anything else approves nothing."""


class NotApproved(Exception):  # noqa: N818 - the name says what is the case
    """A signature does not approve this waiver; the text says why, for people."""


def content_digest(spec: WaiverSpec) -> str:
    """Return the SHA-256 of a waiver's content as canonical JSON, without the places of signatures."""
    content: dict[str, Tree] = spec.model_dump(mode="json")
    content["approvals"] = [{"by": one.by, "role": one.role} for one in spec.approvals]
    return hashlib.sha256(canonical(content)).hexdigest()


def statement(spec: WaiverSpec, approval: Approval) -> Statement:
    """Return what an approver signs."""
    subject = spec.scope.subject.removeprefix("sha256:")
    predicate: dict[str, Tree] = {
        "waiver": spec.id,
        "content_sha256": content_digest(spec),
        "control": spec.control,
        "subject": spec.scope.subject,
        "approver": approval.by,
        "role": approval.role,
    }
    return Statement(subject={"released": subject}, predicate_type=PREDICATE, predicate=predicate)


def signed(spec: WaiverSpec, approval: Approval, key: PrivateKey) -> bytes:
    """Return the envelope with which a key's holder approves.

    Raises
    ------
    NotApproved
        The role approves nothing, or the key is that of who asks.
    """
    _objection(spec, approval, key.name)
    return sign(statement(spec, approval).to_json(), IN_TOTO, key).to_json()


def verified(data: bytes, file: str, spec: WaiverSpec, approval: Approval, trust: Trust, on: date) -> None:
    """Hold an envelope against the waiver it is said to approve.

    Parameters
    ----------
    on
        Day on which the key must be valid: that of the check, so that an approval ends with its key.

    Raises
    ------
    NotApproved
        It does not approve this waiver.
    """
    try:
        envelope = parse_envelope(data, file)
        signer = verify(envelope, trust, roles=(approval.role,), on=on)
        if isinstance(signer, Refusal):
            raise NotApproved(signer.why)
        said = read_statement(envelope.payload, file)
    except AuthoringError as error:
        raise NotApproved("; ".join(mistake.message for mistake in error.mistakes)) from error
    _objection(spec, approval, signer.name)
    asked = statement(spec, approval)
    if said.predicate_type != PREDICATE:
        raise NotApproved(f"it is no approval of a waiver, but `{said.predicate_type}`")
    if dict(said.subject) != dict(asked.subject):
        raise NotApproved("it is about another subject")
    other = [name for name, value in asked.predicate.items() if said.predicate.get(name) != value]
    if other:
        raise NotApproved(f"it was given to other content: {', '.join(other)} differ")


def _objection(spec: WaiverSpec, approval: Approval, signer: str) -> None:
    if approval.role not in ROLES:
        raise NotApproved(f"the role `{approval.role}` approves no waivers; {' and '.join(ROLES)} do")
    asks = spec.requested_by
    if same_person(signer, asks) or same_person(signer, asks.partition("@")[0]):
        raise NotApproved(f"the key `{signer}` is that of `{asks}`, who asks for the waiver")
