"""From the decision to report.json, version 1: the only place where internal types become wire types."""

import hashlib
import json
import math
from collections.abc import Sequence

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.documents import SubjectOf
from hcgov.core.finding import Bound, Finding
from hcgov.core.measurement import GroupCount
from hcgov.core.mistake import Position
from hcgov.core.record import (
    BoundV1,
    ControlV1,
    EstimateV1,
    FindingV1,
    GroupV1,
    LimitV1,
    PositionV1,
    StageV1,
)
from hcgov.core.status import Disposition
from hcgov.core.text import Text, text
from hcgov.judgement.decision import Decided, Release
from hcgov.judgement.evidence_index import EvidenceIndex, sentence
from hcgov.judgement.plan import Plan, Planned
from hcgov.stats.bounds import systematic_error, two_sided
from hcgov.stats.proportions import wilson_lower, wilson_upper

DISPLAY_LEVEL = 0.95
_DISPLAYED_BY_WILSON = (Method.CLOPPER_PEARSON,)


def finite(value: float | None) -> float | None:
    """Return a number that JSON can hold, or ``None``."""
    return None if value is None or not math.isfinite(value) else value


def stages_of(plan: Plan, decided: Release) -> tuple[StageV1, ...]:
    """Return the stages that ran with their decisions, then those that did not."""
    ran = tuple(
        StageV1(
            id=s.stage,
            title=s.title,
            ran=True,
            decision=s.decision.value,
            counts={verdict.value: n for verdict, n in s.counts.items()},
        )
        for s in decided.stages
    )
    return (*ran, *(StageV1(id=s.id, title=s.title, ran=False) for s in plan.not_run))


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


def record_control(decided: Decided, evidence: EvidenceIndex, system: str, day: str) -> ControlV1:
    """Return one control as it goes over the wire; ``day`` is the ISO date on which it was decided."""
    assessed, control = decided.assessed, decided.assessed.control
    spec, limit = control.spec, control.limit
    read = artifacts_read(control, evidence.subject)
    params = control.params.model_dump(mode="json", exclude_none=True) if control.params is not None else {}
    wire_limit = None
    if limit is not None:
        wire_limit = LimitV1(
            side=limit.side.value,
            value=str(limit.value),
            confidence=str(limit.confidence),
            narrow=None if limit.narrow is None else str(limit.narrow),
            ratio_n_eff=limit.ratio_n_eff,
        )
    return ControlV1(
        id=spec.id,
        title=spec.title,
        stage=spec.stage,
        check=spec.check,
        pack=control.pack.spec.metadata.id,
        severity=spec.severity.value,
        enforcement=control.enforcement.value,
        verdict=assessed.verdict.value,
        disposition=decided.disposition.word,
        narrow=assessed.narrow,
        why=spec.why,
        fix=spec.fix,
        source=spec.source,
        supports=spec.supports,
        limit=wire_limit,
        params=params,
        safety=spec.safety,
        small_slices=spec.small_slices,
        small_slices_reason=spec.small_slices_reason,
        where=_position(control.where()),
        headline=sentence(_headline(decided)),
        worst="" if assessed.worst is None else assessed.worst.about,
        worst_metric="" if assessed.worst is None else assessed.worst.metric,
        coverage=assessed.coverage,
        findings=tuple(_finding(f, control, system) for f in assessed.findings),
        shown=tuple(_finding(f, control, system) for f in assessed.shown),
        evidence=evidence.ids(read),
        decision_input=_decision_input(control, params, wire_limit, read, evidence, day),
        level=None if limit is None else float(limit.confidence),
    )


def _headline(decided: Decided) -> Text:
    """Return the sentence that stands for a control: its worst finding, or the first that decided it."""
    assessed = decided.assessed
    same = [f for f in assessed.findings if f.verdict is assessed.verdict and not f.listed]
    if assessed.worst is not None and assessed.worst in same:
        return assessed.worst.text
    if len(same) > 1 and decided.disposition is Disposition.CLEAR:
        return text("all {n} parts hold", n=len(same))
    chosen = same or assessed.findings
    return chosen[0].text


