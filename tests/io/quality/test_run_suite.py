"""The real library runs on small tables; the names in them are personal values that must never come out."""

import json
import logging
import os
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.metrics import ExpectationResult, Expectations, ExpectationsOf
from hcgov.core.evidence.source import Source, Tree
from hcgov.io.quality import run_suite
from hcgov.io.quality.engine import load
from hcgov.io.quality.quiet import quiet

SOURCE = Source(artifact="people", kind="table", location="data/people.csv", sha256="0" * 64, size=1)
PERSONAL = ("Ann Smith", "Bob Stone", "Zoe Field")


@pytest.fixture(scope="session", autouse=True)
def _library() -> None:
    load()


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": [30.0, 40.0, None, 200.0],
            "name": ["Ann Smith", "Bob Stone", "Zoe Field", None],
            "nothing": [None, None, None, None],
            "member": [1, 0, 1, 1],
        }
    )


def expect(kind: str, **arguments: Tree) -> Tree:
    return {"type": kind, "kwargs": arguments}


def run(frame: pd.DataFrame, *entries: Tree, aggregated: bool = False) -> tuple[ExpectationResult, ...]:
    found = run_suite(
        ExpectationsOf(table="people", suite="people_suite"),
        frame,
        {"name": "people", "expectations": list(entries)},
        source=SOURCE,
        already_aggregated=aggregated,
    )
    assert isinstance(found, Expectations)
    assert found.rows == len(frame)
    assert found.aggregated is aggregated
    for value in PERSONAL:
        assert value not in repr(found)
    return found.results


def one(frame: pd.DataFrame, kind: str, **arguments: Tree) -> ExpectationResult:
    (result,) = run(frame, expect(kind, **arguments))
    return result


def test_values_are_counted_without_the_nulls(people: pd.DataFrame) -> None:
    assert one(
        people, "expect_column_values_to_be_between", column="age", max_value=120
    ) == ExpectationResult(
        name="expect_column_values_to_be_between(age)", column="age", success=False, evaluated=3, unexpected=1
    )


def test_the_expectation_about_nulls_counts_every_row(people: pd.DataFrame) -> None:
    result = one(people, "expect_column_values_to_not_be_null", column="age")
    assert (result.success, result.evaluated, result.unexpected) == (False, 4, 1)


def test_mostly_decides_on_the_share(people: pd.DataFrame) -> None:
    assert one(people, "expect_column_values_to_not_be_null", column="age", mostly=0.75).success is True


def test_order_is_the_suite_s_and_duplicates_are_kept_apart(people: pd.DataFrame) -> None:
    results = run(
        people,
        expect("expect_column_values_to_be_unique", column="member"),
        expect("expect_column_mean_to_be_between", column="name", min_value=0),  # crashes: GX tells it first
        expect("expect_column_values_to_not_be_null", column="member"),
        expect("expect_column_values_to_be_unique", column="member"),
        expect("expect_column_values_to_not_be_null", column="member"),
    )
    assert [(result.name, result.success) for result in results] == [
        ("expect_column_values_to_be_unique(member)", False),
        ("expect_column_mean_to_be_between(name)", None),
        ("expect_column_values_to_not_be_null(member)", True),
        ("expect_column_values_to_be_unique(member) #2", False),
        ("expect_column_values_to_not_be_null(member) #2", True),
    ]


# Errors look like failures in the library; here they never do.


def test_an_unknown_type_is_an_error_that_names_the_nearest_and_the_others_still_run(
    people: pd.DataFrame,
) -> None:
    unknown, known = run(
        people,
        expect("expect_column_values_to_be_uniqe", column="age"),
        expect("expect_column_values_to_be_unique", column="age"),
    )
    assert unknown.success is None
    assert "did you mean `expect_column_values_to_be_unique`?" in unknown.error
    assert known.success is True


