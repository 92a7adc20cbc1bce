"""Slices of which nothing can be said: which are only named, and how many people may stand in them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from hcgov.core.finding import Finding
from hcgov.core.measurement import Measurement, Observation
from hcgov.core.slices import SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import text
from hcgov.judgement.saying import about, as_shown, number

SMALL = (Reason.SMALL_N, Reason.FEW_PEOPLE, Reason.FEW_CLUSTERS)
DECIDED = (Verdict.PASS, Verdict.FAIL)


class Lists(Protocol):
    """A control, as far as it says whether slices that are too small are only listed."""

    @property
    def small_slices(self) -> str:
        """``list`` or ``judge``."""


def listed(
    findings: Iterable[Finding], control: Lists, observations: Iterable[Observation] = ()
) -> tuple[Finding, ...]:
    """Mark what is named but does not hold the control back: crossings, and small slices where only listed.

    Small slices are listed beside others of their column. A column of which nothing could be decided is not
    small slices but unknown, and holds the control back; so does a declared group without any row, and a small one
    that is not declared where others are: its people may be those of another group, written otherwise. A slice that
    is too small to be accused, and lies beyond the limit for more than chance, holds it back at any depth.

    Parameters
    ----------
    observations
        All that the check found, also what it only showed.
    """
    findings = tuple(findings)
    stray = {
        one.scope
        for one in observations
        if isinstance(one, Measurement) and one.reason is Reason.UNDECLARED_GROUP
    }
    only_listed = control.small_slices == "list"
    decided = {_column(f) for f in findings if f.primary and f.verdict in DECIDED} if only_listed else set()
    undecided = Verdict.INCONCLUSIVE
    return tuple(
        replace(f, listed=True)
        if f.verdict is undecided
        and (
            (not f.primary and f.reason is not Reason.SMALL_AND_APART)
            or (
                only_listed
                and f.reason in SMALL
                and f.depth
                and f.scope not in stray
                and _column(f) in decided
            )
        )
        else f
        for f in findings
    )


def reported(observations: Iterable[Observation]) -> tuple[Finding, ...]:
    """Return the findings about secondary slices: measured and shown with their intervals, and never gating."""
    return tuple(
        replace(
            as_shown(one),
            listed=True,
            shown=False,
            text=one.note
            or text(
                "{who}: {value}; reported, not gating",
                who=about(one),
                value=number(None if one.estimate is None else one.estimate.value),
            ),
        )
        for one in observations
        if isinstance(one, Measurement) and one.reason is Reason.REPORTED and not one.shown
    )


def _column(finding: Finding) -> tuple[str, tuple[str, ...]]:
    """Return what is measured, and the columns that are sliced by."""
    return finding.metric, () if finding.scope is None else finding.scope.columns


def covered(findings: Sequence[Finding], rules: SliceRules | None) -> tuple[float | None, Finding | None]:
    """Return the least share of people in conclusive crossings, and the finding where it is too little."""
    crossings: dict[tuple[str, tuple[str, ...]], list[Finding]] = {}
    for finding in findings:
        if not finding.primary and finding.scope is not None:
            columns = tuple([column for column, _ in finding.scope.values])
            crossings.setdefault((finding.metric, columns), []).append(finding)
    if not crossings or rules is None:
        return None, None
    least, where = min((share(found), key) for key, found in crossings.items())
    if least >= rules.coverage:
        return least, None
    sentence = text(
        "only {share} of people stand in crossings of {columns} that could be decided; {needed} are needed",
        share=f"{least:.0%}",
        columns=" × ".join(where[1]),
        needed=f"{rules.coverage:.0%}",
    )
    return least, Finding(
        about=" × ".join(where[1]),
        metric=where[0],
        verdict=Verdict.INCONCLUSIVE,
        text=sentence,
        reason=Reason.COVERAGE,
        depth=len(where[1]),
    )


def share(findings: Sequence[Finding]) -> float:
    """Return the share of people, in [0, 1], in slices that passed or failed; 0 where there is nobody."""
    weights = [(_people(f), f.verdict in DECIDED) for f in findings]
    total = sum([n for n, _ in weights])
    return sum([n for n, conclusive in weights if conclusive]) / total if total else 0.0


def _people(finding: Finding) -> int:
    """Return the people a finding is about, not their rows: who has many rows is one person all the same."""
    if not finding.groups:
        return 0
    group = finding.groups[0]
    return group.n if group.people is None else group.people
