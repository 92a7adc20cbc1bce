"""Records that a command names by their path: read with the same care as those of a project."""

from pathlib import Path

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.documents import Record
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import read_blob
from hcgov.io.readers import read_document


def record_at(path: Path, name: str) -> Record:
    """Return a record in YAML or JSON.

    Raises
    ------
    AuthoringError
        It cannot be read.
    """
    at = path.absolute()
    blob = read_blob(at.parent, name, "record", at.name)
    found = blob if isinstance(blob, Absent) else read_document("record", blob)
    if isinstance(found, Record):
        return found
    why = str(found.detail) if isinstance(found, Absent) else f"`{path}` is no record"
    raise AuthoringError([Mistake(code="HCG-U001", message=why, help="")])
