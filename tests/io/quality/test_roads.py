"""Which road an expectation takes, and what happens where the scan does not do."""

from pathlib import Path

import pandas as pd
import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.aggregates import Aggregates, Kind
from hcgov.core.evidence.metrics import ExpectationResult
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.project import Table
from hcgov.io.quality import asked, columns_of, route, run_on_scan
from hcgov.io.quality.roads import TRANSLATORS, Road
from hcgov.io.quality.suite import Wanted, confined
from hcgov.io.tables import load_frame
from hcgov.io.tables.aggregates import aggregate

KINDS = {"n": Kind.WHOLE, "x": Kind.NUMBER, "t": Kind.TEXT, "b": Kind.FLAG, "d": Kind.MOMENT, "o": Kind.OTHER}
VALUES = "expect_column_values_to_"


def wanted(kind: str, place: int = 1, /, **arguments: Tree) -> Wanted:
    return Wanted(type=kind, arguments=arguments, place=place)


def test_at_least_fourteen_usual_expectations_are_known() -> None:
    assert len(TRANSLATORS) >= 14


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (wanted("expect_column_kl_divergence_to_be_less_than", column="n"), "only the library"),
        (wanted(""), "no `type`"),
        (wanted(f"{VALUES}be_unique", column="n", row_condition="n > 1"), "picks rows"),
        (wanted(f"{VALUES}be_unique", column="n", mostly="0.5"), "such a `mostly`"),
        (wanted(f"{VALUES}be_unique", column="n", mostly=True), "such a `mostly`"),
        (wanted(f"{VALUES}be_unique", column="n", mostly=1.5), "such a `mostly`"),
        (wanted(f"{VALUES}be_unique", column="n", mostl=1), "argument `mostl`"),
        (wanted(f"{VALUES}be_unique", column="o"), "holds something else"),
        (wanted(f"{VALUES}be_in_set", column="n", value_set=["1"]), "holds whole numbers"),
        (wanted(f"{VALUES}be_in_set", column="n", value_set=[1, None]), "such a `value_set`"),
        (wanted(f"{VALUES}be_in_set", column="n", value_set=[1, True]), "such a `value_set`"),
        (wanted(f"{VALUES}be_in_set", column="n", value_set=[]), "such a `value_set`"),
        (wanted(f"{VALUES}be_in_set", column="n", value_set=[1.5]), "holds whole numbers"),
        (wanted(f"{VALUES}be_in_set", column="t", value_set=["a\x00"]), "such a `value_set`"),
        (wanted(f"{VALUES}be_between", column="n", min_value=2, max_value=1), "such a `min_value`"),
        (wanted(f"{VALUES}be_between", column="n"), "such a `min_value`"),
        (wanted(f"{VALUES}be_between", column="n", min_value=2**53), "such a `min_value`"),
        (wanted(f"{VALUES}be_between", column="n", min_value={"$PARAMETER": "x"}), "such a `min_value`"),
        (wanted(f"{VALUES}be_between", column="n", min_value=1, strict_min="yes"), "such a `strict_min`"),
        (wanted(f"{VALUES}be_between", column="t", min_value=1), "holds text"),
        (wanted(f"{VALUES}be_between", column="d", min_value="1/2/2020"), "such a `min_value`"),
        (wanted(f"{VALUES}be_between", column="d", min_value="0001-01-01"), "such a `min_value`"),
        (wanted(f"{VALUES}match_regex", column="t", regex="(?=a)"), "only Python"),
        (wanted(f"{VALUES}match_regex", column="t", regex=3), "only Python"),
        (wanted("expect_column_mean_to_be_between", column="b", min_value=0), "holds booleans"),
        (wanted("expect_compound_columns_to_be_unique", column_list=["n"]), "such a `column_list`"),
        (wanted("expect_table_row_count_to_equal", value=3.0), "such a `value`"),
        (
            wanted("expect_column_pair_values_a_to_be_greater_than_b", column_A="n", column_B="t"),
            "holds text",
        ),
        (
            wanted("expect_column_quantile_values_to_be_between", column="n", quantile_ranges={"quantiles": [2]}),
            "such a `quantile_ranges`",
        ),
    ],
)  # fmt: skip
def test_what_is_not_certain_goes_to_the_library_and_why(one: Wanted, why: str) -> None:
    routed = route(one, KINDS)
    assert (routed.road, routed.translation) == (Road.LIBRARY, None)
    assert why in str(routed.why)


