"""Breaking the green example: a copy of it, ways to break it, and how a check of it ends."""

import csv
import hashlib
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hcgov.app.check import Asked, run_check
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.record import ReportV1
from hcgov.core.status import EXIT_USAGE
from hcgov.io.data import data_path

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GREEN = data_path("examples", "support-copilot")

PATHS = {
    "assistant": "relay.yaml",
    "stakeholders": "design/stakeholders.yaml",
    "purpose": "design/purpose.yaml",
    "dataset_card": "data/dataset_card.md",
    "datasheet": "data/datasheet.md",
    "croissant": "data/croissant.json",
    "quality_suite": "data/quality_suite.json",
    "population_target": "data/population.yaml",
    "training_data": "data/tickets.jsonl",
    "withdrawals": "data/withdrawals.csv",
    "training_run": "training/run.json",
    "predictions": "evaluation/suggestions.csv",
    "model_card": "deployment/model_card.md",
    "signoff": "deployment/signoff.yaml",
}
"""Artifacts of the example; a test holds this against its manifest."""

ANSWERS = {
    "purpose-and-people": "answers/purpose-and-people.yaml",
    "data-rights": "answers/data-rights.yaml",
    "release-readiness": "answers/release-readiness.yaml",
}

READ_BY = {
    "assistant": ("HC-DEP-04",),
    "stakeholders": ("HC-DSN-01",),
    "purpose": ("HC-DSN-02",),
    "dataset_card": ("HC-DAT-01",),
    "datasheet": ("HC-DAT-02",),
    "croissant": ("HC-DAT-03",),
    "quality_suite": ("HC-DAT-04",),
    "population_target": ("HC-DAT-06",),
    "training_data": ("HC-DAT-04", "HC-DAT-05", "HC-DAT-06", "HC-TRN-02"),
    "withdrawals": ("HC-DAT-05",),
    "training_run": ("HC-TRN-01", "HC-TRN-02"),
    "predictions": ("HC-EVL-01", "HC-EVL-02", "HC-EVL-03", "HC-EVL-04", "HC-EVL-05"),
    "model_card": ("HC-DEP-01", "HC-DEP-02"),
    "signoff": ("HC-DEP-04",),
    "purpose-and-people": ("HC-DSN-03",),
    "data-rights": ("HC-DAT-07",),
    "release-readiness": ("HC-DEP-03",),
}
"""Controls that read each artifact; a test holds this against the plan."""

TABLES = ("training_data", "withdrawals", "predictions")


def readers(artifact: str) -> tuple[str, ...]:
    """Return the controls to judge for a broken artifact: all that read it but the one that is slow to start."""
    slow = {"HC-DAT-04"} if artifact != "quality_suite" else set()
    return tuple(id_ for id_ in READ_BY[artifact] if id_ not in slow)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a check ended: its code, and either a record or the mistakes because of which nothing was evaluated."""

    code: int
    report: ReportV1 | None
    mistakes: tuple[Mistake, ...]
    crashes: tuple[tuple[str, BaseException], ...] = ()

    @property
    def verdicts(self) -> dict[str, str]:
        return {control.id: control.verdict for control in self.report.controls} if self.report else {}

    @property
    def open(self) -> dict[str, str]:
        """Verdicts of the controls that did not pass."""
        return {id_: verdict for id_, verdict in self.verdicts.items() if verdict != "pass"}

    def told(self) -> str:
        """Everything that is said about controls that did not pass, or about mistakes."""
        if self.report is None:
            return "\n".join(f"{m.where} {m.code} {m.message}; {m.help}" for m in self.mistakes)
        return "\n".join(
            finding.message.text
            for control in self.report.controls
            for finding in control.findings
            if finding.verdict != "pass"
        )

    def reasons(self) -> set[str]:
        findings = (f for c in (self.report.controls if self.report else ()) for f in c.findings)
        return {finding.reason for finding in findings if finding.verdict == "inconclusive"}


class Copy:
    """A copy of the green example, to be broken."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "copy"
        shutil.copytree(GREEN, self.root, ignore=shutil.ignore_patterns(".hcgov", "__pycache__"))

    def file(self, artifact: str) -> Path:
        return self.root / (PATHS | ANSWERS)[artifact]

    def replace(self, path: str, old: str, new: str) -> None:
        content = (self.root / path).read_text(encoding="utf-8")
        assert old in content, f"`{path}` holds no `{old}`"
        (self.root / path).write_text(content.replace(old, new, 1), encoding="utf-8")

    def manifest(self, old: str, new: str) -> None:
        self.replace("hcgov.yaml", old, new)

    def unpin(self, artifact: str) -> None:
        """Take an artifact's digest out of the manifest; most have none."""
        pin = f"    sha256: {hashlib.sha256(self.file(artifact).read_bytes()).hexdigest()}\n"
        if pin in (self.root / "hcgov.yaml").read_text(encoding="utf-8"):
            self.manifest(pin, "")

    def rows(self, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
        """Change the rows of the predictions, which are not pinned any more then."""
        self.unpin("predictions")
        path = self.file("predictions")
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns, rows = list(reader.fieldnames or ()), list(reader)
        changed = change(rows)
        out = io.StringIO()
        writer = csv.DictWriter(out, list(changed[0]) if changed else columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(changed)
        path.write_text(out.getvalue(), encoding="utf-8")

    def header(self, old: str, new: str) -> None:
        """Change a name in the header of the predictions, and nothing else."""
        self.unpin("predictions")
        header, _, rest = self.file("predictions").read_text(encoding="utf-8").partition("\n")
        names = header.split(",")
        names[names.index(old)] = new
        self.file("predictions").write_text(f"{','.join(names)}\n{rest}", encoding="utf-8")

    def check(self, *select: str, stages: tuple[str, ...] = ()) -> Ended:
        """Check the copy on the day that its answers are valid on; no control named means all."""
        asked = Asked(root=self.root, now=NOW, select=select, stages=stages)
        try:
            checked = run_check(asked, lambda _: None)
        except AuthoringError as error:
            return Ended(code=EXIT_USAGE, report=None, mistakes=error.mistakes)
        return Ended(
            code=checked.report.decision.exit_code,
            report=checked.report,
            mistakes=(),
            crashes=checked.crashes,
        )
