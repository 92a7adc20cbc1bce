"""Judge a recorded control again by another limit, from the statistics that its record holds.

A record does not hold everything that judging reads: of slices that were set aside as too small it has the counts
but not the comparison, and of what was not recorded at all only the bound that decided. :attr:`Rejudged.unknown`
says where that could make a difference.
"""

from dataclasses import replace
from decimal import Decimal

from hcgov.core.estimate import Estimate, Method
from hcgov.core.finding import Finding
from hcgov.core.frozen import frozen
from hcgov.core.limit import Limit, Side
from hcgov.core.measurement import GroupCount, Measurement
from hcgov.core.record import BoundV1, ControlV1, EstimateV1, FindingV1
from hcgov.core.slices import EVERYONE, Slice, SliceRules
from hcgov.core.status import Reason, Verdict
from hcgov.core.text import Text
from hcgov.judgement.coverage import covered, listed
from hcgov.judgement.engine import joined
from hcgov.judgement.family import judge_families
from hcgov.judgement.judging import families
from hcgov.stats import many

SET_ASIDE = (Reason.SMALL_N, Reason.SMALL_AND_APART)


def limit_from(control: ControlV1) -> Limit | None:
    """Return the limit of a recorded control, with the confidence that its attempt left for PASS; ``None`` without."""
    recorded = control.limit
    if recorded is None:
        return None
    confidence = Decimal(recorded.confidence)
    return Limit(
        side=Side(recorded.side),
        value=Decimal(recorded.value),
        confidence=confidence,
        narrow=None if recorded.narrow is None else Decimal(recorded.narrow),
        ratio_n_eff=recorded.ratio_n_eff,
        spent=None if control.level in (None, float(confidence)) else control.level,
    )


def estimate_from(recorded: EstimateV1) -> Estimate:
    """Return a recorded estimate.

    Raises
    ------
    ValueError
        Its method is none that is known.
    """
    return Estimate(
        value=recorded.value,
        n=recorded.n,
        n_eff=recorded.n_eff,
        people=recorded.people,
        method=Method(recorded.method),
        statistics=tuple(recorded.statistics.items()),
    )


@frozen
class _Held:
    """A recorded verdict that no limit changes, such as that of a statement."""

    verdict: Verdict
    listed: bool


@frozen
class Rejudged:
    """A recorded control, ready to be judged by other limits.

    Parameters
    ----------
    measurements
        What can be judged again.
    held
        Verdicts that stand whatever the limit is.
    worst
        The bound of each comparison with what is not recorded at its worst, where the record has it.
    rules
        What the project and the control say of slices; ``None`` where that is not known.
    unknown
        Names of slices that other limits could decide otherwise than is told here.
    """

    control: ControlV1
    measurements: tuple[Measurement, ...]
    shown: tuple[Measurement, ...] = ()
    held: tuple[_Held, ...] = ()
    worst: tuple[tuple[str, str, BoundV1], ...] = ()
    rules: SliceRules | None = None
    unknown: tuple[str, ...] = ()

    def findings(self, limit: Limit) -> tuple[Finding, ...]:
        """Return the findings that measurements come to by a limit."""
        judged = many.alone(judge_families(families(self.measurements), limit))
        found = [self._at_worst(one, limit) for family in judged for one in family]
        return listed(found, self.control, (*self.measurements, *self.shown))

    def verdict(self, limit: Limit) -> Verdict:
        """Return the control's verdict by a limit."""
        findings = self.findings(limit)
        _, below = covered(findings, self.rules)
        told = [one.verdict for one in findings if not one.listed]
        told += [one.verdict for one in self.held if not one.listed]
        return joined([*told, *([] if below is None else [below.verdict])])

    def _at_worst(self, finding: Finding, limit: Limit) -> Finding:
        """Take a verdict back that the bound at the worst of what is not recorded does not bear out."""
        bound = next((b for m, a, b in self.worst if (m, a) == (finding.metric, finding.about)), None)
        if bound is None or finding.verdict not in (Verdict.PASS, Verdict.FAIL):
            return finding
        clears = bound.end == ("upper" if limit.side is Side.AT_MOST else "lower")
        passed = finding.verdict is Verdict.PASS
        holds = bound.value is not None and limit.holds(bound.value)
        if clears is passed and holds is not passed:
            return replace(finding, verdict=Verdict.INCONCLUSIVE, reason=Reason.MISSING_OUTCOMES)
        return finding


def from_record(control: ControlV1, rules: SliceRules | None) -> Rejudged:
    """Return a recorded control, ready to be judged again.

    Raises
    ------
    ValueError
        The record holds a word that is not known.
    """
    names = _names(control)
    measurements: list[Measurement] = []
    held: list[_Held] = []
    worst: list[tuple[str, str, BoundV1]] = []
    unknown: list[str] = []
    for finding in control.findings:
        reason = Reason(finding.reason) if finding.reason else None
        if reason is Reason.REPORTED or (reason is Reason.COVERAGE and rules is not None):
            continue
        if finding.worst_case is not None:
            worst.append((finding.metric, finding.about, finding.worst_case))
            unknown.append(finding.about)
        if _measured(finding, reason):
            measurements.append(_measurement(finding, names))
        else:
            held.append(_Held(verdict=Verdict(finding.verdict), listed=finding.listed))
        if reason in SET_ASIDE and finding.estimate is None:
            unknown.append(finding.about)
        if reason is Reason.COVERAGE:
            unknown.append(finding.about)
    return Rejudged(
        control=control,
        measurements=tuple(measurements),
        shown=tuple(_measurement(one, names) for one in control.shown),
        held=tuple(held),
        worst=tuple(worst),
        rules=rules,
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _measured(finding: FindingV1, reason: Reason | None) -> bool:
    """Whether a finding came of a measurement: it has bounds, or says why there are none."""
    if finding.pass_bound is not None:
        return True
    unresolved = finding.verdict == Verdict.INCONCLUSIVE and reason is not None
    return unresolved and bool(finding.groups or finding.slice or finding.estimate is not None)


def _measurement(finding: FindingV1, names: dict[str, Slice]) -> Measurement:
    judged = finding.pass_bound is not None
    reason = None if judged or not finding.reason else Reason(finding.reason)
    if reason in SET_ASIDE and finding.estimate is not None:
        reason = None  # that it is too small for its limit is found anew by each limit
    return Measurement(
        metric=finding.metric,
        scope=names.get(_of(finding), EVERYONE),
        against=_named(finding.against, names) if finding.against else None,
        estimate=None if finding.estimate is None else estimate_from(finding.estimate),
        groups=tuple(
            GroupCount(
                slice=_named(g.slice, names), positives=g.positives, n=g.n, n_eff=g.n_eff, people=g.people
            )
            for g in finding.groups
        ),
        depth=finding.depth,
        reason=reason,
        note=Text(template=finding.message.template, values=tuple(finding.message.values.items())),
        labels_needed=finding.labels_needed,
        shown=False,
    )


def _names(control: ControlV1) -> dict[str, Slice]:
    """Return the slices of a control by their names; names alone do not tell where one value ends."""
    found = (Slice(values=tuple(one.slice.items())) for one in (*control.findings, *control.shown))
    return {str(one): one for one in found}


def _of(finding: FindingV1) -> str:
    return str(Slice(values=tuple(finding.slice.items())))


def _named(name: str, names: dict[str, Slice]) -> Slice:
    if name == str(Slice(rest_of=True)):
        return Slice(rest_of=True)
    return names.get(name) or Slice(values=(("", name),))
