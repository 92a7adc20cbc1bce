"""A table that cannot be read: raised inside the package, an ``Absent`` at its edge."""

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.text import Text


class UnreadError(Exception):
    """Carries the :class:`Absent` that the public functions return."""

    def __init__(self, absent: Absent) -> None:
        self.absent = absent
        super().__init__(str(absent.detail))


def unread(reason: Absence, artifact: str, detail: Text) -> UnreadError:
    """Build the exception from the parts of an :class:`Absent`."""
    return UnreadError(Absent(reason=reason, artifact=artifact, detail=detail))
