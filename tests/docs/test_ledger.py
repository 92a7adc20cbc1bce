"""The page about the ledger shows commands that work, in their order, and a trust.yaml that is one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hcgov.io.signing import load_trust
from tests.cli.conftest import environment

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are written for bash")
def test_the_commands_work_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "my-assistant").mkdir()
    (program,) = blocks("python")
    steps = [("bash", line.removeprefix("$ ")) for line in blocks("console")[0].splitlines()]
    steps += [("python", program)]
    steps += [("bash", line.removeprefix("$ ")) for line in blocks("console")[1].splitlines()]
    said = ""
    for shell, step in steps:
        command = (
            ["bash", "-c", f'set -o pipefail; hcgov() {{ "{sys.executable}" -m hcgov "$@"; }}; {step}']
            if shell == "bash"
            else [sys.executable, "-c", step]
        )
        run = subprocess.run(
            command,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment(),
            check=False,
        )
        assert run.returncode == 0, f"{step}\n{run.stderr}"
        said = run.stdout
    assert said.count("verified ") == 3
    assert "jane" not in (tmp_path / "my-assistant/.hcgov/ledger/entries.jsonl").read_text()


def test_the_trust_shown_is_one(tmp_path: Path) -> None:
    (shown,) = blocks("yaml")
    (tmp_path / "trust.yaml").write_text(shown, encoding="utf-8")
    (key,) = load_trust(tmp_path / "trust.yaml").keys.values()
    assert key.name == "ci"
    assert key.revoked is not None


def test_the_files_named_are_those_that_are_written(tmp_path: Path) -> None:
    from tests.io.ledger.made import add, entries_file

    home = tmp_path / ".hcgov"
    add(home, 0)
    with entries_file(home).open("ab") as file:
        file.write(b"{")
    add(home, 1)
    named = set(re.findall(r"^\| `(?:ledger/)?([a-z.]+)", PAGE, re.MULTILINE)) - {"openings.jsonl"}
    written = {path.name.partition("-")[0] for path in (home / "ledger").iterdir()}
    assert named == written
