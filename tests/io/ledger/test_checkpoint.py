"""Checkpoints in the format of C2SP tlog-checkpoint and signed-note."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.ledger.checkpoint import Checkpoint, note_key_hash, parse_checkpoint, signed

ORIGIN = "hcgov.ledger/0123456789abcdef0123456789abcdef"
ROOT = bytes(range(32))
PLAIN = f"{ORIGIN}\n12\n{base64.b64encode(ROOT).decode()}\n\n"

# The published example of golang.org/x/mod/sumdb/note (note_test.go). The first byte of a key is its type.
GO_PUBLIC = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


class Signer:
    name = "PeterNeumann"
    key_id = "0" * 64
    raw_public = GO_PUBLIC

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(GO_SEED).sign(message)


def test_the_key_hash_and_signature_are_those_of_the_published_note() -> None:
    assert note_key_hash("PeterNeumann", GO_PUBLIC).hex() == "c74f20a3"
    made = note_key_hash("PeterNeumann", GO_PUBLIC) + Signer().sign(GO_TEXT.encode())
    assert base64.b64encode(made).decode() == GO_SIGNATURE


def test_a_signed_checkpoint_is_a_signed_note() -> None:
    plain = Checkpoint(origin=ORIGIN, size=12, root=ROOT)
    assert str(plain) == PLAIN
    note = signed(plain, Signer())
    text, line = str(note).split("\n\n")
    assert text + "\n" == plain.text
    dash, name, encoded = line.rstrip("\n").split(" ")
    assert (dash, name) == ("\u2014", "PeterNeumann")
    both = base64.b64decode(encoded)
    assert both[:4].hex() == "c74f20a3"
    Ed25519PublicKey.from_public_bytes(GO_PUBLIC).verify(both[4:], plain.text.encode())
    assert parse_checkpoint(str(note).encode()) == note


def test_signing_again_replaces_the_signature_of_the_state_before() -> None:
    once = signed(Checkpoint(origin=ORIGIN, size=12, root=ROOT), Signer())
    assert signed(once, Signer()) == once


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (b"", "blank line"),
        (PLAIN[:-1].encode(), "blank line"),
        (PLAIN.replace("\n12\n", "\n012\n").encode(), "second line"),
        (PLAIN.replace("\n12\n", "\n-1\n").encode(), "second line"),
        (PLAIN.replace("\n12\n", "\n1_2\n").encode(), "second line"),
        (PLAIN.replace(ORIGIN, "example.com/log").encode(), "first line"),
        (PLAIN.replace("AAEC", "AAE").encode(), "third line"),
        (PLAIN.replace("\n\n", "\nextension\n\n").encode(), "three lines"),
        (PLAIN.encode() + b"\xe2\x80\x94 name AAAA", "cut off"),
        (PLAIN.encode() + b"\xe2\x80\x94 name AAAA\n", "no signature"),
        (PLAIN.encode() + b"-- name AAAAAAAAAAAA\n", "no signature"),
        (PLAIN.encode() + b"\xe2\x80\x94 a+b AAAAAAAAAAAA\n", "no signature"),
        (b"\xff\xfe", "UTF-8"),
        (b"x" * 70_000, "more than"),
    ],
)
def test_what_is_no_checkpoint_is_refused_with_the_reason(wrong: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_checkpoint(wrong)


@given(size=st.integers(0, 10**15), root=st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=root)
    assert parse_checkpoint(str(checkpoint).encode()) == checkpoint
    assert parse_checkpoint(str(signed(checkpoint, Signer())).encode()) == signed(checkpoint, Signer())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = parse_checkpoint(data)
    except ValueError:
        return
    assert str(found).encode() == data
