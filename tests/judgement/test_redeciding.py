"""A record decided again: what the check wrote follows from itself, and whatever is edited does not."""

import json

import pytest

from hcgov.core.record import ReportV1
from hcgov.judgement.redeciding import contradictions, redecide
from tests.app.excepting import Excepting


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> ReportV1:
    return Excepting(tmp_path_factory.mktemp("redeciding") / "p").check()


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory) -> ReportV1:
    project = Excepting(tmp_path_factory.mktemp("redeciding") / "p")
    project.waivers(project.waiver())
    project.manifest("waivers: waivers.yaml")
    return project.check()


@pytest.mark.parametrize("which", ["failing", "waived"])
def test_what_the_check_wrote_follows_and_is_decided_alike(which, request):
    report = request.getfixturevalue(which)
    assert list(contradictions(report)) == []
    again = redecide(report, on=report.occasion)
    assert again.concluded.decision.value == report.decision.value
    assert again.concluded.exit_code == report.decision.exit_code
    assert again.blocking == report.decision.blocking
    assert again.ended == ()


def edited(report: ReportV1, path: str, value: object) -> ReportV1:
    """Change one value, by the path to it such as ``controls.0.verdict``."""
    content = json.loads(report.model_dump_json(by_alias=True))
    at = content
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        at = at[step]
    assert at[last] != value
    at[last] = value
    return ReportV1.model_validate_json(json.dumps(content))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("decision.value", "passed"),
        ("decision.exit_code", 0),
        ("decision.counts", {"pass": 2}),
        ("decision.blocking", []),
        ("decision.skipped", ["ACME-1"]),
        ("decision.exit_zero", True),
        ("decision.fail_on", ["nonsense"]),
        ("controls.0.disposition", "clear"),
        ("controls.0.disposition", "nonsense"),
        ("controls.0.verdict", "pass"),
        ("controls.0.verdict", "nonsense"),
        ("controls.0.enforcement", "advisory"),
        ("controls.0.enforcement", "nonsense"),
        ("controls.0.severity", "nonsense"),
        ("controls.0.findings.0.verdict", "nonsense"),
        ("controls.0.id", "ACME-2"),
        ("controls.0.stage", "data"),
        ("controls.0.findings", []),
        ("controls.0.findings.0.waiver", "W-9"),
        ("stages.0.decision", "passed"),
        ("stages.0.ran", False),
    ],
)
def test_every_edit_towards_passing_contradicts_something(failing, path, value):
    assert list(contradictions(edited(failing, path, value))) != []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("waivers.0.state", "expired"),
        ("waivers.0.control", "ACME-2"),
        ("waivers.0.accepts", ["inconclusive"]),
        ("waivers.0.subject", "sha256:" + "0" * 64),
        ("waivers.0.expires", "2026-12-09"),
        ("waivers.0.starts", "2026-12-11"),
        ("waivers.0.id", "W-2"),
        ("controls.0.enforcement", "mandatory"),
        ("decision.value", "passed"),
    ],
)
def test_a_waiver_accepts_only_what_the_record_shows_that_it_may(waived, path, value):
    assert waived.decision.value == "passed_with_conditions"
    assert list(contradictions(edited(waived, path, value))) != []


def test_a_waiver_that_has_ended_accepts_nothing(waived):
    again = redecide(waived, on="2027-01-01")
    assert (again.concluded.decision.value, again.ended, again.blocking) == ("failed", ("W-1",), ("ACME-1",))


def test_a_failing_finding_that_is_edited_to_pass_does_not_follow_from_its_bound(failing):
    """Whoever makes verdict, counts and decision agree has left the numbers as they were measured."""
    content = json.loads(failing.model_dump_json(by_alias=True))
    control = content["controls"][0]
    for finding in control["findings"]:
        finding["verdict"] = "pass"
    control["verdict"], control["disposition"] = "pass", "clear"
    said = [str(one) for one in contradictions(ReportV1.model_validate_json(json.dumps(content)))]
    assert any("is said to pass, and its bound lies beyond the limit" in one for one in said)
