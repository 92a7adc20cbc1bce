"""DSSE envelopes, version 1: a payload with its type and the signatures over both.

https://github.com/secure-systems-lab/dsse. What is signed is the pre-authentication encoding, so that a payload
cannot be passed off as one of another type. The id of a key in an envelope is only a hint; whether the key counts
is said by ``trust.yaml`` alone.
"""

import base64
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from enum import IntEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.canonical import canonical
from hcgov.io.json import parse_json
from hcgov.io.signing.keys import PrivateKey
from hcgov.io.signing.trust import Trust, TrustedKey

IN_TOTO = "application/vnd.in-toto+json"
_LARGEST = 16 << 20
_MOST_SIGNATURES = 64


@frozen
class EnvelopeSignature:
    """One signature, with the hint which key made it."""

    key_id: str
    signature: bytes


@frozen
class Envelope:
    """A payload, its type, and signatures that are not verified yet."""

    payload: bytes
    payload_type: str
    signatures: tuple[EnvelopeSignature, ...]

    @property
    def signed_bytes(self) -> bytes:
        """What is signed: the pre-authentication encoding (DSSE protocol, PAE)."""
        kind = self.payload_type.encode()
        return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(self.payload), self.payload)

    def to_json(self) -> bytes:
        """Return the envelope as JSON."""
        return canonical(
            {
                "payload": base64.b64encode(self.payload).decode(),
                "payloadType": self.payload_type,
                "signatures": [
                    {"keyid": one.key_id, "sig": base64.b64encode(one.signature).decode()}
                    for one in self.signatures
                ],
            }
        )


@frozen
class Signer:
    """Whose signature counts."""

    key_id: str
    name: str
    roles: frozenset[str]


class Refused(IntEnum):
    """Why a signature does not count; the later, the closer it came."""

    NO_SIGNATURE = 0
    WRONG_TYPE = 1
    UNKNOWN_KEY = 2
    BAD_SIGNATURE = 3
    REVOKED = 4
    NOT_YET_VALID = 5
    EXPIRED = 6
    WRONG_ROLE = 7


@frozen
class Refusal:
    """A signature that does not count.

    Parameters
    ----------
    reason, why
        Why, and the same in one line for people.
    key_id
        The key that the signature names, if any.
    """

    reason: Refused
    why: str
    key_id: str = ""


def sign(payload: bytes, payload_type: str, key: PrivateKey) -> Envelope:
    """Return an envelope with one signature."""
    return add_signature(Envelope(payload=payload, payload_type=payload_type, signatures=()), key)


def add_signature(envelope: Envelope, key: PrivateKey) -> Envelope:
    """Return an envelope with the signature of one more key; one that this key made before is replaced."""
    made = EnvelopeSignature(key_id=key.key_id, signature=key.sign(envelope.signed_bytes))
    others = tuple(one for one in envelope.signatures if one.key_id != key.key_id)
    return replace(envelope, signatures=(*others, made))


def verify(
    envelope: Envelope, trust: Trust, *, roles: Collection[str], on: date, payload_type: str = IN_TOTO
) -> Signer | Refusal:
    """Return the first signer that counts; where none does, the refusal that came closest.

    Parameters
    ----------
    roles
        Roles of which the signer must have one.
    on
        Day on which the key must be valid.
    payload_type
        Type that the payload must have.

    Raises
    ------
    ValueError
        No role is asked for: any key would do, which nobody means.
    AuthoringError
        The extra ``evidence`` is not installed.
    """
    if envelope.payload_type != payload_type:
        why = f"the payload is of type `{envelope.payload_type}`, and `{payload_type}` is asked for"
        return Refusal(reason=Refused.WRONG_TYPE, why=why)
    judged = verify_each(envelope, trust, roles=roles, on=on)
    refusals = []
    for one in judged:
        if isinstance(one, Signer):
            return one
        refusals.append(one)
    nobody = Refusal(reason=Refused.NO_SIGNATURE, why="nobody signed it")
    return max(refusals, key=lambda refusal: refusal.reason, default=nobody)


