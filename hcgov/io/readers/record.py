"""Records: a YAML or JSON document as plain values."""

from pathlib import PurePosixPath

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.documents import Record
from hcgov.core.mistake import AuthoringError
from hcgov.io.files import Blob
from hcgov.io.readers.absences import from_mistakes, unreadable
from hcgov.io.yaml import parse, parse_json


def read(blob: Blob) -> Record | Absent:
    """Read a record by its suffix: ``.yaml``, ``.yml`` or ``.json``.

    A document that is one bare value, neither a mapping nor a list, is refused.
    """
    suffix = PurePosixPath(blob.source.location).suffix.lower()
    if suffix not in (".yaml", ".yml", ".json"):
        return unreadable(
            blob, f"a record is a .yaml, .yml or .json file, not `{suffix}`", reason=Absence.WRONG_KIND
        )
    try:
        parsed = (parse_json if suffix == ".json" else parse)(blob.data, blob.source.location)
    except AuthoringError as error:
        return from_mistakes(blob, error)
    if not isinstance(parsed.data, dict | list):
        return unreadable(blob, "a record is a mapping or a list, not one bare value")
    return Record(data=parsed.data, source=blob.source, positions=parsed.positions)
