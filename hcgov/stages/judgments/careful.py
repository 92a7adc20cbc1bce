"""Gold answers, signs of careless answers, changes over a session and repeats, from an annotation table; on numpy."""

import numpy as np

from hcgov.core.evidence.long import Long
from hcgov.core.frozen import frozen
from hcgov.stages.judgments.arrays import codes, flags, numbers
from hcgov.stages.judgments.labels import Labels
from hcgov.stats.agreement.judged import Bools, Floats, Ints, dense
from hcgov.stats.annotators.careless import Signs, signs
from hcgov.stats.proportions import clopper_pearson_lower, clopper_pearson_upper

LEVEL = 0.95


@frozen
class Gold:
    """Judgments of items whose answer is known.

    Parameters
    ----------
    rows
        Rows of the table, shape (n,).
    right
        Whether the label is the known answer, shape (n,).
    people, items
        Person and item of each, codes from 0.
    n_people
        Distinct people with any gold item.
    """

    rows: Ints
    right: Bools
    people: Ints
    items: Ints
    n_people: int


def gold_of(long: Long, labels: Labels) -> Gold:
    """Return the judgments of gold items; an item is gold where an answer is recorded and nothing says it is none."""
    label, answer = long.codes("label").names, long.codes("gold_label").names
    place = {name: i for i, name in enumerate(label)}
    same = np.array([place.get(name, -2) for name in answer] or [-2], dtype=np.int64)
    told = codes(long, "gold_label")[labels.rows]
    known = _is_gold(long)[labels.rows]
    rows = labels.rows[known]
    people, n_people = dense(labels.judged.people[known])
    return Gold(
        rows=rows,
        right=codes(long, "label")[rows] == same[told[known]],
        people=people,
        items=labels.judged.items[known],
        n_people=n_people,
    )


def _is_gold(long: Long) -> Bools:
    known = np.asarray(codes(long, "gold_label") >= 0)
    if long.has("is_gold"):
        true, recorded = flags(long, "is_gold")
        known &= ~recorded | true
    return known


def gold_unanswered(long: Long) -> int:
    """Return how many rows of gold items have no label or no annotator.

    Rows that were left out for naming nobody are taken to be of gold items as often as the others.
    """
    gold, answered = _is_gold(long), (codes(long, "label") >= 0) & (codes(long, "annotator") >= 0)
    return int((gold & ~answered).sum()) + round(long.unnamed * int(gold.sum()) / max(long.rows, 1))


@frozen
class GoldByPerson:
    """How many people can be told to be below a floor of gold accuracy.

    Parameters
    ----------
    told
        People with enough gold items.
    below, above
        Of them: surely below the floor (exact upper bound below it), and surely at or above it.
    """

    told: int
    below: int
    above: int


def gold_by_person(gold: Gold, *, floor: float, fewest: int) -> GoldByPerson:
    """Return how people do on gold items: Clopper-Pearson at one-sided 95 %, and nothing with too few gold items."""
    n = np.bincount(gold.people, minlength=gold.n_people)
    x = np.bincount(gold.people[gold.right], minlength=gold.n_people)
    pairs, counts = np.unique(np.stack([x, n], axis=1)[n >= fewest], axis=0, return_counts=True)
    below = above = 0
    for (right, all_), people in zip(pairs.tolist(), counts.tolist(), strict=True):
        below += people * (clopper_pearson_upper(float(right), float(all_), LEVEL) < floor)
        above += people * (clopper_pearson_lower(float(right), float(all_), LEVEL) >= floor)
    return GoldByPerson(told=int(counts.sum()), below=int(below), above=int(above))


@frozen
class Carefulness:
    """Signs of careless answers of the people of a table.

    Parameters
    ----------
    signs
        One entry a person.
    first
        A row of the table of each person, shape (people,), where their groups are looked up.
    """

    signs: Signs
    first: Ints


def carefulness(long: Long) -> Carefulness:
    """Look for signs of careless answers: all answered rows count, repeats too."""
    person, label = codes(long, "annotator"), codes(long, "label")
    rows = np.flatnonzero((person >= 0) & (label >= 0))
    people, n_people = dense(person[rows])
    first = np.zeros(n_people, dtype=np.int64)
    first[people[::-1]] = rows[::-1]
    found = signs(
        people,
        label[rows],
        n_people=n_people,
        n_labels=max(len(long.codes("label").names), 1),
        order=_order(long, rows),
        seconds=numbers(long, "seconds")[rows] if long.has("seconds") else None,
        words=numbers(long, "words")[rows] if long.has("words") else None,
        texts=_texts(long, rows) if long.has("text") else None,
    )
    return Carefulness(signs=found, first=first)


def _order(long: Long, rows: Ints) -> Floats | None:
    """Return in which order answers were given, by time or else by position; ``None`` where neither is known."""
    for name in ("submitted_at", "position"):
        if long.has(name):
            return numbers(long, name)[rows]
    return None


def _texts(long: Long, rows: Ints) -> Ints:
    """Return a code for each free text, -1 without one; case and blanks make no difference."""
    all_texts = long.texts("text")
    known: dict[str, int] = {}
    found = np.full(rows.size, -1, dtype=np.int64)
    for at, row in enumerate(rows.tolist()):
        told = all_texts[row]
        said = " ".join(told.lower().split()) if told else ""
        if len(said) >= 10:
            found[at] = known.setdefault(said, len(known))
    return found


@frozen
class Session:
    """Judgments with their place in the work of a person.

    ``rows`` are rows of the table, ``people`` the person and sitting of each, from 0, ``position`` the place.
    """

    rows: Ints
    people: Ints
    position: Floats
    n_people: int


def session_of(long: Long) -> Session | None:
    """Return the place of every answer in its person's sitting: as recorded, else by time; ``None`` without either."""
    person = codes(long, "annotator")
    rows = np.flatnonzero((person >= 0) & (codes(long, "label") >= 0))
    sitting = person[rows].astype(np.int64)
    if long.has("session"):
        size = len(long.codes("session").names) + 1
        sitting = sitting * size + codes(long, "session")[rows] + 1
    if long.has("position"):
        position = numbers(long, "position")[rows]
    elif long.has("submitted_at"):
        when = numbers(long, "submitted_at")[rows]
        order = np.lexsort((when, sitting))
        start = np.concatenate([[True], sitting[order][1:] != sitting[order][:-1]])
        since = np.arange(rows.size) - np.maximum.accumulate(np.where(start, np.arange(rows.size), 0))
        position = np.empty(rows.size)
        position[order] = since
        position[np.isnan(when)] = np.nan
    else:
        return None
    known = np.isfinite(position)
    people, n_people = dense(np.unique(sitting[known], return_inverse=True)[1])
    return Session(rows=rows[known], people=people, position=position[known], n_people=n_people)
