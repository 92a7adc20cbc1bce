from pathlib import Path

import pytest

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.counts import Counts, CountsOf, SharesOf
from hcgov.core.slices import SliceChoice, SliceRules
from hcgov.io.tables import Caps, answer
from tests.io.tables.making import SELECTED, ask, counts, refused, rolled_up, table

BY = ("a", "b", "c")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rows = "".join(f"{i % 4},{i % 5},{i % 7},{i % 2}\n" for i in range(140))
    (tmp_path / "t.csv").write_text(f"a,b,c,prediction\n{rows}")
    return tmp_path


def test_below_the_cap_nothing_is_split(root: Path) -> None:
    found = counts(root, table("t.csv"), by=BY, caps=Caps(cells=140))
    assert found.split is None
    assert len(found.cells) == 140


def test_above_the_cap_each_slicing_has_its_own_cells_and_the_same_sums(root: Path) -> None:
    whole = counts(root, table("t.csv"), by=BY)
    parts = counts(root, table("t.csv"), by=BY, caps=Caps(cells=70))
    assert parts.split is not None
    assert set(parts.split) == {(), *whole.rules.slicings()}
    assert max(len(cells) for cells in parts.split.values()) == 70
    assert parts.rows == 140
    for slicing in ((), *whole.rules.slicings()):
        assert rolled_up(parts, SELECTED, slicing) == rolled_up(whole, SELECTED, slicing)


def test_a_request_with_fewer_columns_needs_no_split(root: Path) -> None:
    narrow = CountsOf(table="t", rates=(SELECTED,), slices=SliceChoice(by=("a",)))
    wide = CountsOf(table="t", rates=(SELECTED,))
    found = answer("t", table("t.csv"), root, [narrow, wide], SliceRules(by=BY), {}, caps=Caps(cells=70))
    first, second = found[narrow], found[wide]
    assert isinstance(first, Counts)
    assert isinstance(second, Counts)
    assert (first.split, first.columns, len(first.cells)) == (None, ("a",), 4)
    assert second.split is not None


def test_a_crossing_that_alone_is_above_the_cap_is_told_by_its_columns(root: Path) -> None:
    told = refused(ask(root, table("t.csv"), by=BY, caps=Caps(cells=60)), Absence.TOO_MANY_GROUPS)
    assert "crossing `b` × `c` in `t.csv` gives 70 groups, more than 60" in told


def test_a_crossing_of_more_groups_than_anybody_reads_is_refused(root: Path) -> None:
    told = refused(ask(root, table("t.csv"), by=BY, caps=Caps(crossings=34)), Absence.TOO_MANY_GROUPS)
    assert "crossing `b` × `c` in `t.csv` gives 35 groups, more than 34" in told
    assert counts(root, table("t.csv"), by=BY, caps=Caps(crossings=35)).rows == 140


def test_a_group_column_with_too_many_values_is_told_by_its_name(root: Path) -> None:
    caps = Caps(values=6)
    told = refused(ask(root, table("t.csv"), by=BY, caps=caps), Absence.TOO_MANY_GROUPS)
    assert "`c` in `t.csv` has 7 different values, more than the 6" in told
    other = CountsOf(table="t", rates=(SELECTED,), slices=SliceChoice(by=("a", "b")))
    all_ = CountsOf(table="t", rates=(SELECTED,))
    found = answer("t", table("t.csv"), root, [other, all_], SliceRules(by=BY), {}, caps=caps)
    counted = found[other]
    assert isinstance(counted, Counts)
    assert len(counted.by(SELECTED, ("a", "b"))) == 20
    shares = SharesOf(table="t", column="c")
    found_shares = answer("t", table("t.csv"), root, [shares], SliceRules(), {}, caps=caps)[shares]
    assert "`c` in `t.csv` has 7 different values" in refused(found_shares, Absence.TOO_MANY_GROUPS)


def test_an_identifier_as_a_group_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,prediction\n" + "".join(f"{i},1\n" for i in range(10_001)))
    told = refused(ask(tmp_path, table("t.csv"), by=("id",)), Absence.TOO_MANY_GROUPS)
    assert "`id` in `t.csv` has 10,001 different values, more than the 10,000" in told


def test_repeated_people_are_counted_when_the_cells_are_split(root: Path) -> None:
    rows = "".join(f"{i % 4},{i % 5},{i % 7},{i % 2},p{i % 30}\n" for i in range(140))
    (root / "t.csv").write_text(f"a,b,c,prediction,person\n{rows}")
    it = table("t.csv", roles={"prediction": "prediction", "person": "person"})
    whole, parts = counts(root, it, by=BY, cross=1), counts(root, it, by=BY, cross=1, caps=Caps(cells=139))
    assert parts.split is not None
    assert whole.split is None
    for slicing in ((), *whole.rules.slicings()):
        assert (parts.by(SELECTED, slicing)) == whole.by(SELECTED, slicing)
