"""Opening a store with MLflow; runs in the tracking process only."""

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.core.text import Text, text
from hcgov.io.tracking.protocol import CONNECTING, IMPORTING, OPENING, REFUSED, UNREACHABLE, StoreError
from hcgov.io.tracking.uri import Kind, Store, redact, shown, sqlite_path

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

_UNFINISHED = "mlflow.db.unfinished-"
_A_DAY = 86_400.0
_SQL = ("mlflow.store.tracking.sqlalchemy_store", "mlflow.store.artifact.local_artifact_repo")
_USED = {
    Kind.HTTP: ("mlflow.store.tracking.rest_store", "mlflow.store.artifact.mlflow_artifacts_repo"),
    Kind.SQLITE: _SQL,
    Kind.SQL: _SQL,
}


def open_store(store: Store, say: Callable[[str], None]) -> "MlflowClient":
    """Import MLflow and open a store, telling each step before it is taken.

    Parameters
    ----------
    store
        The store; a SQLite file that is not there is created whole or not at all.
    say
        Takes the name of the step that comes next.

    Raises
    ------
    StoreError
        MLflow cannot be imported, or the store cannot be opened.
    """
    say(IMPORTING)
    try:
        from mlflow import MlflowClient

        # The first use of a store imports these otherwise, and would look like a store that is silent.
        for name in _USED.get(store.kind, ()):
            import_module(name)
    except ImportError as error:
        told = text("MLflow cannot be imported: {error}", error=error)
        raise StoreError(REFUSED, told) from None
    with told_by_mlflow(store.uri):
        if store.kind is Kind.SQL:
            say(CONNECTING)
            _connect(store.uri)
        say(OPENING)
        if store.kind is Kind.SQLITE:
            _create_sqlite(store)
        return MlflowClient(tracking_uri=store.uri)


@contextmanager
def told_by_mlflow(uri: str) -> Iterator[None]:
    """Turn what MLflow and its drivers raise into one sentence without credentials."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        raise StoreError(_code(error), _told(uri, error)) from None
    except (OSError, ImportError) as error:  # those of `requests` are OSErrors
        raise StoreError(UNREACHABLE, _told(uri, error)) from None
    except _database_errors() as error:
        raise StoreError(UNREACHABLE, _told(uri, error)) from None


def _database_errors() -> tuple[type[Exception], ...]:
    """Return SQLAlchemy's errors where a store has imported it; a server's client never does."""
    if "sqlalchemy" not in sys.modules:
        return ()
    from sqlalchemy.exc import SQLAlchemyError

    return (SQLAlchemyError,)


def discard_unfinished() -> None:
    """Remove what this process began to create; called when it has to leave in the middle."""
    for path in _unfinished:
        # SQLite keeps a journal beside a database that is being written.
        for left in (path, path.with_name(f"{path.name}-journal")):
            with suppress(OSError):
                left.unlink()


_unfinished: list[Path] = []


def _code(error: "MlflowException") -> str:
    told = str(error)
    down = "API request to" in told and "failed with exception" in told
    return UNREACHABLE if down or error.error_code == "TEMPORARILY_UNAVAILABLE" else REFUSED


def _told(uri: str, error: Exception) -> Text:
    first = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    return text("`{uri}`: {told}", uri=shown(uri), told=redact(first, os.environ)[:400].rstrip(". "))


def _connect(uri: str) -> None:
    """Ask a database server for a connection once; MLflow would try ten times, for 100 seconds."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(uri)
    try:
        engine.connect().close()
    finally:
        engine.dispose()


def _create_sqlite(store: Store) -> None:
    """Create a SQLite store beside its place and move it there when it is complete.

    Creating it runs dozens of migrations, which SQLite does not undo: a process that is killed among them
    would leave a store that MLflow can neither open nor mend.
    """
    path = sqlite_path(store.uri)
    if path is None or path.exists():
        return
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_old(path.parent)
    unfinished = path.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}")
    _unfinished.append(unfinished)
    try:
        created = SqlAlchemyStore(f"sqlite:///{unfinished.as_posix()}", store.artifacts)
        created.engine.dispose()
        _settle(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
        _unfinished.remove(unfinished)


def _settle(unfinished: Path, path: Path) -> None:
    """Give the complete store its name unless another process was first; its runs must not be lost."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            unfinished.rename(path)


def _remove_old(folder: Path) -> None:
    """Remove what killed processes left."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _A_DAY:
                left.unlink()
