"""One group-by at the finest cell for every rate that is asked of a table; kept in the engine, rolled up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.counts import Cell, PeopleKey, Rate
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.binding import ResolvedOutcome, group_column
from hcgov.io.tables.people import People, bad_counts, count_terms, people_of, person_column
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.unread import UnreadError, unread


@dataclass(frozen=True, kw_only=True)
class Caps:
    """How far a table may fan out.

    Parameters
    ----------
    cells
        Most cells that are rolled up at once.
    values
        Most values of one group column.
    """

    cells: int = 1_000_000
    values: int = 10_000


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Finest cells of a table, in the engine.

    Parameters
    ----------
    relation
        The table.
    groups, outcomes
        Names in the order of the engine's columns ``g0`` … and ``f0`` ….
    people
        What the table says about people.
    rows, units, cells
        Rows scanned, what they count together, and how many finest cells there are.
    crowded
        Group columns with more values than allowed, and how many.
    neither
        Outcomes that are not mapped, and how many rows hold something else than 0 and 1.
    """

    relation: Relation
    groups: tuple[str, ...]
    outcomes: tuple[str, ...]
    people: People
    rows: int
    units: int
    cells: int
    crowded: Mapping[str, int]
    neither: Mapping[str, int]

    def fetch(self, groups: Sequence[str], outcomes: Sequence[str], cap: int) -> tuple[Cell, ...] | int:
        """Return the cells of some groups and outcomes, or how many there would be if above ``cap``."""
        select = [f"g{self.groups.index(group)}" for group in groups]
        select += [_readable(self.outcomes.index(outcome)) for outcome in outcomes]
        if self.people is People.REPEATED:
            select.append("b")
        query = sql.grouped(select, ["SUM(n) AS n"], "cells")
        if (
            self.cells > cap
            and (number := self.relation.number(sql.select(["COUNT(*)"], f"({query})"))) > cap
        ):
            return number
        if select:
            query += f" ORDER BY {sql.positions(select)}"
        width, repeated = len(groups), self.people is People.REPEATED
        found = []
        for row in self.relation.read(query):
            n = int(row[-1] or 0)
            if n:
                found.append(
                    Cell(
                        groups=tuple(None if value is None else str(value) for value in row[:width]),
                        flags=tuple(
                            None if f is None else int(f) for f in row[width : width + len(outcomes)]
                        ),
                        n=n,
                        bucket=int(row[-2] or 0) if repeated else None,
                    )
                )
        return tuple(found)

    def distinct(
        self, rates: Iterable[Rate], slicings: Iterable[tuple[str, ...]]
    ) -> dict[PeopleKey, int] | None:
        """Return the distinct people of every slice and rate; ``None`` where people do not repeat.

        Each slicing first takes every person once, then counts them: exact, and several times faster than
        distinct counts over grouping sets.
        """
        if self.people is not People.REPEATED:
            return None
        rates = tuple(dict.fromkeys(rates))
        conditions = [self._denominator(rate) for rate in rates]
        counts: dict[PeopleKey, int] = {}
        for slicing in dict.fromkeys(((), *slicings)):
            width = len(slicing)
            keys = [f"{sql.recorded(f'g{self.groups.index(g)}')} AS k{i}" for i, g in enumerate(slicing)]
            names = [f"k{i}" for i in range(width)]
            held = [
                f"MAX(CASE WHEN {condition} THEN 1 ELSE 0 END) AS d{i}"
                for i, condition in enumerate(conditions)
            ]
            inner = sql.grouped([*keys, "person"], held, "seen WHERE person IS NOT NULL")
            query = sql.grouped(names, [f"SUM(d{i})" for i in range(len(rates))], f"({inner})")
            for row in self.relation.read(query) if rates else ():
                values = tuple(zip(slicing, (str(value) for value in row[:width]), strict=True))
                for rate, people in zip(rates, row[width:], strict=True):
                    counts[values, rate] = int(people or 0)
        return counts

    def _denominator(self, rate: Rate) -> str:
        recorded = f"f{self.outcomes.index(rate.outcome)} IN (0, 1)"
        given = (f"f{self.outcomes.index(name)} = {int(value)}" for name, value in rate.given)
        return " AND ".join((recorded, *given))


