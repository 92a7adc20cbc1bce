"""The bare group-by of a Parquet file at its finest cells, by DuckDB."""

import sys

import duckdb

CELLS = "sex, region, age_band, label, prediction"
file = sys.argv[1].replace("'", "''")
assert (
    duckdb.connect()
    .execute(f"SELECT {CELLS}, COUNT(*) FROM read_parquet('{file}') GROUP BY {CELLS}")
    .fetchall()
)
