"""Expectation suites of Great Expectations, as JSON or YAML."""

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import Record
from hcgov.io.files import Blob
from hcgov.io.readers import record
from hcgov.io.readers.absences import unreadable


def read(blob: Blob) -> Record | Absent:
    """Read a suite: a mapping whose ``expectations`` is a list with at least one mapping."""
    found = record.read(blob)
    if isinstance(found, Absent):
        return found
    expectations = found.data.get("expectations") if isinstance(found.data, dict) else None
    if not isinstance(expectations, list):
        return unreadable(blob, "a suite has a list `expectations`, and this document has none")
    if not expectations or not all(isinstance(expectation, dict) for expectation in expectations):
        return unreadable(blob, "the list `expectations` is empty, or holds something else than mappings")
    return found
