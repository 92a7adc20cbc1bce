"""Expectations on a table of a database: judged as on its file, and what only rows can tell is said to be undecided."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgov.app.check import Asked, run_check
from hcgov.app.roads import roads_of
from hcgov.core.record import ControlV1
from tests.app.test_expectations import PACK, SUITE
from tests.io.tables.live.conftest import URL, Make, make

__all__ = ["make"]
pytestmark = pytest.mark.services

MANIFEST = f"""\
hcgov: 1
kind: Project
system: {{name: Quality, version: "1", risk_profile: high}}
policies: [pack.yaml]
connections: {{warehouse: {{kind: sqlalchemy, url: '{URL}'}}}}
artifacts:
  training_data: {{kind: table, TABLE, unit: person}}
  quality_suite: {{kind: expectation_suite, path: suite.json}}
"""
COLUMNS = {"id": "int", "age": "int", "sex": "text"}
ROWS = [(1, 30, "f"), (2, 40, "m"), (3, 50, "f")]
BACKTRACKS = ("expect_column_values_to_match_regex", {"column": "sex", "regex": "^(?=f)"})
TYPES = ("expect_column_values_to_be_in_type_list", {"column": "id", "type_list": ["int64"]})


def write(folder: Path, table: str, *more: tuple[str, dict[str, object]]) -> None:
    entries = [{"type": kind, "kwargs": given} for kind, given in (*SUITE, *more)]
    (folder / "suite.json").write_text(json.dumps({"name": "people", "expectations": entries}))
    (folder / "hcgov.yaml").write_text(MANIFEST.replace("TABLE", table))
    (folder / "pack.yaml").write_text(PACK)


def judged(folder: Path) -> ControlV1:
    report = run_check(Asked(root=folder, now=datetime(2026, 1, 1, tzinfo=UTC)), lambda _: None).report
    (control,) = report.controls
    return control


def there(make: Make, rows: Sequence[Sequence[object]] = ROWS) -> str:
    return f"connection: warehouse, relation: {make(COLUMNS, rows)}"


def test_a_table_of_a_database_is_held_to_its_suite_as_its_file_is(make: Make, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,age,sex\n" + "".join(f"{i},{a},{s}\n" for i, a, s in ROWS))
    write(tmp_path, "path: people.csv")
    here = judged(tmp_path)
    write(tmp_path, there(make))
    live = judged(tmp_path)
    assert (live.verdict, here.verdict) == ("pass", "pass")
    assert [f.message for f in live.findings] == [f.message for f in here.findings]
    write(tmp_path, there(make, [*ROWS, (3, None, "x")]))
    broken = judged(tmp_path)
    assert broken.verdict == "fail"
    assert sum("does not hold" in f.message.text for f in broken.findings) == 3


def test_what_only_rows_can_tell_is_undecided_with_the_reason(make: Make, tmp_path: Path) -> None:
    write(tmp_path, there(make), BACKTRACKS, TYPES)
    control = judged(tmp_path)
    assert control.verdict == "inconclusive"
    told = [f.message.text for f in control.findings if "was not computed" in f.message.text]
    assert len(told) == 2
    assert all("the rows stay in the engine of `warehouse`" in text for text in told)


def test_the_roads_of_a_live_table_are_told(make: Make, tmp_path: Path) -> None:
    nested = ("expect_column_values_to_match_regex", {"column": "sex", "regex": "f{300}"})
    write(tmp_path, there(make), TYPES, nested)
    roads = [(one.expectation, one.road, one.why) for one in roads_of(tmp_path)]
    assert [road for _, road, _ in roads] == ["one scan"] * len(SUITE) + ["nobody"] * 2
    assert "only the library computes it; the rows stay" in roads[-2][2]
    assert "not sure to read this regular expression" in roads[-1][2]


def test_a_column_that_is_not_there_is_a_mistake_there_too(make: Make, tmp_path: Path) -> None:
    write(tmp_path, there(make), ("expect_column_values_to_be_unique", {"column": "sexx"}))
    control = judged(tmp_path)
    assert control.verdict == "error"
    assert any("did you mean `sex`" in f.message.text for f in control.findings)
