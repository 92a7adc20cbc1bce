"""The table of the counting benchmarks: made-up decisions, 120 crossed groups, from a fixed seed."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

SEED = 20_261_121
GROUPS = {"sex": 2, "region": 6, "age_band": 10}
CHUNK = 1_000_000


def generate(path: Path, rows: int, *, files: int = 1, items: int = 0) -> None:
    """Write decisions: three groups as text, label and prediction as 0 and 1; each row is a person.

    Parameters
    ----------
    path
        A Parquet file, or with several ``files`` a folder of them.
    rows
        Rows in all; they are made and written a million at a time.
    files
        Files they are divided into.
    items
        Number of different items that rows are about, in a column of its own; none if 0.
    """
    import pyarrow.parquet as pq

    per_file = -(-rows // files)
    chunk = 0
    for number in range(files):
        part = path if files == 1 else path / f"part-{number:03}.parquet"
        part.parent.mkdir(parents=True, exist_ok=True)
        left = min(per_file, rows - number * per_file)
        unfinished = part.with_suffix(".unfinished")
        with pq.ParquetWriter(unfinished, _chunk(chunk, 1, items).schema) as writer:
            while left > 0:
                writer.write_table(_chunk(chunk, min(CHUNK, left), items))
                left -= CHUNK
                chunk += 1
        unfinished.rename(part)


def _chunk(number: int, rows: int, items: int = 0) -> "pa.Table":
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng(SEED if number == 0 else (SEED, number))
    columns: dict[str, pa.Array] = {}
    tilt = np.zeros(rows)
    for name, count in GROUPS.items():
        codes = random.integers(0, count, rows)
        values = pa.array([f"{name} {i}" for i in range(count)])
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), values).cast(pa.string())
        tilt += codes / count * 0.02
    label = random.random(rows) < 0.4
    prediction = random.random(rows) < np.where(label, 0.75, 0.2) + tilt
    columns["label"] = pa.array(label.astype("int8"))
    columns["prediction"] = pa.array(prediction.astype("int8"))
    if items:
        columns["item"] = pa.array(random.integers(0, items, rows).astype("int32"))
    return pa.table(columns)
