"""Distinct people of each slice with a label and a score, exactly: each person is taken once, then counted."""

from collections.abc import Mapping, Sequence

from hcgov.core.evidence.scores import SideCount, SliceKey
from hcgov.io.tables import sql
from hcgov.io.tables.relation import Relation


def keep_people(relation: Relation, keys: Sequence[str], person: str, name: str) -> None:
    """Keep, under ``<name>_people``, every person once in each finest slice, with the labels that occur."""
    *groups, label, place = keys
    rows = sql.select([*groups, label, place, f"{person} AS person"], relation.source)
    sides = [f"MAX(CASE WHEN f = {value} THEN 1 ELSE 0 END) AS d{value}" for value in (1, 0)]
    recorded = f"({rows}) rows_ WHERE person IS NOT NULL AND f IS NOT NULL AND s IS NOT NULL"
    names = [f"g{i}" for i in range(len(groups))]
    relation.keep(f"{name}_people", sql.grouped([*names, "person"], sides, recorded))


def distinct(
    relation: Relation, groups: tuple[str, ...], slicings: tuple[tuple[str, ...], ...], name: str
) -> Mapping[SliceKey, SideCount]:
    """Return the distinct people of every slice, with a label of 1, with one of 0, and with either."""
    everyone = _people_by(relation, groups, (), name)
    finest = _people_by(relation, groups, groups, name)
    # Where nobody stands in two of the finest slices, people add up, and each was counted already.
    if sum(one.people for one in finest.values()) == sum(one.people for one in everyone.values()):
        return _added(finest, slicings)
    found = dict(everyone)
    for slicing in slicings:
        if slicing:
            found |= finest if slicing == groups else _people_by(relation, groups, slicing, name)
    return found


def _people_by(
    relation: Relation, groups: tuple[str, ...], slicing: tuple[str, ...], name: str
) -> dict[SliceKey, SideCount]:
    keys = [f"{sql.recorded(f'g{groups.index(g)}')} AS k{i}" for i, g in enumerate(slicing)]
    inner = sql.grouped([*keys, "person"], ["MAX(d1) AS d1", "MAX(d0) AS d0"], f"{name}_people")
    names = [f"k{i}" for i in range(len(slicing))]
    query = sql.grouped(names, ["COUNT(*)", "SUM(d1)", "SUM(d0)"], f"({inner}) inner_")
    return {
        tuple(zip(slicing, (str(value) for value in values), strict=True)): SideCount(
            people=int(everyone or 0), positives=int(positives or 0), negatives=int(negatives or 0)
        )
        for *values, everyone, positives, negatives in relation.read(query)
    }


def _added(
    finest: Mapping[SliceKey, SideCount], slicings: Sequence[tuple[str, ...]]
) -> dict[SliceKey, SideCount]:
    sums: dict[SliceKey, list[int]] = {}
    for slicing in slicings:
        for key, one in finest.items():
            values = dict(key)
            total = sums.setdefault(tuple((group, values[group]) for group in slicing), [0, 0, 0])
            for place, n in enumerate((one.people, one.positives, one.negatives)):
                total[place] += n
    return {
        key: SideCount(people=people, positives=positives, negatives=negatives)
        for key, (people, positives, negatives) in sums.items()
    }
