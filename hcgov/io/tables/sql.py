"""SQL text, built from names we chose and literals we quoted. Pure.

Plain ANSI as far as it goes; what is particular to the embedded engine (``read_csv``, ``TRY_CAST``) stands in
functions of its own, so that another engine needs a dialect and not another design.
"""
# ruff: noqa: S608 - here SQL is put together: every literal and foreign name is quoted, all else is our own

from collections.abc import Iterable, Sequence
from pathlib import Path

from hcgov.core.evidence.counts import BUCKETS, NOBODY
from hcgov.core.slices import NOT_RECORDED

MOST = "1e27"
"""Largest count in one row: 10^11 such rows add up in 38 digits."""


def literal(value: str) -> str:
    """Return a text literal."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def glob(file: Path) -> str:
    """Return a path in which nothing is a wildcard."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(file))


def select(terms: Sequence[str], source: str, *, where: str = "") -> str:
    """Return a query for some terms of a source."""
    return f"SELECT {', '.join(terms)} FROM {source}" + (f" WHERE {where}" if where else "")


def kept(name: str, query: str) -> str:
    """Return the statement that keeps a query's rows under a name."""
    return f"CREATE OR REPLACE TEMP TABLE {name} AS {query}"


def _files(files: Iterable[Path]) -> str:
    return "[" + ", ".join(literal(glob(file)) for file in files) + "]"


def read_csv(file: Path, *, width: int, delimiter: str, quote: str, skip: int, zipped: bool) -> str:
    """Return a scan of a CSV file: columns ``c0``, ``c1`` … of text, by RFC 4180, nothing guessed."""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    options = (
        f"columns = {{{columns}}}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {literal(delimiter)}, quote = {literal(quote)}, escape = {literal(quote)}, comment = '', "
        f"strict_mode = true, null_padding = false, ignore_errors = false, "
        f"compression = {literal('gzip' if zipped else 'uncompressed')}"
    )
    return f"read_csv({_files([file])}, {options})"


def read_jsonl(file: Path, *, keys: Sequence[str], zipped: bool) -> str:
    """Return a scan of a JSON Lines file: the given keys as text."""
    columns = ", ".join(f"{literal(key)}: 'VARCHAR'" for key in keys)
    return f"read_json({_files([file])}, columns = {{{columns}}}, records = true, {_json(zipped)})"


def jsonl_keys(file: Path, *, zipped: bool) -> str:
    """Return the query for every key that any object of a JSON Lines file has."""
    scan = f"read_json_objects({_files([file])}, {_json(zipped)})"
    return f"SELECT DISTINCT UNNEST(JSON_KEYS(json)) FROM {scan}"


def _json(zipped: bool) -> str:
    return f"format = 'newline_delimited', compression = {literal('gzip' if zipped else 'uncompressed')}"


ROW = "file_row_number"
"""What the embedded engine calls the place of a row in its Parquet file; a column of that name hides it."""


def read_parquet(files: Iterable[Path], *, width: int | None = None, numbered: bool = False) -> str:
    """Return a scan of Parquet files; with ``width``, columns are called ``c0``, ``c1`` … by position.

    With ``numbered`` too, a last column ``row_`` holds each row's place in its file, from 0.
    """
    asked = f", {ROW} = true" if numbered else ""
    scan = f"read_parquet({_files(files)}, hive_partitioning = false, union_by_name = false{asked})"
    if width is None:
        return scan
    names = [*(f"c{i}" for i in range(width)), *(["row_"] if numbered else [])]
    return f"{scan} AS t({', '.join(names)})"


def parquet_groups(file: Path) -> str:
    """Return the query for the rows and row groups of a Parquet file, and the engine's threads."""
    return f"SELECT num_rows, num_row_groups, current_setting('threads') FROM parquet_file_metadata({_files([file])})"


def written(query: str, file: Path) -> str:
    """Return the statement that writes a query's rows as Parquet."""
    return f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet)"


def parquet_footers(files: Iterable[Path]) -> str:
    """Return the query for the columns in the footers of Parquet files."""
    return (
        "SELECT file_name, name, num_children, type, converted_type, logical_type "
        f"FROM parquet_schema({_files(files)})"
    )


def cleaned(column: str, *, strip: bool, nulls: Sequence[str]) -> str:
    """Return a CSV value as recorded: without blanks around it if asked, NULL where it means `not recorded`.

    The engine reads an empty field as NULL; whether it is one is for the dialect to say.
    """
    value = f"COALESCE({column}, '')"
    if strip:
        value = f"TRIM({value}, ' ' || CHR(9))"
    if not nulls:
        return value
    return f"CASE WHEN {value} IN ({', '.join(literal(null) for null in nulls)}) THEN NULL ELSE {value} END"


