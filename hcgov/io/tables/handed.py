"""Tables handed over in memory: pandas, polars, Arrow, and whatever speaks Arrow's C stream interface."""

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, cast

from hcgov.core.evidence.absent import Absence
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.place import Named
from hcgov.io.tables.schema import Family, Schema
from hcgov.io.tables.unread import unread

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@frozen
class Handed:
    """A frame as an Arrow table whose columns are called ``c0``, ``c1`` … by position.

    ``mixed`` are the columns that hold values of more than one kind: empty here, and refused where they are used.
    """

    where: Named
    schema: Schema
    rows: "pa.Table"
    mixed: frozenset[int] = frozenset()

    def used(self, columns: AbstractSet[int] | None) -> "pa.Table":
        """Return the columns that are used; all if ``None``.

        Raises
        ------
        UnreadError
            One of them holds values of more than one kind.
        """
        at = self._at(columns)
        if bad := sorted(self.mixed.intersection(at)):
            detail = text(
                "column `{column}` of {path} holds values of several kinds; make them one, such as text",
                column=self.schema.columns[bad[0]],
                path=self.where.path,
            )
            raise unread(Absence.UNREADABLE, self.where.name, detail)
        # A table without columns has no rows either.
        return self.rows.select([f"c{i}" for i in at]) if at else self.rows

    def scan(self, name: str, columns: AbstractSet[int] | None) -> str:
        """Return the query for the used columns of the frame, registered under a name."""
        families = self.schema.families
        values = [f"{_value(f'c{i}', families[i])} AS c{i}" for i in self._at(columns)]
        return sql.select(values or ["1 AS one"], name)

    def _at(self, columns: AbstractSet[int] | None) -> list[int]:
        return sorted(range(len(self.schema.families)) if columns is None else columns)


def _value(column: str, family: Family) -> str:
    return f"CAST({column} AS VARCHAR)" if family is Family.TEXT else flags.recorded(column, family)


def handed(name: str, frame: object) -> Handed:
    """Take a frame as an Arrow table.

    Parameters
    ----------
    name
        Artifact that it stands for.
    frame
        A pandas or polars data frame, an Arrow table or record batch, or anything with ``__arrow_c_stream__``.

    Raises
    ------
    UnreadError
        It is none of these.
    """
    kind = type(frame)
    shown = f"{kind.__module__.partition('.')[0]}.{kind.__qualname__} in memory"
    where = Named(name=name, path=shown)
    if _reads_once(frame):
        detail = text(
            "`{artifact}` was handed over as {kind}, which can be read only once: whoever reads it again finds it "
            "empty; hand over the table, such as what `read_all()` returns",
            artifact=name,
            kind=shown,
        )
        raise unread(Absence.WRONG_KIND, name, detail)
    table, mixed = _arrow(frame)
    if table is None:
        detail = text(
            "`{artifact}` was handed over as {kind}, which is no pandas, polars or Arrow table",
            artifact=name,
            kind=shown,
        )
        raise unread(Absence.WRONG_KIND, name, detail)
    names = tuple(str(column) for column in table.column_names)
    schema = Schema(columns=names, families=tuple(_family(field.type) for field in table.schema))
    rows = table.rename_columns([f"c{i}" for i in range(len(names))])
    return Handed(where=where, schema=schema, rows=rows, mixed=frozenset(mixed))


def _reads_once(frame: object) -> bool:
    """Whether a frame gives its rows away: names are looked at before rows are counted, and then none would be left."""
    import pyarrow as pa

    return isinstance(frame, pa.RecordBatchReader)


def _arrow(frame: object) -> "tuple[pa.Table | None, set[int]]":
    """Return a frame as an Arrow table, if it is one, and its columns that hold several kinds of values."""
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame, set()
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame]), set()
    if type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns"):
        return _pandas(cast("pd.DataFrame", frame))
    try:
        return (pa.table(frame) if hasattr(frame, "__arrow_c_stream__") else None), set()
    except (pa.ArrowException, OSError, TypeError, ValueError):  # a single column, such as a series
        return None, set()


def _pandas(frame: "pd.DataFrame") -> "tuple[pa.Table, set[int]]":
    """Convert column by column, as names may repeat; NaN is `not recorded`, as pandas has it."""
    import pyarrow as pa

    columns, mixed = [], set()
    for i in range(frame.shape[1]):
        try:
            columns.append(pa.array(frame.iloc[:, i], from_pandas=True))
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            mixed.add(i)
            columns.append(pa.nulls(len(frame)))
    return pa.table(columns, names=[str(name) for name in frame.columns]), mixed


def _family(kind: "pa.DataType") -> Family:
    import pyarrow.types as of

    if of.is_dictionary(kind):
        return _family(kind.value_type) if _is_text(kind.value_type) else Family.OTHER
    if _is_text(kind):
        return Family.TEXT
    if of.is_boolean(kind):
        return Family.BOOLEAN
    if of.is_integer(kind) or of.is_decimal(kind):
        return Family.EXACT
    if of.is_floating(kind):
        return Family.DOUBLE if of.is_float64(kind) else Family.FLOAT
    return Family.OTHER


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow.types as of

    return bool(of.is_string(kind) or of.is_large_string(kind) or of.is_string_view(kind))
