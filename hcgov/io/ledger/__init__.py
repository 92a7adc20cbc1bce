"""The ledger of a project: an append-only Merkle log of what was registered, run, decided and approved."""

from hcgov.core.mistake import LedgerDamagedError
from hcgov.io.ledger.checkpoint import Checkpoint, NoteSignature, NoteSigner, note_key_hash, parse_checkpoint
from hcgov.io.ledger.commitments import Sealed, read_openings, seal
from hcgov.io.ledger.entries import (
    Actor,
    AliasPromoted,
    BaselineChanged,
    Body,
    Data,
    Entry,
    GateDecided,
    KeyRotated,
    LabelsLookedAt,
    Pack,
    PolicyRegistered,
    ReportRendered,
    RunFinished,
    RunStarted,
    SignOff,
    WaiverApproved,
    digest_of,
    leaf_of,
)
from hcgov.io.ledger.history import history
from hcgov.io.ledger.store import NotAppendedError, Receipt, append
from hcgov.io.ledger.verification import Problem, Verified, verify

__all__ = [
    "Actor",
    "AliasPromoted",
    "BaselineChanged",
    "Body",
    "Checkpoint",
    "Data",
    "Entry",
    "GateDecided",
    "KeyRotated",
    "LabelsLookedAt",
    "LedgerDamagedError",
    "NotAppendedError",
    "NoteSignature",
    "NoteSigner",
    "Pack",
    "PolicyRegistered",
    "Problem",
    "Receipt",
    "ReportRendered",
    "RunFinished",
    "RunStarted",
    "Sealed",
    "SignOff",
    "Verified",
    "WaiverApproved",
    "append",
    "digest_of",
    "history",
    "leaf_of",
    "note_key_hash",
    "parse_checkpoint",
    "read_openings",
    "seal",
    "verify",
]
