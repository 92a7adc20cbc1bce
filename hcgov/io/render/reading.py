"""What renderings take from a report: orders, the worst finding, the first screen's lists. Pure, one place for all."""

from collections.abc import Iterator

from hcgov.core.record import ControlV1, EstimateV1, FindingV1, GroupV1, ReportV1
from hcgov.io.render.catalogue import SEVERITIES, VERDICT_ORDER

QUIET = ("pass", "not_applicable", "not_evaluated")
"""Verdicts that are no findings: they are in the matrix, not among the cards."""

SMALL = ("small_n", "small_and_apart", "few_people", "few_clusters")

COMPARISONS = ("miettinen_nurminen", "koopman")
"""Methods that compare the rates of two groups."""

_RANK = {verdict: rank for rank, verdict in enumerate(VERDICT_ORDER)}


def ordered(controls: tuple[ControlV1, ...]) -> tuple[ControlV1, ...]:
    """Return controls as reports list them: by verdict and severity, the worst first, then in the policy's order."""
    return tuple(sorted(controls, key=lambda control: (rank(control.verdict), gravity(control))))


def rank(verdict: str) -> int:
    """Return the place of a verdict in reports; a word this version does not know comes first."""
    return _RANK.get(verdict, -1)


def gravity(control: ControlV1) -> int:
    """Return the place of a control's severity, the gravest first."""
    words = tuple(SEVERITIES)
    return words.index(control.severity) if control.severity in words else -1


def findings_of(report: ReportV1) -> tuple[ControlV1, ...]:
    """Return the controls that need somebody's attention, the worst first."""
    return tuple(control for control in ordered(report.controls) if control.verdict not in QUIET)


def counts(report: ReportV1) -> tuple[tuple[str, int], ...]:
    """Return every verdict with its number of controls, ``pass`` first, as counted in the record."""
    found = report.decision.counts
    known = ("pass", *VERDICT_ORDER[:-1])
    return tuple((verdict, found.get(verdict, 0)) for verdict in known) + tuple(
        (verdict, n) for verdict, n in found.items() if verdict not in known
    )


def blocking(report: ReportV1) -> tuple[ControlV1, ...]:
    """Return the controls that stand in the way: what blocks first, then what holds the decision back."""
    by_id = {control.id: control for control in report.controls}
    found = (by_id[name] for name in report.decision.blocking if name in by_id)
    return tuple(sorted(ordered(tuple(found)), key=lambda control: control.disposition != "blocked"))


def worst_finding(control: ControlV1) -> FindingV1 | None:
    """Return the finding that stands for a control: the one it names as worst, else the first of the worst verdict.

    What a control names as worst by its bound may have passed, while others could not be decided: then one of
    those stands for it. Among findings with the same verdict those with an estimate come first, then primary
    ones.
    """
    named = [
        finding
        for finding in control.findings
        if control.worst and finding.about == control.worst and control.worst_metric in ("", finding.metric)
    ]
    deciding = [f for f in control.findings if f.verdict == control.verdict and not f.listed]
    if deciding and not any(finding.verdict == control.verdict for finding in named):
        named = deciding
    found = sorted(
        named or control.findings,
        key=lambda finding: (rank(finding.verdict), finding.estimate is None, not finding.primary),
    )
    return found[0] if found else None


def worst_measured(control: ControlV1) -> FindingV1 | None:
    """Return the worst finding that has a value; ``None`` for controls that measure nothing."""
    valued = tuple(f for f in control.findings if f.estimate is not None and f.estimate.value is not None)
    return worst_finding(control.model_copy(update={"findings": valued})) if valued else None


def ends(finding: FindingV1) -> tuple[float | None, float | None]:
    """Return the ends of what a plot draws: the two bounds that decide, or the displayed interval.

    For a limit ``at most`` the upper bound decides PASS and the lower one FAIL; for ``at least`` the other way
    round. ``None`` stands for an end that is not bounded.
    """
    decided = {
        bound.end: bound.value for bound in (finding.pass_bound, finding.fail_bound) if bound is not None
    }
    if "lower" in decided and "upper" in decided:
        return decided["lower"], decided["upper"]
    estimate = finding.estimate
    return (estimate.low, estimate.high) if estimate is not None else (None, None)


def slice_name(finding: FindingV1) -> str:
    """Return a slice in words, such as ``race=Asian × sex=F``; what the finding is about where it has no slice."""
    return " × ".join(f"{column}={value}" for column, value in finding.slice.items()) or finding.about


def short(name: str) -> str:
    """Return a slice by its values alone.

    >>> short("race=Asian × sex=F"), short("everyone else")
    ('Asian × F', 'everyone else')
    """
    return " × ".join(part.partition("=")[2] or part for part in name.split(" × "))


def small_slices(control: ControlV1) -> frozenset[str]:
    """Return the names of the slices of a control that are too small to judge."""
    return frozenset(
        slice_name(finding)
        for finding in (*control.findings, *control.shown)
        if finding.reason in SMALL and finding.slice
    )


def slice_values(control: ControlV1) -> tuple[FindingV1, ...]:
    """Return one value a slice, for tables and plots of rates by group.

    They are the values that are shown beside the judged ones; a slice that appears only in the counts of a
    judged finding (because it is too small for a comparison) is added with the rate that its counts give.
    """
    rows = [finding for finding in control.shown if finding.estimate is not None]
    seen = {(finding.metric, slice_name(finding)) for finding in rows}
    names = {name for _, name in seen}
    metric = rows[0].metric if rows else ""
    for finding, group in _groups(control):
        if group.slice in names:
            continue
        names.add(group.slice)
        rows.append(_from_counts(finding, group, metric))
    return tuple(rows)


def _groups(control: ControlV1) -> Iterator[tuple[FindingV1, GroupV1]]:
    """Yield the counts from which a group's own rate can be read: not those of shares, whose n is everyone."""
    for finding in control.findings:
        compared = finding.estimate is not None and finding.estimate.method in COMPARISONS
        for group in finding.groups if compared or finding.reason in SMALL else ():
            if "=" in group.slice:
                yield finding, group


def _from_counts(finding: FindingV1, group: GroupV1, metric: str) -> FindingV1:
    value = group.positives / group.n if group.n else None
    estimate = EstimateV1(value=value, n=group.n, n_eff=group.n_eff, people=group.people, method="point")
    columns = dict(part.split("=", 1) for part in group.slice.split(" × ") if "=" in part)
    return finding.model_copy(
        update={
            "about": group.slice,
            "metric": metric or "rate",
            "verdict": "",
            "reason": finding.reason if slice_name(finding) == group.slice else "",
            "slice": columns,
            "against": "",
            "estimate": estimate,
            "groups": (group,),
            "pass_bound": None,
            "fail_bound": None,
            "labels_needed": None,
        }
    )


def clauses(report: ReportV1) -> tuple[tuple[str, tuple[ControlV1, ...]], ...]:
    """Return each framework clause with the controls that support it, by the clause's name."""
    found: dict[str, list[ControlV1]] = {}
    for control in ordered(report.controls):
        for clause in control.supports:
            found.setdefault(clause, []).append(control)
    return tuple((clause, tuple(found[clause])) for clause in sorted(found))


def place(control: ControlV1) -> str:
    """Return ``file:line:column`` of a control in its policy; the pack's name where the place is unknown."""
    where = control.where
    return f"{where.file}:{where.line}:{where.column}" if where is not None else control.pack
