"""How a reader says that a document cannot be used."""

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.mistake import AuthoringError
from hcgov.core.text import text
from hcgov.io.files import Blob

_REASONS = {
    "HCG-Y002": Absence.WRONG_ENCODING,
    "HCG-Y003": Absence.TOO_LARGE,
    "HCG-Y004": Absence.EMPTY_FILE,
}
_SHOWN = 3


def unreadable(blob: Blob, why: object, *, reason: Absence = Absence.UNREADABLE) -> Absent:
    """Say why a document cannot be used, in words that follow ``<path>: ``."""
    return Absent(
        reason=reason,
        artifact=blob.source.artifact,
        detail=text("`{path}`: {why}", path=blob.source.location, why=why),
    )


def from_mistakes(blob: Blob, error: AuthoringError) -> Absent:
    """Turn mistakes in a document into its absence, with the places of the first few."""
    parts = []
    for mistake in error.mistakes[:_SHOWN]:
        place = f"line {mistake.where.line}, column {mistake.where.column}: " if mistake.where else ""
        parts.append(f"{place}{mistake.message}{f' ({mistake.help})' if mistake.help else ''}")
    more = len(error.mistakes) - _SHOWN
    why = "; ".join(parts) + (f"; and {more} more" if more > 0 else "")
    return unreadable(blob, why, reason=_REASONS.get(error.mistakes[0].code, Absence.UNREADABLE))
