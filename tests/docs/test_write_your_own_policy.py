"""The page for people who write their first policy: every block of it runs, and prints what it shows."""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Hcgov, hcgov  # noqa: F401 - a fixture
from tests.docs.walkthrough import shows, steps, walk

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "write-your-own-policy.md"


def test_what_is_shown_is_compared():
    assert shows("wrote x\n...\nend", "wrote x\n1\n2\nend")
    assert shows("run …", "run 7f3a")
    assert not shows("a", "b")
    assert not shows("a", "a\nb")


def test_every_block_does_what_the_page_says(
    tmp_path: Path,
    hcgov: Hcgov,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)

    def run(command: str) -> str:
        name, *words = shlex.split(command)
        assert name == "hcgov"
        return hcgov(*words).output

    walked = list(walk(PAGE, tmp_path, run))
    assert len(walked) >= 12
    different = {command: printed for command, printed, shown in walked if not shows(shown, printed)}
    assert different == {}


def test_it_shows_every_command_of_policies():
    from hcgov.cli.policy import app

    named = {command.name for command in app.registered_commands} - {"mutate"}
    used = {step.command.split()[2] for step in steps(PAGE) if step.command.startswith("hcgov policy ")}
    assert named <= used
