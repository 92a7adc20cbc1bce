"""Which store is used, where its files lie, and how it is named on screens without its secrets."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, urlsplit

from hcgov.core.frozen import frozen

FOLDER = ".hcgov"
_SQL = ("postgresql", "postgres", "mysql", "mssql")
_SECRET_VARIABLES = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD")
# Everything between "//" and the last "@" of the word: some drivers accept "/" and "@" in passwords.
_USERINFO = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://[^\s'\"<>]*@")
_QUERY_SECRET = re.compile(
    r"(?i)(?P<key>[\w-]*(?:token|passw(?:or)?d|pwd|secret|signature|sig|key))=[^&\s'\"]+"
)


class Kind(StrEnum):
    """How a store is reached."""

    HTTP = "http"
    SQLITE = "sqlite"
    SQL = "sql"
    FOLDER = "folder"
    OTHER = "other"


@frozen
class Store:
    """A place that runs are logged to.

    Parameters
    ----------
    uri
        MLflow tracking URI, absolute; may hold credentials, so it is shown only through :func:`shown`.
    artifacts
        Folder, as absolute path, where artifacts go if the store itself does not say; never the working
        directory.
    embedded
        True for the project's own store, which nobody named.
    """

    uri: str
    artifacts: str
    embedded: bool = False

    @property
    def kind(self) -> Kind:
        """How the store is reached."""
        return kind_of(self.uri)


def choose_store(project: Path, *, environ: Mapping[str, str], flag: str = "", manifest: str = "") -> Store:
    """Choose the store of a project.

    The first that is given wins: the command line, ``HCGOV_TRACKING_URI``, the manifest's
    ``tracking.uri``, ``MLFLOW_TRACKING_URI``, and last the project's own ``.hcgov/mlflow.db``. A manifest
    that names a store means it, so a variable that other programs share does not overrule it.

    Parameters
    ----------
    project
        Folder of the project; relative SQLite paths start here.
    environ
        Environment variables.
    flag, manifest
        URIs of the command line and of ``hcgov.yaml``; empty where not given.
    """
    root = project.absolute()
    artifacts = str(root / FOLDER / "artifacts")
    named = (flag, environ.get("HCGOV_TRACKING_URI", ""), manifest, environ.get("MLFLOW_TRACKING_URI", ""))
    uri = next((candidate.strip() for candidate in named if candidate.strip()), "")
    if not uri:
        return Store(
            uri=f"sqlite:///{root.as_posix()}/{FOLDER}/mlflow.db", artifacts=artifacts, embedded=True
        )
    return Store(uri=_absolute(uri, root), artifacts=artifacts)


def kind_of(uri: str) -> Kind:
    """Say how a tracking URI is reached; a path or a ``file:`` URI is a folder."""
    scheme = uri.partition(":")[0].partition("+")[0].lower() if ":" in uri else ""
    if scheme in ("http", "https"):
        return Kind.HTTP
    if scheme == "sqlite":
        return Kind.SQLITE
    if scheme in _SQL:
        return Kind.SQL
    # A one-letter scheme is a drive letter.
    if scheme == "file" or len(scheme) < 2:
        return Kind.OTHER if uri == "databricks" else Kind.FOLDER
    return Kind.OTHER


def sqlite_path(uri: str) -> Path | None:
    """Return the file of a SQLite URI; ``None`` for a database in memory."""
    path = uri.partition("://")[2].partition("?")[0].removeprefix("/")
    return None if path in ("", ":memory:") else Path(path)


def shown(uri: str) -> str:
    """Return a URI as it may be shown: no user, no password, no token.

    >>> shown("https://ann:secret@mlflow.example:5000")
    'https://***@mlflow.example:5000'
    """
    return redact(uri)


def redact(message: str, environ: Mapping[str, str] | None = None) -> str:
    """Remove credentials from any sentence: user parts of URIs, secret query values, MLflow's own secrets."""
    for name in _SECRET_VARIABLES:
        secret = (environ or {}).get(name, "")
        if len(secret) >= 4:
            message = message.replace(secret, "***")
    return _QUERY_SECRET.sub(r"\g<key>=***", _USERINFO.sub(_hide_user, message))


def run_page(uri: str, experiment_id: str, run_id: str) -> str:
    """Return the address of a run's page on a server; empty for stores without pages."""
    if kind_of(uri) is not Kind.HTTP:
        return ""
    base = shown(uri).replace("://***@", "://").rstrip("/")
    return f"{base}/#/experiments/{quote(experiment_id)}/runs/{quote(run_id)}"


def without_user(uri: str) -> str:
    """Return an HTTP address without its user part."""
    parts = urlsplit(uri)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _hide_user(found: re.Match[str]) -> str:
    scheme = found["scheme"]
    # A path may hold an "@"; SQLite knows no users.
    return found[0] if scheme.lower().startswith("sqlite") else f"{scheme}://***@"


def _absolute(uri: str, root: Path) -> str:
    """Let relative SQLite paths start at the project, wherever the program was started."""
    if kind_of(uri) is not Kind.SQLITE:
        return uri
    path = sqlite_path(uri)
    if path is None or path.is_absolute():
        return uri
    scheme, _, rest = uri.partition("://")
    query = rest.partition("?")[2]
    return f"{scheme}:///{(root / path).as_posix()}" + (f"?{query}" if query else "")
