"""Great Expectations without its noise: no telemetry, progress bars, log lines or warnings."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.RLock()
"""What is replaced below belongs to the whole process, so one run at a time replaces it."""


def load() -> None:
    """Import Great Expectations, which takes seconds, and undo what the import does to the process."""
    # Older versions, 1.5 for one, send usage statistics unless this is set before the import.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _ONE_AT_A_TIME, _unlogged(), warnings.catch_warnings(), _warnings_where_they_were(), _no_spark():
        warnings.simplefilter("ignore")
        import great_expectations.expectations
        import great_expectations.validator.validation_graph  # noqa: F401 - imported for its load time only


@contextmanager
def quiet() -> Iterator[None]:
    """Run a block with nothing of Great Expectations on stdout or stderr; everything is put back after."""
    load()
    with _ONE_AT_A_TIME, _unlogged(), warnings.catch_warnings(), _warnings_where_they_were(), _no_bars():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep the library's log records, which quote the data, from every handler."""
    logger = logging.getLogger("great_expectations")
    nowhere, upwards = logging.NullHandler(), logger.propagate
    logger.addHandler(nowhere)
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = upwards
        logger.removeHandler(nowhere)


@contextmanager
def _warnings_where_they_were() -> Iterator[None]:
    """Take back ``logging.captureWarnings``, which several of the library's modules call as they load."""
    shown_by = warnings.showwarning
    try:
        yield
    finally:
        if warnings.showwarning is not shown_by:
            logging.captureWarnings(False)


@contextmanager
def _no_spark() -> Iterator[None]:
    """Hide Spark while the library loads; its Spark engine is not used here.

    Where Spark is installed without what its remote client needs, importing that client may end the whole
    process, and with exit code 0: no gate may depend on that.
    """
    client = "pyspark.sql.connect"
    hidden = [name for name in ("pyspark", client) if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how a module is hidden
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


@contextmanager
def _no_bars() -> Iterator[None]:
    """Replace the progress bar: ``Batch.validate`` has no switch for it, and ``TQDM_DISABLE`` no effect."""
    from great_expectations.validator import validation_graph

    shown = validation_graph.tqdm

    def hidden(*args: object, **options: object) -> object:
        return shown(*args, **{**options, "disable": True})

    validation_graph.tqdm = hidden
    try:
        yield
    finally:
        validation_graph.tqdm = shown
