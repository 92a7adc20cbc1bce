"""The file that ProPublica published as a project, to be checked against a policy."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from hcgov.app.check import Asked, run_check
from hcgov.core.record import ControlV1, ReportV1

MANIFEST = """\
hcgov: 1
kind: Project
system: {name: COMPAS, version: "2016", risk_profile: high}
policies: [pack.yaml]
slices: {by: [race], min_people: 30}
artifacts:
  predictions:
    kind: table
    path: compas.csv
    unit: person
    columns: {decile: 11}
    roles: {score: decile}
    outcomes:
      prediction: {column: decile, at_least: 5, adverse: higher}
      cleared: {column: decile, positive: [1, 2, 3, 4], adverse: lower}
      label: {column: two_year_recid, positive: [1]}
"""


def published(real_data: Path) -> Path:
    """Return the file."""
    return real_data / "compas-propublica" / "compas-scores-two-years.csv"


def checked(real_data: Path, root: Path, pack: str) -> ReportV1:
    """Check the file against a policy."""
    shutil.copy(published(real_data), root / "compas.csv")
    (root / "hcgov.yaml").write_text(MANIFEST)
    (root / "pack.yaml").write_text(pack)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return run_check(Asked(root=root, now=now, stages=("evaluation",)), lambda _: None).report


def control_of(report: ReportV1, id_: str) -> ControlV1:
    """Return a control of a report."""
    return next(control for control in report.controls if control.id == id_)
