"""Attempts at the same labels share the error of passing: each has a level of its own, and they sum to that error.

Only PASS spends. Trying again until one attempt passes makes a false PASS ever more likely (Dwork and others 2015,
Science 349:636); it makes no accusation of the system at hand more likely, so that FAIL keeps its level, and a later
attempt never turns a failure into something milder.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import replace

from hcgov.core.attempts import Look
from hcgov.core.limit import Limit
from hcgov.core.long_tables import LongKind
from hcgov.core.project import Project
from hcgov.core.status import Enforcement
from hcgov.judgement.evidence_index import EvidenceIndex
from hcgov.judgement.planned import Plan, Planned
from hcgov.judgement.reading import artifacts_read
from hcgov.stats.multiplicity import spending_level

SAMPLED = ("table", "inspect_log", "run", *LongKind)
"""Kinds of artifact that hold what was drawn; documents say how it is to be read."""


def looked_at(control: Planned, project: Project) -> tuple[str, ...]:
    """Return what a control looks at when its limit decides; empty where no limit does."""
    if control.limit is None or control.aside is not None:
        return ()
    kinds = {
        name: project.artifacts[name]
        for name in artifacts_read(control, (), project.describing)
        if name in project.artifacts
    }
    return tuple(
        sorted(
            name if artifact.sample is None else f"{name}:{artifact.sample}"
            for name, artifact in kinds.items()
            if artifact.kind in SAMPLED
        )
    )


def looks(plan: Plan, project: Project, evidence: EvidenceIndex) -> tuple[Look, ...]:
    """Return every look that the limits of a plan take, where all that is looked at was read."""
    found = []
    for at in dict.fromkeys(looked_at(control, project) for control in plan.controls):
        digests = [evidence.digest(name.partition(":")[0]) for name in at]
        if at and not any(digest.startswith("absent") for digest in digests):
            data = hashlib.sha256(json.dumps(digests).encode()).hexdigest()
            found.append(Look(at=at, data=data))
    return tuple(found)


def spending(plan: Plan, project: Project, attempts: Mapping[tuple[str, ...], int]) -> Plan:
    """Return the plan with the level that each control's attempt leaves for PASS.

    Parameters
    ----------
    attempts
        Number of the attempt by what is looked at; the first where it is not told.
    """

    def spent(control: Planned) -> Planned:
        at = looked_at(control, project)
        if not at or control.limit is None:
            return control
        attempt = attempts.get(at, 1)
        limit = spent_limit(control.limit, attempt) if spends(control) else control.limit
        return replace(control, attempt=attempt, limit=limit)

    return replace(plan, controls=tuple(map(spent, plan.controls)))


def spends(control: Planned) -> bool:
    """Whether attempts tighten a control: advice stands in nobody's way, so that nobody tries until it is green."""
    return control.spec.attempts == "spend" and control.enforcement is not Enforcement.ADVISORY


def spent_limit(limit: Limit, attempt: int) -> Limit:
    """Return a limit with the confidence that PASS takes at an attempt, from 1."""
    alpha = float(1 - limit.confidence)
    # Never 1 itself: at the next number below it every bound is still finite.
    return replace(limit, spent=min(1.0 - spending_level(alpha, attempt), math.nextafter(1.0, 0.0)))
