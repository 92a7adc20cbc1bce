"""``hcgov rules``: what can be checked, for people and for programs."""

import json

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
    assert {rule["pack"] for rule in controls} == {"hc-core"}
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
