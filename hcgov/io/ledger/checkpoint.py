"""Checkpoints: size and root of the ledger, in the format of C2SP tlog-checkpoint and signed-note.

https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note. A ledger that nobody signs has a checkpoint
without signature lines, which is no signed note; it still says what the ledger has to hold.
"""

import base64
import binascii
import hashlib
import re
from typing import Protocol

from hcgov.core.frozen import frozen
from hcgov.core.merkle import HASH_BYTES

LARGEST = 64 << 10
"""Most bytes of a checkpoint that are read."""
ORIGIN = "hcgov.ledger/"
_ED25519 = b"\x01"
_SIZE = re.compile(r"(0|[1-9][0-9]{0,15})\Z")
_SIGNATURE = re.compile(r"\N{EM DASH} (?P<name>[^\s+]+) (?P<base64>\S+)\Z")


class NoteSigner(Protocol):
    """A key that signs checkpoints, under a name without blanks or ``+``."""

    @property
    def name(self) -> str:
        """Name of the key."""

    @property
    def key_id(self) -> str:
        """Id of the key: 64 hexadecimal digits."""

    @property
    def raw_public(self) -> bytes:
        """The public key, 32 bytes (RFC 8032)."""

    def sign(self, message: bytes) -> bytes:
        """Return the ed25519 signature of a message."""


@frozen
class NoteSignature:
    """A signature line: name and hash of the key, and the signature."""

    name: str
    key_hash: bytes
    signature: bytes


@frozen
class Checkpoint:
    """What a ledger held at some time.

    Parameters
    ----------
    origin
        Which ledger: ``hcgov.ledger/`` and its id.
    size, root
        Number of entries, and the root of their Merkle tree.
    signatures
        Signature lines, not verified; none where nobody signed.
    """

    origin: str
    size: int
    root: bytes
    signatures: tuple[NoteSignature, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @property
    def ledger(self) -> str:
        """The id of the ledger."""
        return self.origin.removeprefix(ORIGIN)

    def __str__(self) -> str:
        """Return the note: the text, a blank line, and the signature lines."""
        lines = [
            f"\N{EM DASH} {one.name} {base64.b64encode(one.key_hash + one.signature).decode()}\n"
            for one in self.signatures
        ]
        return f"{self.text}\n{''.join(lines)}"


def signed(checkpoint: Checkpoint, signer: NoteSigner) -> Checkpoint:
    """Return a checkpoint with one signature, that of this key."""
    line = NoteSignature(
        name=signer.name,
        key_hash=note_key_hash(signer.name, signer.raw_public),
        signature=signer.sign(checkpoint.text.encode()),
    )
    return Checkpoint(
        origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, signatures=(line,)
    )


def note_key_hash(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a signed note names an ed25519 key (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def parse_checkpoint(data: bytes) -> Checkpoint:
    """Read a checkpoint.

    Raises
    ------
    ValueError
        It is none: why is said in one line.
    """
    if len(data) > LARGEST:
        raise ValueError(f"it has more than {LARGEST:,} bytes")
    try:
        note = data.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    text, blank, below = note.rpartition("\n\n")
    if not blank:
        raise ValueError("there is no blank line after the root hash")
    lines = text.split("\n")
    if len(lines) != 3:
        raise ValueError("it does not have three lines: origin, size and root hash")
    origin, size, root = lines
    if not re.fullmatch(rf"{re.escape(ORIGIN)}[0-9a-f]{{32}}", origin):
        raise ValueError(f"its first line is not `{ORIGIN}` and the id of a ledger")
    if not _SIZE.match(size):
        raise ValueError("its second line is not a number of entries")
    hashed = _base64(root)
    if hashed is None or len(hashed) != HASH_BYTES:
        raise ValueError("its third line is not a hash of 32 bytes in base64")
    return Checkpoint(origin=origin, size=int(size), root=hashed, signatures=_signatures(below))


def _signatures(below: str) -> tuple[NoteSignature, ...]:
    if below and not below.endswith("\n"):
        raise ValueError("its last line is cut off")
    found = []
    for line in below.split("\n")[:-1]:
        matched = _SIGNATURE.match(line)
        signature = _base64(matched["base64"]) if matched else None
        if matched is None or signature is None or len(signature) <= 4:
            raise ValueError("a line below the blank one is no signature")
        found.append(NoteSignature(name=matched["name"], key_hash=signature[:4], signature=signature[4:]))
    return tuple(found)


def _base64(text: str) -> bytes | None:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == text else None
