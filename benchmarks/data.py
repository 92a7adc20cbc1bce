"""The table of the counting benchmark: 1e6 made-up decisions, 120 crossed groups, from a fixed seed."""

from pathlib import Path

SEED = 20_261_121
GROUPS = {"sex": 2, "region": 6, "age_band": 10}


def generate(path: Path, rows: int) -> None:
    """Write a Parquet file: three groups as text, label and prediction as 0 and 1; each row is a person."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(SEED)
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
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
