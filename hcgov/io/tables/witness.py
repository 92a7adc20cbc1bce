"""What a source without bytes of its own answered: a digest by which two readings can be compared."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hcgov.core.frozen import frozen
from hcgov.io.tables.engine import Engine, Row

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Witness:
    """Digests every statement that is run on a table, with the rows of its answer in one order.

    It is no digest of the table: two tables may give the same counts. It only says whether what was decided on
    would be found again.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def of(self, engine: Engine) -> Engine:
        """Return the engine with this witness beside it."""
        return _Witnessed(engine=engine, witness=self)

    def note(self, statement: str, rows: list[Row]) -> None:
        """Take down one answer."""
        self._digest.update(statement.encode("utf-8", "surrogatepass"))
        for line in sorted(repr(row) for row in rows):
            self._digest.update(b"\n" + line.encode("utf-8", "surrogatepass"))
        self._digest.update(b"\0")

    def digest(self) -> str:
        """Return the SHA-256 over everything that was answered so far, in lower-case hex."""
        return self._digest.hexdigest()


@frozen
class _Witnessed:
    engine: Engine
    witness: Witness

    def read(self, statement: str) -> list[Row]:
        rows = self.engine.read(statement)
        self.witness.note(statement, rows)
        return rows

    def keep(self, name: str, query: str) -> None:
        self.witness.note(f"{name}: {query}", [])
        self.engine.keep(name, query)

    def frame(self, statement: str) -> "pd.DataFrame":
        self.witness.note(statement, [])
        return self.engine.frame(statement)

    def batches(self, statement: str, size: int) -> "Iterator[pa.RecordBatch]":
        self.witness.note(statement, [])
        return self.engine.batches(statement, size)
