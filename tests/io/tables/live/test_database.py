import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hcgov.core.connection import DatabaseConnection
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf, Overlap, OverlapOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Engines, Schema, answer, answering, fold_rows, load_frame, probe
from hcgov.io.tables.live import database
from hcgov.io.tables.live.database import Database
from hcgov.io.tables.place import Named
from tests.io.tables.live.conftest import URL, Make, engines
from tests.io.tables.making import SELECTED, refused

if TYPE_CHECKING:
    import sqlalchemy as sa

HERE = Path()
COLUMNS = {"sex": "text", "prediction": "int", "person": "text"}
ROWS = [("F", 1, "ann"), ("M", 0, "bob"), ("F", None, "ann")]
SECRET = "very-secret"


def a_table(relation: str, **options: object) -> Table:
    roles = {"prediction": "prediction", "person": "person"}
    return Table.model_validate(
        {"kind": "table", "connection": "here", "relation": relation, "roles": roles, **options}
    )


def count(it: Table, how: Engines | None = None) -> object:
    request = CountsOf(table="t", rates=(SELECTED,))
    return answer("t", it, HERE, [request], SliceRules(by=("sex",)), {}, engines=how or engines())[request]


def at(url: str, **options: object) -> Engines:
    connection = DatabaseConnection.model_validate({"kind": "sqlalchemy", "url": url, **options})
    return Engines(connections={"here": connection})


@pytest.mark.services
def test_a_live_table_has_no_digest_and_says_what_it_told(make: Make) -> None:
    it = a_table(make(COLUMNS, ROWS))
    first, again = count(it), count(it)
    assert isinstance(first, Counts)
    assert isinstance(again, Counts)
    assert (first.source.sha256, first.source.size, first.source.rows) == ("", None, 3)
    assert first.source.location == f"here:{it.relation}"
    assert first.source.counted == again.source.counted
    other = count(a_table(make(COLUMNS, [*ROWS, ("M", 1, "cy")])))
    assert isinstance(other, Counts)
    assert other.source.counted != first.source.counted
    assert "digest that could be compared" in refused(
        count(it.model_copy(update={"sha256": "0" * 64})), Absence.WRONG_DIGEST
    )


@pytest.mark.services
def test_columns_come_from_the_catalogue(make: Make) -> None:
    schema = probe("t", a_table(make(COLUMNS, ROWS)), HERE, engines=engines())
    assert isinstance(schema, Schema)
    assert schema.columns == tuple(COLUMNS)


@pytest.mark.services
def test_all_statements_see_one_moment(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    it = a_table(make(COLUMNS, ROWS))
    plain = answering.count

    def interrupted(*given: object) -> object:
        with psycopg.connect(URL, autocommit=True) as other:
            other.execute(f"INSERT INTO {it.relation} VALUES ('F', 1, 'dan')")
        return plain(*given)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(answering, "count", interrupted)
    found = count(it)
    assert isinstance(found, Counts)
    assert (found.rows, found.source.rows) == (3, 3)


@pytest.mark.services
@pytest.mark.parametrize(
    "change",
    ["INSERT INTO {} VALUES ('F', 1, 'dan')", "UPDATE {} SET sex = CASE sex WHEN 'F' THEN 'M' ELSE 'F' END"],
)
def test_where_a_database_shows_no_single_moment_a_change_is_refused(
    make: Make, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    import psycopg

    it = a_table(make(COLUMNS, ROWS))
    plain = answering.count

    def interrupted(*given: object) -> object:
        with psycopg.connect(URL, autocommit=True) as other:
            other.execute(change.format(it.relation))
        return plain(*given)  # type: ignore[arg-type]  # passed on as given

    def prepare(opened: "sa.Connection", connection: DatabaseConnection) -> bool:
        return False  # READ COMMITTED, as a database without snapshots has it

    monkeypatch.setattr(database, "_prepare", prepare)
    assert isinstance(count(it), Counts)
    monkeypatch.setattr(answering, "count", interrupted)
    assert "changed while it was read" in refused(count(it), Absence.CHANGED)


@pytest.mark.parametrize("backend", ["mysql+pymysql", "mariadb", "mssql+pyodbc"])
def test_a_database_that_would_count_otherwise_without_a_word_is_refused(backend: str) -> None:
    sentence = refused(count(a_table("t"), at(f"{backend}://a:{SECRET}@h/d")), Absence.WRONG_KIND)
    assert "differ by case or blanks" in sentence
    assert SECRET not in sentence


def test_sqlite_shows_one_moment(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (sex TEXT)")
        connection.execute("INSERT INTO t VALUES ('F')")
        connection.commit()
    it, here = a_table("t"), Named(name="t", path="t")
    connection_ = at(f"sqlite:///{file}").connections["here"]
    assert isinstance(connection_, DatabaseConnection)
    with database.database(here, "here", connection_, {}) as opened:
        before = opened.rows("SELECT COUNT(*) FROM t")
        with closing(sqlite3.connect(file)) as other:
            other.execute("INSERT INTO t VALUES ('M')")
            other.commit()
        assert opened.rows("SELECT COUNT(*) FROM t") == before == [(1,)]
        assert opened.state(here, opened.find(here, str(it.relation))) == ""


@pytest.mark.services
def test_persons_are_compared_in_the_engine_and_never_carried_out_of_it(make: Make, tmp_path: Path) -> None:
    it, gone = a_table(make(COLUMNS, ROWS)), a_table(make(COLUMNS, ROWS[:1]))
    request = OverlapOf(table="t", listed="gone")
    found = answer("t", it, HERE, [request], SliceRules(), {"gone": gone}, engines=engines())[request]
    assert isinstance(found, Overlap)
    assert (found.people, found.rows, found.listed_source.rows) == (1, 2, 1)
    (tmp_path / "gone.csv").write_text("person\nann\n")
    here = Table.model_validate({"kind": "table", "path": "gone.csv", "roles": {"person": "person"}})
    for one, other in ((it, here), (here, it)):
        mixed = answer("t", one, tmp_path, [request], SliceRules(), {"gone": other}, engines=engines())[
            request
        ]
        assert "put both into one" in refused(mixed, Absence.WRONG_KIND)


@pytest.mark.services
def test_rows_stay_where_they_are_but_can_be_folded_in_a_stream(make: Make) -> None:
    it = a_table(make(COLUMNS, ROWS))
    assert "only counts leave it" in refused(load_frame("t", it, HERE, engines=engines()), Absence.WRONG_KIND)
    folded = fold_rows(
        "t",
        it,
        HERE,
        ["person"],
        lambda batches: [b.num_rows for b in batches],
        batch_size=2,
        engines=engines(),
    )
    assert not isinstance(folded, Absent)
    assert (folded[0], folded[1].rows) == ([2, 1], 3)


@pytest.mark.services
def test_a_relation_that_is_not_there_is_missing_evidence_with_the_nearest_name(make: Make) -> None:
    relation = make(COLUMNS, ROWS)
    assert "did you mean `t" in refused(count(a_table(f"{relation}x")), Absence.NO_RELATION)
    assert refused(count(a_table("nowhere.t")), Absence.NO_RELATION)
    assert "no name of a table" in refused(count(a_table("a..b")), Absence.NO_RELATION)
    assert "more than two parts" in refused(count(a_table("a.b.c")), Absence.NO_RELATION)


@pytest.mark.services
def test_a_name_is_never_sql(make: Make) -> None:
    relation = make({'x"; DROP': "text", **COLUMNS}, [("a", *row) for row in ROWS])
    it = a_table(relation, roles={"prediction": "prediction", "groups": {"sex": 'x"; DROP'}})
    assert isinstance(count(it), Counts)


@pytest.mark.services
@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"postgresql://nobody-{SECRET}:{SECRET}@127.0.0.1:5432/test", "refuses the user"),
        (f"postgresql://postgres:{SECRET}@127.0.0.1:5432/{SECRET}", "refuses the user"),
        (f"postgresql://postgres:{SECRET}@127.0.0.1:1/test", "does not answer"),
        (f"nosuch://postgres:{SECRET}@127.0.0.1/test", "cannot be understood"),
        (SECRET, "cannot be understood"),
        (f"oracle://a:{SECRET}@127.0.0.1/d", "not installed"),
    ],
)
def test_whoever_does_not_answer_is_told_without_a_secret(url: str, words: str) -> None:
    pytest.importorskip("psycopg")
    for found in (probe("t", a_table("a.b"), HERE, engines=at(url)), count(a_table("a.b"), at(url))):
        sentence = refused(found, Absence.STORE_DOWN)
        assert words in sentence
        assert SECRET not in sentence


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []
        threading.Thread(target=lambda: held.append(server.accept()[0]), daemon=True).start()
        yield server.getsockname()[1]


