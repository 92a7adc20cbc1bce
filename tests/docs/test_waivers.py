"""What the page on waivers shows is understood, and its commands do what it says."""

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from hcgov.cli import app
from hcgov.core.acceptance import Waivable, flaws, problems
from hcgov.core.status import Enforcement, Severity
from hcgov.core.terms import Waiver
from hcgov.core.waiver import WaiverSetSpec
from hcgov.io.yaml import parse
from tests.app.excepting import Excepting
from tests.cli.conftest import Hcgov, hcgov  # noqa: F401 - a fixture
from tests.io.repository import committed, git

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "waivers.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (hcgov .*)$", PAGE, re.MULTILINE)
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_waiver_that_is_shown_is_one():
    (block,) = (one for one in BLOCKS if "kind: WaiverSet" in one)
    (waiver,) = WaiverSetSpec.model_validate(parse(block.encode(), "page").data).waivers
    assert flaws(waiver) == ()
    control = Waivable(
        id=waiver.control, check=waiver.check, severity=Severity.HIGH, enforcement=Enforcement.OVERRIDABLE
    )
    assert {problem.code for problem in problems(Waiver(spec=waiver), control)} == {
        "HCG-W006"
    }  # no limit here


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command: str):
    context = typer.main.get_command(app)
    words = shlex.split(command)[1:]
    while hasattr(context, "commands"):
        context = context.commands[words.pop(0)]
    context.make_context("hcgov", words)


def test_the_commands_in_their_order_do_what_the_page_says(
    tmp_path: Path,
    hcgov: Hcgov,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
):
    project = Excepting(tmp_path / "my-assistant", severity="high")
    policy = project.folder / "own.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("ACME-1", "ACME-EVL-007"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    ended = {}
    for command in COMMANDS:
        words = shlex.split(command.replace("2027-03-31", until))[1:]
        if words[:2] == ["waiver", "sign"]:
            completed(project)
        if words[:2] == ["baseline", "update"] and "--owner" in words:
            project.manifest()
            hcgov("check", "my-assistant", "--no-mlflow", "--stage", "evaluation")
            project.manifest("baseline: baseline.yaml")
        if "--trusted-ref" in words:
            committed(project.folder)
            git(project.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
        if words[0] == "check":
            words += ["--no-mlflow", "--stage", "evaluation"]
        ran = hcgov(*words)
        ended[command] = ran.exit_code
        if words[:2] == ["keys", "new"]:
            (project.folder / "trust.yaml").write_text(
                "hcgov: 1\n" + ran.stdout.partition("hcgov: 1\n")[2], encoding="utf-8"
            )
    failing = {"hcgov check my-assistant", "hcgov check my-assistant --fail-on waived"}
    assert {command for command, code in ended.items() if code} == failing
    assert [ended[command] for command in sorted(failing)] == [1, 1]


def completed(project: Excepting) -> None:
    """Fill in what the draft left to people."""
    path = project.folder / "waivers.yaml"
    text = re.sub(r"W-\d{8}-ACME-EVL-007", "W-2026-014", path.read_text(encoding="utf-8"))
    for key, value in (
        ("reason", "Retraining"),
        ("requested_by", "dev@acme.example"),
        ("by", "cro@acme.example"),
    ):
        text = text.replace(f'{key}: ""', f"{key}: {value}")
    path.write_text(text, encoding="utf-8")
    project.manifest("waivers: waivers.yaml", "trust: trust.yaml")
