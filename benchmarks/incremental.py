"""A table of 1e7 rows in 32 files, of which one has changed since the last check, against counting all of it.

Both sides take the digest of every file. In process, each is one pass that counts what four controls ask for; the
engine is opened, nothing is judged. The whole command is a fresh process, report included, no tracking. Before each
repeated pass one file is written anew with some rows less, which is not counted. Beside the table of the counting
benchmark stands the same table with 5,000 items that the rows are about, so that rows are hashed and clustered::

    python benchmarks/incremental.py [--write]
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from counting import MANIFEST, PACK
from data import generate
from side_by_side import OUT, Aim, Side, arguments, at_most, compare, machine, publish, row, wanted

FOLDER = OUT / "incremental"
CACHE = Path(tempfile.gettempdir()) / "hcgov-incremental"
"""Outside the repository, where no check would take counts from."""
ROWS, FILES, ITEMS = 10_000_000, 32, 5_000
TABLES = {"plain": "five metrics, 120 crossed groups", "items": "the same, rows about 5,000 items"}


def project(name: str) -> Path:
    """Return the folder of a project, made if it is not there."""
    folder = FOLDER / name
    table = folder / "predictions"
    if not (table / f"part-{FILES - 1:03}.parquet").exists():
        generate(table, ROWS, files=FILES, items=ITEMS if name == "items" else 0)
        (folder / "first").write_bytes((table / "part-000.parquet").read_bytes())
    manifest = MANIFEST.replace("predictions.parquet", "predictions").replace("cross: 3", "cross: 2")
    if name == "items":
        manifest = manifest.replace("prediction: prediction}", "prediction: prediction, item: item}")
    (folder / "hcgov.yaml").write_text(manifest, encoding="utf-8")
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    return folder


def change(name: str) -> None:
    """Write one file of a table with some rows less than ever before."""
    import pyarrow.parquet as pq

    folder = FOLDER / name
    less = time.time_ns() % 100_000
    pq.write_table(pq.read_table(folder / "first").slice(less), folder / "predictions" / "part-000.parquet")


def counting(name: str, *, again: bool) -> Callable[[], None]:
    """Return one pass that answers what the controls ask for."""
    from hcgov.core.evidence.absent import Absent
    from hcgov.io.manifest import load_manifest
    from hcgov.io.plugins import load_registry
    from hcgov.io.policies import load_packs
    from hcgov.io.tables import Engines, answer
    from hcgov.judgement.plan import Plan, plan

    folder = FOLDER / name
    manifest = load_manifest(folder)
    packs, mistakes = load_packs(manifest)
    checks = [control.check for pack in packs for control in pack.spec.controls]
    planned = plan(packs, load_registry(checks), manifest.project.system.risk_profile, stages=("evaluation",))
    if mistakes or not isinstance(planned, Plan):
        raise RuntimeError(f"the benchmark's project is wrong: {mistakes or planned}")
    requests = tuple(dict.fromkeys(r for c in planned.controls for r in c.requests.values()))
    table = manifest.project.artifacts["predictions"]
    engines = Engines(counts=CACHE / "counts") if again else Engines()

    def work() -> None:
        found = answer("predictions", table, folder, requests, manifest.project.slices, {}, engines=engines)
        if any(isinstance(one, Absent) for one in found.values()):
            raise RuntimeError(f"nothing was counted: {found}")

    return work


def command(name: str, *, again: bool) -> Callable[[], None]:
    """Return one run of the whole command."""
    words = [
        sys.executable,
        "-m",
        "hcgov",
        "check",
        str(FOLDER / name),
        "--stage",
        "evaluation",
        "--no-mlflow",
    ]

    def work() -> None:
        # Without a place to keep counts the table is counted in one piece, as a single file is.
        cache = str(CACHE) if again else "/dev/null"
        ended = subprocess.run(
            words, env={**os.environ, "HCGOV_CACHE": cache}, stdout=subprocess.DEVNULL, check=False
        )
        if ended.returncode not in (0, 1, 3):
            raise RuntimeError(f"the command ended with {ended.returncode}")

    return work


WORK = {"counting": counting, "command": command}


def timed(how: str, name: str, *, again: bool) -> None:
    """Warm up once, which also counts what has not changed; change a file; then tell the seconds of one pass."""
    work = WORK[how](name, again=again)
    work()
    subprocess.run([sys.executable, __file__, "--change", name], check=True)
    started = time.perf_counter()
    work()
    sys.stdout.write(f"seconds={time.perf_counter() - started}\n")


ROWS_: tuple[tuple[str, str, str, Aim | None], ...] = (
    ("counted in process", "counting", "plain", at_most(0.1)),
    ("counted in process", "counting", "items", at_most(0.1)),
    ("`check --stage evaluation --no-mlflow`", "command", "plain", None),
    ("`check --stage evaluation --no-mlflow`", "command", "items", None),
)


def main() -> None:
    """Run the pairs, or one side as a process of its own."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--side", choices=("again", "full"), help="run one side and tell its seconds")
    parser.add_argument("--how", choices=WORK, default="counting", help="what that side runs")
    parser.add_argument("--table", choices=TABLES, default="plain", help="what it counts")
    parser.add_argument("--change", choices=TABLES, help="write one file of a table anew and stop")
    parser.add_argument("--generate", action="store_true", help="write the tables and stop")
    given = parser.parse_args()
    if given.change:
        change(given.change)
    elif given.side:
        timed(given.how, given.table, again=given.side == "again")
    elif given.generate:
        for name in TABLES:
            project(name)
    else:
        # In a process of its own: this one must stay small (see side_by_side.py).
        subprocess.run([sys.executable, __file__, "--generate"], check=True)
        lines = []
        for label, how, name, aim in ROWS_:
            full = f"{TABLES[name]}, {label}, one of 32 files changed, against all of them"
            if not wanted(full, given.only):
                continue
            sides = [
                Side(
                    command=(sys.executable, __file__, "--side", side, "--how", how, "--table", name),
                    tells=True,
                )
                for side in ("again", "full")
            ]
            pair = compare(None if given.peers else sides[0], sides[1], given.rounds)
            lines.append(row(full, pair, aim))
            sys.stdout.write(f"{lines[-1]}\n")
            sys.stdout.flush()
        publish("incremental", lines, machine(given.rounds, "duckdb"), keep=given.write)


if __name__ == "__main__":
    main()