@pytest.mark.services
def test_a_server_that_never_answers_is_waited_for_no_longer_than_was_said(silent: int) -> None:
    pytest.importorskip("psycopg")
    how = at(f"postgresql://postgres@127.0.0.1:{silent}/test", connect_seconds=2)
    assert "does not answer" in refused(count(a_table("a.b"), how), Absence.STORE_DOWN)


@pytest.mark.services
def test_credentials_come_from_the_environment(make: Make) -> None:
    it = a_table(make(COLUMNS, ROWS))
    connections = {"here": DatabaseConnection(kind="sqlalchemy", url_env="WAREHOUSE_URL")}
    there = Engines(connections=connections, environ={"WAREHOUSE_URL": URL})
    assert isinstance(count(it, there), Counts)
    unset = Engines(connections=connections)
    assert "`WAREHOUSE_URL`, which is not set" in refused(count(it, unset), Absence.STORE_DOWN)


@pytest.mark.services
@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", "was lost"),
        ("SELECT 1 / 0 -- Erika", "could not count"),
        ("SELECT pg_sleep(3)", "took longer"),
        ("SELECT * FROM pg_authid_nowhere", "could not count"),
    ],
)
def test_what_breaks_in_the_middle_is_missing_evidence(
    make: Make, monkeypatch: pytest.MonkeyPatch, action: str, words: str
) -> None:
    it = a_table(make(COLUMNS, ROWS))
    plain = Database.keep

    def broken(self: Database, name: str, query: str) -> None:
        plain(self, name, query)
        self.connection.exec_driver_sql(action)

    monkeypatch.setattr(Database, "keep", broken)
    reason = Absence.UNREADABLE if words == "could not count" else Absence.STORE_DOWN
    sentence = refused(count(it, at(URL, statement_seconds=1)), reason)
    assert words in sentence
    assert "Erika" not in sentence


@pytest.mark.services
def test_options_that_a_driver_does_not_take_are_told_without_their_values(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    for options in ({"nonsense": SECRET}, {"timeout": SECRET}):
        sentence = refused(count(a_table("t"), at(url, options=options)), Absence.STORE_DOWN)
        assert "does not take the options" in sentence
        assert SECRET not in sentence
    assert "pip" not in refused(count(a_table("t"), at("oracle+cx_oracle://h/d")), Absence.STORE_DOWN)


def test_a_connection_that_nobody_declared_is_told() -> None:
    it = a_table("a.b")
    assert "did you mean `here`" in refused(
        count(it.model_copy(update={"connection": "hero"})), Absence.NOT_DECLARED
    )
