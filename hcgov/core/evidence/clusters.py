"""Sums over the people and items that rows belong to: enough for the variance of a rate, however many there are."""

from dataclasses import replace
from typing import Self

from hcgov.core.frozen import frozen


@frozen
class Moments:
    """Sums over the clusters of a slice: its people, its items, or hashed buckets of either.

    With n_k and y_k the rows of a cluster in the denominator and those with the outcome (or their weights),
    these are all that the variance of the rate y / n takes, whatever the rate is.

    Parameters
    ----------
    clusters
        Clusters with any row.
    n, y
        Sums of n_k and of y_k.
    n2, ny, y2
        Sums of n_k^2, n_k y_k and y_k^2.
    """

    clusters: int
    n: float
    y: float
    n2: float
    ny: float
    y2: float

    def without(self, other: Self) -> "Moments":
        """Return the moments of what is left; exact where no cluster stands on both sides."""
        return Moments(
            clusters=max(0, self.clusters - other.clusters),
            n=max(0, self.n - other.n),
            y=max(0, self.y - other.y),
            n2=max(0, self.n2 - other.n2),
            ny=max(0, self.ny - other.ny),
            y2=max(0, self.y2 - other.y2),
        )


@frozen
class Crowd:
    """Who the rows of a slice belong to, for one rate.

    Parameters
    ----------
    people
        Distinct people in the denominator, counted exactly.
    nobody
        Rows of the denominator that name no person; they are one cluster, and no person.
    rows
        Rows that count, after any cap on the rows of a person.
    by_person, by_item, by_both
        Moments by person, by item and by their pairs; ``None`` where rows do not repeat that way. Beside
        items, people stand in hashed buckets as items do.
    hashed
        Whether the clusters are buckets, so that their number says nothing of the number of people.
    rest
        The same of everyone else, where someone stands on both sides; ``None`` where nobody does, so that
        differences are exact.
    """

    people: int | None
    rows: float
    nobody: int = 0
    by_person: Moments | None = None
    by_item: Moments | None = None
    by_both: Moments | None = None
    hashed: bool = False
    rest: "Crowd | None" = None

    def without(self, part: "Crowd") -> "Crowd":
        """Return everyone but those of a slice: as counted, or the difference where nobody is on both sides."""
        rest = part.rest
        if rest is not None:
            # Rows that are people of their own are in no query; they stand on one side only.
            return rest if rest.by_person else replace(rest, by_person=_left(self.by_person, part.by_person))
        people = None if self.people is None or part.people is None else max(0, self.people - part.people)
        return Crowd(
            people=people,
            rows=max(0, self.rows - part.rows),
            nobody=max(0, self.nobody - part.nobody),
            by_person=_left(self.by_person, part.by_person),
            by_item=_left(self.by_item, part.by_item),
            by_both=_left(self.by_both, part.by_both),
            hashed=self.hashed,
        )


def _left(all_: Moments | None, part: Moments | None) -> Moments | None:
    return None if all_ is None or part is None else all_.without(part)
