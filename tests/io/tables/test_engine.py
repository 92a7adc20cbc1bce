from pathlib import Path

import duckdb
import pytest

from hcgov.core.artifacts import CsvDialect
from hcgov.io.tables import sql
from hcgov.io.tables.engine import engine_errors, session
from hcgov.io.tables.place import Place
from hcgov.io.tables.unread import UnreadError


def a_place(folder: Path) -> Place:
    return Place(name="t", path="t.csv", found=folder / "t.csv", files=(folder / "t.csv",), format="csv")


def test_the_engine_reads_the_files_it_was_given_and_nothing_else(tmp_path: Path) -> None:
    for name in ("t.csv", "secret.csv"):
        (tmp_path / name).write_text("1,2\n")
    with session([tmp_path / "t.csv"]) as engine:
        assert engine.connection.execute(f"SELECT * FROM read_csv('{tmp_path}/t.csv')").fetchall()
        for statement in (
            f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            "SET enable_external_access = true",
            "INSTALL httpfs",
            f"ATTACH '{tmp_path}/other.db'",
        ):
            with pytest.raises(duckdb.Error):
                engine.connection.execute(statement)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "t.csv"]


def test_python_objects_are_no_tables(tmp_path: Path) -> None:
    import pandas as pd

    hidden = pd.DataFrame({"x": [1]})
    with session([]) as engine, pytest.raises(duckdb.CatalogException):
        engine.connection.execute("SELECT * FROM hidden")
    assert len(hidden) == 1


def test_what_was_written_beside_the_table_is_gone_afterwards() -> None:
    with session([]) as engine:
        (engine.folder / "copy.csv").write_text("x")
        folder = engine.folder
    assert not folder.exists()


def test_mistakes_in_our_own_sql_stay_errors(tmp_path: Path) -> None:
    with pytest.raises(duckdb.ParserException), session([]) as engine:
        engine.read(a_place(tmp_path), CsvDialect(), "SELEC 1")


def test_the_engines_own_words_reach_nobody(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n")
    for error in (
        duckdb.ConversionException("Could not convert string 'Erika' to INT32"),
        duckdb.OutOfMemoryException("Erika"),
        duckdb.Error("Erika"),
    ):
        with pytest.raises(UnreadError) as caught, engine_errors(a_place(tmp_path), CsvDialect()):
            raise error
        assert "Erika" not in str(caught.value)
        assert caught.value.__suppress_context__


def test_literals_and_names_cannot_end_early() -> None:
    connection = duckdb.connect()
    for value in ("it's", "'; DROP TABLE x; --", '"', "\\", "%s {x} $1 ?", "‖\n"):
        assert connection.execute(f"SELECT {sql.literal(value)} AS {sql.identifier(value)}").fetchall() == [
            (value,)
        ]


def test_buckets_are_the_first_hexadecimal_digits_of_md5_modulo_32() -> None:
    import hashlib

    connection = duckdb.connect()
    people = [f"person {i}" for i in range(500)] + ["", "ü"]
    for person in people:
        (found,) = connection.execute(
            f"SELECT {sql.bucket('p')} FROM (SELECT ? AS p)", [person]
        ).fetchone() or (None,)
        assert found == int(hashlib.md5(person.encode()).hexdigest()[:2], 16) % 32
    assert connection.execute(
        f"SELECT {sql.bucket('p')} FROM (SELECT CAST(NULL AS VARCHAR) AS p)"
    ).fetchone() == (32,)