def verify_each(
    envelope: Envelope, trust: Trust, *, roles: Collection[str], on: date
) -> tuple[Signer | Refusal, ...]:
    """Return for each signature whether it counts, in their order; for rules about several signers.

    Raises
    ------
    ValueError, AuthoringError
        As :func:`verify`.
    """
    return tuple(
        check_signature(
            envelope.signed_bytes, one.signature, trust.keys.get(one.key_id), one.key_id, roles=roles, on=on
        )
        for one in envelope.signatures
    )


def check_signature(
    message: bytes,
    signature: bytes,
    key: TrustedKey | None,
    key_id: str,
    *,
    roles: Collection[str],
    on: date,
) -> Signer | Refusal:
    """Say whether one signature over a message counts.

    Parameters
    ----------
    key, key_id
        The trusted key, if there is one, and what the signature calls it.

    Raises
    ------
    ValueError, AuthoringError
        As :func:`verify`.
    """
    if not roles:
        raise ValueError("name the roles that may sign")
    if key is None:
        why = f"key {key_id[:16]} is not among the trusted ones"
        return Refusal(reason=Refused.UNKNOWN_KEY, why=why, key_id=key_id)
    reason, why = _objection(message, signature, key, roles, on)
    if reason is not None:
        return Refusal(reason=reason, why=f"key `{key.name}` {why}", key_id=key_id)
    return Signer(key_id=key_id, name=key.name, roles=key.roles)


def _objection(
    message: bytes, signature: bytes, key: TrustedKey, roles: Collection[str], on: date
) -> tuple[Refused | None, str]:
    if not key.public.verify(message, signature):
        return Refused.BAD_SIGNATURE, "did not sign this: the content or the signature was changed"
    if key.revoked is not None:
        # What a lost key signs bears any day that its finder likes.
        return Refused.REVOKED, f"was revoked on {key.revoked.on}: {key.revoked.reason}"
    if on < key.valid_from:
        return Refused.NOT_YET_VALID, f"is valid from {key.valid_from} on, and the day is {on}"
    if on > key.valid_until:
        return Refused.EXPIRED, f"was valid until {key.valid_until}, and the day is {on}"
    if not key.roles.intersection(roles):
        has, asked = ", ".join(sorted(key.roles)), " or ".join(sorted(roles))
        return Refused.WRONG_ROLE, f"may sign as {has}, and {asked} is asked for"
    return None, ""


class _SignatureSpec(BaseModel):
    # DSSE tells readers to pass over fields that they do not know.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, defer_build=True)

    keyid: str = ""
    sig: str


class _EnvelopeSpec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, defer_build=True)

    payload: str
    payload_type: str = Field(alias="payloadType", min_length=1)
    signatures: list[_SignatureSpec] = Field(max_length=_MOST_SIGNATURES)


def parse_envelope(data: bytes, file: str) -> Envelope:
    """Read an envelope.

    Parameters
    ----------
    data, file
        JSON, and the name used in messages.

    Raises
    ------
    AuthoringError
        It is none.
    """
    parsed = parse_json(data, file, max_bytes=_LARGEST)
    try:
        spec = _EnvelopeSpec.model_validate(parsed.data)
        return Envelope(
            payload=_decoded(spec.payload),
            payload_type=spec.payload_type,
            signatures=tuple(
                EnvelopeSignature(key_id=one.keyid, signature=_decoded(one.sig)) for one in spec.signatures
            ),
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _no_envelope(file, f"`{place}`: {first['msg']}") from error
    except ValueError as error:  # also where a letter is none of ASCII
        raise _no_envelope(file, "payload or signature is not base64") from error


def _decoded(text: str) -> bytes:
    # Both alphabets are allowed by DSSE; padding is not left out.
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


def _no_envelope(file: str, why: str) -> AuthoringError:
    message = f"`{file}` is no DSSE envelope: {why}"
    return AuthoringError([Mistake(code="HCG-S004", message=message, help="it may have been cut short")])
