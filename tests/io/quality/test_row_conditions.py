from pathlib import Path

import pandas as pd
import pytest

from hcgov.core.evidence.metrics import Expectations, ExpectationsOf
from hcgov.core.evidence.source import Source, Tree
from hcgov.io.quality import run_suite
from hcgov.io.quality.conditions import fault_in

COLUMNS = ("age", "home town", "member")
COMPARISON: Tree = {"type": "comparison", "column": {"name": "age"}, "operator": ">", "parameter": 30}


@pytest.mark.parametrize(
    "query",
    [
        "age > 30",
        "`home town` == 'Rome' and not member == 1",
        "18 < age <= 65 or (age > 90 & member in [0, 1])",
        "`home town` == 'a@b.c'",
        "age != -1",
    ],
)
def test_comparisons_are_let_through(query: str) -> None:
    assert fault_in({"row_condition": query, "condition_parser": "pandas"}, COLUMNS) == ""


@pytest.mark.parametrize(
    "query",
    [
        "age.to_csv('leak.csv')",
        "@__import__('os').system('id')",
        "age > 1 and member.__class__",
        "`' + age.to_csv('leak.csv') + '`",
        "age[0] > 1",
        "age := 3",
        "f'{age}' == 'x'",
        "(lambda: 1)()",
        "age > ",
        "age > 1" + " and (age > 1" * 5_000,
        "age > 1\0",
    ],
)
def test_whatever_could_call_is_refused(query: str) -> None:
    for arguments in (
        {"row_condition": query, "condition_parser": "pandas"},
        {"row_condition": query},
        {"row_condition": {"type": "pass_through", "pass_through_filter": query}},
        {"row_condition": {"type": "and", "conditions": [COMPARISON, {"pass_through_filter": query}]}},
    ):
        assert "methods, functions" in fault_in(arguments, COLUMNS)


@pytest.mark.parametrize(
    "arguments",
    [
        {"row_condition": "agee > 30"},
        {"row_condition": "`agee` > 30"},
        {"row_condition": 'col("agee") > 30', "condition_parser": "great_expectations"},
        {"row_condition": {"type": "nullity", "column": {"name": "agee"}, "is_null": True}},
        {"row_condition": {"type": "or", "conditions": [COMPARISON, {"column": {"name": "agee"}}]}},
    ],
)
def test_a_condition_on_a_missing_column_names_the_nearest(arguments: dict[str, Tree]) -> None:
    assert "`agee`, which the table does not have; did you mean `age`?" in fault_in(arguments, COLUMNS)


def test_a_condition_of_another_kind_is_refused() -> None:
    assert "must be text" in fault_in({"row_condition": 3}, COLUMNS)
    assert fault_in({}, COLUMNS) == ""


@pytest.mark.parametrize(
    "condition",
    [
        {"row_condition": "age > 30", "condition_parser": "pandas"},
        {"row_condition": 'col("age") > 30', "condition_parser": "great_expectations"},
        {"row_condition": COMPARISON},
    ],
)
def test_every_form_of_a_condition_selects_rows(
    condition: dict[str, Tree], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"age": [20, 40, 60], "member": [0, 1, 1]})
    leak: Tree = {"row_condition": "age.to_csv('leak.csv')", "condition_parser": "pandas"}
    suite: Tree = [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "member", "value_set": [1], **extra},
        }
        for extra in (condition, leak)
        if isinstance(extra, dict)
    ]
    found = run_suite(
        ExpectationsOf(table="t"),
        frame,
        suite,
        source=Source(artifact="t", kind="table", location="t.csv", sha256="0" * 64, size=1),
        already_aggregated=False,
    )
    assert isinstance(found, Expectations)
    assert [(result.success, result.evaluated) for result in found.results] == [(True, 2), (None, None)]
    assert list(tmp_path.iterdir()) == []
