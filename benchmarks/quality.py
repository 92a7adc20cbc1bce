"""Fourteen usual expectations on 1e6 and 1e7 rows, against Great Expectations on a pandas frame.

Validation is one pass inside a process that has imported what it needs and has warmed up on a small table: hcgov
takes the digest of the Parquet file, scans it and answers; the library validates the same suite on a frame that is
in memory already. The whole command is a fresh process: `hcgov check --stage data`, report included, against a
script that imports the library, reads the file and validates. Before anything is timed, both are asked on the
same table, and every result has to be equal.

The library's other local routes are slower (SQLite, Spark) or do not run without a private patch (DuckDB).

Use::

    python benchmarks/quality.py [--rows 1000000] [--write]
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import OUT, Aim, Side, arguments, compare, faster, machine, publish, row, wanted

FOLDER = OUT / "quality"
SMALL, SIZES = 2_000, (1_000_000, 10_000_000)
SEED = 20_261_121
MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Quality, version: "1", risk_profile: high}
policies: [pack.yaml]
artifacts:
  training_data: {kind: table, path: people.parquet, unit: person}
  quality_suite: {kind: expectation_suite, path: suite.json}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: quality, version: 1.0.0, title: One control, owner: Benchmarks}
controls:
  - id: QUALITY
    title: The data meet their quality suite
    stage: data
    check: data.expectations_hold@1
    with: {table: training_data, suite: quality_suite}
    severity: high
    enforcement: mandatory
    why: A benchmark.
    fix: None is needed.
    source: convention
"""
COLUMNS = ("id", "sex", "region", "age", "postcode", "amount", "score")
SUITE: tuple[tuple[str, dict[str, object]], ...] = (
    ("expect_table_row_count_to_be_between", {"min_value": 1_000}),
    ("expect_table_columns_to_match_set", {"column_set": list(COLUMNS)}),
    ("expect_column_values_to_not_be_null", {"column": "id"}),
    ("expect_column_values_to_not_be_null", {"column": "score", "mostly": 0.95}),
    ("expect_column_values_to_be_unique", {"column": "id"}),
    ("expect_column_values_to_be_in_set", {"column": "sex", "value_set": ["female", "male", "other"]}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "region", "value_set": list("abcdef")}),
    ("expect_column_values_to_be_between", {"column": "age", "min_value": 18, "max_value": 99}),
    ("expect_column_values_to_be_between", {"column": "score", "min_value": 0, "max_value": 1}),
    ("expect_column_values_to_match_regex", {"column": "postcode", "regex": "^[0-9]{5}$"}),
    ("expect_column_value_lengths_to_equal", {"column": "postcode", "value": 5}),
    ("expect_column_mean_to_be_between", {"column": "amount", "min_value": 400, "max_value": 600}),
    (
        "expect_column_quantile_values_to_be_between",
        {
            "column": "amount",
            "quantile_ranges": {
                "quantiles": [0.1, 0.5, 0.9],
                "value_ranges": [[50, 150], [400, 600], [850, 950]],
            },
        },
    ),
    ("expect_column_max_to_be_between", {"column": "age", "max_value": 120}),
)
"""Two are meant to fail: some ages are 130, and some post codes have letters."""


