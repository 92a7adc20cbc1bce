"""Salted commitments: what the ledger says about people, and how it can be made to forget.

A commitment is SHA-256 over 32 random bytes and the value. The salt and the value stand in
``openings.jsonl`` beside the ledger's folder, readable for its owner only. Whoever has the opening can show that
the commitment was to this value; where its line is deleted, nobody can ever say whom the entry was about,
and the ledger verifies as before.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.io.canonical import canonical
from hcgov.io.ledger.disk import append_to, flush_folder

FILE = "openings.jsonl"
SALT_BYTES = 32


@frozen
class Sealed:
    """A value with the commitment to it.

    Parameters
    ----------
    commitment
        What may stand in the ledger: ``salted-sha256:`` and 64 hexadecimal digits.
    value, salt
        What opens it.
    """

    commitment: str
    value: str = field(repr=False)
    salt: bytes = field(repr=False)


def seal(value: str) -> Sealed:
    """Commit to a value under a fresh salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Sealed(commitment=commitment_to(value, salt), value=value, salt=salt)


def commitment_to(value: str, salt: bytes) -> str:
    """Return the commitment to a value under a salt of fixed length."""
    return f"salted-sha256:{hashlib.sha256(salt + value.encode()).hexdigest()}"


def keep_openings(home: Path, sealed: Sequence[Sealed]) -> None:
    """Write openings to disk, before the entries that need them.

    Raises
    ------
    OSError
        They could not be written.
    """
    if not sealed:
        return
    path = home / FILE
    new = not path.exists()
    lines = b"".join(
        canonical({"commitment": one.commitment, "salt": one.salt.hex(), "value": one.value}) + b"\n"
        for one in sealed
    )
    # The line break before ends a line that an earlier writer was killed in; empty lines mean nothing.
    append_to(path, lines if new else b"\n" + lines, mode=0o600)
    if new:
        flush_folder(home)


def read_openings(home: Path) -> Mapping[str, str]:
    """Return the value of every commitment that can be opened; a line that opens nothing is passed over."""
    try:
        lines = (home / FILE).read_bytes().splitlines()
    except OSError:
        return {}
    found: dict[str, str] = {}
    for line in lines:
        try:
            opening: Tree = json.loads(line)
        except (ValueError, RecursionError):
            continue
        match opening:
            case {"commitment": str(commitment), "salt": str(salt), "value": str(value)}:
                if _opens(commitment, value, salt):
                    found[commitment] = value
    return found


def _opens(commitment: str, value: str, salt: str) -> bool:
    try:
        return commitment_to(value, bytes.fromhex(salt)) == commitment
    except ValueError:  # no salt, or half of a surrogate pair
        return False
