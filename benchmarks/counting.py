"""Five metrics over three crossed columns, intervals included, against the bare group-by and fairlearn.

Each side is a process of its own that imports what it needs, warms up on a small table and then tells the seconds
of one pass over the large one. hcgov's pass takes the digest of the file, counts, and judges four controls with
their intervals on every column and every crossing; DuckDB's is one group-by of the same file at the finest cell;
fairlearn's are point values of five metrics at the finest crossing, of a frame that is in memory already.

fairlearn's bootstrap is measured on two small tables, its cost per row and resample taken from the difference, and
told for 1e7 rows and 1,000 resamples: that run would take days.

Use::

    python benchmarks/counting.py [--slow] [--peers] [--write]
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from data import GROUPS, generate
from side_by_side import (
    OUT,
    Aim,
    Pair,
    Side,
    arguments,
    at_most,
    compare,
    faster,
    machine,
    publish,
    row,
    run_once,
    wanted,
)

FOLDER = OUT / "counting"
SMALL, MILLION, LARGE = 2_000, 1_000_000, 10_000_000
FEW, MORE = 10_000, 100_000
"""Rows of the two tables that the bootstrap is measured on."""
RESAMPLES, TRIED = 1_000, 5
"""Resamples that are told of, and those that are measured."""
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
    outcomes:
      prediction: {adverse: higher}
      spared: {column: prediction, positive: [0], adverse: lower}
"""
CONTROL = """\
  - id: {id}
    title: {title}
    stage: evaluation
    check: evaluation.{check}@1
    with: {params}
    limit: {limit}
    severity: high
    enforcement: mandatory
    why: A benchmark.
    fix: None is needed.
    source: convention
"""
CONTROLS = (
    ("RATE-GAP", "Predictions are as frequent in every slice", "rate_gap", "outcome: prediction", "at_most", "0.10"),
    ("ODDS", "Errors fall alike on every slice", "equalised_odds", "", "at_most", "0.10"),
    ("RATIO", "Nearly as many are spared in every slice", "impact_ratio", "outcome: spared", "at_least", "0.80"),
    ("DEFICIT", "No slice fares worse than the others", "slice_deficit", "outcome: prediction", "at_most", "0.05"),
)  # fmt: skip
PACK = """\
hcgov: 1
kind: PolicyPack
metadata: {id: counting, version: 1.0.0, title: Five metrics, owner: Benchmarks}
controls:
""" + "".join(
    CONTROL.format(
        id=id_,
        title=title,
        check=check,
        params="{table: predictions" + (f", {params}}}" if params else "}"),
        limit=f'{{{side}: "{value}"}}',
    )
    for id_, title, check, params, side, value in CONTROLS
)


