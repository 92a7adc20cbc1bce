"""DSSE envelopes and in-toto statements: what counts, and what is refused for which reason."""

import base64
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.mistake import AuthoringError
from hcgov.io.signing import (
    IN_TOTO,
    Envelope,
    EnvelopeSignature,
    Refusal,
    Refused,
    Revocation,
    Signer,
    Statement,
    Trust,
    add_signature,
    parse_envelope,
    read_statement,
    sign,
    verify,
    verify_each,
)
from tests.io.signing.conftest import TODAY, Keys

STATEMENT = Statement(
    subject={"assistant": "ab" * 32}, predicate_type="https://example.org/waiver/v1", predicate={"id": "W-1"}
)
PAYLOAD = STATEMENT.to_json()
ROLES = ("risk-owner",)


def refused(found: Signer | Refusal) -> Refused:
    assert isinstance(found, Refusal), found
    assert found.why
    return found.reason


def test_what_is_signed_is_the_encoding_of_the_specification() -> None:
    # The example of github.com/secure-systems-lab/dsse, protocol.md.
    kind = "http://example.com/HelloWorld"
    made = Envelope(payload=b"hello world", payload_type=kind, signatures=())
    assert made.signed_bytes == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert replace(made, payload_type="é", payload=b"").signed_bytes == b"DSSEv1 2 \xc3\xa9 0 "


def test_a_signed_statement_is_verified_and_read(keys: Keys) -> None:
    envelope = parse_envelope(sign(PAYLOAD, IN_TOTO, keys.owner).to_json(), "W-1.dsse.json")
    signer = verify(envelope, keys.trusted(keys.owner), roles=ROLES, on=TODAY)
    assert signer == Signer(key_id=keys.owner.key_id, name="owner", roles=frozenset(ROLES))
    assert read_statement(envelope.payload, "W-1.dsse.json") == STATEMENT


def test_the_library_of_the_format_verifies_it_too(keys: Keys) -> None:
    from securesystemslib.dsse import Envelope as Reference
    from securesystemslib.signer import SSlibKey

    reference = Reference.from_dict(json.loads(sign(PAYLOAD, IN_TOTO, keys.owner).to_json()))
    public = keys.owner.public
    key = SSlibKey(public.key_id, "ed25519", "ed25519", {"public": public.raw.hex()})
    assert set(reference.verify([key], 1)) == {public.key_id}


def test_what_the_library_of_the_format_signed_is_verified(keys: Keys) -> None:
    from securesystemslib.dsse import Envelope as Reference

    reference = Reference(PAYLOAD, IN_TOTO, {})
    reference.signatures[keys.owner.key_id] = keys.owner._signer.sign(reference.pae())
    for signature in reference.signatures.values():
        signature.keyid = keys.owner.key_id
    envelope = parse_envelope(json.dumps(reference.to_dict()).encode(), "x")
    assert isinstance(verify(envelope, keys.trusted(keys.owner), roles=ROLES, on=TODAY), Signer)


@pytest.mark.parametrize(
    ("changed", "on", "reason", "word"),
    [
        ({"roles": frozenset({"eval-runner"})}, TODAY, Refused.WRONG_ROLE, "may sign as eval-runner"),
        ({}, date(2028, 1, 1), Refused.EXPIRED, "was valid until 2027-12-31"),
        ({}, date(2026, 12, 31), Refused.NOT_YET_VALID, "is valid from 2027-01-01"),
        (
            {"revoked": Revocation(on=date(2027, 6, 1), reason="laptop lost")},
            TODAY,
            Refused.REVOKED,
            "laptop lost",
        ),
    ],
)
def test_a_key_that_does_not_count_is_refused_with_the_reason(
    changed: dict[str, object], on: date, reason: Refused, word: str, keys: Keys
) -> None:
    found = verify(
        sign(PAYLOAD, IN_TOTO, keys.owner), keys.trusted(keys.owner, **changed), roles=ROLES, on=on
    )
    assert refused(found) is reason
    assert word in found.why  # type: ignore[union-attr]  # a refusal


@pytest.mark.parametrize("on", [date(2027, 1, 1), date(2027, 12, 31)])
def test_the_first_and_the_last_day_count(on: date, keys: Keys) -> None:
    found = verify(sign(PAYLOAD, IN_TOTO, keys.owner), keys.trusted(keys.owner), roles=ROLES, on=on)
    assert isinstance(found, Signer)


def test_a_key_that_nobody_trusts_does_not_count_even_if_it_comes_along(keys: Keys) -> None:
    envelope = sign(PAYLOAD, IN_TOTO, keys.runner)
    bundled = json.loads(envelope.to_json())
    bundled["signatures"][0]["publicKey"] = keys.runner.public.pem
    bundled["trust"] = {"keys": [keys.runner.public.line]}
    found = verify(
        parse_envelope(json.dumps(bundled).encode(), "x"), keys.trusted(keys.owner), roles=ROLES, on=TODAY
    )
    assert refused(found) is Refused.UNKNOWN_KEY
    assert refused(verify(envelope, Trust(keys={}), roles=ROLES, on=TODAY)) is Refused.UNKNOWN_KEY