def test_a_missing_column_is_an_error_that_names_the_nearest(people: pd.DataFrame) -> None:
    result = one(people, "expect_column_values_to_not_be_null", column="agee")
    assert (result.success, result.vacuous) == (None, False)
    assert result.error == "the table has no column `agee`; did you mean `age`?"


def test_that_a_column_must_exist_fails_and_is_no_error(people: pd.DataFrame) -> None:
    assert one(people, "expect_column_to_exist", column="agee").success is False
    assert one(people, "expect_column_to_exist", column="age").success is True
    assert one(people.iloc[:0], "expect_column_to_exist", column="age").vacuous is False


def test_a_crash_is_an_error_that_quotes_no_value(people: pd.DataFrame) -> None:
    # pandas says of values of type object: Could not convert string 'Ann SmithBob Stone…' to numeric.
    people["name"] = people["name"].astype(object)
    result = one(people, "expect_column_mean_to_be_between", column="name", min_value=0)
    assert result.success is None
    assert "`name`, which holds object (TypeError)" in result.error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"column": "age", "min_valu": 1},
            "`expect_column_values_to_be_between` has no argument `min_valu`; did you mean `min_value`?",
        ),
        (
            {"column": "age", "min_value": 0, "mostly": 2},
            "`mostly`: ensure this value is less than or equal to 1",
        ),
        ({"min_value": 0}, "`column`: field required"),
        ({"column": "age"}, "min_value and max_value cannot both be None"),
        ({"column": "age", "min_value": {"$PARAMETER": "low"}}, "`$PARAMETER`"),
    ],
)
def test_wrong_arguments_are_an_error(people: pd.DataFrame, arguments: dict[str, Tree], said: str) -> None:
    result = one(people, "expect_column_values_to_be_between", **arguments)
    assert result.success is None
    assert said in result.error


def test_entries_that_are_no_expectations_are_errors(people: pd.DataFrame) -> None:
    results = run(people, "not null", {"kwargs": {"column": "age"}}, {"type": 3})
    assert [result.success for result in results] == [None, None, None]
    assert all("has no `type`" in result.error for result in results)


def test_sql_is_not_run(people: pd.DataFrame) -> None:
    result = one(people, "unexpected_rows_expectation", unexpected_rows_query="SELECT * FROM {batch}")
    assert result.success is None
    assert "runs SQL" in result.error


def test_a_schema_elsewhere_is_not_fetched(people: pd.DataFrame) -> None:
    schema: Tree = {"properties": {"a": [{"$ref": "http://127.0.0.1:9/schema.json"}]}}
    result = one(people, "expect_column_values_to_match_json_schema", column="name", json_schema=schema)
    assert result.success is None
    assert "another document" in result.error


def test_a_crash_outside_the_metrics_leaves_the_others_alone(
    people: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    from great_expectations.expectations.core import ExpectColumnValuesToBeUnique

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError(PERSONAL[0])

    monkeypatch.setattr(ExpectColumnValuesToBeUnique, "get_validation_dependencies", crash)
    monkeypatch.setattr(ExpectColumnValuesToBeUnique, "_validate", crash)
    crashed, sound = run(
        people,
        expect("expect_column_values_to_be_unique", column="name"),
        expect("expect_column_values_to_not_be_null", column="member"),
    )
    assert crashed.success is None
    assert "RuntimeError" in crashed.error
    assert sound.success is True


# Nothing was looked at.

MEDIAN: Tree = {"quantiles": [0.5], "value_ranges": [[0, 1]]}


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("expect_column_values_to_be_in_set", {"value_set": [1]}),
        ("expect_column_values_to_be_between", {"min_value": 0}),
        ("expect_column_values_to_be_unique", {}),
        ("expect_column_values_to_match_regex", {"regex": "^A"}),
        ("expect_column_distinct_values_to_be_in_set", {"value_set": [1]}),
        ("expect_column_values_to_be_of_type", {"type_": "float64"}),
        ("expect_column_mean_to_be_between", {"min_value": 0}),
        ("expect_column_max_to_be_between", {"min_value": 0}),
        ("expect_column_quantile_values_to_be_between", {"quantile_ranges": MEDIAN}),
    ],
)
def test_a_column_of_nulls_is_vacuous(people: pd.DataFrame, kind: str, arguments: dict[str, Tree]) -> None:
    people["nothing"] = people["nothing"].astype(float)
    result = one(people, kind, column="nothing", **arguments)
    assert result.vacuous is True
    assert one(people, kind, column="age", **arguments).vacuous is False


