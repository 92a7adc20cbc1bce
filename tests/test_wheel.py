"""The wheel: it holds what hcgov needs and nothing else, and the main job runs from it, outside the repository."""

import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from hcgov import __version__

ROOT = Path(__file__).resolve().parent.parent
CARRIED = {
    "policies": "policies",
    "checklists": "checklists",
    "reports/templates": "reports/templates",
    "reports/catalogues": "reports/catalogues",
    "reports/schemas": "reports/schemas",
    "examples": "examples",
}
LEFT_BEHIND = {".hcgov", "__pycache__", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache"}


def built(source: Path, out: Path) -> Path:
    run = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr + run.stdout
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("dist"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not LEFT_BEHIND & set(path.relative_to(folder).parts)
    }


@pytest.mark.parametrize(("folder", "place"), CARRIED.items(), ids=CARRIED)
def test_the_wheel_carries_what_hcgov_reads_at_run_time(folder, place, wheel: Path):
    expected = {f"hcgov/_data/{place}/{name}" for name in below(ROOT / folder)}
    assert len(expected) > 0
    assert expected == {name for name in names(wheel) if name.startswith(f"hcgov/_data/{place}/")}


def test_the_wheel_carries_every_module_its_types_and_its_licence(wheel: Path):
    held = names(wheel)
    assert {f"hcgov/{name}" for name in below(ROOT / "hcgov")} <= held
    assert "hcgov/py.typed" in held
    assert f"hcgov-{__version__}.dist-info/licenses/LICENSE" in held


def test_the_wheel_carries_nothing_else(wheel: Path):
    allowed = ("hcgov/", f"hcgov-{__version__}.dist-info/")
    for name in names(wheel):
        assert name.startswith(allowed)
        assert not {"tests", "benchmarks", ".ci", *LEFT_BEHIND} & set(name.split("/"))
        assert not name.endswith((".pyc", ".db", ".whl"))


def test_the_wheel_says_what_pyproject_says(wheel: Path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        about = archive.read(f"hcgov-{__version__}.dist-info/METADATA").decode()
        points = archive.read(f"hcgov-{__version__}.dist-info/entry_points.txt").decode()
    metadata = Parser().parsestr(about)
    assert metadata["License-Expression"] == "Apache-2.0"
    required = [r for r in metadata.get_all("Requires-Dist") if "extra ==" not in r]
    assert len(required) == len(project["dependencies"])
    for group, entries in project["entry-points"].items():
        assert f"[{group}]" in points
        for name, target in entries.items():
            assert f"{name} = {target}" in points
    assert "hcgov = hcgov.__main__:main" in points


def test_what_checks_and_tests_leave_in_the_examples_stays_out_of_the_wheel(tmp_path: Path):
    source = tmp_path / "source"
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".git", "tests", "docs", "benchmarks", *LEFT_BEHIND)
    )
    (source / ".gitignore").unlink()  # what is left out does not depend on version control
    for litter in (".hcgov/report.json", ".hcgov/mlflow.db", "__pycache__/generate.cpython-311.pyc"):
        path = source / "examples" / "support-copilot" / litter
        path.parent.mkdir(exist_ok=True)
        path.write_text("somebody's own")
    held = names(built(source, tmp_path / "dist"))
    assert "hcgov/_data/examples/support-copilot/hcgov.yaml" in held
    assert not [name for name in held if LEFT_BEHIND & set(name.split("/"))]


MAIN_JOB = """
import json, subprocess, sys
from pathlib import Path
import hcgov
from hcgov.io.data import data_path
print(json.dumps([hcgov.__file__, str(data_path("policies")), str(data_path("examples")), hcgov.__version__]))
"""


def places(python: list[str], where: Path, env: dict[str, str]) -> list[str]:
    run = subprocess.run(
        [*python, "-c", MAIN_JOB], capture_output=True, text=True, cwd=where, env=env, check=False
    )
    assert run.returncode == 0, run.stderr
    import json

    return json.loads(run.stdout)


def run_main_job(python: list[str], where: Path, env: dict[str, str]) -> None:
    """The main job from an empty folder: the demo passes, and its project fails once it is broken."""
    command = [*python, "-m", "hcgov"]

    def hcgov(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *args],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=where,
            env=env,
            check=False,
        )

    run = hcgov("demo", "--no-mlflow")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "READY  21 met" in run.stdout
    assert (
        (where / "hcgov-demo" / ".hcgov" / "report.html")
        .read_text(encoding="utf-8")
        .startswith("<!doctype html>")
    )
    assert (where / "hcgov-demo" / "MODEL_CARD.md").exists()
    (where / "hcgov-demo" / "design" / "purpose.yaml").write_text("kind: Purpose\n")
    assert hcgov("check", "hcgov-demo", "--stage", "design", "--no-mlflow", "-q").returncode == 1
    assert hcgov("init", "mine").returncode == 0
    assert hcgov("rules").returncode == 0


def test_the_main_job_runs_from_the_wheel_outside_the_repository(wheel: Path, tmp_path: Path):
    """Only the dependencies come from this environment: `-P` and an own path put the wheel before any checkout."""
    site, where = tmp_path / "site", tmp_path / "elsewhere"
    where.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    installed = subprocess.run(
        [*pip, "--target", str(site), str(wheel)], capture_output=True, text=True, check=False
    )
    assert installed.returncode == 0, installed.stderr
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "MLFLOW"))} | {
        "PYTHONPATH": str(site)
    }
    python = [sys.executable, "-P"]
    file, policies, examples, version = places(python, where, env)
    assert version == __version__
    for path in (file, policies, examples):
        assert Path(path).is_relative_to(site), f"{path} is not from the wheel"
        assert not Path(path).is_relative_to(ROOT)
    run_main_job(python, where, env)


@pytest.mark.slow
def test_the_main_job_runs_in_a_clean_environment(wheel: Path, tmp_path: Path):
    """Nothing but the wheel and what it asks for, from the index that pip is set up with."""
    home, where = tmp_path / "venv", tmp_path / "elsewhere"
    where.mkdir()
    venv.create(home, with_pip=True)
    bin_ = home / ("Scripts" if os.name == "nt" else "bin")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "MLFLOW", "VIRTUAL_ENV"))}
    installed = subprocess.run(
        [str(bin_ / "python"), "-m", "pip", "install", "--quiet", str(wheel)],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr
    python = [str(bin_ / "python"), "-I"]
    for path in places(python, where, env)[:3]:
        assert Path(path).is_relative_to(home)
    run_main_job(python, where, env)
    run = subprocess.run(
        [str(bin_ / "hcgov"), "demo", "logged"],
        capture_output=True,
        text=True,
        cwd=where,
        env=env,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "mlflow  run " in run.stdout
    assert (where / "logged" / ".hcgov" / "mlflow.db").exists()
