from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.io.tables import load_frame, load_outcomes
from tests.io.tables.making import refused, table

CONTENT = (
    "id,zip,age,height,member,note,none\n1,01234,30,1.8,true,x,\n2,99999,,1,False,,\n-3,10000,50,.5e1,,7,\n"
)


def frame(root: Path, it: Table, columns: list[str] | None = None) -> tuple[pd.DataFrame, Source]:
    found = load_frame("t", it, root, columns)
    assert isinstance(found, tuple), found
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text(CONTENT)
    return tmp_path


def test_a_text_column_becomes_numbers_only_if_all_values_are(root: Path) -> None:
    found, source = frame(root, table("t.csv"))
    assert list(found.columns) == CONTENT.splitlines()[0].split(",")
    assert found["id"].tolist() == [1, 2, -3]
    assert found["zip"].tolist() == ["01234", "99999", "10000"]
    assert found["age"].dropna().tolist() == [30, 50]
    assert pd.api.types.is_numeric_dtype(found["age"])
    assert found["height"].tolist() == [1.8, 1.0, 5.0]
    assert found["member"].dropna().tolist() == [True, False]
    assert found["note"].dropna().tolist() == ["x", "7"]
    assert found["none"].isna().all()
    assert (source.rows, source.size) == (3, len(CONTENT))


def test_rows_keep_their_order(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "".join(f"{i},x\n" for i in range(300_000)))
    found, _ = frame(tmp_path, table("t.csv"))
    assert found["a"].is_monotonic_increasing


def test_only_the_columns_asked_for_are_read_in_their_order(root: Path) -> None:
    found, _ = frame(root, table("t.csv", columns={"code": 1}), ["age", "code"])
    assert list(found.columns) == ["age", "code"]
    assert "no column `agee`; did you mean `age`?" in refused(
        load_frame("t", table("t.csv"), root, ["agee"]), Absence.UNREADABLE
    )


def test_no_name_means_two_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,score,score,x\n1,2,3,4\n")
    found, _ = frame(tmp_path, table("t.csv", columns={"first": 1}))
    assert list(found.columns) == ["id", "first", "score (2)", "x"]


def test_parquet_types_are_kept(tmp_path: Path) -> None:
    day = pa.array([1], type=pa.timestamp("us"))
    columns = {"s": pa.array(["1"]), "i": pa.array([1], type=pa.int32()), "f": [0.5], "b": [True], "d": day}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    found, _ = frame(tmp_path, table("t.parquet"))
    assert found["s"].tolist() == ["1"]
    assert [found[c].dtype.kind for c in "ifbd"] == ["i", "f", "b", "M"]


def test_json_lines_are_typed_like_csv(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"a": 1, "b": "x"}\n{"a": 2.5}\n')
    found, _ = frame(tmp_path, table("t.jsonl"))
    assert found["a"].tolist() == [1.0, 2.5]
    assert found["b"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("path", "reason"),
    [("no.csv", Absence.NO_FILE), ("bad.csv", Absence.UNREADABLE), ("latin.csv", Absence.WRONG_ENCODING)],
)
def test_what_cannot_be_read_is_absent(tmp_path: Path, path: str, reason: Absence) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1\n")
    (tmp_path / "latin.csv").write_bytes(b"a,b\n\xe9,1\n")
    refused(load_frame("t", table(path), tmp_path), reason)
    refused(load_outcomes("t", table(path, roles={"label": "a"}), tmp_path, ["label"], []), reason)


def test_a_pinned_frame_is_held_to_its_digest(root: Path) -> None:
    refused(load_frame("t", table("t.csv", sha256="0" * 64), root), Absence.WRONG_DIGEST)


def test_outcomes_are_0_1_or_null_under_their_own_names(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("y,decile,p,gender\n1,7,0.9,F\n0,2,0.1,\n,x,,M\n")
    roles = {"label": "y", "prediction": "decile", "score": "p", "groups": {"sex": "gender"}}
    it = table("t.csv", roles=roles, outcomes={"prediction": {"at_least": "5"}})
    loaded = load_outcomes("t", it, tmp_path, ["label", "prediction", "score"], ["sex"])
    assert isinstance(loaded, tuple), loaded
    found, source = loaded
    assert list(found.columns) == ["label", "prediction", "score", "sex"]
    for outcome in ("label", "prediction"):
        assert found[outcome].dropna().tolist() == [1, 0]
        assert found[outcome].isna().tolist() == [False, False, True]
    assert found["score"].dropna().tolist() == [0.9, 0.1]
    assert found["sex"].dropna().tolist() == ["F", "M"]
    assert source.rows == 3


def test_outcomes_of_an_aggregated_table_carry_their_counts(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("y,n\n1,3\n0,4\n")
    it = table("t.csv", roles={"label": "y"}, count={"column": "n", "unit": "row"})
    loaded = load_outcomes("t", it, tmp_path, ["label"], [])
    assert isinstance(loaded, tuple)
    assert loaded[0]["count"].tolist() == [3, 4]
    (tmp_path / "t.csv").write_text("y,n\n1,-3\n0,4\n")
    assert "1 row of `t.csv`" in refused(load_outcomes("t", it, tmp_path, ["label"], []), Absence.UNREADABLE)


def test_outcomes_that_are_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("y,n\n5,3\n0,4\n")
    it = table("t.csv", roles={"label": "y"})
    assert "1 row" in refused(load_outcomes("t", it, tmp_path, ["label"], []), Absence.UNREADABLE)
    assert "no outcome or role `prediction`" in refused(
        load_outcomes("t", it, tmp_path, ["prediction"], []), Absence.UNREADABLE
    )
