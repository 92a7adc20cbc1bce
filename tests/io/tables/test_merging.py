"""Sums out of those of before are the sums of all files, whatever has come and gone since, without any rounding."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.io.tables import Engines, incremental, merging
from hcgov.io.tables.earlier import Earlier
from hcgov.io.tables.engine import Row
from hcgov.io.tables.packed import Pack, packed, unpacked
from hcgov.io.tables.room import opened
from tests.io.tables.making import table

Rows = Sequence[tuple[str | None, int]]
IT = table("t")
BIG = 2**63 - 1
SUMS = ["COUNT(*) AS n", "SUM(c1) AS s"]

rows = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, BIG)), max_size=4)
files = st.lists(rows, min_size=4, max_size=9)
steps = st.lists(
    st.tuples(st.sampled_from(["change", "add", "remove", "copy"]), st.integers(0, 99), rows), max_size=5
)


def _write(root: Path, contents: Sequence[Rows]) -> None:
    """Write files so that each is in the folder under its position, and no other is."""
    folder = root / "t"
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for i, content in enumerate(contents):
        groups, numbers = [group for group, _ in content], [number for _, number in content]
        made = pa.table({"g": pa.array(groups, pa.string()), "v": pa.array(numbers, pa.int64())})
        pq.write_table(made, folder / f"{i:03}.parquet")


def _summed(
    root: Path, sums: Sequence[str] = SUMS, *, grouped: bool = True, merges: Sequence[str] = (), most: int = 0
) -> tuple[list[Row], int]:
    """Return the sums by group of all files, and how many files were not read.

    Sums of up to ``most`` groups are merged outside the engine.
    """
    names = [term.rsplit(" ", 1)[1] for term in sums]

    def query(source: str) -> str:
        return (
            f"SELECT c0 AS g, {', '.join(sums)} FROM {source} GROUP BY 1"
            if grouped
            else (f"SELECT {', '.join(sums)} FROM {source}")
        )

    with opened("t", {"t": IT}, root, engines=Engines(counts=root / "kept")) as room:
        relation = room.attach("t", room.schema("t"), None, called="here", passes=1)
        found = relation.keep_grouped("summed", query, keys=int(grouped), merges=merges, most=most)
        if found is None:
            found = relation.read(f"SELECT {', '.join([*(['g'] if grouped else []), *names])} FROM summed")
        else:
            assert len(found) <= most
        return found, len(room.seal("t", 1).counted_before)


def _packs(root: Path) -> list[Pack]:
    packs = (unpacked(entry.read_bytes()) for entry in (root / "kept").iterdir())
    return [pack for pack in packs if pack is not None and pack.pieces]


def _expected(contents: Sequence[Rows]) -> dict[str | None, tuple[int, int]]:
    n: Counter[str | None] = Counter(group for content in contents for group, _ in content)
    total: Counter[str | None] = Counter()
    for content in contents:
        for group, number in content:
            total[group] += number
    return {group: (n[group], total[group]) for group in n}


def _step(contents: list[Rows], step: str, at: int, new: Rows) -> None:
    at %= len(contents)
    if step == "change":
        contents[at] = new
    elif step == "add":
        contents.append(new)
    elif step == "copy":
        contents.append(contents[at])
    elif len(contents) > 2:
        del contents[at]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    contents=files,
    changes=steps,
    mosts=st.lists(st.sampled_from([0, 2, 3, 99]), min_size=6, max_size=6),
    merged=st.sampled_from([2, 99]),
)
def test_sums_are_those_of_all_files_after_any_history(
    contents: list[Rows], changes: list[tuple[str, int, Rows]], mosts: list[int], merged: int
) -> None:
    with tempfile.TemporaryDirectory() as made, pytest.MonkeyPatch.context() as patched:
        patched.setattr(incremental, "MOST_MERGED", merged)
        root = Path(made).resolve()
        for change, most in zip([None, *changes], mosts, strict=False):
            if change is not None:
                _step(contents, *change)
            _write(root, contents)
            found, _ = _summed(root, most=most)
            assert {row[0]: row[1:] for row in found} == _expected(contents)
            assert len(found) == len({row[0] for row in found})


@pytest.fixture
def eight(tmp_path: Path) -> list[Rows]:
    """Return what eight files hold whose sums are kept."""
    contents: list[Rows] = [[("a", BIG - i), (f"only {i}", BIG)] for i in range(8)]
    _write(tmp_path, contents)
    _summed(tmp_path)
    return contents


def test_numbers_beyond_64_bits_stay_exact(tmp_path: Path, eight: list[Rows]) -> None:
    """The engine adds whole numbers in 128 bits, which Parquet would round to 53."""
    for change, taken in ((None, 8), ([("a", BIG - 100)], 7), ([("a", 1), ("b", BIG)], 7)):
        if change is not None:
            eight[3] = change
            _write(tmp_path, eight)
        found, before = _summed(tmp_path)
        assert {row[0]: row[1:] for row in found} == _expected(eight)
        assert max(int(row[2] or 0) for row in found) > 2**65
        assert before == taken
    (pack,) = _packs(tmp_path)
    assert dict(pack.columns)["s"] == "HUGEINT"


def test_a_group_of_a_file_that_is_gone_is_gone(tmp_path: Path, eight: list[Rows]) -> None:
    eight[2] = [("a", 1)]
    _write(tmp_path, eight)
    found, before = _summed(tmp_path)
    assert before == 7
    assert "only 2" not in {row[0] for row in found}
    assert len(found) == 8


def test_one_changed_file_is_put_to_the_total_and_nothing_else_is_read(
    tmp_path: Path, eight: list[Rows], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, int, int]] = []
    plain = merging.sums_now

    def noted(*args: object, **options: object) -> str:
        changed = args[4]
        assert isinstance(changed, merging.Change)
        come, gone = (sum(map(len, side.values())) for side in (changed.come, changed.gone))
        read.append((come, gone, int(bool(options["new"]))))
        return plain(*args, **options)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr("hcgov.io.tables.incremental.sums_now", noted)
    old, eight[5] = eight[5], [("a", 7)]
    for contents in (eight, eight, [*eight, eight[0]], [*eight[:5], old, *eight[6:]]):
        _write(tmp_path, contents)
        _summed(tmp_path)
    # Changed; as before; one that is there twice; that one gone, and the changed one as it was at first.
    assert read == [(0, 1, 1), (0, 0, 0), (1, 0, 0), (1, 2, 0)]


@pytest.mark.parametrize("most", [0, 99])
def test_pieces_do_not_pile_up(tmp_path: Path, eight: list[Rows], most: int) -> None:
    if most:  # what was kept until now is of the engine
        shutil.rmtree(tmp_path / "kept")
        _summed(tmp_path, most=most)
    for i in range(2 * merging.MOST_PIECES + 3):
        eight[i % 8] = [("a", i), ("b", BIG)]
        _write(tmp_path, eight)
        found, before = _summed(tmp_path, most=most)
        assert {row[0]: row[1:] for row in found} == _expected(eight)
        assert before == 7
        (pack,) = _packs(tmp_path)
        assert len(pack.pieces) <= merging.MOST_PIECES
        assert sum(len(piece.numbers) for piece in pack.pieces) <= 8 + merging.MOST_PIECES


def test_where_the_total_cannot_be_read_all_files_are(tmp_path: Path, eight: list[Rows]) -> None:
    (entry,) = (file for file in (tmp_path / "kept").iterdir() if unpacked(file.read_bytes()))
    (pack,) = _packs(tmp_path)
    assert pack.total is not None
    broken = replace(pack, total=replace(pack.total, content=b"PAR1"))
    Earlier(folder=tmp_path / "kept").write(entry.name[:64], packed(broken))
    for taken in (0, 8):
        found, before = _summed(tmp_path)
        assert {row[0]: row[1:] for row in found} == _expected(eight)
        assert before == taken


@pytest.mark.parametrize(
    ("sums", "merges"),
    [
        (["MIN(c1) AS least", "MAX(c1) AS most"], ("MIN", "MAX")),
        (["SUM(CAST(c1 AS DOUBLE)) AS s", "COUNT(*) AS n"], ()),
    ],
)
@pytest.mark.parametrize("grouped", [True, False])
def test_what_cannot_be_taken_away_has_no_total(
    tmp_path: Path, eight: list[Rows], sums: list[str], merges: tuple[str, ...], grouped: bool
) -> None:
    for file in (tmp_path / "kept").iterdir():
        file.unlink()
    for content in (eight[0], [("a", 5)], [("a", 3)]):
        eight[0] = content
        _write(tmp_path, eight)
        found, _ = _summed(tmp_path, sums, grouped=grouped, merges=merges)
        (row,) = [row for row in found if not grouped or row[0] == "a"]
        numbers = [number for rows in eight for group, number in rows if not grouped or group == "a"]
        least, most, total = min(numbers), max(numbers), sum(map(float, numbers))
        expected = [least, most] if merges else [total, len(numbers)]
        assert list(row[int(grouped) :]) == pytest.approx(expected, rel=1e-15)
    assert all(pack.total is None for pack in _packs(tmp_path))
