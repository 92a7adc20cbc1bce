"""Mistakes in the connections of a manifest, and of the tables that are read through them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote

from hcgov.core.connection import Connection, DatabaseConnection, SparkConnection
from hcgov.core.mistake import Mistake, Position, did_you_mean
from hcgov.core.project import Project, Table

# Patterns are text here: `re` compiles each when it is first used, and most projects have no connection.
_LOGIN = r"://[^/@]*:[^@]+@"
_NAMED = r"[?&;]\s*([^?&;=]+)="
_WRITTEN = r"(?i)(passw\w*|passcode|pwd|secret|token|credentials?|(access|account|api|private)[._-]?key)[\"']?\s*[:=]"
"""An option with its value, in a line of the manifest or in a text of a driver's options."""
_CREDENTIAL = (
    r"(?i)passw|passcode|\bpwd\b|^sig$|secret|token|credential|(access|account|api|private)[._-]?key"
)
_WHERE_IT_IS = r"(?i)(path|file)$"
"""An option that names a file is no credential."""
_FILES = r"(?i)\s*(sqlite|duckdb|access)\b"
"""Databases that are files."""
_CODE = (
    r"(?i)jars|pyfiles|archives|classpath|librarypath|javaoptions|plugins|extensions|listeners|python$|executorenv"
    r"|^spark\.files|\.catalog\.|\.impl$|class(es)?$|provider$|script|command"
)
"""Configuration of Spark that names what is loaded and run."""


def holds_password(url: str) -> bool:
    """Whether a URL has a password in it, or another credential among its options.

    >>> holds_password("postgresql://ann:x@db/audit"), holds_password("postgresql://ann@db/audit")
    (True, False)
    >>> holds_password("mssql+pyodbc://?odbc_connect=UID%3Dann%3BPWD%3Dx")
    True
    """
    return re.search(_LOGIN, url) is not None or any(map(_is_secret, re.findall(_NAMED, unquote(url))))


def _is_secret(option: str) -> bool:
    return re.search(_CREDENTIAL, option) is not None and re.search(_WHERE_IT_IS, option) is None


def without_passwords(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Return mistakes whose quoted line shows no password; the place stays."""
    return [
        replace(one, where=_blank(one.where))
        if one.where is not None
        and (
            one.code == "HCG-C021"
            or holds_password(one.where.source)
            or re.search(_WRITTEN, one.where.source)
        )
        else one
        for one in mistakes
    ]


def _blank(where: Position) -> Position:
    return replace(where, source="")


def connection_mistakes(project: Project) -> Iterator[tuple[Mistake, tuple[str, ...]]]:
    """Yield every mistake with its path in the manifest."""
    for name, connection in project.connections.items():
        at = ("connections", name)
        if isinstance(connection, DatabaseConnection):
            yield from _address(name, connection, at)
        yield from _options(name, connection, at)
    for name, artifact in project.artifacts.items():
        if isinstance(artifact, Table):
            yield from _table(name, artifact, project)


def _options(
    name: str, connection: Connection, at: tuple[str, ...]
) -> Iterator[tuple[Mistake, tuple[str, ...]]]:
    for option, value in connection.options.items():
        written = str(value)
        if _is_secret(option) or holds_password(written) or re.search(_WRITTEN, written):
            code, told = "HCG-C021", "looks like a credential"
        elif isinstance(connection, SparkConnection) and re.search(_CODE, option):
            code, told = "HCG-C025", "makes Spark run code or a program that the manifest names"
        else:
            continue
        message = f"option `{option}` of connection `{name}` {told}"
        help_ = f"write `options_env: {{{option}: NAME_OF_A_VARIABLE}}`"
        yield Mistake(code=code, message=message, help=help_), (*at, "options", option)


def _address(
    name: str, connection: DatabaseConnection, at: tuple[str, ...]
) -> Iterator[tuple[Mistake, tuple[str, ...]]]:
    if (connection.url is None) == (connection.url_env is None):
        message = f"connection `{name}` needs either `url` or `url_env`"
        yield Mistake(code="HCG-C020", message=message), at
    if connection.url is not None and holds_password(connection.url):
        yield (
            Mistake(
                code="HCG-C021",
                message=f"the URL of connection `{name}` holds a password; take it out, and change it where it was "
                "shared",
                help="write `url_env: NAME_OF_A_VARIABLE`, and put the whole URL there",
            ),
            (*at, "url"),
        )
    elif connection.url is not None and re.match(_FILES, connection.url):
        message = f"the URL of connection `{name}` leads to a file of this machine, which may be any"
        help_ = "whoever runs the check hands it over: write `url_env: NAME_OF_A_VARIABLE`"
        yield Mistake(code="HCG-C014", message=message, help=help_), (*at, "url")


def _table(name: str, table: Table, project: Project) -> Iterator[tuple[Mistake, tuple[str, ...]]]:
    at = ("artifacts", name)
    if table.connection is None:
        if table.relation is not None:
            message = f"table `{name}` has a `relation`, but no `connection` that it stands in"
            yield Mistake(code="HCG-C022", message=message, help="add `connection:`"), (*at, "relation")
        return
    connection = project.connections.get(table.connection)
    if connection is None:
        yield (
            Mistake(
                code="HCG-C023",
                message=f"table `{name}`: there is no connection `{table.connection}`",
                help=did_you_mean(table.connection, project.connections) or "name it under `connections:`",
            ),
            (*at, "connection"),
        )
    yield from _relation(name, table, connection, at)
    if table.sha256 is not None and table.relation is not None:
        yield (
            Mistake(
                code="HCG-C024",
                message=f"table `{name}` stands in an engine, which has no digest that could be pinned",
                help="take `sha256` out, or pin an export of the table",
            ),
            (*at, "sha256"),
        )


def _relation(
    name: str, table: Table, connection: Connection | None, at: tuple[str, ...]
) -> Iterator[tuple[Mistake, tuple[str, ...]]]:
    if (table.relation is None) == (table.path is None):
        message = f"table `{name}` needs either a `relation` of its connection or a `path`"
        yield Mistake(code="HCG-C022", message=message, help="write `relation: schema.table`"), at
    elif table.path is not None and connection is not None and not isinstance(connection, SparkConnection):
        message = f"table `{name}`: only Spark reads files; a database has tables"
        yield Mistake(code="HCG-C022", message=message, help="write `relation: schema.table`"), (*at, "path")
    elif table.path is not None and holds_password(table.path):
        message = (
            f"the path of table `{name}` holds a credential; take it out, and change it where it was shared"
        )
        help_ = "write `options_env: {OPTION: NAME_OF_A_VARIABLE}` at the connection"
        yield Mistake(code="HCG-C021", message=message, help=help_), (*at, "path")
    elif table.path is not None and table.path.casefold().startswith("file:"):
        message = f"table `{name}`: files of this machine are named by their path in the project"
        yield Mistake(code="HCG-C014", message=message, help="take `file:` out"), (*at, "path")