def _decision_input(
    control: Planned,
    params: dict[str, object],
    limit: LimitV1 | None,
    read: Sequence[str],
    evidence: EvidenceIndex,
    day: str,
) -> str:
    """Return the SHA-256 of what the control was decided on; see :class:`~hcgov.core.record.ControlV1`."""
    check = control.check
    sliced = any(hasattr(request, "slices") for request in control.requests.values())
    content = {
        "control": control.spec.id,
        "check": None if check is None else f"{check.id}@{check.major}",
        "params": params,
        "limit": None if limit is None else limit.model_dump(),
        "small_slices": control.spec.small_slices,
        "evidence": {name: evidence.digest(name) for name in read},
        "declared": {name: evidence.declared.get(name) for name in read},
        "slices": evidence.slices.model_dump(mode="json") if sliced else None,
        "day": day if check is not None and check.takes_occasion else None,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _finding(finding: Finding, control: Planned, system: str) -> FindingV1:
    return FindingV1(
        about=finding.about,
        metric=finding.metric,
        verdict=finding.verdict.value,
        narrow=finding.narrow,
        primary=finding.primary,
        listed=finding.listed,
        reason=finding.reason.value if finding.reason else "",
        message=sentence(finding.text),
        slice=dict(finding.scope.values) if finding.scope else {},
        against=str(finding.against) if finding.against is not None else "",
        depth=finding.depth,
        estimate=_estimate(finding.estimate),
        groups=tuple(_group(g) for g in finding.groups),
        pass_bound=_bound(finding.pass_bound),
        fail_bound=_bound(finding.fail_bound),
        worst_case=_bound(finding.worst_case),
        family=finding.family,
        labels_needed=finding.labels_needed,
        where=_position(finding.where),
        fingerprint=_fingerprint(finding, control, system),
    )


def _fingerprint(finding: Finding, control: Planned, system: str) -> str:
    """Return an identity that survives other messages, values and line numbers."""
    major = control.check.major if control.check is not None else 0
    parts = (control.spec.id, str(major), system, finding.about, finding.metric)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _estimate(estimate: Estimate | None) -> EstimateV1 | None:
    if estimate is None:
        return None
    low, high, method = _displayed(estimate)
    return EstimateV1(
        value=finite(estimate.value),
        n=estimate.n,
        n_eff=estimate.n_eff,
        people=estimate.people,
        method=estimate.method.value,
        statistics=dict(estimate.statistics),
        low=finite(low),
        high=finite(high),
        display_level=None if low is None else DISPLAY_LEVEL,
        display_method=method,
    )


def _displayed(estimate: Estimate) -> tuple[float | None, float | None, str]:
    """Return the two-sided interval that plots draw: Wilson's for a rate, else the method's own."""
    if estimate.method is Method.POINT or estimate.value is None:
        return None, None, ""
    if estimate.method in _DISPLAYED_BY_WILSON and not systematic_error(estimate):
        x, n, side = estimate.statistic("x"), estimate.statistic("n"), (1 + DISPLAY_LEVEL) / 2
        return wilson_lower(x, n, side), wilson_upper(x, n, side), Method.WILSON.value
    low, high = two_sided(estimate, DISPLAY_LEVEL)
    return low, high, estimate.method.value


def _group(group: GroupCount) -> GroupV1:
    return GroupV1(
        slice=str(group.slice), positives=group.positives, n=group.n, n_eff=group.n_eff, people=group.people
    )


def _bound(bound: Bound | None) -> BoundV1 | None:
    if bound is None:
        return None
    return BoundV1(
        value=finite(bound.value), level=bound.level, end="lower" if bound.end == "lower" else "upper"
    )


def _position(position: Position | None) -> PositionV1 | None:
    return (
        None
        if position is None
        else PositionV1(file=position.file, line=position.line, column=position.column)
    )
