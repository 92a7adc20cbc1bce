"""Every engine gives equal counts and equal buckets on tables with all that engines write differently."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hcgov.core.evidence.counts import Counts
from hcgov.io.tables import Engines, sql
from hcgov.io.tables.room import opened
from tests.io.tables.live.conftest import SPARK, Make, engines
from tests.io.tables.live.tables import COLUMNS, ROWS, SINGLES, SIZES, a_table, asked, table, write

SLOWLY = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ROLES: tuple[dict[str, str], ...] = (
    {},
    {"person": "person"},
    {"person": "number", "item": "item"},
    {"person": "person", "weight": "weight"},
)


@pytest.mark.services
@pytest.mark.parametrize("roles", ROLES)
def test_postgresql_counts_as_the_embedded_engine_does(
    tmp_path: Path, make: Make, roles: dict[str, str]
) -> None:
    @SLOWLY
    @given(rows=ROWS)
    def same(rows: Sequence[Sequence[object]]) -> None:
        write(tmp_path, rows)
        ours = asked(table(**roles, path="t.parquet"), tmp_path)
        theirs = asked(table(**roles, connection="here", relation=make(COLUMNS, rows)), tmp_path, engines())
        assert any(isinstance(one, Counts) for one in ours.values())
        assert theirs == ours

    same()


def _texts(root: Path, it: object, how: Engines) -> list[tuple[object, ...]]:
    """Return the canonical text of numbers and persons, and the persons' buckets."""
    from hcgov.io.tables import flags

    with opened("t", {"t": it}, root, engines=how) as room:  # type: ignore[dict-item]  # a table
        relation = room.attach("t", room.schema("t"), None, called="here", passes=1)
        columns = [relation.column(name) for name in ("size", "small", "person", "number")]
        texts = [flags.as_text(column.name, column.family) for column in columns]
        buckets = [sql.bucket(one) for one in texts[2:]]
        terms = [f"{term} AS x{i}" for i, term in enumerate((*texts, *buckets))]
        return sorted(relation.read(sql.select(terms, relation.source)), key=repr)


@pytest.mark.services
def test_texts_and_buckets_are_those_of_the_embedded_engine(tmp_path: Path, make: Make) -> None:
    rows = [
        (
            None,
            None,
            size,
            SINGLES[i % len(SINGLES)],
            None,
            None,
            None,
            None,
            None,
            person,
            float(i),
            None,
            1.0,
        )
        for i, (size, person) in enumerate(zip(SIZES, ["ann", "ä", "", "女", None] * 3, strict=False))
    ]
    write(tmp_path, rows)
    ours = _texts(tmp_path, table(path="t.parquet"), Engines())
    theirs = _texts(tmp_path, table(connection="here", relation=make(COLUMNS, rows)), engines())
    assert theirs == ours
    assert {row[0] for row in ours} >= {"0.0", "1.0", "0.1", "0.0001", "1e-05", "1e+16", "1e+20", None}


@pytest.mark.spark
@pytest.mark.parametrize("roles", ROLES)
def test_spark_counts_as_the_embedded_engine_does(tmp_path: Path, roles: dict[str, str]) -> None:
    pytest.importorskip("pyspark")
    rows = a_table(seed=len(roles))
    write(tmp_path, rows)
    ours = asked(table(**roles, path="t.parquet"), tmp_path)
    theirs = asked(table(**roles, connection="here", path="t.parquet"), tmp_path, SPARK)
    assert any(isinstance(one, Counts) for one in ours.values())
    assert theirs == ours


@pytest.mark.spark
def test_spark_writes_texts_and_buckets_as_the_embedded_engine_does(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    rows = [
        (
            None,
            None,
            size,
            SINGLES[i % len(SINGLES)],
            None,
            None,
            None,
            None,
            None,
            person,
            float(i),
            None,
            1.0,
        )
        for i, (size, person) in enumerate(zip(SIZES, ["ann", "ä", "", "女", None] * 3, strict=False))
    ]
    write(tmp_path, rows)
    ours = _texts(tmp_path, table(path="t.parquet"), Engines())
    assert _texts(tmp_path, table(connection="here", path="t.parquet"), SPARK) == ours
