"""Questions to a table put into one statement, so that the embedded engine works at them side by side."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

from hcgov.core.evidence.aggregates import Kind, Number
from hcgov.core.frozen import frozen
from hcgov.io.tables import sql
from hcgov.io.tables.relation import Relation

Numbers: TypeAlias = tuple[Number | None, ...]
Key = TypeVar("Key")

_KEPT = "found_first"


@frozen
class Question:
    """A query that gives one row of numbers: its terms, and where they are taken from."""

    terms: tuple[str, ...]
    source: str


@frozen
class Summed:
    """A table whose columns have been given their types.

    Parameters
    ----------
    relation
        The table in the engine.
    source
        The query of its typed columns ``c0``, ``c1`` …
    at, kinds
        Position and kind of each column that may be asked about.
    """

    relation: Relation
    source: str
    at: Mapping[str, int]
    kinds: Mapping[str, Kind]

    def name(self, column: str) -> str:
        """Return a column's name in the engine."""
        return f"c{self.at[column]}"

    def rows(self, *terms: str) -> Question:
        """Return a question to the rows."""
        return Question(terms=terms, source=self.source)

    def first_rows(self, columns: Sequence[str], most: int, *terms: str) -> Question:
        """Return a question to the rows of some columns that are read soonest."""
        names = ", ".join(self.name(column) for column in columns)
        return Question(terms=terms, source=f"({sql.first_rows(names, self.source, most)}) sample")

    def by_value(self, columns: Sequence[str], *terms: str) -> Question:
        """Return a question to the distinct values of some columns, each with how many ``times`` it occurs."""
        counted = sql.grouped([self.name(column) for column in columns], ["COUNT(*) AS times"], self.source)
        return Question(terms=terms, source=f"({counted}) counted")


def answered(
    relation: Relation, questions: Mapping[Key, Question], *, lists: Mapping[str, Question] | None = None
) -> dict[Key, Numbers]:
    """Return what each question gives, under the same key.

    Questions to one source share a scan. The scans stand in one union, because one row group keeps one core busy while
    the parts of a union run beside each other. Each part has columns of its own: no number is made to fit the type
    of another.

    Parameters
    ----------
    relation, questions
        The table, and what is asked of it.
    lists
        Lists of values that the same scans make, by name. They stay in the engine: see :func:`listed`.
    """
    lists = lists or {}
    scans: dict[str, list[str]] = {}
    places: dict[Key, tuple[str, int]] = {}
    for key, question in questions.items():
        if not question.terms:
            continue
        terms = scans.setdefault(question.source, [])
        places[key] = (question.source, len(terms))
        terms += question.terms
    width, start, parts = sum(map(len, scans.values())), 0, []
    starts: dict[str, int] = {}
    for source, terms in scans.items():
        cells = ["NULL"] * width
        cells[start : start + len(terms)] = terms
        cells += [one.terms[0] if one.source == source else "NULL" for one in lists.values()]
        parts.append(sql.select([str(start), *cells], source))
        starts[source] = start
        start += len(terms)
    union = " UNION ALL ".join(parts)
    if lists:
        numbers = [f"n{i}" for i in range(width + 1)]
        relation.keep(_KEPT, sql.select(["*"], f"({union}) found({', '.join((*numbers, *lists))})"))
        union = sql.select(numbers, _KEPT)
    rows = relation.read(union) if parts else []
    found = {at: tuple(cell if isinstance(cell, int | float) else None for cell in row) for at, *row in rows}
    return dict.fromkeys(questions, ()) | {
        key: found[starts[source]][starts[source] + at :][: len(questions[key].terms)]
        for key, (source, at) in places.items()
    }


def listed(name: str, column: str) -> str:
    """Return the query of the values of a list that was kept, as a column."""
    return f"({sql.select([f'UNNEST({name}) AS {column}'], _KEPT, where=f'{name} IS NOT NULL')}) listed"
