import gzip
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence
from hcgov.io.tables import Misnamed, Schema, locate, probe
from hcgov.io.tables.schema import Family
from tests.io.tables.making import ask, refused, table

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"


def schema(root: Path, path: str, **options: object) -> Schema:
    found = probe("t", table(path, **options), root)
    assert isinstance(found, Schema), found
    return found


def test_a_csv_header_gives_the_columns_and_those_that_repeat(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,score,sex,score\n1,2,3,4\n")
    found = schema(tmp_path, "t.csv")
    assert found.columns == ("id", "score", "sex", "score")
    assert found.duplicates == {"score"}
    assert found.positions == {"id": 0, "sex": 2}


def test_only_the_head_of_a_csv_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"id,sex\n" + b"1,F\n" * 100_000 + b"\xff broken, in, many, ways")
    assert schema(tmp_path, "t.csv").columns == ("id", "sex")


def test_only_the_footer_of_a_parquet_file_is_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(1000)), "b": ["x"] * 1000}), tmp_path / "t.parquet")
    content = bytearray((tmp_path / "t.parquet").read_bytes())
    content[4:200] = b"\0" * 196
    (tmp_path / "t.parquet").write_bytes(content)
    assert schema(tmp_path, "t.parquet").columns == ("a", "b")
    found = ask(tmp_path, table("t.parquet", roles={"prediction": "a"}))
    assert "`t.parquet` is damaged, cut off or not Parquet" in refused(found, Absence.UNREADABLE)


def test_parquet_names_are_kept_as_written_and_nested_columns_are_one(tmp_path: Path) -> None:
    columns = {
        "A": pa.array([1]),
        "nested": pa.array([{"x": 1, "a": {"y": [1]}}]),
        "a": pa.array([2.0]),
        "list": pa.array([[1]]),
        "dictionary": pa.array(["x"]).dictionary_encode(),
        "day": pa.array([1], type=pa.date32()),
        "small": pa.array([1], type=pa.uint8()),
        "money": pa.array([1], type=pa.decimal128(5, 2)),
        "single": pa.array([1.0], type=pa.float32()),
        "yes": pa.array([True]),
        "when": pa.array([1], type=pa.timestamp("ns")),
        "bytes": pa.array([b"x"]),
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    found = schema(tmp_path, "t.parquet")
    assert found.columns == tuple(columns)
    assert found.duplicates == frozenset()
    exact, other = Family.EXACT, Family.OTHER
    assert found.families == (
        *(exact, other, Family.DOUBLE, other, Family.TEXT, other, exact, exact, Family.FLOAT),
        *(Family.BOOLEAN, other, other),
    )


def test_families_agree_with_the_types_that_the_engine_reads(tmp_path: Path) -> None:
    # Types of another writer than pyarrow.
    types = "TINYINT UTINYINT SMALLINT INTEGER UINTEGER BIGINT UBIGINT FLOAT DOUBLE VARCHAR BOOLEAN DATE UUID"
    wanted = ", ".join(f"CAST(NULL AS {kind}) AS {kind.lower()}" for kind in types.split())
    duckdb.connect().execute(
        f"COPY (SELECT {wanted}, CAST(1 AS DECIMAL(18, 3)) AS d) TO '{tmp_path}/t.parquet' (FORMAT parquet)"
    )
    found = schema(tmp_path, "t.parquet").families
    assert found[:7] == (Family.EXACT,) * 7
    assert found[7:] == (
        *(Family.FLOAT, Family.DOUBLE, Family.TEXT, Family.BOOLEAN, Family.OTHER, Family.OTHER),
        Family.EXACT,
    )


def test_parquet_columns_of_one_name_are_duplicates(tmp_path: Path) -> None:
    pq.write_table(
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), tmp_path / "t.parquet"
    )
    assert schema(tmp_path, "t.parquet").duplicates == {"a"}


def test_json_lines_have_the_keys_of_every_line(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"b": 1}\n{"a": 2, "b": null}\n\n{"c": {"d": 1}}\n')
    assert schema(tmp_path, "t.jsonl").columns == ("a", "b", "c")


def test_a_folder_has_the_columns_that_all_its_files_share(tmp_path: Path) -> None:
    (tmp_path / "t" / "_tmp").mkdir(parents=True)
    (tmp_path / "t" / "more").mkdir()
    for name in ("t/b.parquet", "t/a.parquet", "t/more/c.parquet"):
        pq.write_table(pa.table({"x": [1], "y": ["2"]}), tmp_path / name)
    (tmp_path / "t" / "_SUCCESS").write_text("")
    (tmp_path / "t" / "_tmp" / "half.parquet").write_bytes(b"half")
    assert schema(tmp_path, "t").columns == ("x", "y")
    pq.write_table(pa.table({"x": ["1"], "y": ["2"]}), tmp_path / "t/b.parquet")
    told = refused(probe("t", table("t"), tmp_path), Absence.UNREADABLE)
    assert "`t/b.parquet` has other columns or types than `t/a.parquet`" in told


