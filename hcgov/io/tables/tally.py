"""One group-by at the finest cell for every rate that is asked of a table; few cells are rolled up here."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeAlias, cast

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.counts import Cell
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.binding import ResolvedOutcome, group_column
from hcgov.io.tables.engine import Row
from hcgov.io.tables.finest import as_recorded
from hcgov.io.tables.people import People, bad_counts, bad_weights, count_terms, people_of, weight_terms
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.unread import UnreadError, unread

Groups: TypeAlias = tuple[str | None, ...]
Flags: TypeAlias = tuple[int | None, ...]

MOST_FEW = 20_000
"""Cells up to which they are added up here: the engine plans a statement many times longer than it works at it."""


@frozen
class Caps:
    """How far a table may fan out.

    Parameters
    ----------
    cells
        Most cells that are rolled up at once.
    values
        Most values of one group column.
    crossings
        Most groups of one crossing: nobody reads more, and each is judged and told.
    """

    cells: int = 1_000_000
    values: int = 10_000
    crossings: int = 10_000


@frozen
class Tally:
    """Finest cells of a table: here where they are few, else in the engine.

    Parameters
    ----------
    relation
        The table.
    groups, outcomes
        Names in the order of the engine's columns ``g0`` … and ``f0`` ….
    people
        What the table says about people.
    weighted
        Whether rows have weights.
    rows, units, cells
        Rows scanned, what they count together, and how many finest cells there are.
    crowded
        Group columns with more values than allowed, and how many.
    neither
        Outcomes that are not mapped, and how many rows hold something else than 0 and 1.
    few
        The cells themselves, where they are so few that they are not worth a statement: groups, flags and units.
    """

    relation: Relation
    groups: tuple[str, ...]
    outcomes: tuple[str, ...]
    people: People
    weighted: bool
    rows: int
    units: int
    cells: int
    crowded: Mapping[str, int]
    neither: Mapping[str, int]
    few: Sequence[Row] | None = None

    def size(self, groups: Sequence[str]) -> int:
        """Return how many groups a crossing has that any row is in."""
        if self.few is not None:
            places = [self.groups.index(group) for group in groups]
            return len({tuple([row[at] for at in places]) for row in self.few})
        keys = [f"g{self.groups.index(group)}" for group in groups]
        return self.relation.number(sql.select(["COUNT(*)"], f"({sql.grouped(keys, [], 'cells')}) crossed"))

    def fetch(self, groups: Sequence[str], outcomes: Sequence[str], cap: int) -> tuple[Cell, ...] | int:
        """Return the cells of some groups and outcomes, or how many there would be if above ``cap``."""
        if self.few is not None:
            return self._rolled(self.few, groups, outcomes, cap)
        select = [f"g{self.groups.index(group)}" for group in groups]
        select += [_readable(self.outcomes.index(outcome)) for outcome in outcomes]
        sums = ["SUM(w)", "SUM(w2)"] if self.weighted else []
        query = sql.grouped(select, ["SUM(n) AS n", *sums], "cells")
        if (
            self.cells > cap
            and (number := self.relation.number(sql.select(["COUNT(*)"], f"({query})"))) > cap
        ):
            return number
        if select:
            query += f" ORDER BY {sql.positions(select)}"
        first, last = len(groups), len(select)
        found = []
        for row in self.relation.read(query):
            n = int(row[last] or 0)
            if n:
                cell = Cell(
                    groups=tuple([None if value is None else str(value) for value in row[:first]]),
                    flags=tuple([None if f is None else int(f) for f in row[first:last]]),
                    n=n,
                    weights=(settled(row[last + 1]), settled(row[last + 2])) if self.weighted else None,
                )
                found.append(cell)
        return tuple(found)

    def _rolled(
        self, few: Sequence[Row], groups: Sequence[str], outcomes: Sequence[str], cap: int
    ) -> tuple[Cell, ...] | int:
        """Return the same of cells that are added up here."""
        at = [self.groups.index(group) for group in groups]
        at += [len(self.groups) + self.outcomes.index(outcome) for outcome in outcomes]
        whole = at == list(range(len(self.groups) + len(self.outcomes)))
        sums: dict[Row, int] = {}
        for row in few:
            key = row[:-1] if whole else tuple([row[i] for i in at])
            sums[key] = sums.get(key, 0) + int(row[-1] or 0)
        last = len(groups)
        if self.neither:
            sums = _readable_flags(sums, last)
        if len(sums) > cap:
            return len(sums)
        ordered = sorted(sums, key=_order if any(None in key for key in sums) else None)
        # The engine gives groups as text and flags as whole numbers; so does what is kept of them.
        cells = [(cast("Groups", key[:last]), cast("Flags", key[last:]), sums[key]) for key in ordered]
        return tuple([Cell.of(named, flagged, n, None) for named, flagged, n in cells if n])


def _readable_flags(sums: Mapping[Row, int], first: int) -> dict[Row, int]:
    """Return sums without the mark of what is neither 0 nor 1, which is not recorded; flags begin at a position."""
    read: dict[Row, int] = {}
    for key, n in sums.items():
        known = (*key[:first], *[None if flag == flags.NEITHER else flag for flag in key[first:]])
        read[known] = read.get(known, 0) + n
    return read


def tally(
    relation: Relation, groups: tuple[str, ...], outcomes: tuple[ResolvedOutcome, ...], caps: Caps
) -> Tally:
    """Count the finest cells of a table; where they are not few, the engine keeps them as ``cells``.

    The table is read once, or twice if it is small and its cells are many.

    Raises
    ------
    UnreadError
        A column that is not there, a count or a weight that is none, or a file that cannot be read.
    """
    people, weights = people_of(relation), weight_terms(relation)
    keys = [*group_terms(relation, groups), *flag_terms(relation, outcomes)]
    query = None
    if relation.table.count is None and weights is None:
        query = as_recorded(relation, groups, outcomes, keys)
    if query is None:
        query = partial(sql.grouped, keys, _sums(relation, weights))
    plain = relation.table.count is None and weights is None
    few = relation.few_groups(query, MOST_FEW) if plain else None
    if few is None:
        few = relation.keep_grouped("cells", query, keys=len(keys), most=MOST_FEW if plain else 0)
    cells, rows, units, wrong, unweighed_rows, *others = (
        _totals(relation, outcomes, weighed=weights is not None)
        if few is None
        else _totals_of(few, len(groups), len(outcomes))
    )
    if wrong:
        raise bad_counts(relation, int(wrong))
    if unweighed_rows:
        raise bad_weights(relation, int(unweighed_rows))
    return Tally(
        relation=relation,
        groups=groups,
        outcomes=tuple(outcome.name for outcome in outcomes),
        people=people,
        weighted=weights is not None,
        rows=int(rows or 0),
        units=int(units or 0),
        cells=int(cells or 0),
        crowded=_crowded(relation, groups, few, caps) if int(cells or 0) > caps.values else {},
        neither={o.name: int(n) for o, n in zip(outcomes, others, strict=True) if n},
        few=None if few is None else [row[: len(keys) + 1] for row in few],
    )


def _totals(relation: Relation, outcomes: Sequence[ResolvedOutcome], *, weighed: bool) -> Row:
    """Return how many cells are kept, rows, units, unusable counts and weights, and what each outcome does not map."""
    neither = [f"SUM(CASE WHEN f{i} = {flags.NEITHER} THEN records ELSE 0 END)" for i in range(len(outcomes))]
    lacking = "SUM(unweighed)" if weighed else "0"
    totals = ["COUNT(*)", "SUM(records)", "SUM(n)", "SUM(bad)", lacking, *neither]
    (row,) = relation.read(sql.select(totals, "cells"))
    return row


def _totals_of(few: Sequence[Row], groups: int, outcomes: int) -> Row:
    """Return the same of cells that are added up here."""
    n, records, bad = (sum(int(row[at] or 0) for row in few) for at in (-3, -2, -1))
    neither = [
        sum(int(row[-2] or 0) for row in few if row[groups + i] == flags.NEITHER) for i in range(outcomes)
    ]
    return (len(few), records, n, bad, 0, *neither)


def _sums(relation: Relation, weights: tuple[str, str] | None) -> list[str]:
    """Return the SQL of what is summed in each cell: units, rows, unusable counts, and weights where rows have any."""
    unit, bad = count_terms(relation)
    sums = [f"SUM({unit}) AS n", "COUNT(*) AS records", f"SUM({bad}) AS bad"]
    if relation.table.count is None:
        sums = ["COUNT(*) AS n", "COUNT(*) AS records", "0 AS bad"]
    if weights is not None:
        w, unweighed = weights
        sums += [
            f"SUM({unit} * {w}) AS w",
            f"SUM({unit} * {w} * {w}) AS w2",
            f"SUM({unweighed}) AS unweighed",
        ]
    return sums


def too_many_values(relation: Relation, group: str, values: int, cap: int) -> UnreadError:
    """Return the refusal of a group column that is none."""
    detail = text(
        "`{column}` in `{path}` has {values} different values, more than the {cap} that groups of people may "
        "have; group it into fewer, or take it out of the slices",
        column=group_column(relation.table, group),
        path=relation.where.path,
        values=f"{values:,}",
        cap=f"{cap:,}",
    )
    return unread(Absence.TOO_MANY_GROUPS, relation.where.name, detail)


def _crowded(
    relation: Relation, groups: tuple[str, ...], few: Sequence[Row] | None, caps: Caps
) -> dict[str, int]:
    if not groups:
        return {}
    values: Row
    if few is None:
        distinct = [f"COUNT(DISTINCT g{i})" for i in range(len(groups))]
        (values,) = relation.read(sql.select(distinct, "cells"))
    else:
        values = tuple([len({row[i] for row in few} - {None}) for i in range(len(groups))])
    return {group: int(n) for group, n in zip(groups, values, strict=True) if n and int(n) > caps.values}


def group_terms(relation: Relation, groups: tuple[str, ...]) -> list[str]:
    """Return the SQL of groups as text, ``g0`` and so on."""
    columns = [relation.column(group_column(relation.table, group)) for group in groups]
    return [f"{flags.as_text(c.name, c.family)} AS g{i}" for i, c in enumerate(columns)]


def flag_terms(relation: Relation, outcomes: tuple[ResolvedOutcome, ...]) -> list[str]:
    """Return the SQL of outcomes as flags, ``f0`` and so on."""
    columns = [relation.column(outcome.column) for outcome in outcomes]
    return [
        f"{flags.flag(outcome, c.name, c.family)} AS f{i}"
        for i, (outcome, c) in enumerate(zip(outcomes, columns, strict=True))
    ]


def settled(value: str | float | None) -> float:
    """Return a sum of real numbers to twelve digits: those behind depend on the order in which an engine adds."""
    return float(f"{float(value or 0):.12g}")


def _readable(outcome: int) -> str:
    """Return a flag without the mark of what is neither 0 nor 1: those outcomes are refused elsewhere."""
    return f"NULLIF(f{outcome}, {flags.NEITHER})"


def _order(key: Row) -> list[tuple[bool, str | int | None]]:
    """Return how cells are ordered: what is not recorded goes last."""
    return [(value is None, value) for value in key]
