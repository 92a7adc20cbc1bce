"""Two systems on the same items, as pairs: one difference for each item (and rater, where he judged both)."""

from array import array
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Codes, Long
from hcgov.core.frozen import frozen
from hcgov.core.measurement import Measurement
from hcgov.core.status import Reason
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools, Floats, as_array, codes, label_values
from hcgov.stages.judgments.oversight_compared import ComparedParams
from hcgov.stages.judgments.oversight_measuring import Metric, by_slice, obstacles
from hcgov.stats.clusters import FEWEST
from hcgov.stats.crossed import Rows
from hcgov.stats.oversight.pairs import paired_difference
from hcgov.stats.paired import mcnemar_exact_p_value

KEY = ("item", "system", "rater", "question", "repetition", "order")
"""What tells one score from another."""


@frozen
class Pairs:
    """Pairs of two systems.

    Parameters
    ----------
    long
        A table with one row a pair, then the other rows of both systems: their groups, and no columns.
    used, lacking
        Which of its rows are pairs, and one row of each item that only one system answered, shape (rows,).
    differences
        First system minus second, in [-1, 1]; 0 for what is no pair, shape (rows,).
    rows
        Users (or items) and raters, where there are enough of these to stand for others.
    units
        What ``rows.people`` are.
    unmatched, items
        Items that only one system answered, and all items.
    """

    long: Long
    used: Bools
    lacking: Bools
    differences: Floats
    rows: Rows
    units: str
    unmatched: int
    items: int


def compare(
    long: Long, metric: str, first: str, second: str, params: ComparedParams, *, people_only: bool = False
) -> Iterator[Measurement]:
    """Yield the first system minus the second by slice, or why it cannot be told.

    Parameters
    ----------
    first, second
        Names of the systems.
    people_only
        Whether only scores that people gave count.
    """
    stopped = list(obstacles(long, metric, params, "score", key=KEY))
    if stopped:
        yield from stopped
        return
    found = paired(long, first, second, params, people_only=people_only)
    if isinstance(found, tuple):
        yield Measurement(metric=metric, reason=found[0], note=found[1])
        return
    yield from _beside(found)
    if found.unmatched > params.max_unmatched * found.items:
        note = text(
            "only one of `{first}` and `{second}` answered {unmatched} of {items} {items|item|items}",
            first=first,
            second=second,
            unmatched=found.unmatched,
            items=found.items,
        )
        yield Measurement(metric=metric, reason=Reason.UNMATCHED_PAIRS, note=note)
        return
    difference = Metric(
        name=metric,
        of="items that both answered",
        rows=found.rows,
        used=found.used,
        value=lambda mask: paired_difference(found.differences[mask], found.rows.where(mask)),
        events=found.differences > 0.0,
        units=found.units,
        lacking=found.lacking,
        most_lacking=params.max_unmatched,
    )
    yield from by_slice(found.long, difference, params)


def paired(
    long: Long, first: str, second: str, params: ComparedParams, *, people_only: bool
) -> Pairs | tuple[Reason, Text]:
    """Return the pairs of two systems, or why there are none."""
    values = _values(long, params.right)
    if values is None:
        return Reason.NO_INTERVAL, text(
            "scores of `{table}` are neither in [0, 1] nor on a scale whose ends are declared; name the score that "
            "is `right`",
            table=long.table,
        )
    asked = np.ones(long.rows, dtype=np.bool_)
    if people_only:
        kinds = long.codes("rater_kind").names
        asked &= np.isin(codes(long, "rater_kind"), [i for i, kind in enumerate(kinds) if kind == "human"])
    either = _is(long, "system", first) | _is(long, "system", second)
    counted = asked & np.isfinite(values) & (codes(long, "item") >= 0)
    sides = [counted & _is(long, "system", name) for name in (first, second)]
    for name, side in zip((first, second), sides, strict=True):
        if not side.any():
            return Reason.UNMATCHED_PAIRS, text(
                "`{table}` holds no scores of `{name}`{by}",
                table=long.table,
                name=name,
                by=" by people" if people_only else "",
            )
    missing, of = int((asked & either & ~counted).sum()), int((asked & either).sum())
    if missing > params.max_missing * of:
        return Reason.MISSING_OUTCOMES, text(
            "{missing} of {of} {of|answer|answers} of `{first}` and `{second}` {missing|has|have} no score",
            missing=missing,
            of=of,
            first=first,
            second=second,
        )
    if np.unique(values[counted & either]).size < 2:
        return Reason.CONSTANT_OUTCOME, text(
            "every score of `{first}` and `{second}` is the same", first=first, second=second
        )
    return _pairs(long, values, sides, either)


