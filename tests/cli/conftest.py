"""Running hcgov as people do: in this process where words matter, in one of its own where streams and signals do."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hcgov.cli import app
from hcgov.io.data import data_path

Hcgov = Callable[..., Result]
Process = Callable[..., subprocess.CompletedProcess[str]]


def copied(example: str, folder: Path) -> Path:
    """Copy an example; its answers to checklists are dated today, as the command line checks by today's date."""
    shutil.copytree(
        data_path("examples", example), folder, ignore=shutil.ignore_patterns(".hcgov", "__pycache__")
    )
    for answers in (folder / "answers").glob("*.yaml"):
        content = answers.read_text(encoding="utf-8")
        today = datetime.now(UTC).date().isoformat()
        answers.write_text(re.sub(r'on: "[0-9-]{10}"', f'on: "{today}"', content), encoding="utf-8")
    return folder


@pytest.fixture
def green(tmp_path: Path) -> Path:
    return copied("support-copilot", tmp_path / "green")


@pytest.fixture
def red(tmp_path: Path) -> Path:
    return copied("recidivism", tmp_path / "red")


@pytest.fixture
def hcgov(monkeypatch: pytest.MonkeyPatch) -> Hcgov:
    """Run a command in this process."""
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: object) -> Result:
        words = [str(arg) for arg in args]
        monkeypatch.setattr(sys, "argv", ["hcgov", *words])
        return CliRunner().invoke(app, words)

    return run


def environment(**more: str) -> dict[str, str]:
    """Return what a process of its own is given: nothing that colours or reroutes by chance."""
    kept = {
        k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "MLFLOW_TRACKING_URI")
    }
    return kept | {"COLUMNS": "100"} | more


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Run a command in a process of its own."""

    def run(*args: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hcgov", *map(str, args)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment(**more),
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def shell(tmp_path: Path) -> Process:
    """Run a line of bash in which ``$HCGOV`` is the command."""

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", line],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment(HCGOV=f"{sys.executable} -m hcgov"),
            timeout=120,
            check=False,
        )

    return run
