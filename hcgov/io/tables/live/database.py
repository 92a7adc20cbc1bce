"""A database behind SQLAlchemy: one connection and one transaction a table, so that all statements see one moment."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hcgov.core.connection import DatabaseConnection
from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.aggregates import Kind
from hcgov.core.mistake import did_you_mean
from hcgov.core.text import text
from hcgov.io.tables import sql
from hcgov.io.tables.live.dialect import identifier, translated
from hcgov.io.tables.live.engine import KINDS, Held, Standing
from hcgov.io.tables.live.refusals import (
    bad_address,
    bad_options,
    lost,
    no_answer,
    no_entry,
    no_package,
    no_permission,
    no_relation,
    not_understood,
    parts,
    too_slow,
    unsuited,
    variable,
)
from hcgov.io.tables.place import Named
from hcgov.io.tables.schema import Family
from hcgov.io.tables.unread import UnreadError, unread

if TYPE_CHECKING:
    import pyarrow as pa
    import sqlalchemy as sa

_DIALECTS = {"postgresql": "postgres", "mssql": "tsql"}
"""From SQLAlchemy's name of a dialect to sqlglot's, where they differ."""
_PSYCOPG = "postgresql+psycopg"
_SNAPSHOTS = ("postgresql", "sqlite")
"""Where all statements of a transaction see the table at one moment."""
_UNSUITED = ("mysql", "mariadb", "mssql")
"""Where `F`, `f` and `F ` are one value by default. On MySQL and MariaDB, besides, CREATE TABLE ... AS SELECT reads
what others have written since the transaction began, and MyISAM knows no transaction."""
_STATES: Mapping[str, Callable[[Named, str], UnreadError]] = {
    "28": no_entry,
    "3D": no_entry,
    "42501": no_permission,
    "57014": too_slow,
    "57P": lost,
    "08": lost,
}
"""Beginnings of SQLSTATE (ISO/IEC 9075, and PostgreSQL's own classes) and what they mean to people."""
_NO_ENTRY = ("password", "authentication", "role", "does not exist", "pg_hba")
"""Words of a server that answers, but lets nobody in: then the driver gives no SQLSTATE."""


@dataclass(kw_only=True)
class Database:
    """An open connection in a transaction that sees one moment, where the database can do that.

    ``gone`` is the first refusal: after it a transaction answers nothing more.
    """

    connection: "sa.Connection"
    name: str
    steady: bool
    gone: UnreadError | None = None

    @property
    def dialect(self) -> str:
        """The dialect, as sqlglot calls it."""
        name = self.connection.dialect.name
        return _DIALECTS.get(name, name)

    @contextmanager
    def errors(self, where: Named) -> Iterator[None]:
        """Turn what the database says into a refusal."""
        if self.gone is not None:
            raise UnreadError(replace(self.gone.absent, artifact=where.name))
        try:
            with _refusing(where, self.name):
                yield
        except UnreadError as gone:
            self.gone = gone
            raise

    def find(self, where: Named, relation: str) -> Standing:
        """Look a table or view up in the catalogue."""
        import sqlalchemy as sa

        *schemas, table = parts(where, relation)
        if len(schemas) > 1:
            detail = text("`{relation}` has more than two parts; write `schema.table`", relation=relation)
            raise unread(Absence.NO_RELATION, where.name, detail)
        with self.errors(where):
            catalogue = sa.inspect(self.connection)
            schema = schemas[0] if schemas else catalogue.default_schema_name
            try:
                columns = catalogue.get_columns(table, schema=schema)
            except sa.exc.NoSuchTableError:
                known = [*catalogue.get_table_names(schema), *catalogue.get_view_names(schema)]
                raise no_relation(where, self.name, relation, did_you_mean(table, known)) from None
        return Standing(
            source=".".join(identifier(part) for part in (schema, table) if part),
            columns=tuple(
                Held(str(column["name"]), _family(column["type"]), _kind(column["type"]))
                for column in columns
            ),
        )

    def files(self, where: Named, path: str) -> Standing:
        """Refuse: a database has tables."""
        detail = text(
            "connection `{connection}` is a database; name a `relation` in it", connection=self.name
        )
        raise unread(Absence.WRONG_KIND, where.name, detail)

    def state(self, where: Named, standing: Standing) -> str:
        """Return nothing where the transaction sees one moment, else the number of rows and a sum of their digests."""
        if self.steady:
            return ""
        with self.errors(where):
            columns = [identifier(column.name) for column in standing.columns]
            statement = sql.select(["COUNT(*)", sql.digest_of_rows(columns)], standing.source)
            return str(self.rows(translated(statement, self.dialect)))

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Run a query."""
        return [tuple(row) for row in self.connection.exec_driver_sql(statement)]

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query in a temporary table, gone with the transaction."""
        if self.dialect == "postgres":
            self.connection.exec_driver_sql(f"DROP TABLE IF EXISTS pg_temp.{name}")
            self.connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}")
        else:
            self.connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
            self.connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} AS {query}")

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        """Run a query by a cursor on the server's side and yield its rows."""
        import pyarrow as pa

        reader = self.connection.execution_options(stream_results=True, yield_per=size)
        result = reader.exec_driver_sql(statement)
        names = list(result.keys())
        for rows in result.partitions(size):
            columns = zip(*rows, strict=True)
            yield pa.RecordBatch.from_arrays([pa.array(column) for column in columns], names=names)