def _pairs(long: Long, values: Floats, sides: list[Bools], either: Bools) -> Pairs:
    item, rater = codes(long, "item").astype(np.int64), codes(long, "rater").astype(np.int64)
    of_pair = item * (int(rater.max(initial=0)) + 2) + rater + 1
    # Where raters do not judge both, an item's raters of either system are averaged.
    both = np.intersect1d(of_pair[sides[0]], of_pair[sides[1]])
    of_both = np.intersect1d(item[sides[0]], item[sides[1]])
    by_rater = np.unique(item[np.isin(of_pair, both)]).size >= of_both.size
    key, shared = (of_pair, both) if by_rater else (item, of_both)
    all_items = np.union1d(item[sides[0]], item[sides[1]]).size
    means = []
    for side in sides:
        mask = side & np.isin(key, shared)
        place = np.searchsorted(shared, key[mask])
        sizes = np.bincount(place, minlength=shared.size)
        means.append(np.bincount(place, weights=values[mask], minlength=shared.size) / np.maximum(sizes, 1))
    mask = sides[0] & np.isin(key, shared)
    row = np.flatnonzero(mask)[np.unique(key[mask], return_index=True)[1]]
    # Where any user is known they are the clusters; rows of unknown users are one cluster, and are counted.
    users = long.has("user") and bool((codes(long, "user")[row] >= 0).any())
    several = by_rater and np.unique(rater[row]).size >= FEWEST
    rest = np.setdiff1d(np.flatnonzero(either), row)
    alone = rest[(sides[0] | sides[1])[rest] & ~np.isin(item[rest], of_both)]
    alone = alone[np.unique(item[alone], return_index=True)[1]]
    every = np.concatenate([row, rest])
    place = np.arange(every.size)
    return Pairs(
        long=replace(long, rows=int(every.size), columns={}, groups=_groups(long, every)),
        used=place < row.size,
        lacking=np.isin(every, alone) & (place >= row.size),
        differences=np.concatenate([means[0] - means[1], np.zeros(rest.size)]),
        rows=Rows(
            people=codes(long, "user")[every] if users else item[every],
            items=rater[every] if several else None,
        ),
        units="users" if users else "items",
        unmatched=all_items - of_both.size,
        items=all_items,
    )


def _groups(long: Long, row: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> dict[str, Codes]:
    """Return the groups of some rows."""
    chosen = {}
    for name, column in long.groups.items():
        kept = array("i")
        kept.frombytes(np.ascontiguousarray(as_array(column)[row]).tobytes())
        chosen[name] = Codes(codes=kept, names=column.names)
    return chosen


def _values(long: Long, right: str) -> Floats | None:
    """Return scores in [0, 1], NaN where none is recorded; ``None`` where they are on no known scale."""
    given = codes(long, "score")
    names = long.codes("score").names
    if right:
        worth = np.array([float(name == right) for name in names] + [np.nan])
    else:
        worth = np.append(label_values(long, "score"), np.nan)
        if not np.isfinite(worth[:-1]).all():
            return None
        if long.low is not None and long.high is not None and long.low < long.high:
            worth = (worth - long.low) / (long.high - long.low)
        if worth[:-1].size and not (worth[:-1].min() >= 0.0 and worth[:-1].max() <= 1.0):
            return None
    return np.asarray(worth[given], dtype=np.float64)


def _is(long: Long, column: str, name: str) -> Bools:
    names = long.codes(column).names
    return np.asarray(codes(long, column) == (names.index(name) if name in names else -2))


def _beside(found: Pairs) -> Iterator[Measurement]:
    """Show how many pairs differ either way, and McNemar's exact p-value where scores are 0 or 1."""
    differences, people = found.differences[found.used], found.rows.where(found.used).distinct_people
    n = differences.size
    gained, lost = int((differences > 0).sum()), int((differences < 0).sum())
    shown = [("pairs_better", float(gained)), ("pairs_worse", float(lost))]
    if np.isin(differences, (-1.0, 0.0, 1.0)).all():
        shown.append(("mcnemar_p_value", mcnemar_exact_p_value(gained, lost)))
    for name, value in shown:
        estimate = Estimate(value=value, n=n, n_eff=float(n), people=people, method=Method.POINT)
        yield Measurement(metric=name, estimate=estimate, shown=True)
