"""The gate as people run it: check, keep the record, then let tracking catch up.

Tracking is off the critical path. Its process is started as soon as the plan stands, so that importing MLflow
overlaps with the work; the decision and the report are on disk before anybody waits for a store.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.app.attempts import finished
from hcgov.app.check import Asked, Checked, run_check
from hcgov.app.project import Loaded
from hcgov.app.registration import Book
from hcgov.app.rendering import Outputs, write_outputs
from hcgov.app.save import RUNS, Saved, attach_for_tracking, home_of, keeping, save
from hcgov.core.frozen import frozen
from hcgov.core.record import ReportV1
from hcgov.core.text import text
from hcgov.io.ledger import LedgerDamagedError, NotAppendedError
from hcgov.judgement.restating import restated

if TYPE_CHECKING:
    from hcgov.io.tracking.tracker import Tracker
    from hcgov.io.tracking.uri import Store
    from hcgov.judgement.run_difference import RunDifference


ROLE = "check"
"""As what a check writes into the ledger."""


@frozen
class Gate:
    """A decided and kept check; tracking may still be under way.

    ``compared`` is what differs from the earlier record that was named, if any.
    """

    checked: Checked
    saved: Saved
    written: tuple[Path, ...]
    tracking: "_Tracking | None"
    at: str
    compared: "RunDifference | None" = None

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

    def close(self) -> None:
        """Stop the process, if it was started."""
        if self.tracker is not None:
            self.tracker.close()


def run_gate(
    asked: Asked,
    outputs: Outputs,
    progress: Callable[[str], None],
    *,
    track: bool = True,
    baseline: str = "",
) -> Gate:
    """Check a project, keep the record, write the outputs, and start to log.

    Parameters
    ----------
    outputs
        Further files to write.
    track
        Whether to log; a manifest may switch it off too.
    baseline
        Earlier record to compare with, as for :func:`~hcgov.app.diff.find_record`; it changes no verdict.

    Raises
    ------
    AuthoringError
        Manifest, policies, outputs or the earlier record are wrong. A store is never a reason to raise.
    NotKeptError
        The record cannot be written.
    """
    started: list[_Tracking] = []
    # It is read first: it may be the newest of this project, in whose place the new one is about to be written.
    earlier = _earlier(baseline, asked.root) if baseline else None

    def start(loaded: Loaded) -> None:
        if track and loaded.manifest.project.tracking.enabled:
            started.append(_start(loaded, asked.tracking_uri))

    try:
        book = Book(asked.root, asked.now, ROLE, asked.actor, asked.ledger_key)
        checked = run_check(asked, progress, planned=start, book=book)
        compared = None
        if earlier is not None:
            checked, compared = _compared(checked, earlier)
        tracking = started[0] if started else None
        at = checked.report.created
        with keeping(asked.root):
            if checked.stored and tracking is not None and _logged(checked, tracking):
                tracking.close()
                tracking = None
            if tracking is not None:
                _note(checked, tracking, at)
            saved = _kept(book, checked)
        written = write_outputs(checked.report, outputs, saved)
    except BaseException:
        for one in started:
            one.close()
        raise
    return Gate(checked=checked, saved=saved, written=written, tracking=tracking, at=at, compared=compared)


def _earlier(baseline: str, root: Path) -> ReportV1:
    from hcgov.app.diff import find_record  # as below: most checks are compared with none

    return find_record(baseline, root)


def _compared(checked: Checked, earlier: ReportV1) -> tuple[Checked, "RunDifference"]:
    """Compare with an earlier record; what came of it goes into the new one."""
    from hcgov.app.diff import compare_reports, summary_of

    found = compare_reports(earlier, checked.report)
    report = checked.report.model_copy(update={"compared_with": summary_of(found)})
    return replace(checked, report=report), found


def _kept(book: Book, checked: Checked) -> Saved:
    """Enter the record in the ledger, then write it; without the entry no record that is written is clear."""
    root = checked.loaded.manifest.root
    if checked.stored:
        return save(checked.run.stored or checked.report, root)
    try:
        finished(book, checked.run, checked.report)
    except (NotAppendedError, LedgerDamagedError) as error:
        told = ("HCG-L104", text("the ledger could not be written: {why}", why=error))
        save(restated(checked.report, [told], unkept=True), root)
        raise
    return save(checked.report, root)


def _logged(checked: Checked, tracking: _Tracking) -> bool:
    """Whether a record of before was logged to this store already."""
    from hcgov.io.tracking.pending import read_sidecar
    from hcgov.io.tracking.uri import shown

    folder = home_of(checked.loaded.manifest.root) / RUNS / checked.report.id
    noted = read_sidecar(folder / "report.json")
    return noted is not None and noted.state == "logged" and noted.uri == shown(tracking.store.uri)


def _start(loaded: Loaded, tracking_uri: str) -> _Tracking:
    from hcgov.io.tracking.tracker import Tracker
    from hcgov.io.tracking.uri import choose_store

    root = loaded.manifest.root
    store = choose_store(
        root, environ=os.environ, flag=tracking_uri, manifest=loaded.manifest.project.tracking.uri
    )
    with keeping(root):
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
