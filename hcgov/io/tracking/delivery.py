"""Logging records and noting beside each what became of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hcgov.core.text import text
from hcgov.io.tracking.outcome import Logged, NotLogged, Outcome
from hcgov.io.tracking.pending import SidecarV1, mark_pending, read_sidecar, write_sidecar
from hcgov.io.tracking.protocol import BAD_RECORD
from hcgov.io.tracking.tracker import Job, Tracker
from hcgov.io.tracking.uri import Store, shown

LATER_PATIENCE = 30.0
"""Seconds of silence for ``hcgov log``, where nothing but the store is waited for."""


def deliver(tracker: Tracker, store: Store, job: Job, *, at: str) -> Outcome:
    """Log a record through a running process and keep its note up to date.

    Parameters
    ----------
    tracker
        A started tracking process.
    store
        The store it was started with.
    job
        The record; the run that its note names is taken up again.
    at
        Time, ISO 8601 in UTC, for the note.
    """
    noted = mark_pending(job.report, uri=shown(store.uri), at=at)
    begun = {"run_id": noted.run_id, "experiment": noted.experiment}

    def on_run(run_id: str, experiment: str) -> None:
        begun.update(run_id=run_id, experiment=experiment)
        write_sidecar(job.report, noted.model_copy(update=begun))

    tracker.send(replace(job, run_id=job.run_id or noted.run_id))
    outcome = tracker.wait(on_run)
    write_sidecar(job.report, _after(noted, outcome, begun, _digest(job.report)))
    return outcome


def log_records(
    reports: Sequence[Path],
    store: Store,
    environ: Mapping[str, str],
    *,
    at: str,
    experiment: str = "",
    files: Mapping[Path, tuple[tuple[Path, str], ...]] | None = None,
    patience: float = LATER_PATIENCE,
    again: bool = False,
) -> list[Outcome]:
    """Log records that are on disk, in their order; what is logged already is not sent again.

    Parameters
    ----------
    reports
        Paths of records, or of the folders that hold a ``report.json``.
    store, environ
        The store and the caller's environment variables.
    at
        Time, ISO 8601 in UTC, for the notes.
    experiment
        Experiment; each system's name if empty.
    files
        Further files of a record, by its path in ``reports``.
    patience
        Seconds that the store may be silent.
    again
        Send also what is noted as logged, for a store that was lost.

    Returns
    -------
    list of Outcome
        One for each record. Once a store does not answer, the records after it are not tried.
    """
    paths = [path / "report.json" if path.is_dir() else path for path in reports]
    extra = {(p / "report.json" if p.is_dir() else p): given for p, given in (files or {}).items()}
    outcomes: list[Outcome | None] = [None if again else _already(path, store) for path in paths]
    if all(outcome is not None for outcome in outcomes):
        return [outcome for outcome in outcomes if outcome is not None]
    with Tracker.start(store, environ, patience=patience) as tracker:
        return [
            outcome
            or _missing(path, store)
            or deliver(
                tracker, store, Job(report=path, experiment=experiment, files=extra.get(path, ())), at=at
            )
            for path, outcome in zip(paths, outcomes, strict=True)
        ]


def _missing(path: Path, store: Store) -> NotLogged | None:
    """Refuse a path that is no file before a note is written beside nothing."""
    if path.is_file():
        return None
    reason = text("there is no record at `{path}`", path=path)
    return NotLogged(reason=reason, code=BAD_RECORD, uri=shown(store.uri))


def _already(path: Path, store: Store) -> Logged | None:
    noted = read_sidecar(path)
    if noted is None or noted.state != "logged" or noted.uri != shown(store.uri):
        return None
    if not noted.report_sha256 or noted.report_sha256 != _digest(path):
        return None
    return Logged(run_id=noted.run_id, experiment=noted.experiment, uri=noted.uri)


def _after(noted: SidecarV1, outcome: Outcome, begun: Mapping[str, str], digest: str) -> SidecarV1:
    attempts = noted.attempts + 1
    if isinstance(outcome, Logged):
        return noted.model_copy(
            update={
                "state": "logged",
                "run_id": outcome.run_id,
                "experiment": outcome.experiment,
                "report_sha256": digest,
                "attempts": attempts,
                "last_error": "",
            }
        )
    return noted.model_copy(update={**begun, "attempts": attempts, "last_error": str(outcome.reason)})


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
