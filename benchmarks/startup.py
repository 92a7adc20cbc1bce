"""What it costs to start: help, version, and a whole check with and without tracking.

Use::

    python benchmarks/startup.py [--only check] [--peers] [--write]
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import (
    OUT,
    ROOT,
    Aim,
    Side,
    arguments,
    at_most,
    compare,
    machine,
    publish,
    row,
    run_once,
    wanted,
    within,
)

PYTHON = sys.executable
PEERS = ROOT / "benchmarks" / "peers"
EXAMPLE = ROOT / "examples" / "support-copilot"


@dataclass(frozen=True, kw_only=True)
class Row:
    """Two commands and what is aimed at."""

    label: str
    ours: Side
    theirs: Side
    aim: Aim | None


def hcgov(*words: str, **env: str) -> Side:
    """Return a call of hcgov as a user makes it, but by this interpreter."""
    script = Path(PYTHON).with_name("hcgov")
    start = (PYTHON, str(script)) if script.exists() else (PYTHON, "-m", "hcgov")
    return Side(command=(*start, *words), env=env)


def peer(name: str, *words: str, **env: str) -> Side:
    """Return a call of a peer of this folder."""
    return Side(command=(PYTHON, str(PEERS / f"{name}.py"), *words), env=env)


def rows() -> list[Row]:
    """Return the rows; projects are copied so that nothing is written into an example."""
    store = f"sqlite:///{OUT / 'startup' / 'mlflow.db'}"
    project = str(OUT / "startup" / "project")
    stage = ("check", project, "--stage", "evaluation", "--no-progress", "--fresh")
    return [
        Row(
            label="`--help` against a bare Typer program without rich",
            ours=hcgov("--help"),
            theirs=peer("bare_typer", "--help", BARE="plain"),
            aim=at_most(1.3),
        ),
        Row(
            label="`--help` against a bare Typer program as it comes",
            ours=hcgov("--help"),
            theirs=peer("bare_typer", "--help"),
            aim=at_most(1.3),
        ),
        Row(
            label="`--version` against `python -c pass`",
            ours=hcgov("--version"),
            theirs=Side(command=(PYTHON, "-c", "pass")),
            aim=within(0.030),
        ),
        Row(
            label="`check --stage evaluation --no-mlflow` against the imports alone",
            ours=hcgov(*stage, "--no-mlflow"),
            theirs=peer("imports_only"),
            aim=at_most(1.3),
        ),
        Row(
            label="`check --stage evaluation`, tracked, against MLflow logging one batch",
            ours=hcgov(*stage, "--tracking-uri", store),
            theirs=peer("mlflow_one_batch", store),
            aim=at_most(1.2),
        ),
    ]


def prepare() -> None:
    """Copy the example, and let MLflow make the store that both sides open."""
    folder = OUT / "startup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if EXAMPLE.is_dir():
        shutil.copytree(EXAMPLE, folder / "project", ignore=shutil.ignore_patterns(".hcgov"))
    run_once(peer("mlflow_one_batch", f"sqlite:///{folder / 'mlflow.db'}"))


def main() -> None:
    """Run the rows."""
    parser = arguments(__doc__ or "")
    given = parser.parse_args()
    os.environ.pop("COLUMNS", None)
    chosen = [one for one in rows() if wanted(one.label, given.only)]
    if any("check" in one.label for one in chosen):
        prepare()
    lines = []
    for one in chosen:
        lines.append(
            row(one.label, compare(None if given.peers else one.ours, one.theirs, given.rounds), one.aim)
        )
        sys.stdout.write(f"{lines[-1]}\n")
        sys.stdout.flush()
    about = machine(given.rounds, "typer", "rich", "numpy", "duckdb", "mlflow")
    publish("startup", lines, about, keep=given.write)


if __name__ == "__main__":
    main()