@pytest.mark.parametrize(
    ("content", "reason", "says"),
    [
        (b"", Absence.EMPTY_FILE, "`{}` is empty (0 bytes)"),
        (LFS, Absence.LFS_POINTER, "`{}` is a Git LFS pointer"),
    ],
)
@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl", "t.jsonl.gz", "parts/p.parquet"])
def test_a_file_without_its_content_is_absent(
    tmp_path: Path, name: str, content: bytes, reason: Absence, says: str
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(content)
    it = table(name.partition("/")[0])
    assert says.format(name) in refused(probe("t", it, tmp_path), reason)
    assert says.format(name) in refused(ask(tmp_path, it), reason)


@pytest.mark.parametrize(
    ("path", "options", "reason", "says"),
    [
        ("gone.csv", {}, Absence.NO_FILE, "there is no `gone.csv`"),
        ("../t.csv", {}, Absence.OUTSIDE_PROJECT, "outside the project"),
        ("empty", {}, Absence.NO_FILE, "folder `empty` holds no Parquet file"),
        ("empty", {"format": "csv"}, Absence.WRONG_KIND, "only Parquet tables may be folders"),
        ("t.dat", {}, Absence.WRONG_KIND, "add `format: csv`"),
        ("text.parquet", {}, Absence.UNREADABLE, "`text.parquet` is damaged, cut off or not Parquet"),
        ("cut.parquet", {}, Absence.UNREADABLE, "`cut.parquet` is damaged, cut off or not Parquet"),
        (None, {"uri": "runs:/x/t"}, Absence.WRONG_KIND, "has no path"),
    ],
)
def test_what_is_no_table_is_absent_with_its_reason(
    tmp_path: Path, path: str | None, options: dict[str, object], reason: Absence, says: str
) -> None:
    root = tmp_path / "project"
    (root / "empty").mkdir(parents=True)
    (root / "empty" / "readme.txt").write_text("no data yet")
    for name in ("../t.csv", "t.dat", "text.parquet"):
        (root / name).write_text("a,b\n1,2\n")
    pq.write_table(pa.table({"a": [1]}), root / "cut.parquet")
    (root / "cut.parquet").write_bytes((root / "cut.parquet").read_bytes()[:-30])
    it = table("x").model_copy(update={"path": path, **options})
    assert says in refused(probe("t", it, root), reason)
    assert says in refused(ask(root, it), reason)


def test_an_allowed_folder_outside_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    found = probe("t", table("../t.csv"), tmp_path / "project", (tmp_path,))
    assert isinstance(found, Schema)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "t.csv")
    assert "device or pipe" in refused(probe("t", table("t.csv"), tmp_path), Absence.WRONG_KIND)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a": 1}\n{"a": "Erika\n{"a": 2}\n', "line 2 of `t.jsonl` is not JSON"),
        (b'{"a": 1}\n\n[1, 2]\n', "line 3 of `t.jsonl` is JSON, but not an object"),
        (b'[{"a": 1},\n{"a": 2}]\n', "line 1 of `t.jsonl` is not JSON"),
        (b'{"a": 1}\n{"a": "Erika", "a": 2}\n', "line 2 of `t.jsonl` names a key twice"),
    ],
)
def test_a_broken_line_of_json_is_told_by_its_number(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "t.jsonl").write_bytes(content)
    sentence = refused(ask(tmp_path, table("t.jsonl", roles={"prediction": "a"})), Absence.UNREADABLE)
    assert says in sentence
    assert "Erika" not in sentence


def test_json_lines_are_utf_8(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_bytes(b'{"a": "x"}\n{"a": "\xe9"}\n')
    found = probe("t", table("t.jsonl"), tmp_path)
    assert "byte 18 of `t.jsonl` is not utf-8" in refused(found, Absence.WRONG_ENCODING)


def test_gzipped_json_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl.gz").write_bytes(gzip.compress(b'{"a": 1}\n'))
    assert schema(tmp_path, "t.jsonl.gz").columns == ("a",)


@pytest.mark.parametrize("name", ["a[1].csv", "a*?.csv", 'it\'s "x".csv', "a b;--.csv"])
def test_a_file_name_is_never_a_pattern_or_sql(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("prediction\n1\n")
    (tmp_path / "a1.csv").write_text("prediction\n0\n0\n")
    (tmp_path / "axx.csv").write_text("prediction\n0\n0\n")
    found = ask(tmp_path, table(name))
    assert found.rows == 1


def test_a_column_is_found_by_position_before_its_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,score,sex,score\n1,2,3,4\n")
    it = table("t.csv", columns={"sex": 0, "first": 1, "far": 4, "minus": -1})
    found = schema(tmp_path, "t.csv")
    names = ("sex", "first", "id", "score", "scroe", "far", "minus")
    assert [locate(found, it, name) for name in names] == [
        *(0, 1, 0),
        *(Misnamed.REPEATED, Misnamed.UNKNOWN, Misnamed.BEYOND, Misnamed.BEYOND),
    ]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("score", "stands more than once in `t.csv`; say which by its position under `columns:`"),
        ("se", "has no column `se`; did you mean `sex`?"),
        ("far", "has position 4 under `columns:`, but `t.csv` has 4 columns"),
    ],
)
def test_a_column_that_leads_nowhere_is_told(tmp_path: Path, column: str, says: str) -> None:
    (tmp_path / "t.csv").write_text("id,score,sex,score\n1,2,3,4\n")
    it = table("t.csv", columns={"far": 4}, roles={"prediction": column})
    assert says in refused(ask(tmp_path, it), Absence.UNREADABLE)


def test_only_the_request_that_uses_a_wrong_name_goes_unanswered(tmp_path: Path) -> None:
    from hcgov.core.evidence.counts import Counts, CountsOf, Rate
    from hcgov.core.slices import SliceRules
    from hcgov.io.tables import answer

    (tmp_path / "t.csv").write_text("prediction,sex\n1,F\n")
    good = CountsOf(table="t", rates=(Rate(outcome="prediction"),))
    bad = CountsOf(table="t", rates=(Rate(outcome="predicton"),))
    found = answer(
        "t", table("t.csv", roles={"prediction": "prediction"}), tmp_path, [bad, good], SliceRules(), {}
    )
    assert isinstance(found[good], Counts)
    assert "no outcome or role `predicton`; did you mean `prediction`?" in refused(
        found[bad], Absence.UNREADABLE
    )