def test_nulls_are_what_the_null_expectations_look_at(people: pd.DataFrame) -> None:
    present = one(people, "expect_column_values_to_not_be_null", column="nothing")
    assert (present.success, present.evaluated, present.unexpected, present.vacuous) == (False, 4, 4, False)
    absent = one(people, "expect_column_values_to_be_null", column="nothing")
    assert (absent.success, absent.evaluated, absent.vacuous) == (True, 4, False)
    share = one(
        people,
        "expect_column_proportion_of_non_null_values_to_be_between",
        column="nothing",
        max_value=0.5,
    )
    assert (share.success, share.observed, share.vacuous) == (True, "0", False)


def test_an_empty_table_makes_all_but_its_shape_vacuous(people: pd.DataFrame) -> None:
    results = run(
        people.iloc[:0],
        expect("expect_column_values_to_not_be_null", column="age"),
        expect("expect_column_values_to_be_in_set", column="member", value_set=[0, 1]),
        expect("expect_column_proportion_of_non_null_values_to_be_between", column="age", min_value=0.9),
        expect("expect_column_sum_to_be_between", column="age", min_value=0),
        expect("expect_compound_columns_to_be_unique", column_list=["age", "member"]),
        expect("expect_table_row_count_to_be_between", min_value=1),
        expect("expect_table_columns_to_match_set", column_set=["age", "name", "nothing", "member"]),
    )
    assert [result.vacuous for result in results] == [True, True, True, True, True, False, False]
    assert [result.success for result in results[-2:]] == [False, True]


@pytest.mark.parametrize("kind", ["expect_column_values_to_be_between", "expect_column_max_to_be_between"])
def test_a_condition_that_leaves_nobody_is_vacuous(people: pd.DataFrame, kind: str) -> None:
    nobody, some = run(
        people,
        expect(kind, column="age", max_value=120, row_condition="member == 7", condition_parser="pandas"),
        expect(kind, column="age", max_value=120, row_condition="member == 0", condition_parser="pandas"),
    )
    assert nobody.vacuous is True
    assert (some.success, some.vacuous) == (True, False)


# What is observed: numbers, never values.


def test_aggregates_are_observed_as_numbers(people: pd.DataFrame) -> None:
    results = run(
        people,
        expect("expect_column_mean_to_be_between", column="age", max_value=50),
        expect("expect_column_sum_to_be_between", column="age", max_value=300),
        expect("expect_column_unique_value_count_to_be_between", column="name", max_value=2),
        expect("expect_table_row_count_to_equal", value=4),
        expect("expect_column_stdev_to_be_between", column="age", min_value=0),
    )
    # Mean and sample standard deviation of 30, 40 and 200: 90 and sqrt((60² + 50² + 110²) / 2) = 95.3939.
    assert [result.observed for result in results] == ["90", "270", "3", "4", "95.3939"]
    assert [result.success for result in results] == [False, True, False, True, True]


def test_quantiles_are_observed_as_numbers(people: pd.DataFrame) -> None:
    result = one(
        people,
        "expect_column_quantile_values_to_be_between",
        column="age",
        quantile_ranges={"quantiles": [0.5, 1.0], "value_ranges": [[0, 50], [0, 120]]},
    )
    assert (result.success, result.observed) == (False, "0.5: 40, 1: 200")


