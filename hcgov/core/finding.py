"""A judged observation: verdict, bounds that decided it, and what would decide it."""

from collections.abc import Callable
from typing import ClassVar

from hcgov.core.estimate import Estimate
from hcgov.core.frozen import compact
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.mistake import Position
from hcgov.core.slices import Slice
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text


@compact
class Bound:
    """One one-sided bound: its value, its confidence level, and which end of the interval it is."""

    value: float
    level: float
    end: str
    of: ClassVar[Callable[[float, float, str], "Bound"]]


@compact
class Finding:
    """What is said about one part of a control.

    Parameters
    ----------
    about
        The slice, section or question it is about, in words.
    metric
        What was measured, or the check's own id for statements.
    verdict, narrow
        What the evidence says; ``narrow`` marks a pass close to the limit.
    primary
        True for declared columns and statements; false for crossings.
    pass_bound, fail_bound
        The bounds that decide PASS and FAIL, with their levels (FAIL's is corrected for the family).
    worst_case
        The bound that decides, where what is not recorded stands at its worst; ``None`` where all is recorded.
    family
        Number of measurements that were corrected for together.
    listed
        True for what is named but does not hold the control back, such as a crossing too small to judge.
    labels_needed
        Further rows that would decide an undecided finding, if the value stays; ``None`` where unknown.
    """

    about: str
    metric: str
    verdict: Verdict
    text: Text
    narrow: bool = False
    primary: bool = True
    reason: Reason | None = None
    scope: Slice | None = None
    against: Slice | None = None
    depth: int = 0
    estimate: Estimate | None = None
    groups: tuple[GroupCount, ...] = ()
    pass_bound: Bound | None = None
    fail_bound: Bound | None = None
    worst_case: Bound | None = None
    family: int = 0
    labels_needed: int | None = None
    where: Position | None = None
    listed: bool = False
    shown: bool = False
    of: ClassVar[Callable[..., "Finding"]]

    @staticmethod
    def about_measured(  # noqa: PLR0917 - by position is what makes it fast
        measured: Measurement,
        about: str,
        verdict: Verdict,
        text: Text,
        reason: Reason | None,
        bounds: tuple[Bound | None, Bound | None],
        narrow: bool,
        family: int,
        labels_needed: int | None,
        shown: bool,
    ) -> "Finding":
        """Return what is said of a measurement.

        Parameters
        ----------
        bounds
            The bounds that decide PASS and FAIL.
        """
        passing, failing = bounds
        return Finding.of(
            about,
            measured.metric,
            verdict,
            text,
            narrow,
            measured.depth <= 1,
            reason,
            measured.scope,
            measured.against,
            measured.depth,
            measured.estimate,
            measured.groups,
            passing,
            failing,
            None,
            family,
            labels_needed,
            None,
            False,
            shown,
        )
