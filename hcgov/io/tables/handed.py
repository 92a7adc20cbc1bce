"""Tables handed over in memory: pandas, polars, Arrow, and whatever speaks Arrow's C stream interface."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hcgov.core.evidence.absent import Absence
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.place import Named
from hcgov.io.tables.schema import Family, Schema
from hcgov.io.tables.unread import unread

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A frame as an Arrow table whose columns are called ``c0``, ``c1`` … by position."""

    where: Named
    schema: Schema
    rows: "pa.Table"

    def scan(self, name: str, used: AbstractSet[int] | None) -> str:
        """Return the query for the used columns of the frame, registered under a name."""
        families = self.schema.families
        at = sorted(range(len(families)) if used is None else used)
        return sql.select([f"{_value(f'c{i}', families[i])} AS c{i}" for i in at] or ["1 AS one"], name)


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
        It is none of these, or a column holds values of more than one kind.
    """
    kind = type(frame)
    shown = f"{kind.__module__.partition('.')[0]}.{kind.__qualname__} in memory"
    where = Named(name=name, path=shown)
    table = _arrow(where, frame)
    if table is None:
        detail = text(
            "`{artifact}` was handed over as {kind}, which is no pandas, polars or Arrow table",
            artifact=name,
            kind=shown,
        )
        raise unread(Absence.WRONG_KIND, name, detail)
    names = tuple(str(column) for column in table.column_names)
    schema = Schema(columns=names, families=tuple(_family(field.type) for field in table.schema))
    return Handed(where=where, schema=schema, rows=table.rename_columns([f"c{i}" for i in range(len(names))]))


def _arrow(where: Named, frame: object) -> "pa.Table | None":
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns"):
        return _pandas(where, cast("pd.DataFrame", frame))
    return pa.table(frame) if hasattr(frame, "__arrow_c_stream__") else None


def _pandas(where: Named, frame: "pd.DataFrame") -> "pa.Table":
    """Convert column by column, as names may repeat; NaN is `not recorded`, as pandas has it."""
    import pyarrow as pa

    columns = []
    for i, name in enumerate(frame.columns):
        try:
            columns.append(pa.array(frame.iloc[:, i], from_pandas=True))
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            detail = text(
                "column `{column}` of {path} holds values of several kinds; make them one, such as text",
                column=name,
                path=where.path,
            )
            # `from None`: the library's message quotes the value that did not fit.
            raise unread(Absence.UNREADABLE, where.name, detail) from None
    return pa.table(columns, names=[str(name) for name in frame.columns])


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
