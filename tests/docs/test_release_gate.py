"""What the page on the release gate shows is understood, and its commands do what it says, in a real registry."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from hcgov.cli import app
from tests.app.releasing import Registered
from tests.cli.conftest import Hcgov, copied, hcgov  # noqa: F401 - a fixture

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "release-gate.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (hcgov .*)$", PAGE, re.MULTILINE)
RUNS = re.findall(r"^- run: (hcgov .*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", [*COMMANDS, *RUNS])
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
    registered = Registered(tmp_path)
    project = copied("support-copilot", tmp_path / "my-assistant")
    registered.version("assistant", project / "relay.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registered.store.uri)
    said = []
    for command in COMMANDS:
        words = shlex.split(command)[1:]
        run = hcgov(*words, "--no-mlflow") if words[0] == "check" else hcgov(*words)
        assert run.exit_code == 0, (command, run.output)
        said.append(run.output)
        assert registered.alias("assistant") == ("1" if len(said) > 3 else "")
    assert [line.split()[:2] for line in said[1].splitlines()] == [
        line.split()[:2] for line in PAGE.split("```text\n")[1].split("```")[0].splitlines()
    ]
    assert "would move alias `champion` -> models:/assistant/1" in said[2]
    assert "alias `champion` -> models:/assistant/1 in sqlite:///" in said[3]
    assert re.search(r"^ok +assistant@champion +version 1, promoted on record 2", said[4], re.MULTILINE)

    registered.version("assistant", project / "relay.yaml")
    registered.client.set_registered_model_alias("assistant", "shadow", "2")
    run = hcgov("gate", "--audit-registry", "my-assistant")
    assert run.exit_code == 1
    assert "no      assistant@shadow  version 2 was never promoted to it" in run.output
    assert "1 of 2 moved outside hcgov" in run.output
