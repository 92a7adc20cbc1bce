"""Who the rows of each slice belong to: people, items and their pairs, as moments that are summed in the engine.

Rows are first summed by group and person (and by group and hashed buckets of people and items); each slicing then
takes every person once and sums squares. Only these sums leave the engine, however many people there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.core.evidence.counts import PeopleKey, Rate
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.binding import ResolvedOutcome
from hcgov.io.tables.engine import Row
from hcgov.io.tables.people import People, count_terms, person_column, weight_terms
from hcgov.io.tables.relation import Relation
from hcgov.io.tables.squares import Squares
from hcgov.io.tables.tally import Tally, flag_terms, group_terms, settled
from hcgov.io.tables.unread import UnreadError, unread

MOST_UNITS = 10**18
"""Counted units whose squares still add up exactly."""

FEW_UNITS = 3 * 10**9
"""Counted units whose squares add up to less than 2^63."""

Slicing = tuple[str, ...]
_Found = dict[PeopleKey, Crowd]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Sums by group and person, and by group and buckets, that the engine keeps: every slicing starts from them.

    Parameters
    ----------
    tally
        The table's finest cells.
    groups, rates
        Groups and rates in the order of the engine's columns ``g0`` … and ``n0`` … .
    """

    tally: Tally
    groups: tuple[str, ...]
    rates: tuple[Rate, ...]

    def crowds(self, slicings: Iterable[Slicing], cap: int | None) -> _Found | None:
        """Return the crowd of every slice and rate, and of everyone; ``None`` where each row is a person.

        Parameters
        ----------
        slicings
            Groups that are sliced by together, each among :attr:`groups`.
        cap
            Most rows of a person that count in a slice, if any.

        Raises
        ------
        UnreadError
            Counts too large for exact squares, or a cap where rows belong to items too.
        """
        asked = tuple(dict.fromkeys(((), *slicings)))
        item = self.tally.relation.table.roles.item is not None
        if self.tally.people is People.EACH_ROW and item:
            found = self._sums("buckets", ("b",), asked, None)
            return {key: _of_items(crowd) for key, crowd in found.items()}
        if self.tally.people is not People.REPEATED:
            return None
        if not item:
            return self._sums("seen", ("person",), asked, cap)
        if cap is not None:
            raise _no_cap(self.tally.relation)
        people = self._sums("seen", ("person",), asked, None)
        sides = [self._sums("buckets", keys, asked, None) for keys in (("a",), ("b",), ("a", "b"))]
        return {
            key: _crossed(crowd, people[(), key[1]], [side[key] for side in sides])
            for key, crowd in people.items()
        }

    def _sums(
        self, source: str, keys: tuple[str, ...], slicings: Sequence[Slicing], cap: int | None
    ) -> _Found:
        squares = Squares(
            source=source,
            keys=keys,
            rates=len(self.rates),
            weighted=self.tally.weighted,
            cap=cap,
            small=self.tally.units <= FEW_UNITS,
        )
        self.tally.relation.keep(squares.everyone, squares.level(()))
        found: _Found = {}
        # Buckets are shared by people on both sides; people often stand on one side only.
        shared = [frozenset[str]()] if keys != ("person",) else []
        for slicing in slicings:
            # Who stands in several groups of a column does so in every crossing of it.
            both = bool(slicing) and any(part <= set(slicing) for part in shared)
            own = {} if both else self._read(squares, slicing, found, rest=False)
            if slicing and not both and self._straddle(own, found):
                shared.append(frozenset(slicing))
                both = True
            found |= self._read(squares, slicing, found, rest=True) if both else own
        return found

    def _straddle(self, own: _Found, found: Mapping[PeopleKey, Crowd]) -> bool:
        """Whether anybody, or the rows of nobody, stands in several slices."""
        clusters = dict.fromkeys(self.rates, 0)
        for (_, rate), crowd in own.items():
            clusters[rate] += 0 if crowd.by_person is None else crowd.by_person.clusters
        return any(
            (everyone := found[(), rate].by_person) is not None and number != everyone.clusters
            for rate, number in clusters.items()
        )

    def _read(
        self, squares: Squares, slicing: Slicing, found: Mapping[PeopleKey, Crowd], *, rest: bool
    ) -> _Found:
        places = [self.groups.index(group) for group in slicing]
        width, span = len(slicing), squares.span
        own: _Found = {}
        for row in self.tally.relation.read(squares.query(places, rest=rest)):
            values = tuple(zip(slicing, (str(value) for value in row[:width]), strict=True))
            for i, rate in enumerate(self.rates):
                at = width + i * span * (2 if rest else 1)
                crowd = _crowd(row[at : at + span], exact=squares.exact)
                if rest:
                    within = _crowd(row[at + span : at + 2 * span], exact=squares.exact)
                    crowd = replace(crowd, rest=found[(), rate].without(within))
                own[values, rate] = crowd
        return own


