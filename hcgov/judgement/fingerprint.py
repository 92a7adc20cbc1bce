"""What identifies a finding from one check to the next."""

import hashlib
import json

from hcgov.core.finding import Finding
from hcgov.core.slices import Slice
from hcgov.judgement.plan import Planned


def fingerprint(finding: Finding, control: Planned, system: str) -> str:
    """Return the SHA-256 of control id, check major, system, metric and what the finding is about.

    Values, messages, verdicts and line numbers are not in it, so that it is the same as long as the same thing is
    found of the same group.
    """
    major = control.check.major if control.check is not None else 0
    slices = (_slice(finding.scope), _slice(finding.against))
    parts = (control.spec.id, major, system, finding.metric, finding.about, *slices)
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


def _slice(slice_: Slice | None) -> tuple[object, ...] | None:
    return None if slice_ is None else (slice_.values, slice_.rest_of)
