"""Sums that were counted, made into what is kept of them for later checks."""

from collections.abc import Sequence

from hcgov.core.frozen import frozen
from hcgov.core.groups import identify_people
from hcgov.io.tables import few, sql
from hcgov.io.tables.engine import Row, Session
from hcgov.io.tables.merging import Columns, Sums, exactly, names_of
from hcgov.io.tables.packed import Pack, Piece, Total


@frozen
class Counted:
    """Sums that may be kept once the files are known not to have changed.

    Parameters
    ----------
    sums, columns
        What stands in the engine.
    carried
        Pieces that are kept as they are.
    files
        Positions of the files whose sums make a new piece.
    few
        The sums of all files, where they are merged outside the engine; else none.
    """

    sums: Sums
    columns: Columns
    carried: tuple[Piece, ...]
    files: Sequence[int]
    few: Sequence[Row]

    def identifies(self, session: Session) -> bool:
        """Whether a column of groups names people instead of grouping them: such names are kept nowhere."""
        names = [name for name, _ in self.columns]
        groups = [name for name, type_ in self.columns[: self.sums.keys] if type_ == "VARCHAR"]
        if not groups:
            return False
        if self.few:
            at = {name: place for place, name in enumerate(names)}
            return few.identifies(self.few, at, groups)
        people = "SUM(n)" if "n" in names else "COUNT(*)"
        query = sql.select([people, *(f"COUNT(DISTINCT {name})" for name in groups)], self.sums.name)
        ((counted, *values),) = session.connection.execute(query).fetchall()
        return any(identify_people(int(found), int(counted or 0)) for found in values)

    def pack(self, session: Session, digests: Sequence[str]) -> Pack:
        """Return all that is kept of them, by the digests of the files."""
        pieces, total = self.carried, None
        written = exactly(self.columns)
        if self.files:
            content, rows = _written(
                session, sql.select(["file", *written], self.sums.parts), self.sums.parts
            )
            numbers = {digests[i]: i for i in self.files}
            pieces = (*pieces, Piece(content=content, rows=rows, numbers=numbers))
        if self.few:
            content = few.to_bytes(self.few, names_of(self.columns), self.sums.keys)
            total = Total(content=content, of=digests)
        elif self.sums.lossless(self.columns):
            content, _ = _written(session, sql.select([*written, "files_"], self.sums.name), self.sums.name)
            total = Total(content=content, of=digests)
        return Pack(columns=self.columns, pieces=pieces, total=total)


def _written(session: Session, query: str, name: str) -> tuple[bytes, int]:
    file = session.folder / f"{name}.parquet"
    ((rows,),) = session.connection.execute(sql.written(query, file)).fetchall()
    return file.read_bytes(), int(rows)
