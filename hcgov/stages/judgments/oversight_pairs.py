"""Two systems on the same items, as pairs: one difference for each item (and rater, where he judged both)."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from hcgov.core.estimate import Estimate, Method
from hcgov.core.evidence.long import Codes, Long
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


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Pairs of two systems.

    Parameters
    ----------
    long
        A table with one row a pair: its groups, and no columns.
    differences
        First system minus second, in [-1, 1], shape (pairs,).
    rows
        Users (or items) and raters, where there are enough of these to stand for others.
    units
        What ``rows.people`` are.
    unmatched, items
        Items that only one system answered, and all items.
    """

    long: Long
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
        used=np.ones(found.long.rows, dtype=np.bool_),
        value=lambda mask: paired_difference(found.differences[mask], found.rows.where(mask)),
        events=found.differences > 0.0,
        units=found.units,
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
    counted = np.isfinite(values)
    if people_only:
        kinds = long.codes("rater_kind").names
        counted &= np.isin(codes(long, "rater_kind"), [i for i, kind in enumerate(kinds) if kind == "human"])
    sides = [counted & _is(long, "system", name) for name in (first, second)]
    for name, side in zip((first, second), sides, strict=True):
        if not side.any():
            return Reason.UNMATCHED_PAIRS, text(
                "`{table}` holds no scores of `{name}`{by}",
                table=long.table,
                name=name,
                by=" by people" if people_only else "",
            )
    return _pairs(long, values, sides)


def _pairs(long: Long, values: Floats, sides: list[Bools]) -> Pairs:
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
    users = long.has("user") and bool((codes(long, "user")[row] >= 0).all())
    raters = rater[row] if by_rater and np.unique(rater[row]).size >= FEWEST else None
    people = codes(long, "user")[row] if users else item[row]
    return Pairs(
        long=replace(long, rows=int(row.size), columns={}, groups=_groups(long, row)),
        differences=means[0] - means[1],
        rows=Rows(people=people, items=raters),
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
    n, people = found.differences.size, found.rows.distinct_people
    gained, lost = int((found.differences > 0).sum()), int((found.differences < 0).sum())
    shown = [("pairs_better", float(gained)), ("pairs_worse", float(lost))]
    if np.isin(found.differences, (-1.0, 0.0, 1.0)).all():
        shown.append(("mcnemar_p_value", mcnemar_exact_p_value(gained, lost)))
    for name, value in shown:
        estimate = Estimate(value=value, n=n, n_eff=float(n), people=people, method=Method.POINT)
        yield Measurement(metric=name, estimate=estimate, shown=True)