def test_of_sets_only_the_size_is_told(people: pd.DataFrame) -> None:
    results = run(
        people,
        expect("expect_column_most_common_value_to_be_in_set", column="name", value_set=["x"]),
        expect("expect_column_distinct_values_to_equal_set", column="name", value_set=["x"]),
        expect("expect_column_values_to_be_in_set", column="name", value_set=["x"]),
        expect("expect_column_values_to_match_regex", column="name", regex="^A"),
        expect("expect_table_columns_to_match_set", column_set=["age"]),
    )
    assert [result.success for result in results] == [False] * 5
    assert results[0].observed == "3 values"
    assert [result.unexpected for result in results] == [None, None, 3, 2, None]
    assert results[4].observed == "4 columns"


def test_a_suite_cannot_ask_for_raw_values(people: pd.DataFrame) -> None:
    result = one(
        people,
        "expect_column_values_to_match_regex",
        column="name",
        regex="^A",
        result_format={"result_format": "COMPLETE"},
        catch_exceptions=False,
        include_config=True,
        meta={"place": 7},
        id="3f1c0b52-6d0f-4a8c-9c9f-0f4f7c1f5c11",
    )
    assert (result.success, result.unexpected) == (False, 2)


def test_what_is_not_finite_is_not_observed(people: pd.DataFrame) -> None:
    people["age"] = [np.inf, 1.0, 2.0, 3.0]
    assert one(people, "expect_column_max_to_be_between", column="age", max_value=5).observed == ""


def test_an_odd_pattern_is_an_error(people: pd.DataFrame) -> None:
    result = one(people, "expect_column_values_to_match_regex", column="name", regex="((")
    told = "missing ), unterminated subpattern at character 2; mend it in entry 1 of the suite"
    assert (result.success, result.error) == (None, f"`((` is not a regular expression: {told}")


def test_pairs_name_both_columns(people: pd.DataFrame) -> None:
    result = one(
        people, "expect_column_pair_values_a_to_be_greater_than_b", column_A="age", column_B="member"
    )
    assert result.name == "expect_column_pair_values_a_to_be_greater_than_b(age, member)"
    assert result.column is None
    assert result.success is False


# Forms of a suite.

OLD = {
    "expectation_suite_name": "people.warning",
    "data_asset_type": None,
    "expectations": [
        {
            "expectation_type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "member", "result_format": "BASIC"},
            "meta": {"notes": "from version 0.18"},
        }
    ],
    "meta": {"great_expectations_version": "0.18.22"},
}
NEW_YAML = """
name: people
expectations:
  - type: expect_column_values_to_be_in_set
    kwargs: {column: member, value_set: [0, 1], mostly: 0.9}
    meta: {why: a flag}
    id: 3f1c0b52-6d0f-4a8c-9c9f-0f4f7c1f5c11
    severity: warning
"""


def test_a_suite_of_an_old_version_runs(people: pd.DataFrame) -> None:
    found = run_suite(ExpectationsOf(table="people"), people, OLD, source=SOURCE, already_aggregated=True)
    assert isinstance(found, Expectations)
    assert (found.suite, found.aggregated) == ("people.warning", True)
    assert [result.success for result in found.results] == [True]


def test_a_suite_in_yaml_runs(people: pd.DataFrame) -> None:
    from ruamel.yaml import YAML

    suite = YAML(typ="safe", pure=True).load(NEW_YAML)
    found = run_suite(ExpectationsOf(table="people"), people, suite, source=SOURCE, already_aggregated=False)
    assert isinstance(found, Expectations)
    assert [(result.success, result.evaluated) for result in found.results] == [(True, 4)]


def test_a_suite_that_the_library_wrote_runs(people: pd.DataFrame) -> None:
    import great_expectations as gx
    import great_expectations.expectations as gxe

    suite = gx.ExpectationSuite(
        name="written", expectations=[gxe.ExpectColumnValuesToBeInSet(column="member", value_set=[0, 1])]
    )
    written = json.loads(json.dumps(suite.to_json_dict()))
    found = run_suite(
        ExpectationsOf(table="people"), people, written, source=SOURCE, already_aggregated=False
    )
    assert isinstance(found, Expectations)
    assert (found.suite, found.results[0].success) == ("written", True)


