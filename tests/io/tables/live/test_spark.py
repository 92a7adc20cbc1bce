from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import SharesOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Engines, answer, answering, fold_rows
from tests.io.tables.live.conftest import SPARK

pytestmark = pytest.mark.spark


@pytest.fixture
def relation(tmp_path: Path) -> Iterator[str]:
    sessions = pytest.importorskip("pyspark.sql")
    pq.write_table(pa.table({"sex": ["F"]}), tmp_path / "first.parquet")
    shares(a_table(path="first.parquet"), tmp_path)  # starts Spark as a check would
    session = sessions.SparkSession.builder.getOrCreate()
    frame = session.createDataFrame([("F", 1), ("M", 0), ("F", None)], "sex string, prediction int")
    session.sql("CREATE DATABASE IF NOT EXISTS hcgov_tests")
    frame.write.mode("overwrite").saveAsTable("hcgov_tests.decisions")
    yield "hcgov_tests.decisions"
    session.sql("DROP DATABASE hcgov_tests CASCADE")


def shares(it: Table, root: Path, how: Engines = SPARK) -> object:
    request = SharesOf(table="t", column="sex")
    return answer("t", it, root, [request], SliceRules(), {}, engines=how)[request]


def a_table(**where: str) -> Table:
    return Table.model_validate({"kind": "table", "connection": "here", **where})


def test_a_table_of_the_catalogue_is_counted_and_refused_if_it_changes_meanwhile(
    relation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shares(a_table(relation=relation), tmp_path)
    assert not isinstance(found, Absent)
    assert found.groups == (("F", 2), ("M", 1))  # type: ignore[attr-defined]  # Shares
    plain = answering._rows

    def interrupted(*given: object) -> object:
        from pyspark.sql import SparkSession

        session = SparkSession.builder.getOrCreate()
        frame = session.createDataFrame([("M", 1), ("M", 0), ("F", None)], "sex string, prediction int")
        frame.write.mode("overwrite").saveAsTable(relation)
        return plain(*given)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(answering, "_rows", interrupted)
    gone = shares(a_table(relation=relation), tmp_path)
    assert isinstance(gone, Absent)
    assert gone.reason in (Absence.CHANGED, Absence.UNREADABLE)


def test_files_of_the_project_keep_their_digest_and_others_are_no_tables(
    tmp_path: Path, relation: str
) -> None:
    pq.write_table(pa.table({"sex": ["F", "M"]}), tmp_path / "t.parquet")
    found = shares(a_table(path="t.parquet"), tmp_path)
    assert len(found.source.sha256) == 64  # type: ignore[attr-defined]  # Shares
    for where, reason in (
        ({"path": "u.parquet"}, Absence.NO_FILE),
        ({"path": "../t.parquet"}, Absence.OUTSIDE_PROJECT),
        ({"relation": f'parquet."{tmp_path}/t.parquet"'}, Absence.NO_RELATION),
        ({"relation": "hcgov_tests.decision"}, Absence.NO_RELATION),
    ):
        gone = shares(a_table(**where), tmp_path)
        assert isinstance(gone, Absent)
        assert gone.reason is reason, gone.detail
    assert "did you mean `decisions`" in str(gone.detail)


def test_rows_come_in_a_stream(relation: str, tmp_path: Path) -> None:
    folded = fold_rows(
        "t",
        a_table(relation=relation),
        tmp_path,
        ["sex"],
        lambda bs: sum(b.num_rows for b in bs),
        engines=SPARK,
    )
    assert not isinstance(folded, Absent)
    assert (folded[0], folded[1].rows) == (3, 3)