def keep(
    tally: Tally, groups: tuple[str, ...], outcomes: tuple[ResolvedOutcome, ...], rates: tuple[Rate, ...]
) -> Kept:
    """Sum the rows of a table by group and person, and by buckets where they belong to items.

    Raises
    ------
    UnreadError
        A column that is not there, or counts whose squares would not add up exactly.
    """
    relation, people = tally.relation, tally.people
    item = relation.table.roles.item
    kept = Kept(tally=tally, groups=groups, rates=rates)
    if people is People.UNKNOWN or (people is People.EACH_ROW and item is None) or not rates:
        return kept
    if tally.units >= MOST_UNITS:
        raise _too_many(relation)
    terms, sums = _rows(tally, groups, outcomes), _sums(tally, outcomes, rates)
    names = [f"g{i}" for i in range(len(groups))]
    if people is People.REPEATED:
        person = person_column(relation)
        rows = sql.select([*terms, f"{person.name} AS person"], relation.source)
        relation.keep("seen", sql.grouped([*names, "person"], sums, f"({rows}) row_"))
        terms.append(f"{sql.bucket(flags.as_text(person.name, person.family))} AS a")
    if item is not None:
        column = relation.column(item)
        terms.append(f"{sql.bucket(flags.as_text(column.name, column.family))} AS b")
        buckets = ["a", "b"] if people is People.REPEATED else ["b"]
        rows = sql.select(terms, relation.source)
        relation.keep("buckets", sql.grouped([*names, *buckets], sums, f"({rows}) row_"))
    return kept


def _rows(tally: Tally, groups: tuple[str, ...], outcomes: tuple[ResolvedOutcome, ...]) -> list[str]:
    """Return each row's groups and flags, the units it stands for and their weight."""
    relation = tally.relation
    terms = [
        *group_terms(relation, groups),
        *flag_terms(relation, outcomes),
        f"{count_terms(relation)[0]} AS u",
    ]
    weights = weight_terms(relation)
    return terms if weights is None else [*terms, f"{weights[0]} AS w"]


def _sums(tally: Tally, outcomes: tuple[ResolvedOutcome, ...], rates: tuple[Rate, ...]) -> list[str]:
    """Return for each rate the sums of its denominator and of its outcome; by weight, also the rows."""
    place = {outcome.name: f"f{i}" for i, outcome in enumerate(outcomes)}
    unit = "u * w" if tally.weighted else "u"
    single = not tally.weighted and tally.relation.table.count is None
    terms = []
    for i, rate in enumerate(rates):
        given = [f"{place[name]} = {int(value)}" for name, value in rate.given]
        inside = " AND ".join((f"{place[rate.outcome]} IN (0, 1)", *given))
        with_it = " AND ".join((f"{place[rate.outcome]} = 1", *given))
        for name, condition in (("n", inside), ("y", with_it)):
            total = f"SUM(CASE WHEN {condition} THEN {unit} ELSE 0 END)"
            terms.append(f"{sql.count_if(condition) if single else total} AS {name}{i}")
        if tally.weighted:
            terms.append(f"SUM(CASE WHEN {inside} THEN u ELSE 0 END) AS c{i}")
    return terms


def _crowd(row: Row, *, exact: bool) -> Crowd:
    """Return the crowd of one slice and rate from its sums, in the order of :class:`Squares`."""
    clusters, n, y, n2, ny, y2, people, nobody, rows = row
    sums = [int(one or 0) if exact else settled(one) for one in (n, y, n2, ny, y2)]
    return Crowd(
        people=int(people or 0),
        rows=int(rows or 0),
        nobody=int(nobody or 0),
        by_person=Moments(
            clusters=int(clusters or 0), n=sums[0], y=sums[1], n2=sums[2], ny=sums[3], y2=sums[4]
        ),
    )


def _of_items(crowd: Crowd) -> Crowd:
    """Return the crowd of rows that are people of their own and belong to buckets of items."""
    rest = None if crowd.rest is None else _of_items(crowd.rest)
    # Each unit is a person: as many people as rows.
    people = int(crowd.rows)
    return replace(crowd, people=people, by_person=None, by_item=crowd.by_person, hashed=True, rest=rest)


def _crossed(people: Crowd, everyone: Crowd, sides: Sequence[Crowd]) -> Crowd:
    """Return the crowd of rows that belong to people and to items: people as counted, clusters as hashed."""
    persons, items, pairs = sides
    rest = None
    if persons.rest is not None and items.rest is not None and pairs.rest is not None:
        others = everyone.without(people)
        rest = _crossed(others, others, (persons.rest, items.rest, pairs.rest))
    return replace(
        people,
        by_person=persons.by_person,
        by_item=items.by_person,
        by_both=pairs.by_person,
        hashed=True,
        rest=rest,
    )


def _no_cap(relation: Relation) -> UnreadError:
    detail = text(
        "`max_rows_per_person` cannot be asked of `{artifact}`, whose rows belong to persons and to items; take out "
        "`roles: item:` or the cap",
        artifact=relation.where.name,
    )
    return unread(Absence.UNREADABLE, relation.where.name, detail)


def _too_many(relation: Relation) -> UnreadError:
    detail = text(
        "the counts of `{path}` add up to 10^18 or more, too many to square exactly; are they counts?",
        path=relation.where.path,
    )
    return unread(Absence.TOO_LARGE, relation.where.name, detail)
