"""Engines opened ahead: each is handed out once, closed when done with, and none is used after a fork."""

import os
import threading

import duckdb
import pytest

from hcgov.io.tables.ahead import Ahead
from hcgov.io.tables.engine import session


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(name) for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]


def test_what_one_table_left_behind_is_in_no_other_engine():
    ahead = Ahead()
    with ahead.engine() as first:
        first.execute("CREATE TABLE people AS SELECT 1 AS person")
        with ahead.engine() as second:
            assert _tables(second) == []
            assert _tables(first) == ["people"]
    with ahead.engine() as third:
        assert _tables(third) == []


def test_an_engine_that_was_given_back_is_closed():
    ahead = Ahead()
    with ahead.engine() as connection:
        connection.execute("SELECT 1")
    with ahead.engine():
        pass  # the thread beside does one thing after the other, so the first is closed by now
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("SELECT 1")


def test_an_engine_is_closed_where_the_work_fails():
    ahead = Ahead()
    with pytest.raises(ValueError, match="no"), ahead.engine() as connection:
        raise ValueError("no")
    with ahead.engine():
        pass
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("SELECT 1")


def test_threads_are_never_handed_the_same_engine():
    ahead, seen, wait = Ahead(), [], threading.Barrier(4)

    def work() -> None:
        with ahead.engine() as connection:
            connection.execute("CREATE TABLE mine AS SELECT 1 AS one")  # there already, were it shared
            seen.append(id(connection))
            wait.wait()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # that a process with threads forks is the point
def test_a_forked_process_opens_an_engine_of_its_own():
    ahead = Ahead()
    with ahead.engine():
        pass
    ahead.prepare()
    child = os.fork()
    if child == 0:
        with ahead.engine() as connection:
            found = connection.execute("SELECT SUM(range) FROM range(1000)").fetchall()
        os._exit(0 if found == [(499500,)] else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_an_engine_that_stood_ready_is_closed_off_like_any_other(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    for _ in range(2):  # opened for it, and opened ahead
        with session([tmp_path / "table.csv"]) as opened:
            for statement in (
                f"SELECT * FROM read_csv('{other}')",
                f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
                f"ATTACH '{tmp_path / 'x.db'}'",
                "SET enable_external_access = true",
                "INSTALL httpfs",
            ):
                with pytest.raises(duckdb.Error):
                    opened.connection.execute(statement)


def test_nothing_is_left_in_the_temporary_folder_of_an_engine(tmp_path):
    with session([tmp_path / "table.csv"], memory="64MB") as opened:
        opened.connection.execute("CREATE TABLE large AS SELECT range, repeat('x', 64) FROM range(3000000)")
        folder = opened.folder
        assert any(folder.iterdir())  # else nothing is shown: the table does not fit
    assert not folder.exists()
