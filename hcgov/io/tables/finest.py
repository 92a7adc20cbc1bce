"""Count rows as recorded first, where their values are few, and name groups and outcomes after.

An outcome's flag is a rule about a recorded value, and a group's name is its text. Where a column holds few different
values, it is cheaper to apply these to the counts of the values than row by row.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from hcgov.io.tables import sql
from hcgov.io.tables.binding import ResolvedOutcome, group_column
from hcgov.io.tables.engine import Embedded
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.schema import Family

Query: TypeAlias = Callable[[str], str]

LOOK = 4_096
"""Rows that are looked at to guess whether a column has few values; only speed depends on it."""
FEW = 32
"""Different values among them up to which a column is counted as recorded."""


def as_recorded(
    relation: Relation, groups: Sequence[str], outcomes: Sequence[ResolvedOutcome], terms: Sequence[str]
) -> Query | None:
    """Return a group-by by some terms whose rows are grouped as recorded first; ``None`` where that does not pay.

    Parameters
    ----------
    relation
        A table whose rows all count the same.
    groups, outcomes
        What the terms are made of.
    terms
        The SQL of the groups, called ``g0`` …, then of the outcomes' flags, ``f0`` ….

    Returns
    -------
    function or None
        From a source to the query for the terms, the rows ``n``, and again as ``records``, and 0 as ``bad``.

    Raises
    ------
    UnreadError
        A column that is not there, or a file that cannot be read.
    """
    columns = [relation.column(outcome.column).name for outcome in outcomes]
    few = _with_few_values(relation, outcomes)
    if not few:
        return None
    named = [relation.column(group_column(relation.table, group)).name for group in groups]
    rules = list(zip(columns, terms[len(groups) :], strict=True))
    inner = [*dict.fromkeys([*named, *few]), *(rule for column, rule in rules if column not in few)]
    outer = [rule if column in few else f"f{i}" for i, (column, rule) in enumerate(rules)]
    sums = [f"CAST(SUM(rows_) AS BIGINT) AS {name}" for name in ("n", "records")]

    def query(source: str) -> str:
        recorded = sql.grouped(inner, ["COUNT(*) AS rows_"], source)
        return sql.grouped([*terms[: len(groups)], *outer], [*sums, "0 AS bad"], f"({recorded}) recorded")

    return query


def _with_few_values(relation: Relation, outcomes: Sequence[ResolvedOutcome]) -> set[str]:
    """Return the outcomes' columns that hold few different values, as far as a look at some rows tells."""
    # Files that are counted one by one are found again by their statement, which must not depend on a look.
    if not isinstance(relation.engine, Embedded) or relation.parts is not None:
        return set()
    columns = [relation.column(outcome.column) for outcome in outcomes if outcome.at_least is None]
    few = {c.name for c in columns if c.family is Family.BOOLEAN}
    asked = sorted({c.name for c in columns if c.family in (Family.EXACT, Family.TEXT)})
    if asked:
        look = relation.first_rows(asked, LOOK)
        (values,) = relation.read(sql.select([f"COUNT(DISTINCT {name})" for name in asked], f"({look}) look"))
        few |= {name for name, n in zip(asked, values, strict=True) if int(n or 0) <= FEW}
    return few
