"""Counting rows as recorded first gives the cells that row by row gives."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.slices import SliceRules
from hcgov.io.tables import answer, finest
from hcgov.io.tables.engine import Embedded, Row
from tests.io.tables.making import table

KINDS = {
    "whole": (pa.int64(), st.sampled_from([0, 1, 2, None])),
    "bit": (pa.bool_(), st.sampled_from([True, False, None])),
    "word": (pa.string(), st.sampled_from(["yes", "no", "1", "TRUE", "", None])),
    "real": (pa.float64(), st.sampled_from([0.0, -0.0, 1.0, 0.5, float("nan"), None])),
}
COLUMNS = ("g_whole", "g_real", "g_word", *KINDS)
ROW = st.tuples(*(KINDS[name.removeprefix("g_")][1] for name in COLUMNS))
OUTCOMES = {
    "whole_two": {"column": "whole", "positive": [2]},
    "whole_high": {"column": "whole", "at_least": "1"},
    "bit": {"column": "bit"},
    "word_yes": {"column": "word", "positive": ["yes"], "negative": ["no"]},
    "real_one": {"column": "real", "positive": [1]},
    "real_high": {"column": "real", "at_least": "0.5"},
}
TABLE = table(
    "t.parquet",
    roles={"groups": {name: name for name in COLUMNS[:3]}},
    outcomes={name: {k: v for k, v in it.items() if v != name} for name, it in OUTCOMES.items()},
    unit="person",
    may_be_empty=True,
)
ASKED = [CountsOf(table="t", rates=(Rate(outcome=name),)) for name in OUTCOMES]
RULES = SliceRules(by=COLUMNS[:3], cross=3)


def _counted(root: Path) -> tuple[object, ...]:
    found = answer("t", TABLE, root, ASKED, RULES, {})
    return tuple((it.outcomes, it.cells) if isinstance(it, Counts) else it for it in found.values())


def _write(root: Path, rows: Sequence[tuple[object, ...]]) -> None:
    columns = {
        name: pa.array([row[i] for row in rows], KINDS[name.removeprefix("g_")][0])
        for i, name in enumerate(COLUMNS)
    }
    pq.write_table(pa.table(columns), root / "t.parquet")


@given(rows=st.lists(ROW, max_size=30))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_first_gives_the_same_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[object, ...]]
) -> None:
    _write(tmp_path, rows)
    with monkeypatch.context() as patched:
        patched.setattr("hcgov.io.tables.tally.as_recorded", lambda *_: None)
        by_row = _counted(tmp_path)
    assert _counted(tmp_path) == by_row


@pytest.mark.parametrize(("values", "first"), [(finest.FEW, True), (finest.FEW + 1, False)])
def test_only_a_column_of_few_values_is_counted_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: int, *, first: bool
) -> None:
    pq.write_table(pa.table({"code": list(range(values)) * 3}), tmp_path / "t.parquet")
    read = []
    plain = Embedded.read

    def noted(self: Embedded, statement: str) -> list[Row]:
        read.append(statement)
        return plain(self, statement)

    monkeypatch.setattr(Embedded, "read", noted)
    it = table("t.parquet", roles={}, outcomes={"odd": {"column": "code", "positive": [1, 3]}}, unit="person")
    request = CountsOf(table="t", rates=(Rate(outcome="odd"),))
    found = answer("t", it, tmp_path, [request], SliceRules(), {})[request]
    assert isinstance(found, Counts)
    assert {cell.flags: cell.n for cell in found.cells} == {(1,): 6, (0,): 3 * (values - 2)}
    counts = [statement.count("GROUP BY") for statement in read if "GROUP BY" in statement]
    assert counts == [2 if first else 1]
