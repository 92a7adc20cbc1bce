import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf
from hcgov.core.project import Outcome, Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Engines, Schema, answer, load_frame, probe
from tests.io.tables.live.tables import a_table, asked, table, write
from tests.io.tables.making import SELECTED, refused


def handed(root: Path, kind: str) -> object:
    arrow = pq.read_table(root / "t.parquet")
    # Else pandas would hold whole numbers with gaps as floating-point numbers, and round the large ones.
    frame = arrow.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    if kind == "pandas":
        return frame
    if kind == "categories":
        return frame.assign(**{"Sex ": frame["Sex "].astype("category")})
    if kind == "polars":
        return pl.DataFrame(arrow)
    return arrow.to_batches()[0] if kind == "batch" else arrow


@pytest.mark.parametrize("person", [None, "person", "number"])
def test_a_frame_is_counted_as_its_file_is(tmp_path: Path, person: str | None) -> None:
    write(tmp_path, a_table(seed=1))
    it = table(person, path="t.parquet")
    ours = asked(it, tmp_path)
    frames = {kind: handed(tmp_path, kind) for kind in ("pandas", "categories", "polars", "arrow", "batch")}
    (tmp_path / "t.parquet").unlink()  # the frame is read in its place
    for kind, frame in frames.items():
        assert asked(it, tmp_path, Engines(frames={"t": frame})) == ours, kind


IT = Table.model_validate(
    {"kind": "table", "path": "t.csv", "roles": {"prediction": "prediction"}, "unit": "person"}
)


def count(frame: object, it: Table = IT) -> object:
    request = CountsOf(table="t", rates=(SELECTED,))
    engines = Engines(frames={"t": frame})
    return answer("t", it, Path(), [request], SliceRules(by=("sex",)), {}, engines=engines)[request]


def test_a_frame_has_no_digest_and_says_what_it_told() -> None:
    found = count(pd.DataFrame({"sex": ["F", "M"], "prediction": [1, 0]}))
    assert isinstance(found, Counts)
    source = found.source
    assert (source.sha256, source.size, source.rows) == ("", None, 2)
    assert source.location == "pandas.DataFrame in memory"
    other = count(pd.DataFrame({"sex": ["F", "F"], "prediction": [1, 0]}))
    assert isinstance(other, Counts)
    assert other.source.counted != source.counted
    assert replace(other.source, counted="") == replace(source, counted="")


def test_a_pin_is_not_passed_over() -> None:
    pinned = IT.model_copy(update={"sha256": "0" * 64})
    assert "handed over in memory" in refused(
        count(pd.DataFrame({"sex": ["F"], "prediction": [1]}), pinned), Absence.WRONG_DIGEST
    )


def test_what_is_no_frame_is_refused_without_its_values() -> None:
    for frame in ([{"sex": "Erika"}], "Erika", None, {"sex": ["Erika"]}):
        sentence = refused(count(frame), Absence.WRONG_KIND)
        assert "no pandas, polars or Arrow table" in sentence
        assert "Erika" not in sentence
    mixed = pd.DataFrame({"sex": ["Erika", 1], "prediction": [1, 0]})
    sentence = refused(count(mixed), Absence.UNREADABLE)
    assert "column `sex`" in sentence
    assert "Erika" not in sentence


def test_a_single_column_is_no_frame() -> None:
    for series in (pd.Series([1, 0]), pl.Series([1, 0]), pl.DataFrame({"sex": ["F"]}).lazy()):
        assert "no pandas, polars or Arrow table" in refused(count(series), Absence.WRONG_KIND)


def test_only_columns_that_are_used_have_to_be_readable() -> None:
    frame = pd.DataFrame({"sex": ["F", "M"], "prediction": [1, 0], "note": ["Erika", 1], "z": [1j, 2j]})
    assert isinstance(count(frame), Counts)
    half = pa.table(frame[["sex", "prediction"]]).append_column("h", pa.array([1.5, 2.5], pa.float16()))
    assert isinstance(count(half), Counts)
    unread = IT.model_copy(update={"outcomes": {"prediction": Outcome(column="h", positive=("1.5",))}})
    assert "cannot be read" in refused(count(half, unread), Absence.UNREADABLE)
    whole = load_frame("t", IT, Path(), engines=Engines(frames={"t": frame}))
    assert isinstance(whole, Absent)
    assert "column `note`" in str(whole.detail)


def test_names_that_repeat_are_addressed_by_position() -> None:
    frame = pd.DataFrame([["F", 1, 0], ["M", 0, 1]], columns=["sex", "prediction", "prediction"])
    assert "more than once" in refused(count(frame), Absence.UNREADABLE)
    found = count(frame, IT.model_copy(update={"columns": {"prediction": 2}}))
    assert isinstance(found, Counts)
    assert found.overall(SELECTED).positives == 1


def test_an_empty_frame_is_an_empty_table() -> None:
    assert refused(count(pd.DataFrame({"sex": [], "prediction": []})), Absence.EMPTY_TABLE)


def test_frames_can_be_probed_and_loaded_again() -> None:
    engines = Engines(frames={"t": pl.DataFrame({"b": [2, 1], "a": ["x", None]})})
    schema = probe("t", IT, Path(), engines=engines)
    assert isinstance(schema, Schema)
    assert schema.columns == ("b", "a")
    loaded = load_frame("t", IT, Path(), engines=engines)
    assert not isinstance(loaded, Absent)
    assert list(loaded[0]["b"]) == [2, 1]


def test_the_memory_of_the_engine_is_bounded_where_it_is_asked(tmp_path: Path) -> None:
    values = pa.array([f"{i:040d}" for i in range(200_000)])
    pq.write_table(pa.table({"sex": values, "prediction": [1] * 200_000}), tmp_path / "t.parquet")
    it = Table.model_validate(
        {"kind": "table", "path": "t.parquet", "roles": {"prediction": "prediction", "person": "sex"}}
    )
    request = CountsOf(table="t", rates=(SELECTED,))
    for memory, reason in (("1GB", None), ("1MB", Absence.TOO_LARGE)):
        how = Engines(memory=memory)
        found = answer("t", it, tmp_path, [request], SliceRules(), {}, engines=how)[request]
        assert (found.reason if isinstance(found, Absent) else None) is reason


def test_a_stream_that_is_read_once_is_refused_before_it_passes_for_an_empty_table() -> None:
    frame = pa.table({"sex": ["F", "M"], "prediction": [1, 0]})
    may_be_empty = IT.model_copy(update={"may_be_empty": True})
    found = refused(count(frame.to_reader(), may_be_empty), Absence.WRONG_KIND)
    assert "can be read only once" in found
    assert isinstance(count(frame.to_reader().read_all(), may_be_empty), Counts)


def test_a_moment_in_a_time_zone_is_the_same_group_whatever_the_zone_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the same bytes would have other groups on another machine, and kept counts would mix them."""
    moments = pa.array([0, 3_600_000_000], pa.timestamp("us", tz="Asia/Tokyo"))
    told = []
    for zone in ("UTC", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        found = count(pa.table({"sex": moments, "prediction": [1, 0]}))
        assert isinstance(found, Counts)
        told.append({cell.groups for cell in found.cells})
    monkeypatch.undo()
    time.tzset()
    assert told == [{("1970-01-01 00:00:00+00",), ("1970-01-01 01:00:00+00",)}] * 2
