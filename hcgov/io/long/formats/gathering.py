"""Rows of a long table as a reader gathers them."""

from collections.abc import Mapping, Sequence

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import COLUMNS, LongKind
from hcgov.core.text import Text, text
from hcgov.io.long.formats.rows import Rows, UnreadableError, Value
from hcgov.io.long.formats.values import name_of


class Gathered:
    """Rows as they are gathered; columns that hold nothing at the end are none.

    Parameters
    ----------
    kind
        Which long table.
    columns
        Canonical names, in the order in which :meth:`add` takes their values.
    overrides
        Canonical column -> field of the file's records that holds it, in place of what the format says.
    """

    def __init__(
        self, kind: LongKind, columns: Sequence[str], overrides: Mapping[str, str] | None = None
    ) -> None:
        stray = [name for name in columns if name not in COLUMNS[kind]]
        if stray:
            raise ValueError(f"`{stray[0]}` is no column of {kind}")
        self.kind = kind
        self.names = tuple(columns)
        self.rows = 0
        self.notes: list[Text] = []
        self.dropped: dict[str, int] = {}
        self._overrides = {n: f for n, f in (overrides or {}).items() if n in COLUMNS[kind]}
        self._overridden: dict[str, list[Value]] = {name: [] for name in self._overrides}
        self._groups: dict[str, list[str | None]] = {}
        self._rows: list[tuple[Value, ...]] = []

    def add(
        self,
        values: tuple[Value, ...],
        groups: Mapping[str, str | None] | None = None,
        record: Mapping[str, Tree] | None = None,
    ) -> None:
        """Add a row: its values in the order of the columns, what describes it, and the record it is from."""
        self._rows.append(values)
        if groups:
            for name in groups:
                if name not in self._groups:
                    self._groups[name] = [None] * self.rows
        for name, column in self._groups.items():
            column.append(groups.get(name) if groups else None)
        for name, field_ in self._overrides.items():
            self._overridden[name].append(name_of((record or {}).get(field_)))
        self.rows += 1

    def drop(self, reason: str, times: int = 1) -> None:
        """Count judgments that are left aside."""
        if times:
            self.dropped[reason] = self.dropped.get(reason, 0) + times

    def note(self, template: str, **values: object) -> None:
        """Tell something about the file."""
        self.notes.append(text(template, **values))

    def finished(self, what: str) -> Rows:
        """Return the rows.

        Raises
        ------
        UnreadableError
            There is none; ``what`` says of what.
        """
        if not self.rows:
            left = ", ".join(f"{times} {reason}" for reason, times in self.dropped.items())
            raise UnreadableError(
                "the file holds no {what}{left}", what=what, left=f" (left aside: {left})" if left else ""
            )
        width = len(self.names)
        columns: dict[str, Sequence[Value]] = {}
        for i, name in enumerate(self.names):
            column = [row[i] for row in self._rows]
            if any(value is not None for value in column):
                columns[name] = column
        if any(len(row) != width for row in self._rows):
            raise ValueError("a row has other columns than the table")
        for name, given in self._overridden.items():
            if all(value is None for value in given):
                raise UnreadableError(
                    "no record has a field `{field}`, which is to hold `{column}`",
                    field=self._overrides[name],
                    column=name,
                )
            columns[name] = given
        return Rows(
            kind=self.kind,
            rows=self.rows,
            columns=columns,
            groups={n: c for n, c in self._groups.items() if any(v is not None for v in c)},
            notes=tuple(self.notes),
            dropped=self.dropped,
        )
