"""Labels of an annotation table as arrays: what was left out on the way, and what the labels are worth as numbers."""

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import Scale
from hcgov.core.text import Text, text
from hcgov.stages.judgments.arrays import codes, label_values, numbers
from hcgov.stats.agreement.judged import Floats, Ints, Judged, Metric, dense


@frozen
class Labels:
    """Judgments of a table: one label of one person about one item each.

    Parameters
    ----------
    judged
        The judgments; an item is an item of a question where a table holds several.
    rows
        Row of the table of each judgment.
    names
        What the labels are, in the order of their codes.
    metric
        How far two labels are apart, by the scale that the artifact declares.
    numeric
        Whether every label is a number.
    unlabelled, nobody
        Rows without a label or an item, and rows of no person, those that were left out before among them.
    repeated
        Rows in which a person judges an item again: they are left out, for they are not independent of the first.
    """

    judged: Judged
    rows: Ints
    names: tuple[str, ...]
    metric: Metric
    numeric: bool
    unlabelled: int
    nobody: int
    repeated: int

    @property
    def single(self) -> int:
        """Items that one person judged only."""
        return int((self.judged.ratings() == 1).sum())


def labels_of(long: Long) -> Labels:
    """Return the judgments of a table that has items, annotators and labels."""
    item, person, label = items_of(long), codes(long, "annotator"), codes(long, "label")
    labelled = (item >= 0) & (label >= 0)
    kept = np.flatnonzero(labelled & (person >= 0))
    first = _first(item[kept], person[kept], _when(long)[kept] if long.has("submitted_at") else None)
    rows = kept[first]
    items, n_items = dense(item[rows])
    people, n_people = dense(person[rows])
    places, names, values, numeric = _labels(long)
    judged = Judged(
        items=items,
        people=people,
        labels=places[label[rows]],
        n_items=n_items,
        n_people=n_people,
        values=values,
    )
    return Labels(
        judged=judged,
        rows=rows,
        names=names,
        metric=Metric(long.scale.value),
        numeric=numeric,
        unlabelled=int((~labelled).sum()),
        nobody=int((labelled & (person < 0)).sum()) + long.unnamed,
        repeated=int(kept.size - rows.size),
    )


def people_groups(long: Long, labels: Labels, column: str) -> tuple[Ints, tuple[str, ...]]:
    """Return the group of each person of the judgments, -1 where none is recorded, and the groups' names."""
    found = long.groups[column]
    of_row = np.frombuffer(found.codes, dtype=np.int32)[labels.rows]
    groups = np.full(labels.judged.n_people, -1, dtype=np.int64)
    groups[labels.judged.people[::-1]] = of_row[::-1]
    return groups, found.names


def left_out(labels: Labels) -> Text:
    """Say in a sentence what was left out before anything was computed."""
    return text(
        "{rows} {rows|judgment|judgments} of {items} {items|item|items} by {people} {people|person|people}; left out: "
        "{unlabelled} without a label, {nobody} of nobody, {repeated} in which a person judged an item again; {single} "
        "{single|item has|items have} a single judgment",
        rows=labels.judged.rows,
        items=labels.judged.n_items,
        people=labels.judged.n_people,
        unlabelled=labels.unlabelled,
        nobody=labels.nobody,
        repeated=labels.repeated,
        single=labels.single,
    )


def items_of(long: Long) -> Ints:
    """Return the item of each row; the same item under another question is another."""
    item = codes(long, "item")
    if not long.has("question"):
        return item
    question = codes(long, "question")
    if len(long.codes("question").names) < 2:
        return item
    both = (item.astype(np.int64) * (len(long.codes("question").names) + 1)) + question + 1
    return np.where(item >= 0, both, -1)


def _when(long: Long) -> Floats:
    when = numbers(long, "submitted_at")
    return np.where(np.isnan(when), np.inf, when)


def _first(items: Ints, people: Ints, when: Floats | None) -> Ints:
    """Return which rows are the first of a person about an item, in the order of the rows."""
    size = int(items.max(initial=0)) + 1
    key = np.multiply(people, size, dtype=np.int64) + items
    ordered = np.sort(key)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.arange(items.size)
    order = np.argsort(key, kind="stable") if when is None else np.lexsort((when, key))
    fresh = np.concatenate([[True], key[order][1:] != key[order][:-1]])
    return np.sort(order[fresh])


def _labels(long: Long) -> tuple[Ints, tuple[str, ...], Floats, bool]:
    """Return the place of each label, their names in order, what they are worth, and whether all are numbers.

    Labels that are numbers are ordered as such; others stay in the order that was declared.
    """
    names = long.codes("label").names
    worth = label_values(long, "label")
    numeric = bool(names) and not np.isnan(worth).any()
    if not numeric or long.scale is Scale.NOMINAL:
        return np.arange(len(names)), names, np.arange(len(names), dtype=np.float64), numeric
    order = np.argsort(worth, kind="stable")
    places = np.empty(order.size, dtype=np.int64)
    places[order] = np.arange(order.size)
    return places, tuple(names[i] for i in order), worth[order], True


def numeric_values(labels: Labels) -> Floats | None:
    """Return what each judgment is worth as a number, shape (judgments,), or ``None`` where labels are none.

    Nominal labels are none, except two of them: the second is then 1 and the first 0.
    """
    if labels.metric is Metric.NOMINAL:
        return labels.judged.labels.astype(np.float64) if len(labels.names) == 2 else None
    if labels.numeric or labels.metric is Metric.ORDINAL:
        return labels.judged.values[labels.judged.labels]
    return None
