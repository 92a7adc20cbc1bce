"""What the page on Python and pytest shows runs, and says what is there."""

import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import hcgov
from tests.app.excepting import UNEVEN, Excepting

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "python-api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    Excepting(tmp_path / "my-assistant").refused(UNEVEN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_lines_of_python_run(folder: Path, capsys: pytest.CaptureFixture[str]):
    first, second, _ = blocks("python")
    exec(first, {})
    printed = capsys.readouterr().out
    assert "ACME-1 fail " in printed
    exec(second, {"hcgov": hcgov})
    assert "did you mean `waived`?" in capsys.readouterr().out


def test_the_command_and_the_test_that_are_shown_run(folder: Path):
    (folder / "test_release.py").write_text(blocks("python")[2], encoding="utf-8")
    (command,) = re.findall(r"^\$ (pytest .*)$", PAGE, re.MULTILINE)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    words = [*shlex.split(command), "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, check=False, env=kept, timeout=120
    )
    assert done.returncode == 1, done.stdout
    for failing in (
        "my-assistant/hcgov.yaml::ACME-1",
        "my-assistant/hcgov.yaml::decision",
        "test_release.py::",
    ):
        assert f"FAILED {failing}" in done.stdout


def test_every_name_on_the_page_is_there():
    named = set(re.findall(r"`(\w+)(?:\(\w*\))?`(?=[^|\n]*\| )", PAGE.partition("## With pytest")[0]))
    assert {"passed", "controls", "save", "folder"} <= named
    assert {name for name in named if not hasattr(hcgov.Record, name)} <= {"report", "folder"}
    taken = PAGE.partition("`check` takes what the command takes: ")[2].partition(". Data frames")[0]
    parameters = inspect.signature(hcgov.check).parameters
    assert set(re.findall(r"`(\w+)`", taken)) <= parameters.keys()
