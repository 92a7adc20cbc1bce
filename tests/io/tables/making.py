"""Small tables in every format, and the counts of a few lines of plain Python to compare with."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf, Rate
from hcgov.core.project import Roles, Table
from hcgov.core.slices import NOT_RECORDED, SliceChoice, SliceRules
from hcgov.io.tables import Caps, answer

Record = Mapping[str, str | None]
SELECTED = Rate(outcome="prediction")
FALSE_POSITIVE = Rate(outcome="prediction", given=(("label", 0),))
MISSED = Rate(outcome="prediction", given=(("label", 1),))
ROLES = Roles(label="label", prediction="prediction")


def write_csv(path: Path, rows: Sequence[Record], columns: Sequence[str]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if row[c] is None else row[c] for c in columns] for row in rows])
    path.write_text(out.getvalue(), encoding="utf-8", newline="")


def write_jsonl(path: Path, rows: Sequence[Record]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_parquet(path: Path, rows: Sequence[Record], columns: Sequence[str]) -> None:
    pq.write_table(pa.table({c: pa.array([row[c] for row in rows], type=pa.string()) for c in columns}), path)


def write(folder: Path, kind: str, rows: Sequence[Record], columns: Sequence[str]) -> str:
    path = folder / f"t.{kind}"
    if kind == "csv":
        write_csv(path, rows, columns)
    elif kind == "jsonl":
        write_jsonl(path, rows)
    else:
        write_parquet(path, rows, columns)
    return path.name


def table(path: str, **options: object) -> Table:
    return Table.model_validate({"kind": "table", "path": path, "roles": ROLES, **options})


def ask(
    root: Path,
    it: Table,
    *rates: Rate,
    by: tuple[str, ...] = (),
    cross: int = 2,
    choice: SliceChoice | None = None,
    caps: Caps | None = None,
) -> Counts | Absent:
    request = CountsOf(table="t", rates=rates or (SELECTED,), slices=choice or SliceChoice())
    found = answer("t", it, root, [request], SliceRules(by=by, cross=cross), {}, caps=caps)[request]
    assert isinstance(found, Counts | Absent)
    return found


def counts(root: Path, it: Table, *rates: Rate, **options: object) -> Counts:
    found = ask(root, it, *rates, **options)  # type: ignore[arg-type]  # passed on as given
    assert isinstance(found, Counts), found
    return found


def refused(found: object, reason: Absence) -> str:
    """Return the sentence of an absence, after its reason was compared."""
    assert isinstance(found, Absent), found
    assert found.reason is reason, f"{found.reason}: {found.detail}"
    return str(found.detail)


def plain_sums(
    rows: Iterable[Record], rate: Rate, columns: Sequence[str]
) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Count n, positives and missing of each slice, row by row: values are '0', '1' or None."""
    n: Counter[tuple[str, ...]] = Counter()
    positives: Counter[tuple[str, ...]] = Counter()
    missing: Counter[tuple[str, ...]] = Counter()
    slices = set()
    for row in rows:
        key = tuple(row[c] if row[c] is not None else NOT_RECORDED for c in columns)
        slices.add(key)
        given = [(row[name], str(value)) for name, value in rate.given]
        if any(have is not None and have != wanted for have, wanted in given):
            continue
        outcome = row[rate.outcome]
        if outcome is None or any(have is None for have, _ in given):
            missing[key] += 1
        else:
            n[key] += 1
            positives[key] += int(outcome)
    return {key: (n[key], positives[key], missing[key]) for key in slices}


def rolled_up(
    found: Counts, rate: Rate, columns: tuple[str, ...]
) -> dict[tuple[str, ...], tuple[int, int, int]]:
    return {
        tuple(value for _, value in s.slice.values): (s.n, s.positives, s.missing)
        for s in found.by(rate, columns)
    }
