"""Frames in memory answer what other libraries compute, too: expectations, and metrics by slice."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from hcgov.app.check import Asked, run_check
from hcgov.core.mistake import AuthoringError
from hcgov.core.record import ReportV1

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Frames, version: "1", risk_profile: standard}
policies: [pack.yaml]
slices: {by: [sex], min_people: 30}
artifacts:
  rows: {kind: table, path: rows.csv, unit: person, roles: {label: truth, prediction: said}}
  suite: {kind: expectation_suite, path: suite.json}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: own, version: 1.0.0, title: Own, owner: me}
controls:
  - {id: S-1, title: Precision, stage: evaluation, check: evaluation.group_metric@1,
     with: {table: rows, metric: precision_score}, limit: {at_least: "0.60"},
     severity: low, enforcement: mandatory, why: why, fix: fix, source: organisation}
  - {id: S-2, title: Quality, stage: data, check: data.expectations_hold@1, with: {table: rows, suite: suite},
     severity: low, enforcement: mandatory, why: why, fix: fix, source: organisation}
"""
SUITE = [
    ("expect_column_values_to_not_be_null", {"column": "sex"}),
    ("expect_column_values_to_be_in_type_list", {"column": "said", "type_list": ["int64"]}),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "hcgov.yaml").write_text(MANIFEST)
    (tmp_path / "pack.yaml").write_text(PACK)
    entries = [{"type": kind, "kwargs": given} for kind, given in SUITE]
    (tmp_path / "suite.json").write_text(json.dumps({"name": "s", "expectations": entries}))
    times = {("F", 1, 1): 300, ("F", 0, 1): 60, ("M", 1, 1): 150, ("M", 0, 1): 210, ("M", 0, 0): 40}
    rows = [row for row, n in times.items() for _ in range(n)]
    pd.DataFrame(rows, columns=["sex", "truth", "said"]).to_csv(tmp_path / "rows.csv", index=False)
    return tmp_path


def check(project: Path, frames: dict[str, object]) -> ReportV1:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return run_check(Asked(root=project, now=now, frames=frames), lambda _: None).report


def test_a_name_that_repeats_is_refused_only_where_it_is_used(project: Path) -> None:
    rows = pd.read_csv(project / "rows.csv")
    unused = pd.concat([rows, rows[["truth"]].rename(columns={"truth": "x"}), rows[["said"]]], axis=1)
    unused.columns = pd.Index(["sex", "truth", "said", "x", "x"])
    assert {c.id: c.verdict for c in check(project, {"rows": unused}).controls}["S-2"] == "pass"
    twice = pd.concat([rows, rows[["said"]]], axis=1)
    with pytest.raises(AuthoringError) as raised:
        check(project, {"rows": twice})
    (mistake,) = raised.value.mistakes
    assert mistake.code == "HCG-N002"
    assert "`said` stands more than once" in mistake.message
    # An expectation names its columns by itself.
    suite = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "x"}}
    (project / "suite.json").write_text(json.dumps({"name": "s", "expectations": [suite]}))
    (told,) = next(c for c in check(project, {"rows": unused}).controls if c.id == "S-2").findings
    assert told.verdict == "error"
    assert "column `x` stands more than once in the table" in told.message.text
    assert "`x (3)` or `x (4)`" in told.message.text


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_what_libraries_compute_on_a_frame_is_what_they_compute_on_its_file(
    project: Path, kind: type
) -> None:
    frame = kind(pd.read_csv(project / "rows.csv").to_dict(orient="list"))
    before = check(project, {})
    assert {c.id: c.verdict for c in before.controls} == {"S-1": "fail", "S-2": "pass"}
    (project / "rows.csv").unlink()
    after = check(project, {"rows": frame})
    assert [[f.message for f in c.findings] for c in after.controls] == [
        [f.message for f in c.findings] for c in before.controls
    ]
    assert {c.verdict for c in check(project, {}).controls} == {"missing"}
    assert {c.verdict for c in check(project, {"rows": frame[:0]}).controls} == {"missing"}