def project(rows: int) -> Path:
    """Return the folder of a project with that many rows, made if it is not there."""
    folder = FOLDER / str(rows)
    table = folder / "predictions.parquet"
    if not table.exists():
        generate(table, rows)
    (folder / "hcgov.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    return folder


def timed(work: Callable[[Path], object], rows: int) -> None:
    """Warm up on the small table, then tell the seconds of the large one."""
    work(FOLDER / str(SMALL))
    gc.collect()  # what the warm-up left behind is nobody's cost, nor is what its threads still do
    awake = time.perf_counter() + 0.2
    while time.perf_counter() < awake:  # a processor that sleeps is slow to wake
        time.sleep(0.0001)
    started = time.perf_counter()
    work(FOLDER / str(rows))
    sys.stdout.write(f"seconds={time.perf_counter() - started}\n")


def by_hcgov(rows: int) -> None:
    """Count in one scan and judge all controls; manifest and policy are read before.

    numpy is imported before, as in any process that holds data frames; the command itself does without.
    """
    import numpy as np

    assert np
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
    checks = [control.check for pack in packs for control in pack.spec.controls]
    planned = plan(packs, load_registry(checks), manifest.project.system.risk_profile, stages=("evaluation",))
    if mistakes or not isinstance(planned, Plan):
        raise RuntimeError(f"the benchmark's project is wrong: {mistakes or planned}")
    requests = tuple(dict.fromkeys(r for c in planned.controls for r in c.requests.values()))
    table = manifest.project.artifacts["predictions"]

    def work(folder: Path) -> None:
        found = answer("predictions", table, folder, requests, manifest.project.slices, {})
        if any(isinstance(one, Absent) for one in found.values()):
            raise RuntimeError(f"nothing was counted: {found}")
        assessed = assess(planned, found, Occasion(date="2026-11-21"))
        # 18 groups, 92 pairs of them and 120 crossings of three, each with an interval, for every metric.
        if sum(len(one.findings) for one in assessed) < 5 * 150:
            raise RuntimeError(f"too few findings: {[len(one.findings) for one in assessed]}")

    timed(work, rows)


def by_duckdb(rows: int) -> None:
    """Group by at the finest cell."""
    import duckdb

    connection = duckdb.connect()
    cells = f"{', '.join(GROUPS)}, label, prediction"

    def work(folder: Path) -> None:
        file = str(folder / "predictions.parquet").replace("'", "''")
        query = f"SELECT {cells}, COUNT(*) FROM read_parquet('{file}') GROUP BY {cells}"
        assert connection.execute(query).fetchall()

    timed(work, rows)


def _metric_frame(rows: int) -> Callable[..., None]:
    import pandas as pd
    from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate
    from sklearn.metrics import accuracy_score, precision_score

    frames = {size: pd.read_parquet(FOLDER / str(size) / "predictions.parquet") for size in (SMALL, rows)}
    metrics = {
        "rate": selection_rate,
        "tpr": true_positive_rate,
        "fpr": false_positive_rate,
        "accuracy": accuracy_score,
        "precision": precision_score,
    }

    def work(folder: Path, **bootstrap: object) -> None:
        frame = frames[int(folder.name)]
        found = MetricFrame(
            metrics=metrics,
            y_true=frame["label"],
            y_pred=frame["prediction"],
            sensitive_features=frame[list(GROUPS)],
            **bootstrap,
        )
        assert len(found.by_group) == 120

    return work


def by_fairlearn(rows: int) -> None:
    """Compute five point values at the finest crossing; reading the table is not counted."""
    timed(_metric_frame(rows), rows)


def by_bootstrap(rows: int) -> None:
    """Tell what fairlearn's bootstrap of a table would take, from what it takes on two small ones."""
    seconds = []
    for size in (FEW, MORE):
        work = _metric_frame(size)
        started = time.perf_counter()
        work(FOLDER / str(size), n_boot=TRIED, ci_quantiles=[0.025, 0.975], random_state=1)
        seconds.append(time.perf_counter() - started)
    # What a resample costs apart from its rows falls out of the difference.
    a_row = (seconds[1] - seconds[0]) / (MORE - FEW) / TRIED
    sys.stdout.write(f"seconds={a_row * rows * RESAMPLES}\n")


SIDES = {"hcgov": by_hcgov, "duckdb": by_duckdb, "fairlearn": by_fairlearn, "bootstrap": by_bootstrap}


def side(name: str, rows: int) -> Side:
    """Return the process that measures one side."""
    here = str(Path(__file__).resolve())
    return Side(command=(sys.executable, here, "--side", name, "--rows", str(rows)), tells=True)


def lean(factor: float, plus: float, peak: float) -> Aim:
    """Aim at no more than a factor of the peer's time plus some seconds, within some MB."""
    time_ = at_most(factor, plus=plus)
    return Aim(
        words=f"{time_.words}, {peak:g} MB",
        met=lambda p: time_.met(p) and p.ours is not None and p.ours.peak <= peak,
    )


ROWS: tuple[tuple[str, str, int, Aim | None], ...] = (
    ("1e6 rows, against the bare DuckDB group-by", "duckdb", MILLION, at_most(1.3, plus=0.050)),
    ("1e7 rows, against the bare DuckDB group-by", "duckdb", LARGE, lean(1.3, 0.050, 200)),
    ("1e6 rows, against point values of fairlearn MetricFrame, one run", "fairlearn", MILLION, None),
    ("1e7 rows, against the same, one run", "fairlearn", LARGE, faster(1500)),
    ("1e7 rows, against its bootstrap, 1,000 resamples, extrapolated", "bootstrap", LARGE, faster(50_000)),
)


def main() -> None:
    """Run the pairs, or one side as a process of its own."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--slow", action="store_true", help="run fairlearn at 1e7 too: minutes, and 7 GB")
    parser.add_argument("--side", choices=SIDES, help="run one side in this process and tell its seconds")
    parser.add_argument("--rows", type=int, default=MILLION, help="rows of that side's table")
    parser.add_argument("--generate", action="store_true", help="write the tables and stop")
    given = parser.parse_args()
    if given.side:
        SIDES[given.side](given.rows)
        return
    if given.generate:
        for rows in (SMALL, FEW, MORE, MILLION, LARGE):
            project(rows)
        return
    # In a process of its own: this one must stay small (see side_by_side.py).
    subprocess.run([sys.executable, __file__, "--generate"], check=True)
    lines = []
    for label, peer, rows, aim in ROWS:
        slow = peer == "fairlearn" and rows == LARGE
        if not wanted(label, given.only) or (slow and not given.slow):
            continue
        ours, theirs = None if given.peers else side("hcgov", rows), side(peer, rows)
        once = peer != "duckdb"  # fairlearn takes minutes
        pair = _once(ours, theirs, given.rounds) if once else compare(ours, theirs, given.rounds)
        lines.append(row(f"five metrics, 120 crossed groups, {label}", pair, aim))
        sys.stdout.write(f"{lines[-1]}\n")
        sys.stdout.flush()
    about = machine(given.rounds, "duckdb", "fairlearn", "pandas", "numpy")
    publish("counting", lines, about, keep=given.write)


def _once(ours: Side | None, theirs: Side, rounds: int) -> Pair:
    own = None if ours is None else compare(None, ours, rounds).theirs
    return Pair(ours=own, theirs=run_once(theirs))


if __name__ == "__main__":
    main()
