"""Sums of squares, made into who the rows of a slice belong to. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from hcgov.core.evidence.clusters import Crowd, Moments
from hcgov.io.tables.squares import Squares
from hcgov.io.tables.tally import settled

Number = int | float


def crowd_of(squares: Squares, sums: Sequence[Number], rest: Crowd | None = None) -> Crowd:
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
        rest=rest,
    )


def within(squares: Squares, stay: Sequence[Number], moved: Sequence[Number]) -> Crowd:
    """Return what everyone else lacks of everyone: those who stay in the slice, and what those who move add by it."""
    _, n, y, n2, ny, y2, nobody, rows = moved[: squares.own]
    if squares.cap is None:
        gone, nt, nt_yt, yt = moved[squares.own :]
        left = [gone, n, y, 2 * nt - n2, nt_yt - ny, 2 * yt - y2, nobody, rows]
    else:
        gone, *capped, rows = moved[squares.own :]
        left = [gone, *capped, nobody, rows]
    return crowd_of(squares, [one + other for one, other in zip(stay, left, strict=False)])


def of_items(crowd: Crowd) -> Crowd:
    """Return the crowd of rows that are people of their own and belong to buckets of items."""
    rest = None if crowd.rest is None else of_items(crowd.rest)
    # Each unit is a person: as many people as rows.
    people = int(crowd.rows)
    return Crowd(
        people=people,
        rows=crowd.rows,
        nobody=crowd.nobody,
        by_item=crowd.by_person,
        hashed=True,
        rest=rest,
    )


def crossed(people: Crowd, everyone: Crowd, sides: Sequence[Crowd]) -> Crowd:
    """Return the crowd of rows that belong to people and to items: people as counted, clusters as hashed."""
    persons, items, pairs = sides
    rest = None
    if persons.rest is not None and items.rest is not None and pairs.rest is not None:
        others = everyone.without(people)
        rest = crossed(others, others, (persons.rest, items.rest, pairs.rest))
    return replace(
        people,
        by_person=persons.by_person,
        by_item=items.by_person,
        by_both=pairs.by_person,
        hashed=True,
        rest=rest,
    )
