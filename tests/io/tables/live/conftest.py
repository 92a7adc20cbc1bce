"""A PostgreSQL on this machine, or a reason to skip; and Spark in this process."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import pytest

from hcgov.core.connection import DatabaseConnection, SparkConnection
from hcgov.io.tables import Engines, sql

URL = os.environ.get("HCGOV_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
SCHEMA = "hcgov_tests"
KINDS = {
    "text": "text",
    "int": "bigint",
    "float": "double precision",
    "single": "real",
    "bool": "boolean",
    "small": "smallint",
    "date": "date",
    "moment": "timestamp",
    "decimal": "numeric(20, 4)",
    "instant": "timestamptz",
}

Make: TypeAlias = Callable[[Mapping[str, str], Sequence[Sequence[object]]], str]
"""From columns with their kinds, and rows, to the name of a table that holds them."""


SPARK = Engines(
    connections={
        "here": SparkConnection(
            kind="spark",
            master="local[2]",
            options={"spark.sql.warehouse.dir": f"{tempfile.gettempdir()}/hcgov-tests-warehouse"},
        )
    }
)


def engines() -> Engines:
    return Engines(connections={"here": DatabaseConnection(kind="sqlalchemy", url=URL)})


@pytest.fixture(scope="module")
def make() -> Iterator[Make]:
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(URL, connect_timeout=3, autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers at HCGOV_TEST_POSTGRES")
    connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    made = [0]

    def make(columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> str:
        made[0] += 1
        table = f"{SCHEMA}.t{made[0]}"
        spelt = ", ".join(f"{sql.identifier(name)} {KINDS[kind]}" for name, kind in columns.items())
        connection.execute(f"CREATE TABLE {table} ({spelt})")
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", [tuple(row) for row in rows])
        return table

    yield make
    connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    connection.close()
