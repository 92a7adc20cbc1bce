"""Rate gap and equalised odds over three crossed columns of 1e6 rows, against the bare group-by and fairlearn.

Each side is a process of its own that imports what it needs, warms up on a small table and then tells the seconds
of one pass over the large one. hcgov's pass takes the digest of the file, counts, and judges two controls with
their intervals on every column and every crossing; DuckDB's is one group-by of the same file at the finest cell;
fairlearn's are point values of three metrics at the finest crossing, of a frame that is in memory already.

Use::

    python benchmarks/counting.py [--peers] [--write]
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from data import GROUPS, generate
from side_by_side import OUT, Aim, Side, arguments, at_most, compare, faster, machine, publish, row, wanted

FOLDER = OUT / "counting"
LARGE, SMALL = 1_000_000, 2_000
MANIFEST = """\
hcgov: 1
kind: Project
system: {name: Counting, version: "1", risk_profile: high}
policies: [pack.yaml]
slices: {by: [sex, region, age_band], cross: 3, min_people: 30}
artifacts:
  predictions:
    kind: table
    path: predictions.parquet
    unit: person
    roles: {label: label, prediction: prediction}
    outcomes: {prediction: {adverse: higher}}
"""
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: counting, version: 1.0.0, title: Two controls, owner: Benchmarks}
controls:
  - id: RATE-GAP
    title: Predictions are as frequent in every slice
    stage: evaluation
    check: evaluation.rate_gap@1
    with: {table: predictions, outcome: prediction}
    limit: {at_most: "0.10"}
    severity: high
    enforcement: mandatory
    why: A benchmark.
    fix: None is needed.
    source: convention
  - id: ODDS
    title: Errors fall alike on every slice
    stage: evaluation
    check: evaluation.equalised_odds@1
    with: {table: predictions}
    limit: {at_most: "0.10"}
    severity: high
    enforcement: mandatory
    why: A benchmark.
    fix: None is needed.
    source: convention
"""


def project(rows: int) -> Path:
    """Return the folder of a project with that many rows, made if it is not there."""
    folder = FOLDER / str(rows)
    table = folder / "predictions.parquet"
    if not table.exists():
        generate(table, rows)
    (folder / "hcgov.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    return folder


def timed(work: Callable[[Path], object]) -> None:
    """Warm up on the small table, then tell the seconds of the large one."""
    work(FOLDER / str(SMALL))
    started = time.perf_counter()
    work(FOLDER / str(LARGE))
    sys.stdout.write(f"seconds={time.perf_counter() - started}\n")


def by_hcgov() -> None:
    """Count in one scan and judge both controls; manifest and policy are read before."""
    from hcgov.core.evidence.absent import Absent
    from hcgov.core.occasion import Occasion
    from hcgov.io.manifest import load_manifest
    from hcgov.io.plugins import load_registry
    from hcgov.io.policies import load_packs
    from hcgov.io.tables import answer
    from hcgov.judgement.engine import assess
    from hcgov.judgement.plan import Plan, plan

    manifest = load_manifest(FOLDER / str(SMALL))
    packs, mistakes = load_packs(manifest)
    planned = plan(packs, load_registry(), manifest.project.system.risk_profile, stages=("evaluation",))
    if mistakes or not isinstance(planned, Plan):
        raise RuntimeError(f"the benchmark's project is wrong: {mistakes or planned}")
    requests = tuple(dict.fromkeys(r for c in planned.controls for r in c.requests.values()))
    table = manifest.project.artifacts["predictions"]

    def work(folder: Path) -> None:
        found = answer("predictions", table, folder, requests, manifest.project.slices, {})
        if any(isinstance(one, Absent) for one in found.values()):
            raise RuntimeError(f"nothing was counted: {found}")
        assessed = assess(planned, found, Occasion(date="2026-11-21"))
        # 18 groups, 92 pairs of them and 120 crossings of three, each with an interval, for every rate.
        if min(len(one.findings) for one in assessed) < 150:
            raise RuntimeError(f"too few findings: {[len(one.findings) for one in assessed]}")

    timed(work)


def by_duckdb() -> None:
    """Group by at the finest cell."""
    import duckdb

    connection = duckdb.connect()
    cells = f"{', '.join(GROUPS)}, label, prediction"

    def work(folder: Path) -> None:
        file = str(folder / "predictions.parquet").replace("'", "''")
        query = f"SELECT {cells}, COUNT(*) FROM read_parquet('{file}') GROUP BY {cells}"
        assert connection.execute(query).fetchall()

    timed(work)


def by_fairlearn() -> None:
    """Compute three point values at the finest crossing; reading the table is not counted."""
    import pandas as pd
    from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate

    frames = {rows: pd.read_parquet(FOLDER / str(rows) / "predictions.parquet") for rows in (SMALL, LARGE)}
    metrics = {"rate": selection_rate, "tpr": true_positive_rate, "fpr": false_positive_rate}

    def work(folder: Path) -> None:
        frame = frames[int(folder.name)]
        found = MetricFrame(
            metrics=metrics,
            y_true=frame["label"],
            y_pred=frame["prediction"],
            sensitive_features=frame[list(GROUPS)],
        )
        assert len(found.by_group) == 120

    timed(work)


SIDES = {"hcgov": by_hcgov, "duckdb": by_duckdb, "fairlearn": by_fairlearn}
AIMS: dict[str, Aim] = {"duckdb": at_most(2, plus=0.050), "fairlearn": faster(200)}
LABELS = {
    "duckdb": "rate gap and equalised odds, 3 crossed columns, 1e6 rows, against the bare DuckDB group-by",
    "fairlearn": "the same against point values of fairlearn MetricFrame",
}


def side(name: str) -> Side:
    """Return the process that measures one side."""
    return Side(command=(sys.executable, str(Path(__file__).resolve()), "--side", name), tells=True)


def main() -> None:
    """Run both pairs, or one side as a process of its own."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--side", choices=SIDES, help="run one side in this process and tell its seconds")
    parser.add_argument("--generate", action="store_true", help="write the tables and stop")
    given = parser.parse_args()
    if given.side:
        SIDES[given.side]()
        return
    if given.generate:
        for rows in (SMALL, LARGE):
            project(rows)
        return
    # In a process of its own: this one must stay small (see side_by_side.py).
    subprocess.run([sys.executable, __file__, "--generate"], check=True)
    lines = []
    for name, label in LABELS.items():
        if not wanted(label, given.only):
            continue
        pair = compare(None if given.peers else side("hcgov"), side(name), given.rounds)
        lines.append(row(label, pair, AIMS[name]))
        sys.stdout.write(f"{lines[-1]}\n")
        sys.stdout.flush()
    publish(
        "counting", lines, machine(given.rounds, "duckdb", "fairlearn", "pandas", "numpy"), keep=given.write
    )


if __name__ == "__main__":
    main()
