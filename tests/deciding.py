"""Small projects, one for each way in which a gate can decide, as they stand today."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.app.excepting import EVEN, UNEVEN, Excepting

STAGE = "evaluation"


def passed(folder: Path) -> None:
    Excepting(folder).refused(EVEN)


def with_conditions(folder: Path) -> None:
    project = Excepting(folder)
    today = datetime.now(UTC).date()
    written = project.waiver(expires=(today + timedelta(days=20)).isoformat())
    project.manifest("waivers: waivers.yaml")
    project.waivers(written.replace("starts: 2026-12-01", f"starts: {today - timedelta(days=1)}"))


def failed(folder: Path) -> None:
    Excepting(folder).refused(UNEVEN)


def warned(folder: Path) -> None:
    Excepting(folder, enforcement="advisory").refused(UNEVEN)


def inconclusive(folder: Path) -> None:
    project = Excepting(folder)
    project.refused({"18-29": 300, "75+": 390})


def missing(folder: Path) -> None:
    Excepting(folder)
    (folder / "p.csv").unlink()


def broken(folder: Path) -> None:
    project = Excepting(folder)
    project.refused(EVEN)
    path = folder / "hcgov.yaml"
    pinned = path.read_text(encoding="utf-8").replace("path: p.csv", f"path: p.csv, sha256: '{'0' * 64}'")
    path.write_text(pinned, encoding="utf-8")


def not_applicable(folder: Path) -> None:
    project = Excepting(folder)
    project.refused(EVEN)
    policy = folder / "own.yaml"
    written = policy.read_text(encoding="utf-8")
    condition = "    applies_when: {fact: system.risk_profile, eq: low}\n"
    policy.write_text(
        written.replace("    severity: medium\n", condition + "    severity: medium\n"), encoding="utf-8"
    )


PROJECTS: dict[str, tuple[Callable[[Path], None], str, int]] = {
    "passed": (passed, "passed", 0),
    "conditions": (with_conditions, "passed_with_conditions", 0),
    "warned": (warned, "passed", 0),
    "not_applicable": (not_applicable, "passed", 0),
    "failed": (failed, "failed", 1),
    "inconclusive": (inconclusive, "incomplete", 3),
    "missing": (missing, "incomplete", 3),
    "broken": (broken, "incomplete", 4),
}
"""By name: what makes it, its decision, and the exit code."""


def made(name: str, folder: Path) -> Path:
    PROJECTS[name][0](folder)
    return folder
