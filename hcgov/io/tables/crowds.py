"""Who the rows of each slice belong to: people, items and their pairs, as moments that are summed in the engine.

Rows are first summed by group and person (and by group and hashed buckets of people and items); each slicing then
takes every person once and sums squares. Only these sums leave the engine, however many people there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.core.evidence.counts import PeopleKey, Rate
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.binding import ResolvedOutcome
from hcgov.io.tables.people import People, count_terms, person_column, weight_terms
from hcgov.io.tables.relation import Column, Relation
from hcgov.io.tables.squares import Squares
from hcgov.io.tables.tally import Tally, flag_terms, group_terms, settled
from hcgov.io.tables.unread import UnreadError, unread

MOST_UNITS = 10**18
"""Counted units whose squares still add up exactly."""

FEW_UNITS = 2 * 10**9
"""Counted units of which twice the square is less than 2^63."""

Slicing = tuple[str, ...]
Number = int | float
_Found = dict[PeopleKey, Crowd]


@frozen
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
        relation = self.tally.relation
        squares = Squares(
            source=source,
            groups=len(self.groups),
            keys=keys,
            rates=len(self.rates),
            weighted=self.tally.weighted,
            cap=cap,
            small=self.tally.units <= FEW_UNITS,
        )
        relation.keep(squares.everyone, squares.keep_everyone())
        moves = not squares.named or relation.number(squares.several()) > 0
        if squares.named:
            relation.keep(squares.staying, squares.keep_staying(all_stay=not moves))
        if moves:
            relation.keep(squares.moving, squares.keep_moving())
        everyone = self._read(squares, squares.of_everyone(), ())
        found: _Found = {((), rate): _crowd(squares, everyone[(), rate]) for rate in self.rates}
        for slicing in slicings:
            if slicing:
                found |= self._slices(squares, slicing, found, moves=moves)
        return found

    def _slices(
        self, squares: Squares, slicing: Slicing, everyone: Mapping[PeopleKey, Crowd], *, moves: bool
    ) -> _Found:
        """Return the crowds of a slicing; what is left of everyone stands beside them only where somebody moves."""
        places = [self.groups.index(group) for group in slicing]
        stay = self._read(squares, squares.of_staying(places), slicing) if squares.named else {}
        if not moves:
            return {key: _crowd(squares, sums) for key, sums in stay.items()}
        move = self._read(squares, squares.of_moving(places), slicing)
        nothing = [0] * (squares.own + squares.lacking)
        found: _Found = {}
        for key in {**stay, **move}:
            own, moved = stay.get(key, nothing)[: squares.own], move.get(key, nothing)
            crowd = _crowd(squares, [one + other for one, other in zip(own, moved, strict=False)])
            total = everyone[(), key[1]]
            rest = total.without(_within(squares, own, moved))
            # Nobody's rows are one cluster, which is no person.
            people = 0 if rest.by_person is None else rest.by_person.clusters - (rest.nobody > 0)
            found[key] = replace(crowd, rest=replace(rest, people=people if squares.named else rest.people))
        return found

    def _read(self, squares: Squares, query: str, slicing: Slicing) -> dict[PeopleKey, list[Number]]:
        """Return the sums of each slice and rate, the lacking ones behind the own if the query has them."""
        width, rates, own = len(slicing), len(self.rates), squares.own
        found = {}
        for row in self.tally.relation.read(query):
            values = tuple(zip(slicing, (str(value) for value in row[:width]), strict=True))
            numbers = [_number(one, exact=squares.exact) for one in row[width:]]
            lacking = numbers[own * rates :]
            for i, rate in enumerate(self.rates):
                behind = lacking[i * squares.lacking : (i + 1) * squares.lacking]
                found[values, rate] = [*numbers[i * own : (i + 1) * own], *behind]
        return found


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
    names = [f"{sql.recorded(f'g{i}')} AS g{i}" for i in range(len(groups))]
    sides: dict[str, Column] = {}
    if people is People.REPEATED:
        person = sides["a"] = person_column(relation)
        rows = sql.select([*terms, f"{person.name} AS person"], relation.source)
        relation.keep("seen", sql.grouped([*names, "person"], sums, f"({rows}) row_"))
    if item is not None:
        sides["b"] = relation.column(item)
        terms += [f"{sql.in_bucket(side)} AS {side}" for side in sides]
        relation.keep_grouped(
            "buckets",
            lambda source: sql.grouped(
                [*names, *sides], sums, f"({sql.select(terms, _hashed(sides, source))}) row_"
            ),
            keys=len(names) + len(sides),
        )
    return kept


def _hashed(sides: Mapping[str, Column], source: str) -> str:
    """Return a source beside the buckets of its people and items: each is hashed once, however many rows he has."""
    joined = source
    for side, column in sides.items():
        ids = sql.grouped([f"{column.name} AS id_{side}"], [], source)
        name = flags.as_text(f"id_{side}", column.family)
        hashed = sql.select([f"id_{side}", f"{sql.bucket(name)} AS hashed_{side}"], f"({ids}) ids_{side}")
        joined += f" LEFT JOIN ({hashed}) of_{side} ON {column.name} = id_{side}"
    return joined


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


def _number(value: str | int | None, *, exact: bool) -> Number:
    return int(value or 0) if exact else float(value or 0)


def _crowd(squares: Squares, sums: Sequence[Number]) -> Crowd:
    """Return the crowd of one slice and rate from its own sums, in the order of :class:`Squares`."""
    clusters, n, y, n2, ny, y2, nobody, rows = sums
    moments = [n, y, n2, ny, y2] if squares.exact else [settled(one) for one in (n, y, n2, ny, y2)]
    return Crowd(
        # Nobody's rows are one cluster, which is no person.
        people=int(clusters) - (nobody > 0),
        rows=int(n if squares.exact else rows),
        nobody=int(nobody),
        by_person=Moments(
            clusters=int(clusters), n=moments[0], y=moments[1], n2=moments[2], ny=moments[3], y2=moments[4]
        ),
    )


def _within(squares: Squares, stay: Sequence[Number], moved: Sequence[Number]) -> Crowd:
    """Return what everyone else lacks of everyone: those who stay in the slice, and what those who move add by it."""
    _, n, y, n2, ny, y2, nobody, rows = moved[: squares.own]
    if squares.cap is None:
        gone, nt, nt_yt, yt = moved[squares.own :]
        left = [gone, n, y, 2 * nt - n2, nt_yt - ny, 2 * yt - y2, nobody, rows]
    else:
        gone, *capped, rows = moved[squares.own :]
        left = [gone, *capped, nobody, rows]
    return _crowd(squares, [one + other for one, other in zip(stay, left, strict=False)])


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
