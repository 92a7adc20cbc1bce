"""Counting file by file gives the counts of one piece, whatever was counted before and whatever changed since."""

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.core.evidence.counts import Counts, CountsOf, SharesOf
from hcgov.core.evidence.scores import ScoresOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Answer, Engines, TableRequest, answer, crowds, embedded, incremental, tally
from hcgov.io.tables.earlier import Earlier
from hcgov.io.tables.engine import Session
from hcgov.io.tables.packed import Pack, packed, unpacked
from hcgov.io.tables.place import Place
from tests.io.tables.making import FALSE_POSITIVE, SELECTED, Record, refused, table, write_parquet

COLUMNS = ("sex", "region", "label", "prediction", "score", "item", "weight", "people", "person")
RULES = SliceRules(by=("sex", "region"), cross=2)
REQUESTS: tuple[TableRequest, ...] = (
    CountsOf(table="t", rates=(SELECTED, FALSE_POSITIVE)),
    SharesOf(table="t", column="region"),
    ScoresOf(table="t", score="score", label="label", bins=10),
)
ROLES = {"label": "label", "prediction": "prediction", "score": "score"}
KINDS: dict[str, dict[str, object]] = {
    "people": {"unit": "person"},
    "rows": {},
    "items": {"unit": "person", "roles": ROLES | {"item": "item"}},
    "weights": {"roles": ROLES | {"weight": "weight"}},
    "weighted items": {"roles": ROLES | {"item": "item", "weight": "weight"}},
    "aggregated": {"count": {"column": "people", "unit": "person"}},
}

