"""Whether a store answers at all, asked with the standard library before the slow import of MLflow."""

import http.client
import socket
import sqlite3
import ssl
import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit

from hcgov.core.text import Text, text
from hcgov.io.tracking.protocol import NO_STORE, REFUSED, UNREACHABLE, StoreError
from hcgov.io.tracking.uri import Kind, kind_of, shown, sqlite_path, without_user

_PORTS = {"mysql": 3306, "mssql": 1433}


def probe(uri: str, *, seconds: float, create: bool) -> None:
    """Ask a store for a sign of life; nothing is written.

    Parameters
    ----------
    uri
        Tracking URI.
    seconds
        Longest wait of any one step.
    create
        Whether a SQLite store that does not exist yet will do.

    Raises
    ------
    StoreError
        The store does not answer, is locked, or is of a kind that MLflow no longer has.
    """
    kind = kind_of(uri)
    if kind is Kind.HTTP:
        _ask_server(uri, seconds)
    elif kind is Kind.SQLITE:
        _ask_sqlite(uri, seconds, create=create)
    elif kind is Kind.SQL:
        _ask_port(uri, seconds)
    elif kind is Kind.FOLDER:
        raise StoreError(
            REFUSED,
            text(
                "`{uri}` is a folder, and MLflow no longer keeps runs in folders; "
                "write `sqlite:///{uri}/mlflow.db` or the address of a server",
                uri=shown(uri),
            ),
        )


def _ask_server(uri: str, seconds: float) -> None:
    """Ask for ``/health``: MLflow answers it without credentials. Any HTTP answer is a sign of life."""
    address = without_user(uri).rstrip("/") + "/health"
    try:
        with urllib.request.urlopen(address, timeout=seconds):  # noqa: S310 - the scheme is http or https
            return
    except urllib.error.HTTPError:
        return
    except (http.client.HTTPException, ValueError) as error:
        raise StoreError(UNREACHABLE, _silent(uri, type(error).__name__)) from None
    except OSError as error:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        # MLflow has its own settings for certificates and says better what is wrong with one.
        if isinstance(cause, ssl.SSLError):
            return
        raise StoreError(UNREACHABLE, _why_silent(uri, cause, seconds)) from None


def _ask_port(uri: str, seconds: float) -> None:
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise StoreError(UNREACHABLE, _silent(uri, str(error))) from None
    if not host:
        return
    scheme = parts.scheme.partition("+")[0]
    try:
        socket.create_connection((host, port or _PORTS.get(scheme, 5432)), timeout=seconds).close()
    except OSError as error:
        raise StoreError(UNREACHABLE, _why_silent(uri, error, seconds)) from None


def _ask_sqlite(uri: str, seconds: float, *, create: bool) -> None:
    path = sqlite_path(uri)
    if path is None:
        raise StoreError(REFUSED, text("`{uri}` is a store in memory: it would keep nothing", uri=uri))
    if not path.exists():
        if create:
            return
        raise StoreError(NO_STORE, text("there is no MLflow store at `{uri}`", uri=uri))
    try:
        # "immediate" takes the lock that writing needs; rolled back, it leaves no trace.
        connection = sqlite3.connect(f"file:{quote(path.as_posix())}?mode=rw", uri=True, timeout=seconds)
        try:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(*_why_not_sqlite(uri, error)) from None


def _why_not_sqlite(uri: str, error: sqlite3.Error) -> tuple[str, Text]:
    told = str(error)
    if "locked" in told:
        return UNREACHABLE, text("`{uri}` is locked by another program", uri=uri)
    return REFUSED, text("`{uri}` cannot be opened as a SQLite database: {told}", uri=uri, told=told)


def _why_silent(uri: str, cause: object, seconds: float) -> Text:
    if isinstance(cause, TimeoutError):
        return text("`{uri}` did not answer within {seconds} s", uri=shown(uri), seconds=f"{seconds:g}")
    told = getattr(cause, "strerror", None) or str(cause)
    return _silent(uri, str(told))


def _silent(uri: str, told: str) -> Text:
    return text("`{uri}` cannot be reached: {told}", uri=shown(uri), told=told)
