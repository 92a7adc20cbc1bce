"""Which artifacts a control reads."""

from collections.abc import Sequence

from hcgov.core.evidence.documents import SubjectOf
from hcgov.judgement.planned import Planned


def artifacts_read(control: Planned, subject: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of the artifacts that a control's requests read; ``subject`` are those released."""
    names: list[str] = []
    for request in control.requests.values():
        if isinstance(request, SubjectOf):
            names += subject
        for attribute in ("table", "artifact", "suite", "listed", "checklist"):
            value = getattr(request, attribute, None)
            if isinstance(value, str):
                names.append(value)
    return tuple(dict.fromkeys(names))