def tally(
    relation: Relation, groups: tuple[str, ...], outcomes: tuple[ResolvedOutcome, ...], caps: Caps
) -> Tally:
    """Scan a table once and keep its finest cells in the engine, as ``cells`` (and ``seen``, by person).

    Raises
    ------
    UnreadError
        A column that is not there, a count that is none, or a file that cannot be read.
    """
    people = people_of(relation)
    weight, bad = count_terms(relation)
    select = [*_group_terms(relation, groups), *_flag_terms(relation, outcomes)]
    names = [f"g{i}" for i in range(len(groups))] + [f"f{i}" for i in range(len(outcomes))]
    sums = [f"SUM({weight}) AS n", "COUNT(*) AS records", f"SUM({bad}) AS bad"]
    if relation.table.count is None:
        sums = ["COUNT(*) AS n", "COUNT(*) AS records", "0 AS bad"]
    if people is People.REPEATED:
        person = person_column(relation)
        seen = sql.grouped([*select, f"{person.name} AS person"], sums, relation.source)
        relation.read(sql.kept("seen", seen))
        sums = ["SUM(n) AS n", "SUM(records) AS records", "0 AS bad"]
        finest = sql.grouped(
            [*names, f"{sql.bucket(flags.as_text('person', person.family))} AS b"], sums, "seen"
        )
    else:
        finest = sql.grouped(select, sums, relation.source)
    relation.read(sql.kept("cells", finest))
    neither = [f"SUM(CASE WHEN f{i} = {flags.NEITHER} THEN records ELSE 0 END)" for i in range(len(outcomes))]
    totals = ["COUNT(*)", "SUM(records)", "SUM(n)", "SUM(bad)", *neither]
    ((cells, rows, units, wrong, *others),) = relation.read(sql.select(totals, "cells"))
    if wrong:
        raise bad_counts(relation, int(wrong))
    return Tally(
        relation=relation,
        groups=groups,
        outcomes=tuple(outcome.name for outcome in outcomes),
        people=people,
        rows=int(rows or 0),
        units=int(units or 0),
        cells=int(cells or 0),
        crowded=_crowded(relation, groups, caps) if int(cells or 0) > caps.values else {},
        neither={o.name: int(n) for o, n in zip(outcomes, others, strict=True) if n},
    )


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


def _crowded(relation: Relation, groups: tuple[str, ...], caps: Caps) -> dict[str, int]:
    if not groups:
        return {}
    distinct = [f"COUNT(DISTINCT g{i})" for i in range(len(groups))]
    (values,) = relation.read(sql.select(distinct, "cells"))
    return {group: int(n) for group, n in zip(groups, values, strict=True) if n and int(n) > caps.values}


def _group_terms(relation: Relation, groups: tuple[str, ...]) -> list[str]:
    columns = [relation.column(group_column(relation.table, group)) for group in groups]
    return [f"{flags.as_text(c.name, c.family)} AS g{i}" for i, c in enumerate(columns)]


def _flag_terms(relation: Relation, outcomes: tuple[ResolvedOutcome, ...]) -> list[str]:
    columns = [relation.column(outcome.column) for outcome in outcomes]
    return [
        f"{flags.flag(outcome, c.name, c.family)} AS f{i}"
        for i, (outcome, c) in enumerate(zip(outcomes, columns, strict=True))
    ]


def _readable(outcome: int) -> str:
    """Return a flag without the mark of what is neither 0 nor 1: those outcomes are refused elsewhere."""
    return f"NULLIF(f{outcome}, {flags.NEITHER})"
