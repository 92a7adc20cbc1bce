"""Who the rows of each slice belong to: people, items and their pairs, as moments that are summed in the engine.

Rows are first summed by group and person (and by group and hashed buckets of people and items); each slicing then
takes every person once and sums squares. Only these sums leave the engine, however many people there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hcgov.core.evidence.absent import Absence
from hcgov.core.evidence.clusters import Crowd
from hcgov.core.evidence.counts import PeopleKey, Rate
from hcgov.core.frozen import frozen
from hcgov.core.text import text
from hcgov.io.tables import flags, sql
from hcgov.io.tables.binding import ResolvedOutcome
from hcgov.io.tables.engine import Row
from hcgov.io.tables.folding import MOST_ROWS, Folded, folded, lacking_sums, own_sums
from hcgov.io.tables.moments import Number, crossed, crowd_of, of_items, within
from hcgov.io.tables.people import People, count_terms, person_column, weight_terms
from hcgov.io.tables.relation import Column, Relation
from hcgov.io.tables.squares import Squares
from hcgov.io.tables.tally import Tally, flag_terms, group_terms
from hcgov.io.tables.unread import UnreadError, unread

MOST_UNITS = 10**18
"""Counted units whose squares still add up exactly."""

FEW_UNITS = 2 * 10**9
"""Counted units of which twice the square is less than 2^63."""

Slicing = tuple[str, ...]
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
    few, sides
        Sums by group and buckets, where they are so few that they are summed up here; of people and items, or of one.
    """

    tally: Tally
    groups: tuple[str, ...]
    rates: tuple[Rate, ...]
    few: Sequence[Row] | None = None
    sides: tuple[str, ...] = ()

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
            return {key: of_items(crowd) for key, crowd in found.items()}
        if self.tally.people is not People.REPEATED:
            return None
        if not item:
            return self._sums("seen", ("person",), asked, cap)
        if cap is not None:
            raise _no_cap(self.tally.relation)
        people = self._sums("seen", ("person",), asked, None)
        sides = [self._sums("buckets", keys, asked, None) for keys in (("a",), ("b",), ("a", "b"))]
        return {
            key: crossed(crowd, people[(), key[1]], [side[key] for side in sides])
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
        if (few := self._few(keys)) is not None:
            return self._folded(squares, few, slicings)
        relation.keep(squares.everyone, squares.keep_everyone())
        moves = not squares.named or relation.number(squares.several()) > 0
        if squares.named:
            relation.keep(squares.staying, squares.keep_staying(all_stay=not moves))
        if moves:
            relation.keep(squares.moving, squares.keep_moving())
        everyone = self._read(squares, squares.of_everyone(), ())
        found: _Found = {((), rate): crowd_of(squares, everyone[(), rate]) for rate in self.rates}
        for slicing in slicings:
            if slicing:
                places = [self.groups.index(group) for group in slicing]
                stay = self._read(squares, squares.of_staying(places), slicing) if squares.named else {}
                move = self._read(squares, squares.of_moving(places), slicing) if moves else None
                found |= self._slices(squares, stay, move, found)
        return found

    def _few(self, keys: tuple[str, ...]) -> Folded | None:
        """Return sums by bucket that are so few that they are not worth a statement."""
        if self.few is None or not set(keys) <= set(self.sides):
            return None
        groups = len(self.groups)
        return folded(
            self.few,
            groups=groups,
            keys=[groups + self.sides.index(key) for key in keys],
            first=groups + len(self.sides),
            rates=len(self.rates),
        )

    def _folded(self, squares: Squares, few: Folded, slicings: Sequence[Slicing]) -> _Found:
        """Return the same crowds of sums that are folded here."""
        total = few.by(())[()]
        everyone = self._by_rate(squares, (), own_sums(total))
        found: _Found = {((), rate): crowd_of(squares, everyone[(), rate]) for rate in self.rates}
        for slicing in slicings:
            if not slicing:
                continue
            move: dict[PeopleKey, list[Number]] = {}
            for names, vectors in few.by([self.groups.index(group) for group in slicing]).items():
                values = tuple(zip(slicing, names, strict=True))
                sums = [*own_sums(vectors), *lacking_sums(vectors, total)]
                move |= self._by_rate(squares, values, sums)
            found |= self._slices(squares, {}, move, found)
        return found

    def _slices(
        self,
        squares: Squares,
        stay: Mapping[PeopleKey, Sequence[Number]],
        move: Mapping[PeopleKey, Sequence[Number]] | None,
        everyone: Mapping[PeopleKey, Crowd],
    ) -> _Found:
        """Return the crowds of a slicing; what is left of everyone stands beside them only where somebody moves."""
        if move is None:
            return {key: crowd_of(squares, sums) for key, sums in stay.items()}
        nothing = [0] * (squares.own + squares.lacking)
        found: _Found = {}
        for key in {**stay, **move}:
            own, moved = stay.get(key, nothing)[: squares.own], move.get(key, nothing)
            rest = everyone[(), key[1]].without(within(squares, own, moved))
            if squares.named:
                # Nobody's rows are one cluster, which is no person.
                people = 0 if rest.by_person is None else rest.by_person.clusters - (rest.nobody > 0)
                rest = replace(rest, people=people)
            sums = [one + other for one, other in zip(own, moved, strict=False)]
            found[key] = crowd_of(squares, sums, rest)
        return found

    def _read(self, squares: Squares, query: str, slicing: Slicing) -> dict[PeopleKey, list[Number]]:
        """Return the sums of each slice and rate, the lacking ones behind the own if the query has them."""
        width = len(slicing)
        found: dict[PeopleKey, list[Number]] = {}
        for row in self.tally.relation.read(query):
            values = tuple(zip(slicing, (str(value) for value in row[:width]), strict=True))
            found |= self._by_rate(
                squares, values, [_number(one, exact=squares.exact) for one in row[width:]]
            )
        return found

    def _by_rate(
        self, squares: Squares, values: tuple[tuple[str, str], ...], numbers: Sequence[Number]
    ) -> dict[PeopleKey, list[Number]]:
        """Return the own sums of each rate, and behind them its lacking ones if there are any."""
        own, lacking = squares.own, squares.lacking
        behind = numbers[own * len(self.rates) :]
        return {
            (values, rate): [*numbers[i * own : (i + 1) * own], *behind[i * lacking : (i + 1) * lacking]]
            for i, rate in enumerate(self.rates)
        }


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
        counts = relation.table.count is None and not tally.weighted
        few = relation.keep_grouped(
            "buckets",
            lambda source: sql.grouped(
                [*names, *sides], sums, f"({sql.select(terms, _hashed(sides, source))}) row_"
            ),
            keys=len(names) + len(sides),
            most=MOST_ROWS if counts else 0,
        )
        kept = replace(kept, few=few, sides=tuple(sides))
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
