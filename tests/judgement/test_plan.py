"""The plan: every authoring mistake, together, with its place and the nearest name."""

from pathlib import Path

import pytest

from hcgov.core.control import ControlSpec
from hcgov.core.mistake import Mistake, Position
from hcgov.core.policy import Pack, PackSpec, Places
from hcgov.core.status import Enforcement, RiskProfile
from hcgov.core.text import text
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_pack
from hcgov.judgement.plan import Plan, Registry, plan


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


CONTROL = {
    "id": "X-1",
    "title": "A control",
    "stage": "evaluation",
    "check": "evaluation.rate_gap@1",
    "with": {"table": "predictions", "outcome": "prediction"},
    "limit": {"at_most": "0.10"},
    "severity": "high",
    "enforcement": {"high": "mandatory", "else": "overridable"},
    "why": "people",
    "fix": "mend",
    "source": "convention",
}


def _pack(*controls: dict[str, object]) -> Pack:
    metadata = {"id": "p", "version": "1.0.0", "title": "Pack", "owner": "me"}
    spec = PackSpec.model_validate(
        {"hcgov": 1, "kind": "PolicyPack", "metadata": metadata, "controls": controls}
    )
    positions = {
        ("controls", i): Position(file="p.yaml", line=10 * (i + 1), column=5) for i in range(len(controls))
    }
    return Pack(spec=spec, name="p", file="p.yaml", sha256="0" * 64, places=Places(positions=positions))


def _mistakes(registry: Registry, *controls: dict[str, object]) -> tuple[Mistake, ...]:
    made = plan([_pack(*controls)], registry, RiskProfile.HIGH)
    assert not isinstance(made, Plan)
    return made


def test_a_sound_control_is_bound(registry: Registry) -> None:
    made = plan([_pack(CONTROL)], registry, RiskProfile.STANDARD)
    assert isinstance(made, Plan)
    (control,) = made.controls
    assert control.check is not None
    assert control.enforcement is Enforcement.OVERRIDABLE
    assert str(control.limit) == "≤ 0.10"
    assert [s.id for s in made.stages] == ["design", "data", "training", "evaluation", "deployment"]


