"""``hcgov policy explain``: the rule with its origins, what was found, and what would alter the verdict."""

from datetime import timedelta
from pathlib import Path

import pytest

from hcgov.app.save import save
from tests.app.excepting import NOW, Excepting
from tests.cli.conftest import Hcgov

EXTENDING = """\
hcgov: 1
kind: PolicyPack
metadata: {id: org.top, version: 1.0.0, title: On top, owner: me}
extends: [{pack: own.yaml}]
facts: {outside: {fact: system.users, ne: internal}}
parameters: {widest: {type: ratio, default: "0.30", stricter: lower}}
overrides:
  - {control: ACME-1, set: {limit.at_most: "0.05"}, reason: asked by the works council}
  - {control: ACME-2, set: {applies_when: outside}, reason: only there, loosen: {reason: pilot, approved_by: cro@acme}}
controls:
  - id: TOP-1
    title: Refusals are not too uneven
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: predictions, outcome: refused}
    limit: {at_most: "${widest}"}
    severity: low
    enforcement: advisory
    why: people
    fix: mend
    source: organisation
    effective_from: 2027-06-01
"""


@pytest.fixture
def project(tmp_path: Path) -> Excepting:
    return Excepting(tmp_path / "p")


def kept(project: Excepting) -> None:
    save(project.check(), project.folder)


def test_a_failure_is_told_with_its_numbers_and_what_would_alter_it(project: Excepting, hcgov: Hcgov):
    kept(project)
    run = hcgov("policy", "explain", "ACME-1", project.folder)
    assert run.exit_code == 0
    lines = [line.strip() for line in run.stdout.splitlines()]
    assert 'at_most: "0.10"  # own.yaml:10:22' in lines
    assert "verdict     fail" in lines
    assert "gate        blocked (enforcement overridable, severity medium)" in lines
    assert "worst       age=75+ against age=30-59: fail" in lines
    found = next(line for line in lines if line.startswith("rate_gap 0.400"))
    assert found.endswith("n 2,000, 2,000 people")
    assert "to fail: lower bound 0.3513 (99\u00a0%) > 0.10: yes" in lines
    assert any(line.startswith("to pass: upper bound 0.4") and line.endswith("0.10: no") for line in lines)
    assert "waiver      none used" in lines
    assert "looser      at_most: 0.35 makes it inconclusive; 0.34 does not yet" in lines


def test_overrides_facts_and_parameters_stand_with_their_origin(project: Excepting, hcgov: Hcgov):
    (project.folder / "top.yaml").write_text(EXTENDING, encoding="utf-8")
    manifest = project.folder / "hcgov.yaml"
    text = manifest.read_text(encoding="utf-8").replace("[own.yaml]", "[top.yaml]")
    manifest.write_text(text, encoding="utf-8")
    kept(project)
    overridden = hcgov("policy", "explain", "ACME-1", project.folder).stdout
    assert 'at_most: "0.05"  # top.yaml:8:23 org.top: asked by the works council (tighten)' in overridden
    unknown = hcgov("policy", "explain", "ACME-2", project.folder).stdout
    assert "leave given by cro@acme: pilot" in unknown
    assert "#   system.users is not stated\n#   so whether it applies is unknown" in unknown
    assert "  state       the fact under `system: facts:`" in unknown
    own = hcgov("policy", "explain", "TOP-1", project.folder).stdout
    assert "#   limit.at_most is `widest` of org.top, default 0.30, declared at top.yaml:6:14" in own
    assert "  upcoming    advisory until 2027-06-01" in own
    manifest.write_text(
        text.replace("risk_profile: standard", "risk_profile: standard, facts: {users: internal}")
    )
    kept(project)
    aside = hcgov("policy", "explain", "ACME-2", project.folder).stdout
    assert "so whether it applies is false" in aside
    assert "verdict     not applicable" in aside


def test_the_waiver_that_was_used_is_told(project: Excepting, hcgov: Hcgov):
    project.waivers(project.waiver())
    project.manifest("waivers: [waivers.yaml]")
    kept(project)
    told = hcgov("policy", "explain", "ACME-1", project.folder).stdout
    assert "gate        waived" in told
    assert (
        "waiver      W-1 of cro@acme.example, until 2026-12-31 (in force): Retraining is scheduled." in told
    )


def test_what_is_missing_is_to_be_supplied(project: Excepting, hcgov: Hcgov):
    (project.folder / "p.csv").unlink()
    kept(project)
    told = hcgov("policy", "explain", "ACME-1", project.folder).stdout
    assert "verdict     missing" in told
    assert "  supply      `predictions` (p.csv)" in told
    assert "looser" not in told


def test_labels_are_told_where_nothing_is_decided(project: Excepting, hcgov: Hcgov):
    project.refused({"18-29": 300, "30-59": 300, "75+": 380})
    kept(project)
    told = hcgov("policy", "explain", "ACME-1", project.folder).stdout
    assert "verdict     inconclusive" in told
    assert "further rows for age=75+ against age=" in told
    assert "looser      at_most: 0.12 makes it pass; 0.11 does not yet" in told


def test_one_record_of_several_and_a_policy_that_moved_on(project: Excepting, hcgov: Hcgov):
    kept(project)
    project.refused({"18-29": 300, "30-59": 300, "75+": 300})
    later = project.check(now=NOW + timedelta(days=1))
    save(later, project.folder)
    assert "verdict     pass" in hcgov("policy", "explain", "ACME-1", project.folder).stdout
    first = hcgov("policy", "explain", "ACME-1", project.folder, "--run", "20261210").stdout
    assert "record 20261210T090000Z" in first
    assert "verdict     fail" in first
    policy = project.folder / "own.yaml"
    policy.write_text(policy.read_text().replace('"0.10"', '"0.20"'), encoding="utf-8")
    moved = hcgov("policy", "explain", "ACME-1", project.folder).stdout
    assert "the policy now says ≤ 0.20; what follows is about the limit of the record" in moved


def test_without_a_record_the_rule_is_told_alone(project: Excepting, hcgov: Hcgov):
    run = hcgov("policy", "explain", "ACME-1", project.folder)
    assert run.exit_code == 0
    assert run.stdout.endswith("no record: `hcgov check` makes one\n")
    alone = hcgov("policy", "explain", "HC-EVL-01", "hc-core")
    assert alone.exit_code == 0
    assert "# HC-EVL-01" not in alone.stdout
    assert "- id: HC-EVL-01" in alone.stdout


def test_a_misspelt_control_and_a_record_that_is_none(project: Excepting, hcgov: Hcgov):
    run = hcgov("policy", "explain", "ACME-11", project.folder)
    assert run.exit_code == 2
    assert "did you mean `ACME-1`?" in run.stderr
    assert hcgov("policy", "explain", "ACME-1", project.folder, "--run", "gone").exit_code == 2
