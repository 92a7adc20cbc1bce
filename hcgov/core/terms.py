"""Waivers that were read, and how long one may run.

How a waiver is written is another module's (:mod:`hcgov.core.waiver`): a project without waivers needs no such form.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

from hcgov.core.frozen import frozen
from hcgov.core.mistake import Position
from hcgov.core.status import Severity

if TYPE_CHECKING:
    from hcgov.core.waiver import LongestTerms, WaiverSpec

LONGEST: Mapping[Severity, int] = {
    Severity.CRITICAL: 14,
    Severity.HIGH: 30,
    Severity.MEDIUM: 90,
    Severity.LOW: 180,
}
"""Most days of a waiver by the severity of its control, first and last day included."""

LONGEST_ABSENCE = 30
"""Most days for which evidence may be missing, or a person's answer pending."""

ENDS_SOON = 14
"""A waiver that ends within so many days is told."""

NEEDS_SIGNATURE = (Severity.HIGH, Severity.CRITICAL)
"""Severities for which an approval that is only written down is not enough."""


@frozen
class Waiver:
    """A waiver that was read.

    Parameters
    ----------
    where
        The place it is written at.
    signed_by
        Approvers whose signature over exactly this waiver was verified against the project's trusted keys.
    unsigned
        Approvers whose signature is asked for and is not there.
    """

    spec: "WaiverSpec"
    where: Position | None = None
    signed_by: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id as written."""
        return self.spec.id


@frozen
class WaiverSet:
    """Every waiver of a project, ordered by id, and the longest terms that hold."""

    waivers: tuple[Waiver, ...] = ()
    longest: Mapping[Severity, int] = field(default_factory=lambda: LONGEST)

    def by_id(self, name: str) -> Waiver | None:
        """Return a waiver by its id."""
        return next((waiver for waiver in self.waivers if waiver.id == name), None)


def shortest(terms: "tuple[LongestTerms, ...]") -> Mapping[Severity, int]:
    """Return the longest terms that hold where several files shorten them: the shortest of each."""
    return {
        severity: min(days, *(getattr(one, severity.value) or days for one in terms)) if terms else days
        for severity, days in LONGEST.items()
    }


def last_day(spec_starts: date, longest: int) -> date:
    """Return the last day of the longest term that begins on a day."""
    return date.fromordinal(spec_starts.toordinal() + longest - 1)
