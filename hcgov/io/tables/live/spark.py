"""Spark SQL: a session of our own, whose temporary views nobody else sees."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from hcgov.core.connection import SparkConnection
from hcgov.core.evidence.aggregates import Kind
from hcgov.core.mistake import did_you_mean
from hcgov.io.tables.live.dialect import identifier
from hcgov.io.tables.live.engine import KINDS, Held, Standing
from hcgov.io.tables.live.refusals import (
    lost,
    no_answer,
    no_package,
    no_relation,
    not_understood,
    parts,
    too_slow,
    variable,
)
from hcgov.io.tables.place import Named
from hcgov.io.tables.schema import Family
from hcgov.io.tables.unread import UnreadError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_OURS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    # A file is named by `path`, where it is held against the folders that are allowed.
    "spark.sql.runSQLOnFiles": "false",
}
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
_MOMENTS = ("date", "timestamp_ntz")
"""Spark's plain ``timestamp`` is a moment in a time zone, as PostgreSQL's ``timestamptz`` is."""
_EXACT = ("byte", "short", "integer", "long", "decimal")
_FAMILIES = {
    **dict.fromkeys(_EXACT, Family.EXACT),
    "string": Family.TEXT,
    "varchar": Family.TEXT,
    "char": Family.TEXT,
    "boolean": Family.BOOLEAN,
    "float": Family.FLOAT,
    "double": Family.DOUBLE,
}
_STATE = ("_metadata.file_path", "_metadata.file_size", "_metadata.file_modification_time")


@dataclass(kw_only=True)
class Spark:
    """An open session."""

    session: "SparkSession"
    name: str
    seconds: int
    dialect: str = "spark"
    _views: list[str] = field(default_factory=list)
    _expired: bool = False

    @contextmanager
    def errors(self, where: Named) -> Iterator[None]:
        """Turn what Spark says into a refusal."""
        try:
            with _refusing(where, self.name), _silent():
                yield
        except UnreadError:
            if self._expired:
                raise too_slow(where, self.name) from None
            raise

    def find(self, where: Named, relation: str) -> Standing:
        """Look a table or view up in the catalogue."""
        from pyspark.errors import AnalysisException

        named = parts(where, relation)
        quoted = ".".join(f"`{part.replace('`', '``')}`" for part in named)
        with self.errors(where):
            try:
                frame = self.session.table(quoted)
            except AnalysisException:
                raise no_relation(where, self.name, relation, self._near(named)) from None
            return Standing(source=".".join(map(identifier, named)), columns=_columns(frame))

    def files(self, where: Named, path: str) -> Standing:
        """Look Parquet files up by a path that Spark understands."""
        from pyspark.errors import AnalysisException

        view = f"files{len(self._views)}"
        with self.errors(where):
            try:
                frame = self.session.read.parquet(path)
            except AnalysisException:
                raise no_relation(where, self.name, path, "is the path right?") from None
            self._view(view, frame)
            return Standing(source=view, columns=_columns(frame), path=path)

    def state(self, where: Named, standing: Standing) -> str:
        """Return path, size, time and rows of every file, or the number of rows where there are no files."""
        from pyspark.errors import AnalysisException

        with self.errors(where):
            if standing.path:
                frame = self.session.read.parquet(standing.path)
            else:
                self.session.catalog.refreshTable(standing.source.replace('"', "`"))
                frame = self.session.table(standing.source.replace('"', "`"))
            try:
                files = frame.select(*_STATE)
            except AnalysisException:
                return str(frame.count())
            return repr(sorted(tuple(row) for row in files.groupBy(*files.columns).count().collect()))

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Run a query."""
        with self._in_time():
            return [tuple(row) for row in self.session.sql(statement).collect()]

    def keep(self, name: str, query: str) -> None:
        """Keep the rows of a query on the executors, cut off from where they came from."""
        with self._in_time():
            self._view(name, self.session.sql(query).localCheckpoint(eager=True))

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        """Run a query and yield its rows, a partition at a time."""
        import pyarrow as pa

        frame = self.session.sql(statement)
        rows = iter(frame.toLocalIterator())
        while held := list(islice(rows, size)):
            columns = zip(*held, strict=True)
            yield pa.RecordBatch.from_arrays([pa.array(column) for column in columns], names=frame.columns)

    def close(self) -> None:
        """Forget what was kept; the session of the process goes on, for starting one takes seconds."""
        for view in self._views:
            self.session.catalog.dropTempView(view)

    def _view(self, name: str, frame: "DataFrame") -> None:
        frame.createOrReplaceTempView(name)
        self._views.append(name)

    def _near(self, named: tuple[str, ...]) -> str:
        """Return the nearest name in the same schema; a courtesy, where the schema is there."""
        from pyspark.errors import PySparkException

        try:
            tables = self.session.catalog.listTables(".".join(named[:-1]) or None)
        except PySparkException:
            return ""
        return did_you_mean(named[-1], [table.name for table in tables])

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Cancel what runs for longer than the connection allows."""
        context, tag = self.session.sparkContext, f"hcgov-{id(self)}"

        def expire() -> None:
            self._expired = True
            context.cancelJobsWithTag(tag)

        context.addJobTag(tag)
        timer = threading.Timer(self.seconds, expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            context.removeJobTag(tag)


@contextmanager
def spark(
    where: Named, name: str, connection: SparkConnection, environ: Mapping[str, str]
) -> Iterator[Spark]:
    """Open a session of Spark: beside the one that runs in this process, or in one that is started.

    Raises
    ------
    UnreadError
        Spark or Java is not installed, or the cluster does not answer.
    """
    options = {option: _written(value) for option, value in connection.options.items()}
    options |= {option: variable(where, name, it, environ) for option, it in connection.options_env.items()}
    with _refusing(where, name), _silent():
        session = _session(connection, options)
    opened = Spark(session=session, name=name, seconds=connection.statement_seconds)
    try:
        yield opened
    finally:
        with _refusing(where, name):
            opened.close()


def _session(connection: SparkConnection, options: Mapping[str, str]) -> "SparkSession":
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession() is not None
    builder = SparkSession.builder.appName("hcgov")
    local = connection.master is not None and connection.master.startswith("local")
    if connection.master is not None:
        builder = builder.master(connection.master)
    for option, value in {**(_LOCAL if local else {}), **options}.items():
        builder = builder.config(option, value)
    base = builder.getOrCreate()
    if not running:
        base.sparkContext.setLogLevel("OFF")  # what executors log quotes rows
    session = base.newSession()
    own = {"spark.sql.shuffle.partitions": str(base.sparkContext.defaultParallelism)} if local else {}
    for option, value in {**own, **options, **_OURS}.items():
        if session.conf.isModifiable(option):
            session.conf.set(option, value)
    return session


def _columns(frame: "DataFrame") -> tuple[Held, ...]:
    return tuple(
        Held(column.name, _FAMILIES.get(kind, Family.OTHER), _kind(kind))
        for column in frame.schema.fields
        for kind in [column.dataType.typeName()]
    )


def _kind(kind: str) -> Kind:
    if kind in _MOMENTS:
        return Kind.MOMENT
    if kind in _EXACT:
        return Kind.NUMBER if kind == "decimal" else Kind.WHOLE
    return KINDS.get(_FAMILIES.get(kind, Family.OTHER), Kind.OTHER)


def _written(value: bool | int | float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep PySpark from logging errors to the screen: they quote rows."""
    logger = logging.getLogger("SQLQueryContextLogger")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


@contextmanager
def _refusing(where: Named, name: str) -> Iterator[None]:
    """Turn what Spark and the bridge to it raise into refusals."""
    try:
        from py4j.protocol import Py4JError, Py4JNetworkError
        from pyspark.errors import PySparkException, PySparkRuntimeError
    except ImportError:
        raise no_package(where, name, "pyspark", "spark") from None
    # `from None` throughout: their messages quote rows and options.
    try:
        yield
    except PySparkRuntimeError:
        raise no_answer(where, name) from None
    except PySparkException:
        raise not_understood(where, name, "Spark SQL") from None
    except (Py4JNetworkError, ConnectionError, EOFError):
        raise lost(where, name) from None
    except Py4JError:
        raise no_answer(where, name) from None
