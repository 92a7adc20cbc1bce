"""Entries of the ledger, version 1: digests, names of things and salted commitments; no text about people.

The wire type is strict and closed, so that nothing else can get in: a name holds no blank and no ``@``, and
whoever acted stands there as role, key id and commitment.
"""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hcgov.core.evidence.source import Tree
from hcgov.io.canonical import canonical

SCHEMA = "hcgov.ledger/1"
LONGEST = 64 << 10
"""Most bytes of an entry."""

Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Commitment = Annotated[str, Field(pattern=r"^salted-sha256:[0-9a-f]{64}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+/:-]{0,99}$")]
"""The name of a thing (control, role, run, version): no blanks, and no ``@``, so that no address fits."""
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Moment = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
Outcome = Literal["passed", "passed_with_conditions", "failed", "incomplete"]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Pack(_Wire):
    """A policy pack, with the digest of its bytes."""

    id: Name
    version: Name
    sha256: Digest


class Data(_Wire):
    """An artifact that is going to be read, with the digest of its bytes."""

    artifact: Name
    sha256: Digest


class PolicyRegistered(_Wire):
    """What is going to be judged, by which policy, on which data, said before it is known how it ends.

    Later checks are held against one that is ``binding``: somebody registered it on purpose.
    """

    kind: Literal["policy-registered"] = "policy-registered"
    policy: Digest
    packs: Annotated[tuple[Pack, ...], Field(max_length=100)] = ()
    subject: Digest | None = None
    data: Annotated[tuple[Data, ...], Field(max_length=200)] = ()
    seeds: Annotated[tuple[Count, ...], Field(max_length=100)] = ()
    binding: bool = False


class LabelsLookedAt(_Wire):
    """Evaluation data that were looked at: names of artifacts and samples, and the digest of what stood there."""

    at: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    data: Digest
    attempt: Annotated[int, Field(ge=1, le=2**53 - 1)]


class RunStarted(_Wire):
    """A run has read its evidence and is about to judge it.

    ``attempt`` counts from 1 over runs of one subject and policy; ``looks`` count over other data at the same labels.
    """

    kind: Literal["run-started"] = "run-started"
    run: Name
    policy: Digest
    subject: Digest | None = None
    attempt: Annotated[int, Field(ge=1, le=2**53 - 1)]
    looks: Annotated[tuple[LabelsLookedAt, ...], Field(max_length=100)] = ()


class RunFinished(_Wire):
    """A run ended with this record and decision; ``inputs`` is the digest of all that it was decided on."""

    kind: Literal["run-finished"] = "run-finished"
    run: Name
    policy: Digest
    subject: Digest | None = None
    report: Digest
    decision: Outcome
    exit_code: Count
    inputs: Digest | None = None


class WaiverApproved(_Wire):
    """Somebody accepted a finding until a day; ``statement`` is the digest of what was signed."""

    kind: Literal["waiver-approved"] = "waiver-approved"
    waiver: Name
    control: Name
    statement: Digest
    subject: Digest | None = None
    expires: Day


class BaselineChanged(_Wire):
    """The list of known failures became another; counts are of its entries."""

    kind: Literal["baseline-changed"] = "baseline-changed"
    before: Digest | None = None
    after: Digest
    added: Count
    removed: Count
    changed: Count


class SignOff(_Wire):
    """Somebody answered for a subject; ``statement`` is the digest of what was signed."""

    kind: Literal["sign-off"] = "sign-off"
    statement: Digest
    subject: Digest
    role: Name


class KeyRotated(_Wire):
    """A key came, went, or took the place of another."""

    kind: Literal["key-rotated"] = "key-rotated"
    retired: KeyId | None = None
    introduced: KeyId | None = None
    why: Literal["new", "scheduled", "lost", "compromised"]

    @model_validator(mode="after")
    def _names_a_key(self) -> "KeyRotated":
        if self.retired is None and self.introduced is None:
            raise ValueError("a key is needed in `retired` or `introduced`")
        return self


class ReportRendered(_Wire):
    """A page was made from a record."""

    kind: Literal["report-rendered"] = "report-rendered"
    report: Digest
    form: Name
    rendering: Digest


class GateDecided(_Wire):
    """The gate answered for a run, on the grounds of this record."""

    kind: Literal["gate-decided"] = "gate-decided"
    run: Name
    report: Digest
    decision: Outcome
    exit_code: Count


class AliasPromoted(_Wire):
    """A registered model's alias was moved; the model's name is committed to, for it may tell of people."""

    kind: Literal["alias-promoted"] = "alias-promoted"
    run: Name
    model: Commitment
    version: Name
    alias: Name
    subject: Digest | None = None


Body: TypeAlias = (
    PolicyRegistered
    | RunStarted
    | RunFinished
    | WaiverApproved
    | BaselineChanged
    | SignOff
    | KeyRotated
    | ReportRendered
    | GateDecided
    | AliasPromoted
)


class Actor(_Wire):
    """Who acted: a role, the key that signed the checkpoint, and a commitment to the name."""

    role: Name
    key: KeyId | None = None
    name: Commitment | None = None


class Entry(_Wire):
    """One leaf.

    Parameters
    ----------
    ledger
        Id of the ledger, so that no entry can be carried over from another.
    index
        Place in the ledger, from 0.
    previous
        Leaf hash of the entry before, which tells where an edit begins; none in the first entry.
    at
        Time in UTC, as the writer's clock had it.
    """

    schema_: Literal["hcgov.ledger/1"] = Field(default="hcgov.ledger/1", alias="schema")
    ledger: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    index: Count
    previous: Digest | None = None
    at: Moment
    actor: Actor
    body: Annotated[Body, Field(discriminator="kind")]


def leaf_of(entry: Entry) -> bytes:
    """Return the canonical JSON of an entry: what is hashed and written."""
    value: dict[str, Tree] = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    return canonical(value)


def entry_of(leaf: bytes) -> Entry:
    """Read an entry.

    Raises
    ------
    ValueError
        It is too long, not an entry of this version (pydantic's ``ValidationError``), or not written in its one
        canonical form.
    """
    if len(leaf) > LONGEST:
        raise ValueError(f"it has more than {LONGEST:,} bytes")
    entry = Entry.model_validate_json(leaf)
    # Keys that stand twice, blanks, another order: all of it is gone in the entry, and so shows here.
    if leaf_of(entry) != leaf:
        raise ValueError("it is not in canonical form (RFC 8785)")
    return entry


def moment(at: datetime) -> str:
    """Return a time as the ledger writes it.

    Raises
    ------
    ValueError
        The time has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone says too little")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digest_of(data: bytes) -> str:
    """Return the digest of bytes as entries write it.

    >>> digest_of(b"")[:14]
    'sha256:e3b0c44'
    """
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
