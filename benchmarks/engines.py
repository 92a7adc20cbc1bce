"""The same counts by Spark on two local cores and by the embedded engine: equal cells, and what a row costs.

Each side is a process of its own that opens its engine on a small table and then tells the seconds of one pass
over 1e6 and over 1e7 rows; from the two follows the cost of a further row, without what starting costs. Needs
``pip install 'hcgov[spark]'`` and Java::

    python benchmarks/engines.py [--write]
"""

import json
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from counting import MANIFEST, PACK
from data import generate
from side_by_side import OUT, arguments, machine, write

FOLDER = OUT / "engines"
SMALL, SIZES = 2_000, (1_000_000, 10_000_000)
CORES = 2
CONNECTION = """\
connections:
  lake: {kind: spark, master: "local[2]", options: {spark.driver.memory: 4g}}
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


def measure(engine: str) -> None:
    """Print seconds by rows, and the cells of the largest table, as JSON."""
    from dataclasses import replace

    from hcgov.core.connection import SparkConnection
    from hcgov.core.evidence.counts import Counts
    from hcgov.io.manifest import load_manifest
    from hcgov.io.plugins import load_registry
    from hcgov.io.policies import load_packs
    from hcgov.io.tables import Engines, answer
    from hcgov.judgement.plan import Plan, plan

    manifest = load_manifest(FOLDER / str(SMALL))
    packs, mistakes = load_packs(manifest)
    checks = [control.check for pack in packs for control in pack.spec.controls]
    planned = plan(packs, load_registry(checks), manifest.project.system.risk_profile, stages=("evaluation",))
    if mistakes or not isinstance(planned, Plan):
        raise RuntimeError(f"the benchmark's project is wrong: {mistakes or planned}")
    requests = tuple(dict.fromkeys(r for c in planned.controls for r in c.requests.values()))
    embedded = manifest.project.artifacts["predictions"]
    lake = SparkConnection.model_validate(
        {"kind": "spark", "master": f"local[{CORES}]", "options": {"spark.driver.memory": "4g"}}
    )
    told: dict[str, object] = {}
    for rows in (SMALL, *SIZES):
        folder = FOLDER / str(rows)
        table, engines = embedded, Engines()
        if engine == "spark":
            path = str(folder / "predictions.parquet")
            table = embedded.model_copy(update={"connection": "lake", "path": path})
            engines = replace(engines, connections={"lake": lake})
        started = time.perf_counter()
        found = answer("predictions", table, folder, requests, manifest.project.slices, {}, engines=engines)
        told[str(rows)] = time.perf_counter() - started
        cells = {one.cells for one in found.values() if isinstance(one, Counts)}
        if not cells:
            raise RuntimeError(f"nothing was counted: {found}")
        told["cells"] = sorted(repr((c.groups, c.flags, c.n)) for c in max(cells, key=len))
    sys.stdout.write(f"\n{json.dumps(told)}\n")


def main() -> None:
    """Run both engines, compare their cells, and say what larger tables would cost."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--engine", choices=("spark", "duckdb"), help="measure one side in this process")
    parser.add_argument("--generate", action="store_true", help="write the tables and stop")
    given = parser.parse_args()
    if given.engine:
        measure(given.engine)
        return
    if given.generate:
        for rows in (SMALL, *SIZES):
            project(rows)
        return
    subprocess.run([sys.executable, __file__, "--generate"], check=True)
    best: dict[str, dict[str, float]] = {"duckdb": {}, "spark": {}}
    cells: dict[str, object] = {}
    for _ in range(min(given.rounds, 3)):
        for engine, seconds in best.items():
            done = subprocess.run(
                [sys.executable, __file__, "--engine", engine], check=True, capture_output=True, text=True
            )
            told = json.loads(done.stdout.strip().splitlines()[-1])
            cells[engine] = told.pop("cells")
            for rows, one in told.items():
                seconds[rows] = min(one, seconds.get(rows, one))
    equal = cells["duckdb"] == cells["spark"]
    page = _page(best, len(cells["duckdb"]), equal=equal)  # type: ignore[arg-type]  # a list, out of JSON
    text = f"{machine(min(given.rounds, 3), 'duckdb', 'pyspark')}\n\n{page}".replace("medians", "best")
    sys.stdout.write(text)
    if given.write:
        write("engines", text)
    if not equal:
        raise SystemExit("the engines do not count alike")


def _page(best: dict[str, dict[str, float]], cells: int, *, equal: bool) -> str:
    small, large = SIZES
    lines = [
        f"| engine, {CORES} cores | first 2,000 rows, s | 1e6 rows, s | 1e7 rows, s | a further row, ns | cells |\n"
        "|---|---:|---:|---:|---:|---|\n"
    ]
    per_row = {}
    for engine, seconds in best.items():
        per_row[engine] = (seconds[str(large)] - seconds[str(small)]) / (large - small)
        lines.append(
            f"| {engine} | {seconds[str(SMALL)]:.2f} | {seconds[str(small)]:.2f} | {seconds[str(large)]:.2f} "
            f"| {per_row[engine] * 1e9:.0f} | {f'{cells:,}, equal' if equal else '**not equal**'} |\n"
        )
    lines.append(
        "\nOn paper, from the cost of a further row, if cores scale and files are read as fast as here "
        "(core seconds; minutes on 16, 64 and 256 cores):\n\n"
        "| | core seconds | 16 cores, min | 64 cores, min | 256 cores, min |\n|---|---:|---:|---:|---:|\n"
    )
    for engine in best:
        for power in (9, 10):
            core = per_row[engine] * CORES * 10**power
            minutes = " | ".join(f"{core / n / 60:.1f}" for n in (16, 64, 256))
            lines.append(f"| {engine}, 1e{power} rows | {core:,.0f} | {minutes} |\n")
    return "".join(lines)


if __name__ == "__main__":
    main()
