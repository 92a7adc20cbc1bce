"""SQL for sums of squares over clusters: of a slice, and of everyone else where clusters stand on both sides. Pure.

Whoever stands in one finest cell only stands in one slice of any slicing: what these add is summed once and rolled up
like counts. Only who stands in several cells is summed up anew for each slicing.
"""

from collections.abc import Sequence

from hcgov.core.frozen import frozen
from hcgov.io.tables import sql


@frozen
class Squares:
    """Queries over sums that are kept by group and by some keys.

    For each rate a query gives, in this order, the :attr:`own` sums: clusters, n, y, n^2, ny, y^2, rows of nobody,
    and rows that count (0 where these are n). With clusters in several cells, what everyone else lacks of everyone
    follows: clusters that are in no other slice and, with t for a cluster's sum over everyone, n t_n,
    n t_y + y t_n and y t_y, of which t^2 - (t - n)^2 and its like are made. A cap is not linear: beside one, the
    lacking n, y, n^2, ny, y^2 and rows follow themselves.

    Parameters
    ----------
    source
        Kept sums with ``g0`` … and, by rate, ``n0``, ``y0`` … (and ``c0`` … of rows, where these are weights).
    groups
        How many groups there are.
    keys
        Columns that name a cluster: ``person``, or buckets ``a`` of people and ``b`` of items.
    rates
        How many rates there are.
    weighted
        Whether sums are of weights.
    cap
        Most rows of a person that count: more of them weigh as that many.
    small
        Whether twice the square of all units fits 64 bits, which is faster than what holds any square.
    """

    source: str
    groups: int
    keys: tuple[str, ...]
    rates: int
    weighted: bool
    cap: int | None
    small: bool

    own = 8

    @property
    def lacking(self) -> int:
        """How many numbers say what everyone else lacks."""
        return 4 if self.cap is None else 7

    @property
    def exact(self) -> bool:
        """Whether all sums are of whole numbers."""
        return not self.weighted and self.cap is None

    @property
    def named(self) -> bool:
        """Whether clusters are people; buckets are not asked who they are, and shared by people on both sides."""
        return self.keys == ("person",)

    @property
    def sums(self) -> list[str]:
        """Return the names of the sums of a cluster."""
        return [f"{name}{i}" for i in range(self.rates) for name in ("ny" if self.exact else "nyc")]

    @property
    def everyone(self) -> str:
        """Name under which the sums of each cluster over everyone are kept."""
        return f"{self.source}_by_{'_'.join(self.keys)}"

    @property
    def staying(self) -> str:
        """Name under which the sums over clusters in one cell are kept, by cell."""
        return f"{self.everyone}_in_one"

    @property
    def moving(self) -> str:
        """Name under which the sums of each cluster in several cells are kept, by cell, beside those over everyone."""
        return f"{self.everyone}_in_several"

    def keep_everyone(self) -> str:
        """Return the query for :attr:`everyone`, and in how many cells each cluster stands."""
        sums = [f"{self._number(f'SUM({self._held(name)})')} AS {name}" for name in self.sums]
        return sql.grouped(self.keys, [*sums, "COUNT(*) AS places"], self.source)

    def several(self) -> str:
        """Return the query for how many clusters stand in several cells."""
        return sql.select(["COUNT(*)"], self.everyone, where="places > 1")

    def keep_staying(self, *, all_stay: bool) -> str:
        """Return the query for :attr:`staying`; rows of nobody are among them only where all stay."""
        names, source = self._names(range(self.groups)), f"{self.source} s"
        if not all_stay:
            one = sql.select(["person AS one"], self.everyone, where="places = 1")
            source += f" JOIN ({one}) e ON s.person = e.one"
        clusters = f"({sql.select([*names, 's.person', *self._numbers('s.')], source)}) staying"
        if self.cap is not None:
            clusters = self._capped(names, clusters, rest=False)
        terms = [f"{term} AS s{j}" for j, term in enumerate(self._own_terms())]
        return sql.grouped(names, terms, clusters)

    def keep_moving(self) -> str:
        """Return the query for :attr:`moving`: all buckets, or nobody's rows and people in several cells."""
        names = [*self._names(range(self.groups)), *(f"s.{key} AS {key}" for key in self.keys)]
        terms = [*names, *self._numbers("s."), *(f"e.t{name}" for name in self.sums)]
        totals = [f"{key} AS one_{key}" for key in self.keys]
        totals += [f"{name} AS t{name}" for name in self.sums]
        on = " AND ".join(f"s.{key} = e.one_{key}" for key in self.keys)
        # No engine but the embedded one joins quickly by a key that may be missing, so nobody's rows stand apart.
        found = sql.select(totals, self.everyone, where="places > 1" if self.named else "")
        moving = sql.select(terms, f"{self.source} s JOIN ({found}) e ON {on}")
        if not self.named:
            return moving
        nobody = sql.select(totals, self.everyone, where="person IS NULL")
        nobodys = sql.select(terms, f"{self.source} s CROSS JOIN ({nobody}) e", where="s.person IS NULL")
        return f"{moving} UNION ALL {nobodys}"

    def of_everyone(self) -> str:
        """Return the query for the sums over everyone."""
        clusters = self.everyone if self.cap is None else self._capped([], self.everyone, rest=False)
        return sql.grouped([], self._own_terms(), clusters)

    def of_staying(self, places: Sequence[int]) -> str:
        """Return the query for a slicing of :attr:`staying` by the groups at some places."""
        sums = [f"SUM(s{j})" for j in range(self.own * self.rates)]
        return sql.grouped(self._names(places), sums, self.staying)

    def of_moving(self, places: Sequence[int]) -> str:
        """Return the query for a slicing of :attr:`moving` by the groups at some places."""
        names, clusters = self._names(places), self.moving
        if not self.named or len(places) < self.groups:
            sums = [f"{self._number(f'SUM({name})')} AS {name}" for name in self.sums]
            sums += [f"MAX(t{name}) AS t{name}" for name in self.sums]
            clusters = f"({sql.grouped([*names, *self.keys], sums, clusters)}) level_"
        if self.cap is not None:
            clusters = self._capped(names, clusters, rest=True)
        return sql.grouped(names, [*self._own_terms(), *self._lacking_terms()], clusters)

    def _capped(self, names: Sequence[str], clusters: str, *, rest: bool) -> str:
        """Return clusters with what is above the cap scaled down to it; ``rest``: also over everyone and the rest."""
        terms = [*names, *self.keys]
        for i in range(self.rates):
            sides = [("", "{0}"), ("t", "t{0}"), ("r", "(t{0} - {0})")] if rest else [("", "{0}")]
            for side, value in sides:
                rows = value.format(f"c{i}")
                share = f"CASE WHEN {rows} > {self.cap} THEN {self.cap} / {rows} ELSE 1 END"
                terms += [f"{value.format(f'{name}{i}')} * {share} AS {side}{name}{i}" for name in "ny"]
                terms.append(f"{rows} AS {side}c{i}")
        return f"({sql.select(terms, clusters)}) capped"

    def _own_terms(self) -> list[str]:
        return [term for i in range(self.rates) for term in self._own(i)]

    def _own(self, i: int) -> list[str]:
        rows, n, y = self._rows(i), f"n{i}", f"y{i}"
        return [
            sql.count_if(f"{rows} > 0"),
            *(f"SUM({term})" for term in (n, y, f"{n} * {n}", f"{n} * {y}", f"{y} * {y}")),
            f"SUM(CASE WHEN person IS NULL THEN {rows} ELSE 0 END)" if self.named else "0",
            "0" if self.exact else f"SUM({self._counting('', i)})",
        ]

    def _lacking_terms(self) -> list[str]:
        terms = []
        for i in range(self.rates):
            rows, n, y = self._rows(i), f"n{i}", f"y{i}"
            terms.append(sql.count_if(f"{rows} > 0 AND t{rows} = {rows}"))
            if self.cap is None:
                terms += [f"SUM({n} * t{n})", f"SUM({n} * t{y} + {y} * t{n})", f"SUM({y} * t{y})"]
                continue
            pairs = ((n, n), (n, y), (y, y))
            terms += [f"SUM(t{name} - r{name})" for name in (n, y)]
            terms += [f"SUM(t{one} * t{other} - r{one} * r{other})" for one, other in pairs]
            terms.append(f"SUM({self._counting('t', i)} - {self._counting('r', i)})")
        return terms

    def _names(self, places: Sequence[int]) -> list[str]:
        return [f"g{place}" for place in places]

    def _numbers(self, of: str) -> list[str]:
        return [f"{self._number(of + self._held(name))} AS {name}" for name in self.sums]

    def _held(self, name: str) -> str:
        """Return what a sum is called in the source, where n are the rows unless they are weights."""
        return name if self.weighted else name.replace("c", "n")

    def _rows(self, i: int) -> str:
        return f"{'n' if self.exact else 'c'}{i}"

    def _counting(self, side: str, i: int) -> str:
        """Return the rows of a cluster that count."""
        rows = f"{side}{self._rows(i)}"
        return rows if self.cap is None else f"CASE WHEN {rows} > {self.cap} THEN {self.cap} ELSE {rows} END"

    def _number(self, value: str) -> str:
        if not self.exact:
            return sql.real(value)
        return sql.small(value) if self.small else sql.exact(value)