record = st.fixed_dictionaries(
    {
        "sex": st.sampled_from(["F", "M", None, "é'\""]),
        "region": st.sampled_from(["a", "b"]),
        "label": st.sampled_from(["0", "1", None]),
        "prediction": st.sampled_from(["0", "1"]),
        "score": st.sampled_from(["0.1", "0.35", "0.9", "1", None]),
        "item": st.sampled_from(["i1", "i2", None]),
        # Halves and quarters add up without rounding in every order.
        "weight": st.sampled_from(["0.5", "1", "2.25"]),
        "people": st.sampled_from(["0", "1", "40", "123456789012"]),
        "person": st.sampled_from(["p1", "p2"]),
    }
)
part = st.lists(record, max_size=6)
steps = st.lists(
    st.tuples(st.sampled_from(["change", "add", "remove", "rename", "swap"]), st.integers(0, 9), part),
    max_size=3,
)
PLAIN: Record = {
    "sex": "F", "region": "a", "label": "0", "prediction": "1", "score": "0.1", "item": "i1", "weight": "1",
    "people": "1", "person": "p1",
}  # fmt: skip
IT = table("t", roles=ROLES)
OTHER: Record = {**PLAIN, "sex": "M", "prediction": "0"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project of three files, the first two alike but for one row."""
    (tmp_path / "t").mkdir()
    for i, rows in enumerate(([PLAIN] * 5, [PLAIN] * 4 + [OTHER], [OTHER] * 3)):
        write_parquet(_part(tmp_path, i), rows, COLUMNS)
    return tmp_path


def _part(root: Path, i: int) -> Path:
    return root / "t" / f"part-{i}.parquet"


def _kept(root: Path) -> Path:
    return root / "cache"


def _ask(root: Path, it: Table, engines: Engines) -> dict[TableRequest, Answer | Absent]:
    return answer("t", it, root, REQUESTS, RULES, {}, engines=engines)


def _again(
    root: Path, it: Table | None = None, *, fresh: bool = False
) -> dict[TableRequest, Answer | Absent]:
    return _ask(root, it or IT, Engines(counts=_kept(root), fresh=fresh))


def _before(found: dict[TableRequest, Answer | Absent]) -> tuple[str, ...]:
    counts = found[REQUESTS[0]]
    assert isinstance(counts, Counts), counts
    return counts.source.counted_before


def _without_history(found: dict[TableRequest, Answer | Absent]) -> dict[TableRequest, object]:
    return {
        request: one
        if isinstance(one, Absent)
        else replace(one, source=replace(one.source, counted_before=()))  # type: ignore[type-var]  # all have one
        for request, one in found.items()
    }


def _same_as_in_one_piece(root: Path, it: Table | None = None) -> dict[TableRequest, Answer | Absent]:
    found = _again(root, it)
    assert _without_history(found) == _ask(root, it or IT, Engines())
    return found


def _do(step: str, at: int, rows: Sequence[Record], root: Path) -> None:
    files = sorted((root / "t").iterdir())
    one, other = files[at % len(files)], files[(at + 1) % len(files)]
    if step == "change":
        write_parquet(one, rows, COLUMNS)
    elif step == "add":
        write_parquet(root / "t" / f"part-{10 + len(files) + at}.parquet", rows, COLUMNS)
    elif step == "remove" and len(files) > 1:
        one.unlink()
    elif step == "rename":
        one.rename(one.with_name(f"a-{one.name}"))
    elif step == "swap":
        between = one.with_name("between")
        one.rename(between)
        other.rename(one) if other != one else None
        between.rename(other)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(KINDS)),
    parts=st.lists(part, min_size=2, max_size=4),
    changes=steps,
    most=st.sampled_from([0, 4, 20_000]),
)
def test_counts_of_before_and_now_are_the_counts_of_one_piece(
    kind: str, parts: list[list[Record]], changes: list[tuple[str, int, list[Record]]], most: int
) -> None:
    it = table("t", may_be_empty=True, **({"roles": ROLES} | KINDS[kind]))
    with tempfile.TemporaryDirectory() as made, pytest.MonkeyPatch.context() as patched:
        patched.setattr(tally, "MOST_FEW", most)
        patched.setattr(crowds, "MOST_ROWS", most)
        root = Path(made)
        (root / "t").mkdir()
        for i, rows in enumerate(parts):
            write_parquet(_part(root, i), rows, COLUMNS)
        seen: set[bytes] = set()
        for change in [None, *changes]:
            if change is not None:
                _do(*change, root)
            found = _same_as_in_one_piece(root, it)
            for one in found.values():
                if isinstance(one, Counts):
                    taken = {(root / "t" / name).read_bytes() for name in one.source.counted_before}
                    assert taken <= seen
            seen |= {file.read_bytes() for file in (root / "t").iterdir()}


def test_only_what_changed_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _before(_again(root)) == ()
    assert _before(_again(root)) == ("part-0.parquet", "part-1.parquet", "part-2.parquet")
    write_parquet(_part(root, 1), [OTHER], COLUMNS)
    scanned: list[str] = []
    plain = Session.read

    def noted(self: Session, *args: object, **options: object) -> object:
        scanned.append(str(args[-1]))
        return plain(self, *args, **options)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(Session, "read", noted)
    assert _before(_again(root)) == ("part-0.parquet", "part-2.parquet")
    counted = [one for one in scanned if "_parts AS" in one]
    assert len(counted) == 4, "cells, shares, the ends of the scores and their bins"
    assert all("part-1" in one for one in counted)
    # Of the others not even the footers are read.
    assert not [one for one in scanned if "part-0" in one or "part-2" in one]


def test_a_file_with_the_same_bytes_counts_again(root: Path) -> None:
    _again(root)
    shutil.copy(_part(root, 0), _part(root, 3))
    found = _same_as_in_one_piece(root)
    assert _before(found) == tuple(f"part-{i}.parquet" for i in range(4))


@pytest.mark.parametrize(
    "other",
    [
        table("t", outcomes={"prediction": {"positive": [0]}}),
        table("t", roles=ROLES | {"label": "prediction"}),
        table("t", roles=ROLES | {"groups": {"sex": "region"}}),
        table("t", unit="person", roles=ROLES | {"weight": "weight"}),
    ],
)
def test_what_shapes_the_counts_finds_no_others(root: Path, other: Table) -> None:
    request = REQUESTS[0]
    for it, taken in ((IT, 0), (IT, 3), (other, 0), (other, 3)):
        found = answer("t", it, root, [request], RULES, {}, engines=Engines(counts=_kept(root)))
        assert len(_before(found)) == taken


def test_another_version_finds_no_others(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _again(root)
    monkeypatch.setattr(incremental, "__version__", "0.0.0")
    assert _before(_again(root)) == ()


def test_fresh_takes_nothing_but_keeps(root: Path) -> None:
    _again(root)
    assert _before(_again(root, fresh=True)) == ()
    assert len(_before(_again(root))) == 3


def test_without_a_folder_nothing_is_kept(root: Path) -> None:
    _ask(root, IT, Engines())
    assert sorted(entry.name for entry in root.iterdir()) == ["t"]


def test_persons_are_counted_in_one_piece(root: Path) -> None:
    it = table("t", roles={"label": "label", "prediction": "prediction", "person": "person"})
    for _ in range(2):
        assert _before(_same_as_in_one_piece(root, it)) == ()
    assert not _kept(root).exists()


def test_one_file_is_counted_in_one_piece(root: Path) -> None:
    for _ in range(2):
        assert _before(_same_as_in_one_piece(root, table("t/part-0.parquet"))) == ()
    assert not _kept(root).exists()


def _cut(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-20])


def _flip(entry: Path) -> None:
    content = bytearray(entry.read_bytes())
    content[len(content) // 2] ^= 1
    entry.write_bytes(bytes(content))


def _empty(entry: Path) -> None:
    entry.write_bytes(b"")


def _another(entry: Path) -> None:
    """Write other counts, as somebody would who wants other verdicts, but keep the name."""
    pack = unpacked(entry.read_bytes())
    if pack is None:  # columns
        entry.write_bytes(entry.read_bytes().replace(b"label", b"lebal"))
        return
    (piece,) = pack.pieces
    rows = pq.read_table(pa.BufferReader(piece.content))
    out = io.BytesIO()
    pq.write_table(pa.concat_tables([rows, rows]), out)
    more = replace(piece, content=out.getvalue(), rows=2 * piece.rows)
    entry.write_bytes(packed(replace(pack, pieces=(more,))))


@pytest.mark.parametrize("harm", [_cut, _flip, _empty, _another])
def test_an_entry_that_was_touched_is_not_used(root: Path, harm: Callable[[Path], None]) -> None:
    _again(root)
    for entry in _kept(root).iterdir():
        harm(entry)
    assert _before(_same_as_in_one_piece(root)) == ()
    assert len(_before(_again(root))) == 3, "and is replaced"


def _no_parquet(pack: Pack) -> bytes:
    garbage = b"PAR1" * 10
    pieces = tuple(replace(one, content=garbage) for one in pack.pieces)
    total = None if pack.total is None else replace(pack.total, content=garbage)
    return packed(replace(pack, pieces=pieces, total=total))


def _of_others(pack: Pack) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"sha256": ["0" * 64], "g0": ["F"]}), out)
    pieces = tuple(replace(one, content=out.getvalue()) for one in pack.pieces)
    return packed(
        replace(pack, pieces=pieces, total=pack.total and replace(pack.total, content=out.getvalue()))
    )


@pytest.mark.parametrize(
    "other", [lambda _: b"", lambda _: b"{}\n", lambda _: b"[1]", _no_parquet, _of_others]
)
def test_an_entry_of_another_shape_is_not_used(root: Path, other: Callable[[Pack], bytes]) -> None:
    """Rightly named, but not what is written today: nothing of it is believed."""
    _again(root)
    for entry in list(_kept(root).iterdir()):
        pack = unpacked(entry.read_bytes())
        Earlier(folder=_kept(root)).write(entry.name[:64], other(pack or Pack()))
    assert _before(_same_as_in_one_piece(root)) == ()
    assert len(_before(_same_as_in_one_piece(root))) == 3


def test_a_folder_that_others_may_write_to_is_not_used(root: Path) -> None:
    _again(root)
    _kept(root).chmod(0o777)
    assert _before(_same_as_in_one_piece(root)) == ()


def test_a_folder_that_cannot_be_written_stops_nothing(root: Path) -> None:
    _kept(root).write_text("a file")
    for _ in range(2):
        assert _before(_same_as_in_one_piece(root)) == ()


def test_nothing_is_kept_of_a_table_that_changes_meanwhile(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = incremental.Parts.keep

    def written(self: incremental.Parts, *args: object, **options: object) -> None:
        plain(self, *args, **options)  # type: ignore[arg-type]  # passed on as given
        write_parquet(_part(root, 2), [PLAIN], COLUMNS)

    monkeypatch.setattr(incremental.Parts, "keep", written)
    refused(_again(root)[REQUESTS[0]], Absence.CHANGED)
    assert not _kept(root).exists()


def _write_other(file: Path) -> None:
    write_parquet(file, [PLAIN, OTHER], COLUMNS)


def _same_bytes_later(file: Path) -> None:
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))


@pytest.mark.parametrize("at", [0, 1], ids=["its counts are taken", "it is counted"])
@pytest.mark.parametrize("write", [_write_other, Path.unlink, _same_bytes_later])
def test_what_was_kept_stays_where_a_table_changes_while_it_is_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, at: int, write: Callable[[Path], None]
) -> None:
    _again(root)
    write_parquet(_part(root, 1), [OTHER], COLUMNS)
    kept = {entry.name for entry in _kept(root).iterdir()}
    plain = incremental.Parts.keep

    def written(self: incremental.Parts, *args: object, **options: object) -> None:
        plain(self, *args, **options)  # type: ignore[arg-type]  # passed on as given
        if _part(root, at).exists():
            write(_part(root, at))

    with monkeypatch.context() as during:
        during.setattr(incremental.Parts, "keep", written)
        refused(_again(root)[REQUESTS[0]], Absence.CHANGED)
    assert {entry.name for entry in _kept(root).iterdir()} == kept
    _same_as_in_one_piece(root)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_file_that_goes_before_it_is_digested_is_missed(
    root: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    _again(root)
    plain = embedded.place

    def gone(*args: object) -> Place:
        here = plain(*args)  # type: ignore[arg-type]  # passed on as given
        here.files[at].unlink()
        return here

    monkeypatch.setattr(embedded, "place", gone)
    assert isinstance(found := _again(root)[REQUESTS[0]], Absent)
    assert found.reason in (Absence.CHANGED, Absence.UNREADABLE)


def test_a_file_with_other_columns_is_refused_as_if_nothing_were_known(root: Path) -> None:
    _again(root)
    write_parquet(_part(root, 1), [PLAIN], COLUMNS[:-1])
    found = _same_as_in_one_piece(root)[REQUESTS[0]]
    assert "t/part-1.parquet" in refused(found, Absence.UNREADABLE)
    for i in range(3):
        write_parquet(_part(root, i), [PLAIN], COLUMNS[::-1])
    _same_as_in_one_piece(root)


def test_nothing_is_kept_of_a_damaged_table(root: Path) -> None:
    content = bytearray(_part(root, 2).read_bytes())
    content[4:40] = b"\xff" * 36
    _part(root, 2).write_bytes(bytes(content))
    found = _same_as_in_one_piece(root)
    refused(found[REQUESTS[0]], Absence.UNREADABLE)
    assert not _kept(root).exists()


def test_a_pinned_table_stays_pinned(root: Path) -> None:
    _again(root)
    refused(_again(root, table("t", sha256="0" * 64))[REQUESTS[0]], Absence.WRONG_DIGEST)


def test_too_many_cells_are_counted_in_one_piece(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "MOST_ROWS", 1)
    for _ in range(2):
        _same_as_in_one_piece(root)
    assert not _kept(root).exists()


def test_counts_beyond_64_bits_are_kept_exactly(root: Path) -> None:
    most = {**PLAIN, "people": "999999999999999999999999999"}
    for i in range(2):
        write_parquet(_part(root, i), [most] * 3, COLUMNS)
    it = table("t", count={"column": "people", "unit": "row"})
    for _ in range(2):
        found = _same_as_in_one_piece(root, it)[REQUESTS[0]]
        assert isinstance(found, Counts)
        assert found.rows == 6 * 999999999999999999999999999 + 3
    assert len(found.source.counted_before) == 3
