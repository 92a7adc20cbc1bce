"""From the decision to report.json, version 1: the only place where internal types become wire types."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence

from hcgov.core.estimate import Estimate, Method
from hcgov.core.finding import Bound, Finding
from hcgov.core.measurement import GroupCount
from hcgov.core.mistake import Position
from hcgov.core.record import (
    BoundV1,
    ChangeV1,
    ControlV1,
    EstimateV1,
    FindingV1,
    GroupV1,
    LimitV1,
    PositionV1,
    SignedV1,
    StageV1,
    WaiverV1,
)
from hcgov.core.status import Disposition
from hcgov.core.text import Text, text
from hcgov.judgement.decision import Decided, Release
from hcgov.judgement.evidence_index import EvidenceIndex, sentence
from hcgov.judgement.fingerprint import fingerprint
from hcgov.judgement.plan import Plan, Planned
from hcgov.judgement.reading import artifacts_read
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


def record_control(
    decided: Decided, evidence: EvidenceIndex, system: str, day: str, waiver: WaiverV1 | None = None
) -> ControlV1:
    """Return one control as it goes over the wire.

    Parameters
    ----------
    day
        ISO date on which it was decided.
    waiver
        The waiver that stands for those that accept its findings.
    """
    assessed, control = decided.assessed, decided.assessed.control
    spec, limit = control.spec, control.limit
    read = artifacts_read(control, evidence.subject, evidence.describing)
    params = control.params.model_dump(mode="json", exclude_none=True) if control.params is not None else {}
    signed = tuple(
        SignedV1(artifact=one.artifact, role=one.role, key_id=one.key_id, on=one.on.isoformat())
        for one in assessed.signed
    )
    wire_limit = None
    if limit is not None:
        wire_limit = LimitV1(
            side=limit.side.value,
            value=str(limit.value),
            confidence=str(limit.confidence),
            narrow=None if limit.narrow is None else str(limit.narrow),
            ratio_n_eff=limit.ratio_n_eff,
            spent=limit.spent,
        )
    return ControlV1(
        id=spec.id,
        title=spec.title,
        stage=spec.stage,
        check=spec.check,
        pack=control.pack.home(control.index),
        severity=spec.severity.value,
        enforcement=control.enforcement.value,
        verdict=assessed.verdict.value,
        disposition=decided.disposition.word,
        narrow=assessed.narrow,
        why=spec.why,
        fix=spec.fix,
        source=spec.source,
        supports=tuple(clause for clause in spec.supports if clause not in control.withdrawn),
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
        findings=tuple(
            _finding(f, control, system, waiver, known)
            for f, waiver, known in zip(
                assessed.findings, decided.excepted.waivers, decided.excepted.known, strict=True
            )
        ),
        shown=tuple(_finding(f, control, system) for f in assessed.shown),
        evidence=evidence.ids(read),
        signed=signed,
        decision_input=_decision_input(control, params, wire_limit, read, evidence, day, signed),
        waiver=waiver,
        baseline=str(decided.excepted.baseline),
        attempt=control.attempt,
        level=None if limit is None else limit.pass_level,
        upcoming=control.upcoming,
        disabled=control.aside is not None and control.aside.disabled,
        changes=_changes(control),
    )


def _changes(control: Planned) -> tuple[ChangeV1, ...]:
    """Return what packs changed in an inherited control, in order."""
    history = control.pack.history
    steps = history[control.index].steps if control.index < len(history) else ()
    return tuple(
        ChangeV1(
            pack=step.pack,
            path=".".join(map(str, path)),
            before=_plain(step.before, path),
            after=_plain(step.after, path),
            reason=step.reason,
            loosened=step.loosen is not None,
            approved_by="" if step.loosen is None else step.loosen.approved_by,
            why_loosened="" if step.loosen is None else step.loosen.reason,
            where=_position(step.where),
        )
        for step in steps
        for path in step.paths
    )


def _plain(tree: object, path: Sequence[str | int]) -> str:
    for step in path:
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return "" if tree is None else tree if isinstance(tree, str) else json.dumps(tree, sort_keys=True)


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
    signed: Sequence[SignedV1],
) -> str:
    """Return the SHA-256 of what the control was decided on; see :class:`~hcgov.core.record.ControlV1`."""
    check = control.check
    sliced = any(hasattr(request, "slices") for request in control.requests.values())
    content: dict[str, object] = {
        "control": control.spec.id,
        "check": None if check is None else f"{check.id}@{check.major}",
        "params": params,
        "limit": None if limit is None else limit.model_dump(exclude={"spent"}),
        "small_slices": control.spec.small_slices,
        "evidence": {name: evidence.digest(name) for name in read},
        "declared": {name: evidence.declared.get(name) for name in read},
        "slices": evidence.slices.model_dump(mode="json") if sliced else None,
        "day": day if check is not None and check.takes_occasion else None,
    }
    if demands := control.spec.evidence:
        # Whether a signature counts depends on the day as well.
        content |= {
            "demands": [demand.model_dump(mode="json") for demand in demands],
            "signed": [one.model_dump() for one in signed],
            "day": day,
        }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _finding(finding: Finding, control: Planned, system: str, waiver: str = "", known: str = "") -> FindingV1:
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
        fingerprint=fingerprint(finding, control, system),
        waiver=waiver,
        baseline=str(known),
    )


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
