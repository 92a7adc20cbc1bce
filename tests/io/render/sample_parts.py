"""Small builders of record parts, so that each sample report says only what matters to it."""

from collections import Counter
from hashlib import sha256

from hcgov.core.record import (
    BoundV1,
    ControlV1,
    DecisionV1,
    EnvironmentV1,
    EstimateV1,
    EvidenceV1,
    FindingV1,
    GroupV1,
    LimitV1,
    PackV1,
    PositionV1,
    ReportV1,
    SentenceV1,
    StageV1,
    SubjectPartV1,
    SubjectV1,
    SystemV1,
    ToolV1,
)
from hcgov.core.status import EXIT_CODES, Decision, Disposition, Enforcement, Verdict, decide, dispose
from hcgov.core.text import text

STAGES = (
    ("design", "Design"),
    ("data", "Data"),
    ("training", "Training"),
    ("evaluation", "Evaluation"),
    ("deployment", "Deployment"),
)


def digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def sentence(template: str, **values: object) -> SentenceV1:
    made = text(template, **values)
    return SentenceV1(text=str(made), template=made.template, values=dict(made.values))


def statement(about: str, verdict: str, template: str, **values: object) -> FindingV1:
    return FindingV1(about=about, metric="statement", verdict=verdict, message=sentence(template, **values))


def rate(column: str, value: str, x: int, n: int, low: float, high: float, *, metric: str) -> FindingV1:
    """A shown rate of one slice with its displayed Wilson interval."""
    columns = dict(zip(column.split("*"), value.split("*"), strict=True))
    name = " × ".join(f"{c}={v}" for c, v in columns.items())
    return FindingV1(
        about=name,
        metric=metric,
        verdict="not_evaluated",
        primary=len(columns) == 1,
        depth=len(columns),
        reason="small_n" if n < 30 else "",
        message=sentence("{slice}: {x} of {n}", slice=name, x=x, n=n),
        slice=columns,
        estimate=EstimateV1(
            value=x / n,
            n=n,
            n_eff=n,
            people=n,
            method="clopper_pearson",
            statistics={"x": float(x), "n": float(n)},
            low=low,
            high=high,
            display_level=0.95,
            display_method="wilson",
        ),
        groups=(GroupV1(slice=name, positives=x, n=n, n_eff=n, people=n),),
    )


def bounds(passes: float | None, fails: float | None, family: int) -> dict[str, object]:
    return {
        "pass_bound": BoundV1(value=passes, level=0.95, end="upper"),
        "fail_bound": BoundV1(value=fails, level=1 - 0.05 / family, end="lower"),
        "family": family,
    }


def control(
    name: str,
    title: str,
    stage: str,
    verdict: str,
    headline: str,
    *,
    enforcement: str = "mandatory",
    **more: object,
) -> ControlV1:
    fields: dict[str, object] = {
        "id": name,
        "title": title,
        "stage": stage,
        "check": f"{stage}.sample@1",
        "pack": "hc-core 1.0.0",
        "severity": "high",
        "enforcement": enforcement,
        "verdict": verdict,
        "disposition": dispose(
            Verdict(verdict), Enforcement(enforcement), narrow=bool(more.get("narrow"))
        ).word,
        "why": "People carry the cost when this does not hold.",
        "fix": "Mend what the finding names, then run the check again.",
        "source": "convention",
        "supports": ("nist-ai-rmf@1.0:MEASURE 2.11",),
        "where": PositionV1(file="policies/hc-core.yaml", line=40 + len(name), column=5),
        "headline": sentence(headline),
        "decision_input": digest(name),
    }
    return ControlV1.model_validate(fields | more)


def evidence(name: str, artifact: str, kind: str, location: str, **more: object) -> EvidenceV1:
    fields: dict[str, object] = {"sha256": digest(artifact), "size": 18_432, "pinned": False}
    if more.get("absent"):
        fields = {}
    return EvidenceV1.model_validate(
        {"id": name, "artifact": artifact, "kind": kind, "location": location} | fields | more
    )


LIMIT = LimitV1(side="at_most", value="0.10", confidence="0.95")


def report(
    controls: tuple[ControlV1, ...],
    pieces: tuple[EvidenceV1, ...] = (),
    *,
    reason: str,
    ran: tuple[str, ...] = tuple(name for name, _ in STAGES),
    **more: object,
) -> ReportV1:
    """A report whose decision, counts and exit code follow from its controls by the real algebra."""
    judged = [(Verdict(c.verdict), Disposition[c.disposition.upper()]) for c in controls]
    decision = decide(judged)
    counted = Counter(c.verdict for c in controls)
    fields: dict[str, object] = {
        "id": "hcgov-2026-11-21-7c1e",
        "created": "2026-11-21T05:50:07Z",
        "occasion": "2026-11-21",
        "actor": "release pipeline",
        "tool": ToolV1(name="hcgov", version="0.1.0"),
        "system": SystemV1(
            name="Sample system", version="2.4.0", risk_profile="high", owner="Release office"
        ),
        "packs": (
            PackV1(
                id="hc-core",
                version="1.0.0",
                title="Core controls for the release of a model",
                file="policies/hc-core.yaml",
                sha256=digest("hc-core"),
            ),
        ),
        "subject": SubjectV1(
            sha256=digest("subject"),
            parts=(SubjectPartV1(artifact="model", location="model/model.json", sha256=digest("model")),),
        ),
        "stages": tuple(_stage(name, title, controls, ran) for name, title in STAGES),
        "decision": DecisionV1(
            value=decision.value,
            exit_code=EXIT_CODES[decision],
            reason=reason,
            counts={verdict.value: counted[verdict.value] for verdict in Verdict},
            blocking=tuple(c.id for c in controls if c.disposition in ("blocked", "undetermined")),
        ),
        "controls": controls,
        "evidence": pieces,
        "command": "hcgov check --report build/report.html",
        "manifest": evidence("EV-00", "manifest", "manifest", "hcgov.yaml"),
        "environment": EnvironmentV1(
            python="3.11.9", platform="linux-x86_64", packages={"duckdb": "1.4.0", "numpy": "2.3.1"}
        ),
    }
    return ReportV1.model_validate(fields | more)


def _stage(name: str, title: str, controls: tuple[ControlV1, ...], ran: tuple[str, ...]) -> StageV1:
    own = [c for c in controls if c.stage == name]
    if name not in ran:
        return StageV1(id=name, title=title, ran=False)
    decision: Decision = decide((Verdict(c.verdict), Disposition[c.disposition.upper()]) for c in own)
    return StageV1(
        id=name, title=title, ran=True, decision=decision.value, counts=dict(Counter(c.verdict for c in own))
    )
