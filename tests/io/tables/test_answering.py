import hashlib
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.counts import Counts, CountsOf, SharesOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.io.tables import answer, answering, finest, load_frame, probe
from hcgov.io.tables.engine import Embedded
from hcgov.io.tables.relation import Relation
from tests.io.tables.making import FALSE_POSITIVE, MISSED, SELECTED, ask, counts, refused, rolled_up, table

CONTENT = "sex,region,label,prediction\nF,a,0,1\nM,a,0,0\nF,b,1,1\n,b,1,\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text(CONTENT)
    return tmp_path


def test_the_source_is_the_file_that_was_counted(root: Path) -> None:
    found = counts(root, table("t.csv"))
    assert found.source.sha256 == hashlib.sha256(CONTENT.encode()).hexdigest()
    assert (found.source.size, found.source.rows) == (len(CONTENT), 4)
    assert (found.source.artifact, found.source.kind, found.source.location) == ("t", "table", "t.csv")


def test_all_requests_share_their_cells_and_keep_their_own_slices(root: Path) -> None:
    by_sex = CountsOf(table="t", rates=(SELECTED,), slices=SliceChoice(by=("sex",)))
    all_ = CountsOf(table="t", rates=(FALSE_POSITIVE, MISSED), slices=SliceChoice(min_people=50))
    rules = SliceRules(by=("sex", "region"), min_people=40)
    found = answer("t", table("t.csv"), root, [by_sex, all_, by_sex], rules, {})
    assert list(found) == [by_sex, all_]
    first, second = found[by_sex], found[all_]
    assert isinstance(first, Counts)
    assert isinstance(second, Counts)
    assert first.cells is second.cells
    assert first.rules == rules.tightened(by_sex.slices)
    assert second.rules == rules.tightened(all_.slices)
    assert rolled_up(first, SELECTED, ("sex",)) == {
        ("F",): (2, 2, 0),
        ("M",): (1, 0, 0),
        ("(not recorded)",): (0, 0, 1),
    }


def test_all_rates_cost_one_scan(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scans = []
    plain = Embedded.read

    def counted(self: Embedded, statement: str) -> object:
        scans.append("read_csv" in statement and not statement.endswith(f"LIMIT {finest.LOOK}) look"))
        return plain(self, statement)

    monkeypatch.setattr(Embedded, "read", counted)
    requests = [CountsOf(table="t", rates=(rate,)) for rate in (SELECTED, FALSE_POSITIVE, MISSED)]
    found = answer("t", table("t.csv"), root, requests, SliceRules(by=("sex", "region")), {})
    assert all(isinstance(it, Counts) for it in found.values())
    assert sum(scans) == 1


def test_groups_may_have_another_name_than_their_column(root: Path) -> None:
    it = table("t.csv", roles={"prediction": "prediction", "groups": {"gender": "sex"}})
    assert rolled_up(counts(root, it, by=("gender",)), SELECTED, ("gender",))["F",] == (2, 2, 0)


def test_the_adverse_direction_is_as_declared(root: Path) -> None:
    outcomes = {"prediction": {"adverse": "lower"}, "label": {"adverse": "higher"}}
    found = counts(root, table("t.csv", outcomes=outcomes), FALSE_POSITIVE)
    assert found.adverse == {"prediction": False, "label": True}
    assert counts(root, table("t.csv"), FALSE_POSITIVE).adverse == {}


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64()])
def test_nan_and_null_are_one_group(tmp_path: Path, kind: pa.DataType) -> None:
    groups = pa.array([1.0, float("nan"), None], type=kind)
    pq.write_table(pa.table({"g": groups, "prediction": [1, 1, 0]}), tmp_path / "t.parquet")
    found = counts(tmp_path, table("t.parquet"), by=("g",))
    assert rolled_up(found, SELECTED, ("g",)) == {("1.0",): (1, 1, 0), ("(not recorded)",): (2, 1, 0)}


