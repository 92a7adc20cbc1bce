"""``hcgov waiver`` and ``hcgov baseline`` as people run them."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hcgov.io.yaml import parse
from tests.app.excepting import EVEN, Excepting
from tests.cli.conftest import Hcgov
from tests.io.repository import committed

TODAY = datetime.now(UTC).date()
WHO = (
    "--owner",
    "cro@acme.example",
    "--requested-by",
    "dev@acme.example",
    "--reason",
    "Retraining is scheduled.",
)


@pytest.fixture
def project(tmp_path: Path) -> Excepting:
    return Excepting(tmp_path / "project")


def checked(hcgov: Hcgov, project: Excepting, *more: str) -> int:
    return hcgov("check", project.folder, "--no-mlflow", "--stage", "evaluation", "-q", *more).exit_code


def drafted(hcgov: Hcgov, project: Excepting, *more: str) -> Path:
    checked(hcgov, project)
    path = project.folder / "waivers.yaml"
    made = hcgov("waiver", "new", "ACME-1", "--from", project.folder, "-o", path, "--id", "W-1", *WHO, *more)
    assert made.exit_code == 0, made.output
    project.manifest("waivers: waivers.yaml")
    return path


def test_a_trusted_ref_that_is_empty_is_refused_and_not_left_out(hcgov: Hcgov, project: Excepting):
    drafted(hcgov, project, "--approver", "cro@acme.example")
    assert checked(hcgov, project) == 0
    for given in ("--trusted-ref=", "--trusted-ref= "):
        assert checked(hcgov, project, given) == 2
    told = hcgov("check", project.folder, "--no-mlflow", "--trusted-ref", "")
    assert "it is empty; is a variable not set?" in told.output


def test_a_draft_that_people_completed_lets_pass_with_conditions(hcgov: Hcgov, project: Excepting):
    assert checked(hcgov, project) == 1
    path = drafted(hcgov, project, "--approver", "cro@acme.example")
    (waiver,) = parse(path.read_bytes(), "w").data["waivers"]
    assert waiver["scope"]["slices"] == {"age": ["75+"]}
    assert waiver["scope"]["observed"] == {"at_most": "0.4000"}
    assert waiver["check"] == "evaluation.rate_gap@1"
    assert waiver["expires"] == (TODAY + timedelta(days=89)).isoformat()
    assert checked(hcgov, project) == 0
    assert checked(hcgov, project, "--fail-on", "waived") == 1
    listed = json.loads(hcgov("waiver", "list", project.folder, "--output-format", "json").stdout)
    assert [(one["id"], one["state"], one["used"]) for one in listed] == [("W-1", "in_force", True)]


def test_a_draft_with_gaps_is_refused_with_their_places(hcgov: Hcgov, project: Excepting):
    drafted(hcgov, project)
    run = hcgov("check", project.folder, "--no-mlflow")
    assert run.exit_code == 2
    assert re.search(r"waivers\.yaml:\d+:13", run.stderr)
    assert "approvals.0.by" in run.stderr


@pytest.mark.parametrize(
    ("kind", "why"),
    [("mandatory", "it is mandatory"), ("advisory", "it is advice"), ("met", "nothing of it")],
)
def test_what_cannot_be_waived_gives_no_draft(hcgov: Hcgov, project: Excepting, kind: str, why: str):
    if kind == "met":
        project.refused(EVEN)
    else:
        project.policy(enforcement=kind)
    checked(hcgov, project)
    run = hcgov("waiver", "new", "ACME-1", "--from", project.folder)
    assert (run.exit_code, run.stdout) == (2, "")
    assert why in run.stderr


def test_a_misspelt_control_is_told_with_the_nearest(hcgov: Hcgov, project: Excepting):
    checked(hcgov, project)
    run = hcgov("waiver", "new", "ACNE-1", "--from", project.folder)
    assert run.exit_code == 2
    assert "ACME-1" in run.stderr


def test_a_draft_overwrites_no_file(hcgov: Hcgov, project: Excepting):
    path = drafted(hcgov, project)
    run = hcgov("waiver", "new", "ACME-1", "--from", project.folder, "-o", path)
    assert run.exit_code == 2
    assert "there already" in run.stderr


def test_the_check_of_waivers_leaves_with_what_it_found(hcgov: Hcgov, project: Excepting):
    path = drafted(hcgov, project, "--approver", "cro@acme.example")
    assert hcgov("waiver", "check", project.folder).exit_code == 0
    later = (TODAY + timedelta(days=90)).isoformat()
    ended = hcgov("waiver", "check", project.folder, "--on", later)
    assert (ended.exit_code, "expired" in ended.stdout) == (1, True)
    soon = hcgov("waiver", "list", project.folder, "--on", (TODAY + timedelta(days=80)).isoformat())
    assert "ends soon" in soon.stdout
    early = hcgov("waiver", "list", project.folder, "--on", (TODAY - timedelta(days=1)).isoformat())
    assert "not started" in early.stdout
    for record in (project.folder / ".hcgov").glob("report.json"):
        record.unlink()
    assert hcgov("waiver", "check", project.folder).exit_code == 3
    path.write_text(path.read_text(encoding="utf-8").replace("ACME-1", "ACME-9"), encoding="utf-8")
    assert hcgov("waiver", "check", project.folder).exit_code == 2
    listed = hcgov("waiver", "list", project.folder)
    assert (listed.exit_code, "there is no control `ACME-9`" in listed.stdout) == (0, True)


def test_a_waiver_is_signed_by_who_approves(hcgov: Hcgov, tmp_path: Path):
    project = Excepting(tmp_path / "grave", severity="high")
    made = hcgov("keys", "new", "risk-owner", "--role", "risk-owner", "--out", tmp_path / "keys")
    _, _, entry = made.stdout.partition("hcgov: 1\n")
    (project.folder / "trust.yaml").write_text("hcgov: 1\n" + entry, encoding="utf-8")
    drafted(hcgov, project, "--approver", "cro@acme.example")
    project.manifest("waivers: waivers.yaml", "trust: trust.yaml")
    assert checked(hcgov, project) == 2
    run = hcgov("waiver", "sign", "W-1", project.folder, "--key", tmp_path / "keys" / "risk-owner.key")
    assert (run.exit_code, (project.folder / "W-1.dsse.json").is_file()) == (0, True)
    assert checked(hcgov, project) == 0
    assert "W-2" in hcgov("waiver", "sign", "W-2", project.folder, "--key", tmp_path / "k.key").stderr


def test_known_failures_are_taken_in_with_an_owner_and_only_improve(hcgov: Hcgov, project: Excepting):
    project.manifest("baseline: baseline.yaml")
    (project.folder / "baseline.yaml").write_text("kind: Baseline\n", encoding="utf-8")
    assert checked(hcgov, project) == 1
    refused = hcgov("baseline", "update", project.folder)
    assert (refused.exit_code, "--owner" in refused.stderr) == (2, True)
    ratchet = hcgov("baseline", "update", project.folder, "--only-improve")
    assert "not taken in  ACME-1  age=75+ against age=18-29" in ratchet.stdout
    assert checked(hcgov, project) == 1
    until = (TODAY + timedelta(days=30)).isoformat()
    taken = hcgov("baseline", "update", project.folder, "--owner", "cro@acme.example", "--expires", until)
    assert taken.exit_code == 0
    assert checked(hcgov, project) == 0
    shown = hcgov("baseline", "show", project.folder).stdout
    assert shown.count("cro@acme.example, until") == 2
    project.refused(EVEN)
    checked(hcgov, project)
    hcgov("baseline", "update", project.folder, "--only-improve")
    assert hcgov("baseline", "show", project.folder).stdout == "no known failure\n"


def test_a_first_baseline_may_be_made_where_the_file_is_not_there_yet(hcgov: Hcgov, project: Excepting):
    checked(hcgov, project)
    project.manifest("baseline: kept/baseline.yaml")
    until = date(TODAY.year + 1, 1, 31).isoformat()
    run = hcgov("baseline", "update", project.folder, "--owner", "cro@acme.example", "--expires", until)
    assert run.exit_code == 0
    assert checked(hcgov, project) == 0


@pytest.mark.parametrize("words", [("update",), ("show",)])
def test_a_project_without_a_baseline_is_told_how_to_name_one(hcgov: Hcgov, project: Excepting, words):
    checked(hcgov, project)
    more = ("--only-improve",) if words == ("update",) else ()
    run = hcgov("baseline", *words, project.folder, *more)
    assert run.exit_code == 2
    assert "add `baseline: baseline.yaml`" in run.stderr


def test_the_trusted_ref_of_a_check(hcgov: Hcgov, project: Excepting):
    committed(project.folder, "base")
    drafted(hcgov, project, "--approver", "cro@acme.example")
    assert checked(hcgov, project) == 0
    run = hcgov("check", project.folder, "--no-mlflow", "--stage", "evaluation", "--trusted-ref", "main")
    assert run.exit_code == 1
    assert "the waiver W-1 of ACME-1 is added by this change" in " ".join(run.stdout.split())
    wrong = hcgov("check", project.folder, "--no-mlflow", "--trusted-ref=--output=x")
    assert wrong.exit_code == 2
    assert "HCG-G001" in wrong.stderr
