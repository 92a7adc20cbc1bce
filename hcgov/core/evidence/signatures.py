"""Signatures over evidence: who vouches for an artifact, in which role, and since when."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from hcgov.core.evidence.absent import Absent
from hcgov.core.frozen import frozen


@frozen
class SignatureOf:
    """Ask who signed an artifact in a role."""

    artifact: str
    role: str


@frozen
class Signed:
    """A signature that counts: over the bytes that were read, by a trusted key that may sign in the role.

    Parameters
    ----------
    key_id
        SHA-256 of the public key in DER; keys are named by it, people are not.
    on
        The day that the signed statement bears.
    """

    artifact: str
    role: str
    key_id: str
    on: date


@frozen
class Signatures:
    """The signatures that the controls of a run ask for.

    Parameters
    ----------
    answers
        To each request who signed, or why nobody did.
    subject
        Names of the artifacts that are released: a control that reads the subject reads these.
    describing
        To a table of judgments the one that describes its people: a control that reads the first reads both.
    """

    answers: Mapping[SignatureOf, Signed | Absent] = field(default_factory=dict)
    subject: tuple[str, ...] = ()
    describing: Mapping[str, str] = field(default_factory=dict)
