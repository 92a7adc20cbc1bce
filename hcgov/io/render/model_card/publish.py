"""What of a report may be published: no count of 1 to 10 people, no value that gives one away, no name of so few.

A report is read inside the organisation and shows all counts; a card is published. The bound of 11 people is that of
the cell-size policy of the US Centers for Medicare & Medicaid Services, derived percentages included. Totals over
everyone are left out where a group of theirs is hidden, so that it cannot be found by subtraction, and what counts
remain are rounded to five. Differences between two published versions are not compared.
"""

from dataclasses import dataclass

from hcgov.core.record import ControlV1, EstimateV1, FindingV1, GroupV1, ReportV1, SentenceV1
from hcgov.io.render.catalogue import N_
from hcgov.io.render.reading import SMALL, slice_name, worst_finding

FEWEST = 11
ROUNDED_TO = 5

HIDDEN = N_("The numbers are suppressed to protect people.")


@dataclass(frozen=True, kw_only=True)
class Published:
    """A report fit for publication, and how many groups are so small that not even their names are."""

    report: ReportV1
    unnamed: int


def published(report: ReportV1) -> Published:
    """Return the report with small counts, what reveals them, and names of very small groups taken out."""
    unnamed = {
        slice_name(finding)
        for control in report.controls
        for finding in (*control.findings, *control.shown)
        if finding.slice and _unnameable(finding)
    }
    evidence = tuple(
        item.model_copy(update={"rows": None if item.rows is None else rounded(item.rows)})
        for item in report.evidence
    )
    controls = tuple(_control(control) for control in report.controls)
    return Published(
        report=report.model_copy(update={"controls": controls, "evidence": evidence}), unnamed=len(unnamed)
    )


def rounded(count: float) -> int:
    """Return a count rounded to five.

    >>> rounded(1795), rounded(23), rounded(12)
    (1795, 25, 10)
    """
    return int(ROUNDED_TO * ((count + ROUNDED_TO / 2) // ROUNDED_TO))


def _few(count: float) -> bool:
    return 0 < count < FEWEST


def _tells(group: GroupV1) -> bool:
    """Whether a rate of this group would tell of 1 to 10 people, with the outcome or without it."""
    people = group.n if group.people is None else min(group.people, group.n)
    share = group.positives / group.n if group.n else 0.0
    return _few(people) or _few(people * share) or _few(people * (1 - share))


def _unnameable(finding: FindingV1) -> bool:
    return bool(finding.groups) and _few(
        finding.groups[0].n if finding.groups[0].people is None else finding.groups[0].people
    )


def _control(control: ControlV1) -> ControlV1:
    secret = {f.metric for f in control.shown if any(map(_tells, f.groups))}
    worst = worst_finding(control)
    hidden = worst is not None and any(map(_tells, worst.groups))
    return control.model_copy(
        update={
            "findings": tuple(_judged(f) for f in control.findings),
            "shown": tuple(
                _shown(f)
                for f in control.shown
                if not (f.slice and _unnameable(f)) and (f.slice or f.metric not in secret)
            ),
            "headline": SentenceV1(text=HIDDEN, template=HIDDEN) if hidden else control.headline,
            "worst": "" if hidden else control.worst,
        }
    )


def _judged(finding: FindingV1) -> FindingV1:
    if not any(map(_tells, finding.groups)):
        return finding.model_copy(update={"groups": (), "estimate": _rounded(finding.estimate)})
    nameless = _unnameable(finding)
    return finding.model_copy(
        update={
            "about": "a group that is not named" if nameless else slice_name(finding),
            "slice": {} if nameless else finding.slice,
            "against": "" if nameless else finding.against,
            "message": SentenceV1(text=HIDDEN, template=HIDDEN),
            "reason": finding.reason if finding.reason in SMALL else "suppressed",
            "estimate": None,
            "groups": (),
            "pass_bound": None,
            "fail_bound": None,
            "labels_needed": None,
        }
    )


def _shown(finding: FindingV1) -> FindingV1:
    if not any(map(_tells, finding.groups)):
        return finding.model_copy(update={"groups": (), "estimate": _rounded(finding.estimate)})
    estimate = _rounded(finding.estimate)
    empty = (
        None if estimate is None else estimate.model_copy(update={"value": None, "low": None, "high": None})
    )
    return finding.model_copy(update={"groups": (), "estimate": empty, "reason": "suppressed"})


def _rounded(estimate: EstimateV1 | None) -> EstimateV1 | None:
    if estimate is None:
        return None
    return estimate.model_copy(
        update={
            "n": rounded(estimate.n),
            "n_eff": float(rounded(estimate.n_eff)),
            "people": None if estimate.people is None else rounded(estimate.people),
            "statistics": {},
        }
    )