def test_a_column_that_is_not_there_is_told_without_the_library() -> None:
    routed = route(wanted(f"{VALUES}be_unique", column="nn"), KINDS)
    assert (routed.road, str(routed.why)) == (Road.NONE, "the table has no column `nn`; did you mean `n`?")


def test_without_a_table_the_road_is_told_with_what_it_takes() -> None:
    routed = route(wanted(f"{VALUES}be_between", column="n", min_value=1), None)
    assert (routed.road, str(routed.why)) == (Road.SCAN, "a function of counts, if `n` holds numbers")
    assert str(route(wanted(f"{VALUES}be_unique", column="n"), None).why) == (
        "a function of counts of equal values"
    )


def test_only_what_all_look_at_is_loaded() -> None:
    some = wanted("expect_column_kl_divergence_to_be_less_than", column="n")
    pair = wanted("expect_column_pair_values_to_be_equal", column_A="x", column_B="gone")
    assert confined([some, pair], KINDS) == ("n", "x")
    assert confined([some, wanted("expect_table_columns_to_match_ordered_list")], KINDS) is None
    assert confined([wanted(f"{VALUES}be_unique", column="n", row_condition="x > 1")], KINDS) is None


# The whole way, with the library behind it.


class Project:
    """A table in a folder, its suite, and what of it the library was given."""

    def __init__(self, root: Path, frame: pd.DataFrame, **more: object) -> None:
        frame.to_parquet(root / "t.parquet")
        self.root, self.table = root, Table(kind="table", path="t.parquet", **more)
        self.loaded: list[tuple[str, ...] | None] = []

    def scan(self, *suite: Wanted) -> Aggregates:
        found = aggregate(
            "t",
            self.table,
            self.root,
            columns_of(suite),
            lambda kinds: asked([route(one, kinds) for one in suite]),
        )
        assert isinstance(found, Aggregates), found
        return found

    def run(self, *suite: Wanted) -> tuple[ExpectationResult, ...] | Absent:
        return run_on_scan(suite, self.scan(*suite), self.load)

    def load(self, columns: tuple[str, ...] | None) -> tuple[pd.DataFrame, Source] | Absent:
        self.loaded.append(columns)
        return load_frame("t", self.table, self.root, columns)


def results(found: tuple[ExpectationResult, ...] | Absent) -> list[tuple[bool | None, int | None, bool]]:
    assert not isinstance(found, Absent)
    return [(one.success, one.unexpected, one.vacuous) for one in found]


def test_results_keep_their_order_whoever_gave_them(tmp_path: Path) -> None:
    project = Project(tmp_path, pd.DataFrame({"n": [1, 2, 2], "t": ["a", "b", None], "x": [1.0, 2.0, 3.0]}))
    found = project.run(
        wanted(f"{VALUES}match_regex", 1, column="t", regex="(?=a)"),
        wanted(f"{VALUES}be_unique", 2, column="n"),
        wanted(f"{VALUES}be_unique", 3, column="gone"),
        wanted(f"{VALUES}be_unique", 4, column="n"),
        wanted(f"{VALUES}be_of_type", 5, column="x", type_="float64"),
    )
    assert results(found)[0] == (False, 1, False)
    assert [one[0] for one in results(found)] == [False, False, None, False, True]
    assert project.loaded == [("t", "x")]
    assert not isinstance(found, Absent)
    assert [one.name for one in found][1::2] == [f"{VALUES}be_unique(n)", f"{VALUES}be_unique(n) #2"]


