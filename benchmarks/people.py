"""Two rates over three slicings of a million rows, by whom the rows belong to, against the bare group-by.

hcgov's pass counts the rates by sex, by region and by both, with the sums over people from which every interval is
widened where they repeat; DuckDB's is one group-by of the same file by sex, region and person, and for rows that
annotators gave to items by sex, region, annotator and item: the least that any exact count of people has to do. Each
side is a process of its own that imports what it needs, warms up on a small table and then tells the seconds of one
pass over the large one.

Use::

    python benchmarks/people.py [--peers] [--write]
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import OUT, Side, arguments, compare, machine, publish, row, wanted

FOLDER = OUT / "people"
SEED = 20_261_121
SMALL, LARGE = 2_000, 1_000_000
SHAPES = {
    "unique": "each row a person of his own",
    "repeated": "four rows a person, whole numbers",
    "text": "four rows a person, text",
    "straddling": "four rows a person, in several regions",
    "items": "2,000 annotators by 50,000 items",
}


def generate(rows: int) -> None:
    """Write one table of each shape; sex and region belong to the person unless he straddles."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    FOLDER.mkdir(parents=True, exist_ok=True)
    for shape in SHAPES:
        random = np.random.default_rng(SEED)
        people = {"unique": rows, "items": 2_000}.get(shape, rows // 4)
        who = random.permutation(rows) if shape == "unique" else random.integers(0, people, rows)
        sex, region = random.integers(0, 2, people)[who], random.integers(0, 6, people)[who]
        if shape in ("straddling", "items"):
            region = random.integers(0, 6, rows)
        columns = {
            "sex": pa.array(np.array(["F", "M"])[sex]),
            "region": pa.array(np.array([f"region {i}" for i in range(6)])[region]),
            "label": (random.random(rows) < 0.4).astype("int8"),
            "prediction": (random.random(rows) < 0.5).astype("int8"),
            "person": pa.array([f"person-{i:07}" for i in who]) if shape == "text" else who,
            "item": random.integers(0, 50_000, rows),
        }
        unfinished = FOLDER / "unfinished"
        pq.write_table(pa.table(columns), unfinished)
        unfinished.rename(_table(shape, rows))


def _table(shape: str, rows: int) -> Path:
    return FOLDER / f"{shape}-{rows}.parquet"


def timed(work: Callable[[int], object]) -> None:
    """Warm up on the small table, then tell the seconds of the large one."""
    work(SMALL)
    started = time.perf_counter()
    work(LARGE)
    sys.stdout.write(f"seconds={time.perf_counter() - started}\n")


def by_hcgov(shape: str) -> None:
    """Count both rates in all three slicings, and who the rows belong to."""
    from hcgov.core.evidence.counts import Counts, CountsOf, Rate
    from hcgov.core.project import Table
    from hcgov.core.slices import SliceRules
    from hcgov.io.tables import answer

    rates = (Rate(outcome="prediction"), Rate(outcome="prediction", given=(("label", 0),)))
    request, rules = CountsOf(table="t", rates=rates), SliceRules(by=("sex", "region"), cross=2)
    roles = {"label": "label", "prediction": "prediction", "person": "person"}
    roles |= {"item": "item"} if shape == "items" else {}

    def work(rows: int) -> None:
        table = Table.model_validate({"kind": "table", "path": _table(shape, rows).name, "roles": roles})
        found = answer("t", table, FOLDER, [request], rules, {})[request]
        if not isinstance(found, Counts) or (found.crowds is None) is not (shape == "unique"):
            raise RuntimeError(f"not counted as it should be: {found}")

    timed(work)


def by_duckdb(shape: str) -> None:
    """Group by slice and person; the groups are counted, not fetched."""
    import duckdb

    connection = duckdb.connect()
    keys = "sex, region, person" + (", item" if shape == "items" else "")

    def work(rows: int) -> None:
        file = str(_table(shape, rows)).replace("'", "''")
        query = f"SELECT {keys}, COUNT(*) AS n FROM read_parquet('{file}') GROUP BY {keys}"
        assert connection.execute(f"SELECT COUNT(*), SUM(n) FROM ({query}) AS grouped").fetchall()

    timed(work)


SIDES = {"hcgov": by_hcgov, "duckdb": by_duckdb}


def side(name: str, shape: str) -> Side:
    """Return the process that measures one side."""
    here = str(Path(__file__).resolve())
    return Side(command=(sys.executable, here, "--side", name, "--shape", shape), tells=True)


def main() -> None:
    """Run the pairs, or one side as a process of its own."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--side", choices=SIDES, help="run one side in this process and tell its seconds")
    parser.add_argument("--shape", choices=SHAPES, default="unique", help="whose rows that side counts")
    parser.add_argument("--generate", action="store_true", help="write the tables and stop")
    given = parser.parse_args()
    if given.side:
        SIDES[given.side](given.shape)
        return
    if given.generate:
        for rows in (SMALL, LARGE):
            generate(rows)
        return
    # In a process of its own: this one must stay small (see side_by_side.py).
    subprocess.run([sys.executable, __file__, "--generate"], check=True)
    lines = []
    for shape, words in SHAPES.items():
        if wanted(words, given.only):
            ours = None if given.peers else side("hcgov", shape)
            lines.append(
                row(f"1e6 rows, {words}", compare(ours, side("duckdb", shape), given.rounds), aim=None)
            )
            sys.stdout.write(f"{lines[-1]}\n")
            sys.stdout.flush()
    publish("people", lines, machine(given.rounds, "duckdb"), keep=given.write)


if __name__ == "__main__":
    main()