@contextmanager
def database(
    where: Named, name: str, connection: DatabaseConnection, environ: Mapping[str, str]
) -> Iterator[Database]:
    """Connect to a database.

    Parameters
    ----------
    where
        The table that is wanted, for messages.
    name
        The connection's name in ``hcgov.yaml``.
    environ
        Environment that holds what the connection names.

    Raises
    ------
    UnreadError
        No URL, no driver, no answer, or no entry.
    """
    import sqlalchemy as sa

    text_of = (
        connection.url if connection.url_env is None else variable(where, name, connection.url_env, environ)
    )
    with _refusing(where, name):
        url = sa.make_url(text_of or "")
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername=_PSYCOPG)
        if url.get_backend_name() in _UNSUITED:
            raise unsuited(where, name, url.get_backend_name())
        engine = sa.create_engine(
            url,
            poolclass=sa.NullPool,
            connect_args=_options(where, name, connection, environ, url.get_backend_name()),
            hide_parameters=True,
        )
        opened = _connected(where, name, engine)
    try:
        with _refusing(where, name):
            steady = _prepare(opened, connection)
        # Without parameters, so that a % of ours is a %.
        yield Database(connection=opened.execution_options(no_parameters=True), name=name, steady=steady)
    finally:
        with suppress(
            sa.exc.SQLAlchemyError
        ):  # what was kept goes with the transaction, and it with the connection
            opened.close()
        engine.dispose()


def _connected(where: Named, name: str, engine: "sa.Engine") -> "sa.Connection":
    try:
        return engine.connect()
    except TypeError:  # how drivers refuse arguments that they do not know
        raise bad_options(where, name) from None


def _options(
    where: Named, name: str, connection: DatabaseConnection, environ: Mapping[str, str], backend: str
) -> dict[str, object]:
    named = {option: variable(where, name, it, environ) for option, it in connection.options_env.items()}
    waiting = {"connect_timeout": connection.connect_seconds} if backend == "postgresql" else {}
    return {**waiting, **connection.options, **named}


def _prepare(opened: "sa.Connection", connection: DatabaseConnection) -> bool:
    """Bind the transaction to one moment, if the database can; return whether."""
    backend = opened.dialect.name
    if backend == "postgresql":
        opened.execution_options(isolation_level="REPEATABLE READ")
        # A backslash in a text is a backslash.
        opened.exec_driver_sql("SET LOCAL standard_conforming_strings = on")
        opened.exec_driver_sql(f"SET LOCAL statement_timeout = {connection.statement_seconds * 1000}")
        opened.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    if backend == "sqlite":
        opened.exec_driver_sql("BEGIN")  # its driver begins none of its own before a query
    return backend in _SNAPSHOTS


@contextmanager
def _refusing(where: Named, name: str) -> Iterator[None]:
    """Turn what SQLAlchemy and its driver raise into refusals."""
    import sqlalchemy as sa

    # `from None` throughout: their messages quote rows, and URLs with their passwords.
    try:
        yield
    except sa.exc.NoSuchModuleError:
        raise bad_address(where, name) from None
    except ImportError as error:
        module = error.name or "sqlalchemy"
        raise no_package(where, name, module, "postgres" if module.startswith("psycopg") else "") from None
    except sa.exc.DBAPIError as error:
        raise _refusal(where, name, error) from None
    except (sa.exc.ArgumentError, ValueError):
        raise bad_address(where, name) from None
    except sa.exc.SQLAlchemyError:
        raise not_understood(where, name, "SQLAlchemy") from None


def _refusal(where: Named, name: str, error: "sa.exc.DBAPIError") -> UnreadError:
    state = str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or "")
    for beginning, refusal in _STATES.items():
        if state.startswith(beginning):
            return refusal(where, name)
    if error.connection_invalidated:
        return lost(where, name)
    if not state and type(error).__name__ in ("OperationalError", "InterfaceError"):
        said = str(error.orig).lower()
        return no_entry(where, name) if any(word in said for word in _NO_ENTRY) else no_answer(where, name)
    return not_understood(where, name, "SQL")


def _family(kind: object) -> Family:
    """Return how values of a column compare, from its type in the catalogue."""
    import sqlalchemy as sa

    if isinstance(kind, sa.Boolean):
        return Family.BOOLEAN
    if isinstance(kind, sa.Float):
        return Family.FLOAT if type(kind).__name__ == "REAL" else Family.DOUBLE
    if isinstance(kind, sa.Integer | sa.Numeric):
        return Family.EXACT
    # An enumeration is text to whoever reads it; the scan casts it.
    return Family.TEXT if isinstance(kind, sa.String) else Family.OTHER


def _kind(kind: object) -> Kind:
    """Return what a data frame of a column would hold, from its type in the catalogue."""
    import sqlalchemy as sa

    family = _family(kind)
    if family is Family.EXACT:
        return Kind.WHOLE if isinstance(kind, sa.Integer) else Kind.NUMBER
    if isinstance(kind, sa.Date):
        return Kind.MOMENT
    if isinstance(kind, sa.DateTime):
        return Kind.OTHER if kind.timezone else Kind.MOMENT  # with a time zone it is written in many ways
    return KINDS.get(family, Kind.OTHER)
