from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence
from tests.io.tables.making import SELECTED, ask, counts, refused, table

Sums = tuple[int, int, int]


def sums(root: Path, path: str, **outcome: object) -> Sums:
    it = table(path, roles={"prediction": "x"}, outcomes={"prediction": outcome} if outcome else {})
    found = counts(root, it).overall(SELECTED)
    return found.n, found.positives, found.missing


def csv(root: Path, *values: str) -> str:
    (root / "t.csv").write_text("x,y\n" + "".join(f"{value},\n" for value in values))
    return "t.csv"


def parquet(root: Path, values: list[object], kind: pa.DataType) -> str:
    pq.write_table(
        pa.table({"x": pa.array(values, type=kind), "y": pa.nulls(len(values))}), root / "t.parquet"
    )
    return "t.parquet"


def jsonl(root: Path, *values: str) -> str:
    (root / "t.jsonl").write_text("".join(f'{{"x": {value}}}\n' for value in values))
    return "t.jsonl"


def test_unmapped_text_may_be_0_1_true_or_false_in_any_case(tmp_path: Path) -> None:
    assert sums(tmp_path, csv(tmp_path, "1", "0", "True", "FALSE", "1.0", "0.0", "")) == (6, 3, 1)
    assert sums(tmp_path, jsonl(tmp_path, "1", "0", "true", "false", '"True"', "1.0", "null")) == (6, 4, 1)


@pytest.mark.parametrize(
    "kind", [pa.int8(), pa.uint64(), pa.int64(), pa.decimal128(5, 2), pa.float32(), pa.float64(), pa.bool_()]
)
def test_unmapped_numbers_and_booleans_may_be_0_or_1(tmp_path: Path, kind: pa.DataType) -> None:
    values = [True, False, True, None] if kind == pa.bool_() else [1, 0, 1, None]
    assert sums(tmp_path, parquet(tmp_path, values, kind)) == (3, 2, 1)


def test_nan_is_not_recorded(tmp_path: Path) -> None:
    for kind in (pa.float32(), pa.float64()):
        # Without a null the file's statistics are such that the engine takes NaN for impossible.
        assert sums(tmp_path, parquet(tmp_path, [1.0, 0.0, float("nan")], kind)) == (2, 1, 1)
        path = parquet(tmp_path, [1.0, 0.0, float("nan"), None], kind)
        assert sums(tmp_path, path) == (2, 1, 2)
        assert sums(tmp_path, path, at_least="1") == (2, 1, 2)
        assert sums(tmp_path, path, positive=[1]) == (2, 1, 2)


def test_anything_else_is_told_by_the_number_of_rows_not_by_value(tmp_path: Path) -> None:
    for path in (csv(tmp_path, "1", "2", "0", "Erika", "2"), parquet(tmp_path, [1, 2, 0, 7, 2], pa.int64())):
        sentence = refused(ask(tmp_path, table(path, roles={"prediction": "x"})), Absence.UNREADABLE)
        assert "non-binary outcome: 3 rows" in sentence
        assert "map its values under `outcomes: prediction:`" in sentence
        assert "Erika" not in sentence


def test_a_non_binary_outcome_does_not_touch_requests_that_do_not_use_it(tmp_path: Path) -> None:
    from hcgov.core.evidence.counts import Counts, CountsOf, Rate
    from hcgov.core.slices import SliceRules
    from hcgov.io.tables import answer

    (tmp_path / "t.csv").write_text("x,score\n1,7\n0,1\n")
    it = table("t.csv", roles={"prediction": "x", "score": "score"})
    good, bad = (CountsOf(table="t", rates=(Rate(outcome=name),)) for name in ("prediction", "score"))
    found = answer("t", it, tmp_path, [good, bad], SliceRules(), {})
    assert refused(found[bad], Absence.UNREADABLE)
    counted = found[good]
    assert isinstance(counted, Counts)
    assert counted.overall(SELECTED).positives == 1
    assert {flag for cell in counted.cells for flag in cell.flags} <= {0, 1, None}


@pytest.mark.parametrize(
    ("positive", "expected"),
    [
        ([1], (6, 2, 1)),  # a number is compared as a number: 1 and 1.0
        (["1"], (6, 1, 1)),  # a text letter by letter
        ([True], (6, 4, 1)),  # true in any case, and 1
        ([False], (6, 0, 1)),
        (["yes", "1.0"], (6, 2, 1)),
        ([">50K"], (6, 0, 1)),
    ],
)
def test_positive_values_of_text_are_compared_typed(
    tmp_path: Path, positive: list[object], expected: Sums
) -> None:
    assert (
        sums(tmp_path, csv(tmp_path, "1", "1.0", "yes", "True", "true", "2", ""), positive=positive)
        == expected
    )


