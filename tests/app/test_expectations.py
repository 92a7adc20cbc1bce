"""Expectations of a project: what is loaded for them, and what is not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Quality, version: "1", risk_profile: high}
policies: [pack.yaml]
artifacts:
  training_data: {kind: table, path: people.csv, unit: person}
  quality_suite: {kind: expectation_suite, path: suite.json}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: quality, version: 1.0.0, title: One control, owner: Tests}
controls:
  - id: QUALITY
    title: The data meet their quality suite
    stage: data
    check: data.expectations_hold@1
    with: {table: training_data, suite: quality_suite}
    severity: high
    enforcement: mandatory
    why: A test.
    fix: None is needed.
    source: convention
"""
SUITE = [
    ("expect_table_row_count_to_be_between", {"min_value": 1}),
    ("expect_column_values_to_not_be_null", {"column": "age"}),
    ("expect_column_values_to_be_unique", {"column": "id"}),
    ("expect_column_values_to_match_regex", {"column": "sex", "regex": "^[fm]$"}),
    ("expect_column_mean_to_be_between", {"column": "age", "min_value": 18, "max_value": 90}),
]
CHECK = """\
import sys
from hcgov.cli import app
code = 0
try:
    app(["check", sys.argv[1], "--stage", "data", "--no-mlflow"])
except SystemExit as leaving:
    code = leaving.code
heavy = [name for name in ("great_expectations", "pandas", "numpy", "scipy", "mlflow") if name in sys.modules]
print("code", code, "heavy", heavy)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "hcgov.yaml").write_text(MANIFEST)
    (tmp_path / "pack.yaml").write_text(PACK)
    (tmp_path / "people.csv").write_text("id,age,sex\n1,30,f\n2,40,m\n3,50,f\n")
    return tmp_path


def suite(project: Path, *more: tuple[str, dict[str, object]]) -> None:
    entries = [{"type": kind, "kwargs": given} for kind, given in (*SUITE, *more)]
    (project / "suite.json").write_text(json.dumps({"name": "people", "expectations": entries}))


def check(project: Path) -> str:
    # A file, not `-c`: where Spark is installed without gRPC, importing it from `-c` ends the process.
    (project / "run.py").write_text(CHECK)
    command = [sys.executable, str(project / "run.py"), str(project)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_a_suite_that_the_scan_answers_loads_neither_the_library_nor_pandas(project: Path) -> None:
    suite(project)
    assert "code 0 heavy []" in check(project)


def test_one_expectation_that_it_does_not_answer_loads_them(project: Path) -> None:
    suite(project, ("expect_column_values_to_be_in_type_list", {"column": "id", "type_list": ["int64"]}))
    told = check(project)
    assert "code 0" in told
    assert "great_expectations" in told
