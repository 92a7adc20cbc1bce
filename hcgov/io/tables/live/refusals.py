"""Why a table cannot be read through a connection: told anew, for what engines say quotes rows and credentials."""

from collections.abc import Mapping

from hcgov.core.evidence.absent import Absence
from hcgov.core.text import text
from hcgov.io.tables.place import Named
from hcgov.io.tables.unread import UnreadError, unread


def no_package(where: Named, name: str, package: str, extra: str) -> UnreadError:
    """Return the refusal where what speaks to the engine is not installed, which an extra of ours may bring."""
    detail = text(
        "connection `{connection}` needs the module `{package}`, which is not installed; "
        "`pip install 'hcgov[{extra}]'` brings it",
        connection=name,
        package=package,
        extra=extra,
    )
    if not extra:
        detail = text(
            "connection `{connection}` needs the module `{package}`, which is not installed",
            connection=name,
            package=package,
        )
    return unread(Absence.STORE_DOWN, where.name, detail)


def no_answer(where: Named, name: str) -> UnreadError:
    """Return the refusal where nobody answers, or nobody any more."""
    detail = text(
        "connection `{connection}` does not answer, so `{path}` was not read; is the server up, and its address "
        "right?",
        connection=name,
        path=where.path,
    )
    return unread(Absence.STORE_DOWN, where.name, detail)


def lost(where: Named, name: str) -> UnreadError:
    """Return the refusal where the connection broke in the middle."""
    detail = text(
        "connection `{connection}` was lost while `{path}` was read; check again",
        connection=name,
        path=where.path,
    )
    return unread(Absence.STORE_DOWN, where.name, detail)


def too_slow(where: Named, name: str) -> UnreadError:
    """Return the refusal of a statement that took too long."""
    detail = text(
        "a statement on `{path}` took longer than connection `{connection}` allows; raise its `statement_seconds`",
        connection=name,
        path=where.path,
    )
    return unread(Absence.STORE_DOWN, where.name, detail)


def no_entry(where: Named, name: str) -> UnreadError:
    """Return the refusal of an engine that does not let us in."""
    detail = text(
        "connection `{connection}` refuses the user, password or database that it was given", connection=name
    )
    return unread(Absence.STORE_DOWN, where.name, detail)


def no_permission(where: Named, name: str) -> UnreadError:
    """Return the refusal of a user who may not do what counting needs."""
    detail = text(
        "the user of connection `{connection}` may not read `{path}`, or may not make temporary tables; grant both",
        connection=name,
        path=where.path,
    )
    return unread(Absence.UNREADABLE, where.name, detail)


def no_relation(where: Named, name: str, relation: str, near: str) -> UnreadError:
    """Return the refusal where the engine has no such table."""
    detail = text(
        "connection `{connection}` has no table or view `{relation}`; {near}",
        connection=name,
        relation=relation,
        near=near or "is its schema right?",
    )
    return unread(Absence.NO_RELATION, where.name, detail)


def not_understood(where: Named, name: str, engine: str) -> UnreadError:
    """Return the refusal of an engine that cannot run our statements."""
    detail = text(
        "connection `{connection}` ({engine}) could not count `{path}`: its rows or its dialect of SQL stand against "
        "it; PostgreSQL and Spark are known to work",
        connection=name,
        engine=engine,
        path=where.path,
    )
    return unread(Absence.UNREADABLE, where.name, detail)


def unsuited(where: Named, name: str, backend: str) -> UnreadError:
    """Return the refusal of a database whose counts would differ without a word."""
    detail = text(
        "connection `{connection}` leads to a database of kind `{backend}`, which is not counted: by its default its "
        "texts are equal where they differ by case or blanks, and what it keeps of a table is not of the moment that a "
        "transaction sees; PostgreSQL and Spark are known to work, or name an export of `{path}`",
        connection=name,
        backend=backend,
        path=where.path,
    )
    return unread(Absence.WRONG_KIND, where.name, detail)


def bad_address(where: Named, name: str) -> UnreadError:
    """Return the refusal of a URL that is none."""
    detail = text(
        "the URL of connection `{connection}` cannot be understood; it looks like "
        "`postgresql://user@host:5432/database`",
        connection=name,
    )
    return unread(Absence.STORE_DOWN, where.name, detail)


def bad_options(where: Named, name: str) -> UnreadError:
    """Return the refusal of a driver that does not take its options."""
    detail = text(
        "the driver of connection `{connection}` does not take the options it is given", connection=name
    )
    return unread(Absence.STORE_DOWN, where.name, detail)


def variable(where: Named, name: str, called: str, environ: Mapping[str, str]) -> str:
    """Return the value of an environment variable that a connection names.

    Raises
    ------
    UnreadError
        It is not set, or empty.
    """
    value = environ.get(called, "")
    if not value:
        detail = text(
            "connection `{connection}` takes its credentials from `{variable}`, which is not set",
            connection=name,
            variable=called,
        )
        raise unread(Absence.STORE_DOWN, where.name, detail)
    return value


def parts(where: Named, relation: str) -> tuple[str, ...]:
    """Return the parts of a name such as ``audit."Decisions 2026"``; double quotes hold a point.

    Raises
    ------
    UnreadError
        A part is empty, or a quotation is not closed.
    """
    found, rest = [], relation
    while True:
        if rest.startswith('"'):
            end = rest.find('"', 1)
            part, rest = (rest[1:end], rest[end + 1 :]) if end > 0 else ("", rest)
        else:
            part, point, after = rest.partition(".")
            rest = point + after
        if not part or (rest and not rest.startswith(".")):
            detail = text("`{relation}` is no name of a table; write `schema.table`", relation=relation)
            raise unread(Absence.NO_RELATION, where.name, detail)
        found.append(part)
        if not rest:
            return tuple(found)
        rest = rest[1:]