def test_a_key_cannot_borrow_the_id_of_another(keys: Keys) -> None:
    made = sign(PAYLOAD, IN_TOTO, keys.runner)
    borrowed = replace(made, signatures=(replace(made.signatures[0], key_id=keys.owner.key_id),))
    assert refused(verify(borrowed, keys.trusted(keys.owner), roles=ROLES, on=TODAY)) is Refused.BAD_SIGNATURE


def test_an_envelope_that_nobody_signed_or_of_another_type_does_not_count(keys: Keys) -> None:
    trust = keys.trusted(keys.owner)
    nobody = Envelope(payload=PAYLOAD, payload_type=IN_TOTO, signatures=())
    assert refused(verify(nobody, trust, roles=ROLES, on=TODAY)) is Refused.NO_SIGNATURE
    other = sign(PAYLOAD, "text/plain", keys.owner)
    assert refused(verify(other, trust, roles=ROLES, on=TODAY)) is Refused.WRONG_TYPE
    passed_off = replace(other, payload_type=IN_TOTO)
    assert refused(verify(passed_off, trust, roles=ROLES, on=TODAY)) is Refused.BAD_SIGNATURE


def test_to_ask_for_no_role_is_refused(keys: Keys) -> None:
    with pytest.raises(ValueError, match="roles"):
        verify(sign(PAYLOAD, IN_TOTO, keys.owner), keys.trusted(keys.owner), roles=(), on=TODAY)


def test_of_several_signers_each_is_judged_and_one_that_counts_is_enough(keys: Keys) -> None:
    both = add_signature(sign(PAYLOAD, IN_TOTO, keys.runner), keys.owner)
    trust = Trust(
        keys=keys.trusted(keys.owner).keys | keys.trusted(keys.runner, roles=frozenset({"eval-runner"})).keys
    )
    first, second = verify_each(both, trust, roles=ROLES, on=TODAY)
    assert refused(first) is Refused.WRONG_ROLE
    assert second == verify(both, trust, roles=ROLES, on=TODAY)
    assert isinstance(second, Signer)
    assert len(add_signature(both, keys.owner).signatures) == 2


@given(at=st.integers(0, len(PAYLOAD) - 1), bit=st.integers(0, 7))
def test_no_bit_of_the_payload_can_be_changed(at: int, bit: int, keys: Keys) -> None:
    made = sign(PAYLOAD, IN_TOTO, keys.owner)
    bent = bytearray(PAYLOAD)
    bent[at] ^= 1 << bit
    changed = replace(made, payload=bytes(bent))
    assert refused(verify(changed, keys.trusted(keys.owner), roles=ROLES, on=TODAY)) is Refused.BAD_SIGNATURE


@given(at=st.integers(0, 63), bit=st.integers(0, 7))
def test_no_bit_of_the_signature_can_be_changed(at: int, bit: int, keys: Keys) -> None:
    made = sign(PAYLOAD, IN_TOTO, keys.owner)
    bent = bytearray(made.signatures[0].signature)
    bent[at] ^= 1 << bit
    changed = replace(made, signatures=(EnvelopeSignature(key_id=keys.owner.key_id, signature=bytes(bent)),))
    assert refused(verify(changed, keys.trusted(keys.owner), roles=ROLES, on=TODAY)) is Refused.BAD_SIGNATURE


def good() -> dict[str, object]:
    payload = base64.b64encode(PAYLOAD).decode()
    return {"payload": payload, "payloadType": IN_TOTO, "signatures": [{"keyid": "a", "sig": "eA=="}]}


@pytest.mark.parametrize(
    "changed",
    [
        {"payload": "not base64!"},
        {"payload": "ü"},
        {"payload": 3},
        {"payloadType": ""},
        {"signatures": "none"},
        {"signatures": [{"keyid": "a"}]},
        {"signatures": [{"keyid": "a", "sig": "*"}]},
        {"signatures": [{"sig": "eA=="}] * 65},
    ],
)
def test_what_is_no_envelope_is_refused(changed: dict[str, object]) -> None:
    assert parse_envelope(json.dumps(good()).encode(), "x").payload == PAYLOAD
    with pytest.raises(AuthoringError):
        parse_envelope(json.dumps(good() | changed).encode(), "x")


def test_the_other_alphabet_of_base64_is_read_too() -> None:
    envelope = good() | {"payload": base64.urlsafe_b64encode(b"\xfb\xff").decode()}
    assert parse_envelope(json.dumps(envelope).encode(), "x").payload == b"\xfb\xff"


@pytest.mark.parametrize(
    "changed",
    [
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"subject": []},
        {"subject": [{"name": "a", "digest": {"md5": "x"}}]},
        {"subject": [{"name": "a", "digest": {"sha256": "ab" * 32}}] * 2},
        {"predicate": []},
        {"predicateType": ""},
    ],
)
def test_what_is_no_statement_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(AuthoringError, match="no in-toto statement"):
        read_statement(json.dumps(json.loads(PAYLOAD) | changed).encode(), "x")


def test_a_statement_about_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="about nothing"):
        replace(STATEMENT, subject={}).to_json()