@pytest.mark.parametrize(
    ("change", "code", "help_"),
    [
        ({"check": "evaluation.rate_gapp@1"}, "HCG-P003", "evaluation.rate_gap"),
        ({"check": "evaluation.rate_gap@2"}, "HCG-P004", "rate_gap@1"),
        ({"stage": "evalution"}, "HCG-P001", "evaluation"),
        ({"with": {"table": "predictions", "outcom": "prediction"}}, "HCG-C004", "outcome"),
        ({"limit": {"at_most": "0.1", "at_least": "0.2"}}, "HCG-P005", ""),
        ({"limit": None}, "HCG-P006", "limit"),
        ({"narrow": {"at_most": "0.2"}}, "HCG-P005", ""),
        ({"narrow": {"at_least": "0.05"}}, "HCG-P005", ""),
        ({"check": "design.stakeholders_named@1", "with": {}}, "HCG-P007", "limit"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    registry: Registry, change: dict[str, object], code: str, help_: str
) -> None:
    told = [m for m in _mistakes(registry, CONTROL | change) if m.code == code]
    assert told, f"no {code}"
    assert told[0].where is not None
    assert told[0].where.line == 10
    assert help_ in told[0].help


def test_a_limit_that_decides_nothing_is_a_mistake(registry: Registry) -> None:
    def told(check: str, limit: dict[str, str], narrow: dict[str, str] | None = None, **with_: object) -> str:
        change = {"check": check, "with": {"table": "t", **with_}, "limit": limit, "narrow": narrow}
        made = plan([_pack(CONTROL | change)], registry, RiskProfile.HIGH)
        if isinstance(made, Plan):
            return ""
        assert {m.code for m in made} == {"HCG-P008"}
        return "; ".join(f"{m.message} -> {m.help}" for m in made)

    gap, ratio = "evaluation.rate_gap@1", "evaluation.impact_ratio@1"
    assert told(gap, {"at_most": "0.10"}, outcome="prediction") == ""
    assert (
        told(gap, {"at_most": "1"}, outcome="prediction")
        == "X-1: `at_most: 1` can never fail -> write `at_most` (at least 0 and below 1) for `rate_gap`"
    )
    assert "can never pass" in told(gap, {"at_most": "-0.1"}, outcome="prediction")
    assert "wrong side" in told(gap, {"at_least": "0.10"}, {"at_least": "0.20"}, outcome="prediction")
    assert "`narrow` of `at_most: -0.1`" in told(
        gap, {"at_most": "0.1"}, {"at_most": "-0.1"}, outcome="prediction"
    )
    assert "can never fail" in told(ratio, {"at_least": "0"}, outcome="prediction")
    assert "`at_least` (above 0 and at most 1)" in told(ratio, {"at_most": "0.8"}, outcome="prediction")
    # Which side makes sense may depend on the parameters.
    metric = "evaluation.group_metric@1"
    assert told(metric, {"at_least": "0.7"}, metric="f1_score") == ""
    assert "wrong side" in told(metric, {"at_least": "0.7"}, metric="f1_score", against="everyone_else")


def test_all_mistakes_are_told_together(registry: Registry) -> None:
    told = _mistakes(registry, CONTROL | {"stage": "nowhere"}, CONTROL | {"check": "nothing.at_all"}, CONTROL)
    assert [m.code for m in told] == ["HCG-P001", "HCG-P002", "HCG-P003", "HCG-P002"] or sorted(
        m.code for m in told
    ) == ["HCG-P001", "HCG-P002", "HCG-P002", "HCG-P003"]


def test_a_pack_that_cannot_be_imported_leaves_its_controls_to_end_as_errors(registry: Registry) -> None:
    broken = Registry(stages=registry.stages, checks={}, broken={"acme": text("ImportError: no")})
    made = plan([_pack(CONTROL | {"check": "acme.special@1"})], broken, RiskProfile.HIGH)
    assert isinstance(made, Plan)
    assert "acme" in str(made.controls[0].broken)


def test_selecting_stages_and_controls(registry: Registry) -> None:
    pack = _pack(CONTROL, CONTROL | {"id": "Y-1"}, CONTROL | {"id": "D-1", "stage": "data"})
    only_data = plan([pack], registry, RiskProfile.HIGH, stages=["data"])
    assert isinstance(only_data, Plan)
    assert [c.spec.id for c in only_data.controls] == ["D-1"]
    assert "evaluation" in [s.id for s in only_data.not_run]
    by_name = plan([pack], registry, RiskProfile.HIGH, select=["Y"])
    assert isinstance(by_name, Plan)
    assert ([c.spec.id for c in by_name.controls], by_name.left_out) == (["Y-1"], ("X-1", "D-1"))
    none = plan([pack], registry, RiskProfile.HIGH, select=["Z"])
    assert isinstance(none, Plan)
    assert none.controls == ()
    assert len(none.stages) == 5


def test_a_control_that_reads_estimates_brings_the_measured_controls_along(registry: Registry) -> None:
    card = CONTROL | {
        "id": "C-1",
        "stage": "deployment",
        "check": "deployment.card_numbers_match@1",
        "with": {},
        "limit": None,
    }
    made = plan([_pack(CONTROL, card)], registry, RiskProfile.HIGH, stages=["deployment"])
    assert isinstance(made, Plan)
    assert [(c.spec.id, c.supporting) for c in made.controls] == [("X-1", True), ("C-1", False)]
    assert [c.spec.id for c in made.selected] == ["C-1"]


def test_every_enforcement_of_a_profile_is_the_strictest_where_nothing_is_said() -> None:
    spec = ControlSpec.model_validate(CONTROL | {"enforcement": {"high": "advisory"}})
    assert not isinstance(spec.enforcement, Enforcement)
    assert spec.enforcement.at(RiskProfile.LOW) is Enforcement.MANDATORY


BROKEN = """\
hcgov: 1
kind: PolicyPack
metadata: {id: p, version: 1.0.0, title: Pack, owner: me}
extends: [{pack: hc-cora}]
controls:
  - id: X-1
    titel: A control
    stage: evaluation
    check: evaluation.rate_gap@1
    applies_when: {all: [high_risk]}
    limit: {at_most: "0.10", confidence: "1.5"}
    severity: enormous
    enforcement: mandatory
    why: people
    fix: mend
    source: convention
"""


def test_a_broken_pack_tells_everything_at_once_with_places(tmp_path: Path) -> None:
    from hcgov.core.mistake import AuthoringError

    file = tmp_path / "p.yaml"
    file.write_text(BROKEN)
    with pytest.raises(AuthoringError) as raised:
        load_pack("p", file, "p.yaml")
    told = {(m.code, m.where.line if m.where else 0): m for m in raised.value.mistakes}
    assert told["HCG-C013", 4].help.startswith("did you mean `hc-core`?")  # extends
    assert ("HCG-R013", 10) in told  # applies_when speaks of a fact that nobody declares
    assert told["HCG-C004", 7].help == "did you mean `title`?"
    assert ("HCG-C005", 6) in told  # title is missing
    assert ("HCG-C006", 12) in told  # severity
    assert ("HCG-C006", 11) in told  # confidence
