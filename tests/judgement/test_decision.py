"""From findings to the decision: what the gate does, stage by stage, and in which order things stand in the way."""

from hcgov.core.control import ControlSpec
from hcgov.core.finding import Finding
from hcgov.core.policy import Pack, PackSpec
from hcgov.core.stage import Stage
from hcgov.core.status import Decision, Disposition, Enforcement, Verdict
from hcgov.core.text import text
from hcgov.judgement.decision import Release, release
from hcgov.judgement.engine import Assessed
from hcgov.judgement.plan import Plan, Planned

STAGES = (Stage(id="design", title="Design"), Stage(id="data", title="Data", after=("design",)))
SPEC = {
    "id": "X-1",
    "title": "A control",
    "stage": "design",
    "check": "design.made_up@1",
    "severity": "low",
    "enforcement": "overridable",
    "why": "people",
    "fix": "mend",
    "source": "convention",
}
METADATA = {"id": "p", "version": "1.0.0", "title": "Pack", "owner": "me"}
PACK = Pack(
    spec=PackSpec.model_validate(
        {"hcgov": 1, "kind": "PolicyPack", "metadata": METADATA, "controls": [SPEC]}
    ),
    name="p",
    file="p.yaml",
    sha256="0" * 64,
)


def _assessed(
    id_: str,
    verdict: Verdict,
    *,
    stage: str = "design",
    severity: str = "low",
    enforcement: Enforcement = Enforcement.OVERRIDABLE,
    supporting: bool = False,
    narrow: bool = False,
) -> Assessed:
    spec = ControlSpec.model_validate(SPEC | {"id": id_, "stage": stage, "severity": severity})
    planned = Planned(
        spec=spec, pack=PACK, index=0, enforcement=enforcement, requests={}, supporting=supporting
    )
    finding = Finding(about="it", metric="m", verdict=verdict, text=text("said"), narrow=narrow)
    return Assessed(control=planned, verdict=verdict, narrow=narrow, findings=(finding,))


def _released(*assessed: Assessed, stages: tuple[Stage, ...] = STAGES) -> Release:
    return release(Plan(controls=tuple(a.control for a in assessed), stages=stages, not_run=()), assessed)


def test_every_stage_must_have_been_looked_at() -> None:
    whole = _released(_assessed("A", Verdict.PASS), _assessed("B", Verdict.PASS, stage="data"))
    assert whole.decision is Decision.PASSED
    half = _released(_assessed("A", Verdict.PASS))
    assert half.decision is Decision.INCOMPLETE
    assert "Data" in str(half.reason)
    assert [s.decision for s in half.stages] == [Decision.PASSED, Decision.INCOMPLETE]


def test_what_stands_in_the_way_is_named_blocked_before_undecided_and_gravest_first() -> None:
    found = _released(
        _assessed("A", Verdict.MISSING, severity="critical"),
        _assessed("B", Verdict.FAIL, severity="low"),
        _assessed("C", Verdict.FAIL, severity="high", stage="data"),
        _assessed("D", Verdict.PASS),
    )
    assert found.decision is Decision.FAILED
    assert found.blocking == ("C", "B", "A")


def test_a_supporting_control_decides_nothing() -> None:
    found = _released(
        _assessed("A", Verdict.PASS), _assessed("B", Verdict.FAIL, supporting=True), stages=STAGES[:1]
    )
    assert (found.decision, len(found.controls), len(found.supporting)) == (Decision.PASSED, 1, 1)


def test_advice_and_narrow_passes_warn_and_do_not_stop() -> None:
    found = _released(
        _assessed("A", Verdict.FAIL, enforcement=Enforcement.ADVISORY),
        _assessed("B", Verdict.PASS, narrow=True, stage="data"),
    )
    assert found.decision is Decision.PASSED
    assert [d.disposition for d in found.controls] == [Disposition.WARNED, Disposition.WARNED]
    assert "2 of 2 controls warn" in str(found.reason)


def test_an_advisory_control_that_could_not_be_checked_is_not_passed_over() -> None:
    found = _released(
        _assessed("A", Verdict.ERROR, enforcement=Enforcement.ADVISORY),
        _assessed("B", Verdict.PASS, stage="data"),
    )
    assert found.decision is Decision.INCOMPLETE


def test_a_stage_in_which_nothing_applies_is_incomplete() -> None:
    found = _released(_assessed("A", Verdict.NOT_APPLICABLE), stages=STAGES[:1])
    assert found.decision is Decision.INCOMPLETE