def test_a_bare_list_runs(people: pd.DataFrame) -> None:
    entries = [expect("expect_table_row_count_to_equal", value=4)]
    found = run_suite(
        ExpectationsOf(table="people"), people, entries, source=SOURCE, already_aggregated=False
    )
    assert isinstance(found, Expectations)
    assert (found.suite, found.results[0].success) == ("inline", True)


@pytest.mark.parametrize(
    ("suite", "reason"),
    [
        ({"name": "s", "expectations": []}, Absence.NO_RESULT),
        ([], Absence.NO_RESULT),
        ({"name": "s"}, Absence.WRONG_KIND),
        ({"expectations": {"type": "x"}}, Absence.WRONG_KIND),
        ("text", Absence.WRONG_KIND),
        (None, Absence.WRONG_KIND),
    ],
)
def test_a_suite_without_expectations_is_absent(people: pd.DataFrame, suite: Tree, reason: Absence) -> None:
    found = run_suite(
        ExpectationsOf(table="people", suite="s"), people, suite, source=SOURCE, already_aggregated=False
    )
    assert isinstance(found, Absent)
    assert (found.reason, found.artifact) == (reason, "s")
    assert "expectations" in str(found.detail)


# The process is left as it was.


def test_nothing_is_written_said_or_left_changed(
    people: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    from great_expectations.validator import validation_graph

    monkeypatch.chdir(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary folder was asked for")

    for maker in ("TemporaryDirectory", "mkdtemp", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{maker}", refuse)
    bar, shown, propagates = (
        validation_graph.tqdm,
        warnings.showwarning,
        logging.getLogger("great_expectations").propagate,
    )
    filters = list(warnings.filters)
    run(
        people,
        expect("expect_column_values_to_match_regex", column="name", regex="^A"),
        expect("expect_column_mean_to_be_between", column="name", min_value=0),
        expect("expect_column_values_to_be_between", column="age", min_value=0, row_condition="member == 1"),
    )
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert validation_graph.tqdm is bar
    assert warnings.showwarning is shown
    assert list(warnings.filters) == filters
    assert logging.getLogger("great_expectations").propagate is propagates
    # The import of the library turns on `logging.captureWarnings`, which has no public way to be looked at.
    assert logging._warnings_showwarning is None  # type: ignore[attr-defined]  # not public, see above
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_while_it_runs_the_library_s_log_and_warnings_go_nowhere(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    log = logging.getLogger("great_expectations.validator.validator")
    with quiet():
        log.error(PERSONAL[0])
        warnings.warn(PERSONAL[0], UserWarning, stacklevel=1)
    assert (caplog.records, list(recwarn)) == ([], [])
    log.error("heard again")
    assert [record.message for record in caplog.records] == ["heard again"]


def test_the_frame_is_left_as_it_was(people: pd.DataFrame) -> None:
    before = people.copy(deep=True)
    one(people, "expect_column_values_to_be_between", column="age", max_value=120)
    pd.testing.assert_frame_equal(people, before)


@pytest.mark.parametrize(
    ("entry", "unbreakable"),
    [
        (expect("expect_column_values_to_be_in_set", column="age", value_set=[-1], mostly=0), True),
        (expect("expect_column_values_to_be_in_set", column="age", value_set=[-1], mostly=0.01), False),
        (expect("expect_column_mean_to_be_between", column="age"), True),
        (expect("expect_column_mean_to_be_between", column="age", min_value=0), False),
        (expect("expect_table_row_count_to_be_between"), True),
        (expect("expect_column_values_to_not_be_null", column="age"), False),
    ],
)
def test_an_expectation_that_no_data_can_break_is_marked(
    people: pd.DataFrame, entry: Tree, unbreakable: bool
) -> None:
    (result,) = run(people, entry)
    assert result.unbreakable is unbreakable
