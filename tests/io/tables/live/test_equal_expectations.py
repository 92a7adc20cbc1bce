"""Expectations on a table that is read live give what they give on its file: random tables, random arguments.

The embedded engine is the oracle; it is held against Great Expectations itself in ``tests/io/quality``.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.aggregates import Aggregates
from hcgov.core.evidence.source import Tree
from hcgov.core.project import Table
from hcgov.io.quality.given import LeftError
from hcgov.io.quality.results import result_of
from hcgov.io.quality.roads import TRANSLATORS, asked, columns_of, route, route_there
from hcgov.io.quality.suite import Wanted
from hcgov.io.tables import Engines
from hcgov.io.tables.aggregates import aggregate
from tests.io.quality.test_scan_is_the_library import KINDS as ORDINARY
from tests.io.quality.test_scan_is_the_library import bounds, column, expectations, plain
from tests.io.tables.live.conftest import SPARK, Make, engines

SLOWLY = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TYPES = {
    **dict.fromkeys(("whole", "wide", "ids"), "int"),
    **dict.fromkeys(("number", "vast"), "float"),
    **{"single": "single", "flag": "bool", "text": "text", "date": "date"},
    **{"small": "small", "price": "decimal", "when": "moment", "case": "text", "odd": "instant"},
}
KINDS = tuple(TYPES)
CASES = ("F", "f", "F ", " F", "é", "e\u0301", "ß", "ss", "a\\b", "it's", "100%", "\U0001f600", "")


def a_table(random: Random, rows: int) -> pa.Table:
    """Return a table with everything that engines hold, compare or write differently."""
    more = {
        "price": pa.array(
            [
                None if random.random() < 0.2 else Decimal(random.randrange(-9999, 9999)) / 100
                for _ in range(rows)
            ],
            pa.decimal128(20, 4),
        ),
        "when": pa.array(
            [
                None if random.random() < 0.2 else random.randrange(10**9, 2 * 10**9) * 10**6
                for _ in range(rows)
            ],
            pa.timestamp("us"),
        ),
        "case": pa.array([random.choice((None, *CASES)) for _ in range(rows)], pa.string()),
        "odd": pa.array([random.randrange(10**9) * 10**6 for _ in range(rows)], pa.timestamp("us", "UTC")),
    }
    return pa.table({kind: column(random, rows, kind) for kind in ORDINARY} | more)


def a_suite(random: Random) -> list[Wanted]:
    """Return every translated expectation once or more."""
    value = "expect_column_values_to_"
    more: list[tuple[str, dict[str, Tree]]] = [
        (f"{value}be_unique", {"column": "case", "mostly": 0.5}),
        (f"{value}be_in_set", {"column": "case", "value_set": random.sample(CASES, 4), "mostly": 0.3}),
        ("expect_column_unique_value_count_to_be_between", {"column": "case", **bounds(random, whole=True)}),
        (
            "expect_column_distinct_values_to_be_in_set",
            {"column": "case", "value_set": random.sample(CASES, 6)},
        ),
        ("expect_column_value_lengths_to_equal", {"column": "case", "value": random.randrange(3)}),
        ("expect_compound_columns_to_be_unique", {"column_list": ["case", "flag"]}),
        (
            f"{value}match_regex",
            {"column": "case", "regex": random.choice((r"^[^a-z]+$", r"\\", "^.$", "%"))},
        ),
        (f"{value}be_between", {"column": "when", "min_value": "2020-01-01T00:00:00", "mostly": 0.5}),
        ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "when", "column_B": "date"}),
        (f"{value}not_be_null", {"column": "odd"}),
        (f"{value}be_unique", {"column": "odd"}),
    ]
    for kind in ("min", "max", "mean", "median", "sum", "stdev"):
        more.append((f"expect_column_{kind}_to_be_between", {"column": "price", **bounds(random)}))
    return [
        Wanted(type=kind, arguments=told, place=i)
        for i, (kind, told) in enumerate((*expectations(random, ORDINARY), *more), start=1)
    ]


def scanned(table: Table, root: Path, suite: Sequence[Wanted], how: Engines | None = None) -> Aggregates:
    found = aggregate(
        "t",
        table,
        root,
        columns_of(suite),
        lambda kinds: asked([route(one, kinds) for one in suite]),
        engines=how,
    )
    assert isinstance(found, Aggregates), found
    return found


def compare(suite: Sequence[Wanted], here: Aggregates, there: Aggregates) -> set[str]:
    """Compare what two engines say; return what the other was not asked, or could not say for certain."""
    assert (there.rows, there.kinds) == (here.rows, here.kinds)
    left = set()
    for one in suite:
        ours, theirs = route_there(one, here), route_there(one, there)
        if ours.translation is None or theirs.translation is None:
            assert ours.translation is None or one.type.endswith("regex"), one
            left.add(one.type)
            continue
        try:
            wanted = ours.translation.answer(here)
        except LeftError:
            left.add(one.type)
            with pytest.raises(LeftError):
                theirs.translation.answer(there)
            continue
        found = theirs.translation.answer(there)
        told = f"{one.type} {one.arguments} of {here.rows} rows: {found} for {wanted}"
        assert found.success is wanted.success, told
        assert plain(found.result) == plain(wanted.result), told
        assert result_of(one, found).vacuous is result_of(one, wanted).vacuous, told
    return left


@pytest.mark.services
def test_postgresql_answers_as_the_embedded_engine_does(tmp_path: Path, make: Make) -> None:
    @SLOWLY
    @given(seed=st.integers(0, 2**32), rows=st.sampled_from((0, 1, 2, 7, 60)))
    def same(seed: int, rows: int) -> None:
        random = Random(seed)
        frame, suite = a_table(random, rows), a_suite(random)
        pq.write_table(frame, tmp_path / "t.parquet")
        relation = make(
            {name: TYPES[name] for name in frame.column_names},
            list(zip(*(c.to_pylist() for c in frame.columns), strict=True)),
        )
        here = scanned(Table(kind="table", path="t.parquet", may_be_empty=True), tmp_path, suite)
        live = Table(kind="table", connection="here", relation=relation, may_be_empty=True)
        compare(suite, here, scanned(live, tmp_path, suite, engines()))

    same()


@pytest.mark.spark
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_spark_answers_as_the_embedded_engine_does(tmp_path: Path, seed: int) -> None:
    pytest.importorskip("pyspark")
    random = Random(seed)
    suite = a_suite(random)
    pq.write_table(a_table(random, 80), tmp_path / "t.parquet")
    here = scanned(Table(kind="table", path="t.parquet"), tmp_path, suite)
    there = scanned(Table(kind="table", connection="here", path="t.parquet"), tmp_path, suite, SPARK)
    compare(suite, here, there)


def test_every_translated_expectation_is_compared() -> None:
    assert {one.type for one in a_suite(Random(0))} == set(TRANSLATORS)
