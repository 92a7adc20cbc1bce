"""Engines opened ahead: each is handed out once, closed when done with, and none is used after a fork."""

import os
import subprocess
import sys
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


FORKS = """
import os, sys, time
from pathlib import Path
from hcgov.io.tables.engine import session

def total():
    with session([Path("table.csv")]) as opened:
        return opened.connection.execute("SELECT SUM(range) FROM range(1000)").fetchall()

assert total() == [(499500,)]
time.sleep(float(sys.argv[1]))  # an engine stands ready by now, or is being opened
child = os.fork()
if child == 0:
    sys.exit(0 if sys.argv[2] == "idle" or total() == [(499500,)] else 1)
_, status = os.waitpid(child, 0)
assert total() == [(499500,)]
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("wait", ["0", "0.3"])
@pytest.mark.parametrize("child", ["idle", "reads"])
def test_a_forked_process_has_engines_of_its_own_and_ends_as_it_should(wait, child):
    left = subprocess.run(
        [sys.executable, "-c", FORKS, wait, child], capture_output=True, text=True, check=False
    )
    assert (left.returncode, left.stderr) == (0, "")


AT_THE_END = """
import atexit
from pathlib import Path
from hcgov.io.tables.engine import session

opened = session([Path("table.csv")])
one = opened.__enter__()
atexit.register(lambda: print(one.connection.execute("SELECT 41 + 1").fetchall(), opened.__exit__(None, None, None)))
"""


def test_an_engine_can_be_closed_while_the_interpreter_ends():
    left = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, text=True, check=False)
    assert (left.returncode, left.stdout, left.stderr) == (0, "[(42,)] False\n", "")


def test_a_temporary_folder_that_somebody_has_swept_away_spoils_no_answer(tmp_path):
    with session([tmp_path / "table.csv"]) as opened:
        opened.folder.rmdir()
        assert opened.connection.execute("SELECT 1").fetchall() == [(1,)]


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
