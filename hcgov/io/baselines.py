"""The baseline of a project: read with places, written so that a person can review a change of it."""

from collections.abc import Sequence

from hcgov.core.baseline import BaselineSpec, EntrySpec
from hcgov.core.mistake import Mistake
from hcgov.io.named import Document, Named, Read, read_document
from hcgov.io.quoting import quoted

_MADE = "`hcgov baseline update` writes it from a record"
_HEAD = """\
# Failures that are known, each with an owner and a last day. Written by `hcgov baseline update`.
hcgov: 1
kind: Baseline
"""


def read_baseline(named: Named, read: Read) -> tuple[Document[BaselineSpec] | None, list[Mistake]]:
    """Read a baseline; every mistake is told with its place."""
    return read_document(named, read, BaselineSpec, code="HCG-B001", what="the baseline", made_by=_MADE)


def write_baseline(entries: Sequence[EntrySpec]) -> str:
    """Return a baseline as YAML: one entry after the other, each key on its own line, values in quotes."""
    if not entries:
        return f"{_HEAD}entries: []\n"
    lines = ["entries:"]
    for entry in entries:
        written = {name: value for name, value in _values(entry).items() if value}
        for number, (name, value) in enumerate(written.items()):
            # In quotes: whatever a group is called, it stays text.
            lines.append(f"  {'-' if number == 0 else ' '} {name}: {quoted(value)}")
    return _HEAD + "\n".join(lines) + "\n"


def _values(entry: EntrySpec) -> dict[str, str]:
    return {
        "control": entry.control,
        "about": entry.about,
        "metric": entry.metric,
        "observed": "" if entry.observed is None else str(entry.observed),
        "owner": entry.owner,
        "expires": entry.expires.isoformat(),
        "fingerprint": entry.fingerprint,
    }
