"""A row group that several threads read holds the rows that one would read, each once."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgov.core.artifacts import CsvDialect
from hcgov.core.evidence.counts import Counts, CountsOf
from hcgov.core.project import Table
from hcgov.core.slices import SliceRules
from hcgov.io.tables import Engines, answer, dividing, sql
from hcgov.io.tables.engine import Session, session
from hcgov.io.tables.place import Place, place
from hcgov.io.tables.probing import schema_of
from hcgov.io.tables.room import opened
from tests.io.tables.making import SELECTED

TABLE = Table.model_validate(
    {"kind": "table", "path": "t.parquet", "roles": {"prediction": "prediction"}, "unit": "person"}
)
RULES = SliceRules(by=("sex",))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small files be divided, among four threads whatever this machine has."""
    asked = sql.parquet_groups
    monkeypatch.setattr(dividing, "LEAST_BYTES", 0)
    monkeypatch.setattr(dividing, "LEAST_ROWS", 2)
    monkeypatch.setattr(
        sql, "parquet_groups", lambda file: asked(file).replace("current_setting('threads')", "4")
    )


def _write(root: Path, rows: int, *, groups: int = 1, extra: str = "who") -> None:
    columns = {
        "sex": [(None, "F", "M")[i % 3] for i in range(rows)],
        "prediction": [i % 7 % 2 for i in range(rows)],
        extra: [f"p{i // 2}" for i in range(rows)],
    }
    pq.write_table(pa.table(columns), root / "t.parquet", row_group_size=max(-(-rows // groups), 1))


def _divided(root: Path) -> dividing.Divided:
    where = place("t", TABLE, root, ())
    with session(where.files) as engine:
        schema = schema_of(engine, where, CsvDialect())
        return dividing.divided(engine, where, CsvDialect(), schema, where.file)


def _reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the statements that will have been read."""
    read = list[str]()
    original = Session.read

    def reading(
        self: Session, where: Place, dialect: CsvDialect, statement: str, *, before: int = 0
    ) -> object:
        read.append(statement)
        return original(self, where, dialect, statement, before=before)

    monkeypatch.setattr(Session, "read", reading)
    return read


def _counted(root: Path, table: Table, asked: list[CountsOf]) -> list[Counts]:
    found = answer("t", table, root, asked, RULES, {}).values()
    counts = [one for one in found if isinstance(one, Counts)]
    assert len(counts) == len(asked)
    return counts


@pytest.mark.usefixtures("small_parts")
@given(rows=st.integers(min_value=0, max_value=40), groups=st.integers(min_value=1, max_value=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_row_is_in_one_part(tmp_path: Path, rows: int, groups: int) -> None:
    _write(tmp_path, rows, groups=groups)
    found = pq.read_metadata(tmp_path / "t.parquet").num_row_groups
    told, parts = _divided(tmp_path)
    assert told == rows
    assert (len(parts) > 1) == (rows >= 4 and 2 * found <= min(4, rows // 2))
    far = rows + 1000  # whatever the footer says, what stands behind is in the last part
    each = [row for first, end in parts for row in range(first, far if end is None else end)]
    assert each == list(range(far))


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("told", [0, 1, 80, 119, 121, 127])
def test_a_footer_that_tells_of_other_rows_hides_none(tmp_path: Path, told: int) -> None:
    _write(tmp_path, 120)
    content = (tmp_path / "t.parquet").read_bytes()
    honest, lie = content.rfind(b"\x16\xf0\x01\x19"), b"\x16" + _zigzag(told) + b"\x19"
    assert honest > 0  # in the footer, the rows of the file stand before the list of row groups
    footer = content[honest:].replace(b"\x16\xf0\x01\x19", lie, 1)
    shorter = len(lie) - 4
    length = int.from_bytes(footer[-8:-4], "little") + shorter
    patched = content[:honest] + footer[:-8] + length.to_bytes(4, "little") + b"PAR1"
    (tmp_path / "t.parquet").write_bytes(patched)
    assert pq.read_metadata(tmp_path / "t.parquet").num_rows == told
    (found,) = _counted(tmp_path, TABLE, [CountsOf(table="t", rates=(SELECTED,))])
    assert found.rows == found.source.rows == 120


def _zigzag(number: int) -> bytes:
    """Return a whole number as Thrift's compact protocol writes it, for small ones."""
    value = 2 * number
    return bytes([value]) if value < 128 else bytes([value % 128 + 128, value // 128])


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("person", [False, True])
def test_counts_are_those_of_the_undivided_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: bool
) -> None:
    roles = {"prediction": "prediction"} | ({"person": "who"} if person else {})
    table = Table.model_validate(
        {"kind": "table", "path": "t.parquet", "roles": roles, "unit": "row" if person else "person"}
    )
    halves = ("a", "b", None) if person else (None,)
    asked = [CountsOf(table="t", rates=(SELECTED,), half=half) for half in halves]
    read = _reading(monkeypatch)
    _write(tmp_path, 501)
    parts = _counted(tmp_path, table, asked)
    assert any("row_ >= 375)" in statement for statement in read)
    monkeypatch.setattr(dividing, "LEAST_ROWS", 1000)
    assert [(one.cells, one.crowds) for one in parts] == [
        (one.cells, one.crowds) for one in _counted(tmp_path, table, asked)
    ]
    assert parts[-1].rows == 501


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("ordered", [False, True])
def test_rows_that_are_asked_for_in_order_are_read_in_one_piece(tmp_path: Path, *, ordered: bool) -> None:
    _write(tmp_path, 400)
    with opened("t", {"t": TABLE}, tmp_path, engines=Engines(), ordered=ordered) as room:
        found = room.attach("t", room.schema("t"), None, called="here", passes=1, divide=True)
        who = [row[0] for row in found.read(f"SELECT c2 FROM {found.source}")]
    assert ("row_ >=" in found.source) is not ordered
    assert sorted(who) == sorted(f"p{i // 2}" for i in range(400))
    if ordered:
        assert who == [f"p{i // 2}" for i in range(400)]


@pytest.mark.usefixtures("small_parts")
def test_a_column_that_is_called_as_the_engine_calls_places_is_read_as_it_is(tmp_path: Path) -> None:
    _write(tmp_path, 60, extra="File_Row_Number")
    assert _divided(tmp_path) == dividing.WHOLE
    assert _counted(tmp_path, TABLE, [CountsOf(table="t", rates=(SELECTED,))])[0].rows == 60


def test_a_file_of_many_small_row_groups_is_read_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dividing, "LEAST_BYTES", 0)
    _write(tmp_path, 2 * dividing.LEAST_ROWS, groups=20)
    assert _divided(tmp_path).parts == dividing.WHOLE.parts
    _write(tmp_path, 60)
    assert _divided(tmp_path).parts == dividing.WHOLE.parts


@pytest.mark.usefixtures("small_parts")
def test_the_only_file_that_changed_is_divided_and_its_counts_are_kept_as_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").mkdir()
    for i in range(3):
        _write(tmp_path, 60 + i)
        (tmp_path / "t.parquet").rename(tmp_path / "t" / f"{i}.parquet")
    it = TABLE.model_copy(update={"path": "t"})
    asked = CountsOf(table="t", rates=(SELECTED,))
    engines = Engines(counts=tmp_path / "counts")

    def counted(engines: Engines) -> Counts:
        found = answer("t", it, tmp_path, [asked], RULES, {}, engines=engines)[asked]
        assert isinstance(found, Counts)
        return found

    assert counted(engines).rows == 183
    _write(tmp_path, 50)
    (tmp_path / "t.parquet").rename(tmp_path / "t" / "1.parquet")
    read = _reading(monkeypatch)
    for _ in range(2):
        found = counted(engines)
        assert (found.rows, found.cells) == (172, counted(Engines()).cells)
    assert sum("row_ >= 25 AND row_ < 37" in statement for statement in read) == 1
