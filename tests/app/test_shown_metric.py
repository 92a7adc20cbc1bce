"""A fairlearn metric by slice is shown and decides nothing."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked, Checked, run_check
from hcgov.core.mistake import AuthoringError

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Shown, version: "1", risk_profile: standard}
policies: [pack.yaml]
slices: {by: [sex], min_people: 30}
artifacts:
  predictions:
    kind: table
    path: rows.csv
    unit: person
    roles: {label: truth, prediction: said}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: shown, version: 1.0.0, title: Shown, owner: me}
controls:
  - id: S-1
    title: Precision by group is shown
    stage: evaluation
    check: evaluation.group_metric@1
    with: {table: predictions, metric: precision_score}
    severity: low
    enforcement: advisory
    why: People should see it.
    fix: Nothing to mend.
    source: organisation
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "hcgov.yaml").write_text(MANIFEST)
    (tmp_path / "pack.yaml").write_text(PACK)
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["sex", "truth", "said"])
        rows.writerows([["F", 1, 1]] * 30 + [["F", 0, 1]] * 10 + [["F", 0, 0]] * 40)
        rows.writerows([["M", 1, 1]] * 20 + [["M", 0, 1]] * 20 + [["M", 1, 0]] * 40)
    return tmp_path


def _check(project: Path) -> Checked:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return run_check(Asked(root=project, now=now, stages=("evaluation",)), lambda _: None)


def test_the_values_are_shown_and_the_decision_is_not_theirs(project: Path) -> None:
    report = _check(project).report
    (control,) = report.controls
    assert (control.verdict, control.disposition) == ("not_evaluated", "listed")
    values = {f.about: f.estimate.value for f in control.shown if f.estimate}
    assert values == pytest.approx({"everyone": 50 / 80, "sex=F": 0.75, "sex=M": 0.5})
    assert all(f.estimate.low is None for f in control.shown if f.estimate)
    assert (report.decision.value, report.decision.exit_code) == ("incomplete", 3)


def test_a_limit_on_it_is_refused(project: Path) -> None:
    pack = project / "pack.yaml"
    pack.write_text(pack.read_text() + '    limit: {at_least: "0.5"}\n')
    with pytest.raises(AuthoringError) as raised:
        _check(project)
    assert [m.code for m in raised.value.mistakes] == ["HCG-P007"]


def test_an_unknown_metric_is_missing_evidence_with_the_nearest_name(project: Path) -> None:
    pack = project / "pack.yaml"
    pack.write_text(pack.read_text().replace("precision_score", "precison_score"))
    report = _check(project).report
    assert report.controls[0].verdict == "missing"
    assert "precision_score" in report.controls[0].headline.text
