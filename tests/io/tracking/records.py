"""Records for the tests of tracking."""

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
    ReportV1,
    SentenceV1,
    StageV1,
    SubjectV1,
    SystemV1,
    ToolV1,
)

AT = "2026-11-21T08:00:00Z"
DATA = "0123456789abcdef" * 4


def a_sentence(words: str) -> SentenceV1:
    return SentenceV1(text=words, template=words)


def a_finding(**changes: object) -> FindingV1:
    """African-American against Caucasian: 0.2139, deciding bounds below and above."""
    values: dict[str, object] = {
        "about": "race=African-American",
        "metric": "false_positive_gap",
        "verdict": "fail",
        "message": a_sentence("African-American defendants are flagged wrongly more often"),
        "slice": {"race": "African-American"},
        "estimate": EstimateV1(
            value=0.2139, n=3000, n_eff=3000.0, people=3000, method="miettinen-nurminen", low=0.18, high=0.25
        ),
        "groups": (
            GroupV1(slice="race=African-American", positives=805, n=1795, n_eff=1795, people=1795),
            GroupV1(slice="race=Caucasian", positives=349, n=1488, n_eff=1488, people=1488),
        ),
        "pass_bound": BoundV1(value=0.25, level=0.95, end="upper"),
        "fail_bound": BoundV1(value=0.1662, level=0.998, end="lower"),
    }
    return FindingV1.model_validate(values | changes)


def a_control(**changes: object) -> ControlV1:
    values: dict[str, object] = {
        "id": "EVL-01",
        "title": "False positives are alike",
        "stage": "evaluation",
        "check": "evaluation.rate_gap@1",
        "pack": "hc-core",
        "severity": "high",
        "enforcement": "mandatory",
        "verdict": "fail",
        "disposition": "blocked",
        "why": "people",
        "fix": "mend",
        "source": "paper",
        "limit": LimitV1(side="at_most", value="0.10", confidence="0.95"),
        "headline": a_sentence("the gap is 0.21"),
        "worst": "race=African-American",
        "findings": (a_finding(),),
    }
    return ControlV1.model_validate(values | changes)


def a_report(**changes: object) -> ReportV1:
    values: dict[str, object] = {
        "id": "r1",
        "created": AT,
        "occasion": "2026-11-21",
        "actor": "ann@example.org",
        "tool": ToolV1(name="hcgov", version="0.1"),
        "system": SystemV1(name="recidivism", version="1.0", risk_profile="high", owner="Ann Author"),
        "packs": (PackV1(id="hc-core", version="1", title="Core", file="hc-core.yaml", sha256="b" * 64),),
        "subject": SubjectV1(sha256="c" * 64),
        "stages": (StageV1(id="evaluation", title="Evaluation", ran=True, decision="failed"),),
        "decision": DecisionV1(
            value="failed", exit_code=1, reason="one control failed", counts={"fail": 1}, blocking=("EVL-01",)
        ),
        "controls": (a_control(),),
        "evidence": (
            EvidenceV1(id="EV-01", artifact="counts", kind="table", location="data/counts.csv", sha256=DATA),
            EvidenceV1(id="EV-02", artifact="card", kind="model_card", location="card.md", sha256="d" * 64),
            EvidenceV1(
                id="EV-03", artifact="run", kind="run", location="runs:/abc123/model", sha256="e" * 64
            ),
        ),
        "environment": EnvironmentV1(python="3.11", platform="linux"),
    }
    return ReportV1.model_validate(values | changes)
