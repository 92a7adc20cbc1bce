"""The scan against Great Expectations itself: random tables, random arguments, equal results.

The library is the oracle, on its pandas engine and on the frame that it would be given. Everything that it returns
is compared: success, counts, percentages and observed values; only its list of values is left out.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.aggregates import Aggregates
from hcgov.core.evidence.source import Tree
from hcgov.core.project import Table
from hcgov.io.quality.engine import Answer, Prepared, Run
from hcgov.io.quality.given import LeftError
from hcgov.io.quality.results import result_of
from hcgov.io.quality.roads import TRANSLATORS, Routed, asked, columns_of, route
from hcgov.io.quality.suite import Wanted
from hcgov.io.tables import load_frame
from hcgov.io.tables.aggregates import aggregate

WORDS = ("a", "b", "ab", "Ab", "12", "a\n", "", " ", "a b", "ärger", "x_1", "\x0b", "99999")
PATTERNS = ("^a", "b$", r"^\d+$", "[^a]", r"^\w+$", r"\s", "^(a|ab)$", "a{2,3}", "", ".", r"\bb", "^[a-z ]*$")


def column(random: Random, rows: int, kind: str) -> pa.Array:
    """Return a column with some, all or no nulls."""
    missing = random.choice((0.0, 0.0, 0.3, 1.0))
    make = {
        "whole": lambda: random.randrange(-3, 4),
        "wide": lambda: random.randrange(-(10**12), 10**12),
        "small": lambda: random.randrange(-128, 128),
        "number": lambda: random.choice((0.5, -0.0, 0.0, 1.25, -7.0, random.gauss(0, 10), 1e6)),
        "vast": lambda: random.choice((math.inf, -math.inf, math.nan, 1.0, 1e200)),
        "single": lambda: random.choice((0.1, 0.5, 2.0)),
        "flag": lambda: random.random() < 0.5,
        "text": lambda: random.choice(WORDS),
        "date": lambda: random.randrange(18_000, 18_010),
        "ids": iter(random.sample(range(10 * rows + 1), rows)).__next__,
    }[kind]
    types = {
        "whole": pa.int64(), "wide": pa.int64(), "small": pa.int8(), "number": pa.float64(), "vast": pa.float64(),
        "single": pa.float32(), "flag": pa.bool_(), "text": pa.string(), "date": pa.date32(), "ids": pa.int32(),
    }  # fmt: skip
    return pa.array([None if random.random() < missing else make() for _ in range(rows)], types[kind])


KINDS = ("whole", "wide", "small", "number", "vast", "single", "flag", "text", "date", "ids")
NUMBERS = ("whole", "wide", "small", "number", "ids")


def bounds(random: Random, *, whole: bool = False) -> dict[str, Tree]:
    """Return one or two bounds in order."""
    near = random.choice((2, 4, 1000))
    low, high = sorted(
        random.randrange(-near, near) if whole or random.random() < 0.5 else random.uniform(-near, near)
        for _ in range(2)
    )
    found: dict[str, Tree] = {"min_value": low, "max_value": high}
    if random.random() < 0.4:
        found.pop(random.choice(("min_value", "max_value")))
    for name in ("strict_min", "strict_max"):
        if random.random() < 0.3:
            found[name] = random.random() < 0.7
    return found


def value_set(random: Random, kind: str) -> list[Tree]:
    """Return a set of values that suits a column."""
    size = random.randrange(1, 5)
    if kind == "text":
        return [random.choice(WORDS) for _ in range(size)]
    if kind == "flag":
        return [random.random() < 0.5 for _ in range(size)]
    if kind in ("number", "vast"):
        return [random.choice((0, 0.5, 1.25, -7, 3)) for _ in range(size)]
    return [random.randrange(-200, 200) if kind == "small" else random.randrange(-4, 5) for _ in range(size)]


def expectations(random: Random, names: Sequence[str]) -> list[tuple[str, dict[str, Tree]]]:
    """Return each translated expectation once or more, on random columns with random arguments."""

    def pick(*kinds: str) -> str:
        return random.choice([name for name in names if name in kinds])

    def mostly() -> dict[str, Tree]:
        return {"mostly": random.choice((0, 0.3, 0.5, 0.9, 1))} if random.random() < 0.5 else {}

    date = f"2019-04-{random.randrange(10, 30)}T00:00:00"
    value, distinct = "expect_column_values_to_", "expect_column_distinct_values_to_"
    found: list[tuple[str, dict[str, Tree]]] = [
        ("expect_table_row_count_to_equal", {"value": random.randrange(5)}),
        ("expect_table_row_count_to_be_between", bounds(random, whole=True)),
        ("expect_table_column_count_to_equal", {"value": random.choice((3, len(KINDS)))}),
        ("expect_column_to_exist", {"column": random.choice(("whole", "gone"))}),
        ("expect_column_to_exist", {"column": "whole", "column_index": random.randrange(-12, 12)}),
        ("expect_table_columns_to_match_set", {"column_set": random.choice((["whole"], [*KINDS], ["x"]))}),
        ("expect_table_columns_to_match_set", {"column_set": ["whole", "date"], "exact_match": False}),
        (f"{value}match_regex", {"column": "text", "regex": random.choice(PATTERNS), **mostly()}),
        (f"{value}not_match_regex", {"column": "text", "regex": random.choice(PATTERNS), **mostly()}),
        (
            "expect_column_value_lengths_to_equal",
            {"column": "text", "value": random.randrange(4), **mostly()},
        ),
        (
            "expect_column_value_lengths_to_be_between",
            {"column": "text", **bounds(random, whole=True), **mostly()},
        ),
        (f"{value}be_between", {"column": "date", random.choice(("min_value", "max_value")): date}),
        (
            "expect_compound_columns_to_be_unique",
            {"column_list": random.sample(KINDS, random.choice((2, 3))), **mostly()},
        ),
    ]
    for _ in range(2):
        pair = {"column_A": pick(*NUMBERS), "column_B": pick(*NUMBERS), **mostly()}
        if random.random() < 0.6:
            pair["ignore_row_if"] = "either_value_is_missing"
        if random.random() < 0.5:
            pair["or_equal"] = random.random() < 0.7
        found.append(("expect_column_pair_values_a_to_be_greater_than_b", pair))
        for kind in ("not_be_null", "be_null", "be_unique"):
            found.append((f"{value}{kind}", {"column": random.choice(names), **mostly()}))
        for kind in ("be_in_set", "not_be_in_set"):
            name = pick("whole", "wide", "small", "number", "vast", "flag", "text")
            found.append((value + kind, {"column": name, "value_set": value_set(random, name), **mostly()}))
        for kind in ("be_in_set", "contain_set", "equal_set"):
            name = pick("whole", "small", "number", "flag", "text")
            found.append((distinct + kind, {"column": name, "value_set": value_set(random, name)}))
        name = pick(*NUMBERS, "single", "vast")
        found.append((f"{value}be_between", {"column": name, **bounds(random), **mostly()}))
        for kind in ("min", "max", "mean", "median", "sum", "stdev"):
            found.append(
                (
                    f"expect_column_{kind}_to_be_between",
                    {"column": pick(*NUMBERS, "vast"), **bounds(random)},
                )
            )
        for kind in ("unique_value_count", "proportion_of_unique_values", "proportion_of_non_null_values"):
            found.append(
                (
                    f"expect_column_{kind}_to_be_between",
                    {"column": random.choice(names), **bounds(random, whole=True)},
                )
            )
        shares = [random.choice((0, 0.05, 0.07, 0.25, 0.5, 0.9, 1, random.random())) for _ in range(3)]
        ranges: Tree = [[None, random.randrange(5)], sorted((random.uniform(-9, 9), 0.0)), [-100, 100]]
        quantiles: dict[str, Tree] = {"quantiles": shares, "value_ranges": ranges}
        found.append(
            (
                "expect_column_quantile_values_to_be_between",
                {"column": pick(*NUMBERS), "quantile_ranges": quantiles},
            )
        )
    return found


def by_library(frame: pd.DataFrame, suite: Sequence[Wanted]) -> list[Answer]:
    run = Run(frame)
    prepared = [run.prepare(wanted) for wanted in suite]
    refused = [found for found in prepared if not isinstance(found, Prepared)]
    assert refused == []
    return run.answers([found for found in prepared if isinstance(found, Prepared)])


def scanned(root: Path, suite: Sequence[Wanted]) -> tuple[Aggregates, list[Routed]]:
    table = Table(kind="table", path="t.parquet", may_be_empty=True)
    found = aggregate(
        "t", table, root, columns_of(suite), lambda kinds: asked([route(one, kinds) for one in suite])
    )
    assert not isinstance(found, Absent), found
    return found, [route(one, found.kinds) for one in suite]


def plain(tree: object) -> object:
    """Return what the library returns without its types and its list of values; NaN equal to itself."""
    if isinstance(tree, dict):
        return {k: plain(v) for k, v in tree.items() if k != "partial_unexpected_list"}
    if isinstance(tree, list | tuple):
        return [plain(v) for v in tree]
    if isinstance(tree, str) or tree is None:
        return tree
    number = float(tree)  # type: ignore[arg-type]  # what is left is a number, of Python or numpy
    return "nan" if math.isnan(number) else pytest.approx(number, rel=1e-9, abs=1e-9)


def compare(root: Path, seed: int) -> tuple[int, int]:
    """Compare every expectation on one table; return how many the scan answered, and how many were asked."""
    random = Random(seed)
    rows = random.choice((0, 1, 2, 3, 7, 40, 200))
    pq.write_table(pa.table({kind: column(random, rows, kind) for kind in KINDS}), root / "t.parquet")
    entries = expectations(random, KINDS)
    suite = [Wanted(type=kind, arguments=given, place=i) for i, (kind, given) in enumerate(entries, start=1)]
    loaded = load_frame("t", Table(kind="table", path="t.parquet", may_be_empty=True), root)
    assert not isinstance(loaded, Absent)
    frame = loaded[0]
    # The library compares moments in nanoseconds only; the scan, as it would.
    frame["date"] = frame["date"].astype("datetime64[ns]")
    scan, routes = scanned(root, suite)
    answered = 0
    gone = [one for one in suite if one.columns == ("gone",)]
    for one, routed, theirs in zip(suite, routes, by_library(frame, suite), strict=True):
        if routed.translation is None:
            continue
        try:
            ours = routed.translation.answer(scan)
        except LeftError:
            continue
        answered += 1
        told = f"seed {seed}: {one.type} {one.arguments} of {scan.rows} rows: {ours} and {theirs}"
        assert ours.success is theirs.success, told
        assert plain(ours.result) == plain(dict(theirs.result)), told
        assert result_of(one, ours) == result_of(one, theirs), told
    assert len(gone) <= 1
    return answered, len(suite)


@pytest.mark.parametrize("seed", range(8))
def test_the_scan_says_what_the_library_says(seed: int, tmp_path: Path) -> None:
    answered, all_ = compare(tmp_path, seed)
    assert answered >= 0.6 * all_


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1_000, 1_400, 50))
def test_the_scan_says_what_the_library_says_of_many_tables(first: int, tmp_path: Path) -> None:
    answered, all_ = (sum(n) for n in zip(*(compare(tmp_path, first + i) for i in range(50)), strict=True))
    assert answered >= 0.8 * all_


def test_every_translated_expectation_is_compared() -> None:
    assert {kind for kind, _ in expectations(Random(0), KINDS)} == set(TRANSLATORS)
