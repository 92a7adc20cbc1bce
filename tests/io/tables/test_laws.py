"""Laws on random small tables: every road from rows to sums gives the sums of plain Python."""

import tempfile
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.io.tables import Caps
from tests.io.tables.making import (
    FALSE_POSITIVE,
    MISSED,
    SELECTED,
    Record,
    counts,
    plain_sums,
    rolled_up,
    table,
    write,
)

RATES = (SELECTED, FALSE_POSITIVE, MISSED)
GROUPS = ("sex", "region", "age")
COLUMNS = (*GROUPS, "label", "prediction", "person")

# A lone surrogate or NUL is no text in a file; an empty text cannot be told from `not recorded` in CSV.
words = st.one_of(
    st.none(),
    st.sampled_from(
        ["F", "M", "a, b", 'say "x"', "two\nlines", "é‖", "'; DROP TABLE here; --", "NULL", " x "]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), min_size=1, max_size=4),
)
flags = st.sampled_from(["0", "1", None])
rows_ = st.lists(
    st.fixed_dictionaries(
        {
            "sex": words,
            "region": st.sampled_from(["a", "b", None]),
            "age": st.sampled_from(["young", "old"]),
            "label": flags,
            "prediction": flags,
            "person": st.sampled_from(["p1", "p2", "p3", "p4", None]),
        }
    ),
    min_size=1,
    max_size=25,
)
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@quick
@given(rows=rows_)
def test_roll_ups_equal_counting_row_by_row_in_every_format(kind: str, rows: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        found = counts(root, table(write(root, kind, rows, COLUMNS)), *RATES, by=GROUPS, cross=3)
    assert found.rows == found.source.rows == len(rows)
    for rate in RATES:
        for columns in ((), *(c for k in (1, 2, 3) for c in combinations(GROUPS, k))):
            assert rolled_up(found, rate, columns) == plain_sums(rows, rate, columns)


@quick
@given(rows=rows_)
def test_splitting_by_slicing_changes_no_sum(rows: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        it = table(write(root, "csv", rows, COLUMNS))
        whole = counts(root, it, *RATES, by=GROUPS)
        pairs = (
            {(tuple(r[g] for g in pair), r["label"], r["prediction"]) for r in rows}
            for pair in combinations(GROUPS, 2)
        )
        most = max(len(cells) for cells in pairs)
        parts = counts(root, it, *RATES, by=GROUPS, caps=Caps(cells=most))
    assert parts.rows == whole.rows
    for rate in RATES:
        assert parts.overall(rate) == whole.overall(rate)
        for columns in whole.rules.slicings():
            assert parts.by(rate, columns) == whole.by(rate, columns)
