"""What a check yields: measurements for the family judge, or statements that need no limit."""

from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import compact, frozen
from hcgov.core.mistake import Position
from hcgov.core.slices import EVERYONE, Slice
from hcgov.core.status import Reason
from hcgov.core.text import Text


@compact
class GroupCount:
    """The counts behind one side of a measurement, printed so that others can recompute it."""

    slice: Slice
    positives: float
    n: int
    n_eff: float
    people: int | None
    of: ClassVar[Callable[[Slice, float, int, float, int | None], "GroupCount"]]


@compact
class Extreme:
    """What a measurement would be if what is not recorded stood at one of its extremes.

    ``reason`` says what is not recorded: the groups of some people, or the outcomes of some.
    """

    estimate: Estimate
    reason: Reason


@compact
class Measurement:
    """One measured value of a control.

    Parameters
    ----------
    metric
        What is measured, for example ``false_positive_gap``.
    scope, against
        The slice it is about and the one it is compared with (``None``: with nobody).
    estimate
        The value; ``None`` where none can be given, then ``reason`` is set.
    groups
        The counts of either side.
    depth
        Slicing depth: 0 everyone, 1 a declared column, 2 or more a crossing. Metric and depth make a family.
    reason
        Why this cannot be resolved; such a measurement stands outside the family and never passes or fails.
    labels_needed
        Further rows that would make an unresolved slice large enough, where that can be said.
    shown
        True for values that inform but are not judged, such as each slice's own rate.
    extremes
        The corners between which the measurement lies, whatever is not recorded; empty where all is.
    """

    metric: str
    scope: Slice = EVERYONE
    against: Slice | None = None
    estimate: Estimate | None = None
    groups: tuple[GroupCount, ...] = ()
    depth: int = 0
    reason: Reason | None = None
    note: Text | None = None
    labels_needed: int | None = None
    shown: bool = False
    extremes: tuple[Extreme, ...] = ()
    of: ClassVar[
        Callable[
            [
                str,
                Slice,
                Slice | None,
                Estimate | None,
                tuple[GroupCount, ...],
                int,
                Reason | None,
                Text | None,
                int | None,
                bool,
                tuple[Extreme, ...],
            ],
            "Measurement",
        ]
    ]


class Answered(StrEnum):
    """What a check about documents, joins or attestations can say."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"
    PENDING = "pending"
    MISSING = "missing"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"


@frozen
class Statement:
    """One answer about a document, a join or an attestation.

    Parameters
    ----------
    about
        The part it is about, for example ``section Uses``; stable, it enters the fingerprint.
    answer
        Met, not met, cannot tell, waiting for a person, missing or could not be checked.
    text
        What was found, in a sentence.
    where
        The place in the artifact, where there is one.
    """

    about: str
    answer: Answered
    text: Text
    reason: Reason | None = None
    where: Position | None = None


Observation = Measurement | Statement
