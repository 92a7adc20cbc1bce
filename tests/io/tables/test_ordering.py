"""Order statistics from cuts through a column against a sorted list, whatever the first rows say."""

import math
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.aggregates import Aggregates, Kind, Number, Ordered
from hcgov.core.project import Table
from hcgov.core.text import text
from hcgov.io.tables import looking, summing
from hcgov.io.tables.aggregates import aggregate
from hcgov.io.tables.ordering import MOST_SHARES, Places, places, sampled, sought
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.unread import unread

numbers = st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 1.0, 2.0, float("inf"), float("-inf")])


def within(places: Places, i: int, value: Number) -> bool:
    """Return whether a value lies in a gap, as its condition says."""
    after, before = places.cuts[:i][-1:], places.cuts[i : i + 1]
    return all(value > cut if last else value >= cut for cut, last in after) and all(
        value <= cut if last else value < cut for cut, last in before
    )


@given(
    values=st.lists(numbers, min_size=1, max_size=40),
    first=st.lists(numbers, max_size=8),
    distinct=st.sampled_from([1, 9]),
    rows=st.sampled_from([40, 10**9]),
    data=st.data(),
)
def test_a_rank_lies_in_the_gap_that_is_read_for_it(
    values: list[float], first: list[float], distinct: int, rows: int, data: st.DataObject
) -> None:
    at = places("c0", Kind.NUMBER, (10, distinct, *first), rows)
    assert not at.kept or (distinct == 9 and rows == 40)
    counts = tuple(sum(v <= cut if last else v < cut for v in values) for cut, last in at.cuts)
    ranks = data.draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=5))
    found = sought(at, counts, len(values), ranks, "t", "kept")
    ranked = sorted(values)
    assert set(found.known) | set(found.ranks) == set(ranks)
    assert all(ranked[rank] == value for rank, value in found.known.items())
    # What is read: the values of every gap that is named in the query, in order, or of all that were kept.
    query, whole = found.question.source, range(len(at.cuts) + 1)
    stand = at.kept if " FROM kept" in query else whole
    gaps = [i for i in stand if " WHERE " not in query or at.gap(i) in query] if found.ranks else []
    read = sorted(v for v in values if any(within(at, i, v) for i in gaps))
    shares = [
        float(term.split("[")[1].split("]")[0].split(", ")[i]) for i, term in enumerate(found.question.terms)
    ]
    assert [read[int(share * len(read))] for share in shares] == [ranked[rank] for rank in found.ranks]


def test_values_between_the_cuts_of_a_pair_are_kept_unless_they_may_be_many() -> None:
    def kept(*found: float, rows: int = 1_000) -> set[int]:
        return set(places("c0", Kind.NUMBER, found, rows).kept)

    assert kept(10, 10, 1.0, 2.0, 4.0, 5.0) == {1, 3}
    assert kept(10, 10, 1.0, 4.0, 2.0, 5.0) == {1, 2, 3}  # pairs that overlap
    assert kept(10, 10, 1.0, 1.0, 4.0, 5.0) == {3}  # there is one value only, and it is known
    assert kept(10, 5, 1.0, 2.0) == set()  # values repeat
    assert kept(10, 10, 1.0, 2.0, rows=100_000_000) == set()  # too many rows
    assert kept() == set()


def test_many_shares_are_put_in_order_at_once() -> None:
    assert len(sampled("c0", [i / 100 for i in range(MOST_SHARES)])) == 2 + 2 * MOST_SHARES
    assert sampled("c0", [i / 100 for i in range(MOST_SHARES + 1)]) == ()
    everything = sought(places("c0", Kind.WHOLE, (), 9), (), 9, [4], "t", "kept").question
    assert everything.source == "(SELECT c0 FROM t WHERE (c0 IS NOT NULL)) within"


def column(order: str) -> list[float | None]:
    random = Random(7)
    values: list[float | None] = [
        round(random.gauss(0, 3)) if order == "discrete" else random.gauss(0, 3) for _ in range(3_000)
    ]
    values += [None, float("inf"), float("-inf"), float("nan")]
    random.shuffle(values)
    if order in ("rising", "falling"):
        values.sort(key=lambda v: 0 if v is None or math.isnan(v) else v, reverse=order == "falling")
    return values


@pytest.mark.parametrize("order", ["shuffled", "discrete", "rising", "falling"])
@pytest.mark.parametrize("large", [True, False])
def test_first_rows_that_mislead_change_no_answer(
    order: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PROBED", 100)
    monkeypatch.setattr(looking, "LARGE", 0 if large else 10**9)
    values = column(order)
    pq.write_table(
        pa.table({"x": pa.array(values, pa.float64())}), tmp_path / "t.parquet", row_group_size=500
    )
    asked = (
        Ordered(column="x", shares=(0.0, 0.1, 0.5, 0.9, 1.0)),
        Ordered(column="x", shares=(0.5,), rounding="lower"),
        Ordered(column="x", shares=(0.5,), rounding="higher"),
    )
    found = aggregate("t", Table(kind="table", path="t.parquet"), tmp_path, ("x",), lambda kinds: asked)
    assert isinstance(found, Aggregates), found
    ranked = sorted(v for v in values if v is not None and not math.isnan(v))
    last = len(ranked) - 1
    assert found.answers[asked[0]] == tuple(ranked[round(s * last)] for s in asked[0].shares)
    assert found.answers[asked[1]] == (ranked[last // 2],)
    assert found.answers[asked[2]] == (ranked[-(-last // 2)],)


def test_where_memory_does_not_hold_the_values_that_are_kept_the_table_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PROBED", 100)
    monkeypatch.setattr(looking, "LARGE", 0)
    plain, tried = summing.answered, []

    def full(relation: Relation, questions: object, *, lists: object = None) -> object:
        tried.append(bool(lists))
        if lists:
            raise unread(Absence.TOO_LARGE, "t", text("it does not fit"))
        return plain(relation, questions)  # type: ignore[arg-type]  # passed on as given

    values = column("shuffled")
    pq.write_table(pa.table({"x": pa.array(values, pa.float64())}), tmp_path / "t.parquet")
    asked = Ordered(column="x", shares=(0.1, 0.5, 0.9))

    def answer() -> object:
        found = aggregate("t", Table(kind="table", path="t.parquet"), tmp_path, ("x",), lambda kinds: [asked])
        assert isinstance(found, Aggregates), found
        return found.answers[asked]

    before = answer()
    monkeypatch.setattr(summing, "answered", full)
    assert answer() == before
    assert tried == [True, False, False]
