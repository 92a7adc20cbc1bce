"""The gate as people run it: check, keep the record, then let tracking catch up.

Tracking is off the critical path. Its process is started as soon as the plan stands, so that importing MLflow
overlaps with the work; the decision and the report are on disk before anybody waits for a store.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.check import Asked, Checked, run_check
from hcgov.app.project import Loaded
from hcgov.app.rendering import Outputs, write_outputs
from hcgov.app.save import HOME, RUNS, Saved, attach_for_tracking, home_of, save
from hcgov.core.mistake import NotKeptError

if TYPE_CHECKING:
    from hcgov.io.tracking.tracker import Tracker
    from hcgov.io.tracking.uri import Store


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A decided and kept check; tracking may still be under way."""

    checked: Checked
    saved: Saved
    written: tuple[Path, ...]
    tracking: "_Tracking | None"
    at: str

    def finish_tracking(self) -> Iterator[str]:
        """Wait for the store as long as it gives signs of life; yield what to tell the user."""
        if self.tracking is None or self.tracking.tracker is None:
            return
        from hcgov.io.tracking.delivery import deliver
        from hcgov.io.tracking.tracker import Job

        report = self.saved.folder / "report.json"
        attach_for_tracking(self.checked, self.saved)
        job = Job(report=report, experiment=self.checked.loaded.manifest.project.tracking.experiment)
        with self.tracking.tracker as tracker:
            yield from told(deliver(tracker, self.tracking.store, job, at=self.at), str(self.saved.root))


@dataclass
class _Tracking:
    """The tracking process of a run, once it was started."""

    store: "Store"
    tracker: "Tracker | None" = None


def run_gate(
    asked: Asked,
    outputs: Outputs,
    progress: Callable[[str], None],
    *,
    track: bool = True,
    tracking_uri: str = "",
) -> Gate:
    """Check a project, keep the record, write the outputs, and start to log.

    Parameters
    ----------
    outputs
        Further files to write.
    track
        Whether to log; a manifest may switch it off too.
    tracking_uri
        Store given on the command line.

    Raises
    ------
    AuthoringError
        Manifest, policies or outputs are wrong. A store is never a reason to raise.
    NotKeptError
        The record cannot be written.
    """
    started: list[_Tracking] = []

    def start(loaded: Loaded) -> None:
        if track and loaded.manifest.project.tracking.enabled:
            started.append(_start(loaded, tracking_uri))

    try:
        checked = run_check(asked, progress, planned=start)
        tracking = started[0] if started else None
        at = checked.report.created
        with _keeping(asked.root):
            if tracking is not None:
                _note(checked, tracking, at)
            saved = save(checked.report, checked.loaded.manifest.root)
        written = write_outputs(checked.report, outputs)
    except BaseException:
        for one in started:
            if one.tracker is not None:
                one.tracker.close()
        raise
    return Gate(checked=checked, saved=saved, written=written, tracking=tracking, at=at)


@contextmanager
def _keeping(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotKeptError(f"no record can be kept in `{root / HOME}`: {error.strerror or error}") from error


def _start(loaded: Loaded, tracking_uri: str) -> _Tracking:
    from hcgov.io.tracking.tracker import Tracker
    from hcgov.io.tracking.uri import choose_store

    root = loaded.manifest.root
    store = choose_store(
        root, environ=os.environ, flag=tracking_uri, manifest=loaded.manifest.project.tracking.uri
    )
    with _keeping(root):
        home_of(root)
    return _Tracking(store=store, tracker=Tracker.start(store, os.environ))


def _note(checked: Checked, tracking: _Tracking, at: str) -> None:
    """Note that the record waits to be logged before it is written, so that none is lost between the two."""
    from hcgov.io.tracking.pending import mark_pending
    from hcgov.io.tracking.uri import shown

    folder = home_of(checked.loaded.manifest.root) / RUNS / checked.report.id
    folder.mkdir(parents=True, exist_ok=True)
    mark_pending(folder / "report.json", uri=shown(tracking.store.uri), at=at)


def told(outcome: object, root: str) -> Iterator[str]:
    """Say what became of logging a record."""
    from hcgov.io.tracking.outcome import Logged, NotLogged

    if isinstance(outcome, Logged):
        place = outcome.url or outcome.uri
        yield f"mlflow  run {outcome.run_id} (experiment {outcome.experiment}) at {place}"
        if outcome.note is not None:
            yield f"        {outcome.note}"
    elif isinstance(outcome, NotLogged):
        yield f"warning[HCG-M001]: not logged to MLflow: {outcome.reason}"
        yield "  = note: the decision and the record stand; nothing is lost"
        yield f"  = help: run `hcgov log {root}` later, or --no-mlflow to skip"
