"""``hcgov explain``: everything that has an id is explained; what has none is told with the nearest."""

import ast
from pathlib import Path

import pytest

import hcgov as package
from hcgov.app.codes import CODES, REASONS
from hcgov.core.direction import declarations
from hcgov.core.limit import LimitRange
from hcgov.io.plugins import load_registry
from hcgov.io.policies import load_pack, shipped
from tests.cli.conftest import Hcgov

CHECKS = load_registry().checks
CONTROLS = [
    spec for name, path in shipped().items() for spec in load_pack(name, path, path.name).spec.controls
]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("spec", CONTROLS, ids=lambda spec: spec.id)
def test_every_control_says_why_and_how_to_mend_it(spec, hcgov: Hcgov):
    run = hcgov("explain", spec.id)
    assert run.exit_code == 0
    told = words(run.stdout)
    assert told.startswith(f"{spec.id} {spec.title}")
    assert words(spec.fix).split()[0] in told
    assert words(spec.check) in told
    for clause in spec.supports:
        assert clause in told


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_check_says_how_it_measures(check, hcgov: Hcgov):
    run = hcgov("explain", check.id)
    assert run.exit_code == 0
    assert run.stdout.startswith(f"check {check.id}@{check.major}: {check.title}")
    for one in declarations(check.params):
        assert f"\n  {one.name} " in run.stdout
    if isinstance(check.limit, LimitRange):
        assert words(str(check.limit)) in words(run.stdout)
    assert words(check.about)[:60] in words(run.stdout)
    assert hcgov("explain", f"{check.id}@{check.major}").stdout == run.stdout


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code, hcgov: Hcgov):
    run = hcgov("explain", code)
    assert (run.exit_code, words(run.stdout)) == (0, words(f"{code} {CODES[code]}"))
    assert hcgov("explain", code.lower()).stdout == run.stdout


@pytest.mark.parametrize("reason", ["few_clusters", "look_alike_groups", "no_relation", "STORE_DOWN"])
def test_every_reason_is_explained(reason, hcgov: Hcgov):
    run = hcgov("explain", reason)
    assert (run.exit_code, words(run.stdout)) == (
        0,
        words(f"reason {reason.lower()} {REASONS[reason.lower()]}"),
    )


def test_every_code_that_the_source_tells_is_in_the_list():
    found = set()
    for path in Path(package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {w.strip("[]:`") for w in node.value.split() if w.startswith(("HCG-", "error[HCG-"))}
    codes = {code.removeprefix("error[").partition("]")[0] for code in found}
    codes = {code for code in codes if len(code) == 8 and code[5:].isdigit()}
    assert codes >= {"HCG-C004", "HCG-P002", "HCG-X001"}
    assert codes <= CODES.keys()


@pytest.mark.parametrize("stage", ["design", "data", "training", "evaluation", "deployment"])
def test_a_stage_says_where_its_rules_are_listed(stage, hcgov: Hcgov):
    assert f"hcgov rules --stage {stage}" in hcgov("explain", stage).stdout


@pytest.mark.parametrize(
    ("typo", "near"),
    [
        ("HC-EVL01", "HC-EVL-01"),
        ("evaluation.rate_gapp", "evaluation.rate_gap"),
        ("HCG-C0004", "HCG-C004"),
        ("desing", "design"),
    ],
)
def test_a_misspelt_id_is_told_with_the_nearest(typo, near, hcgov: Hcgov):
    run = hcgov("explain", typo)
    assert run.exit_code == 2
    assert f"nothing is called `{typo}`" in run.stderr
    assert f"did you mean `{near}`?" in run.stderr
    assert run.stdout == ""


def test_a_projects_own_control_is_explained_in_it(hcgov: Hcgov, red):
    run = hcgov("explain", "REC-EVL-01", "--project", red)
    assert run.exit_code == 0
    assert run.stdout.startswith("REC-EVL-01")
    assert hcgov("explain", "REC-EVL-01").exit_code == 2
