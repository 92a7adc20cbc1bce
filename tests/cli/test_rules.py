"""``hcgov rules``: what can be checked, for people and for programs."""

import json
from pathlib import Path

import pytest

from hcgov.io.plugins import BUILT_IN, load_registry
from tests.cli.conftest import Hcgov


def test_every_check_and_every_shipped_control_is_listed(hcgov: Hcgov):
    run = hcgov("rules", "--output-format", "json")
    assert run.exit_code == 0
    listed = json.loads(run.stdout)
    checks = {rule["id"] for rule in listed if rule["kind"] == "check"}
    assert checks == {f"{check.id}@{check.major}" for check in load_registry().checks.values()}
    controls = [rule for rule in listed if rule["kind"] == "control"]
    assert len(controls) >= 15
    assert {rule["pack"] for rule in controls} == {
        "hc-core",
        "hc-hitl",
        "hc-preferences",
        "hc-personalization",
    }
    assert {rule["stage"] for rule in controls} == set(BUILT_IN)


def test_the_text_lists_the_same(hcgov: Hcgov):
    listed = json.loads(hcgov("rules", "--output-format", "json").stdout)
    text = hcgov("rules").stdout
    for rule in listed:
        assert f"\n  {rule['id']} " in text
        assert rule["title"] in text


@pytest.mark.parametrize("stage", BUILT_IN)
def test_one_stage_is_listed_alone(stage, hcgov: Hcgov):
    listed = json.loads(hcgov("rules", "--stage", stage, "--output-format", "json").stdout)
    assert {rule["stage"] for rule in listed} == {stage}
    assert {rule["kind"] for rule in listed} == {"check", "control"}


def test_a_misspelt_stage_is_told_with_the_nearest(hcgov: Hcgov):
    run = hcgov("rules", "--stage", "dat")
    assert run.exit_code == 2
    assert "did you mean `data`?" in run.stderr


def test_the_roads_of_a_project_are_told_with_their_reasons(hcgov: Hcgov, red: Path):
    run = hcgov("rules", red, "--output-format", "json")
    assert run.exit_code == 0
    roads = json.loads(run.stdout)
    unique = next(one for one in roads if "unique" in one["expectation"] and one["control"] == "REC-DAT-01")
    assert unique == {
        "control": "REC-DAT-01",
        "suite": "quality_suite",
        "table": "predictions",
        "expectation": "expect_compound_columns_to_be_unique(race, predicted_high, recidivated)",
        "road": "one scan",
        "why": "a function of counts of equal values",
    }
    text = hcgov("rules", red).stdout
    assert "\nREC-DAT-01 suite quality_suite on predictions\n" in text
    assert all(one["expectation"] in text and one["why"] in text for one in roads)


def test_a_suite_by_itself_is_told_with_what_its_columns_have_to_hold(hcgov: Hcgov, tmp_path: Path):
    entries = [
        {"type": "expect_column_values_to_be_between", "kwargs": {"column": "age", "min_value": 0}},
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id", "row_condition": "age > 3"}},
    ]
    (tmp_path / "suite.json").write_text(json.dumps({"name": "people", "expectations": entries}))
    lines = hcgov("rules", tmp_path / "suite.json").stdout.splitlines()
    assert lines[1] == "suite people"
    assert lines[2].split("  ")[-1] == "a function of counts, if `age` holds numbers"
    assert lines[3].endswith("Great Expectations  `row_condition` picks rows")


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("expect_column_values_to_match_regex", {"regex": "^(A"}),
        ("expect_column_values_to_not_match_regex", {"regex": "^(A", "row_condition": "age > 3"}),
        ("expect_column_values_to_match_regex_list", {"regex_list": ["B", "^(A"]}),
    ],
)
def test_a_regular_expression_that_cannot_be_read_is_told(
    hcgov: Hcgov, tmp_path: Path, kind: str, arguments: dict[str, object]
) -> None:
    entries = [
        {"type": "expect_column_to_exist", "kwargs": {"column": "name"}},
        {"type": kind, "kwargs": {"column": "name", **arguments}},
    ]
    (tmp_path / "suite.json").write_text(json.dumps({"name": "people", "expectations": entries}))
    (_, told) = json.loads(hcgov("rules", tmp_path / "suite.json", "--output-format", "json").stdout)
    assert told["road"] == "nobody"
    assert told["why"] == (
        "`^(A` is not a regular expression: missing ), unterminated subpattern at character 2; "
        "mend it in entry 2 of the suite"
    )


def test_what_is_no_suite_is_told(hcgov: Hcgov, tmp_path: Path):
    (tmp_path / "suite.json").write_text("[]")
    run = hcgov("rules", tmp_path / "suite.json")
    assert run.exit_code == 2
    assert "a suite has a list `expectations`" in run.stderr
