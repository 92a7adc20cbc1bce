"""Absence is a type: what could not be read, and why, in words for people."""

from enum import StrEnum

from hcgov.core.frozen import frozen
from hcgov.core.text import Text


class Absence(StrEnum):
    """Why evidence is absent."""

    NOT_DECLARED = "not_declared"
    NO_FILE = "no_file"
    NO_RELATION = "no_relation"
    EMPTY_FILE = "empty_file"
    LFS_POINTER = "lfs_pointer"
    WRONG_ENCODING = "wrong_encoding"
    UNREADABLE = "unreadable"
    EMPTY_TABLE = "empty_table"
    TOO_LARGE = "too_large"
    TOO_MANY_GROUPS = "too_many_groups"
    WRONG_KIND = "wrong_kind"
    WRONG_DIGEST = "wrong_digest"
    CHANGED = "changed_while_read"
    OUTSIDE_PROJECT = "outside_project"
    STORE_DOWN = "store_down"
    NO_DIGEST = "no_digest"
    NOT_SIGNED = "not_signed"
    SIGNATURE_REFUSED = "signature_refused"
    NOT_FINISHED = "not_finished"
    NO_RESULT = "no_result"
    INTERRUPTED = "interrupted"


INTEGRITY = frozenset({Absence.WRONG_DIGEST, Absence.CHANGED})
"""What was there is not what it has to be; this is told of an artifact before whatever else it lacks."""


@frozen
class Absent:
    """Evidence that is not there.

    Parameters
    ----------
    reason
        Kind of absence; tests and machines read this.
    artifact
        Name of the artifact that was asked for.
    detail
        One sentence for people: what was looked for, where, and what to do.
    """

    reason: Absence
    artifact: str
    detail: Text
