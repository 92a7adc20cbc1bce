"""Histograms of scores are the same from every engine, halves of a billionth and the ends of bins included."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.connection import SparkConnection
from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.scores import Scores, ScoresOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Engines, answer
from tests.io.tables.live.conftest import Make, engines
from tests.io.tables.making import refused

COLUMNS = {"sex": "text", "size": "int", "truth": "int", "score": "float", "written": "text", "who": "text"}
TYPES = {"text": pa.string(), "int": pa.int64(), "float": pa.float64()}
# 1 / 1024 and its like end in half a billionth; 0.29 and 0.57 start a bin although 100 times them falls short.
SCORES = (0.0, 1.0, 0.29, 0.57, 0.58, 1 / 1024, 3 / 1024, 1 / 3, 0.999999999, 1e-12, float("nan"), None)


def rows(seed: int, n: int = 150, *, beyond: Sequence[float] = ()) -> list[tuple[object, ...]]:
    draw = random.Random(seed)
    made: list[tuple[object, ...]] = []
    for _ in range(n):
        score = draw.choice((*SCORES, *beyond, draw.random()))
        made.append(
            (
                draw.choice(("F", "M", None)),
                draw.choice((1, 2)),
                draw.choice((0, 1, 0, 1, None)),
                score,
                None if score is None or math.isnan(score) else repr(score),
                draw.choice(("ann", "bob", "ä", "", "7", None, *(f"p{i}" for i in range(40)))),
            )
        )
    return made


def asked(it: Table, root: Path, how: Engines | None = None) -> list[object]:
    requests = [
        ScoresOf(table="t", label="truth", score="score"),
        ScoresOf(table="t", label="truth", score="score", bins=10),
        ScoresOf(table="t", label="truth", score="good"),
    ]
    found = answer("t", it, root, requests, SliceRules(by=("sex", "size")), {}, engines=how)
    return [
        one.reason if isinstance(one := found[request], Absent) else replace(one, source=None)  # type: ignore[type-var, arg-type]  # scores without their source
        for request in requests
    ]


def table(column: str, person: str | None, **where: str) -> Table:
    options = {
        "roles": {"label": "truth", "score": column, "person": person},
        "outcomes": {
            "good": {"column": column, "at_least": "0.5"},
            "truth": {"column": "truth", "positive": [1]},
        },
        "unit": "row" if person else "person",
    }
    return Table.model_validate({"kind": "table", **options, **where})


def write(folder: Path, them: Sequence[Sequence[object]]) -> None:
    columns = {
        name: pa.array([row[i] for row in them], type=TYPES[kind])
        for i, (name, kind) in enumerate(COLUMNS.items())
    }
    pq.write_table(pa.table(columns), folder / "t.parquet")


@pytest.mark.services
@pytest.mark.parametrize("beyond", [(), (-7.25, 12.5)])
@pytest.mark.parametrize(("column", "person"), [("score", "who"), ("score", None), ("written", "who")])
def test_postgresql_bins_as_the_embedded_engine_does(
    tmp_path: Path, make: Make, column: str, person: str | None, beyond: tuple[float, ...]
) -> None:
    them = rows(len(column) + len(beyond), beyond=beyond)
    write(tmp_path, them)
    ours = asked(table(column, person, path="t.parquet"), tmp_path)
    theirs = asked(
        table(column, person, connection="here", relation=make(COLUMNS, them)), tmp_path, engines()
    )
    assert all(isinstance(one, Scores) for one in ours)
    assert theirs == ours


@pytest.mark.services
def test_infinite_scores_are_refused_there_too(tmp_path: Path, make: Make) -> None:
    it = table("score", None, connection="here", relation=make(COLUMNS, rows(1, beyond=(float("inf"),))))
    request = ScoresOf(table="t", label="truth", score="score")
    found = answer("t", it, tmp_path, [request], SliceRules(), {}, engines=engines())[request]
    assert isinstance(found, Absent)
    assert "no finite number" in refused(found, Absence.WRONG_KIND)


@pytest.mark.spark
def test_spark_bins_as_the_embedded_engine_does(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    write(tmp_path, rows(3))
    spark = Engines(connections={"here": SparkConnection(kind="spark", master="local[2]")})
    ours = asked(table("score", "who", path="t.parquet"), tmp_path)
    assert all(isinstance(one, Scores) for one in ours)
    assert asked(table("score", "who", connection="here", path="t.parquet"), tmp_path, spark) == ours
