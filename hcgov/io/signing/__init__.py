"""Signatures: ed25519 keys, whom to trust, DSSE envelopes and in-toto statements."""

from hcgov.io.signing.envelopes import (
    IN_TOTO,
    Envelope,
    EnvelopeSignature,
    Refusal,
    Refused,
    Signer,
    add_signature,
    check_signature,
    parse_envelope,
    sign,
    verify,
    verify_each,
)
from hcgov.io.signing.keys import PrivateKey, PublicKey, load_private, new_pair, public_key, public_keys
from hcgov.io.signing.statements import Statement, read_statement
from hcgov.io.signing.trust import Revocation, Trust, TrustedKey, load_trust, parse_trust

__all__ = [
    "IN_TOTO",
    "Envelope",
    "EnvelopeSignature",
    "PrivateKey",
    "PublicKey",
    "Refusal",
    "Refused",
    "Revocation",
    "Signer",
    "Statement",
    "Trust",
    "TrustedKey",
    "add_signature",
    "check_signature",
    "load_private",
    "load_trust",
    "new_pair",
    "parse_envelope",
    "parse_trust",
    "public_key",
    "public_keys",
    "read_statement",
    "sign",
    "verify",
    "verify_each",
]
