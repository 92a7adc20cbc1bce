"""The tracking process, started by ``tracker.py`` and spoken to as ``protocol.py`` says.

It is a process and not a thread because a thread that waits for a store cannot be stopped, and because
MLflow takes seconds to import, which so overlap with the check. It ends when its input closes.
"""

import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from hcgov.core.text import text
from hcgov.io.tracking.probe import probe
from hcgov.io.tracking.protocol import (
    BAD_URI,
    FOUND,
    OF_REGISTRY,
    PROBING,
    READY,
    REFUSED,
    Message,
    StoreError,
    decode,
    encode,
    failed,
    word,
)
from hcgov.io.tracking.uri import Store

if TYPE_CHECKING:
    from mlflow import MlflowClient

_SLACK = 0.5


class _Channel:
    """The two pipes to the check."""

    def __init__(self, into: BinaryIO, out: BinaryIO) -> None:
        self._out = out
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(into,), daemon=True).start()

    def next(self) -> Message:
        return self._inbox.get()

    def say(self, message: Message) -> None:
        try:
            self._out.write(encode(message))
            self._out.flush()
        except OSError:  # nobody listens any more
            leave()

    def _listen(self, into: BinaryIO) -> None:
        for line in into:
            message = decode(line)
            if message is not None:
                self._inbox.put(message)
        leave()


def leave() -> NoReturn:
    """End the process at once, also in the middle of a call that waits for a store."""
    if "hcgov.io.tracking.store" in sys.modules:
        from hcgov.io.tracking.store import discard_unfinished

        discard_unfinished()
    os._exit(0)


def main() -> NoReturn:
    """Serve one check."""
    # Ctrl-C reaches the whole terminal; the check decides what becomes of the log, and closes the pipe.
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = _Channel(sys.stdin.buffer, _private_output())
    opening = channel.next()
    store = Store(
        uri=word(opening, "uri"),
        artifacts=word(opening, "artifacts"),
        embedded=opening.get("embedded") is True,
    )
    patience = opening.get("patience")
    seconds = float(patience) if isinstance(patience, int | float) else 3.0
    try:
        client = _open(store, seconds, create=opening.get("create") is True, channel=channel)
        _warm_up()
        channel.say({"event": READY})
        while True:
            _serve(client, store, channel)
    except StoreError as error:
        channel.say({**failed(error.code, error.reason), "final": True})
        channel.next()  # until the pipe closes
    leave()


def _private_output() -> BinaryIO:
    """Keep standard output for the protocol; whatever a library prints goes to standard error."""
    kept = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return kept


def _open(store: Store, seconds: float, *, create: bool, channel: _Channel) -> "MlflowClient":
    if store.embedded and "?" in store.uri:
        told = text("the path of the project holds a `?`, which no SQLite address can; name a store")
        raise StoreError(REFUSED, told)
    channel.say({"event": PROBING})
    probe(store.uri, seconds=max(seconds - _SLACK, 0.5), create=create)
    from hcgov.io.tracking.store import open_store

    return open_store(store, lambda step: channel.say({"event": step}))


def _warm_up() -> None:
    """Load what the first job needs while the check still works."""
    import_module("hcgov.io.tracking.sending")
    from hcgov.core.record import ReportV1

    ReportV1.model_rebuild()


def _serve(client: "MlflowClient", store: Store, channel: _Channel) -> None:
    job = channel.next()
    try:
        if word(job, "do") == "log":
            from hcgov.io.tracking.sending import send_record

            send_record(client, store, job, channel.say)
        elif word(job, "do") == "read":
            from hcgov.io.tracking.reading import read

            channel.say({"event": FOUND, "run": read(client, store.uri, word(job, "uri"))})
        elif word(job, "do") in OF_REGISTRY:
            from hcgov.io.tracking.registry import serve

            channel.say({"event": FOUND, "registry": serve(client, store, job, channel.say)})
        else:
            raise StoreError(BAD_URI, text("the tracking process was asked for something it does not know"))
    except StoreError as error:
        channel.say(failed(error.code, error.reason))


if __name__ == "__main__":
    main()
