from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Overlap, OverlapOf, Shares, SharesOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import answer
from tests.io.tables.making import refused, table

LIST = OverlapOf(table="t", listed="gone")
PERSON = {"person": "person"}


def shares(root: Path, it: Table, column: str = "sex") -> Shares:
    request = SharesOf(table="t", column=column)
    found = answer("t", it, root, [request], SliceRules(), {})[request]
    assert isinstance(found, Shares), found
    return found


def overlap(root: Path, it: Table, listed: Table | None) -> Overlap | Absent:
    found = answer("t", it, root, [LIST], SliceRules(), {} if listed is None else {"gone": listed})[LIST]
    assert isinstance(found, Overlap | Absent)
    return found


def write(root: Path, name: str, *persons: str, column: str = "person") -> Table:
    (root / name).write_text(f"{column},sex\n" + "".join(f"{person},F\n" for person in persons))
    return table(name, roles={"person": column})


def test_shares_count_each_person_once(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("person,sex\na,F\na,F\nb,M\nc,\n,M\n,X\n")
    found = shares(tmp_path, table("t.csv", roles=PERSON))
    assert found.groups == (("F", 1), ("M", 1), ("X", 0), (None, 1))
    assert found.people_known
    assert found.source.rows == 6


def test_shares_are_rows_where_each_row_is_a_person_and_where_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("who,gender\na,F\na,F\nb,M\n")
    roles = {"groups": {"sex": "gender"}}
    known = shares(tmp_path, table("t.csv", roles=roles, unit="person"))
    unknown = shares(tmp_path, table("t.csv", roles=roles))
    assert known.groups == unknown.groups == (("F", 2), ("M", 1))
    assert (known.people_known, unknown.people_known) == (True, False)


def test_shares_of_aggregated_persons_are_sums(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sex,n\nF,5\nM,7\nF,1\n")
    found = shares(tmp_path, table("t.csv", roles={}, count={"column": "n", "unit": "person"}))
    assert (found.groups, found.people_known) == ((("F", 6), ("M", 7)), True)


def test_listed_persons_are_found_in_the_table(tmp_path: Path) -> None:
    it = write(tmp_path, "t.csv", "a", "b", "b", "c", "")
    found = overlap(tmp_path, it, write(tmp_path, "gone.csv", "b", "b", "z", " c ", column="who"))
    assert isinstance(found, Overlap)
    assert (found.people, found.rows, found.listed, found.unidentified) == (2, 3, 3, 1)
    assert (found.source.artifact, found.source.rows) == ("t", 5)
    assert (found.listed_source.artifact, found.listed_source.rows) == ("gone", 4)


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.string()])
@pytest.mark.parametrize("listed", ["7", "7.0", "007"])
def test_a_person_is_found_however_the_number_is_written(
    tmp_path: Path, kind: pa.DataType, listed: str
) -> None:
    values = ["7", "8"] if kind == pa.string() else [7, 8]
    pq.write_table(pa.table({"person": pa.array(values, type=kind)}), tmp_path / "t.parquet")
    found = overlap(tmp_path, table("t.parquet", roles=PERSON), write(tmp_path, "gone.csv", listed))
    assert isinstance(found, Overlap)
    # Among texts, 007 is another person than 7.
    assert found.people == (0 if kind == pa.string() and listed == "007" else 1)


def test_numbers_are_not_rounded_to_find_a_person(tmp_path: Path) -> None:
    pq.write_table(pa.table({"person": [4]}), tmp_path / "t.parquet")
    found = overlap(tmp_path, table("t.parquet", roles=PERSON), write(tmp_path, "gone.csv", "3.5", "4e0"))
    assert isinstance(found, Overlap)
    assert found.people == 0


def test_that_nobody_withdrew_is_an_answer_where_the_manifest_says_so(tmp_path: Path) -> None:
    it, listed = write(tmp_path, "t.csv", "a"), write(tmp_path, "gone.csv")
    assert refused(overlap(tmp_path, it, listed), Absence.EMPTY_TABLE)
    found = overlap(tmp_path, it, listed.model_copy(update={"may_be_empty": True}))
    assert isinstance(found, Overlap)
    assert (found.people, found.rows, found.listed, found.listed_source.rows) == (0, 0, 0, 0)


def test_a_list_that_names_nobody_in_a_row_is_refused(tmp_path: Path) -> None:
    it = write(tmp_path, "t.csv", "a")
    told = refused(overlap(tmp_path, it, write(tmp_path, "gone.csv", "a", "", " ")), Absence.UNREADABLE)
    assert "2 rows of `gone.csv` name no person" in told


def test_both_tables_must_say_who_the_persons_are(tmp_path: Path) -> None:
    it, listed = write(tmp_path, "t.csv", "a"), write(tmp_path, "gone.csv", "a")
    nobody = {"roles": Table(kind="table").roles}
    for one, other in ((it.model_copy(update=nobody), listed), (it, listed.model_copy(update=nobody))):
        assert "add `roles: person:`" in refused(overlap(tmp_path, one, other), Absence.UNREADABLE)


def test_a_list_that_cannot_be_read_leaves_the_other_answers(tmp_path: Path) -> None:
    it = write(tmp_path, "t.csv", "a")
    assert refused(overlap(tmp_path, it, None), Absence.NOT_DECLARED)
    for path, reason in (("no.csv", Absence.NO_FILE), ("bad.csv", Absence.UNREADABLE)):
        (tmp_path / "bad.csv").write_text("person,sex\na\n")
        share = SharesOf(table="t", column="sex")
        found = answer("t", it, tmp_path, [LIST, share], SliceRules(), {"gone": table(path, roles=PERSON)})
        assert refused(found[LIST], reason)
        assert isinstance(found[LIST], Absent)
        assert found[LIST].artifact == "gone"
        assert isinstance(found[share], Shares)


def test_a_pinned_list_is_held_to_its_digest(tmp_path: Path) -> None:
    it, listed = write(tmp_path, "t.csv", "a"), write(tmp_path, "gone.csv", "a")
    pinned = listed.model_copy(update={"sha256": "0" * 64})
    assert refused(overlap(tmp_path, it, pinned), Absence.WRONG_DIGEST)


def test_a_table_may_be_compared_with_itself(tmp_path: Path) -> None:
    it = write(tmp_path, "t.csv", "a", "b")
    request = OverlapOf(table="t", listed="t")
    found = answer("t", it, tmp_path, [request], SliceRules(), {"t": it})[request]
    assert isinstance(found, Overlap)
    assert (found.people, found.listed) == (2, 2)