@pytest.mark.parametrize(
    ("positive", "expected"),
    [([2], (3, 1, 1)), (["2"], (3, 1, 1)), ([True], (3, 1, 1)), ([2.0, 0], (3, 2, 1))],
)
def test_positive_values_of_numbers_are_compared_typed(
    tmp_path: Path, positive: list[object], expected: Sums
) -> None:
    assert sums(tmp_path, parquet(tmp_path, [0, 1, 2, None], pa.int16()), positive=positive) == expected


def test_positive_values_of_booleans_are_compared_typed(tmp_path: Path) -> None:
    path = parquet(tmp_path, [True, False, False, None], pa.bool_())
    assert sums(tmp_path, path, positive=[True]) == (3, 1, 1)
    assert sums(tmp_path, path, positive=[False]) == (3, 2, 1)
    assert sums(tmp_path, path, positive=[0]) == (3, 2, 1)
    assert sums(tmp_path, path, positive=["true"]) == (3, 1, 1)


def test_a_32_bit_number_is_the_number_that_a_person_wrote(tmp_path: Path) -> None:
    path = parquet(tmp_path, [0.1, 0.7, 0.2], pa.float32())
    assert sums(tmp_path, path, positive=[0.1]) == (3, 1, 0)
    assert sums(tmp_path, path, at_least="0.7") == (3, 1, 0)


def test_numbers_from_the_threshold_upwards_count(tmp_path: Path) -> None:
    assert sums(tmp_path, csv(tmp_path, "4", "5", "10", "4.999", ""), at_least="5") == (4, 2, 1)
    assert sums(tmp_path, parquet(tmp_path, [4, 5, 10, None], pa.int64()), at_least="5") == (3, 2, 1)


def test_what_is_no_number_is_not_recorded_for_a_threshold(tmp_path: Path) -> None:
    path = csv(tmp_path, "4", "6", "nan", "N/A", "")
    assert sums(tmp_path, path, at_least="5") == (2, 1, 3)
    assert sums(tmp_path, path, at_least="5", positive=["N/A"]) == (3, 2, 2)


def test_with_negative_values_any_further_value_is_not_recorded(tmp_path: Path) -> None:
    path = csv(tmp_path, "hired", "rejected", "withdrew", "hired", "")
    assert sums(tmp_path, path, positive=["hired"]) == (4, 2, 1)
    assert sums(tmp_path, path, positive=["hired"], negative=["rejected"]) == (3, 2, 2)


def test_values_are_never_sql(tmp_path: Path) -> None:
    path = csv(tmp_path, "it's", "') OR 1=1 --", "no")
    assert sums(tmp_path, path, positive=["it's"]) == (3, 1, 0)
    assert sums(tmp_path, path, positive=["') OR 1=1 --"]) == (3, 1, 0)


def test_dates_and_other_types_are_compared_as_text(tmp_path: Path) -> None:
    path = parquet(tmp_path, [0, 1, None], pa.date32())
    assert sums(tmp_path, path, positive=["1970-01-02"]) == (2, 1, 1)


def test_one_column_may_carry_several_outcomes(tmp_path: Path) -> None:
    from hcgov.core.evidence.counts import Rate

    outcomes = {
        "high": {"column": "x", "at_least": "5"},
        "top": {"column": "x", "positive": [10], "adverse": "lower"},
    }
    it = table(csv(tmp_path, "4", "5", "10"), outcomes=outcomes)
    high, top = Rate(outcome="high"), Rate(outcome="top", given=(("high", 1),))
    found = counts(tmp_path, it, high, top)
    assert found.overall(high).positives == 2
    assert (found.overall(top).n, found.overall(top).positives) == (2, 1)
    assert found.adverse == {"top": False}


@pytest.mark.parametrize(
    ("positive", "doubtful"),
    [(["yes"], "YES"), (["yes"], " yes "), ([1], "nan"), ([1], "-Infinity")],
)
def test_what_only_reads_like_a_one_is_never_taken_for_a_zero(
    tmp_path: Path, positive: list[object], doubtful: str
) -> None:
    one = str(positive[0])
    path = csv(tmp_path, one, "no", doubtful)
    it = table(path, roles={"prediction": "x"}, outcomes={"prediction": {"positive": positive}})
    sentence = refused(ask(tmp_path, it), Absence.UNREADABLE)
    assert "1 row of" in sentence
    assert "name every value that counts as 0 under `outcomes: prediction: negative:`" in sentence
    assert doubtful not in sentence
    assert sums(tmp_path, path, positive=positive, negative=["no", doubtful]) == (3, 1, 0)


def test_an_infinite_number_is_no_zero_where_values_are_mapped(tmp_path: Path) -> None:
    path = parquet(tmp_path, [1.0, 0.0, float("inf"), 2.0], pa.float64())
    it = table(path, roles={"prediction": "x"}, outcomes={"prediction": {"positive": [1]}})
    assert "1 row of" in refused(ask(tmp_path, it), Absence.UNREADABLE)
