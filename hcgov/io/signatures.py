"""Signed evidence: what somebody signs who vouches for an artifact, and whether a signature says so.

A signature is over an in-toto statement that names the artifact, the digest of its content and the day. The envelope
lies beside the artifact, never in it: ``predictions.csv.dsse.json``, or ``weights.dsse.json`` for a folder.
"""

import posixpath
from collections.abc import Iterable
from datetime import date

from pydantic import TypeAdapter, ValidationError

from hcgov.core.day import Day
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.signatures import SignatureOf, Signed
from hcgov.core.evidence.source import Source
from hcgov.core.mistake import AuthoringError
from hcgov.core.text import Text, text
from hcgov.io.files import Blob
from hcgov.io.signing import (
    IN_TOTO,
    Envelope,
    PrivateKey,
    Refusal,
    Statement,
    Trust,
    add_signature,
    parse_envelope,
    read_statement,
    sign,
    verify,
)

PREDICATE = "https://hcgov.dev/signed-evidence/v1"
SUFFIX = ".dsse.json"
_DAY: TypeAdapter[date] = TypeAdapter(Day)


def beside(path: str) -> str:
    """Return where the signatures of a file or folder lie."""
    return posixpath.normpath(path) + SUFFIX


def statement(artifact: str, sha256: str, on: date) -> Statement:
    """Return what somebody signs who vouches for an artifact."""
    predicate = {"artifact": artifact, "signed_on": on.isoformat()}
    return Statement(subject={artifact: sha256}, predicate_type=PREDICATE, predicate={**predicate})


class OthersSigned(Exception):  # noqa: N818 - the name says what is the case
    """An envelope holds signatures of others that a new statement would drop."""


def signed(source: Source, on: date, key: PrivateKey, known: bytes | None, *, renew: bool = False) -> bytes:
    """Return the envelope with which a key's holder vouches for an artifact.

    Parameters
    ----------
    known
        The envelope that lies there already. A statement on the same content is signed by one key more, and keeps its
        day; signatures over other content, or of the same key alone, give way to a new statement.
    renew
        Make a new statement, whoever signed the old one.

    Raises
    ------
    OthersSigned
        The key signed already, and a new statement would drop the signatures of others.
    """
    new = sign(statement(source.artifact, source.sha256, on).to_json(), IN_TOTO, key)
    there = None if known is None or renew else _same(known, source, on)
    if there is None:
        return new.to_json()
    keys = {one.key_id for one in there.signatures}
    if key.key_id not in keys:
        return add_signature(there, key).to_json()
    if keys == {key.key_id} or there.payload == new.payload:
        return (new if keys == {key.key_id} else add_signature(there, key)).to_json()
    raise OthersSigned


def _same(data: bytes, source: Source, on: date) -> Envelope | None:
    """Return an envelope that says of an artifact, to the byte, what would be said now, but for its earlier day."""
    try:
        envelope = parse_envelope(data, "")
        day = _day_of(read_statement(envelope.payload, ""))
    except AuthoringError:
        return None
    if day is None or day > on or envelope.payload_type != IN_TOTO or not envelope.signatures:
        return None
    said = statement(source.artifact, source.sha256, day).to_json()
    return envelope if envelope.payload == said else None


def answered(
    asked: Iterable[SignatureOf], source: Source, blob: Blob | Absent, trust: Trust | None, on: date
) -> dict[SignatureOf, Signed | Absent]:
    """Hold the envelope beside an artifact against what is asked of it.

    Parameters
    ----------
    source
        The artifact as it was read, with its digest.
    blob
        The envelope.
    trust
        Keys that count; ``None`` where nobody says which do.
    on
        Day on which a key must be valid: that of the check.

    Raises
    ------
    AuthoringError
        The extra ``evidence`` is not installed.
    """
    return {request: _answer(request, source, blob, trust, on) for request in asked}


def _answer(
    request: SignatureOf, source: Source, blob: Blob | Absent, trust: Trust | None, on: date
) -> Signed | Absent:
    if isinstance(blob, Absent):
        return _unsigned(request, source, blob)
    try:
        envelope = parse_envelope(blob.data, blob.source.location)
    except AuthoringError as error:
        return _refused(request, blob.source.location, text("{why}", why=error.mistakes[0].message))
    if trust is None:
        return _refused(request, blob.source.location, text("nobody says whose signatures count"))
    signer = verify(envelope, trust, roles=(request.role,), on=on)
    if isinstance(signer, Refusal):
        return _refused(request, blob.source.location, text("{why}", why=signer.why))
    said = _said(envelope, blob.source.location, source.sha256)
    if isinstance(said, Text):
        return _refused(request, blob.source.location, said)
    return Signed(artifact=request.artifact, role=request.role, key_id=signer.key_id, on=said)


def _said(envelope: Envelope, file: str, sha256: str) -> date | Text:
    """Return the day that a verified statement bears, or why it does not vouch for content."""
    try:
        said = read_statement(envelope.payload, file)
    except AuthoringError as error:
        return text("{why}", why=error.mistakes[0].message)
    if said.predicate_type != PREDICATE:
        return text("what was signed is no statement about evidence, but `{type}`", type=said.predicate_type)
    if sha256 not in said.subject.values():
        return text("what was signed is other content: the artifact or its signature was changed since")
    return _day_of(said) or text("what was signed bears no day (`signed_on`)")


def _day_of(said: Statement) -> date | None:
    try:
        return _DAY.validate_python(said.predicate.get("signed_on"))
    except ValidationError:
        return None


def _unsigned(request: SignatureOf, source: Source, why: Absent) -> Absent:
    if why.reason is not Absence.NO_FILE:
        return _refused(request, beside(source.location), why.detail)
    detail = text(
        "`{artifact}` is not signed by {role}: there is no `{file}`; whoever may sign as {role} writes it with "
        "`hcgov evidence sign {artifact} --key KEY`",
        artifact=request.artifact,
        role=request.role,
        file=beside(source.location),
    )
    return Absent(reason=Absence.NOT_SIGNED, artifact=request.artifact, detail=detail)


def _refused(request: SignatureOf, file: str, why: Text) -> Absent:
    """Return why the signatures in an envelope do not count."""
    detail = text(
        "`{artifact}` is not signed by {role}: in `{file}`, {why}; whoever may sign as {role} looks at it again and "
        "runs `hcgov evidence sign {artifact} --key KEY`",
        artifact=request.artifact,
        role=request.role,
        file=file,
        why=why,
    )
    return Absent(reason=Absence.SIGNATURE_REFUSED, artifact=request.artifact, detail=detail)