def bucket(person: str) -> str:
    """Return the bucket of a person or item, by two hexadecimal digits of the MD5 that every engine computes."""
    digits = "'0123456789abcdef'"
    first = f"(POSITION(SUBSTRING(MD5({person}), 1, 1) IN {digits}) - 1)"
    second = f"(POSITION(SUBSTRING(MD5({person}), 2, 1) IN {digits}) - 1)"
    return f"CASE WHEN {person} IS NULL THEN {NOBODY} ELSE ({first} % {BUCKETS // 16}) * 16 + {second} END"


def in_bucket(side: str) -> str:
    """Return the bucket that stands beside a row as ``hashed_<side>``; rows that name nobody stand beside none."""
    return f"COALESCE(hashed_{side}, {NOBODY})"


def digest_of_rows(columns: Sequence[str]) -> str:
    """Return a sum of 48 bits of each row's MD5, which changes with the rows and not with their order."""
    parts = [f"COALESCE('v' || CAST({column} AS VARCHAR), 'n')" for column in columns]
    joined = " || '/' || ".join(parts) or "''"
    row = f"MD5({joined})"
    digits = "'0123456789abcdef'"
    values = [
        f"(POSITION(SUBSTRING({row}, {place + 1}, 1) IN {digits}) - 1) * CAST({16 ** (11 - place)} AS BIGINT)"
        for place in range(12)
    ]
    return f"SUM(CAST({' + '.join(values)} AS DECIMAL(38, 0)))"


def half(person: str) -> str:
    """Return the half, 'a' or 'b', that a person is in; by a digit of the MD5 that no bucket depends on."""
    digit = f"(POSITION(SUBSTRING(MD5({person}), 3, 1) IN '0123456789abcdef') - 1)"
    return f"CASE WHEN {person} IS NULL THEN NULL WHEN {digit} % 2 = 0 THEN 'a' ELSE 'b' END"


def grouped(keys: Sequence[str], sums: Sequence[str], source: str) -> str:
    """Return a group-by over all keys; without any, one row over everything."""
    by = f" GROUP BY {positions(keys)}" if keys else ""
    return select((*keys, *sums), source) + by


def positions(keys: Sequence[str]) -> str:
    """Return the ordinals of the first columns of a query, to group or order by."""
    return ", ".join(str(i + 1) for i in range(len(keys)))


def same(one: str, other: str) -> str:
    """Return the condition that two values are equal, or both missing."""
    return f"{one} IS NOT DISTINCT FROM {other}"


def different(column: str, source: str) -> str:
    """Return the query for the number of different values of a column, not counting what is missing."""
    found = grouped([column], [], f"{source} WHERE {column} IS NOT NULL")
    return select(["COUNT(*)"], f"({found}) values_")


def different_whole(column: str, source: str, low: int, high: int) -> str:
    """Return the same for whole numbers in a range, one bit a number: only in the embedded engine, but exact."""
    return select([f"BIT_COUNT(BITSTRING_AGG({column}, {low}, {high}))"], source)


def first_rows(terms: str, source: str, most: int) -> str:
    """Return the query for some rows of one term or several, divided by commas: those that are read soonest."""
    return select([terms], source) + f" LIMIT {most}"


def count_if(condition: str) -> str:
    """Return the number of rows in which a condition holds."""
    return f"COUNT(CASE WHEN {condition} THEN 1 END)"


def small(value: str) -> str:
    """Return a whole number whose square, and the sum of such squares, fits 64 bits."""
    return f"CAST({value} AS BIGINT)"


def exact(value: str) -> str:
    """Return a whole number of up to 18 digits in a type whose squares add up without rounding or overflow."""
    # From 19 digits on the embedded engine multiplies in 128 bits.
    return f"CAST({value} AS DECIMAL(19, 0))"


def real(value: str) -> str:
    """Return a number in double precision."""
    return f"CAST({value} AS DOUBLE)"


def recorded(column: str) -> str:
    """Return a group's value with a name for what is not recorded."""
    return f"COALESCE({column}, {literal(NOT_RECORDED)})"


def whole_count(value: str) -> str:
    """Return a count as a whole number of up to 38 digits; NULL where it is none."""
    return f"TRY_CAST({value} AS DECIMAL(38, 0))"


def valid_count(value: str, *, number: str) -> str:
    """Return the condition that a value is a count: a whole number up to 10^27, not negative, not missing.

    Parameters
    ----------
    value
        The value.
    number
        The value as a floating-point number, NULL where it is none.
    """
    # A floating-point number tells every fraction below 2^53, a decimal number those of larger ones.
    decimal = f"TRY_CAST({value} AS DECIMAL(38, 9))"
    return (
        f"({value} IS NOT NULL AND {number} IS NOT NULL AND {number} >= 0 AND {number} <= {MOST} "
        f"AND {number} = FLOOR({number}) AND {decimal} IS NOT NULL AND {decimal} = FLOOR({decimal}))"
    )


def valid_weight(number: str) -> str:
    """Return the condition that a number is a weight: above 0 and finite, and so is its square."""
    return f"({number} IS NOT NULL AND {number} >= 1e-100 AND {number} <= 1e100)"
