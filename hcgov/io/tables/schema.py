"""What a table looks like from its header or footer: names and types, no rows."""

from collections import Counter
from enum import StrEnum
from functools import cached_property

from hcgov.core.frozen import frozen
from hcgov.core.project import Table


class Family(StrEnum):
    """What kind of values a column holds, as far as comparing them goes."""

    TEXT = "text"
    EXACT = "exact"
    FLOAT = "float"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    OTHER = "other"


@frozen
class Schema:
    """Columns of a table, in the order of the file.

    Parameters
    ----------
    columns
        Names as written; a name may occur more than once.
    families
        Kind of values of each column; CSV and JSON Lines hold text only.
    """

    columns: tuple[str, ...]
    families: tuple[Family, ...]

    @cached_property
    def duplicates(self) -> frozenset[str]:
        """Names that occur more than once: a mistake only where one is used."""
        return frozenset(name for name, times in Counter(self.columns).items() if times > 1)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position, from 0, of every name that occurs once."""
        return {name: i for i, name in enumerate(self.columns) if name not in self.duplicates}


class Misnamed(StrEnum):
    """Why a column name leads nowhere."""

    UNKNOWN = "unknown"
    REPEATED = "repeated"
    BEYOND = "beyond"


def locate(schema: Schema, table: Table, column: str) -> int | Misnamed:
    """Return the position of a column, or why there is none.

    ``columns:`` of the manifest goes before the header, so that repeated and misleading names can be used.

    Parameters
    ----------
    schema
        As probed.
    table
        The artifact.
    column
        Name of a column: a key of the artifact's ``columns`` or a name in the header.

    Returns
    -------
    int or Misnamed
        Position from 0; ``UNKNOWN`` where no column has the name, ``REPEATED`` where several have it,
        ``BEYOND`` where ``columns:`` gives a position that the table does not have.
    """
    if column in table.columns:
        position = table.columns[column]
        return position if 0 <= position < len(schema.columns) else Misnamed.BEYOND
    if column in schema.duplicates:
        return Misnamed.REPEATED
    return schema.positions.get(column, Misnamed.UNKNOWN)