def test_data_may_send_an_expectation_to_the_library(tmp_path: Path) -> None:
    frame = pd.DataFrame({"t": ["ä1", "b2"], "a": [1.0, None], "b": [0.5, 0.5], "v": [0.1, 0.2]})
    project = Project(tmp_path, frame)
    found = project.run(
        wanted(f"{VALUES}match_regex", 1, column="t", regex=r"^\w\d$"),
        wanted("expect_column_pair_values_a_to_be_greater_than_b", 2, column_A="a", column_B="b"),
        wanted("expect_column_mean_to_be_between", 3, column="v", min_value=(0.1 + 0.2) / 2),
    )
    assert [one[0] for one in results(found)] == [True, False, True]
    assert project.loaded == [("t", "a", "b", "v")]


def test_a_table_that_changed_before_the_library_read_it_is_not_judged(tmp_path: Path) -> None:
    project = Project(tmp_path, pd.DataFrame({"n": [1, 2]}))
    suite = (wanted(f"{VALUES}be_unique", column="n", row_condition="n > 0"),)
    scan = project.scan(*suite)
    pd.DataFrame({"n": [1, 3]}).to_parquet(tmp_path / "t.parquet")
    found = run_on_scan(suite, scan, project.load)
    assert isinstance(found, Absent)
    assert found.reason is Absence.CHANGED


def test_what_looked_at_nothing_is_vacuous_on_the_scan_too(tmp_path: Path) -> None:
    nothing = pd.DataFrame({"n": pd.array([None, None], "Int64"), "x": [1.0, 2.0]})
    found = Project(tmp_path, nothing).run(
        wanted(f"{VALUES}be_between", 1, column="n", min_value=0),
        wanted("expect_column_sum_to_be_between", 2, column="n", min_value=0),
        wanted("expect_column_distinct_values_to_be_in_set", 3, column="n", value_set=[1]),
        wanted(f"{VALUES}be_null", 4, column="n"),
        wanted("expect_column_to_exist", 5, column="n"),
    )
    assert [vacuous for _, _, vacuous in results(found)] == [True, True, True, False, False]
    empty = Project(tmp_path, nothing.iloc[:0], may_be_empty=True).run(
        wanted(f"{VALUES}not_be_null", 1, column="n"),
        wanted("expect_table_row_count_to_be_between", 2, min_value=1),
    )
    assert results(empty) == [(True, 0, True), (False, None, False)]


def test_dates_are_compared_as_moments(tmp_path: Path) -> None:
    frame = pd.DataFrame({"d": pd.to_datetime(["2020-01-01", "2020-06-01 12:00:00", None], format="ISO8601")})
    project = Project(tmp_path, frame)
    found = project.run(
        wanted(f"{VALUES}be_between", 1, column="d", min_value="2020-01-01", max_value="2020-06-01"),
        wanted(f"{VALUES}be_between", 2, column="d", max_value="2020-06-01T12:00:00"),
        wanted(f"{VALUES}be_between", 3, column="d", min_value="2020-01-01", strict_min=True),
    )
    assert [one[:2] for one in results(found)] == [(False, 1), (True, 0), (False, 1)]
    assert project.loaded == []


def test_two_sets_of_quantiles_of_one_column_do_not_get_each_other_s_answers(tmp_path: Path) -> None:
    project = Project(tmp_path, pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 5.0]}))

    def quantile(place: int, share: float, value: float) -> Wanted:
        ranges: Tree = {"quantiles": [share], "value_ranges": [[value, value]]}
        kind = "expect_column_quantile_values_to_be_between"
        return wanted(kind, place, column="x", quantile_ranges=ranges, allow_relative_error="linear")

    assert results(project.run(quantile(1, 0.25, 2.0), quantile(2, 0.75, 4.0))) == [(True, None, False)] * 2
    assert len(project.loaded) == 1
