"""``hcgov policy test`` and ``hcgov policy mutate`` as people and machines run them."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.app.test_policy_cases import APART, NEAR, THREE, Acme
from tests.cli.conftest import Hcgov


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Acme:
    monkeypatch.chdir(tmp_path)
    return Acme(tmp_path).pack().cases(*THREE)


WRONG = f"name: wrong, {APART}, expect: pass"


def test_exit_codes_are_those_of_every_command(hcgov: Hcgov, acme: Acme):
    assert hcgov("policy", "test", "acme.yaml", "-q").output == "passed: 3 cases, 0 failed\n"
    assert hcgov("policy", "test", "acme.yaml", "-q").exit_code == 0
    assert hcgov("policy", "mutate", "acme.yaml", "-q").exit_code == 1
    acme.cases(*THREE, *NEAR)
    assert hcgov("policy", "mutate", "acme.yaml", "-q").exit_code == 0
    acme.cases(*THREE, WRONG)
    assert hcgov("policy", "test", "acme.yaml", "-q").exit_code == 1
    assert hcgov("policy", "mutate", "acme.yaml", "-q").exit_code == 1
    acme.cases("nmae: x, expect: pass")
    for command in ("test", "mutate"):
        run = hcgov("policy", command, "acme.yaml", "-q")
        assert run.exit_code == 2
        assert "acme.cases.yaml:6:23" in run.stderr
        assert "did you mean `name`?" in run.stderr
        assert run.stdout == ""


def test_what_is_wrong_is_named_with_its_place(hcgov: Hcgov, acme: Acme):
    acme.cases(THREE[0], WRONG)
    lines = hcgov("policy", "test", "acme.yaml", "-q").stdout.splitlines()
    assert lines[0] == "FAIL  ACME-1: wrong (acme.cases.yaml:7:5)"
    assert lines[1].startswith("      it is fail, not pass: ")
    assert lines[2:] == [
        "acme.yaml:5:5: ACME-1 has no failing case: none expects `fail`",
        "acme.yaml:5:5: ACME-1 has no missing-evidence case: none expects `missing` or `pending`",
        "FAILED: 2 cases, 1 failed; 2 gaps",
    ]


def test_every_case_and_every_mutant_has_a_line_where_asked(hcgov: Hcgov, acme: Acme):
    assert hcgov("policy", "test", "acme.yaml", "-qv").stdout.splitlines()[0] == "ok    ACME-1: even"
    lines = hcgov("policy", "mutate", "acme.yaml", "-qv").stdout.splitlines()
    assert lines[0] == "killed    ACME-1 the control is dropped by `even`"
    assert "SURVIVED  ACME-1 limit.at_most: 0.10 -> 0.09 (acme.yaml:10:22)" in lines


def test_machines_read_the_same(hcgov: Hcgov, acme: Acme):
    acme.cases(*THREE, WRONG)
    told = json.loads(hcgov("policy", "test", "acme.yaml", "-q", "--output-format", "json").stdout)
    assert (told["schema"], told["passed"]) == ("hcgov.cases/1", False)
    assert [(one["name"], one["passed"]) for one in told["cases"]] == [
        ("even", True),
        ("apart", True),
        ("nothing", True),
        ("wrong", False),
    ]
    assert told["cases"][3]["where"] == {"file": "acme.cases.yaml", "line": 9, "column": 5}
    text = hcgov("policy", "test", "acme.yaml", "-q", "--output-format", "junit").stdout
    (suite,) = ElementTree.fromstring(text).iter("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "0")
    (failure,) = suite.iter("failure")
    assert failure.get("message", "").startswith("it is fail, not pass")


def test_mutants_are_tests_too(hcgov: Hcgov, acme: Acme):
    text = hcgov("policy", "mutate", "acme.yaml", "-q", "--output-format", "junit").stdout
    (suite,) = ElementTree.fromstring(text).iter("testsuite")
    told = json.loads(hcgov("policy", "mutate", "acme.yaml", "-q", "--output-format", "json").stdout)
    outcomes = [one["outcome"] for one in told["mutants"]]
    assert suite.get("tests") == str(len(outcomes))
    assert suite.get("failures") == str(outcomes.count("survived")) == "3"


def test_progress_goes_to_stderr_alone(process, acme: Acme):
    run = process("policy", "test", str(acme.folder / "acme.yaml"), "--output-format", "json")
    assert json.loads(run.stdout)["passed"] is True
    assert run.returncode == 0