def test_a_folder_is_counted_as_one_table(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    for name, values in (("a", [1, 1]), ("b", [0])):
        pq.write_table(pa.table({"prediction": values}), tmp_path / "t" / f"{name}.parquet")
    found = counts(tmp_path, table("t"))
    assert (found.overall(SELECTED).n, found.overall(SELECTED).positives, found.source.rows) == (3, 2, 3)


@pytest.mark.parametrize(
    "content",
    ["prediction,sex\n", "prediction,sex\n\n\n", "prediction,sex"],
    ids=["header", "blank", "no end"],
)
def test_an_empty_table_is_no_answer_unless_it_may_be(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.csv").write_text(content)
    it = table("t.csv", roles={"prediction": "prediction"})
    shares = SharesOf(table="t", column="sex")
    assert "has no rows" in refused(ask(tmp_path, it), Absence.EMPTY_TABLE)
    assert refused(answer("t", it, tmp_path, [shares], SliceRules(), {})[shares], Absence.EMPTY_TABLE)
    assert refused(load_frame("t", it, tmp_path), Absence.EMPTY_TABLE)
    found = counts(tmp_path, it.model_copy(update={"may_be_empty": True}), by=("sex",))
    assert (found.cells, found.rows, found.source.rows) == ((), 0, 0)
    assert found.overall(SELECTED).n == 0


def test_json_lines_without_an_object_have_no_columns_to_misspell(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text("\n\n")
    assert "nobody can tell its columns" in refused(
        probe("t", table("t.jsonl"), tmp_path), Absence.EMPTY_TABLE
    )
    assert refused(ask(tmp_path, table("t.jsonl")), Absence.EMPTY_TABLE)
    assert refused(load_frame("t", table("t.jsonl"), tmp_path), Absence.EMPTY_TABLE)


def test_an_empty_parquet_table_is_no_answer(tmp_path: Path) -> None:
    pq.write_table(pa.table({"prediction": pa.array([], type=pa.int64())}), tmp_path / "t.parquet")
    assert refused(ask(tmp_path, table("t.parquet")), Absence.EMPTY_TABLE)


def test_another_digest_than_the_pinned_one_is_refused_before_anything_else(root: Path) -> None:
    right = hashlib.sha256(CONTENT.encode()).hexdigest()
    assert counts(root, table("t.csv", sha256=right)).source.sha256 == right
    assert "but the manifest pins" in refused(
        ask(root, table("t.csv", sha256="0" * 64)), Absence.WRONG_DIGEST
    )
    (root / "t.csv").write_text(CONTENT + "one field too few\n")
    assert refused(ask(root, table("t.csv", sha256=right)), Absence.WRONG_DIGEST)


def test_a_row_more_in_a_pinned_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    pq.write_table(pa.table({"prediction": [1]}), tmp_path / "t" / "a.parquet")
    pinned = counts(tmp_path, table("t")).source.sha256
    pq.write_table(pa.table({"prediction": [1]}), tmp_path / "t" / "b.parquet")
    assert refused(ask(tmp_path, table("t", sha256=pinned)), Absence.WRONG_DIGEST)


@pytest.mark.parametrize("change", ["append", "touch", "replace", "remove"])
def test_a_table_that_changes_while_it_is_read_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = root / "t.csv"
    plain = answering.count

    def interrupted(relation: Relation, *rest: object) -> object:
        found = plain(relation, *rest)  # type: ignore[arg-type]  # passed on as given
        if change == "append":
            path.write_text(CONTENT + "F,a,1,1\n")
        elif change == "touch":
            os.utime(path, ns=(1, 1))
        elif change == "replace":
            state = path.stat()
            (root / "new").write_text(CONTENT.replace("F,a,0,1", "F,a,0,0"))
            os.utime(root / "new", ns=(state.st_atime_ns, state.st_mtime_ns))
            (root / "new").replace(path)
        else:
            path.unlink()
        return found

    monkeypatch.setattr(answering, "count", interrupted)
    assert "changed while it was read" in refused(ask(root, table("t.csv")), Absence.CHANGED)


def test_a_part_that_arrives_in_a_folder_while_it_is_read_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").mkdir()
    pq.write_table(pa.table({"prediction": [1]}), tmp_path / "t" / "a.parquet")
    plain = answering.count

    def interrupted(relation: Relation, *rest: object) -> object:
        pq.write_table(pa.table({"prediction": [1]}), tmp_path / "t" / "b.parquet")
        return plain(relation, *rest)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(answering, "count", interrupted)
    assert refused(ask(tmp_path, table("t")), Absence.CHANGED)


AGGREGATED = "sex,label,prediction,n\nF,0,1,3\nF,0,0,{}\nM,1,1,0\n"


def test_counts_of_persons_are_people_and_zero_counts_nobody(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(AGGREGATED.format("7.0"))
    it = table("t.csv", count={"column": "n", "unit": "person"})
    found = counts(tmp_path, it, FALSE_POSITIVE, by=("sex",))
    (women,) = found.by(FALSE_POSITIVE, ("sex",))
    assert (women.n, women.positives, women.people) == (10, 3, 10)
    assert (found.rows, found.source.rows) == (10, 3)


def test_counts_of_rows_say_nothing_about_people(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(AGGREGATED.format("7"))
    it = table("t.csv", count={"column": "n", "unit": "row"}, unit="person")
    found = counts(tmp_path, it, FALSE_POSITIVE)
    assert (found.people_known, found.overall(FALSE_POSITIVE).people) == (False, None)
    assert found.overall(FALSE_POSITIVE).n == 10


@pytest.mark.parametrize("value", ["-1", "2.5", "", "many", "nan", "inf", "1e40"])
def test_a_count_that_is_none_is_refused_with_the_number_of_rows(tmp_path: Path, value: str) -> None:
    (tmp_path / "t.csv").write_text(AGGREGATED.format(value))
    it = table("t.csv", count={"column": "n", "unit": "person"})
    told = refused(ask(tmp_path, it, by=("sex",)), Absence.UNREADABLE)
    assert "1 row of `t.csv` has a negative, fractional or missing count in `n`" in told
    shares = SharesOf(table="t", column="sex")
    assert refused(answer("t", it, tmp_path, [shares], SliceRules(), {})[shares], Absence.UNREADABLE)


def test_large_counts_neither_overflow_nor_lose_a_unit(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "prediction,n\n1,9223372036854775807\n1,9223372036854775807\n0,9007199254740993\n"
    )
    found = counts(tmp_path, table("t.csv", count={"column": "n", "unit": "row"}))
    assert found.overall(SELECTED).n == 2 * (2**63 - 1) + 2**53 + 1


@pytest.mark.parametrize("kind", [pa.uint16(), pa.float64(), pa.decimal128(10, 2)])
def test_counts_may_be_numbers_of_any_type(tmp_path: Path, kind: pa.DataType) -> None:
    pq.write_table(pa.table({"prediction": [1, 0], "n": pa.array([2, 3], type=kind)}), tmp_path / "t.parquet")
    assert (
        counts(tmp_path, table("t.parquet", count={"column": "n", "unit": "person"})).overall(SELECTED).n == 5
    )


def test_a_table_whose_counts_are_all_zero_is_empty(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("prediction,n\n1,0\n")
    assert refused(ask(tmp_path, table("t.csv", count={"column": "n", "unit": "row"})), Absence.EMPTY_TABLE)


def test_nothing_asked_is_nothing_answered(root: Path) -> None:
    assert answer("t", Table(kind="table", path="t.csv"), root, [], SliceRules(), {}) == {}


def test_importing_the_tables_does_not_load_the_engine() -> None:
    import subprocess
    import sys

    code = "import sys, hcgov.io.tables; print({'duckdb', 'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
