import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.io.tables import Engines, fold_rows
from tests.io.tables.making import refused, table


def texts(root: Path, path: str, columns: list[str], **options: object) -> object:
    return fold_rows(
        "t",
        table(path),
        root,
        columns,
        lambda batches: [row for batch in batches for row in zip(*batch.to_pydict().values(), strict=True)],
        **options,  # type: ignore[arg-type]  # passed on as given
    )


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_rows_come_as_text_and_once(tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame({"a": ["x", "y", None], "b": [1.0, 2.5, 3.0], "c": ["p", "q", "r"]})
    if suffix == "csv":
        frame.to_csv(tmp_path / "t.csv", index=False)
    elif suffix == "jsonl":
        frame.to_json(tmp_path / "t.jsonl", orient="records", lines=True)
    else:
        frame.to_parquet(tmp_path / "t.parquet")
    found = texts(tmp_path, f"t.{suffix}", ["b", "a"])
    assert not isinstance(found, Absent)
    rows, source = found  # type: ignore[misc]  # the tuple of result and source
    assert sorted(rows, key=repr) == [("1.0", "x"), ("2.5", "y"), ("3.0", None)]
    assert (source.rows, len(source.sha256)) == (3, 64)


def test_batches_are_no_larger_than_asked(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(1000))}), tmp_path / "t.parquet")
    found = fold_rows(
        "t", table("t.parquet"), tmp_path, ["a"], lambda bs: [b.num_rows for b in bs], batch_size=300
    )
    assert not isinstance(found, Absent)
    assert sum(found[0]) == 1000
    assert max(found[0]) <= 300


def test_frames_have_rows_too() -> None:
    engines = Engines(frames={"t": pd.DataFrame({"a": ["x"]})})
    assert texts(Path(), "none.csv", ["a"], engines=engines)[0] == [("x",)]  # type: ignore[index]  # a tuple


def test_what_cannot_be_read_to_its_end_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 100_000 + "Erika\n")
    sentence = refused(texts(tmp_path, "t.csv", ["a"]), Absence.UNREADABLE)
    assert "100002" in sentence
    assert "Erika" not in sentence
    # Also where the fold did not look so far.
    early = fold_rows(
        "t", table("t.csv"), tmp_path, ["a"], lambda batches: next(iter(batches)).num_rows, batch_size=10
    )
    assert refused(early, Absence.UNREADABLE)
    assert "has no column `c`" in refused(texts(tmp_path, "t.csv", ["c"]), Absence.UNREADABLE)
    (tmp_path / "t.csv").write_text("a,b\n")
    assert refused(texts(tmp_path, "t.csv", ["a"]), Absence.EMPTY_TABLE)


def test_a_table_that_changes_meanwhile_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\nx\n")

    def fold(batches: object) -> int:
        (tmp_path / "t.csv").write_text("a\ny\nz\n")
        return 0

    assert refused(fold_rows("t", table("t.csv"), tmp_path, ["a"], fold), Absence.CHANGED)


PEAK = """
import resource, sys
from pathlib import Path
from hcgov.core.project import Table
from hcgov.io.tables import Engines, fold_rows
it = Table.model_validate({"kind": "table", "path": sys.argv[1]})
result, source = fold_rows(
    "t", it, Path(), ["b"], lambda bs: sum(b.num_rows for b in bs), engines=Engines(memory="100MB")
)
assert result == source.rows
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    peaks = []
    for name, groups in (("small", 1), ("large", 12)):
        with pq.ParquetWriter(tmp_path / f"{name}.parquet", pa.schema([("b", pa.string())])) as writer:
            for group in range(groups):
                rows = pa.table({"b": [os.urandom(100).hex() + str(group) for _ in range(100_000)]})
                writer.write_table(rows)
        run = subprocess.run(
            [sys.executable, "-c", PEAK, f"{name}.parquet"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(run.stdout))
    # 240 MB of text against 20: what is held are batches and the engine's 100 MB at most.
    assert peaks[1] - peaks[0] < 120, peaks
