"""Which artifacts a control reads."""

from collections.abc import Mapping, Sequence

from hcgov.core.evidence.documents import SubjectOf
from hcgov.judgement.planned import Planned

NOBODY: Mapping[str, str] = {}


def artifacts_read(
    control: Planned, subject: Sequence[str] = (), describing: Mapping[str, str] = NOBODY
) -> tuple[str, ...]:
    """Return the names of the artifacts that a control's requests read.

    Parameters
    ----------
    subject
        Those that are released.
    describing
        To a table of judgments the one that describes its people, which is read with it.
    """
    names: list[str] = []
    for request in control.requests.values():
        if isinstance(request, SubjectOf):
            names += subject
        for attribute in ("table", "artifact", "suite", "listed", "checklist"):
            value = getattr(request, attribute, None)
            if isinstance(value, str):
                names.append(value)
                names += [describing[value]] if value in describing else []
    return tuple(dict.fromkeys(names))