def project(rows: int) -> Path:
    """Return the folder of a project with that many rows, made if it is not there."""
    folder = FOLDER / str(rows)
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "people.parquet"
    if not table.exists():
        generate(table, rows)
    (folder / "hcgov.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    suite = {"name": "people", "expectations": [{"type": kind, "kwargs": given} for kind, given in SUITE]}
    (folder / "suite.json").write_text(json.dumps(suite), encoding="utf-8")
    return folder


def generate(path: Path, rows: int) -> None:
    """Write a Parquet file of made-up people: a key, two sets, an age, a post code, an amount, a score."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(SEED)
    codes = np.array([f"{i:05d}" for i in range(90_000)] + ["A1234", "12 45"])
    score = random.random(rows)
    age = random.integers(18, 95, rows)
    age[:: max(rows // 50, 1)] = 130
    columns = {
        "id": pa.array(random.permutation(rows)),
        "sex": pa.array(np.array(["female", "male", "other"])[random.integers(0, 3, rows)]),
        "region": pa.array(np.array(list("abcdef"))[random.integers(0, 6, rows)]),
        "age": pa.array(age.astype("int32")),
        "postcode": pa.array(codes[random.integers(0, len(codes), rows)]),
        "amount": pa.array(random.random(rows) * 1_000),
        "score": pa.array(score, mask=random.random(rows) < 0.01),
    }
    pq.write_table(pa.table({name: columns[name] for name in COLUMNS}), path)


def timed(work: Callable[[Path], object], rows: int) -> None:
    """Warm up on the small table, then tell the seconds of the large one."""
    work(FOLDER / str(SMALL))
    started = time.perf_counter()
    work(FOLDER / str(rows))
    sys.stdout.write(f"seconds={time.perf_counter() - started}\n")


def by_hcgov(folder: Path) -> object:
    """Answer the suite as the check is given it: digest, scan, results."""
    from hcgov.app.frames import expectations_of
    from hcgov.core.evidence.metrics import Expectations, ExpectationsOf
    from hcgov.io.manifest import load_manifest

    manifest = load_manifest(folder)
    table = manifest.project.table("training_data")
    assert table is not None
    request = ExpectationsOf(table="training_data", suite="quality_suite")
    found = expectations_of(request, table, manifest, {})
    assert isinstance(found, Expectations), found
    return found.results


FRAMES: dict[str, object] = {}


def by_library(folder: Path) -> object:
    """Validate the suite with Great Expectations on a frame in memory, without lists of values."""
    from hcgov.core.evidence.metrics import Expectations, ExpectationsOf
    from hcgov.core.evidence.source import Source
    from hcgov.io.quality import run_suite

    source = Source(artifact="training_data", kind="table", location="", sha256="", size=None)
    suite = json.loads((folder / "suite.json").read_text())
    found = run_suite(
        ExpectationsOf(table="training_data"),
        FRAMES[folder.name],
        suite,
        source=source,
        already_aggregated=False,
    )
    assert isinstance(found, Expectations), found
    return found.results


def frames(*sizes: int) -> None:
    """Read tables into memory, which is not counted."""
    import pandas as pd

    FRAMES.update({str(rows): pd.read_parquet(FOLDER / str(rows) / "people.parquet") for rows in sizes})


def equal(rows: int) -> None:
    """Hold every result of both sides against each other."""
    frames(rows)
    ours, theirs = by_hcgov(FOLDER / str(rows)), by_library(FOLDER / str(rows))
    if ours != theirs:
        raise RuntimeError(f"the results differ:\n{ours}\n{theirs}")


def bare_library(folder: Path) -> None:
    """Do what a script with the library alone would do: read, validate, tell."""
    import great_expectations as gx
    import pandas as pd

    frame = pd.read_parquet(folder / "people.parquet")
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    suite = json.loads((folder / "suite.json").read_text())
    found = batch.validate(
        gx.ExpectationSuite(name="suite", expectations=suite["expectations"]),
        # How many values are unexpected is told, as in hcgov's record; which ones, is not.
        result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
    )
    sys.stdout.write(f"{sum(bool(one.success) for one in found.results)} of {len(found.results)} hold\n")


def side(name: str, rows: int) -> Side:
    """Return the process that measures one side."""
    command = (sys.executable, str(Path(__file__).resolve()), "--side", name, "--rows", str(rows))
    return Side(command=command, tells=name != "bare")


def command(rows: int) -> Side:
    """Return the whole command of hcgov; the suite does not hold, and it says so."""
    folder = FOLDER / str(rows)
    words = ("-m", "hcgov", "check", str(folder), "--stage", "data", "--no-mlflow", "--fresh")
    return Side(command=(sys.executable, *words, "-o", f"html={folder / 'report.html'}"), exits=(0, 1))


def run(name: str, rows: int) -> None:
    """Run one side in this process."""
    if name == "generate":
        for size in (SMALL, rows):
            project(size)
    elif name == "equal":
        equal(rows)
    elif name == "bare":
        bare_library(FOLDER / str(rows))
    elif name == "hcgov":
        timed(by_hcgov, rows)
    else:
        frames(SMALL, rows)
        timed(by_library, rows)


def main() -> None:
    """Run both pairs for each size, or one side as a process of its own."""
    parser = arguments(__doc__ or "")
    parser.add_argument(
        "--side", choices=("generate", "equal", "hcgov", "library", "bare"), help="one side only"
    )
    parser.add_argument("--rows", type=int, action="append", help="rows; may be given again")
    given = parser.parse_args()
    sizes = tuple(given.rows or SIZES)
    if given.side:
        run(given.side, sizes[0])
        return
    lines = []
    for rows in sizes:
        # In processes of their own: this one must stay small (see side_by_side.py).
        for step in ("generate", "equal"):
            subprocess.run([sys.executable, __file__, "--side", step, "--rows", str(rows)], check=True)
        pairs: tuple[tuple[str, Side, Side, Aim], ...] = (
            ("validation", side("hcgov", rows), side("library", rows), faster(8)),
            ("whole command", command(rows), side("bare", rows), faster(15)),
        )
        for label, ours, theirs, aim in pairs:
            shown = f"{label}, fourteen expectations, {rows:.0e} rows".replace("e+0", "e")
            if wanted(shown, given.only):
                lines.append(row(shown, compare(None if given.peers else ours, theirs, given.rounds), aim))
                sys.stdout.write(f"{lines[-1]}\n")
                sys.stdout.flush()
    about = machine(given.rounds, "duckdb", "great-expectations", "pandas", "numpy")
    publish("quality", lines, about, keep=given.write)


if __name__ == "__main__":
    main()
