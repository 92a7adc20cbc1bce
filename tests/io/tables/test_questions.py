"""Questions put into one statement are answered as if each were asked alone."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.aggregates import (
    Aggregates,
    Among,
    Distinct,
    Ordered,
    Passing,
    Recorded,
    Repeated,
    Sum,
)
from hcgov.core.project import Table
from hcgov.io.tables import looking
from hcgov.io.tables.aggregates import aggregate
from hcgov.io.tables.engine import Session
from hcgov.io.tables.ordering import MOST_SHARES

MANY = Ordered(column="rows", shares=tuple(i / 20 for i in range(MOST_SHARES + 1)))
ASKED = (
    Sum(column="big"),
    Recorded(column="rows"),
    Ordered(column="rows", shares=(0.5,)),
    Repeated(columns=("rows",)),
    Repeated(columns=("big",)),
    Distinct(column="big"),
    Passing(column="word", test=Among(values=("a",))),
    MANY,
)


def table(root: Path) -> Table:
    columns: Mapping[str, pa.Array] = {
        "rows": pa.array([i % 7 for i in range(400)], pa.int32()),
        "big": pa.array([2**60 + i for i in range(400)], pa.int64()),
        "word": pa.array([None if i % 5 == 0 else "ab"[i % 2] for i in range(400)], pa.string()),
    }
    pq.write_table(pa.table(dict(columns)), root / "t.parquet")
    return Table(kind="table", path="t.parquet")


def asked(root: Path, *asks: object) -> dict[object, object]:
    found = aggregate("t", table(root), root, ("rows", "big", "word"), lambda kinds: asks)  # type: ignore[arg-type, return-value]
    assert isinstance(found, Aggregates), found
    assert found.rows == 400
    return dict(found.answers)


@pytest.mark.parametrize("large", [0, 10**9])
def test_together_they_are_answered_as_one_by_one(
    large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LARGE", large)
    together = asked(tmp_path, *ASKED)
    assert together == {one: asked(tmp_path, one)[one] for one in ASKED}
    # Beside numbers with a fraction, whole numbers beyond 2**53 stay what they are.
    assert together[ASKED[0]] == (400 * 2**60 + 399 * 200,)
    assert together[ASKED[3]] == (400, 0)
    assert together[ASKED[4]] == (0, 0)
    assert together[ASKED[6]] == (sum(i % 5 > 0 and i % 2 == 0 for i in range(400)),)


def test_a_suite_takes_three_statements_beside_those_about_its_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    read = Session.read

    def noted(self: Session, *given: object, **more: object) -> object:
        statements.append(str(given[2]))
        return read(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "read", noted)
    monkeypatch.setattr(looking, "LARGE", 0)
    asked(tmp_path, *ASKED[:-1])
    about = [s for s in statements if s.startswith("DESCRIBE") or "parquet_schema" in s or "parquet_kv" in s]
    assert len(statements) - len(about) == 3
