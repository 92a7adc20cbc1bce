"""SQL for sums of squares over clusters: of a slice, and of everyone else where clusters stand on both sides. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from hcgov.io.tables import sql


@dataclass(frozen=True, kw_only=True)
class Squares:
    """Queries over sums that are kept by group and by some keys.

    For each rate a query gives, in this order: clusters, n, y, n^2, ny, y^2, people, rows of nobody, rows that
    count. With ``rest``, the same follow as what everyone else lacks of everyone: what a cluster adds to everyone
    less what its rows outside the slice add to the others, which is exact whoever stands on both sides.

    Parameters
    ----------
    source
        Kept sums with ``g0`` … and, by rate, ``n0``, ``y0`` … (and ``c0`` … of rows, where these are weights).
    keys
        Columns that name a cluster: ``person``, or buckets ``a`` of people and ``b`` of items.
    rates
        How many rates there are.
    weighted
        Whether sums are of weights.
    cap
        Most rows of a person that count: more of them weigh as that many.
    small
        Whether the square of all units fits 64 bits, which is faster than what holds any square.
    """

    source: str
    keys: tuple[str, ...]
    rates: int
    weighted: bool
    cap: int | None
    small: bool

    span = 9

    @property
    def exact(self) -> bool:
        """Whether all sums are of whole numbers."""
        return not self.weighted and self.cap is None

    @property
    def everyone(self) -> str:
        """Name under which the sums of each cluster over everyone are kept."""
        return f"{self.source}_by_{'_'.join(self.keys)}"

    def query(self, places: Sequence[int], *, rest: bool) -> str:
        """Return the query for a slicing by the groups at some places."""
        names = [f"k{i}" for i in range(len(places))]
        level = f"({self.level(places)}) level_" if places else self.everyone
        clusters = self._beside(names, places) if rest else level
        if self.cap is not None:
            clusters = self._capped(names, clusters, rest=rest)
        terms = []
        for i in range(self.rates):
            terms += self._own(i)
            terms += self._outside(i) if rest else []
        return sql.grouped(names, terms, clusters)

    def level(self, places: Sequence[int]) -> str:
        """Return the query for the sums of each cluster in each slice."""
        groups = [f"{sql.recorded(f'g{place}')} AS k{i}" for i, place in enumerate(places)]
        number = self._number
        sums = []
        for i in range(self.rates):
            sums += [f"{number(f'SUM({name}{i})')} AS {name}{i}" for name in "ny"]
            if not self.exact:
                counted = f"SUM({'c' if self.weighted else 'n'}{i})"
                sums.append(f"{sql.real(counted)} AS c{i}")
        return sql.grouped([*groups, *self.keys], sums, self.source)

    def _beside(self, names: Sequence[str], places: Sequence[int]) -> str:
        """Return each cluster's sums in a slice beside those over everyone (``t``) and of the rest (``r``)."""
        number = self._number
        terms = [f"h.{name}" for name in (*names, *self.keys)]
        for i in range(self.rates):
            for name in self._sums(i):
                terms += [f"h.{name}", f"t.{name} AS t{name}", f"{number(f't.{name} - h.{name}')} AS r{name}"]
        on = " AND ".join(sql.same(f"h.{key}", f"t.{key}") for key in self.keys)
        joined = sql.select(terms, f"({self.level(places)}) h JOIN {self.everyone} t ON {on}")
        return f"({joined}) beside"

    def _capped(self, names: Sequence[str], clusters: str, *, rest: bool) -> str:
        """Return the same with what is above the cap scaled down to it."""
        terms = [*names, *self.keys]
        for i in range(self.rates):
            for side in ("", "t", "r") if rest else ("",):
                rows = f"{side}c{i}"
                share = f"CASE WHEN {rows} > {self.cap} THEN {self.cap} / {rows} ELSE 1 END"
                terms += [f"{side}{name}{i} * {share} AS {side}{name}{i}" for name in "ny"]
                terms.append(rows)
        return f"({sql.select(terms, clusters)}) capped"

    def _own(self, i: int) -> list[str]:
        rows, n, y = self._rows("", i), f"n{i}", f"y{i}"
        return [
            sql.count_if(f"{rows} > 0"),
            *(f"SUM({term})" for term in (n, y, f"{n} * {n}", f"{n} * {y}", f"{y} * {y}")),
            sql.count_if(f"{rows} > 0 AND {self._named}"),
            f"SUM(CASE WHEN {self._named} THEN 0 ELSE {rows} END)",
            f"SUM({self._counting('', i)})",
        ]

    def _outside(self, i: int) -> list[str]:
        rows, gone = self._rows("", i), f"{self._rows('', i)} > 0 AND {self._rows('r', i)} = 0"
        tn, ty, rn, ry = (f"{side}{name}{i}" for side in "tr" for name in "ny")
        return [
            sql.count_if(gone),
            f"SUM({tn} - {rn})",
            f"SUM({ty} - {ry})",
            f"SUM({tn} * {tn} - {rn} * {rn})",
            f"SUM({tn} * {ty} - {rn} * {ry})",
            f"SUM({ty} * {ty} - {ry} * {ry})",
            sql.count_if(f"{gone} AND {self._named}"),
            f"SUM(CASE WHEN {self._named} THEN 0 ELSE {rows} END)",
            f"SUM({self._counting('t', i)} - {self._counting('r', i)})",
        ]

    def _sums(self, i: int) -> tuple[str, ...]:
        return (f"n{i}", f"y{i}") if self.exact else (f"n{i}", f"y{i}", f"c{i}")

    def _rows(self, side: str, i: int) -> str:
        return f"{side}{'n' if self.exact else 'c'}{i}"

    def _counting(self, side: str, i: int) -> str:
        """Return the rows of a cluster that count."""
        rows = self._rows(side, i)
        return rows if self.cap is None else f"CASE WHEN {rows} > {self.cap} THEN {self.cap} ELSE {rows} END"

    def _number(self, value: str) -> str:
        if not self.exact:
            return sql.real(value)
        return sql.small(value) if self.small else sql.exact(value)

    @property
    def _named(self) -> str:
        """The condition that a cluster is a person; buckets are not asked who they are."""
        return "person IS NOT NULL" if self.keys == ("person",) else "1 = 1"
