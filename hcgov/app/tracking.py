"""Send records to MLflow that are on disk."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hcgov.app.gate import told
from hcgov.app.save import HOME, RUNS
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.manifest import FILE, read_manifest
from hcgov.io.tracking.delivery import log_records
from hcgov.io.tracking.outcome import Logged
from hcgov.io.tracking.pending import pending_runs, read_sidecar
from hcgov.io.tracking.uri import choose_store


@frozen
class LogOutcome:
    """What to tell the user, and whether everything is logged now."""

    lines: tuple[str, ...]
    complete: bool


def log_pending(paths: Sequence[Path], tracking_uri: str) -> LogOutcome:
    """Send records: files as named, and of a project's folder all that wait (or its newest, never sent).

    Raises
    ------
    AuthoringError
        A path is neither a record nor a project.
    """
    lines: list[str] = []
    complete = True
    for path in paths:
        root = path if path.is_dir() else _project_of(path)
        records = _waiting(path) if path.is_dir() else (path,)
        if not path.exists():
            raise AuthoringError(
                [_mistake(f"there is no record at `{path}`", "name a report.json or a project")]
            )
        if not records:
            lines.append(f"nothing waits to be logged in {path}")
            continue
        manifest_uri, experiment = _tracking(root)
        store = choose_store(root, environ=os.environ, flag=tracking_uri, manifest=manifest_uri)
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        outcomes = log_records(records, store, os.environ, at=at, experiment=experiment)
        for record, outcome in zip(records, outcomes, strict=True):
            lines += [f"record  {record}", *told(outcome, str(path))]
            complete = complete and isinstance(outcome, Logged)
    return LogOutcome(lines=tuple(lines), complete=complete)


def _waiting(root: Path) -> tuple[Path, ...]:
    runs = root / HOME / RUNS
    waiting = tuple(one.report for one in pending_runs(runs))
    if waiting:
        return waiting
    latest = max(runs.glob("*/report.json"), default=None)
    return (latest,) if latest is not None and read_sidecar(latest) is None else ()


def _project_of(record: Path) -> Path:
    """Return the project that a record belongs to, or the working directory."""
    return next((p for p in record.absolute().parents if (p / FILE).exists()), Path())


def _tracking(root: Path) -> tuple[str, str]:
    """Return the store and experiment that the manifest names, where it can be read."""
    manifest, _ = read_manifest(root)
    if manifest is None:
        return "", ""
    return manifest.project.tracking.uri, manifest.project.tracking.experiment


def _mistake(message: str, help_: str) -> Mistake:
    return Mistake(code="HCG-U001", message=message, help=help_)
