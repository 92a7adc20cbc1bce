"""The section on common ground: what every group agrees on, and what no camp explains."""

from collections.abc import Sequence

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.sheet import Cell, Grid, Note, Section, Tone, Unit, Value
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import Bools, codes
from hcgov.stages.judgments.preference_slices import groups_at
from hcgov.stages.judgments.values import value_of
from hcgov.stats.crossed import Rows, crossed_share
from hcgov.stats.preferences.bridging import Bridged, bridge, group_informed_consensus

MOST_ITEMS = 50


def common_ground_section(
    long: Long, column: str, agree: Sequence[str] = ("agree",), passed: Sequence[str] = ("pass",)
) -> Section:
    """Return the items that groups of a column agree on most, from a table of answers about items.

    Parameters
    ----------
    long
        With ``item``, ``annotator`` and ``label``.
    column
        Slicing column whose groups are compared.
    agree, passed
        Answers that agree, and answers that say nothing.
    """
    title = text("Common ground by {column}", column=column)
    about = text(
        "Items by the agreement of groups: the geometric mean over groups is high only where no group is against. The "
        "bridging score is the approval that remains once what divides people is taken off; its ends are where one "
        "more answer of any kind would move it."
    )
    label, item, people = codes(long, "label"), codes(long, "item"), codes(long, "annotator")
    names = long.codes("label").names
    silent = np.isin(label, [i for i, name in enumerate(names) if name in passed])
    used = (label >= 0) & ~silent & (people >= 0) & (item >= 0)
    agrees = np.isin(label, [i for i, name in enumerate(names) if name in agree])
    if column not in long.groups or not used.any():
        told = text("nobody's {column} is recorded, or nobody answered", column=column)
        return Section(
            id="common-ground", title=title, about=about, parts=(Note(text=told, tone=Tone.CANNOT_TELL),)
        )
    factored = bridge(people[used], item[used], agrees[used].astype(np.float64))
    groups = long.groups[column].names
    rows = _rows(long, column, used, agrees, factored)
    grid = Grid(
        id=f"common-ground-{column}",
        title=title,
        head=(
            text("item"),
            *(text("{name}", name=name) for name in groups),
            text("mean over groups"),
            text("bridging score"),
        ),
        rows=tuple(cells for _, cells in sorted(rows, key=lambda one: -one[0])[:MOST_ITEMS]),
        note=text(
            "Groups of fewer than {least} {least|person|people} are not shown and enter no mean.",
            least=long.rules.min_people,
        ),
    )
    return Section(id="common-ground", title=title, about=about, parts=(grid,))


def _rows(
    long: Long, column: str, used: Bools, agrees: Bools, factored: Bridged | None
) -> list[tuple[float, tuple[Cell, ...]]]:
    item, people = codes(long, "item"), codes(long, "annotator")
    place = np.flatnonzero(used)
    order = place[np.argsort(item[place], kind="stable")]
    few, found = text("too few people"), []
    for part in np.split(order, np.flatnonzero(np.diff(item[order])) + 1):
        cells: dict[str, Value] = {}
        agreeing, seen = [], []
        for group in groups_at(long, column, people, part):
            if group.people >= long.rules.min_people:
                persons, at = np.unique(people[group.rows], return_inverse=True)
                mean = np.bincount(at, agrees[group.rows]) / np.bincount(at)
                cells[group.slice.values[0][1]] = value_of(
                    crossed_share(mean, Rows(people=persons)), Unit.SHARE
                )
                agreeing.append(float(mean.sum()))
                seen.append(float(group.people))
        consensus = group_informed_consensus(agreeing, seen)
        score = -1.0 if consensus is None else consensus.geometric_mean
        code = int(item[part[0]])
        row: tuple[Cell, ...] = (
            text("{item}", item=long.codes("item").names[code]),
            *(cells.get(name, Value(value=None, why=few)) for name in long.groups[column].names),
            Value(value=None, why=few) if consensus is None else Value(value=score, unit=Unit.SHARE),
            _bridging(factored, code),
        )
        found.append((score, row))
    return found


def _bridging(factored: Bridged | None, item: int) -> Value:
    if factored is None:
        why: Text = text("all answers are the same")
        return Value(value=None, why=why)
    low, high = float(factored.low[item]), float(factored.high[item])
    return Value(value=float(factored.item_intercept[item]), low=low, high=high)
