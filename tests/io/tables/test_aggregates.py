"""Aggregates against pandas and against each other: every way of counting gives the same numbers."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.aggregates import (
    Aggregate,
    Aggregates,
    Among,
    Between,
    Deviation,
    Distinct,
    Extremes,
    Greater,
    Kind,
    Matching,
    OfLength,
    Ordered,
    Passing,
    Recorded,
    Repeated,
    Sum,
)
from hcgov.core.project import Table
from hcgov.io.tables import looking
from hcgov.io.tables.aggregates import aggregate

COLUMNS = ("n", "x", "t", "b")


def asked(root: Path, file: str, asks: Collection[Aggregate], **more: object) -> Aggregates:
    table = Table(kind="table", path=file, **{"may_be_empty": True, **more})
    found = aggregate("t", table, root, (*COLUMNS, "gone"), lambda kinds: asks)
    assert isinstance(found, Aggregates), found
    return found


def parquet(root: Path, **columns: pa.Array) -> str:
    pq.write_table(pa.table(columns), root / "t.parquet")
    return "t.parquet"


def written(root: Path, **columns: list[object]) -> str:
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    frame.to_csv(root / "t.csv", index=False)
    return "t.csv"


ALL: tuple[Aggregate, ...] = (
    Recorded(column="n"),
    Recorded(column="t"),
    Passing(column="n", test=Between(low=-1, high=2, strict_low=True, strict_high=True)),
    Passing(column="t", test=Among(values=("a", "b'c"))),
    Passing(column="t", test=Matching(pattern="^a")),
    Passing(column="t", test=OfLength(between=Between(low=2))),
    Distinct(column="n"),
    Distinct(column="t"),
    Distinct(column="t", test=Among(values=("a",))),
    Repeated(columns=("n",)),
    Repeated(columns=("t",)),
    Repeated(columns=("n", "t")),
    Extremes(column="n"),
    Sum(column="n"),
    Deviation(column="n"),
    Ordered(column="n", shares=(0.0, 0.5, 0.75, 1.0)),
    Ordered(column="n", shares=(0.5,), rounding="lower"),
    Ordered(column="n", shares=(0.5,), rounding="higher"),
)

numbers = st.lists(st.one_of(st.none(), st.integers(-4, 4), st.integers(-(10**6), 10**6)), max_size=30)
texts = st.sampled_from(["a", "ab", "b'c", "", "ä", None])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=numbers, data=st.data())
def test_every_way_of_counting_gives_what_pandas_gives(
    tmp_path: Path, numbers: list[int | None], data: st.DataObject
) -> None:
    words = data.draw(st.lists(texts, min_size=len(numbers), max_size=len(numbers)))
    file = parquet(tmp_path, n=pa.array(numbers, pa.int64()), t=pa.array(words, pa.string()))
    n, t = pd.Series(numbers, dtype="Int64"), pd.Series(words, dtype="string")
    both = pd.DataFrame({"n": n, "t": t}).dropna(how="all")
    ranked = sorted(n.dropna())

    def at(*places: float) -> tuple[int | None, ...]:
        return tuple(ranked[round(place * (len(ranked) - 1))] if ranked else None for place in places)

    middle = (len(ranked) - 1) / 2
    expected = {
        ALL[0]: (n.notna().sum(),),
        ALL[1]: (t.notna().sum(),),
        ALL[2]: (((n > -1) & (n < 2)).sum(),),
        ALL[3]: (t.isin(["a", "b'c"]).sum(),),
        ALL[4]: (t.str.startswith("a").sum(),),
        ALL[5]: ((t.str.len() >= 2).sum(),),
        ALL[6]: (n.nunique(),),
        ALL[7]: (t.nunique(),),
        ALL[8]: (int((t == "a").any()),),
        ALL[9]: (n.dropna().duplicated(keep=False).sum(), n.isna().sum()),
        ALL[10]: (t.dropna().duplicated(keep=False).sum(), t.isna().sum()),
        ALL[11]: (both.duplicated(keep=False).sum(), len(n) - len(both)),
        ALL[12]: (ranked[0], ranked[-1]) if ranked else (None, None),
        ALL[13]: (sum(ranked) if ranked else None,),
        ALL[14]: (pytest.approx(n.std()) if len(ranked) > 1 else None,),
        ALL[15]: at(0.0, 0.5, 0.75, 1.0),
        ALL[16]: (ranked[int(middle)] if ranked else None,),
        ALL[17]: (ranked[-int(-middle // 1)] if ranked else None,),
    }
    for by_value in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(looking, "MOST_VALUES", 10**9 if by_value else -1)
            patch.setattr(looking, "REPEATS", 1e-9)
            patch.setattr(looking, "SPARSE", 10**9 if by_value else 0)
            patch.setattr(looking, "LARGE", 0 if by_value else 10**9)
            found = asked(tmp_path, file, ALL)
        assert found.rows == len(numbers)
        assert {one: found.answers[one] for one in ALL} == expected


def test_columns_hold_what_a_frame_would_hold(tmp_path: Path) -> None:
    day = pa.array([0, 1], pa.date32())
    file = parquet(tmp_path, n=pa.array([1, 2]), x=pa.array([1.5, None]), t=pa.array(["a", "1"]), b=day)
    assert asked(tmp_path, file, ()).kinds == {
        "n": Kind.WHOLE, "x": Kind.NUMBER, "t": Kind.TEXT, "b": Kind.MOMENT,
    }  # fmt: skip
    text = written(tmp_path, n=["1", "-2"], x=["1.5", ""], t=["a", "007"], b=["true", "False"])
    kinds = asked(tmp_path, text, (), csv={"null_values": [""]}).kinds
    assert kinds == {"n": Kind.WHOLE, "x": Kind.NUMBER, "t": Kind.TEXT, "b": Kind.FLAG}


def test_nan_is_not_recorded_whatever_the_file_s_statistics_say(tmp_path: Path) -> None:
    file = parquet(tmp_path, x=pa.array([1.0, float("nan"), 2.0]))
    asks = (Recorded(column="x"), Repeated(columns=("x",)), Distinct(column="x"), Extremes(column="x"))
    assert list(asked(tmp_path, file, asks).answers.values()) == [(2,), (0, 1), (2,), (1.0, 2.0)]


def test_pairs_are_compared_where_both_are_recorded(tmp_path: Path) -> None:
    file = parquet(tmp_path, n=pa.array([3, 1, None, None, 2]), x=pa.array([2.0, 1.0, 1.0, None, None]))
    strict, loose = Greater(left="n", right="x"), Greater(left="n", right="x", or_equal=True)
    assert asked(tmp_path, file, (strict, loose)).answers == {strict: (1, 2, 1), loose: (2, 2, 1)}


def test_names_are_those_of_the_whole_frame(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("n,n,x\n1,2,3\n")
    table = Table(kind="table", path="t.csv", columns={"third": 2})
    asks = (Sum(column="n (1)"), Sum(column="third"))
    found = aggregate("t", table, tmp_path, ("n (1)", "third", "x"), lambda kinds: asks)
    assert isinstance(found, Aggregates)
    assert found.kinds == {"n (0)": None, "n (1)": Kind.WHOLE, "third": Kind.WHOLE}
    assert list(found.answers.values()) == [(2,), (3,)]


def test_what_cannot_be_read_is_absent(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("n\n1\n")
    pinned = Table(kind="table", path="t.csv", sha256="0" * 64)
    changed = aggregate("t", pinned, tmp_path, ("n",), lambda kinds: ())
    assert isinstance(changed, Absent)
    assert changed.reason is Absence.WRONG_DIGEST
    (tmp_path / "t.csv").write_text("n\n")
    empty = aggregate("t", Table(kind="table", path="t.csv"), tmp_path, ("n",), lambda kinds: ())
    assert isinstance(empty, Absent)
    assert empty.reason is Absence.EMPTY_TABLE


def test_large_whole_numbers_are_exact(tmp_path: Path) -> None:
    file = parquet(tmp_path, n=pa.array([2**62, 2**62 - 1, 2**62, None]))
    asks = (
        Sum(column="n"),
        Distinct(column="n"),
        Repeated(columns=("n",)),
        Ordered(column="n", shares=(0.0,)),
    )
    assert list(asked(tmp_path, file, asks).answers.values()) == [
        (3 * 2**62 - 1,),
        (2,),
        (2, 1),
        (2**62 - 1,),
    ]
