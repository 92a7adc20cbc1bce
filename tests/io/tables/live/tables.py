"""Random tables with everything that engines write differently, and what is asked of them."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.counts import CountsOf, OverlapOf, Rate, SharesOf
from hcgov.core.evidence.scores import ScoresOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Engines, answer

COLUMNS = {
    "Sex ": "text",
    "region": "int",
    "size": "float",
    "small": "single",
    "member": "bool",
    "label": "bool",
    "prediction": "int",
    "score": "text",
    "points": "float",
    "person": "text",
    "number": "float",
    "item": "text",
    "weight": "float",
}
ARROW = {
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "single": pa.float32(),
    "bool": pa.bool_(),
}
SIZES = (0.0, -0.0, 1.0, 2.5, -3.0, 0.1, 1e-4, 1e-5, 1.5e-7, 1e15, 1e16, 1e20, 12345678.9, float("nan"))
NUMBERS = (
    "0.5",
    "1",
    " 2 ",
    "1e2",
    "-.5",
    "5.",
    "x",
    "",
    "1d",
    "0x10",
    "١",
    "1_000",
    "9" * 400,
    "1e-5",
    "true",
)
# Java before 19 does not write the shortest digits of every number (JDK-4511638), so large ones are left out.
SINGLES = (0.0, -0.0, 0.1, 1.0, 2.5, 1e-4, 1e-5, 16777216.0, 1e7, float("nan"))
ROLES = {
    "label": "label",
    "prediction": "prediction",
    "score": "points",
    "groups": {"sex": "Sex "},
}


VALUES: tuple[Sequence[object], ...] = (
    ["F", "f", "M", " F", "F ", "", "é", "e\u0301", "女", "it's", "a\\b", "100%", "ß"],
    [0, 1, -1, 2**53 + 1],
    SIZES,
    SINGLES,
    [True, False],
    [True, False],
    [0, 1],
    NUMBERS,
    [0.0, 0.4, 0.5, 1.0, float("nan"), float("inf"), float("-inf")],
    ["ann", "bob", "Ann", "ä", "", "7", "007"],
    [1.0, 2.0, 7.0, 1e10, float("nan")],
    ["one", "two", "é"],
)
WEIGHTS = (0.5, 1.0, 2.25)
ROW = st.tuples(
    *(st.none() | st.sampled_from(values) for values in VALUES),
    st.sampled_from(WEIGHTS),  # a row without a weight is refused
)
ROWS = st.lists(ROW, min_size=1, max_size=25)


def a_table(seed: int, rows: int = 60) -> list[tuple[object, ...]]:
    """Return one large table, for an engine in which many small ones take too long."""
    draw = random.Random(seed)
    return [
        (
            *(None if draw.random() < 0.15 else draw.choice(list(values)) for values in VALUES),
            draw.choice(WEIGHTS),
        )
        for _ in range(rows)
    ]


def write(folder: Path, rows: Sequence[Sequence[object]]) -> None:
    columns = {
        name: pa.array([row[i] for row in rows], type=ARROW[kind])
        for i, (name, kind) in enumerate(COLUMNS.items())
    }
    pq.write_table(pa.table(columns), folder / "t.parquet")


def table(
    person: str | None = None, *, item: str | None = None, weight: str | None = None, **where: str
) -> Table:
    roles = {**ROLES, "person": person, "item": item, "weight": weight}
    outcomes = {
        "high": {"column": "score", "at_least": "0.4"},
        "exact": {"column": "score", "positive": ["1", 100], "negative": ["x"]},
        "good": {"column": "points", "at_least": "0.5"},
        "member": {"column": "member", "positive": [True]},
        "far": {"column": "region", "positive": [1, "-1"]},
    }
    return Table.model_validate({"kind": "table", "roles": roles, "outcomes": outcomes, **where})


RATES = (
    Rate(outcome="prediction"),
    Rate(outcome="prediction", given=(("label", 0),)),
    *(Rate(outcome=name) for name in ("high", "exact", "good", "member", "far")),
)
BY = ("sex", "region", "size", "small", "member")


def asked(it: Table, root: Path, engines: Engines | None = None) -> dict[object, object]:
    """Return every answer without its source, in which the ways differ."""
    requests = [
        CountsOf(table="t", rates=RATES),
        ScoresOf(table="t", bins=7),
        *(SharesOf(table="t", column=group) for group in BY),
        *([OverlapOf(table="t", listed="t")] if it.roles.person else []),
    ]
    rules = SliceRules(by=BY, cross=2)
    found = answer("t", it, root, requests, rules, {"t": it}, engines=engines)
    return {request: _bare(one) for request, one in found.items()}


def _bare(found: object) -> object:
    if isinstance(found, Absent):
        return found.reason
    sources = {key: None for key in ("source", "listed_source") if hasattr(found, key)}
    return replace(found, **sources)  # type: ignore[type-var]  # every answer is a dataclass
