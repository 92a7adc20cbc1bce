"""The check's side of tracking: starts the process early, hands over the record, never waits long."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import hcgov
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.tracking import protocol
from hcgov.io.tracking.environment import prepare
from hcgov.io.tracking.outcome import Logged, NotLogged, Outcome
from hcgov.io.tracking.protocol import Message, decode, encode, word
from hcgov.io.tracking.uri import Kind, Store, redact, run_page, shown

PATIENCE = 3.0
"""Seconds that a store may be silent while a check waits for it."""

# No store is involved while MLflow is imported; opening a database may mean creating it.
_IMPORT = 60.0
_CREATE = 30.0
_TOTAL = 10
# Run without the working directory on the path: a project's own files are not modules. The package is taken
# from where this one lies, so that both sides are of one version; other modules are found there last.
_START = (
    "import sys; root = sys.argv.pop(); sys.path.insert(0, root); import hcgov; sys.path.append(sys.path.pop(0));"
    " from hcgov.io.tracking.worker import main; main()"
)


@frozen
class Job:
    """A finished record to log.

    Parameters
    ----------
    report
        Path of ``report.json``; files beside it under the names of ``attachments.py`` go with it.
    experiment
        Experiment; the system's name if empty.
    run_id
        The run that an earlier attempt began; empty where there is none.
    files
        Further files as (path, name below ``hcgov/`` in the run).
    """

    report: Path
    experiment: str = ""
    run_id: str = ""
    files: tuple[tuple[Path, str], ...] = ()


class Tracker:
    """A running tracking process.

    It never raises for what a store does, costs at most ``patience`` seconds of silence, and its process
    ends with it: also when the check is interrupted or killed, because then the pipe closes.
    """

    def __init__(self, store: Store, environ: Mapping[str, str], patience: float) -> None:
        self._store = store
        self._environ = environ
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._events: queue.SimpleQueue[tuple[float, Message]] = queue.SimpleQueue()
        self._doing = ""
        self._heard = time.monotonic()
        self._ended: Message | None = None

    @classmethod
    def start(
        cls,
        store: Store,
        environ: Mapping[str, str],
        *,
        patience: float = PATIENCE,
        create: bool = True,
        log: Path | None = None,
    ) -> Self:
        """Start the process and return at once.

        Parameters
        ----------
        store
            Where to log or read.
        environ
            Environment variables of the caller; the process gets a copy.
        patience
            Seconds that the store may be silent while somebody waits.
        create
            Whether a SQLite store that is not there is created.
        log
            File for what MLflow itself prints; discarded where not given.
        """
        tracker = cls(store, environ, patience)
        try:
            tracker._spawn(log, create=create)
        except OSError as error:
            reason = text("the tracking process could not be started: {error}", error=error.strerror or error)
            tracker._ended = protocol.failed(protocol.REFUSED, reason)
        return tracker

    def send(self, job: Job) -> None:
        """Hand over a record that is complete on disk; returns at once."""
        self._tell(
            {
                "do": "log",
                "report": str(job.report.absolute()),
                "experiment": job.experiment,
                "run_id": job.run_id,
                "files": [[str(path.absolute()), name] for path, name in job.files],
            }
        )

    def wait(self, on_run: Callable[[str, str], None] | None = None) -> Outcome:
        """Wait for the record that was sent, as long as the store gives signs of life.

        Parameters
        ----------
        on_run
            Called with run and experiment as soon as the run exists, so that they can be noted down.
        """
        run_id = experiment = ""
        until = _Patience(self._patience * _TOTAL)
        while True:
            message = self._next(until)
            event = word(message, "event")
            if event == protocol.RUN:
                run_id, experiment = word(message, "run_id"), word(message, "experiment")
                if on_run is not None:
                    on_run(run_id, experiment)
            elif event == protocol.DONE:
                return self._logged(message)
            elif event in (protocol.FAILED, protocol.GONE):
                return NotLogged(
                    reason=protocol.sentence(message),
                    code=word(message, "code"),
                    uri=shown(self._store.uri),
                    run_id=run_id,
                    experiment=experiment,
                )

    def read(self, uri: str) -> Message:
        """Read a run; returns a message ``found`` with ``run``, or ``failed``."""
        return self.ask({"do": "read", "uri": uri})

    def ask(self, job: Message, *, seconds: float | None = None) -> Message:
        """Send a job; returns the message ``found``, or ``failed``.

        Parameters
        ----------
        seconds
            Longest time in all on a store that gives signs of life; ten times the patience where left out.
        """
        self._tell(job)
        until = _Patience(self._patience * _TOTAL if seconds is None else seconds)
        while True:
            message = self._next(until)
            if word(message, "event") in (protocol.FOUND, protocol.FAILED):
                return message

    @property
    def usable(self) -> bool:
        """Whether another job can still be sent."""
        return self._ended is None

    def close(self) -> None:
        """End the process and collect it; a record that was not waited for stays unsent."""
        process, self._process = self._process, None
        if self._ended is None:
            self._ended = protocol.failed(protocol.GONE, text("the tracking process was ended"))
        if process is None:
            return
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _spawn(self, log: Path | None, *, create: bool) -> None:
        if not sys.executable:
            raise OSError("this Python does not know its own program")
        environ = dict(self._environ)
        prepare(environ, self._store.uri, self._patience)
        isolation = "-I" if sys.flags.isolated else "-P"
        package = str(Path(hcgov.__file__).absolute().parent.parent)
        with (log or Path(os.devnull)).open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with fixed arguments
                [sys.executable, isolation, "-c", _START, package],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environ,
            )
        assert self._process.stdout is not None
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        self._tell(
            {
                "do": "open",
                "uri": self._store.uri,
                "artifacts": self._store.artifacts,
                "embedded": self._store.embedded,
                "patience": self._patience,
                "create": create,
            }
        )

    def _listen(self, out: IO[bytes]) -> None:
        with out:
            for line in out:
                message = decode(line)
                if message is not None:
                    self._events.put((time.monotonic(), message))
        self._events.put((time.monotonic(), {"event": protocol.GONE}))

    def _tell(self, message: Message) -> None:
        if self._process is None or self._process.stdin is None:
            return
        # Until now nobody had asked for anything; silence counts from here.
        self._heard = time.monotonic()
        with suppress(OSError):  # the process has ended: the next event says why
            self._process.stdin.write(encode(message))
            self._process.stdin.flush()

    def _next(self, until: "_Patience") -> Message:
        """Return the next event; the end of the process and too long a silence are events too."""
        if self._ended is not None:
            return self._ended
        allowed = self._allowed()
        started = time.monotonic()
        silence = self._heard + allowed - started
        # Work that is no store's fault, such as the import, does not use up the patience with the store.
        waits_for_store = allowed <= self._patience
        timeout = min(silence, until.left) if waits_for_store else silence
        try:
            stamp, message = self._events.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return self._end(self._silent())
        if waits_for_store:
            until.left -= time.monotonic() - started
        self._heard = max(self._heard, stamp)
        self._doing = word(message, "event")
        if self._doing == protocol.GONE:
            reason = text("the tracking process ended unexpectedly")
            return self._end(protocol.failed(protocol.GONE, reason))
        return self._end(message) if message.get("final") is True else message

    def _allowed(self) -> float:
        """Return how many seconds of silence what the process is doing may take."""
        if self._doing in ("", protocol.IMPORTING):
            return _IMPORT
        database = self._store.kind in (Kind.SQLITE, Kind.SQL)
        return _CREATE if self._doing == protocol.OPENING and database else self._patience

    def _silent(self) -> Message:
        if self._doing in ("", protocol.IMPORTING):
            reason = text("MLflow could not be imported within {seconds} s", seconds=f"{_IMPORT:g}")
            return protocol.failed(protocol.REFUSED, reason)
        reason = text("`{uri}` is not answering", uri=shown(self._store.uri))
        return protocol.failed(protocol.UNREACHABLE, reason)

    def _end(self, message: Message) -> Message:
        self._ended = message
        process = self._process
        if process is not None:
            # It may hang in a call to the store: not asked, ended.
            process.kill()
        self.close()
        return message

    def _logged(self, message: Message) -> Logged:
        run_id = word(message, "run_id")
        left_out = message.get("left_out")
        note = None
        if isinstance(left_out, int) and left_out > 0:
            note = text(
                "the server keeps artifacts in a folder that this machine does not have, so {n} {n|file|files} of the "
                "report {n|is|are} not attached; start it with --serve-artifacts",
                n=left_out,
            )
        return Logged(
            run_id=run_id,
            experiment=word(message, "experiment"),
            uri=redact(self._store.uri, self._environ),
            url=run_page(self._store.uri, word(message, "experiment_id"), run_id),
            note=note,
        )


class _Patience:
    """Seconds that one wait may spend on a store that answers, but slowly."""

    def __init__(self, left: float) -> None:
        self.left = left
