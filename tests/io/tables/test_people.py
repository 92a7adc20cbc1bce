from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence
from hcgov.stats.clusters import moments
from tests.io.tables.making import FALSE_POSITIVE, SELECTED, ask, counts, refused, table

ROLES = {"label": "label", "prediction": "prediction", "person": "person"}


def write(root: Path, *persons: str) -> None:
    rows = "".join(f"{person},F,0,{i % 2}\n" for i, person in enumerate(persons))
    (root / "t.csv").write_text(f"person,sex,label,prediction\n{rows}")


def test_each_row_a_person_needs_no_crowds(tmp_path: Path) -> None:
    write(tmp_path, "a", "b", "c")
    for options in ({"roles": ROLES}, {"unit": "person"}):
        found = counts(tmp_path, table("t.csv", **options), by=("sex",))
        assert (found.people_known, found.crowds) == (True, None)
        assert found.overall(SELECTED).people == 3
        assert found.overall(SELECTED).crowd is None


def test_without_a_word_about_people_they_are_unknown(tmp_path: Path) -> None:
    write(tmp_path, "a", "b")
    found = counts(tmp_path, table("t.csv"))
    assert (found.people_known, found.overall(SELECTED).people) == (False, None)


def test_people_who_repeat_are_counted_once(tmp_path: Path) -> None:
    write(tmp_path, "a", "b", "a", "ü")
    found = counts(tmp_path, table("t.csv", roles=ROLES), FALSE_POSITIVE, by=("sex",))
    sums = found.overall(FALSE_POSITIVE)
    assert (sums.n, sums.positives, sums.people) == (4, 2, 3)
    assert found.by(FALSE_POSITIVE, ("sex",))[0].people == 3
    assert sums.crowd is not None
    assert sums.crowd.by_person == moments([(2, 0), (1, 1), (1, 1)])


def test_a_column_of_persons_goes_before_the_word_that_rows_are_persons(tmp_path: Path) -> None:
    write(tmp_path, "a", "b", "a")
    found = counts(tmp_path, table("t.csv", roles=ROLES, unit="person"))
    assert found.overall(SELECTED).people == 2


def test_rows_without_a_person_are_nobody_and_stand_or_fall_together(tmp_path: Path) -> None:
    write(tmp_path, "a", "", "b", "")
    sums = counts(tmp_path, table("t.csv", roles=ROLES)).overall(SELECTED)
    assert (sums.n, sums.people) == (4, 2)
    assert sums.crowd is not None
    assert sums.crowd.nobody == 2
    assert sums.crowd.by_person == moments([(1, 0), (2, 2), (1, 0)])


def test_people_are_distinct_over_groups_not_summed(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("person,region,label,prediction\na,x,0,1\na,y,0,1\nb,y,1,1\n")
    found = counts(tmp_path, table("t.csv", roles=ROLES), SELECTED, FALSE_POSITIVE, by=("region",))
    assert found.overall(SELECTED).people == 2
    assert [sums.people for sums in found.by(SELECTED, ("region",))] == [1, 2]
    assert [sums.people for sums in found.by(FALSE_POSITIVE, ("region",))] == [1, 1]
    assert found.overall(FALSE_POSITIVE).people == 1


@pytest.mark.parametrize("kind", [pa.int32(), pa.float64(), pa.string()])
def test_persons_may_have_any_type(tmp_path: Path, kind: pa.DataType) -> None:
    values = [str(i % 40) if kind == pa.string() else i % 40 for i in range(100)]
    pq.write_table(
        pa.table({"person": pa.array(values, type=kind), "prediction": [1] * 100}), tmp_path / "t.parquet"
    )
    roles = {"prediction": "prediction", "person": "person"}
    assert counts(tmp_path, table("t.parquet", roles=roles)).overall(SELECTED).people == 40


def test_a_column_of_persons_that_is_not_there_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a")
    told = refused(ask(tmp_path, table("t.csv", roles=ROLES | {"person": "persno"})), Absence.UNREADABLE)
    assert "has no column `persno`; did you mean `person`?" in told


MANY = 20_500
"""Rows beyond those that are looked at first."""


@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.uint64(), pa.decimal128(22, 1), pa.float64(), pa.string()], ids=str
)
@pytest.mark.parametrize("last", ["new", "again", "nobody"])
def test_one_repeat_at_the_end_of_many_rows_is_found(tmp_path: Path, kind: pa.DataType, last: str) -> None:
    values: list[int | None] = [3 * i - (0 if kind == pa.uint64() else 900) for i in range(MANY)]
    values[-1] = {"new": 10**6, "again": values[17], "nobody": None}[last]
    persons = pa.array(values, type=pa.int64()).cast(kind)
    pq.write_table(pa.table({"person": persons, "prediction": [1] * MANY}), tmp_path / "t.parquet")
    found = counts(tmp_path, table("t.parquet", roles={"prediction": "prediction", "person": "person"}))
    assert (found.crowds is None) == (last == "new")
    assert found.overall(SELECTED).people == MANY - (last != "new")


def test_whole_numbers_far_apart_are_compared_and_not_marked_in_a_bitmap(tmp_path: Path) -> None:
    values = [i * 10**13 for i in range(MANY - 1)]
    pq.write_table(
        pa.table({"person": [*values, values[0]], "prediction": [1] * MANY}), tmp_path / "t.parquet"
    )
    found = counts(tmp_path, table("t.parquet", roles={"prediction": "prediction", "person": "person"}))
    assert found.overall(SELECTED).people == MANY - 1
