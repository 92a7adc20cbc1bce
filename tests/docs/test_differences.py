"""The commands of the guide about differences do what it says, in its order."""

import re
import shlex
from pathlib import Path

import pytest

from hcgov.core.record import ReportV1
from hcgov.io.render.json_report import read_report
from tests.app.excepting import Excepting
from tests.cli.conftest import Hcgov, hcgov  # noqa: F401 - a fixture
from tests.io.repository import committed, git

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"^\$ (hcgov (?:policy (?:diff|explain)|diff|check .*--baseline).*)$", GUIDE, re.MULTILINE
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Excepting:
    """A project that fails, a copy of its policy and its record, and then a looser limit that it keeps."""
    made = Excepting(tmp_path / "my-assistant")
    policy = made.folder / "own.yaml"
    text = policy.read_text(encoding="utf-8").replace("ACME-1", "ACME-EVL-007")
    policy.write_text(text, encoding="utf-8")
    (tmp_path / "before.yaml").write_text(text, encoding="utf-8")
    committed(made.folder)
    git(made.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    policy.write_text(text.replace('"0.10"', '"0.50"'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return made


def test_the_guide_shows_each_command():
    assert [shlex.split(command)[1:3] for command in COMMANDS] == [
        ["policy", "diff"],
        ["policy", "diff"],
        ["policy", "explain"],
        ["check", "my-assistant"],
        ["diff", "before.json"],
        ["diff", "before.json"],
    ]


def test_the_commands_do_what_the_guide_says(
    project: Excepting,
    hcgov: Hcgov,  # noqa: F811 - the fixture
):
    before = project.folder / "own.yaml"
    looser = before.read_text(encoding="utf-8")
    before.write_text(looser.replace('"0.50"', '"0.10"'), encoding="utf-8")
    assert hcgov("check", "my-assistant", "--no-mlflow", "--stage", "evaluation").exit_code == 1
    Path("before.json").write_bytes((project.folder / ".hcgov" / "report.json").read_bytes())
    before.write_text(looser, encoding="utf-8")
    ran = {}
    for command in COMMANDS:
        more = ["--no-mlflow", "--stage", "evaluation"] if command.startswith("hcgov check") else []
        ran[command] = hcgov(*shlex.split(command)[1:], *more)
    packs, at_ref, explained, checked, text, table = (ran[command] for command in COMMANDS)
    assert [one.exit_code for one in ran.values()] == [0, 1, 0, 0, 0, 0]
    for one in (packs, at_ref):
        assert "  limit.at_most: 0.10 -> 0.50: loosen\n" in one.stdout
        assert (
            "asks for MAJOR (ACME-EVL-007 loosened or not comparable); it was the same version" in one.stdout
        )
    assert "smallest change that would alter the verdict" in explained.stdout
    assert "fixed: 1\n  ACME-EVL-007  fail -> pass" in checked.stdout
    report: ReportV1 = read_report((project.folder / ".hcgov" / "report.json").read_bytes())
    assert report.compared_with is not None
    assert (report.compared_with.fixed, report.compared_with.looser) == (("ACME-EVL-007",), ("ACME-EVL-007",))
    assert "ACME-EVL-007  limit.at_most: 0.10 -> 0.50: loosen" in text.stdout
    assert "| fixed | ACME-EVL-007 | fail | pass |" in table.stdout
